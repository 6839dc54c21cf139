"""Work done in turns of the event loop, so that the window never waits for it."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot

from seedlab.errors import SeedlabError
from seedlab.phrases import sentence
from seedlab.work import Work

_TURN_S = 0.01
"""The work in one turn of the event loop: a key press waits no longer, and short steps share a turn."""


class _Carrier(QObject):
    """Carries a result from the pool's thread to the window's."""

    given = Signal(object, object, object)
    """The carrier itself, the result or None, and the exception or None."""


class Turns(QObject):
    """Does one piece of work at a time; cancelled work has no effect.

    The steps of the work run in the window's thread, some in each turn of the event loop. A function that the
    work yields runs in a thread of its own, and the work goes on with its result.
    """

    ended = Signal()
    """Emitted after every piece of work, however it ended, before its result is given on."""
    stepped = Signal(float)
    """The share of the work that is done, from 0 to 1; below 0 while it is not known."""

    def __init__(self, parent: QObject, *, pause_ms: int = 0) -> None:
        """Between two turns everything else has ``pause_ms`` milliseconds for itself."""
        super().__init__(parent)
        self._pool = QThreadPool(self, maxThreadCount=1)
        self._work: Work[Any] | None = None
        self._carrier: _Carrier | None = None
        self._then: Callable[[Any], object] = lambda _: None
        self._failed: Callable[[SeedlabError], object] = lambda _: None
        self._turn = QTimer(self, singleShot=True, interval=pause_ms)
        self._turn.timeout.connect(self._take_steps)

    @property
    def is_busy(self) -> bool:
        return self._work is not None

    def start(self, work: Work[Any], then: Callable[[Any], object], failed: Callable[[SeedlabError], object]) -> None:
        """Do ``work``, then call ``then`` with its result, or ``failed`` with the error. It must not be busy."""
        assert self._work is None
        self._work, self._then, self._failed = work, then, failed
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
        self._work = self._carrier = None
        self._turn.stop()
        self.ended.emit()

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
            failed(
                SeedlabError(sentence("There is not enough memory for that."), sentence("Leave out columns or runs."))
            )
            return False
        except BaseException:
            self._end()
            raise
        if callable(step):
            self._call_beside(step)
            return False
        self.stepped.emit(step)
        return True

    def _call_beside(self, function: Callable[[], Any]) -> None:
        # A function does not report its progress.
        self.stepped.emit(-1.0)
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
