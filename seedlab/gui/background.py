"""Work that takes a while and does not block the window; a progress bar appears when it takes longer."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QProgressDialog, QWidget

from seedlab.errors import SeedlabError
from seedlab.messages.window import still_busy_text
from seedlab.plain_text import window_line
from seedlab.work import Work

SHOWN_AFTER_MS = 500
"""The time after which the progress bar appears."""
_TURN_S = 0.01
"""The work in one turn of the event loop: a key press waits no longer, and short steps share a turn."""
_WHOLE = 1000
"""The progress bar's value for all of the work."""


class _Carrier(QObject):
    """Carries a result from the pool's thread to the window's."""

    given = Signal(object, object, object)
    """The carrier itself, the result or None, and the exception or None."""


class Background(QObject):
    """Does one piece of work at a time; cancelled work has no effect.

    The steps of the work run in the window's thread, some in each turn of the event loop. A function that the
    work yields runs in a thread of its own, and the work goes on with its result.
    """

    finished = Signal()
    """Emitted after every piece of work, however it ended."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._pool = QThreadPool(self, maxThreadCount=1)
        self._bar: QProgressDialog | None = None
        self._work: Work[Any] | None = None
        self._carrier: _Carrier | None = None
        self._then: Callable[[Any], object] = lambda _: None
        self._failed: Callable[[SeedlabError], object] = lambda _: None
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._take_steps)

    @property
    def is_busy(self) -> bool:
        return self._work is not None

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
            failed(SeedlabError(still_busy_text(self._bar.labelText()), "Wait until that is done, or cancel it."))
            return
        self._work, self._then, self._failed = work, then, failed
        bar = self._bar = QProgressDialog("", "Cancel", 0, _WHOLE, self._window)
        # The name of a file may look like HTML.
        bar.setLabel(QLabel(window_line(title), bar, textFormat=Qt.TextFormat.PlainText))
        bar.setMinimumDuration(SHOWN_AFTER_MS)
        bar.setAutoReset(False)
        bar.setAutoClose(False)
        bar.canceled.connect(self.cancel)
        # This starts the time after which the bar appears.
        bar.setValue(0)
        self._turn.start()

    def cancel(self) -> None:
        """Abandon the work in progress."""
        if self._work is not None:
            work = self._work
            self._end()
            work.close()

    def close(self) -> None:
        """Abandon the work, and wait for the function in the thread, which cannot be interrupted."""
        self.cancel()
        self._pool.waitForDone()

    def _end(self) -> None:
        bar, self._bar = self._bar, None
        self._work = self._carrier = None
        self._turn.stop()
        if bar is not None:
            bar.canceled.disconnect(self.cancel)
            bar.close()
            bar.deleteLater()
        self.finished.emit()

    def _take_steps(self) -> None:
        """Work for one turn of the event loop."""
        until = monotonic() + _TURN_S
        while self._go_on(next):
            if monotonic() >= until:
                self._turn.start()
                return

    def _go_on(self, how: Callable[[Work[Any]], Any]) -> bool:
        """Let the work take one step; return True when the next one may follow at once."""
        assert self._work is not None
        assert self._bar is not None
        then, failed = self._then, self._failed
        try:
            step = how(self._work)
        except StopIteration as end:
            self._end()
            then(end.value)
            return False
        except SeedlabError as error:
            self._end()
            failed(error)
            return False
        except MemoryError:
            self._end()
            failed(SeedlabError("There is not enough memory for that.", "Leave out columns or runs."))
            return False
        except BaseException:
            self._end()
            raise
        if callable(step):
            self._call_beside(step)
            return False
        self._bar.setMaximum(_WHOLE)
        self._bar.setValue(min(round(step * _WHOLE), _WHOLE - 1))
        return True

    def _call_beside(self, function: Callable[[], Any]) -> None:
        assert self._bar is not None
        # A function does not report its progress.
        self._bar.setMaximum(0)
        carrier = self._carrier = _Carrier()
        carrier.given.connect(self._on_given)

        def run() -> None:
            try:
                result = function()
            except BaseException as error:  # noqa: BLE001  # It is raised in the work.
                carrier.given.emit(carrier, None, error)
            else:
                carrier.given.emit(carrier, result, None)

        self._pool.start(run)

    @Slot(object, object, object)
    def _on_given(self, carrier: _Carrier, result: object, error: BaseException | None) -> None:
        if carrier is not self._carrier:
            return
        self._carrier = None
        if self._go_on(lambda work: work.send(result) if error is None else work.throw(error)):
            self._turn.start()
