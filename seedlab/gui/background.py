"""Work that takes a while and does not block the window; a progress bar appears when it takes longer."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressDialog, QWidget

from seedlab.errors import SeedlabError
from seedlab.gui.turns import Turns
from seedlab.messages.window import still_busy_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_line
from seedlab.work import Work

SHOWN_AFTER_MS = 500
"""The time after which the progress bar appears."""
_WHOLE = 1000
"""The progress bar's value for all of the work."""


class Background(QObject):
    """Does one piece of work at a time, as `Turns` does, with a progress bar that can cancel it."""

    finished = Signal()
    """Emitted after every piece of work, however it ended."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._turns = Turns(self)
        self._turns.stepped.connect(self._show)
        self._turns.ended.connect(self._on_ended)
        self._bar: QProgressDialog | None = None

    @property
    def is_busy(self) -> bool:
        return self._turns.is_busy

    def start(
        self,
        title: str,
        work: Work[Any],
        then: Callable[[Any], object],
        failed: Callable[[SeedlabError], object],
    ) -> None:
        """Do ``work``, then call ``then`` with its result, or ``failed`` with the error.

        ``failed`` is called at once when other work is in progress.
        """
        if self._bar is not None:
            failed(
                SeedlabError(still_busy_text(self._bar.labelText()), sentence("Wait until that is done, or cancel it."))
            )
            return
        bar = self._bar = QProgressDialog("", sentence("Cancel"), 0, _WHOLE, self._window)
        # The name of a file may look like HTML.
        bar.setLabel(QLabel(window_line(title), bar, textFormat=Qt.TextFormat.PlainText))
        bar.setMinimumDuration(SHOWN_AFTER_MS)
        bar.setAutoReset(False)
        bar.setAutoClose(False)
        bar.canceled.connect(self._turns.cancel)
        # This starts the time after which the bar appears.
        bar.setValue(0)
        self._turns.start(work, then, failed)

    def cancel(self) -> None:
        """Abandon the work in progress."""
        self._turns.cancel()

    def close(self) -> None:
        """Abandon the work, and wait for the function in the thread, which cannot be interrupted."""
        self._turns.close()

    def _show(self, share: float) -> None:
        assert self._bar is not None
        self._bar.setMaximum(_WHOLE if share >= 0 else 0)
        if share >= 0:
            self._bar.setValue(min(round(share * _WHOLE), _WHOLE - 1))

    def _on_ended(self) -> None:
        bar, self._bar = self._bar, None
        if bar is not None:
            bar.canceled.disconnect(self._turns.cancel)
            bar.close()
            bar.deleteLater()
        self.finished.emit()
