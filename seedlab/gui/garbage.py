"""Garbage is collected in the window's thread alone."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1_000


class GarbageCollector(QObject):
    """Collects garbage now and then, in the thread that it is made in, instead of Python wherever it allocates.

    Python would also collect in the threads of the engine and of the analysis, and a widget or a drawing that is part
    of a cycle and ends in another thread than Qt's crashes the program.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due by Python's own thresholds."""
        due = [
            n for n, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > most
        ]
        if due:
            gc.collect(due[-1])

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
        self.deleteLater()


@contextmanager
def collecting(parent: QObject) -> Iterator[None]:
    """Collect garbage in this thread alone while the block lasts."""
    collector = GarbageCollector(parent)
    try:
        yield
    finally:
        collector.close()
