"""Runs as on Windows: pipes of asyncio, reports in files, spares asked by standard input. Only the job is POSIX's."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from seedlab.engine.child_environment import child_environment
from seedlab.engine.desk import DESK
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.executor import Start
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.divided_output import DividedOutput
from seedlab.engine.platform.followed_file import CutError, FollowedFile
from seedlab.engine.platform.interface import Sinks, View
from seedlab.engine.private_views import COPIED
from seedlab.engine.pythons import ask_versions
from seedlab.engine.request import Limits, RunRequest
from seedlab.results.run import Outcome, Run
from tests.engine.test_cold import process_exists
from tests.engine.test_fidelity import ENDS, FACTS, facts
from tests.helpers.piped import PipedPosix, use_piped
from tests.helpers.session_job import SessionJob
from tests.helpers.starting import Workbench, request_of

WAYS = (Start.COLD, Start.SPARE)
MIXED = """
import random, sys
import numpy as np
random.seed(3)
print("python:", random.random())
print("numpy", np.random.default_rng(1).standard_normal(3))
print("free", np.random.rand())
print("text only")
sys.stdout.write("besides\\n")
sys.stderr.write("complaint\\n")
print(sys.stdin.read(), sys.argv[1:], end="|\\n")
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_piped(monkeypatch)
        bench = Workbench()
        yield bench
        bench.close()
    assert psutil.Process().children(recursive=True) == []


def one(bench: Workbench, script: str, way: Start, **options: object) -> Run:
    (run,) = bench.run(script, way, **options)  # type: ignore[arg-type]
    return run


@pytest.mark.parametrize("way", WAYS)
def test_a_run_shows_what_it_shows_on_posix(bench: Workbench, way: Start) -> None:
    here = one(bench, MIXED, way, arguments=("ä", 'a "b" c'))

    async def on_posix() -> Run:
        with pytest.MonkeyPatch.context() as monkeypatch:
            for name, module in list(sys.modules.items()):
                if name.startswith("seedlab.engine.executors.") and hasattr(module, "PLATFORM"):
                    monkeypatch.setattr(module, "PLATFORM", PLATFORM)
            executor = AutoExecutor(Start.COLD)
            run = await executor.run(request_of(MIXED, arguments=("ä", 'a "b" c')))
            await executor.close()
            return run

    there = bench.wait(on_posix())
    assert (here.outcome, here.start, here.problem) == (Outcome.FINISHED, way.value, "")
    assert [(draw.label, draw.dtype, draw.shape) for draw in here.draws] == [
        (draw.label, draw.dtype, draw.shape) for draw in there.draws
    ]
    assert [a.data == b.data for a, b in zip(here.draws, there.draws, strict=True)].count(False) == 1, "the free one"
    assert here.trace == there.trace
    assert here.text.replace(str(here.draws[2].array), "") == there.text.replace(str(there.draws[2].array), "")


@pytest.mark.parametrize("way", WAYS)
def test_the_process_is_that_of_python_script_py(bench: Workbench, way: Start, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(FACTS, encoding="utf-8")
    plain = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
        process_group=0,
        env=child_environment(),
    )
    found, expected = facts(one(bench, FACTS, way).text), facts(plain.stdout)
    assert {name: found.get(name) for name in expected if found.get(name) != expected[name]} == {}


@pytest.mark.parametrize("name", ["sys.exit(text)", "an exit handler that raises", "a thread that goes on", "aborts"])
def test_a_spare_ends_as_python_script_py_does(bench: Workbench, name: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(ENDS[name], encoding="utf-8")
    plain = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    cold, spare = (one(bench, ENDS[name], way) for way in WAYS)
    assert (cold.text, cold.outcome, cold.problem) == (spare.text, spare.outcome, spare.problem)
    assert spare.text == plain.stdout
    assert (spare.outcome is Outcome.FINISHED) is (plain.returncode == 0)


@pytest.mark.parametrize("way", WAYS)
def test_ends_of_all_kinds(bench: Workbench, way: Start) -> None:
    raised = one(bench, "import random\nprint('x:', 1)\nraise ValueError('no')", way)
    assert (raised.outcome, raised.problem) == (Outcome.FAILED, "line 3: ValueError: no")
    assert raised.details.endswith("ValueError: no")
    left = one(bench, "import random, sys\nsys.exit(7)", way)
    assert left.problem.startswith("ended with exit status 7")
    killed = one(bench, "import random, os\nprint('x:', 1, flush=True)\nos.kill(os.getpid(), 11)", way)
    assert killed.problem == "was ended by the signal SIGSEGV"
    assert [draw.label for draw in killed.draws] == ["x"]
    closed = one(bench, "import random, os\nprint('x:', 1, flush=True)\nos.closerange(0, 1000)\nos._exit(0)", way)
    assert (closed.outcome, [draw.label for draw in closed.draws]) == (Outcome.FINISHED, ["x"])


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_hangs_is_ended_at_its_limit_with_what_it_started(bench: Workbench, way: Start) -> None:
    script = """
        import random, signal, subprocess, sys, os
        child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        print("child:", child.pid, flush=True)
        signal.pause()
        """
    run = one(bench, script, way, timeout_s=1.5)
    assert (run.outcome, run.problem) == (Outcome.TIMED_OUT, "did not end within 1.5 seconds")
    assert not process_exists(int(run.draws[0].array))


@pytest.mark.parametrize("way", WAYS)
def test_what_a_run_leaves_is_ended_and_told_of(bench: Workbench, way: Start) -> None:
    script = """
        import random, subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        print("child:", child.pid)
        """
    run = one(bench, script, way)
    assert (run.outcome, run.notes) == (Outcome.FINISHED, ("1 process was left running and has been ended",))
    assert not process_exists(int(run.draws[0].array))


def test_too_many_processes_are_ended(bench: Workbench) -> None:
    bomb = "import os, signal\nfor _ in range(30):\n    if os.fork() == 0:\n        signal.pause()\nsignal.pause()\n"
    request = RunRequest(script=bomb, executable=sys.executable, limits=Limits(timeout_s=50.0, max_processes=20))
    run = bench.wait(bench.executors[Start.COLD].run(request))
    assert (run.outcome, run.problem) == (Outcome.FAILED, "started more than 20 processes and was ended")


@pytest.mark.parametrize("way", WAYS)
def test_twelve_million_values_come_whole(bench: Workbench, way: Start) -> None:
    run = one(bench, "import numpy as np\nprint('x', np.arange(12_000_000))", way)
    assert run.outcome is Outcome.FINISHED
    assert np.array_equal(run.draws[0].array, np.arange(12_000_000))
    # Reading four times as much takes about four times as long, not sixteen.
    assert run.seconds < 30


@pytest.mark.parametrize("way", WAYS)
def test_much_output_is_read_in_bounded_memory(bench: Workbench, way: Start) -> None:
    before = psutil.Process().memory_info().rss
    writing = "import random, sys\nblock = b'x' * 2**20\nfor _ in range(256):\n    sys.stdout.buffer.write(block)\n"
    run = one(bench, writing + "sys.stdout.flush()\nprint('x:', 1)\n", way)
    assert run.outcome is Outcome.FINISHED
    assert "bytes left out" in run.text
    assert run.text.endswith("x: 1\n")
    assert psutil.Process().memory_info().rss - before < 80 * 2**20


def test_draws_are_taken_while_the_run_goes_on(bench: Workbench, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    script = tmp_path / "script.py"
    script.write_text(f"print('x:', 1)\nopen({str(tmp_path / 'go')!r}).read()\n", encoding="utf-8")

    async def seen() -> bytes:
        data, came = bytearray(), asyncio.Event()

        def take(piece: bytes) -> None:
            data.extend(piece)
            came.set()

        from seedlab.engine.observer_commands import run_command

        command = run_command(request_of("", path=str(script)), str(script), str(tmp_path / "lost"))
        sinks = Sinks(lambda _: None, lambda _: None, take)
        running = asyncio.create_task(
            PipedPosix().execute(command, sinks, environment=(), folder=None, max_processes=9)
        )
        async with asyncio.timeout(30):
            await came.wait()
        before = bytes(data)
        await asyncio.to_thread((tmp_path / "go").write_text, "on")
        assert (await running).is_success
        return before

    assert b'"label": "x"' in bench.wait(seen())


def test_stop_ends_a_run_at_once(bench: Workbench, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ready")
    script = f"import random, signal\nopen({str(tmp_path / 'ready')!r}, 'w').close()\nsignal.pause()\n"

    async def stop(way: Start) -> float:
        running = asyncio.create_task(bench.executors[way].run(request_of(script)))
        await asyncio.to_thread((tmp_path / "ready").read_text)
        started = time.monotonic()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return time.monotonic() - started

    for way in WAYS:
        assert bench.wait(stop(way)) < 2


def test_a_spare_that_is_killed_while_it_waits_is_replaced(bench: Workbench) -> None:
    executor = bench.executors[Start.SPARE]
    request = request_of("import random\nprint('x:', 1)")

    async def kill_and_run() -> Run:
        executor.prepare(request)
        (spare,) = executor.spare._spares
        await spare.wait_ready()
        assert spare.channel is not None
        psutil.Process(spare.channel.process).kill()
        return await executor.run(request)

    assert bench.wait(kill_and_run()).outcome is Outcome.FINISHED


def test_what_is_printed_by_imports_is_none_of_the_run_s(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text(
        "import os, sys\nos.write(1, b'o' * 70_000)\nos.write(2, b'e')\nread = sys.stdin.read()\n", encoding="utf-8"
    )
    script = tmp_path / "script.py"
    script.write_text("import loud\nprint('x:', 1, repr(loud.read))\n", encoding="utf-8")
    options: dict[str, Any] = {"path": str(script), "folder": str(tmp_path)}
    environment = (("PYTHONPATH", str(tmp_path)),)

    async def run() -> Run:
        from seedlab.engine.executors.outcome import observed
        from seedlab.engine.executors.prepared import Preparation, PreparedProcess

        request = request_of(script.read_text(encoding="utf-8"), environment=environment, **options)
        spare = PreparedProcess(Preparation(sys.executable, ("loud",), environment, str(tmp_path)), "spare")
        await spare.wait_ready()
        ended = await observed(request, Start.SPARE, lambda files, sinks: spare.execute(request, files, sinks))
        await spare.close()
        return ended

    assert bench.wait(run()).text == "x: 1 ''\n"


def test_an_import_that_fails_goes_cold(bench: Workbench) -> None:
    run = one(bench, "import numpy.nothing\nprint('x:', 1)", Start.AUTO)
    assert (run.start, run.problem) == ("cold", "line 1: ModuleNotFoundError: No module named 'numpy.nothing'")


def test_private_runs_work_in_copies(bench: Workbench, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("open('made', 'w').close()\nprint('x:', 1)\n", encoding="utf-8")
    options = {"path": str(script), "folder": str(tmp_path), "is_private": True}
    run = one(bench, script.read_text(encoding="utf-8"), Start.AUTO, **options)
    assert (run.outcome, run.notes) == (Outcome.FINISHED, (COPIED,))
    assert not (tmp_path / "made").exists()
    with pytest.raises(Exception, match="no private views"):
        bench.wait(
            PipedPosix().execute(
                lambda _: ["true"],
                Sinks(lambda _: None, lambda _: None),
                environment=(),
                folder=None,
                max_processes=9,
                views=[View("/x", "/y")],
            )
        )


def test_a_python_answers_and_one_that_is_none_says_why(bench: Workbench, tmp_path: Path) -> None:
    found = bench.wait(ask_versions(sys.executable))
    assert found.version("numpy") == np.__version__
    run = bench.wait(bench.executors[Start.COLD].run(request_of("pass", str(tmp_path / "missing"))))
    assert "cannot be started: No such file or directory" in run.problem


def test_a_report_that_somebody_cuts_is_read_no_further(bench: Workbench) -> None:
    script = """
        import os
        print("x:", 1)
        for name in os.listdir("/proc/self/fd"):
            place = os.path.realpath("/proc/self/fd/" + name)
            if place.endswith("/report"):
                import time
                time.sleep(0.3)
                os.truncate(place, 0)
        print("y:", 2)
        """
    run = one(bench, script, Start.COLD)
    assert run.outcome is Outcome.FINISHED
    assert [draw.label for draw in run.draws if not draw.label.startswith("standard")] == ["x"]
    assert "part of the report could not be read" in run.notes


def test_a_conversation(bench: Workbench) -> None:
    program = "import sys\nsys.stderr.write('e')\nfor line in sys.stdin:\n    print(line.upper(), end='', flush=True)\n"

    async def talk() -> tuple[bytes, bytes]:
        errors = bytearray()
        async with PipedPosix().conversing([sys.executable, "-c", program], errors.extend) as talk:
            talk.writer.write(b"one\n")
            await talk.writer.drain()
            answer = await talk.reader.readline()
            talk.writer.close()
            assert (await talk.exited()).is_success
        return answer, bytes(errors)

    assert bench.wait(talk()) == (b"ONE\n", b"e")


def test_no_descriptor_and_no_folder_is_left(bench: Workbench) -> None:
    one(bench, "pass", Start.COLD)
    before = len(os.listdir("/proc/self/fd"))
    with DESK.folder() as folder:
        folders = [each for each in folder.parent.iterdir() if each != folder]
    for _ in range(3):
        one(bench, "print('x:', 1)", Start.COLD)
    assert len(os.listdir("/proc/self/fd")) <= before
    with DESK.folder() as folder:
        after = list(folder.parent.iterdir())
    assert len(after) == len(folders) + 1


def test_a_job_is_limited_while_its_run_goes_on(bench: Workbench) -> None:
    jobs: list[SessionJob] = []

    def make() -> SessionJob:
        jobs.append(SessionJob())
        return jobs[-1]

    platform = PipedPosix()
    platform.make_job = make
    sinks = Sinks(lambda _: None, lambda _: None)
    command = [sys.executable, "-c", "pass"]
    bench.wait(platform.execute(lambda _: command, sinks, environment=(), folder=None, max_processes=9))
    (job,) = jobs
    assert job.limits == [17]
    assert job.count() == 0


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_output_is_divided_at_its_mark_however_it_comes(size: int) -> None:
    before, after = bytearray(), bytearray()
    output = DividedOutput(before.extend)
    output.add(b"first ")
    output.expect(b"<mark>", after.extend)
    data = b"second <ma<mark>run <mark> on"
    for start in range(0, len(data), size):
        output.add(data[start : start + size])
    assert (bytes(before), bytes(after)) == (b"first second <ma", b"run <mark> on")


def test_a_followed_file_is_read_as_it_grows_and_says_when_it_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with FollowedFile(path) as file:
        assert file.read() == b""
        path.write_bytes(b"one")
        assert (file.read(), file.read()) == (b"one", b"")
        path.write_bytes(b"")
        with pytest.raises(CutError):
            file.read()
        path.write_bytes(b"longer than before")
        with pytest.raises(CutError):
            file.read()
