"""The dialog that offers the results that earlier windows did not save."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QVBoxLayout, QWidget

from seedlab.figure.theme import Theme
from seedlab.messages.window import unsaved_text
from seedlab.phrases import sentence
from seedlab.session.recovery import LeftBehind
from seedlab.study.lab import Lab


class RecoveryDialog(QDialog):
    """Lists the results of earlier windows, the newest first, to restore or discard one of them at a time."""

    restored = Signal(object)
    """The `LeftBehind` that the person wants back; the dialog closes with it."""
    discarded = Signal(object)
    """A `LeftBehind` that the person does not want; the dialog stays while there are others."""

    def __init__(self, results: Sequence[LeftBehind], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("offer_recovery")
        self.setWindowTitle(sentence("Unsaved results"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._results = list(results)
        about = QLabel(sentence("seedlab ended before these results were saved."), wordWrap=True)
        self.list = QListWidget(accessibleName=sentence("Unsaved results"))
        self.list.addItems([described(left.lab) for left in results])
        self.list.setCurrentRow(0)
        self.list.setMinimumSize(theme.px(480), theme.px(96))
        buttons = QDialogButtonBox()
        restore = buttons.addButton(sentence("Restore"), QDialogButtonBox.ButtonRole.AcceptRole)
        restore.setToolTip(sentence("Show these results; the others stay for the next start"))
        discard = buttons.addButton(sentence("Discard"), QDialogButtonBox.ButtonRole.DestructiveRole)
        discard.setToolTip(sentence("Delete these results and no others"))
        buttons.addButton(sentence("Later"), QDialogButtonBox.ButtonRole.RejectRole).setToolTip(
            sentence("Ask again at the next start")
        )
        restore.clicked.connect(self._on_restore)
        discard.clicked.connect(self._on_discard)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self, spacing=2 * theme.unit)
        layout.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        layout.addWidget(about)
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)
        restore.setDefault(True)

    def _on_restore(self) -> None:
        self.restored.emit(self._results[self.list.currentRow()])
        self.accept()

    def _on_discard(self) -> None:
        at = self.list.currentRow()
        left = self._results.pop(at)
        self.list.takeItem(at)
        self.discarded.emit(left)
        if not self._results:
            self.reject()


def described(lab: Lab) -> str:
    """Return when the newest run of ``lab`` was made, how many there are, and of which columns."""
    when = lab.created.astimezone().strftime("%Y-%m-%d %H:%M")
    return unsaved_text(when, [column.name for column in lab.columns], sum(len(column.runs) for column in lab.columns))
