"""Real programs in homes of their own, and what they leave there and in the system."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import psutil

from tests.helpers.command_line import COMMAND, marked, processes_left

ROOT = Path(__file__).parents[2]
ENDS_WITHIN_S = 30
"""How long a program that was asked to end, and what it had started, may take to be gone, in seconds."""
LOOK_S = 0.01
_OWN_SIGNS = (f'File "{ROOT / "seedlab"}', "observer-", "Exception ignored", "was never retrieved", "never awaited")
"""What shows that an exception is seedlab's own, and not one of the script's that seedlab shows."""


class Home:
    """Folders for one program and its next start: what it finds and leaves there is nobody else's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tmp = folder / "tmp"
        self.config = folder / "config"
        self.recovery = folder / "data" / "seedlab" / "recovery"
        self.work = folder / "work"
        """Where scripts are, and what they write."""
        self.results = folder / "results"
        """Where the program is to write its documents."""
        for path in (self.tmp, self.work, self.results):
            path.mkdir()

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a program finds these folders, and by which its processes are known."""
        places = {f"XDG_{name.upper()}_HOME": str(self.folder / name) for name in ("config", "data", "state", "cache")}
        return {
            **os.environ,
            **marked(self.folder),
            **places,
            "HOME": str(self.folder),
            "TMPDIR": str(self.tmp),
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "offscreen",
        }

    def start(
        self,
        command: Sequence[str | bytes],
        *,
        environment: Mapping[str, str] | None = None,
        stdout: IO[Any] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program that writes to files: a pipe would be held open by what outlives it."""
        with (
            contextlib.nullcontext(stdout) if stdout is not None else open(self.folder / "stdout", "wb") as output,
            open(self.folder / "stderr", "wb") as errors,
        ):
            return subprocess.Popen(
                command,
                cwd=self.work,
                env={**self.environment, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )

    def written(self, stream: str, encoding: str = "utf-8") -> str:
        """What the program that was started last wrote to ``stream``, which is stdout or stderr."""
        path = self.folder / stream
        return path.read_text(encoding=encoding, errors="backslashreplace") if path.exists() else ""

    def orphans(self) -> list[str]:
        """The command lines of what is left once it had time to end; it is killed, so that nothing stays."""
        limit = time.monotonic() + ENDS_WITHIN_S
        while (left := processes_left(self.folder)) and time.monotonic() < limit:
            # Those that are there end; those that they were about to start are found by the next look.
            psutil.wait_procs(left, 0.2)
        found = []
        for process in left:
            with contextlib.suppress(psutil.Error):
                found.append(" ".join(process.cmdline()))
                process.kill()
        psutil.wait_procs(left, ENDS_WITHIN_S)
        return found

    def start_again(self) -> str:
        """Start the program once more, as somebody will; return what is wrong with that, which is nothing."""
        script = self.work / "next.py"
        script.write_text("print('x:', 1)\n", encoding="utf-8")
        command = [*COMMAND, "run", str(script), "--runs=1", "--start=cold", "--json=-"]
        with self.start(command) as program:
            status = program.wait(ENDS_WITHIN_S)
        try:
            runs = json.loads(self.written("stdout"))["experiments"][0]["runs"]
        except ValueError:
            runs = []
        return "" if (status, len(runs)) == (0, 1) else f"the next start ended with {status}: {self.written('stderr')}"

    def temporary(self) -> list[str]:
        """What there is in the folder for temporary files."""
        return sorted(path.name for path in self.tmp.iterdir())


def command_line(*arguments: str) -> list[str]:
    """The command line of the command line."""
    return [*COMMAND, *arguments]


def window(*arguments: str) -> list[str]:
    """The command line of the window, in which the runs are begun as `tests.attacks.pressing` says."""
    return [sys.executable, "-m", "tests.attacks.pressing", *arguments]


def ended(program: subprocess.Popen[bytes], limit_s: float = ENDS_WITHIN_S) -> bool:
    """Wait for the end of ``program``, and kill it where it does not come."""
    try:
        program.wait(limit_s)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
        return False
    return True


def peak_bytes(program: subprocess.Popen[bytes], limit_s: float) -> int:
    """Wait for the end of ``program``, and return the most memory that this one process had.

    The system keeps the peak, so that looking now and then misses nothing but what comes after the last look. What
    `os.wait4` tells of would be wrong here: it counts what this process had as it forked, and the program's children.
    """
    peak, limit = 0, time.monotonic() + limit_s
    while time.monotonic() < limit:
        peak = max(peak, _status_number(program.pid, "VmHWM") * 1024)
        try:
            program.wait(LOOK_S)
        except subprocess.TimeoutExpired:
            continue
        break
    return peak


def has_handler(pid: int, number: signal.Signals) -> bool:
    """Return True when the process ``pid`` has a function that is called at the signal ``number``."""
    return bool(_status_number(pid, "SigCgt", 16) >> (number - 1) & 1)


def own_tracebacks(text: str) -> list[str]:
    """The exceptions in ``text`` that are seedlab's own, each from its first line to the next that is not indented."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if "Traceback (most recent call last)" in line or not blocks or not line.startswith((" ", "\t")):
            blocks.append([])
        blocks[-1].append(line)
    return ["\n".join(block) for block in blocks if any(sign in line for sign in _OWN_SIGNS for line in block)]


def _status_number(pid: int, name: str, base: int = 10) -> int:
    """Return the number that Linux gives under ``name`` for a process; 0 where it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1], base)
    return 0
