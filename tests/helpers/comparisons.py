"""Columns by hand, with runs that repeat, differ, collide and fail."""

from collections.abc import Sequence

import numpy as np

from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Trace
from seedlab.session.arrangement import placement_title
from seedlab.study.lab import Column, Lab
from tests.helpers.values import column, draw, run, seed_set, seed_used

LABELS = ("op1-1", "op1-2", "op2-1", "op2-2")
_EXPERIMENT = PRESETS["before-graph"].experiment


def values_of_run(seed: int, size: int = 3) -> np.ndarray:
    """Normal values that are the same wherever they are asked for: NumPy keeps RandomState as it is for ever."""
    return np.random.RandomState(seed).standard_normal(size).astype(np.float32)


def placement_column(placement: str, runs: int = 3, size: int = 3) -> Column:
    """What TensorFlow does with the seed set there: op2 has op seed 1, op1 none."""
    experiment = _EXPERIMENT.choose(placement=placement, sample_size=size)
    script = script_of(experiment)
    made = [number for number, line in enumerate(script.lines, 1) if "rand_op1 =" in line or "rand_op2 =" in line]
    prints = [number for number, line in enumerate(script.lines, 1) if "print(" in line]
    reaches = placement == "after-graph"
    used: Trace = (
        seed_used(made[0], "graph 1", None, (0, 0) if reaches else None),
        seed_used(made[1], "graph 1", 1, (0, 1) if reaches else (87654321, 1)),
    )
    sets: Trace = tuple(
        seed_set(line, "default graph" if placement == "before-graph" else "graph 1", 0) for line in script.seed_lines
    )
    trace = (*used, *sets) if placement == "after-op" else (*sets, *used)

    def one(index: int) -> Run:
        own = 1000 * sum(map(ord, placement)) + 10 * index
        seeds = [1, 2] if reaches else [own, own + 1]
        seeds += [3, 4] if reaches else [5, 6]
        return run(
            index,
            *(
                draw(label, values_of_run(seed, size), line=line, events_before=len(trace))
                for label, seed, line in zip(LABELS, seeds, prints, strict=True)
            ),
            trace=trace,
        )

    return column(
        *(one(index) for index in range(1, runs + 1)),
        name=placement_title(experiment),
        script=script.text,
        experiment=experiment,
    )


def three_placements(runs: int = 3, size: int = 3) -> list[Column]:
    return [placement_column(name, runs, size) for name in ("before-graph", "after-graph", "after-op")]


def table_column(tables: Sequence[dict[str, Sequence[float]]], name: str = "own", script: str = "pass\n") -> Column:
    """A script of one's own, with a table of label to values for each run."""
    return column(
        *(
            run(index, *(draw(label, values) for label, values in table.items()))
            for index, table in enumerate(tables, 1)
        ),
        name=name,
        script=script,
    )


def collision_column() -> Column:
    """Graph seed 0, two ops without a seed of their own and one with seed 1: two of them have one pair."""
    script = (
        "import tensorflow.compat.v1 as tf\n\nwith tf.Graph().as_default():\n    tf.set_random_seed(0)\n"
        "    rand_op1 = tf.random_normal([3])\n    rand_op2 = tf.random_normal([3])\n"
        "    rand_op3 = tf.random_normal([3], seed=1)\n    with tf.Session() as sess:\n"
        '        print("op1-1:", sess.run(rand_op1))\n        print("op2-1:", sess.run(rand_op2))\n'
        '        print("op3-1:", sess.run(rand_op3))\n'
    )
    trace: Trace = (
        seed_set(4, "graph 1", 0),
        seed_used(5, "graph 1", None, (0, 0)),
        seed_used(6, "graph 1", None, (0, 1)),
        seed_used(7, "graph 1", 1, (0, 1)),
    )
    labels = (("op1-1", 1, 9), ("op2-1", 2, 10), ("op3-1", 2, 11))
    runs = [
        run(
            index,
            *(draw(label, values_of_run(seed), line=line, events_before=4) for label, seed, line in labels),
            trace=trace,
        )
        for index in (1, 2, 3)
    ]
    return column(*runs, name="collision.py", script=script)


def failed_column() -> Column:
    """One run that ended well and two that did not."""
    details = 'Traceback (most recent call last):\n  File "script.py", line 2, in <module>\nValueError: no'
    return column(
        run(1, draw("x-1", [0.5, 1.5]), draw("x-2", [2.5, 3.5])),
        run(2, draw("x-1", [0.5, 1.5]), outcome=Outcome.FAILED, problem="line 2: ValueError: no", details=details),
        run(3, outcome=Outcome.TIMED_OUT, problem="it took longer than 60 s"),
        name="train.py",
        script="print('x-1:', [0.5, 1.5])\nraise ValueError('no')\n",
    )


def wide_lab(columns: int, draws: int, runs: int) -> Lab:
    """More than fits on a screen: every value differs."""
    generator = np.random.default_rng(0)
    return Lab.of(
        column(
            *(
                run(index, *(draw(f"draw-{label}", generator.random(3)) for label in range(draws)))
                for index in range(1, runs + 1)
            ),
            name=f"column {number}",
            script="import random\nprint('x:', random.random())\n",
        )
        for number in range(columns)
    )


def many_draws(draws: int, runs: int = 2, name: str = "own") -> Column:
    """A loop that prints ``draws`` numbers, each under a label of its own; none repeats."""
    generator = np.random.default_rng(0)
    return column(
        *(
            run(
                index,
                *(
                    draw(f"x{number}", value, "float64", line=3)
                    for number, value in enumerate(generator.random(draws).tolist())
                ),
            )
            for index in range(1, runs + 1)
        ),
        name=name,
        script=f"import random\nfor n in range({draws}):\n    print(f'x{{n}}:', random.random())\n",
    )
