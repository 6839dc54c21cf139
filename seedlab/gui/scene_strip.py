"""The scenes of a talk as a strip of small pictures, to choose, reorder, rename and remove them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.gui.commands import command_of
from seedlab.gui.labels import plain_tool_tip
from seedlab.messages.talks import scene_name_text, scene_way_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_line
from seedlab.study.lab import Scene

PICTURE_SIZE = (128, 72)
"""The size of a picture, in pixels at zoom 1."""
_SCENE = Qt.ItemDataRole.UserRole
PICTURE = Qt.ItemDataRole.UserRole + 1
"""The role of an item's picture, a `QImage`; None until it is drawn."""


class SceneStrip(QListWidget):
    """Shows scenes from left to right; what a person does with them is told by its signals, by their positions."""

    show_asked = Signal(int)
    moved = Signal(int, int)
    rename_asked = Signal(int, str)
    change_asked = Signal(int)
    remove_asked = Signal(int)
    covered_asked = Signal(int, bool)
    fresh_asked = Signal(int, bool)
    take_again_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(objectName="scene_strip", accessibleName=sentence("Scenes"))
        self._theme = theme
        self._is_showing = False
        self.shown: int | None = None
        """The position of the scene that is shown; None for none."""
        self.is_changed = False
        """True where that has been changed since."""
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.setEditTriggers(QListWidget.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_SceneDelegate(theme, self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_asked)
        # A press shows the scene; moving about with the keys does so as well.
        self.itemClicked.connect(lambda item: self.show_asked.emit(self.row(item)))
        self.itemChanged.connect(self._on_renamed)
        self.model().rowsMoved.connect(self._on_rows_moved)
        self.setFixedHeight(_item_size(theme).height() + theme.px(10))

    def show_scenes(
        self,
        scenes: Sequence[Scene],
        at: int | None,
        picture_of: Callable[[Scene], QImage | None],
        *,
        is_changed: bool = False,
    ) -> None:
        """Show ``scenes``, the one at ``at`` as the one that is shown, with a star where it ``is_changed``.

        ``picture_of`` returns what is drawn of one.
        """
        self._is_showing = True
        for position, scene in enumerate(scenes):
            item = self.item(position) if position < self.count() else QListWidgetItem(self)
            item.setData(PICTURE, picture_of(scene))
            if item.data(_SCENE) is not scene:
                item.setData(_SCENE, scene)
                item.setText(window_line(scene.title))
                item.setFlags(
                    Qt.ItemFlag.ItemIsEnabled
                    | Qt.ItemFlag.ItemIsSelectable
                    | Qt.ItemFlag.ItemIsEditable
                    | Qt.ItemFlag.ItemIsDragEnabled
                )
                way = scene_way_text(is_covered=scene.is_covered, is_fresh=scene.is_fresh)
                about = (scene_name_text(position + 1, len(scenes), scene.title), way, scene.notes)
                item.setToolTip(plain_tool_tip("\n".join(filter(None, about))))
        while self.count() > len(scenes):
            self.takeItem(self.count() - 1)
        self.shown, self.is_changed = at, is_changed
        if at is not None and at != self.currentRow():
            self.setCurrentRow(at)
            self.scrollToItem(self.item(at))
        elif at is None:
            self.setCurrentRow(-1)
        self.viewport().update()
        self._is_showing = False

    def show_picture(self, scene: Scene, picture: QImage) -> None:
        """Show ``picture`` at ``scene``, if that is there."""
        self._is_showing = True
        for position in range(self.count()):
            if self.item(position).data(_SCENE) is scene:
                self.item(position).setData(PICTURE, picture)
        self._is_showing = False

    def rename(self, position: int) -> None:
        """Let the title of the scene at ``position`` be written anew, where it stands."""
        if 0 <= position < self.count():
            self.editItem(self.item(position))

    def _on_renamed(self, item: QListWidgetItem) -> None:
        if self._is_showing:
            return
        scene: Scene = item.data(_SCENE)
        title = " ".join(item.text().split())
        if title != scene.title:
            self.rename_asked.emit(self.row(item), title)

    def _on_rows_moved(self, _: QModelIndex, start: int, _end: int, _to: QModelIndex, before: int) -> None:
        if not self._is_showing:
            self.moved.emit(start, before - 1 if before > start else before)

    def _on_menu_asked(self, place: QPoint) -> None:
        item = self.itemAt(place)
        if item is None:
            return
        position, scene = self.row(item), item.data(_SCENE)
        menu = QMenu(self)
        menu.addAction(sentence("Show"), lambda: self.show_asked.emit(position))
        menu.addAction(sentence("Rename"), lambda: self.rename(position))
        menu.addAction(command_of("change_scene").text, lambda: self.change_asked.emit(position))
        again = menu.addAction(command_of("take_again").text, self.take_again_asked.emit)
        again.setToolTip(command_of("take_again").about)
        again.setEnabled(position == self.shown)
        menu.addSeparator()
        _add_toggle(
            menu, sentence("Cover its values first"), scene.is_covered, lambda on: self.covered_asked.emit(position, on)
        )
        _add_toggle(
            menu, sentence("Run it anew when shown"), scene.is_fresh, lambda on: self.fresh_asked.emit(position, on)
        )
        menu.addSeparator()
        menu.addAction(command_of("remove_scene").text, lambda: self.remove_asked.emit(position))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(place))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if item is not None:
            self.rename(self.row(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a scene with Left and Right, or move it with Ctrl; rename it with F2, remove it with Delete."""
        if self.state() is QListWidget.State.EditingState:
            # Return has ended the writing of a title.
            return
        at = self.currentRow()
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and 0 <= at + step < self.count():
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.moved.emit(at, at + step)
            else:
                self.show_asked.emit(at + step)
        elif event.key() == Qt.Key.Key_Delete and at >= 0:
            self.remove_asked.emit(at)
        elif event.key() == Qt.Key.Key_F2:
            self.rename(at)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at >= 0:
            self.show_asked.emit(at)
        elif step is None:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # While the strip has the focus, these are its keys, even if they are keys of commands.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_step = event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}
            is_moved = is_step and event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if is_moved or event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Delete):
                event.accept()
                return True
        return super().event(event)


def _add_toggle(menu: QMenu, text: str, is_on: bool, act: Callable[[bool], object]) -> None:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(is_on)
    action.toggled.connect(act)


def _item_size(theme: Theme) -> QSize:
    width, height = PICTURE_SIZE
    return QSize(theme.px(width) + theme.unit, theme.px(height) + theme.px(24) + theme.unit // 2)


class _SceneDelegate(QStyledItemDelegate):
    """Paints a scene: its picture, and its number and title below."""

    def __init__(self, theme: Theme, strip: SceneStrip) -> None:
        super().__init__(strip)
        self._theme = theme
        self._strip = strip

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return _item_size(self._theme)

    def _picture_area(self, area: QRect) -> QRectF:
        theme = self._theme
        width, height = (theme.px(size) for size in PICTURE_SIZE)
        return QRectF(area.left() + theme.unit / 2, area.top() + theme.unit / 4, width, height)

    def _title_area(self, area: QRect) -> QRect:
        picture = self._picture_area(area).toRect()
        return QRect(picture.left(), picture.bottom() + 2, picture.width(), area.bottom() - picture.bottom() - 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = self._theme
        scene: Scene = index.data(_SCENE)
        picture: QImage | None = index.data(PICTURE)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_shown = index.row() == self._strip.shown
        has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
        frame = self._picture_area(area)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if has_focus:
            painter.fillRect(area, QColor(theme.light))
        painter.fillRect(frame, QColor(theme.panel if picture is None else theme.window))
        if picture is not None:
            size = frame.size().toSize()
            smooth = Qt.TransformationMode.SmoothTransformation
            painter.drawImage(frame.topLeft(), picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
        pen = QPen(QColor(theme.accent if is_shown else theme.hairline), theme.px(2) if is_shown else 1)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(frame)
        painter.setFont(themes.font(theme.small, bold=is_shown))
        painter.setPen(QColor(theme.text if is_shown else theme.muted))
        title = self._title_area(area)
        text = painter.fontMetrics().elidedText(
            f"{index.row() + 1}{'*' if is_shown and self._strip.is_changed else ''}  {window_line(scene.title)}",
            Qt.TextElideMode.ElideRight,
            title.width(),
        )
        painter.drawText(title, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
        self._paint_marks(painter, scene, frame)
        painter.restore()

    def _paint_marks(self, painter: QPainter, scene: Scene, frame: QRectF) -> None:
        """Paint, in the corner of the picture, how the scene is shown otherwise than others."""
        marks, theme = scene_marks(scene), self._theme
        if not marks:
            return
        painter.setFont(themes.font(theme.small, bold=True))
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(marks) + theme.unit, metrics.height()
        corner = QRectF(frame.right() - width, frame.top(), width, height)
        painter.fillRect(corner, QColor(theme.accent))
        painter.setPen(QColor(theme.accent_text))
        painter.drawText(corner, int(Qt.AlignmentFlag.AlignCenter), marks)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> None:
        editor.setGeometry(self._title_area(option.rect))


def scene_marks(scene: Scene) -> str:
    """Return a sign for each way in which ``scene`` is shown otherwise than others."""
    return ("?" if scene.is_covered else "") + ("↻" if scene.is_fresh else "")
