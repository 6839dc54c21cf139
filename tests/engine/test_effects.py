"""What a run does outside its process: seen in real runs, and told apart from what libraries and nobody did."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.engine.executors.executor import Start
from seedlab.engine.request import RunRequest
from seedlab.results.effects import Effect, Effects
from seedlab.results.run import Outcome
from tests.helpers.starting import WAYS, Workbench


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    return place


def effects_of(bench: Workbench, folder: Path, script: str, way: Start = Start.COLD) -> Effects:
    path = folder / "train.py"
    path.write_text(f"import random\n{script}")
    request = RunRequest(
        script=path.read_text(), executable=sys.executable, path=str(path), folder=str(folder), audits=True
    )
    run = bench.wait(bench.executors[way].run(request))
    assert run.outcome is Outcome.FINISHED, run.details
    assert run.effects is not None
    assert run.effects.is_complete
    return run.effects


@pytest.mark.parametrize("way", WAYS)
def test_a_log_that_is_appended_to_in_the_folder(bench: Workbench, folder: Path, way: Start) -> None:
    found = effects_of(bench, folder, "open('log.txt', 'a').write('one')\n", way)
    assert found == Effects(changed_folder=True, changed=("log.txt",))


def test_a_checkpoint_that_is_resumed_from_and_input_that_is_deleted(bench: Workbench, folder: Path) -> None:
    (folder / "input").touch()
    found = effects_of(bench, folder, "import os\nos.remove('input')\n")
    assert found == Effects(changed_folder=True, changed=("input",))
    resumes = "import os\nif not os.path.exists('step'):\n    open('step', 'w').write('1')\n"
    assert effects_of(bench, folder, resumes).changed_folder
    assert not effects_of(bench, folder, resumes).changed_folder


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("open({path!r}, 'w').close()", "written"),
        ("import os\nos.close(os.open({path!r}, os.O_CREAT | os.O_WRONLY))", "written"),
        ("import pathlib\npathlib.Path({path!r}).mkdir()", "written"),
        ("import os\nopen('x', 'w').close()\nos.rename('x', {path!r})", "written"),
    ],
)
def test_what_is_written_elsewhere(bench: Workbench, folder: Path, way: Start, script: str, kind: str) -> None:
    path = folder.parent / "elsewhere"
    found = effects_of(bench, folder, script.format(path=str(path)) + "\n", way)
    assert found.outside == (Effect("written", str(path)),)
    assert kind == "written"


def test_what_is_removed_elsewhere(bench: Workbench, folder: Path) -> None:
    path = folder.parent / "elsewhere"
    path.touch()
    script = f"import os\nos.remove({str(path)!r})\n"
    assert effects_of(bench, folder, script).outside == (Effect("removed", str(path)),)


def test_connections_and_programs(bench: Workbench, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        script = f"import socket\nsocket.create_connection(('127.0.0.1', {port})).close()\n"
        assert effects_of(bench, folder, script).outside == (Effect("connected", f"127.0.0.1:{port}"),)
    script = "import subprocess, os\nsubprocess.run(['/bin/true'])\nos.system('exit 0')\n"
    started = effects_of(bench, folder, script).outside
    assert started == (Effect("started", "/bin/true"), Effect("started", "exit 0"))


@pytest.mark.parametrize(
    "script",
    [
        "print('x:', random.random())",
        "import tempfile\nwith tempfile.TemporaryDirectory() as place:\n    open(place + '/x', 'w').close()",
        "import os, tempfile\nos.makedirs(tempfile.gettempdir(), exist_ok=True)",
        "import os\nos.makedirs(os.path.expanduser('~/.cache/some'), exist_ok=True)",
        "import contextlib, os\nwith contextlib.suppress(OSError):\n    os.remove('/no/such/file')",
        "open('/dev/null', 'w').close()\nopen(__file__).close()",
        "import sqlite3\nsqlite3.connect(':memory:').close()",
        "import platform\nplatform.platform()" if sys.platform == "linux" else "pass",
    ],
)
def test_what_is_no_effect(bench: Workbench, folder: Path, script: str) -> None:
    assert effects_of(bench, folder, f"{script}\n") == Effects()


def test_what_a_library_does_as_it_is_imported_is_its_own_affair(bench: Workbench, folder: Path) -> None:
    library = folder.parent / "library"
    library.mkdir()
    (library / "loud.py").write_text("import subprocess\nsubprocess.run(['/bin/true'])\n")
    script = f"import sys\nsys.path.append({str(library)!r})\nimport loud\n"
    assert effects_of(bench, folder, script).outside == ()
    (folder / "own.py").write_text("import subprocess\nsubprocess.run(['/bin/true'])\n")
    assert effects_of(bench, folder, "import own\n").outside == (Effect("started", "/bin/true"),)


def test_a_python_without_audit_events_says_so(bench: Workbench, folder: Path) -> None:
    old = os.environ.get("SEEDLAB_TF1_PYTHON")
    if not old:
        pytest.skip("SEEDLAB_TF1_PYTHON names no Python 3.7")
    path = folder / "train.py"
    path.write_text("import random\nopen('../elsewhere', 'w').close()\nprint('x:', 1)\n")
    request = RunRequest(script=path.read_text(), executable=old, path=str(path), folder=str(folder), audits=True)
    run = bench.wait(bench.executors[Start.COLD].run(request))
    assert run.effects == Effects(is_complete=False)


def test_what_a_run_changes_in_a_private_view_is_told_by_name_and_not_its_own_text(
    bench: Workbench, folder: Path
) -> None:
    (folder / "kept.txt").touch()
    (folder / "input").write_text("1")
    path = folder / "train.py"
    path.write_text("")
    request = RunRequest(
        script="import os\nos.makedirs('runs/one')\nopen('runs/one/log', 'w').close()\nos.remove('input')\n",
        executable=sys.executable,
        path=str(path),
        folder=str(folder),
        audits=True,
        is_private=True,
    )
    run = bench.wait(bench.executors[Start.COLD].run(request))
    assert run.effects == Effects(changed_folder=True, changed=("input", "runs/one/log"))
    assert sorted(os.listdir(folder)) == ["input", "kept.txt", "train.py"]


def test_a_run_that_others_are_made_before_finds_what_they_have_left(bench: Workbench, folder: Path) -> None:
    path = folder / "train.py"
    path.write_text(
        "import sys\nwith open('log', 'a+') as log:\n    log.write('x')\n    log.seek(0)\n    print('x:', log.read())\n"
        "print(sys.argv[1:], len(sys.modules))\n"
    )
    request = RunRequest(
        script=path.read_text(), executable=sys.executable, path=str(path), folder=str(folder), is_private=True,
        arguments=('"earlier": 2', "two words"),
    )  # fmt: skip
    alone, after = (
        bench.wait(bench.executors[Start.COLD].run(replace(request, earlier_runs=count))) for count in (0, 2)
    )
    assert (alone.outcome, after.outcome) == (Outcome.FINISHED, Outcome.FINISHED), after.details
    # It shows itself as a process that nothing was before.
    assert after.text == alone.text.replace("x: x\n", "x: xxx\n")
    assert os.listdir(folder) == ["train.py"]
