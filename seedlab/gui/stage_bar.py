"""The bar below the drawing on stage, with the controls that a talk needs."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QButtonGroup, QHBoxLayout, QPushButton, QWidget

from seedlab.figure.theme import Theme
from seedlab.gui.commands import command_of
from seedlab.libraries.registry import FAMILIES
from seedlab.study.experiment import Experiment


class StageBar(QWidget):
    """Has buttons for running, and one for each placement of the seed.

    It lies over the lower edge of ``parent``, and only while somebody looks for it: nothing makes room for it.
    """

    choice_made = Signal(str, object)
    """The name of the choice of a placement, and the placement."""
    run_requested = Signal()
    once_more_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, objectName="stage_bar")
        self._around = parent
        parent.installEventFilter(self)
        self._is_wanted = False
        self.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row = QHBoxLayout(self, spacing=2 * theme.unit)
        self._row.setContentsMargins(4 * theme.unit, theme.unit, 4 * theme.unit, theme.unit)
        self.run_button = self._command_link("run")
        self.run_button.clicked.connect(self.run_requested)
        self.once_more_button = self._command_link("once_more")
        self.once_more_button.clicked.connect(self.once_more_requested)
        self._row.addStretch()
        self._group = QButtonGroup(self)
        self._library = ""

    def show_experiment(self, experiment: Experiment | None) -> None:
        """Show the placements of the experiment's library, the chosen one pressed; none for a person's own script."""
        for button in self._group.buttons():
            button.setVisible(experiment is not None)
        if experiment is None:
            return
        family = FAMILIES[experiment.library]
        choice = family.timeline.name
        if family.name != self._library:
            self._library = family.name
            for button in self._group.buttons():
                self._group.removeButton(button)
                button.hide()
                button.setParent(None)
                button.deleteLater()
            for placement in family.placements:
                button = self._link(placement.title, placement.about)
                button.setCheckable(True)
                button.setProperty("placement", placement.name)
                button.clicked.connect(lambda _=False, name=placement.name: self.choice_made.emit(choice, name))
                self._group.addButton(button)
        for button in self._group.buttons():
            button.setChecked(button.property("placement") == experiment[choice])

    def set_busy(self, *, is_busy: bool) -> None:
        """Enable the buttons that run only while no runs go on."""
        self.run_button.setEnabled(not is_busy)
        self.once_more_button.setEnabled(not is_busy)

    @Slot()
    def appear(self) -> None:
        """Show the bar over what is there."""
        self._is_wanted = True
        self._lie_below()
        self.show()
        self.raise_()

    @Slot()
    def leave(self) -> None:
        """Hide the bar, unless a button in it has the focus."""
        self._is_wanted = False
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self._around:
            self._lie_below()
        elif event.type() is QEvent.Type.FocusOut and not self._is_wanted:
            # It stayed for the button that had the focus.
            self.hide()
        return super().eventFilter(watched, event)

    def _lie_below(self) -> None:
        around, height = self._around.rect(), self.sizeHint().height()
        self.setGeometry(0, around.height() - height, around.width(), height)

    def _command_link(self, name: str) -> QPushButton:
        command = command_of(name)
        return self._link(command.text, command.tool_tip)

    def _link(self, text: str, tool_tip: str) -> QPushButton:
        button: QPushButton = QPushButton(text, toolTip=tool_tip)
        button.setProperty("role", "link")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.installEventFilter(self)
        self._row.addWidget(button)
        return button
