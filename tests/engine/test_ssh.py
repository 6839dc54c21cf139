"""Runs on another host: a real sshd on the loopback, real keys, and everything that can go wrong on the way."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from seedlab.engine import connection as connections_module
from seedlab.engine.batch import Batch
from seedlab.engine.connection import Connection, connections
from seedlab.engine.engine import Engine
from seedlab.engine.executors.by_place import PlacesExecutor
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.executors.outcome import runs_at_once
from seedlab.engine.platform.interface import RunLostError, Sinks
from seedlab.engine.pythons import ask_devices, ask_versions, find_executable
from seedlab.engine.request import Limits, Plan, RunRequest
from seedlab.errors import InterpreterError
from seedlab.results.run import Outcome, Run
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from tests.helpers.observing import python_of
from tests.helpers.ssh_server import ENDS_WITHIN_S, SshServer, ssh_server

NUMPY = "import numpy as np\nnp.random.seed(1)\nprint('x:', np.random.rand(3))\nprint('y:', np.random.rand())\n"
TENSORFLOW = "import tensorflow as tf\ntf.compat.v1.set_random_seed(3)\nprint('x:', 1)\n"
WAYS = (Start.COLD, Start.SPARE, Start.FORK)
WAIT = "import signal\nwhile True:\n    signal.pause()\n"
# What leaves the group, the session and its parents is to end too.
DAEMON = """
import random, os
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
else:
    os.wait()
"""
NO_SINKS = Sinks(lambda _: None, lambda _: None)


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
def python(server: SshServer) -> str:
    """The project's own Python, on the host."""
    return server.python(sys.executable)


def on(executable: str, script: str, **options: Any) -> RunRequest:
    return RunRequest(script=script, executable=executable, **options)


def working(work: Callable[[PlacesExecutor], Awaitable[Any]], **options: Any) -> Any:
    """Carry out ``work`` with an executor that is closed afterwards."""

    async def execute() -> Any:
        executor = PlacesExecutor(**options)
        try:
            return await work(executor)
        finally:
            await executor.close()

    return asyncio.run(execute())


def executed(*requests: RunRequest, start: Start = Start.AUTO, **options: Any) -> list[Run]:
    """The runs of ``requests``, all at once."""

    async def run(executor: PlacesExecutor) -> list[Run]:
        return list(await asyncio.gather(*(executor.run(request) for request in requests)))

    found: list[Run] = working(run, start=start, **options)
    return found


def finished(*requests: RunRequest, **options: Any) -> list[Run]:
    runs = executed(*requests, **options)
    assert {(run.outcome, run.problem, run.details) for run in runs} == {(Outcome.FINISHED, "", "")}
    return runs


def shown(run: Run) -> Any:
    return run.text, run.draws, run.trace, run.notes


# --- asking ------------------------------------------------------------------------------------


def test_a_python_there_says_what_it_has(server: SshServer, python: str) -> None:
    here = asyncio.run(ask_versions(sys.executable))
    there = asyncio.run(ask_versions(find_executable(python)))
    assert there.executable == python
    assert (there.python, there.packages, there.can_fork) == (here.python, here.packages, here.can_fork)
    far = asyncio.run(ask_versions(server.python(sys.executable, "far")))
    assert far.packages == here.packages, "by way of a jump host"


def test_devices_there_are_asked_of_tensorflow_itself(python: str) -> None:
    found = asyncio.run(ask_devices(python))
    assert found.problem == ""
    assert "CPU:0" in [device.name for device in found.devices]


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.13"])
@pytest.mark.parametrize("way", WAYS)
def test_pythons_from_3_6_on_execute_runs(server: SshServer, version: str, way: Start) -> None:
    executable = server.python(python_of(version))
    assert asyncio.run(ask_versions(executable)).python.startswith(f"{version}.")
    # Without a locale, as sshd gives it, Python 3.6 prints nothing but ASCII.
    script = "import random, sys\nrandom.seed(2)\nprint('x:', random.random())\nprint(ascii(sys.argv[1:]))"
    (run,) = finished(on(executable, script, arguments=("ä b", "'$x")), start=way)
    assert (run.start, run.draws[0].label) == (way.value, "x")
    assert run.text.splitlines()[1] == ascii(["ä b", "'$x"])


def test_tensorflow_1_15_is_forked_there(server: SshServer, tf1_python: str) -> None:
    executable = server.python(tf1_python)
    assert asyncio.run(ask_versions(executable)).version("tensorflow") == "1.15.5"
    runs = finished(*(on(executable, TENSORFLOW, index=n) for n in (1, 2, 3)))
    assert {run.start for run in runs} == {"fork"}
    # The seed of a graph is seen, so the doors are those of there.
    assert all(run.trace for run in runs)


# --- what can go wrong before anything runs ---------------------------------------------------------


def stub(server: SshServer, name: str, text: str) -> str:
    path = server.folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


FAILURES = [
    ("nobody", sys.executable, "nobody cannot be reached: ssh: connect to host", "“ssh nobody”"),
    ("keyless", sys.executable, "keyless lets nobody in: ", "ssh-copy-id keyless"),
    ("unknown", sys.executable, "ssh does not know the key of unknown: Host key verification failed", "“ssh unknown”"),
    ("changed", sys.executable, "The key of changed is not the one that ssh knows", "ssh-keygen -R changed"),
    ("there", "/nowhere/python", "There is no Python /nowhere/python on there: ", "--python ssh://there/"),
    ("there", "/etc/passwd", "There is no Python /etc/passwd on there: ", "--python ssh://there/"),
    ("there", "/bin/true", "/bin/true on there is not a Python that can be used (3.6 or newer).", "--python"),
    ("there", "/bin/cat", "/bin/cat on there is not a Python that can be used (3.6 or newer): ", "--python"),
]


@pytest.mark.parametrize(("host", "path", "what", "advice"), FAILURES)
def test_each_way_to_fail_says_what_to_do(server: SshServer, host: str, path: str, what: str, advice: str) -> None:
    executable = server.python(path, host)
    with pytest.raises(InterpreterError) as failed:
        asyncio.run(ask_versions(find_executable(executable)))
    assert what in failed.value.what
    assert advice in failed.value.advice
    for way in (Start.COLD, Start.AUTO):
        (run,) = executed(on(executable, NUMPY), start=way)
        assert run.outcome is Outcome.FAILED
        assert what.rstrip(".") in run.problem
        assert advice in run.problem
        assert not run.problem.endswith(".")


def test_a_python_2_is_none_that_can_be_used(server: SshServer) -> None:
    executable = server.python(python_of("2.7"))
    with pytest.raises(InterpreterError, match=r"is not a Python that can be used \(3.6 or newer\)"):
        asyncio.run(ask_versions(executable))


def test_without_ssh_here_that_is_said(python: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InterpreterError, match=r"There is no program “ssh” here.*openssh-client"):
        asyncio.run(ask_versions(python))
    (run,) = executed(on(python, NUMPY))
    assert "There is no program “ssh” here" in run.problem


def test_what_never_answers_is_given_up(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections_module, "CONNECT_LIMIT_S", 1.0)
    executable = server.python(stub(server, "silent", "exec tail -f /dev/null"))
    with pytest.raises(InterpreterError, match="there did not answer within 1 seconds"):
        asyncio.run(ask_versions(executable))
    # sshd ends it only when it writes or reads.
    for process in server.processes():
        process.kill()


def test_what_a_shell_writes_first_is_left_out_unless_it_never_ends(server: SshServer) -> None:
    talkative = server.python(stub(server, "talkative", f'echo "Welcome!"; echo again >&2; exec {sys.executable} "$@"'))
    assert asyncio.run(ask_versions(talkative)).problem == ""
    endless = server.python(stub(server, "endless", "yes"))
    with pytest.raises(InterpreterError, match="is not a Python that can be used"):
        asyncio.run(ask_versions(endless))


def test_a_host_that_cannot_be_reached_is_not_asked_for_each_run(server: SshServer) -> None:
    executable = server.python(sys.executable, "nobody")
    asked = server.folder / "asked"
    wrapper = server.bin / "ssh"
    text = wrapper.read_text()
    wrapper.write_text(text.replace("exec ", f"echo x >> {asked}\nexec "))
    try:
        runs = executed(*(on(executable, NUMPY, index=n) for n in range(5)), start=Start.COLD)
    finally:
        wrapper.write_text(text)
    assert {run.outcome for run in runs} == {Outcome.FAILED}
    assert asked.read_text() == "x\n"


# --- runs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_each_way_shows_there_what_it_shows_here(python: str, way: Start) -> None:
    here = finished(on(sys.executable, NUMPY), start=way)
    there = finished(*(on(python, NUMPY, index=n) for n in (1, 2, 3)), start=way)
    assert {run.start for run in there} == {way.value}
    assert [shown(run) for run in there] == [shown(here[0])] * 3


def test_tensorflow_is_imported_once_and_forked_for_each_run(server: SshServer, python: str) -> None:
    script = "import tensorflow as tf\ntf.random.set_seed(1)\nprint('x:', tf.random.normal([3]))\n"

    async def run(executor: PlacesExecutor) -> None:
        request = on(python, script)
        assert executor.readiness(request)[0] is Readiness.PREPARING
        executor.prepare(request)
        runs: list[Run] = []
        await Batch(Plan.repeat(request, 6), executor, lambda _request, run: runs.append(run)).run()
        assert [(run.outcome, run.start, run.problem) for run in runs] == [(Outcome.FINISHED, "fork", "")] * 6
        assert len({run.draws for run in runs}) == 1
        assert executor.readiness(request) == (Readiness.READY, "fork")
        assert len(server.sessions()) == 1, "all by one connection"

    working(run)


def test_the_choice_of_a_way_is_the_same_rule(python: str) -> None:
    telling = on(python, "import numpy as np\nprint('x:', hash('a') == 0)\n")
    plain = on(python, "import numpy as np\nprint('x:', 1)\n", is_plain=True)
    fixed = on(python, "import numpy as np\nprint('x:', id(np))\n", fixes_addresses=True)
    runs = finished(telling, plain, fixed, fixed)
    assert [run.start for run in runs] == ["cold"] * 4
    assert "hash" in runs[0].start_reason
    assert runs[2].draws == runs[3].draws, "addresses are the same each time"


def test_several_runs_share_one_connection_and_end_as_they_do(server: SshServer, python: str) -> None:
    fifos = [server.folder / f"fifo-{n}" for n in range(4)]
    for fifo in fifos:
        os.mkfifo(fifo)

    async def run(executor: PlacesExecutor) -> None:
        requests = [on(python, f"open({str(fifo)!r}).read()\nprint('n:', {n})") for n, fifo in enumerate(fifos)]
        running = [asyncio.create_task(executor.run(request)) for request in requests]
        for n in (2, 0, 3, 1):
            # Opening it waits for the run, so that all that come later run at the same time.
            await asyncio.to_thread(fifos[n].write_text, "go")
            ended = await running[n]
            assert (ended.outcome, ended.text) == (Outcome.FINISHED, f"n: {n}\n")
        assert len(server.sessions()) == 1

    working(run, start=Start.COLD)


def test_capacity_is_the_host_s_own(python: str) -> None:
    async def run(executor: PlacesExecutor) -> None:
        request = on(python, NUMPY)
        assert executor.capacity(request).runs == 1, "the run that connects"
        await executor.run(request)
        room = executor.capacity(request)
        assert room.runs == runs_at_once()
        assert abs(room.available_bytes - psutil.virtual_memory().available) < 4 * 2**30

    working(run)


def test_what_a_request_says_of_its_process_holds_there(python: str) -> None:
    script = "import os, sys\nprint(sys.argv[1:], os.environ.get('A'), os.environ.get('TMPDIR'), os.environ.get('B'))"
    request = on(python, script, arguments=("x",), environment=(("A", "é \n"), ("TMPDIR", None)))
    (run,) = finished(request, start=Start.COLD)
    assert run.text == "['x'] é \n None None\n"


@pytest.mark.parametrize("way", WAYS)
def test_much_output_and_a_large_draw_arrive_whole(python: str, way: Start) -> None:
    script = (
        "import numpy as np\nimport sys\nfor n in range(300):\n    sys.stdout.write('x' * 99_999 + '\\n')\n"
        "print('a:', np.arange(2_000_000))\nprint('e:', 1, file=sys.stderr)\n"
    )
    (run,) = finished(on(python, script), start=way)
    (draw,) = [draw for draw in run.draws if draw.label == "a"]
    assert len(draw.data) == 16_000_000


def test_a_script_that_fails_fails_as_here(python: str) -> None:
    script = "print('x:', 1)\nraise ValueError('no')\n"
    for way in WAYS:
        here, there = (executed(on(each, script), start=way)[0] for each in (sys.executable, python))
        assert (there.outcome, there.problem, there.draws, there.details) == (
            (here.outcome, here.problem, here.draws, here.details)
        ), way
    (killed,) = executed(on(python, "import os\nos.kill(os.getpid(), 11)"), start=Start.COLD)
    assert killed.problem == "was ended by the signal SIGSEGV"
    (closed,) = executed(on(python, "import os\nos.closerange(3, 300)\nprint('x:', 1)"), start=Start.COLD)
    assert any("closed a descriptor" in note for note in closed.notes)


# --- limits and ends -----------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_a_time_limit_holds_and_what_was_drawn_is_kept(server: SshServer, python: str, way: Start) -> None:
    script = f"import numpy\nprint('x:', 1, flush=True)\n{DAEMON}    pass\n{WAIT}"
    (run,) = executed(on(python, script, limits=Limits(timeout_s=3.0)), start=way)
    assert (run.outcome, run.problem) == (Outcome.TIMED_OUT, "did not end within 3 seconds")
    assert [draw.label for draw in run.draws] == ["x"]
    assert server.left() == []


@pytest.mark.parametrize("way", WAYS)
def test_a_limit_of_processes_holds(python: str, way: Start) -> None:
    bomb = f"import os\nwhile True:\n    if os.fork() == 0:\n        break\n{WAIT}"
    (run,) = executed(on(python, bomb, limits=Limits(max_processes=20)), start=way)
    assert (run.outcome, run.problem) == (Outcome.FAILED, "started more than 20 processes and was ended")


@pytest.mark.parametrize("way", WAYS)
def test_what_a_run_leaves_running_is_ended_and_said(python: str, way: Start) -> None:
    (run,) = executed(on(python, f"import numpy\n{DAEMON}    raise SystemExit\n{WAIT}"), start=way)
    assert (run.outcome, run.notes) == (Outcome.FINISHED, ("1 process was left running and has been ended",))


def test_the_host_holds_limits_by_itself(server: SshServer, python: str) -> None:
    """Where nobody here does, as when this machine sleeps."""

    async def wait() -> None:
        async with connections().connected(python) as connection:
            job = {"mode": "run", "python": sys.executable, "request": {"run": 1}, "text": WAIT, "seconds": 0.5}
            async with connection.process(job, NO_SINKS) as far:
                with pytest.raises(TimeoutError):
                    await connection.exit_of(far, max_processes=1)
            many = {**job, "text": f"import os\nos.fork()\nos.fork()\n{WAIT}", "seconds": 60, "processes": 3}
            async with connection.process(many, NO_SINKS) as far:
                with pytest.raises(RunLostError, match="started more than 3 processes"):
                    await connection.exit_of(far, max_processes=3)
            assert server.left() != [], "the folder of the connection"

    asyncio.run(wait())


@pytest.mark.parametrize("way", WAYS)
def test_cancelling_ends_the_run_there(server: SshServer, python: str, way: Start) -> None:
    fifo = server.folder / f"pid-{way.value}"
    os.mkfifo(fifo)
    tells = f"import numpy, os\n{DAEMON}    open({str(fifo)!r}, 'w').write(str(os.getpid()))\n{WAIT}"

    async def run(executor: PlacesExecutor) -> None:
        running = asyncio.create_task(executor.run(on(python, tells)))
        process = psutil.Process(int(await asyncio.to_thread(fifo.read_text)))
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert psutil.wait_procs([process], ENDS_WITHIN_S)[1] == []

    working(run, start=way)


ENDS = ["session", "agent", "ssh"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("end", ENDS)
def test_a_connection_that_is_lost_ends_all_there_and_the_next_run_has_another(
    server: SshServer, python: str, way: Start, end: str
) -> None:
    fifo = server.folder / f"lost-{way.value}-{end}"
    os.mkfifo(fifo)
    tells = f"import numpy, os\n{DAEMON}    open({str(fifo)!r}, 'w').close()\n{WAIT}"

    async def run(executor: PlacesExecutor) -> None:
        running = asyncio.create_task(executor.run(on(python, tells, start=way.value)))
        await asyncio.to_thread(fifo.read_text)
        there = server.processes()
        assert len(there) > 3
        ended = {"session": server.sessions, "agent": lambda: [first_of(there)], "ssh": own_ssh}[end]()
        for process in ended:
            process.send_signal(signal.SIGKILL)
        lost = await running
        assert lost.outcome is Outcome.FAILED
        assert "lost its connection: there does not answer any more" in lost.problem
        assert "Then run it again" in lost.problem
        assert psutil.wait_procs(there, ENDS_WITHIN_S)[1] == []
        assert end == "agent" or server.left() == []
        again = await executor.run(on(python, NUMPY))
        assert (again.outcome, again.problem) == (Outcome.FINISHED, "")

    working(run)
    if end == "agent":
        # Killed by force, it could not remove its folder; the next one does.
        asyncio.run(ask_versions(python))


def first_of(processes: list[psutil.Process]) -> psutil.Process:
    """The one that sshd started there."""
    for each in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if "serve" in each.cmdline():
                return each
    raise AssertionError(processes)


def own_ssh() -> list[psutil.Process]:
    """The ssh that this process uses."""
    found = [each for each in psutil.Process().children(recursive=True) if each.name() == "ssh"]
    assert found
    return found


def test_a_network_that_says_nothing_is_noticed_on_both_sides(
    server: SshServer, python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections_module, "QUIET_S", 2.0)
    monkeypatch.setattr(connections_module, "PULSE_S", 0.2)
    monkeypatch.setattr(connections_module, "HOST_QUIET_S", 2)
    fifo = server.folder / "stalled"
    os.mkfifo(fifo)

    async def run(executor: PlacesExecutor) -> None:
        tells = f"open({str(fifo)!r}, 'w').close()\n{WAIT}"
        running = asyncio.create_task(executor.run(on(python, tells, start="cold")))
        await asyncio.to_thread(fifo.read_text)
        there = server.processes()
        stopped = own_ssh()
        for process in stopped:
            process.suspend()
        lost = await running
        assert "there has not answered for 2 seconds" in lost.problem
        assert (await asyncio.to_thread(psutil.wait_procs, there, ENDS_WITHIN_S))[1] == []

    working(run)


def test_closing_ends_what_is_prepared(server: SshServer, python: str) -> None:
    async def run(executor: PlacesExecutor) -> None:
        await executor.run(on(python, NUMPY))
        assert len(server.processes()) > 3

    working(run, start=Start.FORK)
    server.check_nothing_is_left()


def test_a_connection_is_shared_while_it_is_held(server: SshServer, python: str) -> None:
    async def share() -> None:
        async with connections().connected(python) as first:
            await ask_versions(python)
            async with connections().connected(python) as second:
                assert first is second
            assert len(server.sessions()) == 1
            assert isinstance(first, Connection)
        assert first.is_over

    asyncio.run(share())


def test_no_descriptor_is_left_open_here(python: str) -> None:
    finished(on(python, NUMPY))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        finished(on(python, NUMPY))
    assert len(os.listdir("/proc/self/fd")) <= before


def test_a_session_asks_and_runs_by_one_connection(server: SshServer, python: str) -> None:
    """As a window does: its Python is asked for versions, then devices, while its imports are prepared."""

    async def work() -> None:
        engine = Engine()
        session = Session(Settings(runs=2), engine)
        engine.listener = session
        found = asyncio.Event()
        session.listeners.append(lambda _: found.set() if session.interpreter and session.interpreter.devices else None)
        try:
            session.pythons.choose(python)
            await found.wait()
            assert session.interpreter is not None
            assert session.interpreter.executable == python
            session.runs.run_all()
            await engine.until_idle()
            (column,) = session.lab().columns
            assert [(run.outcome, run.start) for run in column.runs] == [(Outcome.FINISHED, "fork")] * 2
            assert len(server.sessions()) == 1
        finally:
            await engine.close()

    asyncio.run(work())
