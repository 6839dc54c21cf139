"""The panel at the left: the run controls, the experiment's choices, and how runs are made."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seedlab.figure.theme import Theme
from seedlab.gui.engine_form import EngineForm
from seedlab.gui.experiment_form import ExperimentForm
from seedlab.gui.program_form import ProgramForm
from seedlab.gui.run_controls import RunControls
from seedlab.messages.programs import mend_first_text
from seedlab.session.session import Session
from seedlab.session.texts_on_disk import TextState

WIDTH = 288
"""The width of the panel, in pixels at zoom 1, where its words have room in it."""


class Panel(QWidget):
    """Shows the session's choices, and passes on to the session what a person chooses."""

    saving_asked = Signal()
    """A person wants the current column's script in a file."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(objectName="experiment_panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self.run_controls = RunControls(theme)
        self.experiment_form = ExperimentForm(theme, session.experiment)
        self.program_form = ProgramForm(theme)
        self.engine_form = EngineForm(theme)
        layout = QVBoxLayout(self, spacing=theme.unit - 2)
        layout.setContentsMargins(3 * theme.unit, theme.unit, 2 * theme.unit, theme.unit - 2)
        layout.addWidget(self.run_controls)
        layout.addSpacing(theme.unit // 2)
        layout.addWidget(self.experiment_form)
        layout.addWidget(self.program_form)
        layout.addStretch()
        layout.addWidget(self.engine_form)
        self.show_settings()
        self.show_choices()
        self._connect()

    def _connect(self) -> None:
        session, form, engine = self._session, self.experiment_form, self.engine_form
        form.choice_made.connect(lambda name, value: session.editing.choose(**{name: value}))
        form.library_chosen.connect(session.editing.choose_library)
        form.experiment_chosen.connect(session.editing.choose_experiment)
        self.program_form.changed.connect(lambda program, step: session.editing.change_program(program, step=step))
        self.program_form.left.connect(session.end_step)
        self.program_form.back_asked.connect(self._undo_edits)
        self.program_form.saving_asked.connect(self.saving_asked)
        engine.interpreter_chosen.connect(session.pythons.choose)
        engine.interpreters_wanted.connect(session.pythons.look)
        engine.start_chosen.connect(lambda start: session.change_settings(start=start))
        engine.jobs_chosen.connect(lambda jobs: session.change_settings(jobs=jobs))
        engine.timeout_chosen.connect(lambda seconds: session.change_settings(timeout_s=seconds))
        self.run_controls.runs_chosen.connect(lambda runs: session.change_settings(runs=runs))

    def _undo_edits(self) -> None:
        self._session.editing.undo_edits()
        # The button that was pressed is gone; what one chooses next stands in its place.
        form = self.program_form.file_button if self._session.is_own_script else self.experiment_form.timeline
        form.setFocus()

    def show_choices(self) -> None:
        """Show the choices of the current column, and the interpreter that makes its runs."""
        self._show_interpreters()
        session, is_own = self._session, self._session.is_own_script
        self.experiment_form.show_experiment(session.experiment, is_own_script=is_own)
        self.program_form.setVisible(is_own)
        if is_own:
            lane = session.arrangement.lane
            is_missing = session.texts.state(lane) is TextState.MISSING
            self.program_form.show_program(lane.key, lane.program, is_missing=is_missing, is_edited=lane.is_edited)
        previous = self.experiment_form.last
        for box in (*self.program_form.fields, *self.engine_form.boxes):
            QWidget.setTabOrder(previous, box)
            previous = box

    def show_sources(self) -> None:
        """Show where an own script takes its random numbers from, unless that is to be guessed."""
        session = self._session
        lane = session.arrangement.lane
        self.program_form.sources.setVisible(session.uncovered is None)
        if session.is_own_script:
            is_earlier = lane.is_stale or session.texts.is_outdated(lane)
            self.program_form.sources.show_column(lane.column, is_earlier=is_earlier)

    def may_run(self) -> bool:
        """Return True when every field of the current column can be read; else say which, and go to it."""
        wrong = self.program_form.wrong if self._session.is_own_script else None
        if wrong is None:
            return True
        self._session.say(mend_first_text(wrong.title, wrong.problem))
        wrong.box.setFocus()
        return False

    def show_settings(self) -> None:
        """Show the number of runs, and how they are made."""
        self.run_controls.show_runs(self._session.settings.runs)
        self.engine_form.show_settings(self._session.settings)

    def show_interpreter(self) -> None:
        """Show the interpreter in use, and offer what it has."""
        self._show_interpreters()
        if self._session.interpreter is not None:
            self.experiment_form.show_interpreter(self._session.interpreter)

    def _show_interpreters(self) -> None:
        chosen = self._session.arrangement.lane.interpreter or self._session.interpreter
        if chosen is not None:
            pythons = self._session.pythons
            self.engine_form.show_interpreters(chosen, pythons.usable, pythons.known.devices, pythons.titles)

    def show_busy(self) -> None:
        """Enable the controls that work while runs go on, or while none do."""
        self.run_controls.set_busy(is_busy=self._session.is_busy)
        self.engine_form.set_busy(is_busy=self._session.is_busy)
