"""The form with a control for each choice of the experiment, as the library describes them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLayout, QVBoxLayout, QWidget

from seedlab.figure.theme import Theme
from seedlab.gui.boxes import ChoiceBox, let_shrink
from seedlab.gui.editors import Editor, editor_of
from seedlab.gui.labels import LABEL_WIDTH, muted_label
from seedlab.gui.placement_timeline import PlacementTimeline
from seedlab.gui.preset_picker import PresetPicker
from seedlab.libraries.presets import PRESETS, preset_of
from seedlab.libraries.registry import FAMILIES
from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter
from seedlab.study.controls import TimelineControl
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.family import Family


class ExperimentForm(QWidget):
    """Shows one experiment. It keeps no choices: it emits what a person chooses, and shows what it is given."""

    choice_made = Signal(str, object)
    """The name of a choice and its new value."""
    library_chosen = Signal(str)
    experiment_chosen = Signal(Experiment)
    """The experiment of a preset."""

    def __init__(self, theme: Theme, experiment: Experiment) -> None:
        super().__init__()
        self._theme = theme
        self._experiment = experiment
        self._interpreter: Interpreter | None = None
        self._is_filling = False
        self._is_own_script = False
        self._editors: dict[str, Editor] = {}
        self.preset_box = _PresetBox(
            accessibleName=sentence("Preset"), toolTip=sentence("What people ask, and the article's experiments.")
        )
        self.preset_box.opened.connect(self.pick_preset)
        for preset in PRESETS.values():
            self.preset_box.addItem(preset.name, preset)
            self.preset_box.setItemData(
                self.preset_box.count() - 1, sentence(preset.title), Qt.ItemDataRole.ToolTipRole
            )
        self.preset_box.addItem(sentence("your own"), None)
        self.preset_box.activated.connect(self._on_preset_chosen)
        self.library_box = ChoiceBox(
            accessibleName=sentence("Library"), toolTip=sentence("The library that draws the random numbers.")
        )
        for family in FAMILIES.values():
            self.library_box.addItem(family.title, family.name)
        self.library_box.currentIndexChanged.connect(self._on_library_chosen)
        let_shrink(self.preset_box)
        let_shrink(self.library_box)
        self._timeline_place = QVBoxLayout(spacing=0)
        self._form = QGridLayout(horizontalSpacing=theme.unit, verticalSpacing=theme.unit // 4)
        self._form.setColumnStretch(1, 1)
        self._lay_out()
        self._build(FAMILIES[experiment.library])
        self._fill()

    def _lay_out(self) -> None:
        theme = self._theme
        layout = QVBoxLayout(self, spacing=theme.unit // 2)
        layout.setContentsMargins(0, 0, 0, 0)
        choose = QGridLayout(horizontalSpacing=theme.unit, verticalSpacing=theme.unit // 2 + 1)
        choose.setColumnStretch(1, 1)
        choose.setColumnMinimumWidth(0, theme.px(LABEL_WIDTH))
        library = muted_label(sentence("Library"), self.library_box)
        places = muted_label(sentence("Where the seed is set"), self.library_box)
        choose.addWidget(muted_label(sentence("Preset"), self.preset_box), 0, 0)
        choose.addWidget(self.preset_box, 0, 1)
        choose.addWidget(library, 1, 0)
        choose.addWidget(self.library_box, 1, 1)
        layout.addLayout(choose)
        layout.addWidget(places)
        layout.addLayout(self._timeline_place)
        layout.addLayout(self._form)
        self._around: list[QWidget] = [library, self.library_box, places]

    def _build(self, family: Family) -> None:
        """Make an editor for each choice of ``family``."""
        _empty(self._timeline_place)
        _empty(self._form)
        self._editors = {}
        previous: QWidget = self.library_box
        for number, control in enumerate(family.controls):
            editor = self._editors[control.name] = editor_of(control, self._on_edited, self._theme)
            if self._interpreter is not None:
                editor.set_interpreter(self._interpreter)
            if isinstance(control, TimelineControl):
                self._timeline_place.addWidget(editor.widget)
            else:
                self._form.addWidget(muted_label(control.title, editor.widget), number, 0)
                self._form.addWidget(editor.widget, number, 1)
            QWidget.setTabOrder(previous, editor.widget)
            previous = editor.widget

    # Showing.

    def show_experiment(self, experiment: Experiment, *, is_own_script: bool) -> None:
        """Show ``experiment``, or hide its controls where the column executes a person's own script."""
        if (experiment, is_own_script) == (self._experiment, self._is_own_script):
            return
        if experiment.library != self._experiment.library:
            self._build(FAMILIES[experiment.library])
        self._experiment, self._is_own_script = experiment, is_own_script
        in_form = [item.widget() for n in range(self._form.count()) if (item := self._form.itemAt(n)) is not None]
        for widget in (*self._around, self.timeline, *in_form):
            if widget is not None:
                widget.setVisible(not is_own_script)
        self._fill()

    def show_interpreter(self, interpreter: Interpreter) -> None:
        """Offer what ``interpreter`` has, such as its devices."""
        self._interpreter = interpreter
        for editor in self._editors.values():
            editor.set_interpreter(interpreter)

    def _fill(self) -> None:
        """Show the experiment in the controls without reporting a choice."""
        self._is_filling = True
        self.library_box.setCurrentText(FAMILIES[self._experiment.library].title)
        preset = preset_of(self._experiment)
        shown = None if self._is_own_script else preset
        self.preset_box.setCurrentText(sentence("your own") if shown is None else shown.name)
        self.preset_box.setToolTip(
            sentence("What people ask, and the article's experiments.") if shown is None else sentence(shown.title)
        )
        seed = FAMILIES[self._experiment.library].seed
        self.timeline.set_seed_text(None if seed is None else str(self._experiment[seed]))
        for name, editor in self._editors.items():
            editor.show(self._experiment[name])
        self._is_filling = False

    def editor(self, name: str) -> QWidget:
        """Return the widget that edits the choice ``name``. Raise KeyError when the library has no such choice."""
        return self._editors[name].widget

    @property
    def last(self) -> QWidget:
        """The last control that Tab reaches."""
        return [self.library_box, *(editor.widget for editor in self._editors.values())][-1]

    @property
    def timeline(self) -> PlacementTimeline:
        """The timeline of the library, with the seed on it."""
        widget = self._editors[FAMILIES[self._experiment.library].timeline.name].widget
        assert isinstance(widget, PlacementTimeline)
        return widget

    # Choices.

    def pick_preset(self) -> None:
        """Open the list of presets, with its search."""
        picker = PresetPicker(self._theme, self)
        picker.chosen.connect(lambda preset: self.experiment_chosen.emit(preset.experiment))
        picker.open_below(self.preset_box, self.preset_box.currentData())

    def _on_edited(self, name: str, value: Choice) -> None:
        if not self._is_filling:
            self.choice_made.emit(name, value)

    def _on_library_chosen(self) -> None:
        if not self._is_filling:
            self.library_chosen.emit(self.library_box.currentData())

    def _on_preset_chosen(self) -> None:
        preset = self.preset_box.currentData()
        if preset is not None:
            self.experiment_chosen.emit(preset.experiment)
        else:
            self._fill()


class _PresetBox(ChoiceBox):
    """The box of presets, whose list is another one: with a search."""

    opened = Signal()

    def showPopup(self) -> None:
        self.opened.emit()


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            # The layout would still show the widget with the next event, as a window, as it has no parent then.
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
