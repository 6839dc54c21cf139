"""The status bar: the interpreter, how soon a run could start, and the progress of the runs."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QStatusBar
from superqt import QElidingLabel

from seedlab.engine.batch import BatchEnd
from seedlab.engine.executors.executor import Readiness
from seedlab.gui.labels import plain_tool_tip
from seedlab.messages.provenance import started_text
from seedlab.messages.window import asking_text, ended_text, readiness_text, running_text, stopped_text, waiting_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_line
from seedlab.session.session import Session

_INTERVAL_MS = 100
"""The time between two updates of the seconds while runs go on."""


class StatusLine:
    """Shows the state of the session in three labels of a status bar."""

    def __init__(self, bar: QStatusBar, session: Session) -> None:
        self._session = session
        self.interpreter_label = QLabel(sentence("asking the interpreter…"))
        self.readiness_label = QElidingLabel()
        self.progress_label = QLabel()
        for label in (self.interpreter_label, self.readiness_label, self.progress_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.interpreter_label)
        # What there is no room for is told by its tooltip.
        bar.addWidget(self.readiness_label, 1)
        bar.addPermanentWidget(self.progress_label)
        self._is_count = False
        self._clock = QTimer(bar, interval=_INTERVAL_MS)
        self._clock.timeout.connect(self.show_progress)

    def show_interpreter(self) -> None:
        """Show which Python makes the runs."""
        interpreter = self._session.interpreter
        text = interpreter.summary if interpreter is not None else sentence("no interpreter")
        self.interpreter_label.setText(window_line(text))
        executable = interpreter.executable if interpreter is not None else ""
        self.interpreter_label.setToolTip(plain_tool_tip(window_line(executable)))

    def show_readiness(self) -> None:
        """Show how soon a run could start."""
        readiness, detail = self._session.preparing.readiness, self._session.preparing.readiness_detail
        text = window_line(readiness_text(readiness.value, detail))
        self.readiness_label.setText(text)
        self.readiness_label.setToolTip(plain_tool_tip(text))

    def show_busy(self) -> None:
        """Update the seconds while runs go on."""
        if self._session.is_busy:
            self._clock.start()
        else:
            self._clock.stop()

    def show_progress(self) -> None:
        """Show the progress of the runs that were asked for last."""
        self._is_count = True
        session, progress = self._session, self._session.progress
        if not progress.asked:
            self.progress_label.clear()
            return
        numbers = progress.done, progress.asked, progress.seconds
        if session.progress.last_end is BatchEnd.CANCELLED:
            text = stopped_text(*numbers)
        elif session.runs.question is not None:
            text = asking_text(*numbers)
        elif not session.is_busy:
            text = ended_text(*numbers)
            column = session.arrangement.lane.column
            if column.program is not None and column.runs:
                text = f"{text} · {started_text(column.runs)}"
        elif not progress.done and session.preparing.readiness is Readiness.PREPARING:
            text = waiting_text(progress.seconds)
        else:
            text = running_text(*numbers)
        self.progress_label.setText(text)

    def note(self, text: str) -> None:
        """Show a text about what was done, such as a file that was saved."""
        self._is_count = False
        self.progress_label.setText(window_line(text))

    def forget_what_is_gone(self) -> None:
        """Take away a count of runs that are not shown any more."""
        if self._is_count and not self._session.progress.asked:
            self.progress_label.clear()

    def close(self) -> None:
        """Stop updating the seconds."""
        self._clock.stop()
