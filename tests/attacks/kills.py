"""Programs that are ended at a random moment, the command line and the window in turn, and what is left of them.

``python -m tests.attacks.kills fork 37 0`` repeats the kill number 37 of that way, with the seed 0, as far as the
machine's timing does.
"""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from seedlab.documents.files import read_lab
from seedlab.engine.executors.executor import Start
from seedlab.errors import SeedlabError
from seedlab.export.tables import to_csv
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.session import settings
from seedlab.session.recovery import left_behind
from seedlab.session.settings import Settings
from seedlab.study.lab import Lab
from tests.attacks import programs
from tests.attacks.programs import ENDS_WITHIN_S, Home, command_line, ended, has_handler, window

WAYS = (Start.COLD, Start.SPARE, Start.FORK)
PHASES = ("start", "import", "runs", "writing", "end")
SIGNALS = (
    (signal.SIGKILL,), (signal.SIGTERM,), (signal.SIGHUP,), (signal.SIGINT,), (signal.SIGINT, signal.SIGINT),
)  # fmt: skip
KINDS = (
    "orphans", "folders left after the next start", "results lost", "tracebacks", "files half-written",
    "wrong statuses",
)  # fmt: skip
_ORPHANS, _FOLDERS, _LOST, _TRACEBACKS, _HALF_WRITTEN, _STATUSES = KINDS
_TWICE_WITHIN_S = 0.05
_REACHED_WITHIN_S = 90
"""How long a program may take to come to the moment at which it is ended, in seconds."""
_RUNS, _TENSORFLOW_RUNS, _JOBS = 12, 3, 2
_TINY = "import os, random\nimport numpy\nrandom.seed(1)\n"
_LARGE = f"{_TINY}print('many:', numpy.random.rand(5_000))\n"
_MARKS = Path("/dev/shm")
"""Where scripts leave marks, by shared memory: files would be effects, asked about, or make runs go in turn."""
_BEGIN = """
import os
from _posixshmem import shm_open
for number in range(1000):
    try:
        os.close(shm_open("/{marks}-" + str(number), os.O_CREAT | os.O_EXCL | os.O_RDWR, mode=0o600))
        break
    except FileExistsError:
        pass
"""
_HELD_UP = """
import time
def are_others_done():
    descriptor = shm_open("/{marks}.done", os.O_CREAT | os.O_RDWR, mode=0o600)
    text = os.read(descriptor, 10000)
    os.close(descriptor)
    return text.count(b"\\n") == {others}
while number == 1 and not are_others_done():
    time.sleep(0.002)
"""
_DONE = """
print("run:", number)
descriptor = shm_open("/{marks}.done", os.O_CREAT | os.O_APPEND | os.O_RDWR, mode=0o600)
os.write(descriptor, b"%d\\n" % number)
"""


class Kill(NamedTuple):
    """One program, and when and how it is ended."""

    way: Start
    number: int
    seed: int
    is_window: bool
    uses_tensorflow: bool
    exports: bool
    """The draws are large, and the command line also writes a table and a picture."""
    is_uneven: bool
    """The run that begins second ends last; the first one is watched, alone."""
    phase: str
    after_runs: int
    """In the phase of runs: as many have begun."""
    delay_s: float
    """The time from the beginning of the phase to the signal."""
    signals: tuple[signal.Signals, ...]
    gap_s: float
    """The time from the first signal to the second."""

    @classmethod
    def of(cls, way: Start, number: int, seed: int = 0) -> "Kill":
        """Return the kill ``number`` of a way, which is the same for the same ``seed``."""
        chance = random.Random(f"{way.value} {seed} {number}")
        is_window, uses_tensorflow, exports = number % 2 == 1, number % 20 in (4, 15), number % 4 in (2, 3)
        phase = chance.choice(PHASES)
        longest_s = {"start": 0.15, "import": 0.4, "runs": 0.05, "writing": 0.06, "end": 0.06}
        if exports:
            longest_s |= {"writing": 0.25, "end": 0.8}
        if is_window:
            longest_s |= {"import": 1.2, "writing": 0.2, "end": 0.3}
        return cls(
            way=way,
            number=number,
            seed=seed,
            is_window=is_window,
            uses_tensorflow=uses_tensorflow,
            exports=exports,
            is_uneven=not uses_tensorflow and number % 8 in (1, 4),
            phase=phase,
            after_runs=chance.randint(1, _TENSORFLOW_RUNS if uses_tensorflow else _RUNS),
            delay_s=chance.uniform(0, longest_s[phase]),
            signals=chance.choice(SIGNALS),
            gap_s=chance.uniform(0, _TWICE_WITHIN_S),
        )

    @property
    def runs(self) -> int:
        """How many runs the program is to make."""
        return _TENSORFLOW_RUNS if self.uses_tensorflow else _RUNS

    def __str__(self) -> str:
        program = "window" if self.is_window else "command line"
        script = "after-graph" if self.uses_tensorflow else "large draws" if self.exports else "a tiny script"
        script += ", of which the second run ends last" if self.is_uneven else ""
        moment = f"{self.phase} of run {self.after_runs}" if self.phase == "runs" else self.phase
        numbers = " and ".join(number.name for number in self.signals)
        return (
            f"python -m tests.attacks.kills {self.way.value} {self.number} {self.seed}: {program}, {script}, {numbers} "
            f"(gap {self.gap_s:.4f} s) {self.delay_s:.4f} s after the beginning of: {moment}"
        )


class Counts:
    """What came of the kills of one way."""

    def __init__(self) -> None:
        self.kills = self.late = 0
        """``late`` are those before whose moment the program had ended."""
        self.found: dict[str, int] = dict.fromkeys(KINDS, 0)
        """How many faults there are of each kind."""
        self.faults: list[str] = []
        """All of them, each with the kill that it comes from."""

    def add(self, kill: Kill, findings: "Findings") -> None:
        """Add what came of ``kill``."""
        self.kills += 1
        self.late += findings.is_late
        for kind, things in findings.faults.items():
            self.found[kind] += len(things)
            self.faults += [f"{kill}\n  {kind}: {thing}" for thing in things]


class Findings:
    """What came of one kill."""

    def __init__(self) -> None:
        self.is_late = False
        self.faults: dict[str, list[str]] = {kind: [] for kind in KINDS}
        """What must not happen, by its kind."""


class _Ended(NamedTuple):
    """How a program was when it was ended, and how it ended."""

    is_late: bool
    heard: bool
    """The program had set up what it does at signals."""
    begun: int
    done: set[int]
    """The runs whose scripts had come to their last line."""
    has_ended: bool
    status: int


class _Scene:
    """One program in its home, from its start to what is left of it."""

    def __init__(self, kill: Kill, home: Home) -> None:
        self._kill = kill
        self._home = home
        self._marks = f"marks-of-{home.folder.name}"
        self._done = _MARKS / f"{self._marks}.done"
        self._document = home.results / "lab.json"
        self._table = home.results / "lab.csv"
        self._picture = home.results / "lab.png"
        script = _LARGE if kill.exports else _TINY
        if kill.uses_tensorflow:
            script = script_of(PRESETS["after-graph"].experiment).text
        script += _BEGIN.format(marks=self._marks)
        if kill.is_uneven:
            script += _HELD_UP.format(marks=self._marks, others=kill.runs - 1)
        text = script + _DONE.format(marks=self._marks)
        (home.work / "mine.py").write_text(text, encoding="utf-8")

    def findings(self) -> Findings:
        """Carry out the kill, and look."""
        findings = Findings()
        faults = findings.faults
        program = self._started()
        try:
            how = self._killed(program)
        finally:
            # Nothing stays, whatever happens here.
            if program.poll() is None:
                program.kill()
                program.wait()
            faults[_ORPHANS] = self._home.orphans()
        findings.is_late = how.is_late
        errors = self._home.written("stderr")
        lab, faults[_HALF_WRITTEN] = self._document_found()
        if not how.has_ended:
            faults[_STATUSES].append(f"it had not ended {ENDS_WITHIN_S} s after the signal")
        elif not self._is_right(how, lab, errors):
            handlers = "with" if how.heard else "without"
            faults[_STATUSES].append(f"{how.status}, {handlers} handlers, {how.begun} runs begun")
        if "Traceback" in errors and not _is_before_seedlab(errors):
            faults[_TRACEBACKS].append(errors)
        kept, broken = self._kept(lab)
        faults[_LOST] = self._lost(how, kept)
        faults[_HALF_WRITTEN] += [*broken, *self._temporary_files()]
        problem = self._home.start_again()
        if problem:
            faults[_STATUSES].append(problem)
        faults[_FOLDERS] = self._home.temporary()
        for mark in _MARKS.glob(f"{self._marks}*"):
            mark.unlink()
        return findings

    def _started(self) -> subprocess.Popen[bytes]:
        kill, script = self._kill, str(self._home.work / "mine.py")
        if not kill.is_window:
            options = [f"--runs={kill.runs}", f"--jobs={_JOBS}", f"--start={kill.way.value}"]
            options += [f"--json={self._document}"]
            options += [f"--export={path}" for path in (self._table, self._picture) if kill.exports]
            return self._home.start(command_line("run", script, *options))
        chosen = Settings(runs=kill.runs, jobs=_JOBS, start=kill.way.value)
        settings.save(self._home.config / "seedlab" / "settings.json", chosen)
        return self._home.start(window(script))

    def _killed(self, program: subprocess.Popen[bytes]) -> _Ended:
        kill = self._kill
        reached = self._wait_for_phase(program)
        _pass(program, kill.delay_s)
        begun, done = self._count_begun(), self._marked()
        heard = has_handler(program.pid, signal.SIGTERM)
        is_late = program.poll() is not None
        for number, gap_s in zip(kill.signals, (kill.gap_s, 0.0), strict=False):
            program.send_signal(number)
            _pass(program, gap_s)
        has_ended = reached and ended(program)
        return _Ended(is_late, heard, begun, done, has_ended, program.poll() or 0)

    def _wait_for_phase(self, program: subprocess.Popen[bytes]) -> bool:
        """Wait for the beginning of the phase, or the end of the program; return False where neither comes."""
        kill = self._kill
        reached: dict[str, Callable[[], bool]] = {
            "start": lambda: True,
            "import": lambda: True,
            "runs": lambda: self._count_begun() >= kill.after_runs,
            "writing": lambda: len(self._marked()) == kill.runs,
            "end": self._document.exists if not kill.is_window else lambda: self._lines_kept() >= kill.runs,
        }
        if not _reaches(program, reached[kill.phase]):
            return False
        if kill.phase == "import":
            # The interpreter itself has been started.
            _pass(program, 0.05)
        if kill.phase == "end" and kill.is_window:
            # A window does not end by itself.
            program.send_signal(signal.SIGTERM)
        return True

    def _count_begun(self) -> int:
        return len(list(_MARKS.glob(f"{self._marks}-*")))

    def _marked(self) -> set[int]:
        if not self._done.exists():
            return set()
        return {int(line) for line in self._done.read_text(encoding="ascii").splitlines()}

    def _lines_kept(self) -> int:
        return sum(path.read_bytes().count(b"\n") for path in self._home.recovery.glob("*/runs-*"))

    def _document_found(self) -> tuple[Lab | None, list[str]]:
        """Return the document, if there is one that can be read, and what is wrong with all that was written."""
        lab, wrong = None, []
        try:
            if self._document.exists():
                json.loads(self._document.read_bytes())
                lab = read_lab(self._document)
            if self._picture.exists() and read_lab(self._picture) != lab:
                wrong.append("the picture holds another document")
        except (ValueError, SeedlabError) as error:
            wrong.append(str(error))
        if lab is not None and self._table.exists() and self._table.read_bytes() != to_csv(lab):
            wrong.append("the table is not that of the document")
        return lab, wrong

    def _is_right(self, how: _Ended, lab: Lab | None, errors: str) -> bool:
        """Return True for an exit status that says how the program ended."""
        kill, number = self._kill, self._kill.signals[0]
        asked, by_signal = 128 + number, -number
        if number is signal.SIGKILL:
            return how.status in (by_signal, 0)
        if not how.heard and how.begun == 0:
            # Whoever asks so early asks Python, or the program before it has anything to lose.
            return how.status in (asked, by_signal, 0) or _is_before_seedlab(errors)
        is_second = len(kill.signals) > 1
        if kill.is_window:
            # What has let go of its handlers had kept everything.
            return how.status == 0 or ((kill.phase == "end" or is_second) and how.status in (asked, by_signal))
        if how.status == by_signal and is_second and (how.begun == 0 or lab is not None):
            # The second came as Python itself was ending, when all was done.
            return True
        is_whole = lab is not None and len(_runs_in(lab)) == kill.runs and self._picture.exists() == kill.exports
        return how.status == asked or (is_whole and how.status in (0, by_signal))

    def _kept(self, lab: Lab | None) -> tuple[set[int], list[str]]:
        """Return the runs that somebody finds afterwards, and results that cannot be read."""
        if not self._kill.is_window:
            return set() if lab is None else _runs_in(lab), []
        kept: set[int] = set()
        left = left_behind(self._home.recovery)
        for result in left.results:
            kept |= _runs_in(result.lab)
            result.discard()
        return kept, [f"results in {path.name} that cannot be read" for path in left.broken]

    def _lost(self, how: _Ended, kept: set[int]) -> list[str]:
        """The runs that were done before the signal, and are nowhere."""
        if not self._kill.is_window and self._kill.signals[0] is signal.SIGKILL:
            # There is nothing that could have written them.
            return []
        # A run whose script has come to its last line is under way until its process has ended.
        under_way = max(0, _JOBS - (how.begun - len(how.done)))
        return [f"run {number} of {len(how.done)} done" for number in sorted(how.done - kept)[under_way:]]

    def _temporary_files(self) -> list[str]:
        """Files under a name that they were to have only while they were written; settings that cannot be read."""
        home = self._home
        folders = [path for path in home.folder.iterdir() if path.is_dir() and path not in (home.tmp, home.work)]
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        found = [str(path.relative_to(home.folder)) for path in files if path.name.startswith((".", "tmp"))]
        return found + [path.name for path in files if path.name == "settings.broken.json"]


def _runs_in(lab: Lab) -> set[int]:
    """The numbers that the runs of ``lab`` have drawn for themselves."""
    runs = [run for column in lab.columns for run in column.runs]
    return {int(draw.array) for run in runs for draw in run.draws if draw.label.rpartition("/")[2] == "run"}


def _reaches(program: subprocess.Popen[bytes], condition: Callable[[], bool]) -> bool:
    """Wait until ``condition``, or the end of ``program``; return False where it takes too long."""
    limit = time.monotonic() + _REACHED_WITHIN_S
    while not condition():
        if program.poll() is not None:
            return True
        if time.monotonic() > limit:
            return False
        _pass(program, 0.002)
    return True


def _pass(program: subprocess.Popen[bytes], seconds: float) -> None:
    """Let time pass, unless the program ends before."""
    with suppress(subprocess.TimeoutExpired):
        program.wait(seconds)


def _is_before_seedlab(errors: str) -> bool:
    """Return True where Ctrl+C came as Python itself was starting, which is nothing that a program can change."""
    return "KeyboardInterrupt" in errors and f'"{programs.ROOT / "seedlab"}' not in errors


def carried_out(way: Start, count: int, seed: int = 0, said: Callable[[Kill], object] = lambda _: None) -> Counts:
    """Return what came of the first ``count`` kills of a way; ``said`` is called before each."""
    counts = Counts()
    for number in range(count):
        kill = Kill.of(way, number, seed)
        said(kill)
        counts.add(kill, killed(kill))
    return counts


def killed(kill: Kill) -> Findings:
    """Carry out one kill in a folder that is removed afterwards."""
    with TemporaryDirectory(prefix="seedlab-attack-", ignore_cleanup_errors=True) as folder:
        return _Scene(kill, Home(Path(folder))).findings()


def main(way: str, number: str, seed: str = "0") -> int:
    """Carry out one kill, and print what was wrong."""
    kill, counts = Kill.of(Start(way), int(number), int(seed)), Counts()
    counts.add(kill, killed(kill))
    print("\n".join(counts.faults) or f"{kill}\n  no fault{', but too late' if counts.late else ''}")
    return 1 if counts.faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
