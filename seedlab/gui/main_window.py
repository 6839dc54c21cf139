"""The window: panel at the left, comparison at the right, status below; it never waits."""

import time

import msgspec
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QScrollArea, QWidget

from seedlab import APPLICATION_TITLE
from seedlab.engine.interpreter import require
from seedlab.engine.runner import BatchEnd, BatchRequest
from seedlab.engine.starter import Readiness
from seedlab.errors import InterpreterError, SeedlabError
from seedlab.gui import theme as themes
from seedlab.gui.comparison_view import ColumnState, ComparisonView
from seedlab.gui.experiment_panel import ExperimentPanel
from seedlab.gui.runner_thread import RunnerThread
from seedlab.gui.theme import Theme
from seedlab.model.experiment import Experiment
from seedlab.model.families import FAMILIES, check_batch, script_of
from seedlab.model.interpreter import Interpreter
from seedlab.model.lab import Column
from seedlab.model.run import Outcome, Run
from seedlab.model.script import Script

PANEL_WIDTH = 36 * themes.UNIT
REDRAW_INTERVAL_MS = 33
"""Runs that arrive faster than this are drawn together."""


class MainWindow(QMainWindow):
    """Owns the column that is shown; the runner thread belongs to whoever made it."""

    def __init__(self, runner: RunnerThread, theme: Theme) -> None:
        super().__init__()
        self._runner = runner
        self._interpreter: Interpreter | None = None
        self._closing = False
        self._readiness = Readiness.COLD
        self._started = 0.0
        self._asked_runs = 0
        self.setWindowTitle(APPLICATION_TITLE)
        self.panel = ExperimentPanel(theme)
        self.comparison = ComparisonView(theme)
        self._column = Column(name="", experiment=None, script="")

        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_INTERVAL_MS)
        self._redraw.timeout.connect(self._on_redraw)
        self._clock = QTimer(self, interval=100)
        self._clock.timeout.connect(self._show_progress)
        self._lay_out()
        self._connect()
        self._show()

    # Built once.

    def _lay_out(self) -> None:
        scroll = QScrollArea(objectName="panel_scroll", widgetResizable=True)
        scroll.setWidget(self.panel)
        scroll.setFixedWidth(PANEL_WIDTH)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        middle = QWidget()
        row = QHBoxLayout(middle, spacing=0)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(scroll)
        row.addWidget(self.comparison, 1)
        self.setCentralWidget(middle)
        self.interpreter_label = QLabel("asking the interpreter…")
        self.readiness_label = QLabel()
        self.progress_label = QLabel()
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self.interpreter_label)
        self.statusBar().addWidget(self.readiness_label)
        self.statusBar().addPermanentWidget(self.progress_label)

    def _connect(self) -> None:
        self.panel.experiment_changed.connect(self._on_experiment_changed)
        self.panel.run_requested.connect(self.run)
        self.panel.stop_requested.connect(self.stop)
        self.panel.interpreter_chosen.connect(self._runner.ask)
        self.panel.start_chosen.connect(self._runner.set_start)
        self._runner.run_ended.connect(self._on_run_ended)
        self._runner.batch_ended.connect(self._on_batch_ended)
        self._runner.interpreter_found.connect(self._on_interpreter_found)
        self._runner.interpreter_failed.connect(self._on_interpreter_failed)
        self._runner.readiness_changed.connect(self._on_readiness_changed)
        QShortcut(QKeySequence("Ctrl+R"), self, self.run)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.stop)
        QShortcut(QKeySequence.StandardKey.Quit, self, self.close)

    # What a person asks for.

    @property
    def column(self) -> Column:
        """What is shown: the experiment that was run last, and its runs."""
        return self._column

    @Slot()
    def run(self) -> None:
        """Run the chosen experiment as often as chosen; what cannot be run is said, and changes nothing."""
        experiment = self.panel.experiment
        try:
            family = check_batch(experiment, self.panel.runs)
            if self._interpreter is not None:
                require(self._interpreter, family)
        except SeedlabError as error:
            self.comparison.show_message(str(error))
            return
        self.run_column(
            Column(name=_name_of(experiment), experiment=experiment, script=script_of(experiment).text), self.panel.runs
        )

    def run_column(self, column: Column, runs: int) -> None:
        """Run ``column`` anew, ``runs`` times, in place of what is shown; does nothing while runs go on."""
        if self._interpreter is None or self._closing:
            self.comparison.show_message("The interpreter has not answered yet: wait a moment, then run again.")
            return
        request = BatchRequest(
            script=column.script,
            executable=self._interpreter.executable,
            runs=runs,
            jobs=self.panel.jobs,
            timeout_s=self.panel.timeout_s,
        )
        if not self._runner.start_batch(request):
            return
        self.comparison.show_message("")
        self._column = msgspec.structs.replace(column, interpreter=self._interpreter, runs=())
        self._started = time.monotonic()
        self._asked_runs = runs
        self.panel.set_busy(True)
        self._clock.start()
        self._show()
        self._show_progress()

    @Slot()
    def stop(self) -> None:
        """End the runs that go on; those that have finished stay."""
        self._runner.stop_batch()

    # What the runner and the panel report.

    @Slot(Run)
    def _on_run_ended(self, run: Run) -> None:
        # Only the runs that were started say something about the script.
        if run.outcome is not Outcome.CANCELLED:
            self._column = msgspec.structs.replace(self._column, runs=(*self._column.runs, run))
        if not self._redraw.isActive():
            self._redraw.start()

    @Slot(BatchEnd)
    def _on_batch_ended(self, end: BatchEnd) -> None:
        self._clock.stop()
        self._redraw.stop()
        self.panel.set_busy(False)
        self._show()
        self._show_progress(end)

    @Slot(Experiment)
    def _on_experiment_changed(self) -> None:
        self.comparison.show_message("")
        self._show()
        self._prepare()

    @Slot(Interpreter)
    def _on_interpreter_found(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self.panel.set_interpreter(interpreter)
        self.interpreter_label.setText(interpreter.summary)
        self.interpreter_label.setToolTip(interpreter.executable)
        self.comparison.show_message(f"{interpreter.problem}." if interpreter.problem else "")
        self._prepare()

    @Slot(InterpreterError)
    def _on_interpreter_failed(self, error: InterpreterError) -> None:
        self.comparison.show_message(str(error))
        if self._interpreter is None:
            self.interpreter_label.setText("no interpreter")

    @Slot(Readiness, str)
    def _on_readiness_changed(self, readiness: Readiness, detail: str) -> None:
        self._readiness = readiness
        self.readiness_label.setText(f"{readiness.value}: {detail}" if detail else readiness.value)

    def _prepare(self) -> None:
        """Have imported, by the time that a person presses Run, what the chosen script will import."""
        if self._interpreter is not None:
            self._runner.prepare(self._interpreter.executable, script_of(self.panel.experiment).text)

    # Showing.

    def _on_redraw(self) -> None:
        # Not faster than it can be drawn: what arrives meanwhile is drawn together.
        if self.comparison.is_complete:
            self._show()
        else:
            self._redraw.start()

    def _show(self) -> None:
        chosen = self.panel.experiment
        own_script = self._column.experiment is None and bool(self._column.script)
        script = Script(self._column.script) if own_script else script_of(chosen)
        has_run = bool(self._column.script)
        is_stale = has_run and not own_script and self._column.experiment != chosen
        column = self._column if has_run else Column(name=_name_of(chosen), experiment=chosen, script=script.text)
        self.comparison.show_columns([ColumnState(column=column, script=script, is_stale=is_stale)])

    def _show_progress(self, end: BatchEnd | None = None) -> None:
        ended = len(self._column.runs)
        seconds = time.monotonic() - self._started
        text = f"{ended} of {self._asked_runs} runs · {seconds:.1f} s"
        if end is BatchEnd.CANCELLED:
            text = f"stopped after {text}"
        elif end is None:
            is_waiting = not ended and self._readiness is Readiness.PREPARING
            text = f"waiting for the import: {seconds:.1f} s" if is_waiting else f"running: {text}"
        self.progress_label.setText(text)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Refuse new work, end what goes on, wait for the thread, then close; a second call only closes."""
        if not self._closing:
            self._closing = True
            self._clock.stop()
            self._redraw.stop()
            self._runner.close()
        event.accept()


def _name_of(experiment: Experiment) -> str:
    """What sets this experiment apart, in a few words."""
    family = FAMILIES[experiment.library]
    placement = next(p for p in family.placements if p.name == experiment.placement)
    return f"seed {placement.title}" if placement.name == "none" else placement.title
