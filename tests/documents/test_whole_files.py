"""Writing files whole or not at all: whatever happens meanwhile, the old file or the new one is there."""

import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from seedlab.documents import whole_files
from seedlab.documents.whole_files import NewFile, write_whole
from seedlab.errors import DocumentError

NOBODY = 65534


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system refuses to make any file larger."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def somebody_without_privileges() -> Iterator[None]:
    """Root may write into any folder: be nobody meanwhile."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "lab").write_bytes(b"old, and longer than what is new")
    write_whole(tmp_path / "lab", b"new")
    assert contents(tmp_path) == {"lab": b"new"}


@pytest.mark.parametrize("name", ["lab", ".lab", "Würfel ≠.seedlab", "a" * 255])
def test_a_file_is_made_under_any_name(tmp_path: Path, name: str) -> None:
    write_whole(tmp_path / name, b"new")
    assert contents(tmp_path) == {name: b"new"}


# --- whatever happens meanwhile ----------------------------------------------------------------

KILLED_AT_EVERY_LINE = """
import os, signal, sys
from pathlib import Path
from seedlab.documents import whole_files

def write_and_die_at(step):
    def trace(frame, event, argument):
        nonlocal step
        if frame.f_code.co_filename != whole_files.__file__:
            return None
        if event == "line":
            step -= 1
            if step == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace
    sys.settrace(trace)
    whole_files.write_whole(path, new)
    sys.settrace(None)

path, old, new = Path("lab"), b"old" * 100_000, b"new" * 200_000
step, status = 0, None
while status != 0:
    step += 1
    path.write_bytes(old)
    child = os.fork()
    if child == 0:
        write_and_die_at(step)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    found = path.read_bytes()
    print(os.WTERMSIG(status), {old: "old", new: "new"}.get(found, "broken"))
"""


def test_a_process_that_is_killed_at_any_line_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EVERY_LINE], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    *killed, last = done.stdout.splitlines()
    assert last == "0 new"
    assert len(killed) > 10
    assert set(killed) == {"9 old", "9 new"}
    assert killed == sorted(killed, key=["9 old", "9 new"].index), "once it is new, it stays"


KILLED_IN_THE_SYSTEM_CALL = """
import resource, signal
from pathlib import Path
from seedlab.documents.whole_files import write_whole

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
write_whole(Path("lab"), b"new" * 100_000)
"""


@pytest.fixture
def can_be_nameless(tmp_path: Path) -> None:
    """The system can make files without a name; elsewhere a test is skipped, and says so."""
    try:
        os.close(os.open(tmp_path, os.O_WRONLY | os.O_TMPFILE))
    except (AttributeError, OSError):
        pytest.skip("NOT TESTED WITH FILES WITHOUT A NAME: this file system has none")


@pytest.mark.usefixtures("can_be_nameless")
def test_a_process_that_is_killed_in_the_middle_of_writing_leaves_the_old_file_alone(tmp_path: Path) -> None:
    (tmp_path / "lab").write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", KILLED_IN_THE_SYSTEM_CALL], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.stderr == b""
    assert done.returncode < 0, "the system killed it"
    assert contents(tmp_path) == {"lab": b"old"}


@pytest.mark.parametrize("old", [b"old", None])
def test_where_no_file_can_be_nameless_all_goes_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bytes | None
) -> None:
    monkeypatch.setattr(whole_files, "_O_TMPFILE", None)
    if old is not None:
        (tmp_path / "lab").write_bytes(old)
    write_whole(tmp_path / "lab", b"new")
    dropped = NewFile(tmp_path / "lab")
    dropped.write(b"newer")
    dropped.drop()
    assert contents(tmp_path) == {"lab": b"new"}


@pytest.mark.parametrize("old", [b"old", None])
def test_a_file_that_may_not_grow_leaves_what_was_there(tmp_path: Path, old: bytes | None) -> None:
    path = tmp_path / "lab"
    if old is not None:
        path.write_bytes(old)
    with files_of_at_most(1000), pytest.raises(DocumentError) as caught:
        write_whole(path, b"x" * 1001)
    assert str(path) in caught.value.what
    assert isinstance(caught.value.__cause__, OSError)
    assert contents(tmp_path) == ({} if old is None else {"lab": old})


ON_A_SMALL_DISK = """
import os
from pathlib import Path
from seedlab.errors import DocumentError
from seedlab.documents.whole_files import write_whole

path = Path("disk/lab")
write_whole(path, b"old")
try:
    write_whole(path, bytes(1_000_000))
except DocumentError as error:
    print(error.what)
print(os.listdir("disk"), path.read_bytes())
write_whole(path, b"new")
print(os.listdir("disk"), path.read_bytes())
"""


def on_a_disk(options: str, program: str, folder: Path) -> list[str]:
    """What ``program`` prints where ``disk`` is a disk of its own, which only it can see."""
    (folder / "disk").mkdir()
    unshare = shutil.which("unshare")
    command = [str(unshare), "--map-root-user", "--mount"]
    mount = f"mount -t tmpfs -o size=64k,{options} seedlab disk"
    if unshare is None or subprocess.run([*command, "sh", "-c", mount], cwd=folder, check=False).returncode != 0:
        pytest.skip("NOT TESTED ON A FULL OR READ-ONLY DISK: this system lets nobody mount one")
    run = [*command, "sh", "-c", f'{mount} && exec "$0" -c "$1"', sys.executable, program]
    return subprocess.run(run, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    assert on_a_disk("rw", ON_A_SMALL_DISK, tmp_path) == [
        "disk/lab cannot be written: No space left on device.",
        "['lab'] b'old'",
        "['lab'] b'new'",
    ]


ON_A_READ_ONLY_DISK = """
from pathlib import Path
from seedlab.errors import DocumentError
from seedlab.documents.whole_files import write_whole

try:
    write_whole(Path("disk/lab"), b"new")
except DocumentError as error:
    print(error)
"""


def test_a_read_only_disk_is_an_error_for_a_person(tmp_path: Path) -> None:
    (said,) = on_a_disk("ro", ON_A_READ_ONLY_DISK, tmp_path)
    assert said == "disk/lab cannot be written: Read-only file system. Choose another place."


def test_a_folder_that_may_not_be_written_is_an_error_for_a_person() -> None:
    # Not in pytest's own folder, which nobody else may enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "lab").write_bytes(b"old")
        folder.chmod(0o555)
        with somebody_without_privileges():
            for path in (folder / "lab", folder / "new"):
                with pytest.raises(DocumentError, match="cannot be written: Permission denied"):
                    write_whole(path, b"new")
        folder.chmod(0o755)
        assert contents(folder) == {"lab": b"old"}


def test_what_is_dropped_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "lab").write_bytes(b"old")
    dropped = NewFile(tmp_path / "lab")
    dropped.write(b"new")
    assert contents(tmp_path)["lab"] == b"old"
    dropped.drop()
    assert contents(tmp_path) == {"lab": b"old"}
    never_written = NewFile(tmp_path / "lab")
    never_written.drop()
    never_written.write(b"new")
    assert contents(tmp_path) == {"lab": b"old"}


def test_what_is_dropped_while_it_is_written_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lab").write_bytes(b"old")
    dropped = NewFile(tmp_path / "lab")
    real_open = open

    def open_late(*arguments: Any) -> Any:
        dropped.drop()
        return real_open(*arguments)

    monkeypatch.setattr("builtins.open", open_late)
    dropped.write(b"new")
    monkeypatch.undo()
    assert contents(tmp_path) == {"lab": b"old"}


def test_what_is_kept_is_not_dropped(tmp_path: Path) -> None:
    kept = NewFile(tmp_path / "lab")
    kept.write(b"new")
    kept.keep()
    kept.drop()
    assert contents(tmp_path) == {"lab": b"new"}


class Interrupted(BaseException):
    pass


def test_what_is_no_error_of_the_system_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_descriptor: int) -> None:
        raise Interrupted

    (tmp_path / "lab").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(Interrupted):
        write_whole(tmp_path / "lab", b"new")
    assert contents(tmp_path) == {"lab": b"old"}


# --- what a path may lead to -------------------------------------------------------------------


def test_a_missing_folder_is_an_error_for_a_person(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be written: No such file or directory"):
        write_whole(tmp_path / "missing" / "lab", b"x")


def test_a_folder_a_pipe_and_a_device_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside").write_bytes(b"kept")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to("/dev/null")
    before = os.stat("/dev/null")
    for name in ("folder", "pipe", "null"):
        with pytest.raises(DocumentError, match="cannot be written: it is not a file"):
            write_whole(tmp_path / name, b"x")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "inside", "null", "pipe"]
    assert os.stat("/dev/null").st_ino == before.st_ino


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "lab").write_bytes(b"old")
    (tmp_path / "link").symlink_to("there/lab")
    (tmp_path / "dangling").symlink_to("there/new")
    for name in ("link", "dangling"):
        write_whole(tmp_path / name, b"new")
        assert (tmp_path / name).is_symlink()
    assert contents(tmp_path / "there") == {"lab": b"new", "new": b"new"}


def test_a_link_to_itself_is_an_error_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(DocumentError, match="cannot be written"):
        write_whole(tmp_path / "loop", b"x")
    assert (tmp_path / "loop").is_symlink()


# --- permissions -------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_has_the_permissions_that_any_new_file_has(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "lab", b"x")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "lab").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o640, 0o400])
def test_a_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    (tmp_path / "lab").write_bytes(b"old")
    (tmp_path / "lab").chmod(mode)
    write_whole(tmp_path / "lab", b"new")
    assert (tmp_path / "lab").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "lab").stat().st_mode) == mode


def test_a_private_file_is_never_public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lab").write_bytes(b"old")
    (tmp_path / "lab").chmod(0o600)
    seen = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append(os.fstat(descriptor)))
    write_whole(tmp_path / "lab", b"new")
    assert [(about.st_size, stat.S_IMODE(about.st_mode)) for about in seen] == [(3, 0o600)]
