"""Packing: one file, the same for the same libraries, whole and checked, for any Python from 3.6 on."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import platformdirs
import pytest

from seedlab.engine.packing import PackingError, observer_file, pack
from seedlab.engine.protocol import Report
from seedlab.libraries.registry import LIBRARIES
from seedlab.results.trace import Source
from tests.helpers.launching import run_script
from tests.helpers.observing import observe, python_of

PYTHONS = ("3.6", "3.7", "3.8", "3.12", "3.13")
# A module of the standard library that little else imports.
DOORS = """
import sys

def watch_join(module, observer):
    join = module.capwords
    def observed(*args, **kwargs):
        observer.source("set", "made-up", observer.name_of("joiner", join), "string.capwords", len(args))
        return join(*args, **kwargs)
    module.capwords = observer.stand_in(join, observed)

def watch_nothing(module, observer):
    module.there_is_no_such_door

DOORS = [("string.capwords", ("string",), watch_join), ("string.nothing", ("string", "made_up"), watch_nothing)]
RENEWALS = {"made-up": sys.exit}
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_args, **_options: folder)
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "made_up"
    folder.mkdir()
    (folder / "doors.py").write_text(DOORS, encoding="utf-8")
    return folder


def test_the_file_is_the_same_for_the_same_libraries() -> None:
    assert pack() == pack()
    assert observer_file() == observer_file()
    assert observer_file().read_bytes() == pack()


def test_the_file_lies_in_a_folder_that_only_its_owner_can_enter(cache: Path) -> None:
    cache.mkdir(mode=0o777)
    cache.chmod(0o777)
    assert observer_file().parent == cache
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_a_file_that_was_changed_is_written_anew() -> None:
    file = observer_file()
    file.write_text("print('changed')")
    assert observer_file() == file
    assert file.read_bytes() == pack()
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


def test_what_nobody_has_written_for_a_month_is_removed(cache: Path) -> None:
    cache.mkdir()
    for name, days in (
        ("observer-1.py", 31),
        ("observer-1.py.cpython-36.code", 31),
        ("observer-2.py", 29),
        (".observer-1.py-killed", 31),
        (".observer-2.py-written", 0),
        ("other", 99),
    ):
        (cache / name).touch()
        os.utime(cache / name, (time.time() - days * 86_400,) * 2)
    file = observer_file()
    assert {entry.name for entry in cache.iterdir()} == {file.name, "observer-2.py", ".observer-2.py-written", "other"}


def test_without_a_cache_the_file_lies_in_a_folder_that_ends_with_the_process(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    program = (
        "from seedlab.engine.packing import observer_file, pack\n"
        "file = observer_file()\nassert file.read_bytes() == pack()\nprint(file)"
    )
    environment = {**os.environ, "HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "home" / "cache")}
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    file = Path(ended.stdout.strip())
    assert file.is_absolute()
    assert not file.parent.exists()


@pytest.mark.parametrize("version", PYTHONS)
def test_the_file_observes_in_every_python(version: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    text = "import random\nprint('before')\nrandom.seed(a=3)\nprint('x:', [1.5, 2.5])\nprint('y: 1')\n1 / 0\n"
    script.write_text(text, encoding="utf-8")
    # Once without compiled code beside the file, and once with.
    for _ in range(2):
        observed = observe(script, executable=python_of(version))
        assert observed.report.notes == []
        draw, written = observed.report.draws
        assert (draw.label, draw.dtype, draw.array.tolist()) == ("before/x", "float64", [1.5, 2.5])
        assert (written.label, written.dtype, written.text) == ("before/y", "text", "y: 1")
        (event,) = observed.report.trace
        assert isinstance(event, Source)
        assert (event.door, event.seed, event.line, event.file) == ("random.seed", 3, 3, None)
        assert observed.report.error == "line 6: ZeroDivisionError: division by zero"
        assert 'script.py", line 6' in observed.stderr
        assert "observer" not in observed.stderr
        assert observed.status == 1


def test_the_file_need_not_lie_anywhere(tmp_path: Path) -> None:
    script = tmp_path / "folder" / "script.py"
    script.parent.mkdir()
    script.write_text("print('x:', 1)\n", encoding="utf-8")
    wish = json.dumps({"script": str(script)})
    command = [sys.executable, "-", "run", f"file:{tmp_path / 'report'}", wish]
    ended = subprocess.run(command, input=pack(), capture_output=True, check=True, cwd=script.parent)
    assert (ended.stdout, ended.stderr) == (b"x: 1\n", b"")
    report = Report()
    report.add((tmp_path / "report").read_bytes())
    assert len(report.draws) == 1
    assert list(script.parent.iterdir()) == [script]


def test_compiled_code_that_is_broken_is_made_anew(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("print('x:', 1)\n", encoding="utf-8")
    file = observer_file()
    observe(script)
    (code,) = (entry for entry in file.parent.iterdir() if entry != file)
    whole = code.read_bytes()
    for broken in (b"", whole[:1000], b"text"):
        code.write_bytes(broken)
        assert len(observe(script).report.draws) == 1
        assert code.read_bytes() == whole


def test_no_module_of_the_observer_can_be_found_by_a_script(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    text = "import sys\nfor name, module in sorted(sys.modules.items()):\n    print(name, file=sys.stdout)\n"
    script.write_text(text, encoding="utf-8")
    names = observe(script).stdout.split()
    plain = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True).stdout.split()
    assert set(names) - set(plain) <= {
        "_json", "_struct", "_thread", "atexit", "fcntl", "importlib", "importlib._bootstrap",
        "importlib._bootstrap_external", "importlib.machinery", "struct", "types", "warnings",
    }  # fmt: skip


def test_a_library_in_a_folder_of_its_own_is_observed(library: Path) -> None:
    script = "import string\nprint('x:', len(string.capwords('a b')))\nstring.capwords('a', 'b')\n"
    with LIBRARIES.including(library):
        run = run_script(script)
    events = [event for event in run.trace if isinstance(event, Source)]
    assert [(e.library, e.state, e.door, e.line, e.seed) for e in events] == [
        ("made-up", "joiner 1", "string.capwords", 2, 1),
        ("made-up", "joiner 1", "string.capwords", 3, 2),
    ]
    assert [draw.events_before for draw in run.draws] == [1]
    (note,) = run.notes
    assert note.startswith("seeds set through string.nothing could not be observed")
    assert run_script(script).trace == ()


def test_a_door_has_one_owner(library: Path) -> None:
    (library / "doors.py").write_text(DOORS.replace("string.capwords", "random.seed"), encoding="utf-8")
    with (
        LIBRARIES.including(library),
        pytest.raises(PackingError, match=r"“python_random” and “made_up”.*“random.seed”"),
    ):
        pack()


def test_a_renewal_has_one_owner(library: Path) -> None:
    (library / "doors.py").write_text(DOORS.replace('"made-up": ', '"numpy.random": '), encoding="utf-8")
    with (
        LIBRARIES.including(library),
        pytest.raises(PackingError, match=r"“numpy” and “made_up”.*“numpy.random”"),
    ):
        pack()


def test_the_devices_of_a_package_have_one_owner(library: Path) -> None:
    (library / "doors.py").write_text(f'{DOORS}\nDEVICES = {{"tensorflow": sys.exit}}\n', encoding="utf-8")
    with (
        LIBRARIES.including(library),
        pytest.raises(PackingError, match=r"“tensorflow_graph” and “made_up”.*devices of “tensorflow”"),
    ):
        pack()


def test_a_door_that_a_family_needs_must_be_owned(library: Path) -> None:
    family = """
from seedlab.libraries.registry import FAMILIES
import msgspec
FAMILY = msgspec.structs.replace(FAMILIES["python-random"], name="made-up", doors=("string.capwords", "lost.door"))
"""
    (library / "family.py").write_text(family, encoding="utf-8")
    with LIBRARIES.including(library), pytest.raises(PackingError, match=r"“made_up” needs the door “lost\.door”"):
        pack()
    (library / "family.py").write_text(family.replace(', "lost.door"', ","), encoding="utf-8")
    with LIBRARIES.including(library):
        assert b"string.capwords" in pack()


@pytest.mark.parametrize(
    "source",
    [
        "",
        "DOORS = ()",
        "DOORS = make()\nRENEWALS = {}",
        "DOORS = (('a', 'b', c),)\nRENEWALS = {}",
        "DOORS = ((a, ('b',), c),)\nRENEWALS = {}",
        "DOORS = ()\nRENEWALS = {**others}",
        "DOORS = ()\nRENEWALS = {}\nDEVICES = make()",
        "DOORS = (",
    ],
)
def test_doors_are_stated_in_plain_literals(library: Path, source: str) -> None:
    (library / "doors.py").write_text(f"# Doors.\n{source}\n", encoding="utf-8")
    with LIBRARIES.including(library), pytest.raises(PackingError, match="“made_up”"):
        pack()
