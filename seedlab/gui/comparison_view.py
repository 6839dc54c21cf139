"""The comparison in the window: the sentence on top, the columns' names, and the drawing."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from seedlab.figure import ColumnState, Figure, FigureState, Hit
from seedlab.figure.theme import Theme
from seedlab.gui.column_bar import ColumnBar
from seedlab.session.shown import ShownColumn
from seedlab.study.lab import Look

_ROW_INTERVAL_MS = 5
"""Between two rows, so that each is painted by itself; all at once they would hold up the event loop."""
_HINT = "Press Run: fresh processes execute this script.\nEach draw's values appear here, run by run."


class ComparisonView(QWidget):
    """Shows columns; everything in it follows from the state given to `show_state`."""

    hovered = Signal(object)
    """The `Hit` below the pointer, or None."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(objectName="comparison")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._links = QHBoxLayout(spacing=theme.unit)
        self._links.addStretch()
        self.title_label = _role_label("headline")
        self.subtitle_label = _role_label("subtitle")
        self.message_label = _role_label("message")
        self.message_label.hide()
        self.columns_bar = ColumnBar(theme)
        self.figure = Figure(theme, cached=True)
        self.figure.hint = _HINT
        self.canvas = Canvas(self.figure, theme)
        self.canvas.laid_out.connect(self._place_names)
        self.canvas.horizontalScrollBar().valueChanged.connect(self._place_names)
        self.canvas.hovered.connect(self._on_hovered)
        self._next_row = QTimer(self, singleShot=True, interval=_ROW_INTERVAL_MS)
        self._next_row.timeout.connect(self._on_next_row)

        # Moved by hand, to stand above its columns wherever they are scrolled to.
        self._names = QWidget()
        self.columns_bar.setParent(self._names)
        self._names.setFixedHeight(self.columns_bar.sizeHint().height() or theme.px(28))
        layout = QVBoxLayout(self, spacing=theme.unit // 2)
        layout.setContentsMargins(4 * theme.unit, theme.unit, 2 * theme.unit, theme.unit)
        layout.addLayout(self._links)
        layout.addWidget(self.title_label)
        layout.addWidget(self.subtitle_label)
        layout.addWidget(self.message_label)
        layout.addSpacing(theme.unit // 2)
        layout.addWidget(self._names)
        layout.addWidget(self.canvas, 1)

    def add_links(self, actions: Sequence[QAction]) -> None:
        """Put ``actions`` at the top right."""
        for action in actions:
            key = action.shortcut().toString() if action.shortcut().toString().startswith("F") else ""
            button = self._add_link(f"{action.text()}  {key}".strip(), action.toolTip())
            if action.isCheckable():
                button.setCheckable(True)
                button.setChecked(action.isChecked())
                action.toggled.connect(button.setChecked)
            button.clicked.connect(action.trigger)

    def add_menu(self, text: str, menu: QMenu) -> None:
        self._add_link(text, "Everything there is, with its keys").setMenu(menu)

    def _add_link(self, text: str, about: str) -> QPushButton:
        button: QPushButton = QPushButton(text, toolTip=about)
        button.setProperty("role", "link")
        self._links.addWidget(button)
        return button

    def show_message(self, text: str) -> None:
        """A problem that needs the person; empty hides it."""
        self.message_label.setText(text)
        self.message_label.setVisible(bool(text))

    def show_columns(
        self, columns: tuple[ShownColumn, ...], current: int, *, look: Look, uncovered: int | None
    ) -> None:
        """Show ``columns``, with the one at ``current`` as the one that is edited.

        Rows are drawn one a turn of the event loop, so nothing stalls.
        """
        state = FigureState(columns=tuple(map(_state, columns)), look=look, uncovered=uncovered)
        self.figure.show_state(state)
        self._show_headline(state)
        names = [column.name for column in state.columns]
        if len(names) == 1 and state.columns[0].is_stale:
            names = [f"{names[0]} (changed: not run yet)"]
        self.columns_bar.show_columns(names, current)
        self._place_names()
        self._next_row.start()

    @property
    def is_complete(self) -> bool:
        """All rows of what was given last are drawn."""
        return self.figure.is_complete

    def _show_headline(self, state: FigureState) -> None:
        headline = self.figure.headline
        if headline.title:
            stale = list(dict.fromkeys(column.name for column in state.columns if column.is_stale))
            earlier = f"Shown of {', '.join(stale[:3])}: the earlier choice. Press Run for the new one."
            self.title_label.setText(headline.title)
            self.subtitle_label.setText(earlier if stale else headline.subtitle)
        else:
            self.title_label.setText("I set the seed. Why do my numbers still change?")
            is_own = all(column.column.experiment is None for column in state.columns)
            first = "Run" if is_own else "Choose where the seed goes, then run"
            self.subtitle_label.setText(f"{first} the script in fresh processes.")

    def _on_next_row(self) -> None:
        if self.figure.fill_next():
            self._next_row.start()
        else:
            self.canvas.show_bar_if_needed()

    def _place_names(self) -> None:
        places = self.figure.columns_at
        if not places:
            return
        unit = self._theme.unit
        if len(places) == 1:
            self.columns_bar.set_widths([self._names.width() - 2 * unit])
            self.columns_bar.move(-unit, 0)
        else:
            self.columns_bar.set_widths([width + 2 * unit for _, width in places])
            left = self.canvas.mapFromScene(places[0][0], 0).x() + self.canvas.viewport().x()
            self.columns_bar.move(round(left - unit), 0)
        self.columns_bar.resize(self.columns_bar.sizeHint())

    def _on_hovered(self, hit: Hit | None, place: QPoint) -> None:
        self.figure.light(hit)
        if hit is not None and hit.text:
            QToolTip.showText(place, hit.text, self.canvas)
        else:
            QToolTip.hideText()
        self.hovered.emit(hit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_names()


class Canvas(QGraphicsView):
    """The drawing, as wide as the view."""

    laid_out = Signal()
    hovered = Signal(object, QPoint)
    """The `Hit` below the pointer or None, and where that is on the screen."""

    def __init__(self, figure: Figure, theme: Theme) -> None:
        super().__init__(figure)
        self._figure = figure
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundBrush(QColor(theme.window))
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setMouseTracking(True)
        # Between the focus frame and the drawing.
        self.setViewportMargins(theme.unit // 2, 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Draws, run by run")
        # A scroll bar that comes and goes would change the width, and with it the layout, in circles.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_bar_if_needed(self) -> None:
        """A bar that has nothing to scroll keeps its place, but need not be seen."""
        bar = self.verticalScrollBar()
        bar.setEnabled(bar.maximum() > bar.minimum())

    def _fit(self) -> None:
        area = self.viewport().size()
        self._figure.set_size(area.width(), area.height())
        self.show_bar_if_needed()
        self.laid_out.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hit = self._figure.hit(self.mapToScene(event.position().toPoint()))
        self.hovered.emit(hit, event.globalPosition().toPoint())

    def leaveEvent(self, _event: object) -> None:
        self.hovered.emit(None, QPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        hit = self._figure.hit(self.mapToScene(event.position().toPoint()))
        is_more = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._figure.select(hit.label if hit is not None else "", hit.column if hit is not None else -1, add=is_more)


def _state(shown: ShownColumn) -> ColumnState:
    interpreter = shown.column.interpreter
    origin = ""
    if shown.is_foreign and interpreter is not None:
        origin = f"Drawn by {interpreter.summary}, not by the interpreter that is chosen."
    return ColumnState(
        name=shown.name, column=shown.column, script=shown.script, is_stale=shown.is_stale, origin=origin
    )


def _role_label(role: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
