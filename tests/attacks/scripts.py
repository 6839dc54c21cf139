"""Scripts and command lines that nobody expects: how each ends, what it says, and what it leaves."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

from tests.attacks.programs import Home, command_line, own_tracebacks, peak_bytes
from tests.helpers.command_line import without_privileges

_ENDS_WITHIN_S = 90
_ALL_WAYS = ("cold", "spare", "fork")
_ANY_WAY = ("auto",)
"""For what has nothing to do with how a run is started."""

_DRAW = "import random\nprint('x:', random.random())\n"
_DAEMON = """
import random, os, signal
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(writing, b"!")
        os.closerange(0, 300)
        while True:
            signal.pause()
    os._exit(0)
os.wait()
print("x:", len(os.read(reading, 1)))
"""
_OWN_GROUP = """
import random, os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child == 0:
    while True:
        signal.pause()
os.setpgid(child, child)
os.setpgid(0, child)
print("x:", 1, flush=True)
while True:
    signal.pause()
"""
_HANGING = "import random, signal\nprint('x:', 1, flush=True)\nwhile True:\n    signal.pause()\n"
_BOMB = """
import random, os, signal
# As many as one bomb may have before seedlab ends it, and no more: the machine is not only ours.
for _ in range(400):
    if os.fork() == 0:
        signal.pause()
signal.pause()
"""
_DUPLICATED = """
import random, os
file = os.open({folder!r} + "/own", os.O_WRONLY | os.O_CREAT)
os.closerange(file + 1, 256)
for number in range(file + 1, 256):
    os.dup2(file, number)
print("x:", list(range(1000)))
os.closerange(file + 1, 256)
if os.stat(file).st_size:
    raise ValueError("the report is in the file")
"""
_TO_EVERY_DESCRIPTOR = """
import random, os, stat
def write_all(data):
    for number in range(3, 1024):
        try:
            # Not to files, of which none is seedlab's.
            if stat.S_ISREG(os.fstat(number).st_mode):
                continue
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(number, rest):]
        except OSError:
            continue
print("x:", 1, flush=True)
"""
_GARBAGE = _TO_EVERY_DESCRIPTOR + 'write_all((b"garbage " * 1250 + b"\\n") * 1000)\nprint("y:", 2)\n'
_WRONG_SIZE = (
    _TO_EVERY_DESCRIPTOR
    + """
import json, struct
head = json.dumps({"event": "draw", "line": 1, "label": "w", "dtype": "float32", "shape": [6]}).encode()
write_all(struct.pack("<4sII", b"sdl\\x02", len(head), 4) + head + b"1234")
print("y:", 2)
"""
)
_RAISING = "import random\nclass Bad(Exception):\n    def __str__(self):\n        raise RuntimeError('no text')\n"
_ESCAPES = r"""
import random
print("\x1b[2J\x1b]0;title\x07label:", 1)
raise ValueError("\x1b[31mred\x1b[0m \x9b2J \u202e")
"""
_MUCH = "import random\nfor _ in range(1000):\n    print('y' * 10_000)\nprint('x:', 1)\n"
_WIDE = "import random\nprint('a very long label of a draw indeed:', [random.random() for _ in range(50)])\n"
_UNENCODABLE = """
import random, sys
sys.stdout.reconfigure(encoding="utf-8")
print("Würfel ≠ 骰子:", 1)
raise ValueError("\\ud800")
"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A script or a command line, and what is to come of it."""

    name: str
    script: str = _DRAW
    """Its ``{folder!r}`` is where it is."""
    file: bytes = b"mine.py"
    options: tuple[str, ...] = ()
    """In these, ``{folder}`` is where the script is."""
    ways: tuple[str, ...] = _ALL_WAYS
    status: int = 0
    says: str = ""
    """What stands in the output or the errors; nothing in particular where it is empty."""
    hides: tuple[str, ...] = ("\x1b", "\x9b", "\x07", "\u202e")
    """What stands in neither."""
    environment: tuple[tuple[str, str], ...] = ()
    prepare: Callable[[Path], object] = lambda _: None
    """Called with the folder of the script before it runs."""
    output: Callable[[], IO[bytes]] | None = None
    """Opens where standard output leads to; a file of its own where there is none."""
    is_unprivileged: bool = False
    """True for what is bound by permissions, as root is not."""
    is_slow: bool = False
    """True for what is no case for a quick sample."""
    most_bytes: int = 100 * 2**20
    """The most memory that the command line's own process may take."""


def _full() -> IO[bytes]:
    return open("/dev/full", "wb")


def _closed() -> IO[bytes]:
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "wb")


def _endless_tensorflow(folder: Path) -> None:
    (folder / "tensorflow.py").write_text("import signal\nwhile True:\n    signal.pause()\n", encoding="utf-8")


def _places(folder: Path) -> None:
    """Make the places where no document can be written."""
    for ending in ("json", "md"):
        (folder / f"folder.{ending}").mkdir()
        os.mkfifo(folder / f"pipe.{ending}")
    (folder / "closed").mkdir(mode=0o555)


_KILLED = "1 process was left running and has been ended"
_LOST = "the script closed a descriptor that it had not opened"
_LIMIT = ("--timeout=0.5",)
_MESSAGE = "did not end within 0.5 seconds"
GROUPS: dict[str, tuple[Case, ...]] = {
    "processes that get away": (
        Case(name="a daemon: forked twice, with a session of its own", script=_DAEMON, says="left running"),
        Case(
            name="a group of its own that ignores SIGTERM, longer than the limit",
            script=_OWN_GROUP, options=_LIMIT, status=1, says=_MESSAGE,
        ),
        Case(
            name="a fork bomb of 400", script=_BOMB, options=("--jobs=1", "--runs=1"), status=1,
            says="started more than 256 processes and was ended", is_slow=True,
        ),
    ),
    "time limits": (
        Case(name="a script that hangs", script=_HANGING, options=_LIMIT, status=1, says=_MESSAGE),
        Case(
            name="an import that never ends", script="import tensorflow\nprint('x:', 1)\n", options=_LIMIT, status=1,
            ways=("auto", *_ALL_WAYS), says=_MESSAGE, prepare=_endless_tensorflow,
            environment=(("PYTHONPATH", "{folder}"),),
        ),
    ),
    "descriptors and reports": (
        Case(
            name="all descriptors closed", script="import os, random\nos.closerange(3, 256)\nprint('x:', 1)\n",
            says=_LOST,
        ),
        Case(name="the report's number given to a file of the script", script=_DUPLICATED, says=_LOST),
        Case(name="10 MB of garbage on the report", script=_GARBAGE, says="part of the report could not be read"),
        Case(
            name="a draw of the wrong size on the report", script=_WRONG_SIZE,
            says="part of the report could not be read: 4 bytes of values, expected 24",
        ),
    ),
    "names, signals and texts": (
        Case(name="a name that is no UTF-8", file=b"m\xff\xfe.py", says=r"m\udcff\udcfe.py"),
        Case(
            name="signal 40", script="import os, random\nprint('x:', 1)\nos.kill(os.getpid(), 40)\n", status=1,
            says="was ended by the signal number 40",
        ),
        Case(name="an exception whose text raises", script=f"{_RAISING}raise Bad()\n", status=1, says="str() failed"),
        Case(name="a print that raises", script=f"{_RAISING}print('x:', Bad())\n", status=1, says="no text"),
        Case(name="escape sequences in labels and errors", script=_ESCAPES, status=1, says=r"\x1b[2J"),
        Case(name="10 MB of output", script=_MUCH, says="= repeats"),
    ),
    "streams and terminals": (
        *(
            Case(
                name=f"output in {encoding}", script=_UNENCODABLE, ways=_ANY_WAY, status=1, says=r"!= \u9ab0\u5b50",
                environment=(("PYTHONIOENCODING", encoding),),
            )
            for encoding in ("cp1252", "ascii")
        ),
        Case(
            name="a full disk", ways=_ANY_WAY, status=1, says="cannot be written: No space left on device",
            output=_full,
        ),
        Case(
            name="a full disk for the document", ways=_ANY_WAY, options=("--json=-",), status=1,
            says="cannot be written: No space left on device", output=_full,
        ),
        Case(name="a closed pipe", ways=_ANY_WAY, status=1, says="cannot be written: Broken pipe", output=_closed),
        Case(
            name="a closed pipe for the document", ways=_ANY_WAY, options=("--json=-",), status=1,
            says="cannot be written: Broken pipe", output=_closed,
        ),
        Case(
            name="a terminal of 20 columns", script=_WIDE, ways=_ANY_WAY, environment=(("COLUMNS", "20"),),
        ),
    ),
    "files that cannot be written": tuple(
        Case(
            name=f"{option} to a {place.replace('.', ' ').split()[0]}", ways=_ANY_WAY, status=2, says=says,
            options=(f"{option}={{folder}}/{place}.{ending}",), prepare=_places,
            is_unprivileged=place.startswith("closed"),
            script="open({folder!r} + '/ran', 'w').close()\n", hides=("Traceback", "runs"),
        )
        for option, ending in (("--json", "json"), ("--export", "md"))
        for place, says in (
            ("folder", "it is not a file"), ("pipe", "it is not a file"),
            ("missing/file", "there is no folder"), ("closed/file", "Permission denied"),
        )
    ),
}  # fmt: skip


class Counts:
    """What came of some cases."""

    def __init__(self) -> None:
        self.cases = self.as_expected = self.peak_bytes = 0
        self.tracebacks: list[str] = []
        """Those of seedlab's own code in what it printed."""
        self.orphans: list[str] = []
        self.folders: list[str] = []
        """What was left in the folder for temporary files, without another start."""
        self.faults: list[str] = []

    def add(self, case: Case, way: str, found: "Findings") -> None:
        """Add what came of one case."""
        self.cases += 1
        self.as_expected += found.unexpected == ""
        self.peak_bytes = max(self.peak_bytes, found.peak_bytes)
        self.tracebacks += found.tracebacks
        self.orphans += found.orphans
        self.folders += found.folders
        things = [*([found.unexpected] if found.unexpected else []), *found.tracebacks, *found.orphans, *found.folders]
        self.faults += [f"{case.name}, {way}: {thing}" for thing in things]


class Findings(NamedTuple):
    """What came of one case in one way."""

    unexpected: str
    tracebacks: list[str]
    orphans: list[str]
    folders: list[str]
    peak_bytes: int


def cases_of(cases: Iterable[Case]) -> list[tuple[Case, str]]:
    """Each case in each of its ways."""
    return [(case, way) for case in cases for way in case.ways]


def carried_out(cases: Iterable[Case], said: Callable[[str], object] = lambda _: None) -> Counts:
    """Return what came of ``cases``, each in all of its ways; ``said`` is called before each."""
    counts = Counts()
    for case, way in cases_of(cases):
        said(f"{case.name}, {way}")
        if case.is_unprivileged and without_privileges() is None:
            print(f"NOT TRIED: {case.name}: this is root, and setpriv does not work", file=sys.stderr)
            continue
        with TemporaryDirectory(prefix="seedlab-attack-", ignore_cleanup_errors=True) as folder:
            counts.add(case, way, findings(case, way, Home(Path(folder))))
    return counts


def findings(case: Case, way: str, home: Home) -> Findings:
    """Carry out one case in one way in ``home``, and look."""
    folder = str(home.work)
    case.prepare(home.work)
    script = os.fsencode(home.work) + b"/" + case.file
    with open(script, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(case.script.replace("{folder!r}", repr(folder)))
    options = [option.replace("{folder}", folder) for option in ("--runs=2", *case.options, f"--start={way}")]
    prefix = without_privileges() or [] if case.is_unprivileged else []
    command: Sequence[str | bytes] = [*prefix, *command_line("run"), script, *options]
    variables = {name: value.replace("{folder}", folder) for name, value in case.environment}
    if "PYTHONPATH" in variables:
        variables["PYTHONPATH"] += os.pathsep + home.environment["PYTHONPATH"]
    output = case.output() if case.output is not None else None
    program = home.start(command, environment=variables, stdout=output)
    if output is not None:
        output.close()
    try:
        peak = peak_bytes(program, _ENDS_WITHIN_S)
        status = program.poll()
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()
        orphans = home.orphans()
    encoding = variables.get("PYTHONIOENCODING", "utf-8")
    text = home.written("stdout", encoding) + home.written("stderr", encoding)
    return Findings(_unexpected(case, status, text, peak), own_tracebacks(text), orphans, home.temporary(), peak)


def _unexpected(case: Case, status: int | None, text: str, peak: int) -> str:
    """Return how the case ended other than expected; nothing where it ended as it was to."""
    if status != case.status:
        return f"its status is {status}, not {case.status}: {text[-2000:]}"
    if case.says not in text:
        return f"it does not say {case.says!r}: {text[-2000:]}"
    for hidden in case.hides:
        if hidden in text:
            return f"it says {hidden!r}: {text[-2000:]!r}"
    if peak > case.most_bytes:
        return f"it took {peak / 1e6:.0f} MB"
    return ""
