"""Help inside the window: pages at the left, one of them at the right, and a line to search them all."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QImage, QKeyEvent, QKeySequence, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.messages.help import PICTURE_SCHEME, PRESET_SCHEME, Page, pages
from seedlab.messages.keys import native_keys
from seedlab.phrases import sentence
from seedlab.resource_files import ANSWERS, resource

_WIDTH, _HEIGHT, _LIST_WIDTH = 960, 600, 300
_PICTURE_WIDTH = 600
"""The width of a picture, in pixels at zoom 1."""
_TARGET = re.compile(r"\]\([^)]*\)")
_PAGE = Qt.ItemDataRole.UserRole
_MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_OTHER_KEYS = (
    (sentence("Tab"), sentence("Go to the next control")),
    (sentence("Up, Down"), sentence("On the timeline: move the seed")),
    (sentence("Left, Right"), native_keys(sentence("On the columns: choose one; with Ctrl: move it"))),
)


class HelpWindow(QDialog):
    """Shows the pages of `seedlab.messages.help`, the keys of ``actions`` among them."""

    preset_asked = Signal(str)
    """The name of a preset that a person wants to see."""

    def __init__(self, actions: Sequence[QAction], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(sentence("Help"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = QLineEdit(
            placeholderText=sentence("Search: seed, Keras, export …"), accessibleName=sentence("Search help")
        )
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._show_found)
        self.search.installEventFilter(self)
        self.list = QListWidget(accessibleName=sentence("Pages"))
        self.list.setFixedWidth(theme.px(_LIST_WIDTH))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self.nothing = QLabel(sentence("No page has these words."), wordWrap=True)
        self.nothing.setProperty("role", "muted")
        self.page = _Page(theme)
        self.page.document().setDefaultFont(themes.font(theme.px(14)))
        self.page.document().setDocumentMargin(2 * theme.unit)
        self.page.anchorClicked.connect(self._on_link)
        self.list.currentItemChanged.connect(self._show_page)
        left = QVBoxLayout(spacing=theme.unit)
        for widget in (self.search, self.nothing, self.list):
            left.addWidget(widget)
        row = QHBoxLayout(self, spacing=2 * theme.unit)
        row.addLayout(left)
        row.addWidget(self.page, 1)
        group = ""
        for page in pages(_shortcuts(actions)):
            if page.group != group:
                group = page.group
                head = QListWidgetItem(group, self.list)
                head.setFlags(Qt.ItemFlag.NoItemFlags)
                head.setFont(themes.font(theme.small, bold=True))
            item = QListWidgetItem(page.title, self.list)
            item.setData(_PAGE, page)
        room = parent.screen().availableSize()
        self.resize(min(theme.px(_WIDTH), room.width()), min(theme.px(_HEIGHT), room.height()))
        self._show_found("")
        self.search.setFocus()

    @property
    def shown(self) -> Page | None:
        """The page that is shown; None where no page has the words that are searched for."""
        item = self.list.currentItem() if self.list.currentRow() >= 0 else None
        found = None if item is None else item.data(_PAGE)
        return found if isinstance(found, Page) else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys that move in the list work from the search as well."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _MOVING:
                self.list.event(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.page.setFocus()
                return True
        return super().eventFilter(watched, event)

    def _show_found(self, text: str) -> None:
        """Show the pages that have all words of ``text``, those with them in their titles first chosen."""
        words = text.lower().split()
        best: tuple[bool, QListWidgetItem] | None = None
        head: QListWidgetItem | None = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            page: Page | None = item.data(_PAGE)
            if page is None:
                head = item
                head.setHidden(True)
                continue
            # Where a link leads is not read.
            body = _TARGET.sub("]", page.body)
            is_found = all(word in f"{page.title} {page.group} {body}".lower() for word in words)
            item.setHidden(not is_found)
            if is_found:
                if head is not None:
                    head.setHidden(False)
                is_titled = all(word in page.title.lower() for word in words)
                if best is None or (is_titled and not best[0]):
                    best = is_titled, item
        self.nothing.setVisible(best is None)
        self.list.setCurrentRow(-1 if best is None else self.list.row(best[1]))

    def _show_page(self) -> None:
        page = self.shown
        self.page.show_text("" if page is None else f"# {page.title}\n\n{page.body}")

    def _on_link(self, url: QUrl) -> None:
        if url.scheme() == PRESET_SCHEME:
            self.preset_asked.emit(url.path())


class _Page(QTextBrowser):
    """A page, with the pictures that belong to presets."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(openLinks=False, accessibleName=sentence("Page"))
        self._theme = theme
        self._text = ""
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._show_again)

    def show_text(self, text: str) -> None:
        """Show ``text``, which is Markdown, with room between its paragraphs."""
        self._text = text
        self.setMarkdown(text)
        block = self.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            if cursor.currentTable() is None and block.textList() is None:
                style = block.blockFormat()
                style.setBottomMargin(self._theme.unit)
                cursor.setBlockFormat(style)
            block = block.next()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and f"{PICTURE_SCHEME}:" in self._text:
            # Not now, while the text is being laid out.
            self._again.start()

    def _show_again(self) -> None:
        """Show the same with pictures for the width that there is by now."""
        place = self.verticalScrollBar().value()
        self.show_text(self._text)
        self.verticalScrollBar().setValue(place)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        place = QUrl(name)
        if kind != QTextDocument.ResourceType.ImageResource.value or place.scheme() != PICTURE_SCHEME:
            return super().loadResource(kind, name)
        image = QImage.fromData(resource(f"{ANSWERS}/{place.path()}-{self._theme.name}.png").read_bytes())
        # As wide as the page has room for, as sharp as the screen is.
        bar = 0 if self.verticalScrollBar().isVisible() else self.verticalScrollBar().sizeHint().width()
        room = self.viewport().width() - bar - 2 * round(self.document().documentMargin()) - 1
        pixels = round(min(room, self._theme.px(_PICTURE_WIDTH)) * self.devicePixelRatioF())
        image = image.scaledToWidth(pixels, Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        return image


def _shortcuts(actions: Sequence[QAction]) -> list[tuple[str, str]]:
    """Return the keys of ``actions`` and of the controls, each with what it does."""
    found = [
        (
            " or ".join(f"`{each.toString(QKeySequence.SequenceFormat.NativeText)}`" for each in action.shortcuts()),
            action,
        )
        for action in actions
        if action.shortcuts()
    ]
    return [*((keys, action.text().replace("&", "")) for keys, action in found), *_OTHER_KEYS]
