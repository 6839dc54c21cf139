"""Sources of TensorFlow and Keras in real processes: each is seen, with its line, is held, and moves what it should."""

from collections.abc import Iterator
from typing import Any

import pytest

from seedlab.engine.executors.executor import Start
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Source
from tests.helpers.starting import Workbench

OPS = """
import tensorflow as tf
print("eager:", tf.random.uniform([2]))
print("op seed:", tf.random.uniform([2], seed=5))
@tf.function
def drawn(x):
    if tf.reduce_sum(x) > 0:
        x += tf.random.normal([2])
    return x + tf.random.normal([2], seed=6)
print("function:", drawn(tf.constant(1.0)))
print("shuffled:", list(tf.data.Dataset.range(40).shuffle(40).as_numpy_iterator()))
print("with op seed:", list(tf.data.Dataset.range(40).shuffle(40, seed=7).as_numpy_iterator()))
print("mapped:", [float(x) for x in tf.data.Dataset.range(2).map(lambda x: tf.random.uniform([]))])
with tf.Graph().as_default(), tf.compat.v1.Session() as session:
    print("graph:", session.run(tf.random.uniform([2])))
    tf.compat.v1.set_random_seed(8)
    print("graph seed:", session.run(tf.random.uniform([2])))
tf.random.set_seed(9)
print("eager seed:", tf.random.uniform([2]))
print("after:", tf.function(lambda: tf.random.uniform([2]))())
"""
OPS_MOVE = {
    "taken tf.random_seed.get_seed :3": {"eager"},
    "set tf op seed :4": {"op seed"},
    "taken tf.random_seed.get_seed :8": {"function"},
    "set tf op seed :9": {"function"},
    "taken tf.random_seed.get_seed :11": {"shuffled"},
    "set tf op seed :12": {"with op seed"},
    "taken tf.random_seed.get_seed :13": {"mapped"},
    "taken tf.random_seed.get_seed :15": {"graph"},
    "set tf.Graph.seed :16": {"graph seed"},
    "set tf.random.set_seed :18": {"eager seed", "after"},
}
KERAS = """
import keras
import tensorflow as tf
def made():
    return keras.Sequential([
        keras.layers.Dense(4),
        keras.layers.Dense(4, kernel_initializer=keras.initializers.GlorotUniform(seed=5)),
        keras.layers.Dropout(0.5, seed=6),
        keras.layers.Dropout(0.5),
    ])
print("first:", made()(tf.ones([2, 3])))
keras.utils.set_random_seed(1)
model = made()
print("plain:", model(tf.ones([2, 3])))
print("given:", model.layers[1].kernel)
print("given dropout:", model.layers[2](tf.ones([2, 8]), training=True))
print("dropout:", model.layers[3](tf.ones([2, 8]), training=True))
print("generator:", keras.random.normal((2,), seed=keras.random.SeedGenerator(7)))
print("function:", keras.random.normal((2,), seed=8))
print("by default:", keras.random.normal((2,)))
model.compile("sgd", "mse")
model.fit(tf.reshape(tf.range(30.0), [10, 3]) / 30, tf.ones([10, 4]), batch_size=2, verbose=0)
print("fitted:", model.layers[0].kernel)
again = keras.models.clone_model(model)
print("cloned:", again.layers[1].kernel)
"""
KERAS_MOVE = {
    "taken random :6": {"first"},
    "set random.seed :12": {"plain", "dropout", "by default", "fitted"},
    "set numpy.random.seed :12": set(),
    "set tf.random.set_seed :12": {"fitted"},
    "set keras.initializers.GlorotUniform :7": {"first", "plain", "given", "fitted", "cloned"},
    "set keras.random.SeedGenerator :8": {"given dropout", "fitted"},
    "set keras.random.SeedGenerator :18": {"generator"},
    "set keras.random :19": {"function"},
}


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


def made(bench: Workbench, script: str, start: Start = Start.FORK, **options: Any) -> Run:
    """Return a run of ``script``, which must finish without a note."""
    (run,) = bench.run(script, start, **options)
    assert (run.outcome, run.notes) == (Outcome.FINISHED, ()), run.details or run.problem
    return run


def sites(run: Run) -> list[str]:
    """Return the name of each source once, as a turn names it."""
    found = [f"{e.kind} {e.door} {e.file or ''}:{e.line or ''}" for e in run.trace if isinstance(e, Source)]
    return list(dict.fromkeys(found))


def values(run: Run) -> dict[str, bytes]:
    return {draw.label: draw.data for draw in run.draws}


def moved(one: Run, other: Run) -> set[str]:
    """Return the labels of the draws that differ."""
    mine, others = values(one), values(other)
    assert mine.keys() == others.keys()
    return {label for label in mine if mine[label] != others[label]}


def check_influences(bench: Workbench, script: str, expected: dict[str, set[str]]) -> None:
    """Check that all of ``expected`` is seen, that it repeats where it is held, and what each moves where turned."""
    free, held, again = (made(bench, script, holds=holds) for holds in ((), ("sources",), ("sources",)))
    assert sorted(sites(free)) == sorted(sites(held)) == sorted(expected)
    assert moved(held, again) == set()
    taken = set().union(*(labels for site, labels in expected.items() if site.startswith("taken")))
    assert moved(free, held) == taken
    found = {site: moved(held, made(bench, script, holds=("sources",), turns=(f"1 {site}",))) for site in expected}
    assert found == expected


def test_ops_are_seen_held_and_turned_each_at_its_line(bench: Workbench) -> None:
    check_influences(bench, OPS, OPS_MOVE)


def test_keras_is_seen_held_and_turned_where_a_seed_is_given(bench: Workbench) -> None:
    check_influences(bench, KERAS, KERAS_MOVE)
