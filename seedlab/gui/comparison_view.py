"""The comparison: a headline, and columns whose rows of draws line up.

With one column the script stands beside its draws; with more, above them.
"""

import html
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seedlab.gui import theme as themes
from seedlab.gui.draw_panel import DrawPanel, DrawState
from seedlab.gui.script_view import ScriptView
from seedlab.gui.theme import Theme
from seedlab.model.comparison import RunningComparison, label_parts, labels_of
from seedlab.model.explanation import Annotation
from seedlab.model.lab import Column
from seedlab.model.script import Script
from seedlab.model.summary import Grouped, Summary, headline_across, run_list, summarise

_ROW_INTERVAL_MS = 5
"""Between two rows, so that each is painted by itself; all at once they would hold up the event loop."""
_SPARE_ROWS = 8
"""As many draws as the largest of the presets has."""


class ColumnState(msgspec.Struct, frozen=True, kw_only=True):
    """One column as it is to be shown."""

    column: Column
    """The experiment that was run, and its runs."""
    script: Script
    """The script of the experiment that is chosen now."""
    is_stale: bool = False
    """The runs belong to an earlier choice than ``script``."""


class ComparisonView(QWidget):
    """Shows columns; everything in it follows from the states given to `show_columns`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(objectName="comparison")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._states: tuple[ColumnState, ...] = ()
        self._heads: list[_ColumnHead] = []
        self._labels: list[str] = []
        self._waiting_rows: list[str] = []
        self._summaries: list[Summary] = []
        self._running = RunningComparison()
        self._beside = True
        self._rows: dict[str, _Row] = {}
        self._build_next_row = QTimer(self, singleShot=True, interval=_ROW_INTERVAL_MS)
        self._build_next_row.timeout.connect(self._on_build_next_row)
        self._spare_rows: list[_Row] = []
        self._make_spare_row = QTimer(self, singleShot=True, interval=20)
        self._make_spare_row.timeout.connect(self._on_make_spare_row)

        self.title_label = _role_label("headline")
        self.subtitle_label = _role_label("subtitle")
        self.message_label = _role_label("message")
        self.message_label.hide()
        self.hint_label = _role_label("subtitle")
        self.hint_label.setAlignment(Qt.AlignmentFlag.AlignCenter)

        page = QWidget(objectName="comparison_grid")
        self._page = QHBoxLayout(page, spacing=0)
        self._page.setContentsMargins(0, 0, 2 * themes.UNIT, themes.UNIT)
        self._grid_widget = QWidget()
        self._grid = QGridLayout(self._grid_widget, spacing=0)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._page.addWidget(self._grid_widget, 1)
        self._scroll = QScrollArea(objectName="comparison_scroll", widgetResizable=True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName("Draws, run by run")
        self._scroll.setWidget(page)

        layout = QVBoxLayout(self, spacing=themes.UNIT // 2)
        layout.setContentsMargins(4 * themes.UNIT, 3 * themes.UNIT, 2 * themes.UNIT, themes.UNIT)
        layout.addWidget(self.title_label)
        layout.addWidget(self.subtitle_label)
        layout.addWidget(self.message_label)
        layout.addSpacing(themes.UNIT)
        layout.addWidget(self._scroll, 1)

    def show_message(self, text: str) -> None:
        """A problem that needs the person; empty hides it."""
        self.message_label.setText(text)
        self.message_label.setVisible(bool(text))

    def show_columns(self, states: Sequence[ColumnState]) -> None:
        """Show ``states`` from left to right. Rows are drawn one a turn of the event loop, so nothing stalls."""
        self._states = tuple(states)
        comparisons = self._running.update([state.column.runs for state in self._states])
        summaries = [
            summarise(state.column, comparison) for state, comparison in zip(self._states, comparisons, strict=True)
        ]
        self._show_headline(summaries)
        if len(self._heads) != len(self._states):
            self._set_column_count(len(self._states))
        for head, state, summary in zip(self._heads, self._states, summaries, strict=True):
            head.show_state(state, summary)
        labels = list(dict.fromkeys(label for state in self._states for label in labels_of(state.column.runs)))
        for gone in [label for label in self._rows if label not in labels]:
            row = self._rows.pop(gone)
            row.remove(self._grid)
            self._spare_rows.append(row)
        self._labels = labels
        self._summaries = summaries
        self.hint_label.setVisible(not labels)
        self._grid_widget.setVisible(bool(labels) or not self._beside)
        self._waiting_rows = list(labels)
        if labels:
            self._build_next_row.start()

    def whole_height(self) -> int:
        """The height at which everything is shown without scrolling."""
        rest = self.height() - self._scroll.viewport().height()
        width = self._scroll.viewport().width()
        needed = self._page.heightForWidth(width) if self._page.hasHeightForWidth() else self._page.sizeHint().height()
        return int(rest + max(needed, self._page.minimumSize().height()))

    @property
    def is_complete(self) -> bool:
        """All rows of what was given last are drawn."""
        return not self._waiting_rows

    def panel(self, label: str, column: int = 0) -> DrawPanel:
        """The panel of ``label``. Raises KeyError when there is no such row."""
        return self._rows[label].panels[column]

    def script_view(self, column: int = 0) -> ScriptView:
        return self._heads[column].script_view

    def head(self, column: int = 0) -> "_ColumnHead":
        return self._heads[column]

    def _show_headline(self, summaries: Sequence[Summary]) -> None:
        runs = [run for state in self._states for run in state.column.runs]
        stale = any(state.is_stale for state in self._states)
        if runs and summaries:
            headline = headline_across([state.column for state in self._states], summaries)
            self.title_label.setText(headline.title)
            earlier = f"Shown: {self._states[0].column.name}, the earlier choice. Press Run for the new one."
            self.subtitle_label.setText(earlier if stale else headline.subtitle)
        else:
            self.title_label.setText("I set the seed. Why do my numbers still change?")
            self.subtitle_label.setText("Choose where the seed goes, then run the script in fresh processes.")
        self.hint_label.setText(
            ""
            if runs
            else "Press Run: fresh processes execute this script.\nEach draw's values appear here, run by run."
        )

    def _set_column_count(self, count: int) -> None:
        for widget in self._heads:
            widget.setParent(None)
            widget.deleteLater()
        for row in (*self._rows.values(), *self._spare_rows):
            row.delete()
        self._rows, self._spare_rows = {}, []
        self._heads = [_ColumnHead(self._theme) for _ in range(count)]
        self._beside = count == 1
        if self._beside:
            # Beside the grid, not in it: a head that spans the rows makes every change of one lay out them all.
            self._page.insertWidget(0, self._heads[0], 0, Qt.AlignmentFlag.AlignTop)
            self._page.insertWidget(1, self.hint_label, 1)
            self._grid.setColumnStretch(2, 1)
        else:
            for number, head in enumerate(self._heads):
                self._grid.addWidget(head, 0, 2 + number, Qt.AlignmentFlag.AlignTop)
                self._grid.setColumnStretch(2 + number, 1)

    def _on_build_next_row(self) -> None:
        if not self._waiting_rows:
            return
        label = self._waiting_rows[0]
        if label not in self._rows:
            # Made in this turn, filled in the next.
            self._add_row(label)
        else:
            self._waiting_rows.pop(0)
            self._fill_row(label)
        if self._waiting_rows:
            self._build_next_row.start()

    def _add_row(self, label: str) -> None:
        row = self._spare_rows.pop() if self._spare_rows else _Row(len(self._states), self._theme)
        row.set_label(label)
        self._rows[label] = row
        # A label that a later run brought first pushes those after it down.
        first = 0 if self._beside else 1
        for position, name in enumerate(self._labels):
            if name in self._rows:
                self._rows[name].place(self._grid, first + 2 * position, is_first=position == 0)

    def _on_make_spare_row(self) -> None:
        """Make rows before they are needed, one a turn: the first values then appear at once."""
        if self._beside and len(self._rows) + len(self._spare_rows) < _SPARE_ROWS:
            self._spare_rows.append(_Row(1, self._theme))
            self._make_spare_row.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._make_spare_row.start()

    def _fill_row(self, label: str) -> None:
        row = self._rows[label]
        is_last = label == self._labels[-1]
        for panel, state, summary in zip(row.panels, self._states, self._summaries, strict=True):
            found = summary.comparison.row(label)
            panel.setVisible(found is not None)
            if found is None:
                continue
            runs = state.column.runs
            draws = [run.draw(label) for run in runs]
            explanation, match = summary.explanation(label), summary.match(label)
            panel.show_state(
                DrawState(
                    row=found,
                    runs=runs,
                    fingerprints=tuple(self._running.fingerprints.of(draw) if draw else None for draw in draws),
                    # In a narrow column the notes at the script's lines say it.
                    why=explanation.sentence if explanation and self._beside else "",
                    match=match.sentence if match else "",
                    is_last=is_last,
                    is_stale=state.is_stale,
                )
            )


class _Row:
    """The widgets of one label: its name, a panel for each column, the hairline above."""

    def __init__(self, columns: int, theme: Theme) -> None:
        self._theme = theme
        self.label = QLabel()
        self.label.setFont(themes.font(themes.SMALL, mono=True, bold=True))
        self.label.setContentsMargins(3 * themes.UNIT, 0, themes.UNIT, 0)
        self.panels = [DrawPanel(theme) for _ in range(columns)]
        self.line = QFrame(fixedHeight=1)
        self.line.setProperty("role", "hairline")
        self._place: tuple[int, bool] | None = None

    @property
    def _widgets(self) -> list[QWidget]:
        return [self.line, self.label, *self.panels]

    def set_label(self, label: str) -> None:
        section, name = label_parts(label).section, html.escape(label.rpartition("/")[2])
        muted = f"<span style='color:{self._theme.muted}'>{html.escape(section)}</span><br>" if section else ""
        self.label.setText(muted + name)

    def place(self, grid: QGridLayout, row: int, *, is_first: bool) -> None:
        """Take rows ``row``, for the hairline, and the next of ``grid``."""
        if self._place == (row, is_first):
            return
        self._place = (row, is_first)
        grid.addWidget(self.line, row, 1, 1, 1 + len(self.panels))
        grid.addWidget(self.label, row + 1, 1)
        for number, panel in enumerate(self.panels):
            grid.addWidget(panel, row + 1, 2 + number)
        grid.setRowStretch(row + 1, 1)
        for widget in self._widgets:
            widget.show()
        self.line.setVisible(not is_first)

    def remove(self, grid: QGridLayout) -> None:
        """Leave ``grid``, to be used again."""
        if self._place is not None:
            grid.setRowStretch(self._place[0] + 1, 0)
        self._place = None
        for widget in self._widgets:
            grid.removeWidget(widget)
            widget.hide()

    def delete(self) -> None:
        for widget in self._widgets:
            widget.setParent(None)
            widget.deleteLater()


class _ColumnHead(QWidget):
    """Name, script, and what is to be said of the runs as a whole."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        self.name_label = _role_label("name")
        self.script_view = ScriptView(theme)
        self._shown_script: tuple[Script, tuple[Annotation, ...]] | None = None
        self.problem_label = _role_label("message")
        self.details_label = _role_label("muted")
        self.details_label.setFont(themes.font(themes.SMALL - 2, mono=True))
        self.notes_label = _role_label("muted")
        for label in (self.problem_label, self.details_label, self.notes_label):
            # As wide as the script, however much they have to say.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QVBoxLayout(self, spacing=themes.UNIT)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.name_label, self.script_view, self.problem_label, self.details_label, self.notes_label):
            layout.addWidget(widget)
        layout.addStretch()

    def show_state(self, state: ColumnState, summary: Summary) -> None:
        self.name_label.setText(state.column.name if not state.is_stale else "changed: not run yet")
        shown = (state.script, () if state.is_stale else summary.annotations)
        if shown != self._shown_script:
            self._shown_script = shown
            self.script_view.show_script(*shown)
        problems = [f"{run_list(group.subjects).capitalize()} {group.sentence}." for group in summary.problems]
        _show(self.problem_label, "\n".join(problems))
        _show(self.details_label, summary.details)
        notes = [f"{relation}." for relation in summary.relations]
        notes += [f"{_labels(group)}: {group.sentence}" for group in summary.grouped_matches]
        _show(self.notes_label, "" if state.is_stale else "\n".join(_capitalised(note) for note in notes))


def _capitalised(text: str) -> str:
    # An op's name keeps its letters.
    return text if text.startswith(("op", "session")) else text[:1].upper() + text[1:]


def _labels(group: Grouped) -> str:
    return ", ".join(group.subjects)


def _show(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _role_label(role: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
