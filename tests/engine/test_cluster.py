"""Runs on a real Dask cluster, whose scheduler and workers are processes on the loopback that know no seedlab."""

import asyncio
import os
import platform
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
from msgspec.structs import replace

from seedlab.engine import cluster_connection
from seedlab.engine.batch import Batch, BatchEnd
from seedlab.engine.cluster_connection import MOST_AGAIN, ClusterError, check_versions
from seedlab.engine.clusters import Cluster, check_cluster
from seedlab.engine.engine import Engine
from seedlab.engine.executors.cluster import COLD, ClusterExecutor
from seedlab.engine.executors.cold import ColdExecutor
from seedlab.engine.executors.executor import Readiness
from seedlab.engine.pythons import ask_versions
from seedlab.engine.request import Limits, Plan, RunRequest
from seedlab.errors import ChoiceError, InterpreterError
from seedlab.observer.tasks import TEXT
from seedlab.results.run import Outcome, Run
from tests.helpers.cluster import DaskCluster, Node, dask_cluster
from tests.helpers.command_line import seedlab, started
from tests.helpers.meeting import meeting

ENDS_WITHIN_S = 30


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Two workers, with three threads together."""
    with dask_cluster(tmp_path_factory.mktemp("cluster"), 2, 1) as found:
        yield found


@asynccontextmanager
async def executor_on(cluster: DaskCluster, *, may_send: bool = False) -> AsyncIterator[ClusterExecutor]:
    executor = ClusterExecutor(Cluster(cluster.address), may_send=lambda _: may_send)
    try:
        async with asyncio.timeout(2 * ENDS_WITHIN_S):
            yield executor
    finally:
        await executor.close()


def request_on(cluster: DaskCluster, script: str, **more: Any) -> RunRequest:
    return RunRequest(script=script, executable=cluster.address, **more)


def run_on(cluster: DaskCluster, script: str, *, may_send: bool = False, **more: Any) -> Run:
    async def run() -> Run:
        async with executor_on(cluster, may_send=may_send) as executor:
            return await executor.run(request_on(cluster, script, **more))

    return asyncio.run(run())


def wait_until_ended(cluster: DaskCluster) -> None:
    _, left = psutil.wait_procs(cluster.processes_beside(), ENDS_WITHIN_S)
    assert not left
    assert not cluster.processes_beside()


# --- what a run is ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        "import random\nrandom.seed(3)\nprint('x:', random.random())\nprint('free text')\n",
        "import sys, numpy as np\nprint('v:', np.arange(4.0))\nprint('besides', file=sys.stderr)\n",
        "print('x:', 1)\nraise ValueError('no')\n",
        "import os, signal\nprint('x:', 1, flush=True)\nos.kill(os.getpid(), signal.SIGSEGV)\n",
        "import sys\nsys.exit(3)\n",
        "import os\nos.closerange(3, 60)\nprint('x:', 1)\n",
        "import os, signal\nif not os.fork():\n    signal.pause()\nprint('x:', 1)\n",
        "import os\nos.write(1, b'a' * 3_000_000)\nos.write(2, b'b' * 2_000_000)\n",
    ],
    ids=["draws", "streams", "error", "signal", "status", "closed report", "left running", "much output"],
)
def test_it_shows_what_a_cold_run_here_shows(cluster: DaskCluster, script: str) -> None:
    there = run_on(cluster, script)
    here = asyncio.run(ColdExecutor().run(RunRequest(script=script, executable=sys.executable)))
    assert 0 < there.seconds < ENDS_WITHIN_S
    assert replace(there, seconds=0.0, start_reason="") == replace(here, seconds=0.0)


def test_it_is_a_fresh_process_beside_a_worker_that_knows_no_seedlab(cluster: DaskCluster) -> None:
    script = "import os, sys\nprint('pid:', os.getpid())\nprint('loaded:', 'distributed' in sys.modules)\n"
    runs = [run_on(cluster, script) for _ in range(2)]
    pids = {int(run.draws[0].array) for run in runs}
    assert len(pids) == 2
    assert all(run.text.endswith("loaded: False\n") for run in runs)
    # Nothing of the run is left beside the worker, and the worker itself is as it was.
    assert not cluster.processes_beside()
    assert [run.start_reason for run in runs] == [COLD, COLD]


def test_the_python_of_a_run_is_that_of_the_worker_or_the_one_that_was_named(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    named = tmp_path / "python"
    named.write_text(f'#!/bin/sh\nNAMED=yes exec {sys.executable} "$@"\n')
    named.chmod(0o755)
    script = "import os, sys\nprint(os.environ.get('NAMED'), sys.executable)\n"

    async def runs() -> tuple[Run, Run, Run]:
        async with executor_on(cluster) as executor:
            own = request_on(cluster, script)
            given = replace(own, executable=Cluster(cluster.address).executable(str(named)))
            missing = replace(own, executable=f"{cluster.address}/not/python")
            made = await asyncio.gather(*map(executor.run, (own, given, missing)))
            return made[0], made[1], made[2]

    own, given, missing = asyncio.run(runs())
    assert own.text == f"None {sys.executable}\n"
    assert given.text.startswith("yes ")
    assert missing.outcome is Outcome.FAILED
    assert missing.problem == f"cannot be started on {socket.gethostname()}: /not/python: No such file or directory"


def test_a_worker_says_what_its_python_has(cluster: DaskCluster) -> None:
    async def ask(executable: str) -> Any:
        async with executor_on(cluster) as executor:
            return await ask_versions(executable, answer=executor.answer)

    found = asyncio.run(ask(cluster.address))
    assert (found.executable, found.python) == (cluster.address, platform.python_version())
    assert found.version("numpy")
    with pytest.raises(InterpreterError, match="No such file"):
        asyncio.run(ask(f"{cluster.address}/not/python"))
    with pytest.raises(InterpreterError, match="not a Python that can be used"):
        asyncio.run(ask(f"{cluster.address}/bin/true"))


def test_limits_hold_there(cluster: DaskCluster) -> None:
    forks = "import os, signal\nfor _ in range(20):\n    if not os.fork():\n        signal.pause()\nsignal.pause()\n"

    async def runs() -> list[Run]:
        async with executor_on(cluster) as executor:
            slow = request_on(cluster, "import signal\nprint('x:', 1, flush=True)\nsignal.pause()\n")
            slow = replace(slow, limits=Limits(timeout_s=0.5))
            bomb = request_on(cluster, forks, limits=Limits(max_processes=8))
            long = request_on(cluster, "print('a' * 5000)", limits=Limits(output_bytes=100))
            return await asyncio.gather(*map(executor.run, (slow, bomb, long)))

    slow, bomb, long = asyncio.run(runs())
    assert (slow.outcome, slow.problem) == (Outcome.TIMED_OUT, "did not end within 0.5 seconds")
    assert [draw.label for draw in slow.draws] == ["x"]
    assert (bomb.outcome, bomb.problem) == (Outcome.FAILED, "started more than 8 processes and was ended")
    assert "bytes left out" in long.text
    assert len(long.text) < 300
    assert not cluster.processes_beside()


def test_what_it_does_outside_its_process_is_told_as_it_is_there(cluster: DaskCluster, tmp_path: Path) -> None:
    outside = tmp_path / "written"
    script = f"""
import tempfile, subprocess
open({str(outside)!r}, "w").write("1")
tempfile.TemporaryFile().write(b"1")
with tempfile.NamedTemporaryFile() as file:
    file.write(b"1")
subprocess.run(["true"])
"""
    effects = run_on(cluster, script, audits=True).effects
    assert effects is not None
    assert [(effect.kind, effect.what) for effect in effects.outside] == [
        ("written", str(outside)),
        ("started", "true"),
    ]
    assert effects.is_complete
    assert not effects.changed_folder


# --- many runs ----------------------------------------------------------------------------------------


class Delivered:
    """Takes the runs of a batch."""

    def __init__(self, plan: Plan, executor: ClusterExecutor) -> None:
        self.runs: list[Run] = []
        self.early: list[int] = []
        self.batch = Batch(plan, executor, lambda _, run: self.runs.append(run), self._take_early)
        self.has_early = asyncio.Event()
        tell = executor.on_change

        def on_change() -> None:
            tell()
            self.batch.look_again()

        executor.on_change = on_change

    def _take_early(self, _: RunRequest, run: Run) -> None:
        self.early.append(run.index)
        self.has_early.set()


def test_runs_are_delivered_as_they_end(cluster: DaskCluster) -> None:
    async def run() -> None:
        async with meeting() as place, executor_on(cluster) as executor:
            first = request_on(cluster, place.script + "print('x:', 1)\n")
            second = request_on(cluster, "print('x:', 2)", index=2)
            delivered = Delivered(Plan((first, second)), executor)
            running = asyncio.create_task(delivered.batch.run())
            await place.until_come(1)
            await delivered.has_early.wait()
            assert not delivered.runs
            place.let_go()
            assert await running is BatchEnd.COMPLETED
            assert (delivered.early, [run.index for run in delivered.runs]) == ([2], [1, 2])

    asyncio.run(run())


def test_no_more_runs_are_there_at_once_than_the_workers_have_threads(
    cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 0
    submit = cluster_connection.ClusterConnection._executed

    async def counted(self: Any, *arguments: Any) -> Any:
        nonlocal most
        most = max(most, len(self._tasks))
        return await submit(self, *arguments)

    monkeypatch.setattr(cluster_connection.ClusterConnection, "_executed", counted)

    async def run() -> None:
        async with meeting() as place, executor_on(cluster) as executor:
            await executor.connected()
            request = request_on(cluster, place.script + "print('x:', 1)\n")
            assert executor.capacity(request).runs == 3
            assert executor.describe() == "2 workers on 1 host"
            assert executor.readiness(request) == (Readiness.COLD, f"{COLD}, 2 workers on 1 host")
            delivered = Delivered(Plan.repeat(request, 18, jobs=64), executor)
            running = asyncio.create_task(delivered.batch.run())
            await place.until_come(3)
            place.let_go()
            await running
            assert [run.index for run in delivered.runs] == [*range(1, 19)]
            assert {run.outcome for run in delivered.runs} == {Outcome.FINISHED}

    asyncio.run(run())
    assert most == 3


@asynccontextmanager
async def changing(cluster: DaskCluster, *, may_send: bool = False) -> AsyncIterator[tuple[ClusterExecutor, Any]]:
    """An executor, and a function that waits until the workers have so many threads together."""
    changed = asyncio.Condition()

    async def tell() -> None:
        async with changed:
            changed.notify_all()

    tasks = set()
    executor = ClusterExecutor(
        Cluster(cluster.address), may_send=lambda _: may_send, on_change=lambda: tasks.add(asyncio.create_task(tell()))
    )

    async def until_threads(count: int) -> None:
        async with asyncio.timeout(ENDS_WITHIN_S), changed:
            request = request_on(cluster, "")
            await changed.wait_for(lambda: executor.capacity(request).runs == count)

    try:
        await executor.connected()
        yield executor, until_threads
    finally:
        await executor.close()
        await asyncio.gather(*tasks)


def test_room_follows_workers_that_come_and_go_and_a_batch_that_waits_sees_it(cluster: DaskCluster) -> None:
    async def run() -> None:
        async with meeting() as place, changing(cluster) as (executor, until_threads):
            delivered = Delivered(Plan.repeat(request_on(cluster, place.script), 9), executor)
            running = asyncio.create_task(delivered.batch.run())
            await place.until_come(3)
            more = await asyncio.to_thread(cluster.add_worker, 4)
            # While none of those that hold all places has ended.
            await place.until_come(7)
            place.let_go()
            await running
            assert {run.outcome for run in delivered.runs} == {Outcome.FINISHED}
            await asyncio.to_thread(more.kill)
            await until_threads(3)

    asyncio.run(run())


# --- workers that are lost ----------------------------------------------------------------------------


def test_runs_of_a_worker_that_is_killed_are_begun_again_and_none_is_lost_or_doubled(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    beginnings = tmp_path / "beginnings"
    script = f"open({str(beginnings)!r}, 'a').write('begun\\n')\n"

    async def run() -> None:
        doomed = await asyncio.to_thread(cluster.add_worker, 2)
        async with meeting() as place, changing(cluster) as (executor, until_threads):
            request = request_on(cluster, script + place.script + "print('x:', 1)\n")
            plan = Plan.joined([Plan.repeat(replace(request, key=key), 4) for key in (1, 2)])
            delivered: list[tuple[int, int, Run]] = []
            batch = Batch(plan, executor, lambda asked, run: delivered.append((asked.key, asked.index, run)))
            executor.on_change, told = batch.look_again, executor.on_change
            running = asyncio.create_task(batch.run())
            await place.until_come(5)
            assert len(place.here) == 5
            executor.on_change = told
            theirs = below(doomed)
            await asyncio.to_thread(doomed.kill)
            # What it had begun ends with it.
            _, left = await asyncio.to_thread(psutil.wait_procs, theirs, ENDS_WITHIN_S)
            assert not left
            await until_threads(3)
            place.let_go()
            assert await running is BatchEnd.COMPLETED
        assert [(key, index) for key, index, _ in delivered] == [
            (key, index) for key in (1, 2) for index in range(1, 5)
        ]
        assert {run.outcome for _, _, run in delivered} == {Outcome.FINISHED}
        again = [run for _, _, run in delivered if run.notes]
        assert len(again) == 2
        host = socket.gethostname()
        assert again[0].notes == (
            f"it was begun again on another worker, as the one before was lost ({host}, then {host}): "
            "what it had done outside its process until then was done again",
        )
        assert len(beginnings.read_text().splitlines()) == 8 + 2

    asyncio.run(run())
    wait_until_ended(cluster)


def below(worker: Node) -> list[psutil.Process]:
    """The processes that a worker has started."""
    return psutil.Process(worker.process.pid).children(recursive=True)


def test_runs_of_a_worker_that_is_sent_away_are_begun_again(cluster: DaskCluster) -> None:
    async def run() -> None:
        leaving = await asyncio.to_thread(cluster.add_worker, 2)
        async with meeting() as place, changing(cluster) as (executor, until_threads):
            delivered = Delivered(Plan.repeat(request_on(cluster, place.script), 5), executor)
            running = asyncio.create_task(delivered.batch.run())
            await place.until_come(5)
            # As a cluster does that becomes smaller.
            client = (await executor.connected())._client
            await client.retire_workers([leaving.address])
            await until_threads(3)
            place.let_go()
            await running
            assert [run.outcome for run in delivered.runs] == [Outcome.FINISHED] * 5
            assert 1 <= sum(bool(run.notes) for run in delivered.runs) <= 2

    asyncio.run(run())
    wait_until_ended(cluster)


def test_a_run_that_loses_every_worker_is_given_up(tmp_path: Path) -> None:
    async def run(cluster: DaskCluster, worker: Node) -> None:
        async with meeting() as place, executor_on(cluster) as executor:
            running = asyncio.create_task(executor.run(request_on(cluster, place.script)))
            for count in range(1, MOST_AGAIN + 2):
                await place.until_come(count)
                await asyncio.to_thread(worker.kill)
                if count <= MOST_AGAIN:
                    worker = await asyncio.to_thread(cluster.add_worker, 1)
            ended = await running
            assert (ended.outcome, ended.problem) == (
                Outcome.FAILED,
                f"was begun {MOST_AGAIN + 1} times on the cluster, and its worker was lost each time",
            )
            assert len(place.come) == MOST_AGAIN + 1

    with dask_cluster(tmp_path) as cluster:
        asyncio.run(run(cluster, cluster.add_worker(1)))
        wait_until_ended(cluster)


def test_runs_wait_for_the_first_worker_and_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(cluster: DaskCluster) -> None:
        async with executor_on(cluster) as executor:
            running = asyncio.create_task(executor.run(request_on(cluster, "print('x:', 1)")))
            await executor.connected()
            assert executor.describe() == "no worker"
            worker = await asyncio.to_thread(cluster.add_worker, 1)
            assert (await running).outcome is Outcome.FINISHED
            await asyncio.to_thread(worker.kill)
            monkeypatch.setattr(cluster_connection, "NO_WORKER_LIMIT_S", 2.0)
            ended = await executor.run(request_on(cluster, "print('x:', 1)"))
            problem = f"lost its cluster: no worker has come to {cluster.address} for 2 seconds"
            assert (ended.outcome, ended.problem) == (Outcome.FAILED, problem)

    with dask_cluster(tmp_path) as cluster:
        asyncio.run(run(cluster))


def test_a_scheduler_that_is_lost_ends_all_runs_here_and_there(tmp_path: Path) -> None:
    async def run(cluster: DaskCluster) -> None:
        async with meeting() as place, executor_on(cluster) as executor:
            delivered = Delivered(Plan.repeat(request_on(cluster, place.script), 6), executor)
            running = asyncio.create_task(delivered.batch.run())
            await place.until_come(2)
            await asyncio.to_thread(cluster.scheduler.kill)
            await running
            await place.until_gone()
            assert {run.outcome for run in delivered.runs} == {Outcome.FAILED}
            assert delivered.runs[0].problem.startswith("lost its cluster: ")

    with dask_cluster(tmp_path, 2) as cluster:
        asyncio.run(run(cluster))
        wait_until_ended(cluster)


# --- the end ------------------------------------------------------------------------------------------


DAEMON = """
import os
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
"""


def test_what_is_cancelled_or_skipped_has_ended_there_with_all_that_it_started(cluster: DaskCluster) -> None:
    async def run() -> None:
        async with meeting() as place, executor_on(cluster) as executor:
            # Both the script and what has left its group and its session come.
            request = request_on(cluster, DAEMON + place.script)
            plan = Plan.joined([Plan.repeat(replace(request, key=key), 2) for key in (1, 2)])
            delivered = Delivered(plan, executor)
            running = asyncio.create_task(delivered.batch.run())
            await place.until_come(6)
            delivered.batch.skip(1)
            await place.until_come(8)
            delivered.batch.cancel()
            assert await running is BatchEnd.CANCELLED
            assert not cluster.processes_beside()
            assert [run.outcome for run in delivered.runs] == [Outcome.CANCELLED] * 4

    asyncio.run(run())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_stays_there_when_seedlab_is_interrupted_or_killed(
    cluster: DaskCluster, tmp_path: Path, number: signal.Signals
) -> None:
    script = tmp_path / "wait.py"

    async def run() -> None:
        async with meeting() as place:
            script.write_text(DAEMON + place.script)
            command = started(
                "run", str(script), "--cluster", cluster.address, "--yes", "--start", "cold", "--folder", str(tmp_path),
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
            await place.until_come(2)
            command.send_signal(number)
            _, complaint = await asyncio.to_thread(command.communicate, timeout=ENDS_WITHIN_S)
            await place.until_gone()
            assert command.returncode == (130 if number == signal.SIGINT else -signal.SIGKILL)
            assert "Traceback" not in complaint

    asyncio.run(run())
    wait_until_ended(cluster)


# --- scripts with a folder ----------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A script with a module beside it, which writes into its folder and looks at it."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "beside.py").write_text("VALUE = 1.5\n")
    script = folder / "script.py"
    script.write_text(
        "import os, sys, beside\nprint('x:', beside.VALUE)\n"
        "print('there:', sorted(set(os.listdir()) - {'__pycache__'}))\n"
        "open('new.txt', 'w').write('1')\nprint('name:', sys.argv)\n"
    )
    return script


def request_of_own(cluster: DaskCluster, script: Path, **more: Any) -> RunRequest:
    return request_on(
        cluster, script.read_text(), path=str(script), name="script.py", folder=str(script.parent), **more
    )


def test_a_folder_is_sent_where_somebody_agreed_and_each_run_begins_with_it_as_it_is_here(
    cluster: DaskCluster, own: Path
) -> None:
    async def run() -> None:
        async with executor_on(cluster, may_send=True) as executor:
            request = request_of_own(cluster, own, arguments=("a",))
            made = await asyncio.gather(*[executor.run(replace(request, index=index)) for index in range(1, 5)])
            assert {run.text for run in made} == {
                "x: 1.5\nthere: ['beside.py', 'script.py']\nname: ['script.py', 'a']\n"
            }
            note = f"it was executed on a cluster, in a copy of {own.parent} that was sent there"
            assert {run.notes for run in made} == {(note,)}
            # What lies there is sent again when it is another.
            (own.parent / "beside.py").write_text("VALUE = 2.5\n")
            assert (await executor.run(request)).text.startswith("x: 2.5\n")
            changed = replace(request, script="import beside\nprint('y:', beside.VALUE)\n", is_private=True)
            assert (await executor.run(changed)).text == "y: 2.5\n"
            failing = await executor.run(replace(changed, script="raise ValueError\n"))
            assert 'File "script.py", line 1' in failing.details

    asyncio.run(run())
    assert sorted(each.name for each in own.parent.iterdir()) == ["beside.py", "script.py"]


def test_a_folder_is_not_sent_where_nobody_agreed_or_it_is_too_large(cluster: DaskCluster, own: Path) -> None:
    refused = run_on(cluster, own.read_text(), path=str(own), folder=str(own.parent))
    assert refused.outcome is Outcome.FAILED
    assert (
        f"To execute script.py on {cluster.address}, {own.parent} (2 files, 0.001 MB) would be sent" in refused.problem
    )
    with (own.parent / "large").open("wb") as file:
        file.truncate(10_000_001)
    refused = run_on(cluster, own.read_text(), path=str(own), folder=str(own.parent), may_send=True)
    assert refused.outcome is Outcome.FAILED
    assert "more than 10 MB" in refused.problem


def test_a_folder_that_all_workers_have_is_seen_privately_by_each_run(cluster: DaskCluster, own: Path) -> None:
    run = run_on(
        cluster, own.read_text(), path=str(own), name=own.name, folder=str(own.parent), host_folder=str(own.parent)
    )
    assert run.text == "x: 1.5\nthere: ['beside.py', 'script.py']\nname: ['script.py']\n"
    assert not run.notes
    assert not (own.parent / "new.txt").exists()
    missing = run_on(cluster, own.read_text(), path=str(own), folder=str(own.parent), host_folder="/not/there")
    assert missing.outcome is Outcome.FAILED
    assert f"There is no folder /not/there on {socket.gethostname()}." in missing.problem


def test_a_worker_that_has_no_room_for_what_is_sent_says_so(
    cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_connection, "LOOK_S", 0.1)
    monkeypatch.setattr(cluster_connection, "TEXT", TEXT.replace('open(new, "wb")', 'open("/dev/full/no", "wb")'))
    monkeypatch.setattr(cluster_connection, "_parts", lambda: b"{}")
    run = run_on(cluster, "print('x:', 1)")
    assert run.outcome is Outcome.FAILED
    assert run.problem.startswith("could not be begun: what it needs cannot be sent to tcp://127.0.0.1:")
    assert run.problem.endswith("Not a directory: '/dev/full/no'")


def test_files_cannot_be_compared_there(cluster: DaskCluster) -> None:
    run = run_on(cluster, "print('x:', 1)", compares=("out.txt",))
    assert (run.outcome, run.draws) == (Outcome.FAILED, ())
    assert "Files cannot be compared" in run.problem


# --- what is wrong with a cluster ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["", "host", "host:8786", "tcp://host", "tcp://host:0", "tcp://host:99999", "http://host:8786", "ucx://host:8786",
     "tcp://host:8786/python", "tcp://-host:8786", "tcp://a b:8786", "tcp://host:8786\n", "tcp://[x]:8786"],
)  # fmt: skip
def test_an_address_that_can_be_none_is_refused(address: str) -> None:
    with pytest.raises(ChoiceError, match="is no address of a cluster"):
        check_cluster(address)


@pytest.mark.parametrize("address", ["tcp://host:8786", "tls://10.0.0.1:80", "tcp://[fe80::1%eth0]:8786"])
def test_addresses_and_the_pythons_of_their_workers(address: str) -> None:
    check_cluster(address)
    found = Cluster(address)
    assert found.executable(None) == address
    assert found.executable("/opt/python") == f"{address}/opt/python"
    assert found.python(address) is None
    assert found.python(f"{address}/opt/python") == "/opt/python"
    assert found.has(f"{address}/opt/python")
    assert not found.has(f"{address}0/opt/python")
    assert not found.has(sys.executable)
    with pytest.raises(ChoiceError, match="cannot be the Python of a cluster"):
        found.executable("python3")


def error_at(address: str) -> str:
    async def connect() -> None:
        executor = ClusterExecutor(Cluster(address))
        try:
            async with asyncio.timeout(ENDS_WITHIN_S):
                await executor.connected()
        finally:
            await executor.close()

    with pytest.raises(ClusterError) as raised:
        asyncio.run(connect())
    return str(raised.value)


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setattr(cluster_connection, "CONNECT_LIMIT_S", 1.0)
        # Somebody who listens and says nothing.
        silent = error_at(f"tcp://127.0.0.1:{port}")
    assert silent.startswith(f"No cluster answers at tcp://127.0.0.1:{port} within 1 seconds.")
    assert error_at(f"tcp://127.0.0.1:{port}").startswith(f"No cluster can be reached at tcp://127.0.0.1:{port}: ")
    assert "No cluster can be reached at tcp://no.such.host.invalid:1: " in error_at("tcp://no.such.host.invalid:1")


def test_a_cluster_that_asks_for_certificates(cluster: DaskCluster) -> None:
    assert "cannot be used" in error_at(cluster.address.replace("tcp://", "tls://"))


def test_another_release_of_distributed(tmp_path: Path) -> None:
    prelude = "import distributed.versions as v\nv._version_cached = lambda name: '2020.1.0'\n"
    with dask_cluster(tmp_path, prelude=prelude) as cluster:
        said = error_at(cluster.address)
    assert said.startswith(f"The cluster at {cluster.address} has distributed 2020.1.0, and seedlab has ")
    assert "Install “distributed==2020.1.0” where seedlab runs" in said
    check_versions("", "1", "1")


def test_distributed_is_missing(cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = error_at(cluster.address)
    assert "need Dask’s “distributed”, which cannot be imported here" in said
    assert "pip install 'seedlab[cluster]'" in said
    ended = seedlab("run", "random", "--cluster", cluster.address, PYTHONPATH=_without_distributed(cluster.folder))
    assert ended.returncode == 2
    assert "pip install 'seedlab[cluster]'" in ended.stderr
    # It is not imported where no cluster is named.
    assert seedlab("run", "random", PYTHONPATH=_without_distributed(cluster.folder)).returncode == 0


def _without_distributed(folder: Path) -> str:
    (folder / "without").mkdir(exist_ok=True)
    (folder / "without" / "distributed.py").write_text("raise ImportError('it is not installed')\n")
    return os.pathsep.join([str(folder / "without"), os.environ.get("PYTHONPATH", "")])


def test_nobody_is_contacted_whom_no_person_has_named() -> None:
    async def run(address: str) -> list[Run]:
        runs: list[Run] = []

        class Listener:
            def on_run_ended(self, _: RunRequest, run: Run) -> None:
                runs.append(run)

            def __getattr__(self, name: str) -> Any:
                return lambda *_: None

        engine = Engine()
        engine.listener = Listener()
        try:
            engine.prepare(RunRequest(script="print(1)", executable=address))
            engine.start_plan(Plan((RunRequest(script="print(1)", executable=address),)))
            await engine.until_idle()
        finally:
            await engine.close()
        return runs

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        ended = asyncio.run(run(f"tcp://127.0.0.1:{server.getsockname()[1]}/usr/bin/python3"))
        with pytest.raises(BlockingIOError):
            server.accept()
    assert [run.outcome for run in ended] == [Outcome.FAILED]


# --- the command line ---------------------------------------------------------------------------------


def test_run_and_check_name_a_cluster(cluster: DaskCluster, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = seedlab("run", "random", "--runs", "4", "--cluster", cluster.address, "--json", "-")
    assert ended.returncode == 0, ended.stderr
    assert re.search(r"[23] workers on 1 host", ended.stderr)
    assert len(msgspec.json.decode(ended.stdout)["experiments"][0]["runs"]) == 4
    # In another folder, a relative path of modules would mean another one.
    monkeypatch.setenv("PYTHONPATH", str(Path(cluster_connection.__file__).parents[2]))
    monkeypatch.chdir(own.parent)
    refused = seedlab("run", "script.py", "--cluster", cluster.address)
    assert refused.returncode == 2
    assert "would be sent there. Agree on the command line with --yes" in refused.stderr
    checked = seedlab("check", "script.py", "--runs", "2", "--cluster", cluster.address, "--yes")
    shared = seedlab("run", "script.py", "--runs", "2", "--cluster", cluster.address, "--folder", str(own.parent))
    assert checked.returncode == 0, checked.stderr
    assert "all 3 draws repeat in 2 of 2 cold runs" in checked.stdout
    assert shared.returncode == 0, shared.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cluster", "http://host:1"], "“http://host:1” is no address of a cluster"),
        (["--cluster", "tcp://host:1", "--start", "fork"], "--start cannot be “fork” on a cluster"),
        (["--cluster", "tcp://host:1", "--python", "python3"], "“python3” cannot be the Python of a cluster’s workers"),
        (["--cluster", "tcp://host:1", "--folder", "here"], "--folder cannot be “here”"),
        (["--cluster", "tcp://host:1", "--compare", "a.txt"], "--compare"),
    ],
)
def test_what_makes_no_sense_with_a_cluster_is_said_before_anybody_is_asked(
    own: Path, options: list[str], said: str
) -> None:
    ended = seedlab("run", str(own), "--yes", *options)
    assert ended.returncode == 2
    assert said in ended.stderr
