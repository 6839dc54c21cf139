"""The command line as a process of its own, with real files, pipes and signals."""

import contextlib
import os
import shutil
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


def without_privileges() -> list[str] | None:
    """The beginning of a command that is bound by the permissions of files, as root is not; None if there is none."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    dropped = "-dac_override,-dac_read_search"
    command = [setpriv, f"--inh-caps={dropped}", f"--bounding-set={dropped}"]
    return command if subprocess.run([*command, "true"], check=False).returncode == 0 else None


def started(
    *arguments: str,
    stdout: int | IO[Any] = subprocess.PIPE,
    stderr: int | IO[Any] = subprocess.PIPE,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    """Start one command, which Ctrl+C reaches."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
        env={**os.environ, **(environment or {})},
    )


def marked(folder: Path) -> dict[str, str]:
    """The environment that `left_running` knows a command and all its children by."""
    return {_TOKEN: str(folder)}


def left_running(folder: Path) -> list[str]:
    """The command lines of the processes that were started with `marked` and have not ended."""
    found = []
    for process in processes_left(folder):
        with contextlib.suppress(psutil.Error):
            found.append(" ".join(process.cmdline()))
    return found


def processes_left(folder: Path) -> list[psutil.Process]:
    """The processes that were started with `marked` and have not ended, wherever they went."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(_TOKEN) == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
