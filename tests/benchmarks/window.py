"""How soon the window is there, and how steadily it draws."""

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import msgspec
import numpy as np
import psutil

from seedlab.analysis.analyst import analyse
from seedlab.libraries.registry import experiment_of
from seedlab.study.lab import Lab
from tests.benchmarks.measure import Figure, median, seconds_of
from tests.helpers import comparisons
from tests.helpers.values import column, draw, run

ROUNDS = 5
RUNS, VALUES = 1000, 1000
DRAWS, LARGE = 20_000, 12_000_000

_FIRST_PAINT = """
from PySide6.QtCore import QEvent, QObject, QTimer
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, lambda: os._exit(0))
        return False
"""
_BARE = f"""
import os
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph as pg
{_FIRST_PAINT}
application = QApplication([])
window = QMainWindow()
window.setCentralWidget(pg.PlotWidget())
painted = Painted()
application.installEventFilter(painted)
window.resize(1280, 800)
window.show()
application.exec()
"""
OURS = f"""
import os, sys
{_FIRST_PAINT}
from PySide6.QtWidgets import QApplication, QMainWindow
show = QMainWindow.show
def show_and_watch(window):
    window.painted = Painted()
    QApplication.instance().installEventFilter(window.painted)
    show(window)
QMainWindow.show = show_and_watch
from seedlab.__main__ import main
sys.argv = ["seedlab"]
main()
"""
"""The command itself, until its window is painted."""


def window_painted() -> list[Figure]:
    def run(program: str) -> float:
        return seconds_of(
            lambda: subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60)
        )

    ours_s, bare_s = [], []
    for _ in range(ROUNDS):
        ours_s.append(run(OURS))
        bare_s.append(run(_BARE))
    ours, bare = median(ours_s), median(bare_s)
    return [
        Figure(
            "window painted",
            f"{ours * 1000:.0f} ms",
            f"a bare PySide6 and pyqtgraph window: {bare * 1000:.0f} ms",
            f"{ours / bare:.2f} times as long",
            "at most 1.5",
        )
    ]


def _do_what_follows_the_first_paint() -> None:
    """Do at once what the application does between its first paint and the first value: no clock runs there either."""
    from seedlab.gui.app import import_what_draws_values

    gc.collect()
    import_what_draws_values()


class LongBatch(msgspec.Struct):
    """What was seen while many runs arrived."""

    seconds: float
    gaps: list[float]
    """Of the event loop, in seconds."""
    grown_bytes: int
    result_bytes: int


def measure_long_batch() -> LongBatch:
    """Have 1,000 real runs of 1,000 values arrive in the window."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from seedlab.gui.main_window import MainWindow
    from seedlab.gui.runner_thread import RunnerThread

    application = QApplication.instance() or QApplication([])
    runner = RunnerThread()
    window = MainWindow(runner)
    window.resize(1280, 800)
    runner.start()
    runner.ask(None)
    window.show()
    window.session.editing.choose_experiment(
        experiment_of("numpy-generator", placement="none", sample_size=VALUES, draws_per_op=2)
    )
    window.panel.run_controls.runs_box.setValue(RUNS)
    while not window.status.readiness_label.text().startswith("ready"):
        application.processEvents()

    _do_what_follows_the_first_paint()
    gaps: list[float] = []
    last = started = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    heart = QTimer(window, interval=5)
    heart.timeout.connect(beat)
    memory = psutil.Process().memory_info().rss
    window.run()
    heart.start()
    while window.session.is_busy or not window.comparison.is_complete:
        # As the event loop of the application does: asleep until something happens.
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    seconds = time.perf_counter() - started
    heart.stop()
    gc.unfreeze()
    grown = psutil.Process().memory_info().rss - memory
    runs = window.session.arrangement.lane.column.runs
    assert len(runs) == RUNS
    results = sum(len(run.text) + sum(len(draw.data) for draw in run.draws) for run in runs)
    # Nobody is there to be asked about the results.
    window.documents.document.let_go()
    window.close()
    return LongBatch(seconds, gaps, grown, results)


def long_batch() -> list[Figure]:
    """1,000 real runs of 1,000 values arriving in the window, against drawing them once."""
    import pyqtgraph as pg

    measured = measure_long_batch()
    plot = pg.PlotWidget()
    plot.resize(900, 400)
    plot.show()
    image = np.random.rand(RUNS, VALUES)

    def draw_once() -> None:
        plot.addItem(pg.ImageItem(image))
        plot.grab()

    once = seconds_of(draw_once)
    plot.close()
    longest = max(measured.gaps)
    return [
        Figure(
            f"{RUNS:,} runs of {VALUES:,} values arriving in the window: longest gap of the event loop",
            f"{longest * 1000:.0f} ms",
            f"drawing them once with an ImageItem: {once * 1000:.0f} ms",
            f"{longest / once:.1f}",
            "gaps under 50 ms",
        ),
        Figure(
            "memory grown meanwhile",
            f"{measured.grown_bytes / 2**20:.0f} MB",
            f"the results themselves: {measured.result_bytes / 2**20:.0f} MB",
            f"{measured.grown_bytes / measured.result_bytes:.1f}",
            "the results",
        ),
    ]


def many_draws_arriving() -> list[Figure]:
    """Two runs of 20,000 draws, put into the window by hand, and scrolled through."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from seedlab.gui.main_window import MainWindow
    from seedlab.gui.runner_thread import RunnerThread

    application = QApplication.instance() or QApplication([])
    runner = RunnerThread()
    window = MainWindow(runner)
    window.resize(1280, 800)
    window.show()
    shown = Lab.of([comparisons.many_draws(DRAWS)])
    _do_what_follows_the_first_paint()
    gaps: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    heart = QTimer(window, interval=1)
    heart.timeout.connect(beat)

    def longest(action: Callable[[], object]) -> float:
        """The longest gap from the beginning of ``action`` until all is drawn."""
        nonlocal last
        gaps.clear()
        last = time.perf_counter()
        QTimer.singleShot(0, action)
        while len(gaps) < 10 or not window.comparison.is_complete:
            application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        return max(gaps)

    heart.start()
    longest(window.update)
    arriving = longest(lambda: window.session.show_lab(shown))
    assert len(window.comparison.figure.labels) == DRAWS
    bar = window.comparison.canvas.verticalScrollBar()
    scrolling = max(longest(partial(bar.setValue, bar.maximum() * step // 50)) for step in range(51))
    heart.stop()
    gc.unfreeze()
    window.documents.document.let_go()
    window.close()
    runner.close()
    # As seedlab/gui/app.py does: a drawing that outlives the application crashes at exit.
    window.deleteLater()
    application.processEvents()
    return [
        Figure(f"2 runs of {DRAWS:,} draws {what}: longest gap of the event loop", f"{gap * 1000:.0f} ms",
               "one frame at 60 Hz: 17 ms", f"{gap / 0.017:.1f}", "gaps under 100 ms")
        for what, gap in (("arriving in the window", arriving), ("scrolled through", scrolling))
    ]  # fmt: skip


def analysis() -> list[Figure]:
    """What the analysis costs as the draws become more, and of one large draw."""
    few, many = comparisons.many_draws(DRAWS // 4), comparisons.many_draws(DRAWS)
    few_s, many_s = (median([seconds_of(partial(analyse, [each])) for _ in range(ROUNDS)]) for each in (few, many))
    values = np.random.default_rng(0).random(LARGE)
    large = column(run(1, draw("x", values, "float64")))
    large_s, sort_s = seconds_of(partial(analyse, [large])), seconds_of(partial(np.sort, values))
    return [
        Figure(
            f"analysis of 2 runs of {DRAWS:,} draws",
            f"{many_s:.2f} s",
            f"of {DRAWS // 4:,} draws: {few_s:.2f} s",
            f"{many_s / few_s:.1f} times as long",
            "under 6",
        ),
        Figure(
            f"analysis of a run of one draw of {LARGE:,} values",
            f"{large_s:.2f} s",
            f"sorting them once: {sort_s:.2f} s",
            f"{large_s / sort_s:.2f}",
            "under 1",
        ),
    ]


BENCHMARKS = (window_painted, long_batch, many_draws_arriving, analysis)
