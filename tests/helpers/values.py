"""Building draws, runs and columns by hand, and executing the scripts that need no TensorFlow."""

import contextlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from seedlab.analysis.alignment import align
from seedlab.analysis.fingerprints import Alphabet, Fingerprints, ValueTally
from seedlab.results.environment import Interpreter
from seedlab.results.run import TEXT, Draw, Outcome, Run
from seedlab.results.trace import Event, Seed, Source, Trace, Use
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column


def draw(
    label: str, values: npt.ArrayLike, dtype: str = "float32", *, line: int | None = None, events_before: int = 0
) -> Draw:
    """A draw of ``values``, as the engine would make it."""
    array = np.asarray(values, dtype)
    data = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return Draw(label, dtype, array.shape, data, line, events_before)


def text_draw(label: str, text: str, *, line: int | None = None) -> Draw:
    """A draw that is text, which is written as it is compared."""
    return Draw(label, TEXT, (), text.encode(), line)


_STATES = {"python": ("python", "global", "random.seed"), "numpy": ("numpy", "global", "numpy.random.seed")}


def seed_set(line: int | None, state: str, seed: Seed) -> Source:
    """A seed that was set on ``state``: ``"python"``, ``"numpy"``, ``"generator 1"``, ``"eager"`` or a graph."""
    if state.startswith("generator"):
        library, door = "numpy", "numpy.random.default_rng"
    else:
        tensorflow = ("tensorflow", state, "tf.random.set_seed" if state == "eager" else "tf.Graph.seed")
        library, state, door = _STATES.get(state, tensorflow)
    kind: Literal["set", "taken"] = "taken" if seed is None and library != "tensorflow" else "set"
    return Source(kind=kind, library=library, state=state, door=door, line=line, seed=seed)


def seed_used(line: int | None, state: str, op_seed: Seed, seeds: tuple[int, int] | None) -> Event:
    """An op that asked for its pair on ``state``, a graph or ``"eager"``, and got it, or none."""
    door = "tf.random_seed.get_seed"
    if seeds is None:
        return Source(kind="taken", library="tensorflow", state=state, door=door, line=line)
    return Use(library="tensorflow", state=state, door=door, line=line, op_seed=op_seed, seeds=seeds)


def run(
    index: int,
    *draws: Draw,
    outcome: Outcome = Outcome.FINISHED,
    trace: Trace = (),
    text: str = "",
    problem: str = "",
    details: str = "",
    notes: tuple[str, ...] = (),
) -> Run:
    return Run(
        index=index,
        outcome=outcome,
        seconds=0.5,
        text=text,
        draws=draws,
        trace=trace,
        problem=problem,
        details=details,
        notes=notes,
    )


def runs(*tables: Mapping[str, npt.ArrayLike], dtype: str = "float32") -> tuple[Run, ...]:
    """Finished runs 1, 2, ...: a table of label to values for each."""
    return tuple(
        run(index, *(draw(label, values, dtype) for label, values in table.items()))
        for index, table in enumerate(tables, 1)
    )


def column(
    *runs: Run,
    name: str = "column",
    script: str = "",
    experiment: Experiment | None = None,
    interpreter: Interpreter | None = None,
) -> Column:
    return Column(name=name, experiment=experiment, script=script, interpreter=interpreter, runs=runs)


def executed(script: str) -> list[Draw]:
    """The draws of ``script``, executed here; it must print sections or ``label:, value`` only."""
    draws: list[Draw] = []

    def note(label: str, value: npt.ArrayLike) -> None:
        draws.append(draw(label.removesuffix(":"), value, "float64"))

    with _global_generators_kept():
        exec(compile(script, "script.py", "exec"), {"print": note})
    return draws


@contextlib.contextmanager
def _global_generators_kept() -> Iterator[None]:
    python, numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


def labels_in(script: str) -> list[str]:
    """The labels that ``script`` prints, under their sections."""
    section, labels = "", []
    for text, value in re.findall(r'print\("([^"]*)"(,)?', script):
        if value:
            labels.append(section + text.removesuffix(":"))
        else:
            section = f"{text}/"
    return labels


def values_of(draws: Sequence[Draw]) -> list[list[float]]:
    return [drawn.array.ravel().tolist() for drawn in draws]


def fingerprints_of(columns: Sequence[Sequence[Run]]) -> Fingerprints:
    """Return the fingerprints of all runs of ``columns``."""
    tally = ValueTally(align([[*dict.fromkeys(draw.label for run in runs for draw in run.draws)] for runs in columns]))
    for column, runs in enumerate(columns):
        for run in runs:
            tally.add(column, run)
    return Alphabet().fingerprints(tally.lettered(()), tally.row_of)
