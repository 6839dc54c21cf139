"""A thread for what takes long beside the window: of what is asked for one place, the newest alone counts."""

import threading
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QCoreApplication, QThread, Signal, Slot

from seedlab.gui.short_turns import short_turns


class Asked(msgspec.Struct, frozen=True, eq=False):
    """One thing that was asked for."""

    place: object
    """What a newer one replaces it for."""
    function: Callable[[], object]
    """It holds values alone: a widget must not end in another thread."""


class LatestThread(QThread):
    """Calls functions one after the other. Call its methods from the window's thread only."""

    answered = Signal(object, object)
    """What was `Asked`, and its result, or the exception that ended it: the window raises it, where it is reported."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("distributions")
        self._changed = threading.Condition()
        self._waiting: dict[object, Asked] = {}
        self._is_closed = False
        application = QCoreApplication.instance()
        if application is not None:
            # The thread has to end even when no window is closed before.
            application.aboutToQuit.connect(self.close)

    def ask(self, place: object, function: Callable[[], object]) -> Asked:
        """Ask for the result of ``function``; what is waiting for the same ``place`` is dropped."""
        asked = Asked(place, function)
        with self._changed:
            self._waiting[place] = asked
            self._changed.notify()
        # Started only now: a window in which nobody looks closer has no thread to end.
        if not self._is_closed and not self.isRunning():
            self.start()
        return asked

    @Slot()
    def close(self) -> None:
        """End the thread after the function in progress. It is safe to call this twice, or before anything is asked."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        """Call what is asked for until `close`: the thread's body."""
        while (asked := self._next()) is not None:
            result: object
            try:
                with short_turns():
                    result = asked.function()
            except Exception as error:  # noqa: BLE001  # The window raises it.
                result = error
            self.answered.emit(asked, result)
            del asked, result

    def _next(self) -> Asked | None:
        """Wait for something that is asked; return None once the thread is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or bool(self._waiting))
            if self._is_closed:
                return None
            return self._waiting.pop(next(iter(self._waiting)))
