"""A script that hangs until its limit: what is said first is that nothing finished, wherever it is said."""

import subprocess
import sys
from pathlib import Path

import pytest

SAID = "None of the 2 runs finished."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a script that hangs was run, alone and beside one that does not."""
    folder = tmp_path_factory.mktemp("hanging")
    (folder / "hangs.py").write_text("import signal\nprint('x:', 1, flush=True)\nsignal.pause()\n", encoding="utf-8")
    (folder / "ends.py").write_text("print('x:', 1)\n", encoding="utf-8")
    for name, scripts in (("alone", ["hangs.py"]), ("beside", ["ends.py", "hangs.py"])):
        options = ["--runs", "2", "--timeout", "1", "--export", f"{name}.md", "--export", f"{name}.svg"]
        command = [sys.executable, "-m", "seedlab", "run", *scripts, *options]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        (folder / f"{name}.txt").write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.mark.parametrize("ending", ["txt", "md", "svg"])
def test_that_nothing_finished_is_said_first(folder: Path, ending: str) -> None:
    text = (folder / f"alone.{ending}").read_text(encoding="utf-8")
    assert 0 < text.index(SAID) < text.index("timed out")
    assert "Every draw repeats" not in text[: text.index(SAID)]


@pytest.mark.parametrize(("ending", "begins"), [("txt", "All columns\n"), ("md", "**")])
def test_it_is_said_first_of_several_columns(folder: Path, ending: str, begins: str) -> None:
    text = (folder / f"beside.{ending}").read_text(encoding="utf-8")
    (_, _, headline) = text.partition(begins)
    assert headline.startswith("Nothing finished in hangs.py.")
