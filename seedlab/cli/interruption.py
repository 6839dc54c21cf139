"""Ctrl+C, and the other ways to ask for the end, while a command makes and writes results."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

_Result = TypeVar("_Result")
_WORK = "work that can be left to itself"
_LOOK_AGAIN_S = 0.1


class Interruption:
    """Counts how often the end was asked for: what is to end asks for the count, or is called.

    `press` is for `Platform.interruptions`, which calls it in the main thread, between any two instructions.
    """

    def __init__(self) -> None:
        self.times = 0
        self.status = 0
        """The exit status that the first request asks for."""
        self._callback: Callable[[], object] | None = None
        self._raises_at: int | None = None

    def press(self, status: int) -> None:
        """Count one more request, which asks for an exit status, and do what the innermost block says."""
        self.times += 1
        self.status = self.status or status
        if self._raises_at is not None and self.times >= self._raises_at:
            # Only once: what cleans up as the exception passes is not to be interrupted again.
            self._raises_at = None
            raise KeyboardInterrupt
        if self._callback is not None:
            self._callback()

    def check(self, times: int) -> None:
        """Raise KeyboardInterrupt when the end was asked for at least ``times`` times."""
        if self.times >= times:
            raise KeyboardInterrupt

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        """Call ``callback`` at each request while the block lasts, and at once when there was one before."""
        self._callback = callback
        try:
            if self.times:
                callback()
            yield
        finally:
            self._callback = None

    def result_of(self, work: Callable[[], _Result], times: int) -> _Result:
        """Return what ``work`` returns, which has a thread to itself.

        Raise KeyboardInterrupt when the request number ``times``, or a later one, comes before; then the thread is left
        to itself. Nothing is raised in the midst of the work: Python prints, and then forgets, what is raised where it
        lets go of a module's lock or of an object.
        """
        made: Future[_Result] = Future()
        # Its `put` may be called by a signal's handler, whatever this thread is doing.
        news: SimpleQueue[None] = SimpleQueue()

        def make() -> None:
            try:
                made.set_result(work())
            except BaseException as error:  # noqa: BLE001  # It is raised where the result is asked for.
                made.set_exception(error)
            news.put(None)

        self.check(times)
        with self.calling(lambda: news.put(None)):
            threading.Thread(target=make, name=_WORK, daemon=True).start()
            while not made.done():
                # A signal does not end a wait that began just after it, nor one that another thread has got.
                with suppress(Empty):
                    news.get(timeout=_LOOK_AGAIN_S)
                self.check(times)
        return made.result()

    @contextmanager
    def raising(self, times: int) -> Iterator[None]:
        """Raise KeyboardInterrupt in the block when the request number ``times``, or a later one, comes.

        That is only for a block that calls nothing which would keep the exception to itself, as Qt does, and imports.
        """
        self._raises_at = times
        try:
            yield
        finally:
            self._raises_at = None


def is_work_left() -> bool:
    """Return True while work goes on that was left to itself: it may hold what Python waits for as it ends."""
    return any(thread.name == _WORK for thread in threading.enumerate())
