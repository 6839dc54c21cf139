"""The list of presets, with a search: a question a line, in their groups."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.gui.labels import muted_label
from seedlab.libraries.presets import GROUPS, group_title
from seedlab.libraries.registry import LIBRARIES
from seedlab.phrases import sentence
from seedlab.study.preset import Preset

_WIDTH, _HEIGHT = 560, 480
_PRESET = Qt.ItemDataRole.UserRole
_MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
NOTHING_FOUND = sentence("No preset has these words. Search for a function, a library, or a part of the question.")


class PresetPicker(QDialog):
    """Shows all presets below a line to search in; Enter or a click takes one."""

    chosen = Signal(Preset)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(sentence("Presets"))
        self.search = QLineEdit(
            placeholderText=sentence("Search: set_seed, Keras, shuffle …"), accessibleName=sentence("Search presets")
        )
        self.search.textChanged.connect(self._show_found)
        self.search.installEventFilter(self)
        self.list = QListWidget(accessibleName=sentence("Presets"))
        self.list.setUniformItemSizes(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemActivated.connect(self._take)
        self.list.itemClicked.connect(self._take)
        self.nothing = muted_label(NOTHING_FOUND, self.list)
        self.nothing.setWordWrap(True)
        self.about = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.list.currentItemChanged.connect(self._show_about)
        layout = QVBoxLayout(self, spacing=theme.unit)
        layout.setContentsMargins(theme.unit, theme.unit, theme.unit, theme.unit)
        for widget in (self.search, self.nothing, self.list, self.about):
            layout.addWidget(widget)
        for group, presets in GROUPS.items():
            head = QListWidgetItem(group_title(group), self.list)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setFont(themes.font(theme.small, bold=True))
            for preset in presets.values():
                item = QListWidgetItem(f"  {sentence(preset.title)}", self.list)
                item.setData(_PRESET, preset)
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self._show_found("")

    def open_below(self, widget: QWidget, preset: Preset | None) -> None:
        """Show the list below ``widget``, with ``preset`` selected."""
        for item in self._items():
            if preset is not None and item.data(_PRESET) == preset:
                self.list.setCurrentItem(item)
        self.move(widget.mapToGlobal(QPoint(0, widget.height())))
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys that move in the list, and the one that takes an entry, work from the line as well."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
            if event.key() in _MOVING:
                self.list.event(event)
                return True
        return super().eventFilter(watched, event)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _show_found(self, text: str) -> None:
        """Show the presets that have all words of ``text``, and the heads of their groups."""
        words = text.lower().split()
        head: QListWidgetItem | None = None
        found: list[QListWidgetItem] = []
        for item in self._items():
            preset = item.data(_PRESET)
            if preset is None:
                head = item
                head.setHidden(True)
                continue
            is_found = all(word in _words_of(preset) for word in words)
            item.setHidden(not is_found)
            if is_found:
                found.append(item)
                if head is not None:
                    head.setHidden(False)
        if found:
            self.list.setCurrentItem(found[0])
        self.nothing.setVisible(not found)
        self.list.setVisible(bool(found))

    def _show_about(self, item: QListWidgetItem | None) -> None:
        preset = item.data(_PRESET) if item is not None else None
        shown = "" if preset is None else f"{LIBRARIES.family_of(preset.experiment).title} · {preset.name}"
        self.about.setText(shown)

    def _take(self, item: QListWidgetItem | None) -> None:
        preset = item.data(_PRESET) if item is not None and not item.isHidden() else None
        if preset is not None:
            self.close()
            self.chosen.emit(preset)


def _words_of(preset: Preset) -> str:
    title = LIBRARIES.family_of(preset.experiment).title
    return f"{preset.name} {sentence(preset.title)} {sentence(preset.answer)} {title}".lower()
