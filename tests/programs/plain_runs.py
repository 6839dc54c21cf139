"""Programs as people write them, executed as people do: what each is known to do, and whether it does."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

PROGRAMS = Path(__file__).parent
_TIME_LIMIT_S = 120
# What TensorFlow says of the machine. The program says nothing of it.
_OF_TENSORFLOW = re.compile(r"[IWEF]\d{4} \d\d:|WARNING: All log messages before absl|To enable the following instruct")
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*m|\x08")


class Lines(msgspec.Struct, forbid_unknown_fields=True):
    """What lines begin with (``#`` stands for any digits), by whether they repeat in fresh processes."""

    repeat: list[str] = []
    differ: list[str] = []
    either: list[str] = []
    """Lines that may be equal, other ones or not there: they depend on little chance, or on the Python."""

    @property
    def all(self) -> list[str]:
        return [*self.repeat, *self.differ, *self.either]


class Files(msgspec.Struct, forbid_unknown_fields=True):
    """Files that one run leaves in its folder, by whether their bytes repeat."""

    repeat: list[str] = []
    differ: list[str] = []
    bytecode_of: list[str] = []
    """Modules beside the script whose bytecode Python leaves in ``__pycache__``."""


class SecondRun(msgspec.Struct, forbid_unknown_fields=True):
    """What a second run does in the folder of the first that the first did not, because of what it found there."""

    says: list[str] = []
    """What lines begin with that only the second run prints."""
    changes: list[str] = []
    """Lines that repeat in fresh folders and are others now, or are no more."""
    leaves: list[str] = []
    removes: list[str] = []


class Program(msgspec.Struct, forbid_unknown_fields=True):
    """A command, and what is known of it."""

    name: str
    folder: str
    arguments: list[str]
    about: str
    imports: list[str]
    """Packages that are not of the standard library."""
    output: Lines
    errors: Lines = msgspec.field(default_factory=Lines)
    files: Files = msgspec.field(default_factory=Files)
    writes_outside: list[str] = []
    second_run: SecondRun | None = None
    """``None`` where it does the same again."""

    @property
    def is_slow(self) -> bool:
        return "tensorflow" in self.imports


def known_programs() -> list[Program]:
    return msgspec.json.decode((PROGRAMS / "programs.json").read_bytes(), type=list[Program])


class PlainRun(msgspec.Struct):
    """What one plain run said and left."""

    status: int
    output: list[str]
    errors: list[str]
    left: dict[str, str]
    """Digests of the files that are new or changed."""
    removed: list[str]
    bytecode_of: list[str]
    outside: list[str]


class Workplace:
    """A copy of a program's folder, always at the same path, with a home and a temporary folder of its own."""

    def __init__(self, program: Program, around: Path) -> None:
        self._program = program
        self._folder = around / program.folder
        self._elsewhere = around / "elsewhere"

    def renew(self) -> None:
        """Make the folder as it was before any run."""
        for folder in (self._folder, self._elsewhere):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(
            PROGRAMS / self._program.folder, self._folder, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
        )
        for name in ("home", "tmp"):
            (self._elsewhere / name).mkdir(parents=True)

    @property
    def files(self) -> set[str]:
        """The files in the folder, without Python's caches."""
        return set(_digests(self._folder))

    def run(self, *command: str) -> PlainRun:
        """Execute the program, or another ``command``, in the folder as it is now."""
        before = _digests(self._folder)
        done = subprocess.run(
            command or [sys.executable, *self._program.arguments],
            cwd=self._folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIME_LIMIT_S,
            check=False,
        )
        after = _digests(self._folder)
        return PlainRun(
            status=done.returncode,
            output=lines_of(done.stdout),
            errors=[line for line in lines_of(done.stderr) if not _OF_TENSORFLOW.match(line)],
            left={path: digest for path, digest in after.items() if before.get(path) != digest},
            removed=sorted(before.keys() - after.keys()),
            bytecode_of=_modules_with_bytecode(self._folder),
            outside=self._outside(),
        )

    def _environment(self) -> dict[str, str]:
        """Return a person's: nothing of the tests, and nothing that makes runs equal."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        environment |= {"HOME": str(self._elsewhere / "home"), "TMPDIR": str(self._elsewhere / "tmp")}
        return environment | {"TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONIOENCODING": "utf-8"}

    def _outside(self) -> list[str]:
        found = []
        for shown, folder in (("~", self._elsewhere / "home"), ("$TMPDIR", self._elsewhere / "tmp")):
            found += [f"{shown}/{path}" for path in _digests(folder)]
        return sorted(found)


def disagreements(program: Program, fresh: list[PlainRun], second: PlainRun) -> list[str]:
    """Say what is not as the data file has it; ``second`` ran where the last of the ``fresh`` runs had run."""
    found = [f"ended with {run.status}: {run.errors[-3:]}" for run in (*fresh, second) if run.status != 0]
    found += _of_lines("prints", program.output, [run.output for run in fresh])
    found += _of_lines("prints as an error", program.errors, [run.errors for run in fresh])
    for run in fresh:
        files = program.files
        _compare(found, "leaves", [*files.repeat, *files.differ], run.left)
        _compare(found, "removes", [], run.removed)
        _compare(found, "leaves bytecode of", files.bytecode_of, run.bytecode_of)
        _compare(found, "writes outside", program.writes_outside, run.outside)
    for path in program.files.repeat:
        if len({run.left.get(path) for run in fresh}) != 1:
            found.append(f"{path} does not repeat")
    for path in program.files.differ:
        if len({run.left.get(path) for run in fresh}) == 1:
            found.append(f"{path} repeats")
    return found + _of_second_run(program, fresh[-1], second)


def by_label(lines: list[str], labels: list[str]) -> dict[str, list[str]]:
    """Give each line to the longest label that it begins with; those of no label stand under ``""``."""
    found: dict[str, list[str]] = {}
    patterns = [(re.compile(re.escape(label).replace(r"\#", r"\d+")), label) for label in labels]
    for line in lines:
        matches = [label for pattern, label in patterns if pattern.match(line)]
        found.setdefault(max(matches, key=len, default=""), []).append(line)
    return found


def _of_lines(what: str, known: Lines, runs: list[list[str]]) -> list[str]:
    grouped = [by_label(lines, known.all) for lines in runs]
    found = [f"{what} what no label says: {line!r}" for groups in grouped for line in groups.get("", [])]

    def seen(label: str) -> list[list[str] | None]:
        return [groups.get(label) for groups in grouped]

    def is_equal(label: str) -> bool:
        return all(lines == seen(label)[0] for lines in seen(label))

    found += [f"{what} no {label!r}" for label in (*known.repeat, *known.differ) if None in seen(label)]
    found += [f"{what} {label!r}, which does not repeat" for label in known.repeat if not is_equal(label)]
    found += [f"{what} {label!r}, which repeats" for label in known.differ if is_equal(label)]
    return found


def _of_second_run(program: Program, first: PlainRun, second: PlainRun) -> list[str]:
    known = program.second_run or SecondRun()
    found: list[str] = []
    labels = [*program.output.all, *known.says]
    before, after = by_label(first.output, labels), by_label(second.output, labels)
    _compare(found, "only the second run says", known.says, after.keys() - before.keys() - {""})
    changed = [label for label in program.output.repeat if before.get(label) != after.get(label)]
    _compare(found, "the second run changes", known.changes, changed)
    found += [f"the second run prints what no label says: {line!r}" for line in after.get("", [])]
    _compare(found, "only the second run leaves", known.leaves, second.left.keys() - first.left.keys())
    _compare(found, "the second run removes", known.removes, second.removed)
    return found


def _compare(found: list[str], what: str, known: list[str], seen: Iterable[str]) -> None:
    now = sorted(seen)
    if sorted(known) != now:
        found.append(f"{what} {now}, but {sorted(known)} is known")


def lines_of(data: bytes) -> list[str]:
    text = _TERMINAL_CODES.sub("", data.decode("utf-8", errors="replace"))
    return [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def _modules_with_bytecode(folder: Path) -> list[str]:
    return sorted(
        str((path.parent.parent / f"{path.name.partition('.')[0]}.py").relative_to(folder))
        for path in folder.rglob("*.pyc")
    )
