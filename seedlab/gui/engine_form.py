"""The form for how runs are made: the interpreter, the start, the number in parallel, and the timeout."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QGridLayout, QLabel, QLineEdit, QWidget

from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.outcome import runs_at_once
from seedlab.engine.hosts import SCHEME, address_of, is_on_host
from seedlab.errors import InterpreterError
from seedlab.figure.theme import Theme
from seedlab.gui import file_dialogs
from seedlab.gui.boxes import ChoiceBox, let_shrink, spin_box
from seedlab.gui.labels import muted_label, plain_tool_tip
from seedlab.libraries.all_capabilities import first_version
from seedlab.messages.window import (
    about_host_text,
    about_python_text,
    executes_text,
    interpreter_text,
    place_of_python,
)
from seedlab.phrases import meaning, retold, sentence
from seedlab.plain_text import window_lines
from seedlab.results.environment import Interpreter
from seedlab.session.settings import MAX_JOBS, MAX_TIMEOUT_S, Settings

_OTHERS = 3
"""The entries below the Pythons that are known: another one here, one on another host, and a new environment."""
_NEW = "new-environment:"
_ABOUT_START = sentence(
    "How a run gets its fresh process. cold: a new interpreter each time. spare: one that waits "
    "with its imports done. fork: a child of one that has done nothing but imports. auto: the "
    "fastest one that gives the same as cold."
)


class EngineForm(QWidget):
    """The controls at the bottom of the panel; they show settings, and emit what a person chooses."""

    interpreter_chosen = Signal(str)
    """The path of another Python."""
    environment_wanted = Signal()
    """A person wants an environment with a version of their choice, or to remove one."""
    interpreters_wanted = Signal()
    """A person is about to choose one."""
    start_chosen = Signal(str)
    """The value of a `Start`."""
    jobs_chosen = Signal(int)
    timeout_chosen = Signal(int)
    """The timeout in seconds."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._interpreter: Interpreter | None = None
        self.interpreter_box = ChoiceBox(
            accessibleName=sentence("Interpreter"), toolTip=sentence("The Python that executes the runs.")
        )
        self.interpreter_box.activated.connect(self._on_interpreter_chosen)
        self.interpreter_box.reached.connect(self.interpreters_wanted)
        self.start_box = ChoiceBox(accessibleName=meaning("how a run gets its process", "Start"), toolTip=_ABOUT_START)
        self.start_box.addItems([start.value for start in Start])
        self.start_box.currentTextChanged.connect(self.start_chosen)
        self.jobs_box = spin_box(
            sentence("Parallel runs"), 1, MAX_JOBS, sentence("How many runs go on at the same time.")
        )
        self.jobs_box.valueChanged.connect(lambda: self.jobs_chosen.emit(int(self.jobs_box.value())))
        self.timeout_box = spin_box(
            sentence("Timeout in seconds"), 1, MAX_TIMEOUT_S, sentence("A run that takes longer is ended.")
        )
        self.timeout_box.valueChanged.connect(lambda: self.timeout_chosen.emit(int(self.timeout_box.value())))
        let_shrink(self.interpreter_box)
        let_shrink(self.start_box)
        layout = QGridLayout(self, horizontalSpacing=theme.unit, verticalSpacing=theme.unit // 4)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setColumnStretch(1, 1)
        rows = (
            (sentence("Interpreter"), self.interpreter_box),
            (meaning("how a run gets its process", "Start"), self.start_box),
            (sentence("Parallel runs"), self.jobs_box),
            (sentence("Timeout (s)"), self.timeout_box),
        )
        for number, (title, box) in enumerate(rows):
            layout.addWidget(muted_label(title, box), number, 0)
            layout.addWidget(box, number, 1)

    @property
    def boxes(self) -> tuple[QWidget, ...]:
        """The controls in the order in which Tab reaches them."""
        return (self.interpreter_box, self.start_box, self.jobs_box, self.timeout_box)

    def show_settings(self, settings: Settings) -> None:
        """Show the start, the parallel runs and the timeout that are chosen."""
        self.start_box.setCurrentText(settings.start)
        jobs = settings.jobs or runs_at_once()
        for box, value in ((self.jobs_box, jobs), (self.timeout_box, round(settings.timeout_s))):
            if box.value() != value:
                box.setValue(value)

    def show_interpreters(
        self,
        interpreter: Interpreter,
        known: Sequence[Interpreter],
        devices: Callable[[str], Sequence[str]] = lambda _: (),
        titles: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Show the interpreter in use, and offer the others that are ``known``.

        ``devices`` returns those that were found, by the path of a Python; ``titles`` has what environments of
        seedlab's own are called.
        """
        self._interpreter = interpreter
        others = [each for each in known if each.executable != interpreter.executable]
        # Those with the most of what libraries need come first, and of these the newest.
        others.sort(key=lambda each: (-len(each.packages), _number(each.python), each.executable))
        box = self.interpreter_box
        about = {each.executable: about_python_text(each, devices(each.executable)) for each in (interpreter, *others)}
        wanted = [(titles.get(each.executable) or self._text(each), each.executable) for each in (interpreter, *others)]
        texts = Counter(text for text, _ in wanted)
        wanted = [(text if texts[text] == 1 else f"{text} · {place_of_python(path)}", path) for text, path in wanted]
        shown = [(box.itemText(n), box.itemData(n)) for n in range(box.count() - _OTHERS)]
        if shown != wanted:
            box.clear()
            for text, path in wanted:
                box.addItem(text, path)
            box.addItem(sentence("Choose another Python…"), None)
            box.addItem(sentence("A Python on another host…"), SCHEME)
            box.addItem(sentence("New environment…"), _NEW)
            box.view().setMinimumWidth(box.view().sizeHintForColumn(0))
        for number, (_, path) in enumerate(wanted):
            box.setItemData(number, plain_tool_tip(window_lines(about[path])), Qt.ItemDataRole.ToolTipRole)
        box.setToolTip(plain_tool_tip(window_lines(executes_text(about[interpreter.executable]))))

    def _ask_for_host(self) -> None:
        current = self._interpreter.executable if self._interpreter else ""
        dialog = HostDialog(current if is_on_host(current) else SCHEME, self.window())
        dialog.accepted.connect(lambda: self.interpreter_chosen.emit(dialog.name_edit.text().strip()))
        dialog.open()

    @staticmethod
    def _text(interpreter: Interpreter) -> str:
        return interpreter_text(interpreter.python, first_version(interpreter))

    def set_busy(self, *, is_busy: bool) -> None:
        """Let a person choose an interpreter only while no runs go on."""
        self.interpreter_box.setEnabled(not is_busy)

    def _on_interpreter_chosen(self, number: int) -> None:
        path = self.interpreter_box.itemData(number)
        # What is in use is shown until another one has answered.
        self.interpreter_box.setCurrentIndex(0)
        if path == SCHEME:
            self._ask_for_host()
            return
        if path == _NEW:
            self.environment_wanted.emit()
            return
        if path is not None:
            if number:
                self.interpreter_chosen.emit(path)
            return
        executable = self._interpreter.executable if self._interpreter else ""
        folder = str(Path(executable).parent) if executable and not is_on_host(executable) else ""
        chosen = file_dialogs.file_to_open(self, sentence("Choose a Python executable"), folder)
        if chosen:
            self.interpreter_chosen.emit(chosen)


class HostDialog(QDialog):
    """Asks for the name of a Python on another host."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("ask_for_host")
        self.setWindowTitle(sentence("A Python on another host"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.name_edit = QLineEdit(name, accessibleName=sentence("Name"))
        self.name_edit.setMinimumWidth(6 * self.name_edit.minimumSizeHint().width())
        self.note_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox()
        self.ask_button = buttons.addButton(sentence("Connect"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.addRow(sentence("&Name"), self.name_edit)
        layout.addRow(self.note_label)
        layout.addRow(buttons)
        self.name_edit.textChanged.connect(self._check)
        self._check()
        self.name_edit.setFocus()
        self.name_edit.end(False)

    def _check(self) -> None:
        """Say what is wrong with the name, if anything is."""
        problem = ""
        try:
            address_of(self.name_edit.text().strip())
        except InterpreterError as error:
            problem = retold(error.what)
        # Nobody has written anything wrong who has only begun.
        is_begun = self.name_edit.text() == SCHEME
        self.note_label.setText(window_lines(about_host_text() if is_begun or not problem else problem))
        self.note_label.setProperty("role", "problem" if problem and not is_begun else "muted")
        self.note_label.style().unpolish(self.note_label)
        self.note_label.style().polish(self.note_label)
        self.ask_button.setEnabled(not problem)


def _number(version: str) -> tuple[int, ...]:
    """Return ``version`` so that newer ones come first."""
    return tuple(-int(part) for part in version.split(".")[:3] if part.isdigit())
