"""What can go wrong while runs go on, with real processes: each run has a clear outcome, and the next batch works."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from seedlab.engine.batch import Batch, BatchEnd
from seedlab.engine.executors import prepared
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.executors.fork import MAX_PARENTS
from seedlab.engine.executors.prepared import NeverReadyError
from seedlab.engine.request import Plan
from seedlab.results.run import Outcome, Run
from tests.conftest import PythonWith
from tests.helpers.starting import WAYS, Workbench, request_of

DRAW = "import random\nprint('x:', random.random())\n"
GONE_WITHIN_S = 10


@pytest.fixture
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()
    assert psutil.Process().children(recursive=True) == []


def parent_of(bench: Workbench) -> psutil.Process:
    """The fork parent of ``bench``; there must be one."""
    (parent,) = bench.executors[Start.FORK].fork.parents
    assert parent.channel is not None
    return psutil.Process(parent.channel.process)


def living_in(group: int) -> list[psutil.Process]:
    """What still lives in a process group, after the time that the kernel takes to end what was killed."""
    members = [process for process in psutil.process_iter() if group_of(process.pid) == group]
    return psutil.wait_procs(members, GONE_WITHIN_S)[1]


def group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def all_finished(runs: list[Run]) -> bool:
    return all(run.outcome is Outcome.FINISHED for run in runs)


def hang(ready: Path) -> str:
    """A script that tells, through a fifo, that it is there, and then waits for ever."""
    os.mkfifo(ready)
    return f"import random, os, signal\nprint('x:', 1, flush=True)\nopen({str(ready)!r}, 'w').close()\nsignal.pause()\n"


# --- the parent dies ---------------------------------------------------------------------------


def test_the_parent_killed_while_idle_is_replaced(bench: Workbench) -> None:
    assert all_finished(bench.run(DRAW, Start.FORK))
    first = parent_of(bench)
    first.kill()
    first.wait(GONE_WITHIN_S)
    # The first may be sent before the news of the parent's end has come.
    assert all_finished(bench.run(DRAW, Start.FORK, 3))
    assert parent_of(bench).pid != first.pid


def test_a_parent_that_is_killed_as_a_run_is_asked_for_is_replaced(bench: Workbench) -> None:
    for _ in range(5):
        assert all_finished(bench.run(DRAW, Start.FORK))
        # Nobody has read of its end when the run is asked for.
        parent_of(bench).kill()
        assert all_finished(bench.run(DRAW, Start.FORK))


def test_the_parent_killed_while_children_run_fails_those_and_leaves_none(bench: Workbench, tmp_path: Path) -> None:
    script = hang(tmp_path / "ready")
    children: list[psutil.Process] = []

    async def kill_when_running() -> list[Run]:
        ended: list[Run] = []
        plan = Plan.repeat(request_of(script), 1)
        batch = Batch(plan, bench.executors[Start.FORK], lambda _request, run: ended.append(run))
        running = asyncio.create_task(batch.run())
        await asyncio.to_thread((tmp_path / "ready").read_text)
        parent = parent_of(bench)
        children.extend(parent.children(recursive=True))
        parent.kill()
        assert await running is BatchEnd.COMPLETED
        return ended

    (run,) = bench.wait(kill_when_running())
    assert run.outcome is Outcome.FAILED
    assert run.problem == "the prepared interpreter was ended by the signal SIGKILL"
    assert [draw.label for draw in run.draws] == ["x"], "what it had drawn is kept"
    assert len(children) == 1
    assert psutil.wait_procs(children, GONE_WITHIN_S)[1] == []
    assert all_finished(bench.run(DRAW, Start.FORK, 2)), "the next batch works"


def test_a_parent_whose_children_run_is_not_closed_for_others(bench: Workbench, tmp_path: Path) -> None:
    script = hang(tmp_path / "ready").replace("signal.pause()", f"open({str(tmp_path / 'ready')!r}).read()")
    executor = bench.executors[Start.FORK]

    async def crowd_it_out() -> tuple[Run, int]:
        running = asyncio.create_task(executor.run(request_of(script)))
        await asyncio.to_thread((tmp_path / "ready").read_text)
        for number in range(MAX_PARENTS + 1):
            other = request_of(DRAW, environment=(("NUMBER", str(number)),))
            assert all_finished([await executor.run(other)])
        await asyncio.to_thread((tmp_path / "ready").write_text, "go on")
        return await running, len(executor.fork.parents)

    run, kept = bench.wait(crowd_it_out())
    assert all_finished([run])
    assert kept == MAX_PARENTS


@pytest.mark.parametrize("way", [Start.FORK, Start.AUTO])
def test_the_parent_killed_while_it_prepares(bench: Workbench, way: Start) -> None:
    executor = bench.executors[way]
    script = "import numpy\nprint('x:', 1)\n"

    async def prepare_and_kill() -> None:
        executor.prepare(request_of(script))
        (parent,) = executor.fork.parents
        await parent.spawned.wait()
        assert parent.channel is not None
        os.kill(parent.channel.process, signal.SIGKILL)
        with pytest.raises(Exception, match="SIGKILL"):
            await parent.wait_ready()

    bench.wait(prepare_and_kill())
    assert all_finished(bench.run(script, way, 2)), "a parent that died is replaced"


def test_an_import_that_fails_in_the_parent_goes_cold_and_shows_the_script_s_own_error(bench: Workbench) -> None:
    script = "import numpy.nothing\nprint('x:', 1)\n"
    runs = bench.run(script, Start.AUTO, 2)
    assert {run.outcome for run in runs} == {Outcome.FAILED}
    assert {run.start for run in runs} == {"cold"}
    assert runs[0].problem == "line 1: ModuleNotFoundError: No module named 'numpy.nothing'"
    (forced,) = bench.run(script, Start.FORK)
    assert "No module named 'numpy.nothing'" in forced.problem


def test_nothing_outlives_a_killed_engine(tmp_path: Path) -> None:
    script = hang(tmp_path / "ready")
    program = textwrap.dedent(
        f"""
        import asyncio, sys
        from seedlab.engine.batch import Batch
        from seedlab.engine.executors.fork import ForkExecutor
        from seedlab.engine.request import Plan, RunRequest
        async def main():
            plan = Plan.repeat(RunRequest(script={script!r}, executable=sys.executable), 1)
            await Batch(plan, ForkExecutor(), print).run()
        asyncio.run(main())
        """
    )
    with subprocess.Popen([sys.executable, "-c", program]) as engine:
        (tmp_path / "ready").read_text()
        processes = psutil.Process(engine.pid).children(recursive=True)
        assert len([process for process in processes if "fork" in process.cmdline()]) == 2
        engine.kill()
    assert psutil.wait_procs(processes, GONE_WITHIN_S)[1] == []


# --- a run misbehaves --------------------------------------------------------------------------


def test_the_child_that_waits_may_be_killed(bench: Workbench) -> None:
    first = bench.run(DRAW, Start.FORK)
    parent = parent_of(bench)
    assert all_finished(first)
    for child in parent.children():
        child.kill()
    runs = bench.run(DRAW, Start.FORK, 3)
    assert all_finished(runs)
    assert len({run.draws[0].data for run in runs}) == 3
    assert parent_of(bench).pid == parent.pid


@pytest.mark.parametrize("way", WAYS)
def test_a_killed_child_fails_its_run_only(bench: Workbench, tmp_path: Path, way: Start) -> None:
    once = tmp_path / "once"
    script = (
        f"import random, os\nprint('x:', 1, flush=True)\n"
        f"if not os.path.exists({str(once)!r}):\n    os.mkdir({str(once)!r})\n    os.kill(os.getpid(), 9)\n"
    )
    runs = bench.run(script, way, 3, jobs=1)
    assert [run.outcome for run in runs] == [Outcome.FAILED, Outcome.FINISHED, Outcome.FINISHED]
    assert "SIGKILL" in runs[0].problem


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_hangs_and_ignores_sigterm_ends_at_its_limit(bench: Workbench, way: Start) -> None:
    script = (
        "import random, signal, subprocess, sys\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        "import os\nprint('group:', os.getpgid(0), flush=True)\n"
        "while True:\n    signal.pause()\n"
    )
    (run,) = bench.run(script, way, timeout_s=2.0)
    assert (run.outcome, run.problem) == (Outcome.TIMED_OUT, "did not end within 2 seconds")
    assert [draw.label for draw in run.draws] == ["group"]
    assert living_in(int(run.draws[0].array)) == []


def test_a_gigabyte_of_output_is_read_in_bounded_memory(bench: Workbench) -> None:
    before = psutil.Process().memory_info().rss
    script = "import random, sys\nblock = b'x' * 2**20\nfor _ in range(1024):\n    sys.stdout.buffer.write(block)\n"
    (run,) = bench.run(script + "print('x:', 1)\n", Start.FORK)
    assert run.outcome is Outcome.FINISHED
    assert "bytes left out" in run.text
    assert psutil.Process().memory_info().rss - before < 100 * 2**20


@pytest.mark.parametrize("way", WAYS)
def test_a_script_that_closes_all_descriptors_still_has_an_outcome(bench: Workbench, way: Start) -> None:
    script = "import random, os\nprint('x:', 1, flush=True)\nos.closerange(0, 1000)\nos._exit(0)\n"
    (run,) = bench.run(script, way)
    assert run.outcome is Outcome.FINISHED
    assert [draw.label for draw in run.draws] == ["x"]


@pytest.mark.parametrize("way", [Start.COLD, Start.FORK])
def test_a_fork_bomb_is_stopped(bench: Workbench, way: Start) -> None:
    bomb = "for _ in range(400):\n    if os.fork() == 0:\n        signal.pause()\nsignal.pause()\n"
    script = f"import random, os, signal\nprint('group:', os.getpgid(0), flush=True)\n{bomb}"
    (run,) = bench.run(script, way, timeout_s=50.0)
    assert (run.outcome, run.problem) == (Outcome.FAILED, "started more than 256 processes and was ended")
    assert living_in(int(run.draws[0].array)) == []


@pytest.mark.alone
@pytest.mark.parametrize("way", WAYS)
def test_a_grandchild_that_left_the_group_neither_holds_up_the_run_nor_survives(
    bench: Workbench, tmp_path: Path, way: Start
) -> None:
    pid_file = tmp_path / "pid"
    script = (
        "import random, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'], start_new_session=True)\n"
        f"open({str(pid_file)!r}, 'w').write(str(child.pid))\nprint('x:', 1)\n"
    )
    started = time.monotonic()
    (run,) = bench.run(script, way)
    assert run.outcome is Outcome.FINISHED
    assert run.notes == ("1 process was left running and has been ended",)
    assert time.monotonic() - started < 10
    assert not psutil.pid_exists(int(pid_file.read_text()))


DAEMON = """
import random, os, signal
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(writing, str(os.getpid()).encode())
        os.closerange(0, 300)
        while True:
            signal.pause()
    os._exit(0)
os.wait()
print("daemon:", int(os.read(reading, 20)), flush=True)
"""


@pytest.mark.parametrize("way", WAYS)
def test_a_daemon_is_ended_with_the_run_that_started_it(bench: Workbench, way: Start) -> None:
    (run,) = bench.run(DAEMON, way)
    assert run.outcome is Outcome.FINISHED
    assert run.notes == ("1 process was left running and has been ended",)
    assert not psutil.pid_exists(int(run.draws[0].array))


@pytest.mark.parametrize("way", WAYS)
def test_daemons_of_runs_that_go_on_together_are_all_ended(bench: Workbench, way: Start) -> None:
    runs = bench.run(DAEMON, way, 8, jobs=4)
    assert all_finished(runs)
    # Which of the runs ended a daemon may be open where they have one parent, but none is left after the last.
    assert [run.draws[0].label for run in runs if psutil.pid_exists(int(run.draws[0].array))] == []


@pytest.mark.parametrize("way", WAYS)
def test_a_script_that_leaves_its_group_ends_at_its_limit(bench: Workbench, way: Start) -> None:
    script = """
        import random, os, signal
        child = os.fork()
        if child == 0:
            while True:
                signal.pause()
        os.setpgid(child, child)
        os.setpgid(0, child)
        print("child:", child)
        print("self:", os.getpid(), flush=True)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            signal.pause()
        """
    (run,) = bench.run(script, way, timeout_s=2.0)
    assert run.outcome is Outcome.TIMED_OUT
    assert [draw.label for draw in run.draws] == ["child", "self"]
    assert [draw.label for draw in run.draws if psutil.pid_exists(int(draw.array))] == []


@pytest.mark.parametrize("way", WAYS)
def test_processes_that_end_by_themselves_are_not_told_of(bench: Workbench, way: Start) -> None:
    (run,) = bench.run("import random, subprocess\nsubprocess.Popen(['true'])\nprint('x:', 1)\n", way)
    assert (run.outcome, run.notes) == (Outcome.FINISHED, ())


# --- a process of the engine's is stopped or killed ----------------------------------------------


def test_a_parent_that_was_stopped_is_replaced(bench: Workbench) -> None:
    assert all_finished(bench.run(DRAW, Start.FORK))
    stopped = parent_of(bench)
    stopped.suspend()
    (run,) = bench.run(DRAW, Start.FORK, timeout_s=1.0)
    assert (run.outcome, run.problem) == (Outcome.TIMED_OUT, "did not end within 1 seconds")
    assert all_finished(bench.run(DRAW, Start.FORK))
    assert not stopped.is_running()


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_was_stopped_ends_at_its_limit(bench: Workbench, way: Start) -> None:
    script = "import random, os, signal\nprint('x:', 1, flush=True)\nos.kill(os.getpid(), signal.SIGSTOP)\n"
    (run,) = bench.run(script, way, timeout_s=2.0)
    assert (run.outcome, run.problem) == (Outcome.TIMED_OUT, "did not end within 2 seconds")
    assert all_finished(bench.run(DRAW, way))


@pytest.mark.parametrize("way", [Start.COLD, Start.SPARE])
def test_a_run_ends_with_its_warden(bench: Workbench, way: Start) -> None:
    script = (
        "import random, os, signal\nprint('x:', os.getpid(), flush=True)\nos.kill(os.getppid(), 9)\nsignal.pause()\n"
    )
    (run,) = bench.run(script, way)
    assert (run.outcome, run.draws[0].label) == (Outcome.FAILED, "x")
    assert "SIGKILL" in run.problem
    assert psutil.wait_procs(existing(int(run.draws[0].array)), GONE_WITHIN_S)[1] == []
    assert all_finished(bench.run(DRAW, way))


def existing(pid: int) -> list[psutil.Process]:
    return [psutil.Process(pid)] if psutil.pid_exists(pid) else []


@pytest.mark.parametrize("way", WAYS)
def test_the_keeper_that_was_killed_is_replaced(bench: Workbench, way: Start) -> None:
    assert all_finished(bench.run(DRAW, way))
    (keeper,) = psutil.Process().children()
    assert "keep" in keeper.cmdline()
    keeper.kill()
    assert all_finished(bench.run(DRAW, way, 3))


# --- importing takes for ever ------------------------------------------------------------------


@pytest.mark.parametrize("way", list(Start))
def test_the_time_limit_covers_imports_that_never_end(python_with: PythonWith, way: Start) -> None:
    bench = Workbench(python_with.tensorflow("import signal\nwhile True:\n    signal.pause()"))
    try:
        runs = bench.run("import tensorflow\nprint('x:', 1)\n", way, 2, jobs=2, timeout_s=1.5)
    finally:
        bench.close()
    assert [(run.outcome, run.problem) for run in runs] == [(Outcome.TIMED_OUT, "did not end within 1.5 seconds")] * 2


def test_imports_that_never_end_are_ended(
    bench: Workbench, python_with: PythonWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "PREPARE_LIMIT_S", 0.5)
    python = python_with.tensorflow("import signal\nwhile True:\n    signal.pause()")
    executor, request = bench.executors[Start.FORK], request_of("import tensorflow\n", python)

    async def prepare() -> None:
        executor.prepare(request)
        (parent,) = executor.fork.parents
        with pytest.raises(NeverReadyError, match="its imports did not end"):
            await parent.wait_ready()

    bench.wait(prepare())
    assert executor.readiness(request)[0] is Readiness.COLD


def test_an_import_that_writes_to_seedlab_s_descriptors_goes_cold(bench: Workbench, python_with: PythonWith) -> None:
    python = python_with.tensorflow("import os\ntry:\n    os.write(3, b'[' * 100000)\nexcept OSError:\n    pass")
    bench.executable = python
    (run,) = bench.run("import tensorflow\nprint('x:', 1)\n", Start.AUTO)
    assert (run.outcome, run.start) == (Outcome.FINISHED, "cold")
    assert run.start_reason == prepared.UNREADABLE


# --- stopping ----------------------------------------------------------------------------------


@pytest.mark.alone
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", ["before it starts", "while it prepares", "while it runs"])
def test_stop_answers_at_once_from_any_state(tmp_path: Path, way: Start, state: str) -> None:
    script = hang(tmp_path / "ready")
    took_s: list[float] = []

    async def run_and_stop() -> tuple[BatchEnd, list[Run]]:
        executor, ended = AutoExecutor(way), list[Run]()
        plan = Plan.repeat(request_of(script), 5, jobs=1)
        batch = Batch(plan, executor, lambda _request, run: ended.append(run))
        if state == "before it starts":
            batch.cancel()
        task = asyncio.create_task(batch.run())
        if state == "while it prepares":
            await asyncio.sleep(0)
        elif state == "while it runs":
            await asyncio.to_thread((tmp_path / "ready").read_text)
        asked = time.monotonic()
        batch.cancel()
        end = await task
        took_s.append(time.monotonic() - asked)
        await executor.close()
        return end, ended

    end, runs = asyncio.run(run_and_stop())
    assert end is BatchEnd.CANCELLED
    assert [run.index for run in runs] == [1, 2, 3, 4, 5]
    assert {run.outcome for run in runs} == {Outcome.CANCELLED}
    # A bound against hanging, far above the 0.2 s of an idle machine, which the benchmark measures.
    assert took_s[0] < 2
    assert psutil.Process().children(recursive=True) == []


def test_an_executor_closed_while_it_prepares_leaves_nothing() -> None:
    async def prepare_and_close() -> None:
        executor, request = AutoExecutor(Start.FORK), request_of("import numpy")
        executor.prepare(request)
        assert executor.readiness(request)[0] is Readiness.PREPARING
        await executor.close()

    asyncio.run(prepare_and_close())
    assert psutil.Process().children(recursive=True) == []


# --- many runs, little memory ------------------------------------------------------------------


def test_a_thousand_runs_complete_in_bounded_memory(bench: Workbench) -> None:
    assert all_finished(bench.run(DRAW, Start.FORK, 50))
    before, descriptors = psutil.Process().memory_info().rss, psutil.Process().num_fds()
    runs = bench.run(DRAW, Start.FORK, 1000)
    assert [run.index for run in runs] == list(range(1, 1001))
    assert all_finished(runs)
    assert len({run.draws[0].data for run in runs}) == 1000
    assert psutil.Process().memory_info().rss - before < 30 * 2**20
    assert psutil.Process().num_fds() <= descriptors
