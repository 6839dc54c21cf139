"""Work that takes a while, beside the window: with a progress bar and a way out once it takes longer."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from seedlab.errors import SeedlabError

SHOWN_AFTER_MS = 500
_STEPS = 1000


class _Reports(QObject):
    """Crosses from the pool's thread to the window's."""

    ended = Signal(object, object)
    """Result, or None; `SeedlabError`, or None."""


class Background(QObject):
    """One piece of work at a time; what was cancelled comes to nothing.

    Work is a function, which runs in a thread of its own, or an iterator of shares done, whose steps run in
    the window's thread, one a turn of the event loop: for what only that thread may do.
    """

    finished = Signal()
    """After every piece of work, however it ended."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._pool = QThreadPool(self, maxThreadCount=1)
        self._bar: QProgressDialog | None = None
        self._steps: Iterator[float] | None = None
        self._reports: _Reports | None = None
        self._then: Callable[[Any], object] = lambda _: None
        self._failed: Callable[[SeedlabError], object] = lambda _: None
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._on_turn)

    @property
    def is_busy(self) -> bool:
        return self._bar is not None

    def work(
        self,
        title: str,
        function: Callable[[], Any],
        then: Callable[[Any], object],
        failed: Callable[[SeedlabError], object],
    ) -> bool:
        """Call ``function`` in a thread, then ``then`` with its result, or ``failed``.

        False while other work goes on.
        """
        if not self._begin(title, then, failed, steps=0):
            return False
        reports = self._reports = _Reports()
        reports.ended.connect(lambda result, error, of=reports: self._on_ended(of, result, error))

        def run() -> None:
            try:
                reports.ended.emit(function(), None)
            except SeedlabError as error:
                reports.ended.emit(None, error)
            except MemoryError:
                text = "There is not enough memory for that."
                reports.ended.emit(None, SeedlabError(text, "Leave out columns or runs."))

        self._pool.start(run)
        return True

    def step_through(
        self,
        title: str,
        steps: Iterator[float],
        then: Callable[[Any], object],
        failed: Callable[[SeedlabError], object],
    ) -> bool:
        """Take ``steps``, then call ``then`` with None; False while other work goes on."""
        if not self._begin(title, then, failed, steps=_STEPS):
            return False
        self._steps = steps
        self._turn.start()
        return True

    def cancel(self) -> None:
        """Forget the work that goes on."""
        if self.is_busy:
            self._end()

    def close(self) -> None:
        """Forget the work, and wait for the thread, whose function ends at its own pace."""
        self.cancel()
        self._pool.waitForDone()

    def _begin(
        self, title: str, then: Callable[[Any], object], failed: Callable[[SeedlabError], object], *, steps: int
    ) -> bool:
        if self.is_busy:
            return False
        self._then, self._failed = then, failed
        bar = self._bar = QProgressDialog(title, "Cancel", 0, steps, self._window)
        bar.setMinimumDuration(SHOWN_AFTER_MS)
        bar.setAutoReset(False)
        bar.setAutoClose(False)
        bar.canceled.connect(self.cancel)
        # Begins the time after which it is shown.
        bar.setValue(0)
        return True

    def _end(self) -> None:
        bar, self._bar = self._bar, None
        self._steps = self._reports = None
        self._turn.stop()
        if bar is not None:
            bar.canceled.disconnect(self.cancel)
            bar.close()
            bar.deleteLater()
        self.finished.emit()

    def _on_ended(self, of: _Reports, result: object, error: SeedlabError | None) -> None:
        if of is not self._reports:
            return
        then, failed = self._then, self._failed
        self._end()
        if error is not None:
            failed(error)
        else:
            then(result)

    def _on_turn(self) -> None:
        if self._steps is None or self._bar is None:
            return
        then, failed = self._then, self._failed
        try:
            share = next(self._steps, None)
        except SeedlabError as error:
            self._end()
            failed(error)
            return
        if share is None:
            self._end()
            then(None)
        else:
            self._bar.setValue(min(round(share * _STEPS), _STEPS - 1))
            self._turn.start()
