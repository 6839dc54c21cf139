"""The list of where an own script takes its random numbers from, in the panel."""

import operator
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seedlab.figure.theme import Theme
from seedlab.gui.commands import command_of
from seedlab.inquiry.sources import sources_of
from seedlab.inquiry.turning import name_of
from seedlab.messages.influence import (
    listed_source_text,
    mark_text,
    more_sources_text,
    moves_text,
    no_sources_text,
    sources_title,
)
from seedlab.phrases import sentence
from seedlab.plain_text import window_line
from seedlab.results.influence import Influence, InfluenceSource
from seedlab.results.run import Outcome, Run
from seedlab.study.lab import Column

_MOST = 4
"""The most sources that are listed; the view of causes has them all."""
_MOST_READ = 3
"""The most runs that are read for them: a seed may be another one in each."""


class SourcesList(QWidget):
    """Shows the sources of one column, and what each moves where that was tried."""

    sweep_asked = Signal(str)
    """A source is to be turned to many values: its name, as `seedlab.inquiry.turning.name_of` has it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(accessibleName=sentence("Sources"))
        self._known: tuple[Sequence[Run], tuple[InfluenceSource, ...]] = ((), ())
        """Runs, and the sources that they have shown."""
        self._title = QLabel(wordWrap=True)
        self._title.setProperty("role", "muted")
        self._layout = QVBoxLayout(self, spacing=theme.unit // 2)
        self._layout.setContentsMargins(0, theme.unit // 2, 0, 0)
        self._layout.addWidget(self._title)
        self._lines: list[QLabel] = []
        self.sweep_buttons: list[QPushButton] = []
        """One beside each line, shown where that names a source that can be turned."""

    @property
    def texts(self) -> list[str]:
        """The lines below the title."""
        return [line.text() for line in self._lines if not line.isHidden()]

    def show_column(self, column: Column, *, is_earlier: bool) -> None:
        """Show the sources of ``column``; ``is_earlier`` says that its runs executed, or were given, something else."""
        finished = [run for run in column.runs if run.outcome is Outcome.FINISHED][:_MOST_READ]
        influence = _complete(column.influence, finished)
        sources = self._seen(finished) if column.influence is None else column.influence.sources
        self._title.setText(sources_title(is_tried=influence is not None or not sources, is_earlier=is_earlier))
        self._title.setVisible(bool(finished))
        lines: list[tuple[str, str, str]] = []
        for source in sources[:_MOST] if finished else ():
            turn = "" if source.line is None or is_earlier else name_of(source)
            lines.append((listed_source_text(source), "", turn))
            lines.append((mark_text(source) if influence is None else moves_text(source, influence), "muted", ""))
        if finished and len(sources) > _MOST:
            lines.append((more_sources_text(len(sources) - _MOST), "muted", ""))
        if finished and not sources:
            lines.append((no_sources_text(), "", ""))
        for number, (text, role, turn) in enumerate(lines):
            self._show_line(number, text, role, turn)
        for widget in (*self._lines[len(lines) :], *self.sweep_buttons[len(lines) :]):
            widget.hide()

    def _seen(self, runs: Sequence[Run]) -> tuple[InfluenceSource, ...]:
        """Return the sources that ``runs`` have shown; which draws they move is not known."""
        if len(runs) != len(self._known[0]) or any(map(operator.is_not, runs, self._known[0])):
            self._known = runs, tuple(each.source for each in sources_of(runs))
        return self._known[1]

    def _show_line(self, number: int, text: str, role: str, turn: str) -> None:
        if number == len(self._lines):
            self._add_line()
        label, button = self._lines[number], self.sweep_buttons[number]
        button.setObjectName(turn)
        button.setAccessibleName(sentence("Sweep {name}", name=window_line(text)))
        button.setVisible(bool(turn))
        label.setText(window_line(text))
        if label.property("role") != role:
            label.setProperty("role", role)
            label.style().unpolish(label)
            label.style().polish(label)
        label.show()

    def _add_line(self) -> None:
        label: QLabel = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        command = command_of("sweep")
        button: QPushButton = QPushButton(command.text.rstrip("…"), toolTip=command.about)
        button.setProperty("role", "link")
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.sweep_asked.emit(button.objectName()))
        row = QHBoxLayout(spacing=0)
        row.addWidget(label, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(row)
        self._lines.append(label)
        self.sweep_buttons.append(button)


def _complete(influence: Influence | None, runs: Sequence[Run]) -> Influence | None:
    """Return ``influence`` where all draws of ``runs`` were looked at, to the end; else None."""
    if influence is None or influence.is_partial:
        return None
    drawn = {draw.label for run in runs for draw in run.draws}
    return influence if drawn <= {draw.label for draw in influence.draws} else None
