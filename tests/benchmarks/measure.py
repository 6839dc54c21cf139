"""What the benchmarks have in common."""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil

from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of


class Figure(msgspec.Struct):
    """One row of the table."""

    what: str
    measured: str
    against: str
    ratio: str
    target: str


def machine() -> str:
    """The kind of machine, for the table's heading."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = psutil.virtual_memory().total / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def print_table(figures: list[Figure]) -> None:
    print(f"\n{machine()}\n")
    print("| what | measured | against | ratio | to reach |")
    print("| --- | --- | --- | --- | --- |")
    for figure in figures:
        print(f"| {figure.what} | {figure.measured} | {figure.against} | {figure.ratio} | {figure.target} |")


def preset_script(name: str) -> str:
    return script_of(PRESETS[name].experiment).text


def seconds_of(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def seconds_of_python(script: str) -> float:
    """One ``python script.py``, from nothing to its exit."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "script.py")
        path.write_text(script, encoding="utf-8")
        return seconds_of(lambda: subprocess.run([sys.executable, str(path)], check=True, capture_output=True))


def median(values: list[float]) -> float:
    return statistics.median(values)
