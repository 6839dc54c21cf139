"""The truth of an experiment: what plain cold runs of its script print, as it is and with one seed changed.

No part of seedlab executes in them: Python runs the script, with all digits printed.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from seedlab.libraries.registry import LIBRARIES, script_of
from seedlab.study.experiment import Experiment

RUNS = 3
MANY_RUNS = 24
"""As many are made where threads race: three may be equal by chance."""
_ALTERNATIVES = (12345, 777)
"""What seeds are changed to; a draw that neither changes is not moved."""
_LABEL = re.compile(r"(?P<label>[a-z]+[0-9]?(?:-[0-9]+)?|[0-9]+): ?")
_PRELUDE = """\
import runpy, sys
import numpy
numpy.set_printoptions(floatmode="unique", threshold=sys.maxsize)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Truth(msgspec.Struct, frozen=True):
    """What plain runs have shown."""

    repeats: Mapping[str, bool]
    """For each draw, by its label, whether all runs printed the same."""
    moved: Mapping[int, frozenset[str]]
    """For each line with a seed the labels that change with it, of those that repeat."""
    equal: frozenset[frozenset[str]]
    """The pairs of labels that are equal in every run."""
    failed: str = ""
    """The last line of what a run that failed wrote to standard error."""
    printed: Mapping[str, str] = {}
    """What the first run printed after each label, with all digits."""


def truth_of(experiment: Experiment, runs: int = RUNS) -> Truth:
    """Return the truth of ``experiment``, by ``runs`` runs and those with other seeds, two at once."""
    environment = LIBRARIES.family_of(experiment).environment(experiment)
    script = script_of(experiment).text
    changed = dict(_with_other_seeds(experiment))
    texts = [*[script] * runs, *changed.values()]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(lambda item: _printed(Path(folder, f"{item[0]}.py"), item[1], environment), enumerate(texts))
        )
    failed = next((one.failed for one in done[:runs] if one.failed), "")
    free, others = [one.draws for one in done[:runs]], dict(zip(changed, done[runs:], strict=True))
    repeats = {label: all(one.get(label) == text for one in free) for label, text in free[0].items()}
    moved: dict[int, frozenset[str]] = {}
    for (line, _), one in others.items():
        differing = {label for label, is_same in repeats.items() if is_same and one.draws.get(label) != free[0][label]}
        moved[line] = moved.get(line, frozenset()) | differing
    labels = list(free[0])
    pairs = (frozenset((a, b)) for n, a in enumerate(labels) for b in labels[n + 1 :])
    equal = frozenset(pair for pair in pairs if all(len({one[label] for label in pair}) == 1 for one in free))
    return Truth(repeats, moved, equal, failed, free[0])


def _with_other_seeds(experiment: Experiment) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the script with another seed in one of its lines, by that line and the seed."""
    lines = script_of(experiment).lines
    for name in ("graph_seed", "op_seed"):
        if experiment.get(name) is None:
            continue
        for seed in _ALTERNATIVES:
            other = script_of(experiment.choose(**{name: seed})).lines
            for number, (line, changed) in enumerate(zip(lines, other, strict=True), 1):
                if line != changed and not line.startswith("#"):
                    yield (number, seed), "\n".join([*lines[: number - 1], changed, *lines[number:]]) + "\n"


class _Printed(msgspec.Struct):
    draws: dict[str, str]
    failed: str


def _printed(path: Path, script: str, variables: Sequence[tuple[str, str | None]]) -> _Printed:
    path.write_text(script, encoding="utf-8")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    for name, value in variables:
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    command = [sys.executable, "-c", _PRELUDE, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    draws: dict[str, str] = {}
    label = ""
    section = ""
    for line in done.stdout.splitlines():
        match = _LABEL.match(line)
        if match is not None:
            label = section + match["label"]
            draws[label] = line[match.end() :]
        elif re.fullmatch(r"session[0-9]+", line):
            section = f"{line}/"
        elif label:
            draws[label] += line
    failed = (done.stderr.strip().splitlines() or ["no error"])[-1] if done.returncode else ""
    return _Printed(draws, failed)
