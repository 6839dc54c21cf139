"""Executing the packed observer by hand, with any Python, without the engine's executors."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from seedlab.engine.packing import observer_file
from seedlab.engine.protocol import Report

_VERSIONS = Path("~/.pyenv/versions").expanduser()


class Observed(NamedTuple):
    """What an observed script showed, and its report."""

    stdout: str
    stderr: str
    status: int
    report: Report


def observe(script: Path, *arguments: str, executable: str = sys.executable, **request: object) -> Observed:
    """Execute the file ``script`` observed; ``request`` are further fields of the request."""
    wish = json.dumps({"script": str(script), "arguments": arguments, **request})
    place = script.with_name(f"{script.name}.report")
    place.unlink(missing_ok=True)
    command = [executable, str(observer_file()), "run", f"file:{place}", wish]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    report = Report()
    if place.exists():
        report.add(place.read_bytes())
    return Observed(ended.stdout, ended.stderr, ended.returncode, report)


def execute_plainly(script: Path, *arguments: str, executable: str = sys.executable) -> Observed:
    """Execute the file ``script`` as ``python script.py``."""
    command = [executable, str(script), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    return Observed(ended.stdout, ended.stderr, ended.returncode, Report())


def environment() -> dict[str, str]:
    # No Python but seedlab's own is to find seedlab.
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def python_of(version: str) -> str:
    """Return the Python of ``version``, such as "3.6"; a test is skipped, and says so, where there is none."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    for folder in sorted(_VERSIONS.glob(f"{version}.*")):
        if (folder / "bin" / "python").exists():
            return str(folder / "bin" / "python")
    pytest.skip(f"NOT TESTED ON PYTHON {version}: there is none in {_VERSIONS}")
