"""The dialog that says what seedlab is, with all that is needed when asking for help."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from seedlab import APPLICATION_TITLE, __version__
from seedlab.errors import InterpreterError
from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter
from seedlab.session.diagnostics import diagnostics


class AboutDialog(QDialog):
    """Shows versions and licences, the interpreter and the folders, as ``seedlab doctor`` prints them."""

    def __init__(self, interpreter: Interpreter | InterpreterError | None, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle(sentence("About {seedlab}", seedlab=APPLICATION_TITLE))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = QLabel(
            sentence(
                "{seedlab} {version}: see why seeded numbers still change.",
                seedlab=APPLICATION_TITLE,
                version=__version__,
            ),
            wordWrap=True,
        )
        self.text = QPlainTextEdit(diagnostics(interpreter), readOnly=True, accessibleName=sentence("Diagnostics"))
        self.text.setFont(themes.font(theme.small, mono=True))
        self.text.setMinimumSize(theme.px(560), theme.px(320))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = buttons.addButton(sentence("Copy diagnostics"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self, spacing=2 * theme.unit)
        layout.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        layout.addWidget(title)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
