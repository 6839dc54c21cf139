"""``seedlab doctor``, as a separate process."""

import os
import subprocess
import sys
from pathlib import Path

from seedlab import __version__


def doctor(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "seedlab", "doctor", *arguments]
    env = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")} | {"HOME": str(home)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, stdin=subprocess.DEVNULL)


def test_it_prints_versions_licences_and_folders_and_makes_nothing(tmp_path: Path, bare_python: str) -> None:
    done = doctor(tmp_path, "--python", bare_python)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"seedlab {__version__} (MIT)"
    assert any(line.startswith("numpy 2.") for line in lines)
    assert f"The interpreter for runs: Python {sys.version.split()[0]}, {bare_python}" in lines
    assert "Log: ~/.local/state/seedlab/log" in lines
    assert str(tmp_path) not in done.stdout


def test_a_python_that_is_none_is_part_of_the_answer(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--python", "no-such-python")
    assert done.returncode == 2
    assert "The interpreter for runs: There is no Python called “no-such-python”." in done.stdout
