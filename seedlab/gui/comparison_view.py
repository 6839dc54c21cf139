"""The comparison in the window: the headline, the columns' names, and the drawing."""

import time
from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QColor, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from seedlab.analysis.alignment import Alignment
from seedlab.analysis.analyst import Analysis
from seedlab.figure import Drawing, Figure, FigureState, Hit, WhyFigure
from seedlab.figure.theme import Theme
from seedlab.gui.analysis_thread import AnalysisThread, Answer, Request
from seedlab.gui.column_bar import ColumnBar
from seedlab.gui.commands import native_key
from seedlab.gui.labels import plain_tool_tip
from seedlab.libraries.presets import preset_of
from seedlab.messages.window import (
    changed_name,
    earlier_choice_text,
    earlier_edit_text,
    earlier_settings_text,
    earlier_text_text,
    first_step_text,
)
from seedlab.phrases import following, sentence
from seedlab.plain_text import window_line, window_lines
from seedlab.session.shown import Earlier, ShownColumn
from seedlab.study.lab import Column, Look

_ROW_INTERVAL_MS = 5
"""The pause between rows, so that each is painted by itself; all at once they would hold up the event loop."""
_FILLING_S = 0.004
"""Rows are brought up to date together until this time has passed."""
_EARLIER_TEXTS = {
    Earlier.CHOICE: earlier_choice_text,
    Earlier.SETTINGS: earlier_settings_text,
    Earlier.TEXT: earlier_text_text,
    Earlier.EDIT: earlier_edit_text,
}
_EDITOR_WIDTH, _EDITOR_SHARE = 440, 0.5
"""The least width of an editor above values, in pixels at zoom 1, and its share of the height that is there."""
_MOST_ROWS_BELOW_TWO = 4
"""On stage more rows than these have no room below a title and a sentence."""
_BESIDE = 80
"""The room between an editor and the values beside it, for the labels, in pixels at zoom 1."""
_HINT = sentence(
    "Press Run to execute this script in fresh processes.\n"
    "Each draw's values will appear here, run by run.\n"
    "Point at one for its bits, at its verdict for the lines that explain it."
)
_GROWING_HINT = sentence("The script is executed in fresh processes.\nEach draw's values will appear here, run by run.")


class ComparisonView(QWidget):
    """Shows columns; everything in it follows from what was given to `show_columns`."""

    hovered = Signal(object)
    """The `Hit` below the pointer, or None."""
    edit_asked = Signal(int, int)
    """A script was pressed twice: its column, and the line, or 0."""
    closer_asked = Signal(str)
    """A draw was pressed twice: the label of its row."""
    completed = Signal()
    """Emitted when everything that was given last is analysed and drawn."""

    def __init__(self, theme: Theme, analysis: AnalysisThread, *, is_on_stage: bool = False) -> None:
        super().__init__(objectName="comparison")
        self.is_on_stage = is_on_stage
        """True where the controls are left out, and the height belongs to the plots."""
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._analysis = analysis
        analysis.answered.connect(self._on_answered)
        self._awaited: Request | None = None
        """The request that is not answered yet; None for none."""
        self._state = self._drawn = FigureState(columns=())
        self._series = self._drawn_series = 0
        self.links_bar = QWidget()
        if is_on_stage:
            self.links_bar.hide()
        # Links that have no room are left out, and never make the window wider.
        self.links_bar.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._link_buttons: list[QPushButton] = []
        self._links = QHBoxLayout(self.links_bar, spacing=theme.unit)
        self._links.setContentsMargins(0, 0, 0, 0)
        self._links.addStretch()
        self.title_label = _role_label("headline")
        self.subtitle_label = _role_label("subtitle")
        self.message_label = _role_label("message")
        self.message_label.hide()
        self.columns_bar = ColumnBar(theme)
        self._values, self._why = Figure(theme, cached=True), WhyFigure(theme, cached=True)
        self.figure: Drawing = self._values
        """What is drawn: values, or causes."""
        self._values.hint = _HINT
        self.canvas = Canvas(self.figure, theme)
        self.canvas.laid_out.connect(self._place_names)
        self.canvas.horizontalScrollBar().valueChanged.connect(self._place_names)
        self.canvas.hovered.connect(self._on_hovered)
        self.canvas.scrolled.connect(self._on_scrolled)
        self.canvas.pressed_twice.connect(self._on_pressed_twice)
        self._in_sight = (0, 0)
        """The column that was scrolled to last, and how many there were."""
        self._editor: QWidget | None = None
        self._next_row = QTimer(self, singleShot=True, interval=_ROW_INTERVAL_MS)
        self._next_row.timeout.connect(self._on_next_row)

        # No layout holds the bar: it is moved so that it stands above its columns wherever they are scrolled.
        self._names = QWidget()
        self.columns_bar.setParent(self._names)
        self._names.setFixedHeight(self.columns_bar.sizeHint().height() or theme.px(28))
        layout = QVBoxLayout(self, spacing=theme.unit // 2)
        layout.setContentsMargins(4 * theme.unit, theme.unit, 2 * theme.unit, theme.unit)
        layout.addWidget(self.links_bar)
        layout.addWidget(self.title_label)
        layout.addWidget(self.subtitle_label)
        layout.addWidget(self.message_label)
        layout.addSpacing(theme.unit // 2)
        layout.addWidget(self._names)
        layout.addWidget(self.canvas, 1)
        self.fix_bar = QWidget(objectName="fix_bar")
        self._fix_row = QHBoxLayout(self.fix_bar, spacing=theme.unit)
        self._fix_row.setContentsMargins(0, 0, 0, theme.unit // 2)
        self._fix_row.addStretch()
        self.fix_bar.hide()
        layout.addWidget(self.fix_bar)

    def add_fix_actions(self, actions: Sequence[QAction]) -> None:
        """Add a button for each of ``actions``, which are about the fix that is shown; the first is the usual one."""
        for number, action in enumerate(actions):
            key = native_key(action.shortcut().toString())
            button = QPushButton(f"{action.text()}  {key}".strip(), toolTip=action.toolTip())
            button.setProperty("role", "usual" if number == 0 else "other")
            button.clicked.connect(action.trigger)
            self._fix_row.insertWidget(number, button)

    def add_links(self, actions: Sequence[QAction]) -> None:
        """Add links for ``actions`` at the top right."""
        for action in actions:
            key = action.shortcut().toString() if action.shortcut().toString().startswith("F") else ""
            button = self._add_link(f"{action.text()}  {key}".strip(), action.toolTip())
            if action.isCheckable():
                button.setCheckable(True)
                button.setChecked(action.isChecked())
                action.toggled.connect(button.setChecked)
            button.clicked.connect(action.trigger)

    def add_menu(self, text: str, menu: QMenu) -> None:
        """Add a link that opens ``menu``."""
        self._add_link(text, sentence("All commands, with their keys")).setMenu(menu)

    def _add_link(self, text: str, about: str) -> QPushButton:
        button: QPushButton = QPushButton(text, toolTip=about)
        button.setProperty("role", "link")
        self._links.addWidget(button)
        self._link_buttons.append(button)
        return button

    def _fit_links(self) -> None:
        """Show as many links as fit, from the menu at the right on: it has what the others do."""
        room = self.links_bar.width()
        for button in reversed(self._link_buttons):
            room -= button.sizeHint().width()
            button.setVisible(room >= 0)
            room -= self._links.spacing()

    def show_editor(self, editor: QWidget | None) -> None:
        """Show ``editor`` in the place of the current column's script; None for no editor."""
        self._editor = editor
        if editor is None:
            self._values.set_script_room(0.0)
            return
        self.canvas.verticalScrollBar().setValue(0)
        editor.setParent(self.canvas.viewport())
        self._place_editor()
        editor.show()

    def _place_editor(self) -> None:
        """Put the editor where the script stands, as wide as code needs; the values make room below it."""
        editor, state = self._editor, self._drawn
        area = self._values.script_area(state.current) if self.figure is self._values else None
        if editor is None or area is None:
            return
        theme, room = self._theme, self.canvas.viewport().rect()
        height, width = _EDITOR_SHARE * room.height(), float(min(theme.px(_EDITOR_WIDTH), room.width()))
        if area.right() < self._values.columns_at[0][0]:
            # The values stand beside it.
            height, width = max(room.height() - area.top(), height), self._values.columns_at[0][0] - theme.px(_BESIDE)
        self._values.set_script_room(height)
        place = self.canvas.mapFromScene(self._values.script_area(state.current) or area).boundingRect()
        wide = round(max(place.width(), width))
        editor.setGeometry(max(min(place.left(), room.width() - wide), 0), place.top(), wide, round(height))

    def _on_pressed_twice(self, place: QPointF) -> None:
        hit = self.figure.hit(place)
        if hit is not None and hit.lines and not hit.label:
            self.edit_asked.emit(hit.column, hit.lines[0])
        elif hit is not None and hit.label and self.figure is self._values:
            self.closer_asked.emit(hit.label)

    @property
    def pointed_label(self) -> str:
        """The label of the row that the pointer is at; empty where it is at none."""
        return self.canvas.pointed_label if self.figure is self._values else ""

    @property
    def drawn_alignment(self) -> Alignment:
        """What the columns that are drawn call the rows."""
        return self._drawn.analysis.alignment

    def show_message(self, text: str) -> None:
        """Show a problem that needs the person's attention; an empty text hides it."""
        self.message_label.setText(window_lines(text))
        self.message_label.setVisible(bool(text))

    def show_columns(
        self,
        columns: tuple[ShownColumn, ...],
        current: int,
        *,
        look: Look,
        uncovered: int | None,
        to_come: int = 0,
        planned: int = 0,
        heading: str = "",
        series: int = 0,
    ) -> None:
        """Show ``columns``, which ``to_come`` runs are still to extend; the one at ``current`` is the edited one.
        Then each has as many runs as are ``planned``. ``heading`` stands above the headline. Letters begin anew where
        the ``series`` is another one.

        They are analysed in another thread, and their rows are drawn in several turns of the event loop, so that
        the window never stalls.
        """
        if heading and self.is_on_stage:
            # Who made the runs of a scene is said where it is exported; here the height belongs to the plots.
            columns = tuple(replace(column, origin="") for column in columns)
        state = self._state = FigureState(
            columns=columns,
            current=current,
            look=look,
            uncovered=uncovered,
            planned=planned,
            heading=window_line(heading),
            is_on_stage=self.is_on_stage,
        )
        self._values.hint = _GROWING_HINT if to_come else _HINT
        self._series = series
        names = [column.name for column in state.columns]
        if len(names) == 1 and state.columns[0].is_stale:
            names = [changed_name(names[0])]
        self.columns_bar.show_columns(names, current)
        request = Request(tuple(column.column for column in state.columns), state.uncovered, to_come, series)
        analysis = self._analysis.known(request)
        if analysis is not None:
            self._awaited = None
            self._draw(analysis)
        else:
            self._awaited = request
            self._analysis.ask(request)
            self._place_names()

    @property
    def is_complete(self) -> bool:
        """True when everything in sight of what was given last is drawn."""
        return self._awaited is None and self.figure.is_complete

    @Slot(Answer)
    def _on_answered(self, answer: Answer) -> None:
        if answer.request is not self._awaited:
            return
        self._awaited = None
        if isinstance(answer.result, Exception):
            raise answer.result
        self._draw(answer.result)

    @property
    def drawn_columns(self) -> tuple[Column, ...]:
        """The columns that are drawn; while others are being analysed, those of before."""
        return tuple(shown.column for shown in self._drawn.columns)

    def _draw(self, analysis: Analysis) -> None:
        state = self._drawn = replace(self._state, analysis=analysis)
        figure = self._why if state.is_why else self._values
        if figure is not self.figure:
            self.figure = figure
            self.canvas.show_drawing(figure)
        figure.show_state(state)
        if self._series != self._drawn_series:
            # Something else is read from its beginning.
            self._drawn_series = self._series
            self.canvas.verticalScrollBar().setValue(0)
        # Without buttons, as on stage, there is only the stretch.
        self.fix_bar.setVisible(figure is self._why and self._why.has_change and self._fix_row.count() > 1)
        self._show_headline(state)
        self._place_names()
        self._show_current(state)
        self._next_row.start()

    def _show_current(self, state: FigureState) -> None:
        """Have the current column in sight when it, or what stands beside it, has become another one."""
        chosen = (state.current, len(state.columns))
        if chosen != self._in_sight and self.figure is self._values and len(self.figure.columns_at) > state.current:
            self._in_sight = chosen
            self.canvas.show_column(*self.figure.columns_at[state.current])

    def _show_headline(self, state: FigureState) -> None:
        headline = self.figure.headline
        if headline.title:
            self.title_label.setText(headline.title)
            stale = window_line(_stale_text(state.columns))
            # Of several columns, or of many rows below a scene's own title, the height belongs to the plots, which show
            # what the sentence says.
            is_low = bool(state.heading) and not state.is_why and len(self.figure.labels) > _MOST_ROWS_BELOW_TWO
            has_room = not self.is_on_stage or (len(state.columns) == 1 and not is_low)
            self.subtitle_label.setText(stale or (headline.subtitle if has_room else ""))
        else:
            self.title_label.setText(_question(state.columns))
            is_own = all(column.column.experiment is None for column in state.columns)
            self.subtitle_label.setText(first_step_text(is_own_script=is_own))
        self.subtitle_label.setVisible(bool(self.subtitle_label.text()))

    def _on_next_row(self) -> None:
        end = time.perf_counter() + _FILLING_S
        while self.figure.fill_next():
            if time.perf_counter() > end:
                self._next_row.start()
                return
        self.canvas.show_bar_if_needed()
        if self.is_complete:
            if QToolTip.isVisible():
                # What the pointer is at may be another value by now.
                self.canvas.hover_again()
            self.completed.emit()

    def _on_scrolled(self) -> None:
        if not self.figure.is_complete and not self._next_row.isActive():
            self._next_row.start()

    def _place_names(self) -> None:
        # When the figure is deleted before its view, the view scrolls back once more.
        if self.canvas.scene() is None:
            return
        self._place_editor()
        # Here and not in the canvas, which is called while it is deleted when its horizontal bar moves.
        self.figure.set_left(max(self.canvas.mapToScene(0, 0).x(), 0.0))
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
            QToolTip.showText(place, plain_tool_tip(hit.text), self.canvas)
        else:
            QToolTip.hideText()
        self.hovered.emit(hit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_links()
        self._place_names()


def _question(columns: Sequence[ShownColumn]) -> str:
    """Return what stands above columns without runs: the question of the preset, where it has an answer to be seen."""
    experiment = columns[0].column.experiment if len(columns) == 1 else None
    preset = None if experiment is None else preset_of(experiment)
    if preset is None:
        return sentence("I set the seed. Why do my numbers still change?")
    return sentence(preset.title)


def _stale_text(columns: Sequence[ShownColumn]) -> str:
    """Return the sentences on the columns whose runs belong to something earlier; empty where there are none."""
    stale: dict[Earlier, dict[str, None]] = {}
    for column in columns:
        if column.is_stale:
            stale.setdefault(column.earlier, {})[column.name] = None
    return following(*(_EARLIER_TEXTS[earlier](list(names)) for earlier, names in stale.items()))


class Canvas(QGraphicsView):
    """The drawing, as wide as the view."""

    laid_out = Signal()
    scrolled = Signal()
    """Emitted when other rows may be in sight."""
    pressed_twice = Signal(QPointF)
    """Where in the scene."""
    hovered = Signal(object, QPoint)
    """The `Hit` below the pointer or None, and the pointer's place on the screen."""

    def __init__(self, figure: Drawing, theme: Theme) -> None:
        super().__init__(figure)
        self._figure = figure
        self._pointer: QPoint | None = None
        """Where the pointer was seen last in the view; None once it has left."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundBrush(QColor(theme.window))
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        # Else a view that is shown for the first time scrolls to the middle of what it had before it was laid out.
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setMouseTracking(True)
        # The margin keeps the focus frame off the drawing.
        self.setViewportMargins(theme.unit // 2, 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(sentence("Draws, run by run"))
        # A scroll bar that comes and goes would change the width, and with it the layout, in circles.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        figure.sceneRectChanged.connect(self._report_visible_rows)
        self.verticalScrollBar().valueChanged.connect(self._report_visible_rows)
        self._report_visible_rows()

    def show_drawing(self, figure: Drawing) -> None:
        """Show ``figure`` instead of what is shown, from its top."""
        self._figure.sceneRectChanged.disconnect(self._report_visible_rows)
        self._figure = figure
        figure.sceneRectChanged.connect(self._report_visible_rows)
        self.setScene(figure)
        self._fit()
        self.verticalScrollBar().setValue(0)

    def _report_visible_rows(self) -> None:
        # When the figure is deleted before its view, the view scrolls back once more.
        if self.scene() is None:
            return
        area = self.mapToScene(self.viewport().rect()).boundingRect()
        self._figure.set_visible(area.top(), area.bottom())
        self.scrolled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_column(self, left: float, width: float) -> None:
        """Scroll no more than it takes to have the column at ``left``, and what names its rows, in sight."""
        bar, room = self.horizontalScrollBar(), self.viewport().width()
        least, most = left + width - room, left - self._figure.names_room
        bar.setValue(round(min(max(bar.value(), least), most)))

    def show_bar_if_needed(self) -> None:
        """Enable the scroll bar where there is something to scroll; else it keeps its place, unseen."""
        bar = self.verticalScrollBar()
        bar.setEnabled(bar.maximum() > bar.minimum())

    def _fit(self) -> None:
        area = self.viewport().size()
        self._figure.set_size(area.width(), area.height())
        self._report_visible_rows()
        self.show_bar_if_needed()
        self.laid_out.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._pointer = event.position().toPoint()
        self.hover_again()

    @property
    def pointed_label(self) -> str:
        """The label of the row that the pointer is at; empty where it is at none."""
        hit = None if self._pointer is None else self._figure.hit(self.mapToScene(self._pointer))
        return "" if hit is None else hit.label

    def hover_again(self) -> None:
        """Tell what the pointer is at, as it is now."""
        # An editor may lie over the drawing; nobody says so when the pointer enters it.
        if self._pointer is not None and self.viewport().childAt(self._pointer) is None:
            hit = self._figure.hit(self.mapToScene(self._pointer))
            self.hovered.emit(hit, self.viewport().mapToGlobal(self._pointer))

    def leaveEvent(self, _event: object) -> None:
        self._pointer = None
        self.hovered.emit(None, QPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.pressed_twice.emit(self.mapToScene(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        hit = self._figure.hit(self.mapToScene(event.position().toPoint()))
        is_more = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._figure.select(hit.label if hit is not None else "", hit.column if hit is not None else -1, add=is_more)


def _role_label(role: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
