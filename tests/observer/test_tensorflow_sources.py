"""Sources of TensorFlow and Keras in real processes: each is seen, with its line, is held, and moves what it should."""

import os
import re
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from seedlab.engine.executors.executor import Start
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Source, Use
from tests.helpers.observing import execute_plainly, observe
from tests.helpers.starting import Workbench

HEADER = "import keras, numpy as np, tensorflow as tf"
"""The first line of all scripts that share one parent, which has imported this once."""
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

GENERATORS = """
import tensorflow as tf
import numpy as np
print("unseeded:", tf.random.Generator.from_non_deterministic_state().uniform([2]))
generator = tf.random.Generator.from_seed(3)
print("seeded:", generator.uniform([2]))
generator.reset_from_seed(4)
print("reset:", generator.uniform([2]))
print("key:", tf.random.Generator.from_key_counter(5, [0, 0], "philox").uniform([2]))
generator.reset_from_key_counter(6, [0, 0])
print("reset key:", generator.uniform([2]))
print("global:", tf.random.get_global_generator().uniform([2]))
print("stateless:", tf.random.stateless_uniform([2], seed=[1, 2]))
print("array:", tf.random.stateless_categorical(tf.zeros([1, 1000]), 5, seed=np.array([1, 2])))
print("tensor:", tf.random.stateless_binomial([4], tf.constant([1, 2]), 10000.0, 0.5))
print("philox:", tf.random.stateless_normal([2], tf.constant([1, 2], tf.int64), alg="philox"))
@tf.function
def drawn(seed):
    inside = tf.random.stateless_uniform([2], seed=(7, 8))
    return inside + tf.random.stateless_uniform([2], seed=seed) + generator.uniform([2])
print("function:", drawn(tf.constant([1, 2])))
print("folded:", tf.random.fold_in([1, 2], 3))
print("image:", tf.image.stateless_random_brightness(tf.ones([1, 1, 3]), 0.2, seed=(1, 2)))
"""
GENERATORS_MOVE = {
    "taken tf.random.Generator.from_non_deterministic_state :4": {"unseeded"},
    "set tf.random.Generator.from_seed :5": {"seeded"},
    "set tf.random.Generator.reset_from_seed :7": {"reset"},
    "set tf.random.Generator.from_key_counter :9": {"key"},
    "set tf.random.Generator.reset_from_key_counter :10": {"reset key", "function"},
    "taken tf.random.Generator.from_non_deterministic_state :12": {"global"},
    "set tf stateless seed :13": {"stateless"},
    "set tf stateless seed :14": {"array"},
    "set tf stateless seed :15": {"tensor"},
    "set tf stateless seed :16": {"philox"},
    "set tf stateless seed :19": {"function"},
    "set tf stateless seed :22": {"folded"},
    "set tf stateless seed :23": {"image"},
}

ALL_SORTS = """
import copy, inspect, os, pickle, tempfile
import keras
import numpy as np
import tensorflow as tf

def show(label, value):
    print(label, np.asarray(value).dtype, np.asarray(value).tobytes().hex())

keras.utils.set_random_seed(1)
show("eager", tf.random.normal([3]))
show("op seed", tf.random.uniform([3], seed=2))
show("shuffle", list(tf.data.Dataset.range(9).shuffle(9).as_numpy_iterator()))
generator = tf.random.Generator.from_seed(3)

class Step(tf.Module):
    @tf.function
    def __call__(self, x):
        made = generator
        for _ in tf.range(2):
            # Else the draws of two iterations may change places, with TensorFlow alone too: 1 call in 300.
            tf.autograph.experimental.set_loop_options(parallel_iterations=1)
            if tf.reduce_sum(x) > 0:
                x += tf.random.stateless_uniform(tf.shape(x), seed=(1, 2))
            x += tf.random.normal(tf.shape(x)) + made.normal(tf.shape(x))
        return x

step = Step()
show("function", step(tf.constant([1.0])))
show("retraced", step(tf.constant([1.0, 2.0])))
show("again", step(tf.constant([1.0])))
key = tf.random.Generator.from_key_counter(5, [0, 0], "philox")
show("key", key.uniform([2]))
key.reset_from_seed(7)
show("reset", tf.function(lambda: key.uniform([2]) + keras.random.normal((2,), seed=4))())
model = keras.Sequential([
    keras.Input((3,)),
    keras.layers.Dense(4, kernel_initializer=keras.initializers.HeNormal(seed=5)),
    keras.layers.Dropout(0.5),
    keras.layers.GaussianNoise(0.1, seed=6),
    keras.layers.Dense(1),
])
model.compile("adam", "mse")
x = np.linspace(0, 1, 60, dtype="float32").reshape(20, 3)
history = model.fit(x, x[:, :1], epochs=2, batch_size=4, verbose=2, validation_split=0.2)
show("loss", history.history["loss"])
layer_in_function = tf.function(lambda v: model.layers[1](v, training=True))
show("dropout", layer_in_function(tf.ones([2, 4])))
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(model(x, training=True) ** 2)
show("gradient", tape.gradient(loss, model.trainable_variables)[0])
folder = tempfile.mkdtemp()
model.save(os.path.join(folder, "model.keras"))
show("loaded", keras.models.load_model(os.path.join(folder, "model.keras"))(x))
class Saved(tf.Module):
    @tf.function(input_signature=[])
    def drawn(self):
        return tf.random.stateless_normal([2], seed=[3, 4]) + tf.random.uniform([2])
tf.saved_model.save(Saved(), os.path.join(folder, "saved"))
show("saved", tf.saved_model.load(os.path.join(folder, "saved")).drawn())
initializer = pickle.loads(pickle.dumps(keras.initializers.GlorotUniform(seed=8)))
show("pickled", copy.deepcopy(initializer)((2, 2)))
print(initializer.get_config(), keras.random.SeedGenerator(9).get_config(), type(initializer))
dataset = tf.data.Dataset.range(6).map(lambda v: tf.random.uniform([]))
show("mapped", list(dataset.shuffle(4, seed=3, reshuffle_each_iteration=True).repeat(2).as_numpy_iterator()))
show("python", np.random.rand(2))
print(inspect.signature(tf.random.stateless_uniform), inspect.signature(keras.random.SeedGenerator.__init__))
print(inspect.signature(tf.random.Generator.from_key_counter), tf.random.Generator.from_key_counter.__name__)
"""
MODEL = """import keras
import tensorflow as tf

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2)
        self.drop = keras.layers.Dropout(0.5, seed=4)

    def call(self, x):
        return self.drop(self.dense(x)) + tf.random.uniform([2])

@tf.function
def drawn():
    total = tf.zeros([])
    for i in tf.range(3):
        if i > 1:
            total += tf.random.normal([])
    return total
"""
WITH_MODEL = """
import tensorflow as tf
import model
net = model.Net()
net(tf.ones([1, 3]))
model.drawn()
@tf.function
def replica():
    return tf.random.uniform([2])
tf.distribute.MirroredStrategy(["/cpu:0"]).run(replica)
def strange(x):
    return tf.random.uniform([])
list(tf.data.Dataset.range(2).map(lambda x: tf.py_function(strange, [x], tf.float32)))
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


def made(bench: Workbench, script: str, *, header: str = HEADER, **options: Any) -> Run:
    """Return a run of ``script`` after ``header``, which must finish without a note."""
    (run,) = bench.run(header + textwrap.dedent(script), Start.FORK, **options)
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


def check_influences(bench: Workbench, script: str, expected: dict[str, set[str]], header: str = HEADER) -> None:
    """Check that all of ``expected`` is seen, that it repeats where it is held, and what each moves where turned."""

    def run(*turns: str, holds: tuple[str, ...] = ("sources",)) -> Run:
        return made(bench, script, header=header, holds=holds, turns=turns)

    free, held, again = run(holds=()), run(), run()
    assert sorted(sites(free)) == sorted(sites(held)) == sorted(expected)
    assert moved(held, again) == set()
    taken = set().union(*(labels for site, labels in expected.items() if site.startswith("taken")))
    assert moved(free, held) == taken
    assert {site: moved(held, run(f"1 {site}")) for site in expected} == expected


def test_ops_are_seen_held_and_turned_each_at_its_line(bench: Workbench) -> None:
    check_influences(bench, OPS, OPS_MOVE)


def test_keras_is_seen_held_and_turned_where_a_seed_is_given(bench: Workbench) -> None:
    check_influences(bench, KERAS, KERAS_MOVE)


def test_generators_and_stateless_ops_are_seen_held_and_turned(bench: Workbench) -> None:
    check_influences(bench, GENERATORS, GENERATORS_MOVE)


def test_deterministic_ops_are_held_together_with_the_sources(bench: Workbench) -> None:
    script = """
        print("op:", tf.random.uniform([2]))
        print("generator:", tf.random.get_global_generator().uniform([2]))
        print("own:", tf.random.Generator.from_non_deterministic_state().uniform([2]))
        """
    one, other = (made(bench, script, holds=("sources", "op determinism")) for _ in range(2))
    assert moved(one, other) == set()
    assert moved(one, made(bench, script, holds=("sources",))) == set()
    (alone,) = bench.run(HEADER + textwrap.dedent(script), Start.FORK, holds=("op determinism",))
    assert "Random ops require a seed to be set when determinism is enabled" in alone.problem


def test_the_order_of_tf_data_is_held(bench: Workbench) -> None:
    script = """
        import tensorflow as tf
        options = tf.data.Options()
        options.deterministic = False
        how = {"num_parallel_calls": 2, "deterministic": False}
        def is_held(dataset):
            return int(dataset._variant_tensor.op.get_attr("deterministic") == b"true")
        with tf.Graph().as_default():
            numbers = tf.data.Dataset.range(6)
            print("map:", is_held(numbers.map(lambda x: x, **how)))
            print("interleave:", is_held(numbers.interleave(tf.data.Dataset.range, 2, 1, 2, False)))
            print("batch:", is_held(numbers.batch(2, **how)))
        print("options:", int(options._to_proto().deterministic))
        print("asked for:", int(options.deterministic))
        print("serial:", int(sum(tf.data.Dataset.range(6).map(lambda x: x).batch(2).unbatch())))
        """
    free, held = made(bench, script), made(bench, script, holds=("deterministic tf.data",))
    assert [draw.array.tolist() for draw in free.draws] == [0, 0, 0, 0, 0, 15]
    assert [draw.array.tolist() for draw in held.draws] == [1, 1, 1, 1, 0, 15]


def test_one_thread_is_held(bench: Workbench) -> None:
    script = """
        import tensorflow as tf
        print("intra:", tf.config.threading.get_intra_op_parallelism_threads())
        print("inter:", tf.config.threading.get_inter_op_parallelism_threads())
        print("sum:", tf.reduce_sum(tf.ones([100, 100]) @ tf.ones([100, 100])))
        """
    run = made(bench, script, holds=("one thread",))
    assert [draw.array.tolist() for draw in run.draws] == [1, 1, 1e6]


def logged(text: str) -> list[str]:
    """Return the lines of ``text`` without those that TensorFlow's native code writes about the machine."""
    return [line for line in text.splitlines() if not re.match("[IEW]0000|WARNING: All log|To enable", line)]


def test_observing_changes_no_bit_and_no_line(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(ALL_SORTS, encoding="utf-8")
    with ThreadPoolExecutor() as both:
        waiting = [both.submit(execute_plainly, script), both.submit(observe, script)]
        plain, observed = (each.result() for each in waiting)
    assert (plain.status, observed.status, observed.report.notes) == (0, 0, []), observed.stderr
    without_times = [re.sub(r"\d+m?s", "", text) for text in (plain.stdout, observed.stdout)]
    assert without_times[0] == without_times[1]
    assert logged(plain.stderr) == logged(observed.stderr) == []


def test_events_stand_at_the_lines_of_functions_and_of_modules(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(WITH_MODEL, encoding="utf-8")
    observed = observe(script)
    assert (observed.status, observed.report.notes) == (0, []), observed.stderr
    made, *others = [event for event in observed.report.trace if isinstance(event, Source)]
    assert (made.door, made.file, made.line) == ("random", "model.py", 7)
    assert made.stack == (("model.py", 7, "__init__"), (None, 4, "<module>"))
    assert made.through == "keras.src.layers.core.dense.Dense.__init__"
    found = list(dict.fromkeys((event.door, event.file, event.line) for event in others))
    assert found == [
        ("keras.random.SeedGenerator", "model.py", 8),
        ("tf.random_seed.get_seed", "model.py", 11),
        ("tf.random_seed.get_seed", "model.py", 18),
        ("tf.random_seed.get_seed", None, 9),
        ("tf.random_seed.get_seed", None, 12),
    ]
    (in_branch,) = (event for event in others if event.line == 18)
    assert in_branch.stack == (("model.py", 18, "drawn"), (None, 6, "<module>"))
    assert in_branch.through == "tensorflow.python.ops.random_ops.random_normal"


def test_what_of_keras_took_its_seed_from_python_is_named(bench: Workbench) -> None:
    script = """
        import keras
        keras.utils.set_random_seed(1)
        layers = [keras.layers.Dense(4), keras.layers.LSTM(2)]
        keras.layers.RandomCrop(2, 2)
        keras.random.normal((2,))
        """
    trace = made(bench, script).trace
    seeded = [(event.door, event.line, event.through) for event in trace if isinstance(event, Source)]
    through = "keras.src.utils.rng_utils.set_random_seed"
    assert seeded == [(door, 3, through) for door in ("random.seed", "numpy.random.seed", "tf.random.set_seed")]
    uses = [event for event in trace if isinstance(event, Use)]
    assert {(event.library, event.state, event.door) for event in uses} == {
        ("keras", "python global", "keras.make_default_seed")
    }
    assert [(event.line, event.through) for event in uses] == [
        (4, "Dense/GlorotUniform"),
        (4, "LSTM/LSTMCell/GlorotUniform"),
        (4, "LSTM/LSTMCell/Orthogonal"),
        (4, "LSTM/LSTMCell/SeedGenerator"),
        (5, "RandomCrop"),
        (5, "RandomCrop/SeedGenerator"),
        (6, "SeedGenerator"),
    ]


TF1 = """
import tensorflow as tf
tf.compat.v1.enable_eager_execution()
print("eager:", tf.random.uniform([2]).numpy())
print("op seed:", tf.random.uniform([2], seed=4).numpy())
@tf.function
def drawn(x):
    if x > 0:
        x += tf.random.uniform([])
    return x + tf.random.normal([], seed=3)
print("function:", drawn(tf.constant(1.0)).numpy())
print("stateless:", tf.random.stateless_uniform([2], seed=[1, 2]).numpy())
print("generator:", tf.random.experimental.Generator.from_seed(1).uniform([2]).numpy())
print("unseeded:", tf.random.experimental.Generator.from_non_deterministic_state().uniform([2]).numpy())
with tf.Graph().as_default(), tf.compat.v1.Session() as session:
    print("graph:", session.run(tf.random.uniform([2])))
    tf.compat.v1.set_random_seed(8)
    print("graph seed:", session.run(tf.random.uniform([2])))
tf.compat.v1.set_random_seed(5)
print("eager seed:", tf.random.uniform([2]).numpy())
"""
TF1_MOVE = {
    "taken tf.random_seed.get_seed :4": {"eager"},
    "set tf op seed :5": {"op seed"},
    "taken tf.random_seed.get_seed :9": {"function"},
    "set tf op seed :10": {"function"},
    "set tf stateless seed :12": {"stateless"},
    "set tf.random.Generator.from_seed :13": {"generator"},
    "taken tf.random.Generator.from_non_deterministic_state :14": {"unseeded"},
    "taken tf.random_seed.get_seed :16": {"graph"},
    "set tf.Graph.seed :17": {"graph seed"},
    "set tf.random.set_seed :19": {"eager seed"},
}


@pytest.mark.skipif("SEEDLAB_TF1_PYTHON" not in os.environ, reason="SEEDLAB_TF1_PYTHON names no Python 3.7")
def test_tensorflow_1_is_seen_held_and_turned() -> None:
    bench = Workbench(os.environ["SEEDLAB_TF1_PYTHON"])
    try:
        check_influences(bench, TF1, TF1_MOVE, header="")
    finally:
        bench.close()
