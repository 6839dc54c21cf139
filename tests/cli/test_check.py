"""``seedlab check``: all cold, in private views, a line for each draw that differs, a status for build machines."""

import json
import os
import signal
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.helpers.command_line import seedlab, started

REPEATS = "import random\nrandom.seed(1)\nprint('a:', random.random())\n"
DIFFERS = f"{REPEATS}import os\nprint('b:', list(os.urandom(4)))\n"
FAILS = f"{REPEATS}raise ValueError('no')\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


def check(folder: Path, script: str, *options: str) -> tuple[int, list[str], str]:
    (folder / "train.py").write_text(script)
    ended = seedlab("check", "train.py", "--python", sys.executable, *options)
    return ended.returncode, ended.stdout.splitlines(), ended.stderr


def test_every_draw_repeats(folder: Path) -> None:
    assert check(folder, REPEATS)[:2] == (0, ["train.py: 1 draw repeats in 5 of 5 cold runs"])


def test_what_repeats_within_a_second_may_still_come_from_the_clock(folder: Path) -> None:
    # A seed that is another one every eleven days.
    script = "import random, time\nrandom.seed(int(time.time() / 1_000_000))\nprint('a:', random.random())\n"
    said = "The script reads the clock: at another time, what repeats here may be something else."
    assert check(folder, script)[:2] == (0, ["train.py: 1 draw repeats in 5 of 5 cold runs", f"  {said}"])
    ran = seedlab("run", "train.py", "--python", sys.executable)
    assert said in ran.stdout
    # Once it was tried at another time, that is told instead.
    found = seedlab("why", "train.py", "--python", sys.executable, "--proof", "0")
    assert said not in found.stdout
    assert "comes from the clock, by the seed at line 2" in found.stdout


def test_what_a_run_changes_in_its_folder_is_told_where_each_finds_it_as_it_was(folder: Path) -> None:
    script = "open('log.txt', 'a').write('x')\nprint('length:', len(open('log.txt').read()))\n"
    said = "A run changes log.txt in its folder; here, each found the folder as it was."
    assert check(folder, script)[:2] == (0, ["train.py: 1 draw repeats in 5 of 5 cold runs", f"  {said}"])
    many = "for name in 'abcd':\n    open(name, 'w').close()\nprint('x:', 1)\n"
    assert "  A run changes a, b and other files in its folder; here, each" in check(folder, many)[1][1]
    assert sorted(os.listdir(folder)) == ["train.py"]


def test_a_draw_differs(folder: Path) -> None:
    status, lines, _ = check(folder, DIFFERS, "--runs", "3", "--json", "out.json")
    assert status == 1
    assert lines[0] == "train.py: 1 of 2 draws differs in 3 of 3 cold runs"
    assert lines[1].startswith("  b: 3 of 3 differ")
    (column,) = json.loads((folder / "out.json").read_text())["experiments"]
    assert {run["start"] for run in column["runs"]} == {"cold"}


def test_a_run_that_does_not_finish_counts_more_than_a_difference(folder: Path) -> None:
    status, lines, _ = check(folder, FAILS, "--runs", "2", "--junit", "report.xml")
    assert status == 3
    assert any("ValueError: no" in line for line in lines)
    (suite,) = ET.parse(folder / "report.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "0", "2")


def test_the_report_of_a_build_machine(folder: Path) -> None:
    status, _, _ = check(folder, DIFFERS, "--runs", "2", "--junit", "report.xml")
    assert status == 1
    (suite,) = ET.parse(folder / "report.xml").getroot()
    cases = {case.get("name"): [inner.tag for inner in case] for case in suite}
    assert cases == {"a": [], "b": ["failure"]}


def test_each_run_starts_equal_and_leaves_nothing(folder: Path) -> None:
    script = "open('log', 'a').write('x')\nprint('length:', len(open('log').read()))\n"
    status, lines, _ = check(folder, script, "--runs", "3")
    assert (status, lines[0].rpartition(": ")[2]) == (0, "1 draw repeats in 3 of 3 cold runs")
    assert sorted(os.listdir(folder)) == ["train.py"]


def test_what_goes_outside_is_listed_and_needs_to_be_agreed_to(folder: Path, elsewhere: Path) -> None:
    log = elsewhere / "log"
    script = f"open({str(log)!r}, 'a').write('x')\nprint('a:', 1)\n"
    status, lines, errors = check(folder, script, "--runs", "3")
    assert (status, lines) == (2, [])
    assert f"wrote {log}" in errors
    assert "2 more runs are to come. Say --yes" in errors
    assert log.read_text() == "x"
    status, _, _ = check(folder, script, "--runs", "3", "--yes")
    assert (status, log.read_text()) == (0, "xxxx")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["after-graph"], "“after-graph” is no script."),
        ([], "No script is named."),
        (["train.py", "--runs", "1"], "one run cannot differ"),
        (["missing.py"], "cannot be read"),
        (["-m", "missing.module"], "There is no module “missing.module”"),
        (["train.py", "--folder", "missing"], "There is no folder"),
        (["train.py", "--env", "1"], "--env cannot be “1”"),
        (["train.py", "--junit", "missing/report.xml"], "missing"),
    ],
)
def test_wrong_usage_says_what_to_do(folder: Path, arguments: list[str], said: str) -> None:
    (folder / "train.py").write_text(REPEATS)
    ended = seedlab("check", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_ctrl_c_ends_it(folder: Path, elsewhere: Path) -> None:
    # Not in the folder, of which the run has a private view.
    ready = elsewhere / "ready"
    os.mkfifo(ready)
    (folder / "train.py").write_text(f"import signal\nopen({str(ready)!r}, 'w').close()\nsignal.pause()\n")
    with started("check", "train.py", "--python", sys.executable) as process:
        ready.read_text()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in errors
