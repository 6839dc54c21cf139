"""The editor for each kind of control."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from seedlab.errors import ChoiceError
from seedlab.figure.theme import Theme
from seedlab.gui.boxes import ChoiceBox, let_shrink, spin_box
from seedlab.gui.placement_timeline import PlacementTimeline
from seedlab.messages.window import about_with_hindrance, set_text
from seedlab.results.environment import Interpreter
from seedlab.study.controls import ChoiceControl, Control, DeviceControl, IntegerControl, TimelineControl
from seedlab.study.experiment import Choice

Edited = Callable[[str, Choice], object]
"""Called with the name of a choice and its new value when a person has changed it."""


class Editor:
    """A widget that edits one choice."""

    widget: QWidget

    def show(self, value: Choice) -> None:
        """Show ``value`` without reporting it as a change."""

    def set_interpreter(self, interpreter: Interpreter) -> None:
        """Adapt to the devices and versions that the interpreter has."""


class IntegerEditor(Editor):
    """A box for a number, with a check box where the number may be left out."""

    def __init__(self, control: IntegerControl, edited: Edited, _theme: Theme) -> None:
        self._box = spin_box(control.title, control.minimum, control.maximum, control.about)
        self._check: QCheckBox | None = None
        self.widget: QWidget = self._box
        if control.optional:
            self._check = QCheckBox(accessibleName=set_text(control.title), toolTip=control.about)
            self.widget = QWidget()
            row = QHBoxLayout(self.widget, spacing=4)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(self._check)
            row.addWidget(self._box, 1)
            self.widget.setFocusProxy(self._check)
            self._check.toggled.connect(self._box.setEnabled)
            self._check.toggled.connect(lambda: edited(control.name, self._value()))
        self._box.valueChanged.connect(lambda: edited(control.name, self._value()))

    def _value(self) -> int | None:
        if self._check is not None and not self._check.isChecked():
            return None
        return int(self._box.value())

    def show(self, value: Choice) -> None:
        if self._check is not None:
            self._check.setChecked(value is not None)
            self._box.setEnabled(value is not None)
        if value is not None and value != self._box.value():
            self._box.setValue(value)


class ListEditor(Editor):
    """A list of the control's suggestions."""

    def __init__(self, control: Control, edited: Edited, _theme: Theme) -> None:
        self._control = control
        self._box = ChoiceBox(accessibleName=control.title, toolTip=control.about)
        let_shrink(self._box)
        self._fill(None)
        self._box.currentTextChanged.connect(lambda text: edited(control.name, text))
        self.widget = self._box

    def show(self, value: Choice) -> None:
        text = self._control.write(value)
        if self._box.findText(text) < 0:
            self._box.addItem(text)
        self._box.setCurrentText(text)

    def set_interpreter(self, interpreter: Interpreter) -> None:
        chosen = self._box.currentText()
        self._box.blockSignals(True)
        self._fill(interpreter)
        self.show(chosen)
        self._box.blockSignals(False)

    def _fill(self, interpreter: Interpreter | None) -> None:
        self._box.clear()
        self._box.setToolTip(self._control.about)
        for suggestion in self._control.suggestions(interpreter):
            self._box.addItem(suggestion.text)
            last = self._box.count() - 1
            self._box.setItemData(last, suggestion.about or None, Qt.ItemDataRole.ToolTipRole)
            if suggestion.hindrance:
                model = self._box.model()
                assert isinstance(model, QStandardItemModel)
                model.item(last).setEnabled(False)
                self._box.view().setMinimumWidth(self._box.view().sizeHintForColumn(0) + 16)
                self._box.setToolTip(about_with_hindrance(self._control.about, suggestion.hindrance))


class TimelineEditor(Editor):
    """The seed on the library's timeline."""

    def __init__(self, control: TimelineControl, edited: Edited, theme: Theme) -> None:
        self.widget: PlacementTimeline = PlacementTimeline(control, theme)
        self.widget.placement_changed.connect(lambda name: edited(control.name, name))

    def show(self, value: Choice) -> None:
        self.widget.set_placement(str(value))


class TextEditor(Editor):
    """A line of text with the control's suggestions, for kinds of controls that have no editor of their own.

    A text that the control cannot read is marked, and is not reported as a change.
    """

    def __init__(self, control: Control, edited: Edited, theme: Theme) -> None:
        self._control, self._edited, self._theme = control, edited, theme
        self._box = QComboBox(editable=True, accessibleName=control.title, toolTip=control.about)
        let_shrink(self._box)
        self._box.addItems([suggestion.text for suggestion in control.suggestions(None)])
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._box.currentTextChanged.connect(self._on_text_changed)
        self.widget: QWidget = self._box

    def _on_text_changed(self, text: str) -> None:
        try:
            value = self._control.read(text)
            self._control.check(value)
        except ChoiceError as error:
            self._box.setToolTip(str(error))
            self._box.setStyleSheet(f"color: {self._theme.differs}")
            return
        self._box.setToolTip(self._control.about)
        self._box.setStyleSheet("")
        self._edited(self._control.name, value)

    def show(self, value: Choice) -> None:
        text = self._control.write(value)
        if self._box.currentText() != text:
            self._box.setEditText(text)


_EDITORS: tuple[tuple[type[Control], Callable[..., Editor]], ...] = (
    (TimelineControl, TimelineEditor),
    (IntegerControl, IntegerEditor),
    (ChoiceControl, ListEditor),
    (DeviceControl, ListEditor),
)


def editor_of(control: Control, edited: Edited, theme: Theme) -> Editor:
    """Return an editor for ``control``: the one for its kind, else a line of text."""
    make = next((editor for kind, editor in _EDITORS if isinstance(control, kind)), TextEditor)
    return make(control, edited, theme)
