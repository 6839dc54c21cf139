"""A person's own script on another host: sent there with its folder after agreement, or where it lies there."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from seedlab.engine import sent_folders
from seedlab.engine.executors.by_place import PlacesExecutor
from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.ssh import SshExecutor
from seedlab.engine.private_views import COPIED
from seedlab.engine.request import RunRequest
from seedlab.engine.sent_folders import folders_to_send
from seedlab.errors import RunRefusedError
from seedlab.results.effects import Effect
from seedlab.results.run import Outcome, Run
from tests.helpers.ssh_server import SshServer, ssh_server

SCRIPT = """import os, sys
import numpy
import helper
print("name", sys.argv[0], os.path.basename(__file__), helper.WORD)
print("data", open("data.txt").read())
open("out.txt", "a").write("x")
print("out", open("out.txt").read())
print("there", sorted(os.listdir(".")))
"""
WAYS = (Start.COLD, Start.SPARE, Start.FORK)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with ssh_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(running: SshServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshServer]:
    """The server, with the ssh that finds it; after the test nothing is left there."""
    monkeypatch.setenv("PATH", running.path)
    yield running
    running.check_nothing_is_left()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a script, what it needs, and what is not sent."""
    return filled(tmp_path / "project", "here")


def filled(folder: Path, word: str) -> Path:
    folder.mkdir()
    (folder / "train.py").write_text(SCRIPT)
    (folder / "helper.py").write_text(f"WORD = {word!r}\n")
    (folder / "data.txt").write_text(word)
    return folder


def request_of(server: SshServer, project: Path, **options: Any) -> RunRequest:
    path = project / "train.py"
    fields: dict[str, Any] = {
        "script": path.read_text(),
        "executable": server.python(sys.executable),
        "path": str(path),
        "name": "train.py",
        "folder": str(project),
        **options,
    }
    return RunRequest(**fields)


def executed(*requests: RunRequest, may_send: bool = True, start: Start = Start.COLD) -> list[Run]:
    """The runs of ``requests``, one after the other."""

    async def run() -> list[Run]:
        executor = PlacesExecutor(start, may_send=may_send)
        try:
            return [await executor.run(request) for request in requests]
        finally:
            await executor.close()

    return asyncio.run(run())


def lines(run: Run) -> list[str]:
    assert (run.outcome, run.problem) == (Outcome.FINISHED, ""), run.details
    return run.text.splitlines()


def refused(run: Run) -> str:
    assert run.outcome is Outcome.FAILED
    assert not run.problem.endswith(".")
    return run.problem


# --- sent ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_a_folder_that_is_sent_serves_all_runs(server: SshServer, project: Path, way: Start) -> None:
    (project / "link").symlink_to("data.txt")
    (project / "sub").mkdir()
    (project / "sub" / "é").write_text("")
    first, second = executed(*[request_of(server, project)] * 2, start=way)
    assert first.start == way.value
    assert lines(first)[:3] == ["name train.py train.py here", "data here", "out x"]
    there = "['data.txt', 'helper.py', 'link', 'out.txt', 'sub', 'train.py']"
    assert lines(first)[3].replace("'__pycache__', ", "") == f"there {there}"
    assert lines(second)[2] == "out xx", "they share it, as they would here"
    assert f"in a copy of {project} that was sent there" in first.notes[0]
    assert not (project / "out.txt").exists(), "nothing comes back"


def test_a_folder_that_has_changed_is_sent_anew(server: SshServer, project: Path) -> None:
    async def run() -> list[Run]:
        executor = PlacesExecutor(Start.COLD, may_send=True)
        try:
            first = await executor.run(request_of(server, project))
            (project / "data.txt").write_text("changed")
            return [first, await executor.run(request_of(server, project))]
        finally:
            await executor.close()

    first, second = asyncio.run(run())
    assert lines(first)[1:3] == ["data here", "out x"]
    assert lines(second)[1:3] == ["data changed", "out x"]


def test_nothing_is_sent_without_agreement(server: SshServer, project: Path) -> None:
    (run,) = executed(request_of(server, project), may_send=False)
    assert refused(run).startswith(f"To execute train.py on there, {project} (3 files, 0.001 MB) would be sent there. ")
    assert "--yes" in run.problem
    assert "--folder" in run.problem


def test_too_much_is_not_sent(server: SshServer, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(project / "large", "wb") as file:
        file.truncate(11_000_000)
    (run,) = executed(request_of(server, project))
    assert f"{project} has more than 10 MB or 5,000 files" in refused(run)
    os.unlink(project / "large")
    monkeypatch.setattr(sent_folders, "MAX_SENT_FILES", 2)
    with pytest.raises(RunRefusedError, match="too much to be sent"):
        folders_to_send(request_of(server, project))


def test_what_can_be_made_again_is_left_out(server: SshServer, project: Path) -> None:
    for name in (".git", "__pycache__", "my-venv"):
        (project / name).mkdir()
        (project / name / "large").write_bytes(bytes(6_000_000))
    (project / "my-venv" / "pyvenv.cfg").write_text("")
    os.symlink("/etc", project / "etc")
    sent = folders_to_send(request_of(server, project))
    names = ("data.txt", "etc", "helper.py", "train.py")
    assert {name for name, _ in sent.files} == {"0", *(f"0/{name}" for name in names)}
    assert sent.describe() == f"{project} (4 files, 0.001 MB)"


def test_the_folder_that_it_works_in_comes_along(server: SshServer, project: Path) -> None:
    outer = request_of(server, project, folder=str(project.parent), name="project/train.py")
    (project.parent / "data.txt").write_text("outer")
    (run,) = executed(outer)
    assert lines(run)[:2] == ["name project/train.py train.py here", "data outer"]
    elsewhere = filled(project.parent / "elsewhere", "elsewhere")
    (run,) = executed(request_of(server, project, folder=str(elsewhere), name=str(project / "train.py")))
    assert lines(run)[0].endswith("/train.py train.py here")
    assert lines(run)[1] == "data elsewhere"


def test_a_module_is_executed_as_by_python_m(server: SshServer, project: Path) -> None:
    package = project / "package"
    package.mkdir()
    (package / "__main__.py").write_text("import helper\nprint(__name__, __package__, helper.WORD)\n")
    path = package / "__main__.py"
    for host_folder in (None, str(project)):
        (run,) = executed(
            RunRequest(
                script=path.read_text(),
                executable=server.python(sys.executable),
                path=str(path),
                name="package",
                module="package",
                folder=str(project),
                host_folder=host_folder,
            )
        )
        assert lines(run) == ["__main__ package here"]


@pytest.mark.parametrize("way", WAYS)
def test_private_runs_each_see_the_folder_as_it_was_sent(server: SshServer, project: Path, way: Start) -> None:
    changed = SCRIPT.replace('print("data"', 'print("changed"')
    request = request_of(
        server, project, script=changed, is_private=True, changes=((str(project / "helper.py"), "WORD = 'new'\n"),)
    )
    for run in executed(request, request, start=way):
        assert lines(run)[:3] == ["name train.py train.py new", "changed here", "out x"]
    assert (project / "train.py").read_text() == SCRIPT


@pytest.mark.parametrize("is_sent", [True, False])
def test_where_a_host_has_no_views_each_private_run_has_a_copy(
    server: SshServer, project: Path, *, is_sent: bool
) -> None:
    there = None if is_sent else str(filled(project.parent / "there", "there"))
    request = request_of(server, project, is_private=True, host_folder=there, name=str(project / "train.py"))

    async def run() -> list[Run]:
        host = SshExecutor(request.executable, may_send=lambda _: is_sent)
        # As after a first run that the system has refused a view.
        host.inner.cold._has_views = host.inner._has_views = False
        try:
            return [await host.run(request) for _ in range(2)]
        finally:
            await host.close()

    for ended in asyncio.run(run()):
        word = "here" if is_sent else "there"
        assert lines(ended)[0].endswith(f"/train.py train.py {word}")
        assert lines(ended)[1:3] == [f"data {word}", "out x"]
        assert COPIED in ended.notes
    assert there is None or not (Path(there) / "out.txt").exists()


@pytest.mark.parametrize("has_views", [True, False])
def test_what_earlier_runs_have_left_there_is_found_by_the_run_after_them(
    server: SshServer, project: Path, *, has_views: bool
) -> None:
    script = "with open('log.txt', 'a+') as log:\n    log.write('x')\n    log.seek(0)\n    print('log', log.read())\n"
    (project / "train.py").write_text(script)
    request = request_of(server, project, script=script, is_private=True)

    async def run() -> list[Run]:
        host = SshExecutor(request.executable, may_send=lambda _: True)
        host.inner.cold._has_views = host.inner._has_views = has_views
        try:
            return [await host.run(replace(request, earlier_runs=count)) for count in (0, 2, 0)]
        finally:
            await host.close()

    runs = asyncio.run(run())
    assert [lines(ended)[0] for ended in runs] == ["log x", "log xxx", "log x"]
    assert runs[1].start == Start.COLD.value
    assert not (project / "log.txt").exists()


# --- where it lies there ------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_a_script_that_lies_there_is_executed_there(server: SshServer, project: Path, way: Start) -> None:
    there = filled(project.parent / "there", "there")
    (run,) = executed(request_of(server, project, host_folder=str(there)), may_send=False, start=way)
    assert lines(run)[:3] == ["name train.py train.py there", "data there", "out x"]
    assert run.notes == ()
    assert (there / "out.txt").read_text() == "x"


@pytest.mark.parametrize("way", WAYS)
def test_a_private_view_of_it_leaves_it_as_it_is(server: SshServer, project: Path, way: Start) -> None:
    there = filled(project.parent / "there", "there")
    (there / "train.py").write_text("an older text")
    request = request_of(server, project, host_folder=str(there), is_private=True)
    for run in executed(request, request, may_send=False, start=way):
        assert lines(run)[:3] == ["name train.py train.py there", "data there", "out x"]
    assert not (there / "out.txt").exists()
    assert (there / "train.py").read_text() == "an older text"


def test_another_text_there_is_refused(server: SshServer, project: Path) -> None:
    there = filled(project.parent / "there", "there")
    request = request_of(server, project, host_folder=str(there))
    (there / "train.py").write_text(f"{SCRIPT}# more\n")
    (run,) = executed(request)
    assert refused(run).startswith(f"{there}/train.py on there has another text than the script here. Copy")
    (there / "train.py").write_bytes(SCRIPT.replace("\n", "\r\n").encode())
    (run,) = executed(request)
    assert lines(run)[1] == "data there", "lines may end otherwise"
    (there / "train.py").unlink()
    (run,) = executed(request)
    assert refused(run).startswith(f"There is no script {there}/train.py on there, or it cannot be read. Name")
    (run,) = executed(request_of(server, project, host_folder="/nowhere", is_private=True))
    assert "There is no folder /nowhere on there." in refused(run)


# --- effects and files to compare ----------------------------------------------------------------------


def test_effects_are_those_of_the_host(server: SshServer, project: Path) -> None:
    there = filled(project.parent / "there", "there")
    mark = project.parent / "mark"
    for name in (project, there):
        (name / "train.py").write_text(f"open('in', 'w')\nopen({str(mark)!r}, 'w')\n")
    for host_folder in (str(there), None):
        (run,) = executed(request_of(server, project, host_folder=host_folder, audits=True))
        assert run.outcome is Outcome.FINISHED
        assert run.effects is not None
        assert (run.effects.changed_folder, run.effects.outside) == (True, (Effect("written", str(mark)),))
    (there / "train.py").write_text("print(1)\n")
    (project / "train.py").write_text("print(1)\n")
    (run,) = executed(request_of(server, project, host_folder=str(there), audits=True))
    assert run.effects is not None
    assert (run.effects.changed_folder, run.effects.outside, run.effects.is_complete) == (False, (), True)


def test_files_to_compare_are_refused(server: SshServer, project: Path) -> None:
    (run,) = executed(request_of(server, project, compares=("out.txt",)))
    assert refused(run).startswith("Files cannot be compared yet where the runs are on another host")
