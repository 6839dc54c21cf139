"""The dialog that shows what went wrong inside seedlab, so that it can be copied."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from seedlab import __version__
from seedlab.figure import theme as themes
from seedlab.phrases import plural, sentence
from seedlab.session.log import without_home

_MOST = 20
"""The most different exceptions that one dialog shows."""


class ExceptionDialog(QDialog):
    """Shows exceptions with where they came from; the same one again is counted."""

    def __init__(self, log: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("exception")
        self.setWindowTitle(sentence("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._counts: dict[str, int] = {}
        about = QLabel(
            sentence(
                "This is a mistake in seedlab. Your results are still here: save them, then go on. "
                "Please report the text below; where it happened stands in {log}, too.",
                log=without_home(log),
            ),
            wordWrap=True,
            textFormat=Qt.TextFormat.PlainText,
        )
        self.text = QPlainTextEdit(readOnly=True, accessibleName=sentence("What went wrong"))
        theme = themes.chosen("light", 1.0)
        self.text.setFont(themes.font(theme.small, mono=True))
        self.text.setMinimumSize(theme.px(560), theme.px(240))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = buttons.addButton(sentence("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(about)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)

    def add(self, text: str) -> None:
        """Show the exception ``text``, or count it where it is shown already."""
        if text not in self._counts and len(self._counts) >= _MOST:
            return
        self._counts[text] = self._counts.get(text, 0) + 1
        self.text.setPlainText(self._shown())

    def _shown(self) -> str:
        parts = [sentence("seedlab {version}", version=__version__)]
        for text, count in self._counts.items():
            if count > 1:
                parts.append(plural("{count} time:", "{count} times:", count))
            parts.append(text)
        return "\n".join(parts)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._shown())
