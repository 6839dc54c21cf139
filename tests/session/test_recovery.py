"""What is kept for the next start: each window's own, whatever its number; nobody else's to read; never in the way."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.session import recovery
from seedlab.session.kept_lab import COLUMNS_FILE
from seedlab.session.recovery import Found, Keeper, left_behind
from seedlab.study.lab import Lab, View
from tests.helpers.documents import whole_lab

OTHER = replace(whole_lab(), created=whole_lab().created.replace(year=2030))


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    made = Keeper(tmp_path / "recovery")
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


def leave(folder: Path, lab: Lab) -> Path:
    """Leave ``lab`` as a window does that ends without saving; return its folder."""
    before = set(folder.iterdir()) if folder.exists() else set()
    keeper = Keeper(folder)
    assert keeper.keep(lab)
    keeper.close()
    (made,) = set(folder.iterdir()) - before
    return made


def labs(found: Found) -> list[Lab]:
    made = [left.lab for left in found.results]
    for left in found.results:
        left.release()
    return made


def test_what_a_window_that_lives_keeps_is_its_own(keeper: Keeper, folder: Path) -> None:
    assert keeper.keep(whole_lab())
    assert left_behind(folder) == Found()
    keeper.close()
    assert labs(left_behind(folder)) == [whole_lab()]


def test_what_a_killed_process_kept_is_offered_whatever_its_number(folder: Path) -> None:
    program = (
        "import os, pathlib, sys\n"
        "from seedlab.session.recovery import Keeper\n"
        "from tests.helpers.documents import whole_lab\n"
        "keeper = Keeper(pathlib.Path(sys.argv[1]))\n"
        "assert keeper.keep(whole_lab())\n"
        # As in a container, where every seedlab has the same one.
        "os.getpid = lambda: 1\n"
        "print('kept', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(folder)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"kept\n"
        assert left_behind(folder) == Found()
        process.send_signal(signal.SIGKILL)
    assert labs(left_behind(folder)) == [whole_lab()]


def test_all_that_was_left_is_offered_the_newest_first_and_only_to_one(folder: Path) -> None:
    leave(folder, whole_lab())
    leave(folder, OTHER)
    leave(folder, whole_lab())
    found = left_behind(folder)
    assert [left.lab for left in found.results] == [OTHER, whole_lab(), whole_lab()]
    assert left_behind(folder) == Found(), "another window that starts meanwhile"
    found.results[0].discard()
    assert labs(Found(found.results[1:])) == [whole_lab()] * 2
    assert labs(left_behind(folder)) == [whole_lab()] * 2, "nobody said a word about these"


def test_what_was_made_in_the_same_second_is_offered_in_the_order_in_which_it_was_kept(folder: Path) -> None:
    order = [leave(folder, replace(OTHER, view=View(current=position % 2))) for position in range(8)]
    for age, kept in enumerate(order):
        for path in kept.iterdir():
            os.utime(path, ns=(10**18 - age, 10**18 - age))
    found = left_behind(folder)
    assert [left.folder for left in found.results] == order
    labs(found)


def test_what_is_forgotten_leaves_nothing_and_work_goes_on(keeper: Keeper, folder: Path) -> None:
    keeper.keep(whole_lab())
    keeper.forget()
    assert list(folder.iterdir()) == []
    keeper.forget()
    keeper.keep(OTHER)
    keeper.close()
    assert labs(left_behind(folder)) == [OTHER]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_nobody_else_may_read_it(folder: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        made = leave(folder, whole_lab())
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, made)] == [0o700] * 2
    files = list(made.iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len(files) == 3


def test_what_is_broken_is_set_aside_and_named(folder: Path) -> None:
    broken, whole = leave(folder, OTHER), leave(folder, whole_lab())
    (broken / COLUMNS_FILE).write_bytes(b"\x93nothing of the kind")
    found = left_behind(folder)
    assert labs(found) == [whole_lab()]
    assert found.broken == (broken.with_name(f"{broken.name}.broken"),)
    assert sorted(path.name for path in found.broken[0].iterdir()) == [COLUMNS_FILE, "lock", "runs-1.jsonl"]
    again = left_behind(folder)
    assert (labs(again), again.broken) == ([whole_lab()], ()), "said once"
    assert whole.exists()


def test_what_a_newer_seedlab_left_is_for_that(folder: Path) -> None:
    made = leave(folder, whole_lab())
    (made / COLUMNS_FILE).write_bytes(b'{"format": 999}')
    assert left_behind(folder) == Found()
    assert (made / COLUMNS_FILE).exists()


def test_what_cannot_be_deleted_is_no_trouble(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(folder, whole_lab())

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (left,) = left_behind(folder).results
    with monkeypatch.context() as patched:
        for name in ("unlink", "rmdir", "rename"):
            patched.setattr(os, name, refuse)
        left.discard()
        assert labs(left_behind(folder)) == [whole_lab()]
    assert labs(left_behind(folder)) == [whole_lab()]


def test_a_folder_that_is_about_to_be_locked_is_left_alone_and_an_old_empty_one_removed(folder: Path) -> None:
    for name in ("young", "old"):
        (folder / name).mkdir(parents=True)
    os.utime(folder / "old", (1, 1))
    assert left_behind(folder) == Found()
    assert [path.name for path in folder.iterdir()] == ["young"]


def test_where_nothing_can_be_written_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    keeper = Keeper(tmp_path / "file" / "recovery")
    assert not keeper.keep(whole_lab())
    keeper.forget()
    keeper.close()
    assert left_behind(tmp_path / "file" / "recovery") == Found()


def test_a_folder_that_somebody_removed_is_made_again(keeper: Keeper, folder: Path) -> None:
    keeper.keep(whole_lab())
    (made,) = folder.iterdir()
    for path in made.iterdir():
        path.unlink()
    made.rmdir()
    assert keeper.keep(OTHER)
    keeper.close()
    assert labs(left_behind(folder)) == [OTHER]


def test_the_folder_is_the_platforms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert recovery.default_folder() == tmp_path / "seedlab" / "recovery"
