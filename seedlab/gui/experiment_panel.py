"""The panel at the left: every choice of the experiment, its runs and the interpreter."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seedlab.engine.executors.executor import Start
from seedlab.engine.platform import PLATFORM
from seedlab.engine.request import DEFAULT_TIMEOUT_S
from seedlab.figure.theme import Theme
from seedlab.gui.boxes import ChoiceBox, let_shrink, spin_box
from seedlab.gui.editors import Editor, editor_of
from seedlab.gui.placement_timeline import PlacementTimeline
from seedlab.libraries.presets import PRESETS, preset_of
from seedlab.libraries.registry import FAMILIES
from seedlab.results.environment import Interpreter
from seedlab.study.controls import TimelineControl
from seedlab.study.experiment import MAX_RUNS, Choice, Experiment
from seedlab.study.family import Family

_ABOUT_START = (
    "How a run gets its fresh process. cold: a new interpreter each time. spare: one that has imported and waits. "
    "fork: a child of one that has imported and executed nothing. auto: the fastest that nobody can tell from cold."
)


class ExperimentPanel(QWidget):
    """Holds one experiment and shows it in controls; the controls are those of its family."""

    experiment_changed = Signal(Experiment)
    """After any choice that makes another experiment."""
    run_requested = Signal()
    once_more_requested = Signal()
    stop_requested = Signal()
    interpreter_chosen = Signal(str)
    """Path of another Python."""
    start_chosen = Signal(Start)

    def __init__(self, theme: Theme) -> None:
        super().__init__(objectName="experiment_panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._experiment = PRESETS["before-graph"].experiment
        self._interpreter: Interpreter | None = None
        self._filling = False
        self._is_own_script = False
        self._editors: dict[str, Editor] = {}

        self.run_button = QPushButton(objectName="run", toolTip="Run the script in fresh processes (Ctrl+R)")
        self.run_button.clicked.connect(self.run_requested)
        self.once_more_button = _link("Once more", "Add one run to what is shown (+)")
        self.once_more_button.clicked.connect(self.once_more_requested)
        self.stop_button = _link("Stop", "End the runs that go on; what has finished is kept (Esc)")
        self.stop_button.clicked.connect(self.stop_requested)
        self.stop_button.setEnabled(False)
        self._pressed = self.run_button
        self.runs_box = spin_box("Number of runs", 1, MAX_RUNS, "How many fresh processes execute the script.")
        self.runs_box.setValue(3)
        self.runs_box.valueChanged.connect(self._show_run_count)

        self.preset_box = ChoiceBox(accessibleName="Preset", toolTip="The article's five experiments.")
        for preset in PRESETS.values():
            self.preset_box.addItem(preset.name, preset)
            self.preset_box.setItemData(self.preset_box.count() - 1, preset.title, Qt.ItemDataRole.ToolTipRole)
        self.preset_box.addItem("your own", None)
        self.preset_box.activated.connect(self._on_preset_chosen)
        self.library_box = ChoiceBox(accessibleName="Library", toolTip="What draws the random numbers.")
        for family in FAMILIES.values():
            self.library_box.addItem(family.title, family)
        self.library_box.currentIndexChanged.connect(self._on_library_chosen)
        self._timeline_place = QVBoxLayout(spacing=0)
        self.interpreter_box = ChoiceBox(accessibleName="Interpreter", toolTip="The Python that executes the runs.")
        self.interpreter_box.activated.connect(self._on_interpreter_chosen)

        self.start_box = ChoiceBox(accessibleName="Start", toolTip=_ABOUT_START)
        for start in Start:
            self.start_box.addItem(start.value, start)
        self.start_box.currentIndexChanged.connect(lambda: self.start_chosen.emit(self.start_box.currentData()))
        self.jobs_box = spin_box("Runs at once", 1, 256, "How many runs go on at once.")
        self.jobs_box.setValue(PLATFORM.cores())
        self.timeout_box = spin_box("Time limit in seconds", 1, 86_400, "A run that takes longer is ended.")
        self.timeout_box.setValue(int(DEFAULT_TIMEOUT_S))

        self._form = QGridLayout(horizontalSpacing=theme.unit, verticalSpacing=theme.unit // 2 - 1)
        self._form.setColumnStretch(1, 1)
        for box in (self.preset_box, self.library_box, self.interpreter_box, self.start_box):
            let_shrink(box)
        self._lay_out()
        self._show_run_count()
        self._build_family(FAMILIES[self._experiment.library])
        self._fill()

    # What the window reads and sets.

    @property
    def experiment(self) -> Experiment:
        return self._experiment

    @property
    def runs(self) -> int:
        return int(self.runs_box.value())

    @property
    def jobs(self) -> int:
        return int(self.jobs_box.value())

    @property
    def timeout_s(self) -> float:
        return float(self.timeout_box.value())

    def set_experiment(self, experiment: Experiment) -> None:
        if experiment == self._experiment and not self._is_own_script:
            return
        self.set_own_script(is_own=False)
        old, self._experiment = self._experiment, experiment
        if experiment.library != old.library:
            self._build_family(FAMILIES[experiment.library])
        self._fill()
        self.experiment_changed.emit(experiment)

    def set_own_script(self, *, is_own: bool) -> None:
        """The column executes a script of a person's own: nothing of the experiment is in it."""
        self._is_own_script = is_own
        in_form = [item.widget() for n in range(self._form.count()) if (item := self._form.itemAt(n)) is not None]
        for widget in (*self._about_experiment, self.timeline, *in_form):
            if widget is not None:
                widget.setVisible(not is_own)
        self._fill()

    def set_busy(self, busy: bool) -> None:
        # A button that is disabled gives the focus to whatever comes next, a box that would take the next keys.
        for button in (self.run_button, self.once_more_button):
            if busy and button.hasFocus():
                self._pressed = button
                self.stop_button.setEnabled(True)
                self.stop_button.setFocus()
            button.setEnabled(not busy)
        if not busy and self.stop_button.hasFocus():
            self._pressed.setFocus()
        self.stop_button.setEnabled(busy)
        self.interpreter_box.setEnabled(not busy)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.run_button.setFocus()

    def set_interpreter(self, interpreter: Interpreter) -> None:
        """Show the interpreter in use and what it has; its devices fill the device list."""
        self._interpreter = interpreter
        tensorflow = interpreter.version("tensorflow")
        version = f"TF {tensorflow}" if tensorflow else "no TensorFlow"
        self.interpreter_box.clear()
        self.interpreter_box.addItem(f"{version} ({interpreter.python})", interpreter.executable)
        self.interpreter_box.addItem("Choose another Python…", None)
        self.interpreter_box.setToolTip(f"The Python that executes the runs: {interpreter.executable}")
        for editor in self._editors.values():
            editor.set_interpreter(interpreter)

    def editor(self, name: str) -> QWidget:
        """Return the widget that edits the choice ``name``. Raises KeyError when the library has none."""
        return self._editors[name].widget

    @property
    def timeline(self) -> PlacementTimeline:
        """The seed on the library's timeline."""
        widget = self._editors["placement"].widget
        assert isinstance(widget, PlacementTimeline)
        return widget

    # Building.

    def _lay_out(self) -> None:
        theme = self._theme
        layout = QVBoxLayout(self, spacing=theme.unit - 2)
        layout.setContentsMargins(3 * theme.unit, 2 * theme.unit, 2 * theme.unit, theme.unit)
        layout.addWidget(self.run_button)
        row = QHBoxLayout(spacing=theme.px(4))
        row.addWidget(_muted("Runs", self.runs_box))
        row.addWidget(self.runs_box)
        row.addStretch()
        row.addWidget(self.once_more_button)
        row.addWidget(self.stop_button)
        layout.addLayout(row)
        layout.addSpacing(theme.unit // 2)
        choose = QGridLayout(horizontalSpacing=theme.unit, verticalSpacing=theme.unit // 2 + 1)
        choose.setColumnStretch(1, 1)
        library, places = _muted("Library", self.library_box), _muted("Where the seed is set", self.library_box)
        choose.addWidget(_muted("Preset", self.preset_box), 0, 0)
        choose.addWidget(self.preset_box, 0, 1)
        choose.addWidget(library, 1, 0)
        choose.addWidget(self.library_box, 1, 1)
        layout.addLayout(choose)
        layout.addSpacing(theme.unit // 2)
        layout.addWidget(places)
        layout.addLayout(self._timeline_place)
        self._about_experiment: list[QWidget] = [library, self.library_box, places]
        layout.addLayout(self._form)
        layout.addStretch()
        how = QGridLayout(horizontalSpacing=theme.unit, verticalSpacing=theme.unit // 2 - 1)
        how.setColumnStretch(1, 1)
        how.setColumnStretch(3, 1)
        how.addWidget(_muted("Interpreter", self.interpreter_box), 0, 0)
        how.addWidget(self.interpreter_box, 0, 1, 1, 3)
        how.addWidget(_muted("Start", self.start_box), 1, 0)
        how.addWidget(self.start_box, 1, 1, 1, 3)
        how.addWidget(_muted("At once", self.jobs_box), 2, 0)
        how.addWidget(self.jobs_box, 2, 1)
        how.addWidget(_muted("Limit, s", self.timeout_box), 2, 2)
        how.addWidget(self.timeout_box, 2, 3)
        layout.addLayout(how)

    def _build_family(self, family: Family) -> None:
        for layout in (self._timeline_place, self._form):
            while (item := layout.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    # A layout shows what it was given with the next event: as a window, if it has no parent by then.
                    widget.hide()
                    widget.setParent(None)
                    widget.deleteLater()
        self._editors = {}
        previous: QWidget = self.library_box
        for number, control in enumerate(family.controls):
            editor = self._editors[control.name] = editor_of(control, self._on_edited, self._theme)
            if self._interpreter is not None:
                editor.set_interpreter(self._interpreter)
            if isinstance(control, TimelineControl):
                self._timeline_place.addWidget(editor.widget)
            else:
                self._form.addWidget(_muted(control.title, editor.widget), number, 0)
                self._form.addWidget(editor.widget, number, 1)
            QWidget.setTabOrder(previous, editor.widget)
            previous = editor.widget
        for widget in (self.interpreter_box, self.start_box, self.jobs_box, self.timeout_box):
            QWidget.setTabOrder(previous, widget)
            previous = widget

    def _fill(self) -> None:
        """Show the experiment in the controls, without taking that for a choice."""
        self._filling = True
        self.library_box.setCurrentText(FAMILIES[self._experiment.library].title)
        preset = preset_of(self._experiment)
        self.preset_box.setCurrentText("your own" if preset is None or self._is_own_script else preset.name)
        self.timeline.set_seed_text(str(self._experiment.get("graph_seed")))
        for name, editor in self._editors.items():
            editor.show(self._experiment[name])
        self._filling = False

    # Choices.

    def _on_edited(self, name: str, value: Choice) -> None:
        if not self._filling:
            self.set_experiment(self._experiment.choose(**{name: value}))

    def _on_library_chosen(self) -> None:
        family: Family = self.library_box.currentData()
        if not self._filling and family.name != self._experiment.library:
            self.set_experiment(family.default)

    def _on_preset_chosen(self) -> None:
        preset = self.preset_box.currentData()
        if preset is not None:
            self.set_experiment(preset.experiment)
        else:
            self._fill()

    def _on_interpreter_chosen(self, number: int) -> None:
        if self.interpreter_box.itemData(number) is not None:
            return
        self.interpreter_box.setCurrentIndex(0)
        folder = str(Path(self._interpreter.executable).parent) if self._interpreter else ""
        chosen, _ = QFileDialog.getOpenFileName(self, "Choose a Python executable", folder)
        if chosen:
            self.interpreter_chosen.emit(chosen)

    def _show_run_count(self) -> None:
        self.run_button.setText("Run once" if self.runs == 1 else f"Run {self.runs} times")


def _muted(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setBuddy(buddy)
    return label


def _link(text: str, tool_tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tool_tip)
    button.setProperty("role", "link")
    return button
