"""Sweeps: of an experiment against a bare loop of forks, of a Keras fit against a shell loop with the seed edited.

uv run python -m tests.benchmarks.sweeps               2,400 runs of `after-graph`, 60 of the fit
uv run python -m tests.benchmarks.sweeps 10000 300     as many as are asked for
"""

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

from tests.benchmarks.measure import Figure, median, preset_script, print_table, seconds_of

RUNS, FITS = 2_400, 60
PARTS = 2
"""Loop and sweep take turns, so that a machine that grows slower or faster favours neither."""
SHELL_RUNS = 6
FIT = Path(__file__).parent / "scripts" / "small_fit.py"
_BARE = """\
import os, sys
import tensorflow.compat.v1 as tf
import tensorflow
script, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
text = open(script).read()
running = set()
for seed in range(first, last + 1):
    if len(running) >= 2:
        running.discard(os.wait()[0])
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        exec(compile(text.replace("set_random_seed(0)", "set_random_seed(%d)" % seed), script, "exec"), {})
        sys.stdout.flush()
        os._exit(0)
    running.add(child)
while running:
    running.discard(os.wait()[0])
"""


def of_an_experiment(runs: int = RUNS) -> list[Figure]:
    """``runs`` runs of after-graph: two bare forks at once, with nothing observed and nothing kept; and a sweep."""
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as folder:
        script, loop = Path(folder, "script.py"), Path(folder, "loop.py")
        script.write_text(preset_script("after-graph"), encoding="utf-8")
        assert "set_random_seed(0)" in script.read_text(encoding="utf-8")
        loop.write_text(_BARE, encoding="utf-8")
        each = runs // PARTS
        for part in range(PARTS):
            first, last = part * each, (part + 1) * each - 1
            bare.append(seconds_of(partial(_run, [str(loop), str(script), str(first), str(last)])))
            keep = str(Path(folder, f"sweep{part}"))
            command = ["-m", "seedlab", "sweep", "after-graph", "--seeds", f"{first}..{last}", "--keep", keep]
            ours.append(seconds_of(partial(_run, [*command, "--jobs", "2"])))
        cold = [seconds_of(lambda: _run([str(script)])) for _ in range(3)]
    ratios = [mine / theirs for mine, theirs in zip(ours, bare, strict=True)]
    shell_s = median(cold) * runs
    return [
        Figure(
            f"`seedlab sweep after-graph`, {runs:,} runs, with its start",
            f"{sum(ours):.0f} s",
            f"a bare loop of forks, two at once: {sum(bare):.0f} s",
            f"{median(ratios):.2f} of its time ({min(ratios):.2f} to {max(ratios):.2f})",
            "1.1",
        ),
        Figure(
            "the same", f"{sum(ours):.0f} s", f"a shell loop: {shell_s:,.0f} s, from three runs",
            f"{shell_s / sum(ours):.0f} times as fast", "",
        ),
    ]  # fmt: skip


def of_a_fit(runs: int = FITS) -> list[Figure]:
    """``runs`` seeds of a small Keras fit, with the script as it is, witnesses and all, against a loop."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "fit.py")
        script.write_bytes(FIT.read_bytes())
        _run([str(script)])
        before = [seconds_of(lambda: _run([str(script)])) for _ in range(SHELL_RUNS // 2)]
        command = ["-m", "seedlab", "sweep", str(script), "--seeds", f"0..{runs - 1}"]
        ours_s = seconds_of(lambda: _run([*command, "--keep", str(Path(folder, "sweep"))]))
        loop = [*before, *(seconds_of(lambda: _run([str(script)])) for _ in range(SHELL_RUNS // 2))]
    shell_s = sum(loop) / len(loop) * runs
    return [
        Figure(
            f"`seedlab sweep` of a small Keras fit, {runs} seeds",
            f"{ours_s:.0f} s",
            f"a shell loop: {shell_s:.0f} s, from {SHELL_RUNS} runs",
            f"{shell_s / ours_s:.1f} times as fast",
            "",
        )
    ]


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


BENCHMARKS = (of_an_experiment, of_a_fit)

if __name__ == "__main__":
    counts = [int(text) for text in sys.argv[1:3]] + [RUNS, FITS][len(sys.argv) - 1 :]
    print_table([*of_an_experiment(counts[0]), *of_a_fit(counts[1])])
