"""``seedlab run`` with programs of one's own: variants, Pythons, effects, witnesses and files."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.helpers.command_line import seedlab

SCRIPT = "import os, sys\nprint('arguments:', len(sys.argv))\nprint('lr:', float(os.environ.get('LR', '0')))\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def columns_of(output: str) -> list[dict[str, Any]]:
    columns = json.loads(output)["experiments"]
    assert isinstance(columns, list)
    return columns


def values_of(column: dict[str, Any], label: str) -> list[Any]:
    return [draw["values"][0] for run in column["runs"] for draw in run["draws"] if draw["label"] == label]


def test_variants_are_columns_with_variables_and_arguments_of_their_own(folder: Path) -> None:
    (folder / "train.py").write_text(SCRIPT)
    variants = ["--variant", "LR=3 --epochs 2", "--variant", "--name 'a b'"]
    done = seedlab("run", "train.py", *variants, "--runs", "2", "--json", "-", "--", "--quick")
    assert done.returncode == 0, done.stderr
    first, second = columns_of(done.stdout)
    assert (first["name"], second["name"]) == ("train.py LR=3 --epochs 2", "train.py --name 'a b'")
    assert first["program"]["arguments"] == ["--quick", "--epochs", "2"]
    assert second["program"]["arguments"] == ["--quick", "--name", "a b"]
    assert (values_of(first, "arguments"), values_of(first, "lr")) == ([4, 4], [3, 3])
    assert (values_of(second, "arguments"), values_of(second, "lr")) == ([4, 4], [0, 0])


def test_two_pythons_have_a_column_each(folder: Path, bare_python: str) -> None:
    (folder / "which.py").write_text("import sys\nprint(f'prefix: {sys.prefix}')\n")
    done = seedlab("run", "which.py", "--python", sys.executable, "--python", bare_python, "--runs", "2", "--json", "-")
    assert done.returncode == 0, done.stderr
    ours, bare = columns_of(done.stdout)
    assert (ours["interpreter"]["executable"], bare["interpreter"]["executable"]) == (sys.executable, bare_python)
    assert ours["name"] != bare["name"]
    assert ours["runs"][0]["text"] != bare["runs"][0]["text"]
    assert str(Path(bare_python).parent.parent) in bare["runs"][0]["text"]


def test_effects_outside_are_shown_before_more_runs_and_agreed_to_by_an_option(folder: Path) -> None:
    log = folder.parent / "log"
    (folder / "train.py").write_text(f"open({str(log)!r}, 'a').write('x')\nprint('a:', 1)\n")
    done = seedlab("run", "train.py", "--runs", "3")
    assert done.returncode == 2
    assert f"wrote {log}" in done.stderr
    assert "2 more runs are to come. Say --yes to go on all the same." in done.stderr
    assert "1 run " in done.stdout, "what the first one drew is shown"
    assert log.read_text() == "x"
    done = seedlab("run", "train.py", "--runs", "3", "--yes")
    assert (done.returncode, log.read_text()) == (0, "xxxx")


def test_five_runs_of_a_tensorflow_script_are_two_witnesses_and_three_forks(folder: Path) -> None:
    script = "import tensorflow as tf\ntf.random.set_seed(1)\nprint('x:', tf.random.normal([2]))\n"
    (folder / "train.py").write_text(f"{script}tf.io.write_file('x.txt', '1')\n")
    done = seedlab("run", "train.py", "--runs", "5", "--compare", "x.txt")
    assert done.returncode == 0, done.stderr
    assert "2 cold, 3 forked, the same" in " ".join(done.stdout.split())
    assert re.search(r"x\.txt +=? *repeats|x\.txt.*= repeats", done.stdout)


@pytest.mark.parametrize("command", ["run", "check"])
def test_files_are_compared_and_what_is_not_there_is_said(folder: Path, command: str) -> None:
    (folder / "out").mkdir()
    np.save(folder / "out" / "old.npy", np.ones(1))
    (folder / "train.py").write_text(
        "import os\nopen('out/a.csv', 'w').write('loss\\n0.5\\n')\nopen('out/b.bin', 'wb').write(os.urandom(4))\n"
    )
    options = ["--runs", "2", "--json", "out.json", "--compare", "out/*", "missing.h5"]
    done = seedlab(command, "train.py", "--python", sys.executable, *options)
    assert done.returncode == (1 if command == "check" else 0), done.stderr
    (column,) = columns_of((folder / "out.json").read_text())
    assert column["program"]["compares"] == ["out/*", "missing.h5"]
    verdicts = {row["label"]: row["verdict"] for row in column["comparison"]}
    assert verdicts == {"out/a.csv": "repeats", "out/b.bin": "differs", "out/old.npy": "repeats"}
    for said in ("no file is called missing.h5", "out/old.npy was there before, and this run did not write it"):
        assert said in " ".join(done.stdout.split())
    left = sorted(os.listdir(folder / "out"))
    assert left == (["old.npy"] if command == "check" else ["a.csv", "b.bin", "old.npy"])


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("name", ["../weights.npz", "/etc/passwd", ".", ""])
def test_files_outside_the_folder_are_refused(folder: Path, command: str, name: str) -> None:
    (folder / "train.py").write_text(SCRIPT)
    done = seedlab(command, "train.py", "--compare", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--compare cannot be “{name}”: that is no file in {folder}." in done.stderr
    assert len(done.stderr.splitlines()) == 1
