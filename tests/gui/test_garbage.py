"""Garbage is collected in the window's thread, whoever makes it."""

import gc
import threading
import weakref

from PySide6.QtWidgets import QApplication

from seedlab.gui.garbage import GarbageCollector


class Knot:
    """Part of a cycle with itself."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_that_another_thread_leaves_ends_in_the_windows_thread(qapp: QApplication) -> None:
    ended_in: list[threading.Thread] = []
    gc.collect()
    collector = GarbageCollector(qapp)

    def work() -> None:
        knots = [Knot() for _ in range(20_000)]
        weakref.finalize(knots[0], lambda: ended_in.append(threading.current_thread()))
        knots.clear()
        # Whoever allocates that much would collect.
        assert len([[number] for number in range(200_000)]) == 200_000

    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert ended_in == []
        collector.collect()
        # Young garbage survives one collection at most.
        gc.collect()
        assert ended_in == [threading.current_thread()]
    finally:
        collector.close()
    assert gc.isenabled()
