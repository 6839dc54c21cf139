"""``seedlab environment``, as a process of its own, with uv and packages of a local folder."""

import json
import os
import select
import signal
from pathlib import Path

import psutil
import pytest

from tests.helpers.command_line import marked, processes_left, seedlab, started
from tests.helpers.package_index import PackageIndex

HERE = f"{os.sys.version_info[0]}.{os.sys.version_info[1]}"  # type: ignore[attr-defined]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackageIndex:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    # So that no other Python than the one of the tests is asked.
    monkeypatch.setenv("HOME", str(tmp_path))
    index = PackageIndex(tmp_path, monkeypatch)
    index.add("numpy", "1.8")
    return index


def test_one_is_made_listed_used_and_removed(index: PackageIndex, tmp_path: Path) -> None:
    del index
    new = ("environment", "new", "numpy", "--python", HERE, "--name", "study")
    asked = seedlab(*new)
    assert asked.returncode == 2
    assert "numpy  1.8" in asked.stdout
    assert "Add --yes" in asked.stderr
    assert [*(tmp_path / "data/seedlab/environments").iterdir()] == []
    made = seedlab(*new, "--yes")
    assert made.returncode == 0, made.stderr
    assert f"NumPy 1.8 (Python {HERE})" in made.stdout
    listed = json.loads(seedlab("environment", "list", "--json", "-").stdout)["environments"]
    assert [(each["name"], each["title"]) for each in listed] == [("study", f"NumPy 1.8 (Python {HERE})")]
    script = tmp_path / "script.py"
    script.write_text("import numpy\nprint('version', numpy.__version__)\n")
    ran = seedlab("run", str(script), "--python", "study", "--runs", "1")
    assert ran.returncode == 0, ran.stderr
    assert "1.8" in ran.stdout
    kept = seedlab("environment", "remove", "study")
    assert (kept.returncode, "Remove “NumPy 1.8" in kept.stdout) == (2, True)
    removed = seedlab("environment", "remove", "study", "--yes")
    assert removed.returncode == 0, removed.stderr
    assert [*(tmp_path / "data/seedlab/environments").iterdir()] == []
    assert "There is no environment “study”" in seedlab("environment", "remove", "study").stderr


def test_ctrl_c_ends_it_and_leaves_nothing(index: PackageIndex, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    beginning = os.open(begun, os.O_RDONLY | os.O_NONBLOCK)
    index.add_endless(begun)
    process = started("environment", "new", "slow==1.0", "--name", "slow", "--yes", environment=marked(tmp_path))
    try:
        assert select.select([beginning], [], [], 60)[0], "the build has not begun"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
        assert (process.returncode, "Traceback" in errors) == (130, False), errors
    finally:
        os.close(beginning)
        process.kill()
        process.wait()
    assert [*(tmp_path / "data/seedlab/environments").iterdir()] == []
    # What starts processes ends as soon as it hears that nobody asks it any more.
    assert psutil.wait_procs(processes_left(tmp_path), 20)[1] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "numpy==9", "--python", HERE], "There is no numpy==9 for the Pythons that were found here"),
        (["new", "numpy", "--python", "3.99"], "No Python 3.99 was found here"),
        (["new", "numpy", "--name", "python3"], "cannot be the name"),
        (["new", "numpy", "--fetch-python", "3.10"], "Add --yes to have it downloaded"),
        ([], "list, new or remove"),
    ],
)
def test_what_cannot_be_is_said(index: PackageIndex, arguments: list[str], said: str) -> None:
    del index
    ended = seedlab("environment", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
