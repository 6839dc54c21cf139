"""What a draw is held against in the view of pairs, to be chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from seedlab.analysis.distribution_views import Choice, Distribution
from seedlab.figure.theme import Theme
from seedlab.gui.boxes import ChoiceBox
from seedlab.gui.labels import muted_label
from seedlab.messages.distributions import choice_text, no_choice_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_line


class PairChoice(QWidget):
    """Offers another draw of the same runs, and the same draw of other makers."""

    changed = Signal()
    """A person has chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.box = ChoiceBox(accessibleName=sentence("What it is held against"))
        self.box.activated.connect(lambda _: self.changed.emit())
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(muted_label(sentence("against"), self.box))
        self._row.addWidget(self.box)
        self._row.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        """Have the sizes of ``theme``."""
        self._row.setSpacing(theme.unit)
        self.box.setFixedWidth(theme.px(320))

    @property
    def choice(self) -> Choice | None:
        """What is chosen; None where there is nothing to choose."""
        choice = self.box.currentData()
        return choice if isinstance(choice, Choice) else None

    def offer(self, found: Distribution, makers: Sequence[str]) -> None:
        """Offer what ``found``, of ``makers``, can be held against; what is chosen stays."""
        choices: list[Choice] = []
        if found.shapes:
            first = found.shapes[0].position
            choices = [Choice(shape.position, found.label) for shape in found.shapes[1:]]
            choices += [Choice(first, label) for label in found.labels if label != found.label]
        box = self.box
        known = [box.itemData(row) for row in range(box.count())]
        if known == choices and known:
            return
        current = box.currentData()
        box.clear()
        for choice in choices:
            is_other = choice.maker != found.shapes[0].position
            box.addItem(window_line(choice_text(choice, makers[choice.maker], is_other=is_other)), choice)
        if not choices:
            box.addItem(no_choice_text(), None)
        box.setEnabled(bool(choices))
        box.setCurrentIndex(choices.index(current) if current in choices else 0)
