"""The bar of the columns' names, where columns are chosen, moved, renamed and removed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QInputDialog, QMenu, QTabBar

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.gui.commands import command_of
from seedlab.messages.window import columns_tip_text, name_label_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_line


class ColumnBar(QTabBar):
    """One tab for each column, as wide as the column below it."""

    moved = Signal(int, int)
    """A person moved a column from one position to another by a key."""
    dragged = Signal(int, int)
    """A column was dragged past its neighbour; `dropped` follows where it is let go."""
    dropped = Signal()
    rename_asked = Signal(int, str)
    remove_asked = Signal(int)
    duplicate_asked = Signal(int)
    run_asked = Signal(int)
    copy_asked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(movable=True, drawBase=False, usesScrollButtons=False, elideMode=Qt.TextElideMode.ElideRight)
        self._theme = theme
        self._widths: list[int] = []
        self._showing = False
        self._pressed = 0
        self._dragged_to: int | None = None
        """Where the column is that is being dragged past others; None while none is."""
        self._held_back: tuple[Sequence[str], int] | None = None
        self._is_lost = False
        """True where the columns were changed by something else while one is dragged."""
        self.setExpanding(False)
        self.setAccessibleName(sentence("Columns"))
        self.setToolTip(columns_tip_text(command_of("help").keys[0]))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_asked)
        self.tabMoved.connect(self._on_tab_moved)

    def show_columns(self, names: Sequence[str], current: int) -> None:
        if self._dragged_to is not None:
            # A name that is being dragged must not change meanwhile. Where it does, the drag has lost its column.
            shown = [self.tabText(position).replace("&&", "&") for position in range(self.count())]
            self._is_lost = self._is_lost or len(names) != len(shown) or _is_moved(names, shown)
            self._held_back = (names, current)
            return
        self._showing = True
        blocked = self.blockSignals(True)
        while self.count() > len(names):
            self.removeTab(self.count() - 1)
        for position, name in enumerate(names):
            # An ampersand would become a mnemonic.
            text = name.replace("&", "&&")
            if position >= self.count():
                self.addTab(text)
            elif self.tabText(position) != text:
                self.setTabText(position, text)
            self.setTabToolTip(position, name)
        self.setCurrentIndex(current)
        self.blockSignals(blocked)
        self._showing = False

    def set_widths(self, widths: Sequence[float]) -> None:
        rounded = [round(width) for width in widths]
        if rounded != self._widths:
            self._widths = rounded
            # This makes the bar ask for the sizes again.
            self.setElideMode(self.elideMode())

    def tabSizeHint(self, index: int) -> QSize:
        hint = super().tabSizeHint(index)
        return QSize(self._widths[index], hint.height()) if index < len(self._widths) else hint

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the names at the left edges of their columns; a style would centre them."""
        painter = QPainter(self)
        theme = self._theme
        for position in range(self.count()):
            area = QRectF(self.tabRect(position))
            is_current = position == self.currentIndex()
            if is_current and self.hasFocus():
                painter.fillRect(area, QColor(theme.light))
            painter.setFont(themes.font(theme.medium, bold=True))
            painter.setPen(QColor(theme.text if is_current or self.count() == 1 else theme.muted))
            room = area.adjusted(theme.unit, 0, -theme.unit / 2, -3)
            text = painter.fontMetrics().elidedText(
                window_line(self.tabText(position).replace("&&", "&")), Qt.TextElideMode.ElideRight, round(room.width())
            )
            painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
            if is_current and self.count() > 1:
                line = QRectF(
                    area.left() + theme.unit, area.bottom() - theme.px(2), area.width() - 2 * theme.unit, theme.px(2)
                )
                painter.fillRect(line, QColor(theme.accent))

    def rename(self, position: int) -> None:
        """Ask for a new name of the column at ``position``."""
        old = self.tabText(position).replace("&&", "&")
        name, is_given = QInputDialog.getText(self, sentence("Rename"), name_label_text(), text=old)
        if is_given and name != old:
            self.rename_asked.emit(position, name)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = self.tabAt(event.position().toPoint())
        if position >= 0:
            self.rename(position)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = self.currentIndex()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        (end, self._dragged_to), (held_back, self._held_back) = (self._dragged_to, None), (self._held_back, None)
        self._is_lost = False
        if held_back is not None:
            self.show_columns(*held_back)
        if end is not None:
            self.dropped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a column with Left and Right, or move it with Ctrl."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            end = self.currentIndex() + step
            if 0 <= end < self.count():
                self.moved.emit(self.currentIndex(), end)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_F2:
            self.rename(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # While the bar has the focus, Ctrl+Left and Ctrl+Right move columns, even if they are keys of commands.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_step = event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}
            if is_step and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                event.accept()
                return True
        return super().event(event)

    def _on_tab_moved(self, one: int, other: int) -> None:
        if self._showing or self._is_lost:
            return
        # The bar does not say which of two neighbours was dragged: it is the one that was pressed.
        start = self._pressed if self._dragged_to is None else self._dragged_to
        self._dragged_to = other if one == start else one
        self.dragged.emit(start, self._dragged_to)

    def _on_menu_asked(self, place: QPoint) -> None:
        position = self.tabAt(place)
        if position < 0:
            return
        menu = QMenu(self)
        self._add(menu, "run", lambda: self.run_asked.emit(position))
        self._add(menu, "rename", lambda: self.rename(position))
        self._add(menu, "copy_picture", lambda: self.copy_asked.emit(position))
        self._add(menu, "pin", lambda: self.duplicate_asked.emit(position))
        remove = self._add(menu, "remove", lambda: self.remove_asked.emit(position))
        remove.setEnabled(self.count() > 1)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(place))

    def _add(self, menu: QMenu, name: str, act: Callable[[], object]) -> QAction:
        """Add the command ``name``, which here acts on the column below the menu."""
        action: QAction = menu.addAction(command_of(name).text, act)
        action.setToolTip(command_of(name).about)
        return action


def _is_moved(names: Sequence[str], shown: Sequence[str]) -> bool:
    """Return True where the same names stand in another order."""
    return sorted(names) == sorted(shown) and list(names) != list(shown)
