"""The folders of environments, without any packages: what is removed, what never is, and what is said of the rest."""

import datetime
import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from seedlab.engine.environments import being_made, environments, finish, has_python, remove, sweep
from seedlab.engine.pythons import find_executable
from seedlab.errors import EnvironmentRefusedError, InterpreterError
from seedlab.results.environments import Environment

NOBODY = 65534


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data/seedlab/environments"


def made(name: str = "study") -> Environment:
    """An environment whose Python is a link to that of the tests, as venv makes it."""
    with being_made(name) as folder:
        (folder / "bin").mkdir(parents=True)
        (folder / "bin/python").symlink_to(sys.executable)
        home = Path(sys.executable).resolve().parent
        (folder / "pyvenv.cfg").write_text(f"home = {home}\n")
        about = Environment(
            name=name,
            title=name,
            requirements=(),
            python="3.11",
            base=sys.executable,
            made=datetime.datetime.now(datetime.UTC),
            made_by="uv",
        )
        return finish(about, folder)


def test_only_what_seedlab_has_noted_is_swept(place: Path, tmp_path: Path) -> None:
    kept = made()
    (place.parent / "documents").mkdir()
    with being_made("other") as folder:
        folder.mkdir()
        note = (place / "other.half").read_bytes()
        # As one who was killed leaves it.
        shutil.copytree(place, tmp_path / "killed", symlinks=True)
    assert note
    for name in (".half", "..half", "...half", "a b.half", "con.half"):
        (place / name).write_bytes(note)
    for name in ("mine", "mine.half", "yours", "linked"):
        (place / name).mkdir()
    (place / "yours.half").write_bytes(b"half of it")
    (tmp_path / "note").write_bytes(note)
    (place / "linked.half").symlink_to(tmp_path / "note")
    before = {*place.iterdir()}
    sweep()
    assert {*place.iterdir()} == before
    assert environments() == (kept,)
    assert (place.parent / "documents").is_dir()
    for name in ("mine", "yours", "linked"):
        (place / name).rmdir()
        with pytest.raises(EnvironmentRefusedError, match=rf"{name}.half is there already"), being_made(name):
            pass
    assert (tmp_path / "note").read_bytes() == note
    (place / "noted.lock").write_text("a person's own")
    with pytest.raises(EnvironmentRefusedError, match=r"noted.lock is there already"), being_made("noted"):
        pass
    assert (place / "noted.lock").exists()
    for name in ("other", "other.half"):
        (tmp_path / "killed" / name).rename(place / name)
    sweep()
    assert not [*place.glob("other*")]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="NOT TESTED ON WINDOWS: rights are others there")
def test_rights_outside_are_left_alone_and_closed_folders_go(place: Path, tmp_path: Path) -> None:
    environment = made()
    folder = Path(environment.folder)
    outside, shared = tmp_path / "outside", tmp_path / "shared"
    outside.write_text("")
    shared.write_text("")
    (folder / "shut").mkdir()
    (folder / "shut/link").symlink_to(outside)
    os.link(shared, folder / "shut/shared")
    (folder / "closed/within").mkdir(parents=True)
    (folder / "closed/within/file").touch()
    for path, rights in ((outside, 0o644), (shared, 0o444), (folder / "shut", 0o500), (folder / "closed", 0)):
        path.chmod(rights)
    assert as_nobody(environment, tmp_path) == ""
    assert [*place.iterdir()] == []
    assert [path.stat().st_mode & 0o777 for path in (outside, shared)] == [0o644, 0o444]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="NOT TESTED ON WINDOWS: rights are others there")
@pytest.mark.parametrize("rights", [0o755, 0o700])
def test_what_cannot_be_removed_is_said(place: Path, tmp_path: Path, rights: int) -> None:
    environment = made()
    place.chmod(0o777)
    inner = Path(environment.folder) / "foreign"
    inner.mkdir()
    (inner / "file").touch()
    inner.chmod(rights)
    said = as_nobody(environment, tmp_path, foreign=inner)
    assert said.startswith("Only a part of “study” was removed: ")
    assert "foreign" in said
    assert (inner / "file").exists()
    assert (place / "study.half").exists()
    assert environments() == ()
    sweep()
    assert [*place.iterdir()] == []


def as_nobody(environment: Environment, tmp_path: Path, foreign: Path | None = None) -> str:
    """Remove ``environment`` as a user whose rights count, who owns all but ``foreign``; return what was refused."""
    if os.getuid() == 0:
        for parent, folders, files in os.walk(tmp_path):
            for each in (Path(parent), *(Path(parent, name) for name in (*folders, *files))):
                if foreign is None or (each != foreign and foreign not in each.parents):
                    os.chown(each, NOBODY, NOBODY, follow_symlinks=False)
        for above in (tmp_path, *list(tmp_path.parents)[:-2]):
            above.chmod(above.stat().st_mode | 0o011)
    elif foreign is not None:
        pytest.skip("NOT TESTED: only root can give a file to somebody else")
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_remove_as_nobody, args=(environment, theirs))
    process.start()
    said = str(ours.recv())
    process.join()
    return said


def _remove_as_nobody(environment: Environment, answer: "multiprocessing.connection.Connection") -> None:
    try:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        remove(environment)
        answer.send("")
    except BaseException as error:  # noqa: BLE001 - it is told to the test.
        answer.send(str(error))


@pytest.mark.parametrize("way", ["on the path", "from its folder", "by its variable", "what is mapped"])
def test_one_whose_python_was_named_in_another_way_is_in_use(place: Path, tmp_path: Path, way: str) -> None:
    environment = made()
    folder = Path(environment.folder)
    program = ["-c", "print('begun', flush=True); input()"]
    variables = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    arguments: dict[str, object] = {"executable": environment.executable, "env": {**os.environ, **variables}}
    command, where = ["python", *program], tmp_path
    if way == "from its folder":
        command, where = ["./bin/python", *program], folder
    elif way == "by its variable":
        command = ["study-worker", *program]
        arguments["env"] = {**os.environ, "VIRTUAL_ENV": str(folder)}
    elif way == "what is mapped":
        library = folder / "library.so"
        library.write_bytes(b"\0" * 4096)
        text = f"import mmap; f = open({str(library)!r}, 'r+b'); m = mmap.mmap(f.fileno(), 0); {program[1]}"
        command, arguments = [sys.executable, "-c", text], {}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=where,
        **arguments,  # type: ignore[call-overload]
    ) as process:
        try:
            assert process.stdout.readline() == "begun\n"
            with pytest.raises(EnvironmentRefusedError, match=f"in use by process {process.pid}"):
                remove(environment)
            assert environments() == (environment,)
        finally:
            process.kill()
    remove(environment)
    assert [*place.iterdir()] == []


def test_a_shell_with_its_variable_does_not_use_it(place: Path) -> None:
    environment = made()
    variables = {**os.environ, "VIRTUAL_ENV": environment.folder}
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, env=variables):
        remove(environment)
    assert [*place.iterdir()] == []


def test_one_whose_python_has_gone_is_listed_and_removed_and_makes_no_runs(place: Path) -> None:
    environment = made()
    assert has_python(environment)
    Path(environment.executable).unlink()
    Path(environment.executable).symlink_to(place / "uninstalled/bin/python3.10")
    assert environments() == (environment,)
    assert not has_python(environment)
    with pytest.raises(InterpreterError, match="The Python of the environment “study” is gone"):
        find_executable("study")
    remove(environment)
    assert [*place.iterdir()] == []


@pytest.mark.parametrize(
    ("target", "said"), [("/dev/full", "no room left on the disk"), ("/dev", "study/file: Is a directory")]
)
def test_what_the_system_refuses_is_said_and_nothing_is_left(place: Path, target: str, said: str) -> None:
    with pytest.raises(EnvironmentRefusedError, match=said):
        write_to(target)
    assert [*place.iterdir()] == []


def write_to(target: str) -> None:
    """Begin an environment one of whose files leads to ``target``, and write there."""
    with being_made("study") as folder:
        folder.mkdir()
        (folder / "file").symlink_to(target)
        (folder / "file").write_bytes(b"x")
