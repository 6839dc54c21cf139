"""The command line as a process of its own, with real files, pipes and signals."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import psutil

COMMAND = (sys.executable, "-m", "seedlab")
_TOKEN = "SEEDLAB_TEST_TOKEN"


def seedlab(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Carry out one command to its end; what it prints is caught."""
    env = {**os.environ, **environment}
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, check=False, env=env, stdin=subprocess.DEVNULL
    )


def started(
    *arguments: str,
    stdout: int | IO[Any] = subprocess.PIPE,
    stderr: int | IO[Any] = subprocess.PIPE,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    """Start one command; Ctrl+C reaches it even where the tests themselves were started to ignore it."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
        env={**os.environ, **(environment or {})},
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509  # The tests' own process has no threads at this moment.
    )


def _hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def marked(folder: Path) -> dict[str, str]:
    """The environment that `left_running` knows a command and all its children by."""
    return {_TOKEN: str(folder)}


def left_running(folder: Path) -> list[str]:
    """The command lines of the processes that were started with `marked` and have not ended."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(_TOKEN) == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found
