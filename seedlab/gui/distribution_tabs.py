"""The views of a distribution, side by side to be chosen from."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from seedlab.figure.theme import Theme
from seedlab.gui.labels import press_by_key
from seedlab.messages.distributions import ABOUT_VIEWS, VIEWS
from seedlab.phrases import sentence


class DistributionTabs(QWidget):
    """A button for each view, with its number for a key; one of them is checked."""

    chosen = Signal(str)
    """The view that a person has chosen."""

    def __init__(self, view: str) -> None:
        """``view`` is checked at first."""
        super().__init__()
        self.group = QButtonGroup(self)
        self._row = QHBoxLayout(self, spacing=0)
        self._row.setContentsMargins(0, 0, 0, 0)
        for number, (name, title) in enumerate(VIEWS.items(), 1):
            text, about = sentence(title), sentence(ABOUT_VIEWS[name])
            button = QPushButton(f"{text}  {number}", checkable=True, toolTip=f"{about} ({number})")
            button.setProperty("role", "link")
            button.setAccessibleName(text)
            button.setObjectName(name)
            self.group.addButton(button, number)
            self._row.addWidget(button)
            press_by_key(str(number), button, self)
        self._row.addStretch(1)
        self.check(view)
        self.button_of("course").hide()
        self.group.buttonClicked.connect(lambda button: self.chosen.emit(button.objectName()))

    def set_theme(self, theme: Theme) -> None:
        """Have the sizes of ``theme``."""
        self._row.setSpacing(theme.unit // 2)

    def button_of(self, view: str) -> QPushButton:
        """Return the button of ``view``."""
        button = self.group.button([*VIEWS].index(view) + 1)
        assert isinstance(button, QPushButton)
        return button

    def check(self, view: str) -> None:
        """Mark the button of ``view``, which Tab reaches; arrows reach the others from there."""
        self.button_of(view).setChecked(True)
        for button in self.group.buttons():
            is_one = button.isChecked()
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_one else Qt.FocusPolicy.ClickFocus)

    def offer_course(self, is_there: bool) -> None:
        """Offer the view of a course only where there is one."""
        self.button_of("course").setVisible(is_there)
        self._name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name()

    def _name(self) -> None:
        """Name the views, each with its key where there is room for all; the tool tips have the keys, too."""
        buttons = self.group.buttons()
        for has_keys in (True, False):
            for number, button in enumerate(buttons, 1):
                name = button.accessibleName()
                button.setText(f"{name}  {number}" if has_keys else name)
            shown = [button.sizeHint().width() for button in buttons if not button.isHidden()]
            if sum(shown) + self._row.spacing() * len(shown) <= self.width():
                break
