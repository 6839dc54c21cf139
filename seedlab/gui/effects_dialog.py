"""The questions before runs of a person's own program: about what its first run did, and what is sent elsewhere."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from seedlab.figure.theme import Theme
from seedlab.messages.effects import (
    effect_text,
    effects_of_text,
    incomplete_effects_text,
    make_more_text,
    may_do_again_text,
)
from seedlab.messages.session import send_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_line
from seedlab.session.session import Session
from seedlab.session.stages import EffectsQuestion, SendQuestion

_FEWEST_LINES, _MOST_LINES = 3, 12
"""The room for effects, in lines; more are scrolled, or shown in a larger dialog."""


class EffectsDialog(QDialog):
    """Lists effects, and how many runs are to come; it is accepted when the person wants these."""

    def __init__(self, names: Sequence[str], question: EffectsQuestion, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("ask_about_effects")
        self.setWindowTitle(sentence("Make more runs?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        about = _label(effects_of_text(names))
        lines = "\n".join(window_line(effect_text(effect)) for effect in question.effects)
        self.list = QPlainTextEdit(lines, readOnly=True, accessibleName=sentence("What the first run did"))
        self.list.setTabChangesFocus(True)
        self.list.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        lines_shown = min(max(len(question.effects), _FEWEST_LINES), _MOST_LINES)
        frame = self.list.fontMetrics().horizontalAdvance("m") + 3 * theme.unit
        self.list.setMinimumSize(theme.px(520), lines_shown * self.list.fontMetrics().lineSpacing() + frame)
        buttons = QDialogButtonBox()
        self.more_button = buttons.addButton(make_more_text(question.runs), QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel_button = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self, spacing=2 * theme.unit)
        layout.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        layout.addWidget(about)
        layout.addWidget(self.list, 1)
        if not question.is_complete:
            layout.addWidget(_label(incomplete_effects_text()))
        layout.addWidget(_label(may_do_again_text(question.runs)))
        layout.addWidget(buttons)
        width = self.minimumSizeHint().width()
        self.resize(width, layout.totalMinimumHeightForWidth(width))
        # Set only now, as a button box chooses a default itself when it is put into a dialog without one.
        self.cancel_button.setDefault(True)
        self.cancel_button.setFocus()


class SendDialog(QDialog):
    """Says what would be sent to another host; it is accepted when the person agrees."""

    def __init__(self, name: str, question: SendQuestion, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("ask_to_send")
        self.setWindowTitle(sentence("Send to {place}?", place=window_line(question.place)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        buttons = QDialogButtonBox()
        self.send_button = buttons.addButton(sentence("Send and run"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel_button = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self, spacing=2 * theme.unit)
        layout.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        self.label = _label(send_text(name, question.place, question.folders))
        layout.addWidget(self.label)
        layout.addWidget(buttons)
        self.setMinimumWidth(theme.px(520))
        self.resize(theme.px(520), layout.totalMinimumHeightForWidth(theme.px(520)))
        self.cancel_button.setDefault(True)
        self.cancel_button.setFocus()


class EffectsQuestions(QObject):
    """Asks the session's question in a dialog, and passes on the answer."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._dialog: EffectsDialog | SendDialog | None = None

    def show(self, theme: Theme) -> None:
        """Ask what the session has to ask; close the dialog where that has been settled in another way."""
        runs, name_of = self._session.runs, self._session.arrangement.name_of
        dialog: EffectsDialog | SendDialog
        if runs.sending is not None:
            dialog = SendDialog(name_of(runs.sending.request.key), runs.sending, theme, self._window)
            answer = runs.answer_sending
        elif runs.question is not None:
            names = [name_of(key) for key in runs.question.keys]
            dialog = EffectsDialog([name for name in names if name], runs.question, theme, self._window)
            answer = runs.answer
        else:
            shown, self._dialog = self._dialog, None
            if shown is not None:
                shown.close()
            return
        self._dialog = dialog

        def on_finished(result: int) -> None:
            if dialog is self._dialog:
                self._dialog = None
                answer(goes_on=result == QDialog.DialogCode.Accepted)

        dialog.finished.connect(on_finished)
        dialog.open()


def _label(text: str) -> QLabel:
    return QLabel(window_line(text), wordWrap=True, textFormat=Qt.TextFormat.PlainText)
