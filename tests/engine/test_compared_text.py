"""Texts of real runs: nothing that a seed does not decide is a difference, and what it decides is."""

from seedlab.analysis.comparison import rows_of
from seedlab.analysis.rows import Row, Verdict
from seedlab.results.run import Outcome, Run
from tests.helpers.launching import run_batch

KERAS = """
import logging
import numpy as np
import keras
{seed}
logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
x = np.linspace(0, 1, 256, dtype="float32").reshape(64, 4)
y = x.sum(axis=1, keepdims=True)
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8), keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["mae"])
model.summary()
# Printed in the midst of the progress bar.
beside = keras.callbacks.LambdaCallback(on_train_batch_end=lambda n, logs: print(f"at {{n}}") if n == 1 else None)
model.fit(x, y, epochs=2, verbose=1, batch_size=16, callbacks=[beside])
history = model.fit(x, y, epochs=1, verbose=2, batch_size=16)
print(f"loss after {{3}} epochs: {{history.history['loss'][-1]:.3f}}")
print(history.history)
logging.info("loss %.3f", model.evaluate(x, y, verbose=0)[0])
"""
REST = """
import logging, os, random, sys, tempfile, threading, time, warnings
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import track
from rich.table import Table
random.seed({seed})
loss = random.random()
logging.basicConfig(format="%(asctime)s %(process)d %(levelname)s [%(threadName)s] %(message)s", level=logging.DEBUG)
logging.warning("loss %.3f", loss)
for each in track(range(3), description="Training"):
    time.sleep(random.random() * 0 + float(str(os.getpid())[-1]) / 500)
for forced in (False, True):
    console = Console(force_terminal=forced, width=60)
    table = Table("name", "value")
    table.add_row("loss", f"{{loss:.4f}}")
    console.print(table)
    logging.getLogger("rich").handlers = [RichHandler(console=console)]
    logging.getLogger("rich").propagate = False
    logging.getLogger("rich").info("took %.2f s", time.perf_counter())
warnings.warn("be careful")
start = time.perf_counter()
for step in range(1, 21):
    # As tqdm writes it.
    spent = time.perf_counter() - start
    if step in (1, 20) or time.perf_counter_ns() % 2:
        sys.stderr.write("\\r%3d%%|%-10s| %d/20 [00:%02d<00:%02d, %5.2fit/s, loss=%.3f]"
                         % (step * 5, "#" * (step // 2), step, spent, 20 - spent, step / (spent + 1e-9), loss))
sys.stderr.write("\\n")
print("object", object(), "in", tempfile.mkdtemp(), "at", time.ctime())
print("id", hex(id(object())) , "by", threading.current_thread())
"""


def compared(script: str) -> tuple[tuple[Run, ...], dict[str, Row]]:
    runs = run_batch(script, 2)
    assert [run.outcome for run in runs] == [Outcome.FINISHED] * 2, runs[0].details
    return runs, {row.label: row for row in rows_of(runs)}


def differing(rows: dict[str, Row]) -> set[str]:
    return {label for label, row in rows.items() if row.verdict is not Verdict.REPEATS}


def test_seeded_keras_has_no_false_difference() -> None:
    runs, rows = compared(KERAS.format(seed="keras.utils.set_random_seed(1)"))
    assert differing(rows) == set()
    texts = {draw.label: draw.text for draw in runs[0].draws if draw.is_text}
    assert "‹duration›" in texts["standard output"]
    assert "at 1" in texts.values()
    assert "at 1" not in texts["standard output"]
    assert texts["standard error"].startswith("‹time› INFO loss")
    assert {code for row in rows.values() if row.text is not None for code in [row.text.code]} <= {
        "text.equal",
        "text.equal-digits",
    }


def test_of_unseeded_keras_the_lines_with_losses_differ() -> None:
    runs, rows = compared(KERAS.format(seed=""))
    output = rows["standard output"].text
    assert output is not None
    assert output.code == "text.numbers-differ-in-lines"
    first, second = (next(draw.text for draw in run.draws if draw.label == "standard output") for run in runs)
    pairs = zip(first.split("\n"), second.split("\n"), strict=True)
    changed = [line for line, other in pairs if line != other]
    assert len(changed) == output["lines_differing"] == 3
    assert all(" - loss: " in line for line in changed)
    assert {"loss", "mae", "standard error"} <= {label.rpartition("/")[2] for label in differing(rows)}


def test_logging_bars_tables_warnings_addresses_and_temporary_names_are_no_difference() -> None:
    runs, rows = compared(REST.format(seed=1))
    assert differing(rows) == set(), [(draw.label, draw.text) for run in runs for draw in run.draws if draw.is_text]
    assert {"standard output", "standard error"} <= rows.keys()


def test_what_a_seed_decides_is_a_difference_there() -> None:
    _, rows = compared(REST.format(seed=""))
    for label, lines in (("standard output", 2), ("standard error", 2)):
        found = rows[label].text
        assert found is not None
        assert (found.code, found["lines_differing"]) == ("text.numbers-differ-in-lines", lines)
        assert isinstance(found["largest"], float)
        assert 0 < found["largest"] < 1
