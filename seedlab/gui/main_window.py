"""The window: panel at the left, comparison at the right, status below; it never waits."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from seedlab import APPLICATION_TITLE
from seedlab.engine.batch import BatchEnd, BatchRequest
from seedlab.engine.executors.auto import Readiness
from seedlab.engine.pythons import require
from seedlab.errors import InterpreterError, SeedlabError
from seedlab.figure import ColumnState, FigureState
from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.gui.analysis_thread import AnalysisThread
from seedlab.gui.commands import Commands
from seedlab.gui.comparison_view import ComparisonView
from seedlab.gui.experiment_panel import ExperimentPanel
from seedlab.gui.export_actions import TakeAway
from seedlab.gui.keys_dialog import KeysDialog
from seedlab.gui.open_document import Desk
from seedlab.gui.run_queue import Job, RunQueue
from seedlab.gui.runner_thread import RunnerThread
from seedlab.gui.stage_bar import StageBar
from seedlab.gui.still_pointer import StillPointer
from seedlab.gui.trust_dialog import TrustDialog
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import check_batch, script_of
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run
from seedlab.session import settings as saved
from seedlab.session.arrangement import Arrangement, Lane, over_graph_seeds, over_op_seed, over_placements
from seedlab.session.settings import SavedColumn, Settings
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column, Lab, Look, View, now
from seedlab.study.script import Script

PANEL_WIDTH = 288
"""In pixels at zoom 1."""
REDRAW_INTERVAL_MS = 33
"""Runs that arrive faster than this are drawn together."""
STAGE_WIDTH, STAGE_HEIGHT = 1180, 740
"""What the stage shows at zoom 1: a larger screen shows the same, larger."""
_MAX_UNDO = 50


class MainWindow(QMainWindow):
    """Owns the columns that are shown; the runner thread belongs to whoever made it."""

    def __init__(
        self,
        runner: RunnerThread,
        settings: Settings | None = None,
        *,
        settings_path: Path | None = None,
        recovery_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self._runner = runner
        self._analysis = AnalysisThread()
        self._settings = settings or Settings()
        self._settings_path = settings_path
        self._interpreter: Interpreter | None = None
        self._closing = False
        self._readiness = (Readiness.COLD, "")
        self._queue = RunQueue(runner, self, lambda key: self._arrangement.position(key) is not None)
        self._uncovered: int | None = None
        # Not Qt's isFullScreen: that follows the desktop, which may take its time or have its own mind.
        self._is_on_stage = False
        self._arrangement = self._settings.arrangement() or Arrangement.of([PRESETS["before-graph"].experiment])
        self._earlier: list[Arrangement] = []
        self._later: list[Arrangement] = []
        self._created = now()
        self._showing = False
        self._message = ""
        self._asks = recovery_folder is not None
        self.setAcceptDrops(True)
        self._make_status_bar()
        self.desk = Desk(self, self.lab, self.show_lab, self.say, recovery_folder)
        tell = self.progress_label.setText
        self.take_away = TakeAway(self, self.desk.background, self._settings.export, self.say, tell)
        self.desk.changed.connect(self._show_title)
        self.desk.used.connect(self._on_document_used)
        self._show_title()
        self.commands = Commands(self, self._handlers())
        self.commands["guess"].setChecked(self._settings.guess)

        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_INTERVAL_MS)
        self._redraw.timeout.connect(self._on_redraw)
        self._clock = QTimer(self, interval=100)
        self._clock.timeout.connect(self._show_progress)
        self.pointer = StillPointer(self)
        self._connect()
        self._build()
        self.resize(self._settings.width, self._settings.height)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_desktop_theme_changed)

    # Building. What is built follows from settings and arrangement, and is built anew for another theme or size.

    def _handlers(self) -> dict[str, Callable[[], object]]:
        def look(name: Look) -> Callable[[], None]:
            return lambda: self.set_look("auto" if self._settings.look == name else name)

        return {
            "open": self.desk.choose_and_open,
            "save": self._save,
            "save_as": self._save_as,
            "export": self.export,
            "copy_picture": lambda: self.take_away.copy_picture(self.lab(), self._theme.name),
            "copy_table": lambda: self.take_away.copy_table(self.lab(), self.comparison.figure.selected()),
            "copy_command": lambda: self.take_away.copy_command(
                self._arrangement.columns[self._arrangement.current], self.panel.runs
            ),
            "run": self.run,
            "run_all": self.run_all,
            "once_more": self.once_more,
            "stop": self.stop,
            "compare_placements": lambda: self.compare(over_placements(self.panel.experiment)),
            "compare_op_seed": lambda: self.compare(over_op_seed(self.panel.experiment)),
            "compare_graph_seeds": lambda: self.compare(over_graph_seeds(self.panel.experiment)),
            "pin": lambda: self._arrange(self._arrangement.duplicate()),
            "rename": lambda: self.comparison.columns_bar.rename(self._arrangement.current),
            "remove": lambda: self._arrange(self._arrangement.remove()),
            "move_left": lambda: self._move(self._arrangement.current, self._arrangement.current - 1),
            "move_right": lambda: self._move(self._arrangement.current, self._arrangement.current + 1),
            "previous": lambda: self._select(self._arrangement.current - 1),
            "next": lambda: self._select(self._arrangement.current + 1),
            "undo": self.undo,
            "redo": self.redo,
            "lines": look("lines"),
            "values": look("values"),
            "map": look("map"),
            "guess": self._on_guess_toggled,
            "uncover": self.uncover,
            "present": lambda: self.present(not self._is_on_stage),
            "light": lambda: self.set_theme("light"),
            "dark": lambda: self.set_theme("dark"),
            "system": lambda: self.set_theme(saved.SYSTEM_THEME),
            "switch_theme": lambda: self.set_theme("light" if self._theme.name == "dark" else "dark"),
            "zoom_in": lambda: self._zoom(1),
            "zoom_out": lambda: self._zoom(-1),
            "zoom_reset": lambda: self._zoom(0),
            "keys": self._show_keys,
            "quit": self.close,
        }

    def _make_status_bar(self) -> None:
        self.interpreter_label = QLabel("asking the interpreter…")
        self.readiness_label = QLabel()
        self.progress_label = QLabel()
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self.interpreter_label)
        self.statusBar().addWidget(self.readiness_label)
        self.statusBar().addPermanentWidget(self.progress_label)

    def _connect(self) -> None:
        self._queue.run_ended.connect(self._on_run_ended)
        self._queue.turned.connect(self._on_turned)
        self._queue.ended.connect(self._on_runs_ended)
        self._runner.interpreter_found.connect(self._on_interpreter_found)
        self._runner.interpreter_failed.connect(self._on_interpreter_failed)
        self._runner.readiness_changed.connect(self._on_readiness_changed)

    def _build(self) -> None:
        self._theme = self._wanted_theme()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        themes.apply(application, self._theme)
        theme, settings = self._theme, self._settings
        self.panel = ExperimentPanel(theme)
        self.panel.runs_box.setValue(settings.runs)
        if settings.jobs is not None:
            self.panel.jobs_box.setValue(settings.jobs)
        self.panel.timeout_box.setValue(settings.timeout_s)
        self.panel.start_box.setCurrentText(settings.start)
        self.comparison = ComparisonView(theme, self._analysis)
        menu = self.commands.menu(self.comparison)
        self._add_recent(menu)
        self.comparison.add_links(
            [self.commands[name] for name in ("compare_placements", "guess", "present", "export")]
        )
        self.comparison.add_menu("Menu", menu)
        self.stage_bar = StageBar(theme)
        self._scroll = QScrollArea(objectName="panel_scroll", widgetResizable=True)
        self._scroll.setWidget(self.panel)
        self._scroll.setFixedWidth(theme.px(PANEL_WIDTH))
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right = QVBoxLayout(spacing=0)
        right.addWidget(self.comparison, 1)
        right.addWidget(self.stage_bar)
        middle = QWidget()
        row = QHBoxLayout(middle, spacing=0)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._scroll)
        row.addLayout(right, 1)
        self.setCentralWidget(middle)
        self._connect_built()
        if self._interpreter is not None:
            self.panel.set_interpreter(self._interpreter)
        self.comparison.show_message(self._message)
        is_on_stage = self._is_on_stage
        self._scroll.setVisible(not is_on_stage)
        self.stage_bar.setVisible(is_on_stage)
        self.statusBar().setVisible(not is_on_stage)
        self._set_busy(self._runner.is_busy)
        self._show_columns()

    def _add_recent(self, menu: QMenu) -> None:
        self._recent_menu = QMenu("Open recent", menu)
        menu.insertMenu(self.commands["save"], self._recent_menu)
        self._recent_menu.aboutToShow.connect(self._fill_recent)
        self._fill_recent()

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        for name in self._settings.recent:
            path = Path(name)
            self._recent_menu.addAction(path.name, lambda path=path: self.desk.open(path)).setToolTip(name)
        self._recent_menu.setEnabled(bool(self._settings.recent))

    def _connect_built(self) -> None:
        self.panel.experiment_changed.connect(self._on_experiment_changed)
        self.panel.run_requested.connect(self.run)
        self.panel.once_more_requested.connect(self.once_more)
        self.panel.stop_requested.connect(self.stop)
        self.panel.interpreter_chosen.connect(self._runner.ask)
        self.panel.start_chosen.connect(self._runner.set_start)
        bar = self.comparison.columns_bar
        bar.currentChanged.connect(self._select)
        bar.moved.connect(self._move)
        bar.rename_asked.connect(lambda at, name: self._arrange(self._arrangement.rename(at, name)))
        bar.remove_asked.connect(lambda at: self._arrange(self._arrangement.remove(at)))
        bar.duplicate_asked.connect(lambda at: self._arrange(self._arrangement.duplicate(at)))
        bar.run_asked.connect(self._run_one)
        self.stage_bar.run_requested.connect(self.run)
        self.stage_bar.once_more_requested.connect(self.once_more)
        self.stage_bar.placement_chosen.connect(self._on_placement_chosen)

    def _wanted_theme(self) -> Theme:
        zoom = self._settings.zoom
        if self._is_on_stage:
            screen = self.size()
            zoom *= max(min(screen.width() / STAGE_WIDTH, screen.height() / STAGE_HEIGHT), 1.0)
        return themes.chosen(self._settings.theme, zoom)

    # What a person asks for: runs.

    @property
    def arrangement(self) -> Arrangement:
        return self._arrangement

    @property
    def column(self) -> Column:
        """The current column: what was run last, and its runs."""
        return self._arrangement.lane.column

    @property
    def theme(self) -> Theme:
        return self._theme

    @Slot()
    def run(self) -> None:
        """Run the current column anew; what cannot be run is said, and changes nothing."""
        self._run_lanes([self._arrangement.lane])

    @Slot()
    def run_all(self) -> None:
        self._run_lanes(list(self._arrangement.lanes))

    @Slot(int)
    def _run_one(self, position: int) -> None:
        self._select(position)
        self.run()

    @Slot()
    def once_more(self) -> None:
        """Add one run to each column that has runs; where none has, run as asked for."""
        lanes = [lane for lane in self._arrangement.lanes if lane.column.runs]
        if not lanes:
            self.run_all()
            return
        self._run_lanes(lanes, once_more=True)

    def compare(self, experiments: list[Experiment]) -> None:
        """Fill the view with a column for each experiment, and run them all."""
        if not experiments:
            self.say("This library has no such choice to compare: choose another one.")
        elif self._is_ready():
            self._arrange(Arrangement.of(experiments, self._arrangement.next_key))
            self.run_all()

    def _is_ready(self) -> bool:
        if self._interpreter is None or self._closing:
            self.say("The interpreter has not answered yet: wait a moment, then run again.")
            return False
        return not self._runner.is_busy

    def _run_lanes(self, lanes: list[Lane], *, once_more: bool = False) -> None:
        if not self._is_ready():
            return
        foreign = next((lane for lane in lanes if once_more and not self._is_of_this_interpreter(lane)), None)
        if foreign is not None:
            self.say(_mixing(foreign.column, self._arrangement.names[self._arrangement.lanes.index(foreign)]))
            return
        strange = next((lane for lane in lanes if not lane.column.trusted and (once_more or lane.chosen is None)), None)
        if strange is not None:
            self._ask_for_trust(strange, [lane.key for lane in lanes], once_more=once_more)
            return
        try:
            jobs = [self._job(lane, once_more) for lane in lanes]
        except SeedlabError as error:
            self.say(str(error))
            return
        self.say("")
        if not once_more:
            for lane in lanes:
                cleared = replace(lane.cleared(), interpreter=self._interpreter)
                self._arrangement = self._arrangement.update(lane.key, cleared)
            self._uncovered = 0 if self.commands["guess"].isChecked() else None
        self._set_busy(True)
        self._clock.start()
        self._queue.start(jobs)
        self._show()
        self._show_progress()
        if self._uncovered is not None:
            # Space is for uncovering now, not for pressing Run again.
            self.comparison.canvas.setFocus()

    def _is_of_this_interpreter(self, lane: Lane) -> bool:
        """The runs of ``lane``, if any, are of the interpreter that is chosen."""
        drawn_by, chosen = lane.column.interpreter, self._interpreter
        return not lane.column.runs or drawn_by is None or chosen is None or drawn_by.draws_like(chosen)

    def _ask_for_trust(self, lane: Lane, keys: list[int], *, once_more: bool) -> None:
        """Show a script that came with a document; run only when the person agrees."""
        dialog = TrustDialog(
            self._arrangement.names[self._arrangement.lanes.index(lane)], lane.column.script, self._theme, self
        )

        def on_agreed() -> None:
            self._arrangement = self._arrangement.update(lane.key, replace(lane.column, trusted=True))
            positions = [self._arrangement.position(key) for key in keys]
            lanes = [self._arrangement.lanes[position] for position in positions if position is not None]
            self._run_lanes(lanes, once_more=once_more)
            # Keys are commands again.
            self.comparison.canvas.setFocus()

        dialog.accepted.connect(on_agreed)
        dialog.open()

    def _job(self, lane: Lane, once_more: bool) -> Job:
        """The batch for ``lane``. Raises `SeedlabError` when it cannot be run."""
        assert self._interpreter is not None
        column = lane.column if once_more else lane.cleared()
        runs = 1 if once_more else self.panel.runs
        first = 1 + max((run.index for run in column.runs), default=0)
        if column.experiment is not None:
            family = check_batch(column.experiment, runs + len(column.runs))
            require(self._interpreter, family)
        return Job(
            lane.key,
            BatchRequest(
                script=column.script,
                executable=self._interpreter.executable,
                runs=runs,
                first_index=first,
                jobs=self.panel.jobs,
                timeout_s=self.panel.timeout_s,
            ),
        )

    def run_column(self, column: Column, runs: int) -> None:
        """Run ``column``, somebody's own script, in place of the current one; does nothing while runs go on."""
        if self._is_ready():
            lane = replace(self._arrangement.lane, column=column, chosen=column.experiment, title=column.name)
            self._arrangement = self._arrangement.update(lane.key, column)
            lanes = tuple(lane if other.key == lane.key else other for other in self._arrangement.lanes)
            self._arrangement = replace(self._arrangement, lanes=lanes)
            self.panel.runs_box.setValue(runs)
            self._show_columns()
            self.run()

    @Slot()
    def stop(self) -> None:
        """End the runs that go on; those that have finished stay. On stage, where nothing goes on, leave it."""
        if self._runner.is_busy:
            self._queue.stop()
        elif self._is_on_stage:
            self.present(False)

    # What a person asks for: columns.

    def _arrange(self, arrangement: Arrangement) -> None:
        """Take another arrangement; the one before can be brought back."""
        if arrangement != self._arrangement:
            self._earlier = [*self._earlier[-_MAX_UNDO:], self._arrangement]
            self._later = []
            self._arrangement = arrangement
            self._show_columns()
            self.desk.results_changed()

    @Slot()
    def undo(self) -> None:
        """Bring back order, number and names of the columns as they were before the last change of them."""
        self._step(self._earlier, self._later)

    @Slot()
    def redo(self) -> None:
        """Take back the last undo."""
        self._step(self._later, self._earlier)

    def _step(self, wanted: list[Arrangement], left: list[Arrangement]) -> None:
        if wanted and not self._runner.is_busy:
            left.append(self._arrangement)
            self._arrangement = self._arrangement.back_to(wanted.pop())
            self._show_columns()
            self.desk.results_changed()

    @Slot(int)
    def _select(self, position: int) -> None:
        if 0 <= position < len(self._arrangement.lanes) and position != self._arrangement.current:
            self._arrangement = self._arrangement.select(position)
            self._show_columns()

    @Slot(int, int)
    def _move(self, start: int, end: int) -> None:
        self._arrange(self._arrangement.move(start, end))

    def _show_columns(self) -> None:
        """Show another current column in the panel, then everything."""
        self._showing = True
        chosen = self._arrangement.lane.chosen
        if chosen is None:
            self.panel.set_own_script(is_own=True)
        else:
            self.panel.set_experiment(chosen)
        self._showing = False
        self.stage_bar.show_experiment(chosen)
        self._show()
        self._prepare()

    # What a person asks for: taking it away, and bringing it back.

    def lab(self) -> Lab:
        """What the window shows, as a document or a picture holds it."""
        view = View(look=self._settings.look, current=self._arrangement.current)
        return Lab(columns=self._arrangement.columns, created=self._created, view=view)

    def show_lab(self, lab: Lab) -> None:
        """Show what a document holds: experiments, runs and view. Nothing of it is run."""
        self._uncovered = None
        self._earlier, self._later = [], []
        self._settings = replace(self._settings, look=lab.view.look)
        # What still runs is of other columns.
        self._queue.stop()
        self._arrangement = Arrangement.of_columns(lab.columns, lab.view.current, self._arrangement.next_key)
        self._created = lab.created
        self.progress_label.clear()
        self.say("")
        self._show_columns()

    # Slots of their own: an action tells whether it is checked, which is no continuation.
    @Slot()
    def _save(self) -> None:
        self.desk.save()

    @Slot()
    def _save_as(self) -> None:
        self.desk.save_as()

    @Slot()
    def export(self) -> None:
        self.take_away.export(self.lab(), self._theme, self.desk.folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file that was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.desk.open(paths[0])

    @Slot(str, str)
    def _on_document_used(self, path: str, done: str) -> None:
        self.progress_label.setText(f"{done} {Path(path).name}")
        others = [name for name in self._settings.recent if name != path]
        self._settings = replace(self._settings, recent=(path, *others)[: saved.MAX_RECENT])

    def _show_title(self) -> None:
        self.setWindowTitle(self.desk.title or APPLICATION_TITLE)

    # What a person asks for: looks.

    def set_look(self, look: Look) -> None:
        self._settings = replace(self._settings, look=look)
        self._show()

    def set_theme(self, name: str) -> None:
        self._keep_settings()
        self._settings = replace(self._settings, theme=name)
        self._build()
        # Not only at the end: who was killed would find the old one.
        self._save_settings()

    def _zoom(self, step: int) -> None:
        at = saved.ZOOMS.index(self._settings.zoom) + step if step else saved.ZOOMS.index(1.0)
        if 0 <= at < len(saved.ZOOMS):
            self._keep_settings()
            self._settings = replace(self._settings, zoom=saved.ZOOMS[at])
            self._build()
            self._save_settings()

    def present(self, on: bool) -> None:
        """Full screen with what a talk needs, or back."""
        self._keep_settings()
        self._is_on_stage = on
        self.commands["present"].setChecked(on)
        if on:
            self.showFullScreen()
        else:
            self.pointer.stop()
            self.showNormal()
        self._build()
        if on:
            self.pointer.start()
            self.comparison.canvas.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_on_stage:
            # A full screen has its size only when the desktop says so.
            QTimer.singleShot(0, self, self._rebuild_for_stage)

    def _rebuild_for_stage(self) -> None:
        if self._is_on_stage and self._wanted_theme() != self._theme:
            self._build()

    @Slot()
    def _on_guess_toggled(self) -> None:
        is_on = self.commands["guess"].isChecked()
        has_runs = any(lane.column.runs for lane in self._arrangement.lanes)
        self._uncovered = 0 if is_on and has_runs else None
        self._show()
        if self._uncovered is not None:
            # Space is for uncovering now, not for pressing Run.
            self.comparison.canvas.setFocus()

    @Slot()
    def uncover(self) -> None:
        """Show one run more of what is covered; the last one shows the verdicts too."""
        if self._uncovered is None:
            return
        self._uncovered += 1
        self._end_guessing()
        self._show()

    def _end_guessing(self) -> None:
        """Once nothing is covered and nothing more to come, all may be seen."""
        most = max(len(lane.column.runs) for lane in self._arrangement.lanes)
        if self._uncovered is not None and self._uncovered >= most and not self._queue.is_busy:
            self._uncovered = None

    @Slot()
    def _show_keys(self) -> None:
        KeysDialog(self.commands.all, self._theme, self).show()

    # What the runner and the panel report.

    @Slot(int, Run)
    def _on_run_ended(self, key: int, run: Run) -> None:
        if self._arrangement.position(key) is not None:
            self._arrangement = self._arrangement.add_run(key, run)
            self._created = now()

    @Slot()
    def _on_turned(self) -> None:
        if not self._redraw.isActive():
            self._redraw.start()

    @Slot(BatchEnd)
    def _on_runs_ended(self, end: BatchEnd) -> None:
        self._clock.stop()
        self._redraw.stop()
        self._set_busy(False)
        self._end_guessing()
        self._show()
        self._show_progress(end)
        self.desk.results_changed()

    @Slot(Experiment)
    def _on_experiment_changed(self, experiment: Experiment) -> None:
        if self._showing:
            return
        self.say("")
        if self._arrangement.lane.chosen is None:
            # A script of a person's own goes: that can be taken back.
            self._arrange(self._arrangement.choose(experiment))
            return
        self._arrangement = self._arrangement.choose(experiment)
        self.stage_bar.show_experiment(experiment)
        self._show()
        self._prepare()

    @Slot(str)
    def _on_placement_chosen(self, name: str) -> None:
        self.panel.set_experiment(self.panel.experiment.choose(placement=name))

    @Slot(Interpreter)
    def _on_interpreter_found(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self.panel.set_interpreter(interpreter)
        self.interpreter_label.setText(interpreter.summary)
        self.interpreter_label.setToolTip(interpreter.executable)
        self.say(f"{interpreter.problem}." if interpreter.problem else "")
        # Some columns may be of another one now.
        self._show()
        self._prepare()

    @Slot(InterpreterError)
    def _on_interpreter_failed(self, error: InterpreterError) -> None:
        self.say(str(error))
        if self._interpreter is None:
            self.interpreter_label.setText("no interpreter")

    @Slot(Readiness, str)
    def _on_readiness_changed(self, readiness: Readiness, detail: str) -> None:
        self._readiness = (readiness, detail)
        self.readiness_label.setText(f"{readiness.value}: {detail}" if detail else readiness.value)

    @Slot()
    def _on_desktop_theme_changed(self) -> None:
        if self._settings.theme == saved.SYSTEM_THEME and not self._closing:
            self._keep_settings()
            self._build()

    def _prepare(self) -> None:
        """Have imported, by the time that a person presses Run, what the chosen script will import."""
        if self._interpreter is not None:
            self._runner.prepare(self._interpreter.executable, script_of(self.panel.experiment).text)

    # Showing.

    def say(self, message: str) -> None:
        """Show something that needs the person; empty takes it away."""
        self._message = message
        self.comparison.show_message(message)

    def _set_busy(self, busy: bool) -> None:
        self.panel.set_busy(busy)
        self.stage_bar.set_busy(busy)

    def _on_redraw(self) -> None:
        # Not faster than it can be drawn: what arrives meanwhile is drawn together.
        if self.comparison.is_complete:
            self._show()
        else:
            self._redraw.start()

    def _show(self) -> None:
        arrangement = self._arrangement
        columns = tuple(
            _shown(lane, name, is_foreign=not self._is_of_this_interpreter(lane))
            for lane, name in zip(arrangement.lanes, arrangement.names, strict=True)
        )
        state = FigureState(columns=columns, look=self._settings.look, uncovered=self._uncovered)
        self.comparison.show_state(state, self._arrangement.current)
        self.commands["uncover"].setEnabled(self._uncovered is not None)
        self.commands["undo"].setEnabled(bool(self._earlier))
        self.commands["redo"].setEnabled(bool(self._later))

    def _show_progress(self, end: BatchEnd | None = None) -> None:
        queue = self._queue
        text = f"{queue.done} of {queue.asked} runs · {queue.seconds:.1f} s"
        if end is BatchEnd.CANCELLED:
            text = f"stopped after {text}"
        elif end is None:
            is_waiting = not queue.done and self._readiness[0] is Readiness.PREPARING
            text = f"waiting for the import: {queue.seconds:.1f} s" if is_waiting else f"running: {text}"
        self.progress_label.setText(text)

    # Ending.

    def _keep_settings(self) -> None:
        """Take over what the widgets hold."""
        panel = self.panel
        columns = tuple(
            SavedColumn(lane.chosen, lane.title) for lane in self._arrangement.lanes if lane.chosen is not None
        )
        self._settings = replace(
            self._settings,
            columns=columns,
            current=min(self._arrangement.current, max(len(columns) - 1, 0)),
            runs=panel.runs,
            jobs=panel.jobs,
            timeout_s=int(panel.timeout_s),
            start=panel.start_box.currentText(),
            guess=self.commands["guess"].isChecked(),
            export=self.take_away.choices,
        )

    def _save_settings(self) -> None:
        self._keep_settings()
        if not self._is_on_stage:
            size = self.normalGeometry().size() if self.isMaximized() else self.size()
            self._settings = replace(
                self._settings, width=size.width(), height=size.height(), is_maximised=self.isMaximized()
            )
        if self._settings_path is not None:
            saved.save(self._settings_path, self._settings)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask for what is unsaved; then refuse new work, end what goes on, wait for the thread, and close.

        A second call only closes.
        """
        if not self._closing and self._asks and self.desk.is_unsettled:
            event.ignore()
            self.desk.ask_to_save(self.close)
            return
        if not self._closing:
            for dialog in self.findChildren(QDialog):
                dialog.close()
            self._save_settings()
            self.desk.close()
            self._closing = True
            self._clock.stop()
            self._redraw.stop()
            self.pointer.stop()
            self._queue.stop()
            self._runner.close()
            self._analysis.close()
        event.accept()


def _shown(lane: Lane, name: str, *, is_foreign: bool) -> ColumnState:
    """A column with the script of what is chosen for it now."""
    script = Script(lane.column.script) if lane.chosen is None else script_of(lane.chosen)
    column = replace(lane.column, name=name)
    origin = _origin(lane.column) if is_foreign else ""
    return ColumnState(name=name, column=column, script=script, is_stale=lane.is_stale, origin=origin)


def _origin(column: Column) -> str:
    assert column.interpreter is not None
    return f"Drawn by {column.interpreter.summary}, not by the interpreter that is chosen."


def _mixing(column: Column, name: str) -> str:
    assert column.interpreter is not None
    drawn_by = f"{column.interpreter.summary} ({column.interpreter.executable})"
    return (
        f"The runs of “{name}” are of another interpreter, {drawn_by}: "
        "choose that one, or press Run to run the column anew."
    )
