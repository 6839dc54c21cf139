"""A real Dask cluster on the loopback: a scheduler and workers, each in a process of its own, which know no seedlab."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from tests.helpers.command_line import marked, processes_left

# It ends when whoever started it does, whatever happens to that.
_PROGRAM = """
import asyncio, os, sys, threading, warnings
sys.modules["seedlab"] = None
import distributed

def end_with_parent():
    sys.stdin.read()
    os._exit(0)

threading.Thread(target=end_with_parent, daemon=True).start()

async def main():
    kind, *rest = sys.argv[1:]
    if kind == "scheduler":
        node = distributed.Scheduler(host="127.0.0.1", port=0, dashboard_address="127.0.0.1:0")
    else:
        node = distributed.Worker(rest[0], nthreads=int(rest[1]), name=rest[2], host="127.0.0.1", dashboard=False,
                                  local_directory=rest[3])
    async with node:
        print(node.address, flush=True)
        await node.finished()

asyncio.run(main())
"""
_SETTINGS = {
    # So that a worker that was stopped, and not ended, is missed in time.
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "10s",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3",
    "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false",
}


class Node:
    """A scheduler or a worker."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address

    def kill(self) -> None:
        """End it at once, as a machine does that is switched off."""
        self.process.kill()
        self.process.wait()


class DaskCluster:
    """A scheduler, to which workers can be added."""

    def __init__(self, folder: Path, stack: ExitStack, *, prelude: str = "") -> None:
        """``folder`` is for what the workers keep, and for the mark by which all processes are known.

        ``prelude`` is executed in the scheduler first.
        """
        self.folder = folder
        self._stack = stack
        self._count = 0
        self._log = stack.enter_context((folder / "log").open("a"))
        self.scheduler = self._start("scheduler", prelude=prelude)
        self.address = self.scheduler.address

    def add_worker(self, threads: int = 2) -> Node:
        """Add a worker, which has registered itself when this returns."""
        self._count += 1
        return self._start("worker", self.address, str(threads), f"worker-{self._count}", str(self.folder))

    def _start(self, *arguments: str, prelude: str = "") -> Node:
        # No test's folder is on its path.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        process = subprocess.Popen(
            [sys.executable, "-c", prelude + _PROGRAM, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            cwd=self.folder,
            env={**environment, **_SETTINGS, **marked(self.folder), "DASK_TEMPORARY_DIRECTORY": str(self.folder)},
        )
        self._stack.callback(_end, process)
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, (self.folder / "log").read_text()
        return Node(process, address)

    def processes_beside(self) -> list[psutil.Process]:
        """The processes that runs have started and that have not ended."""
        found = []
        for each in processes_left(self.folder):
            # It may end meanwhile.
            with contextlib.suppress(psutil.NoSuchProcess):
                if _PROGRAM not in " ".join(each.cmdline()):
                    found.append(each)
        return found


@contextmanager
def dask_cluster(folder: Path, *threads: int, prelude: str = "") -> Iterator[DaskCluster]:
    """A cluster with a worker for each of ``threads``, which ends with the block."""
    with ExitStack() as stack:
        cluster = DaskCluster(folder, stack, prelude=prelude)
        for each in threads:
            cluster.add_worker(each)
        yield cluster


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
