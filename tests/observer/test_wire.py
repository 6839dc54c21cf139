"""Writing frames: bounded, and whole whatever comes between."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from seedlab.engine.protocol import Report
from seedlab.observer.wire import Writer

# More than a pipe holds: writing it waits for the reader.
BIG = b"x" * 2**21
DRAWN = {"event": "draw", "line": 1, "label": "x", "dtype": "uint8", "shape": [len(BIG)]}
RAISED = {"event": "raised", "line": 2, "error": "E"}


class Reader:
    """Reads the pipe that it makes from the moment at which ``begin`` is set."""

    def __init__(self) -> None:
        self.report = Report()
        self.begin = threading.Event()
        self._reading, self.writing = os.pipe()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        self.begin.wait()
        while data := os.read(self._reading, 65_536):
            self.report.add(data)

    def read_to_the_end(self) -> Report:
        self.begin.set()
        os.close(self.writing)
        self._thread.join()
        os.close(self._reading)
        return self.report


@pytest.fixture
def restored_alarm() -> Iterator[None]:
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("restored_alarm")
def test_what_a_signal_handler_reports_waits_for_the_frame_that_it_interrupts() -> None:
    reader = Reader()
    writer = Writer(reader.writing)

    def report_more(*_: object) -> None:
        writer.write(RAISED)
        reader.begin.set()

    signal.signal(signal.SIGALRM, report_more)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    writer.write(DRAWN, memoryview(BIG))
    writer.write(DRAWN, memoryview(BIG))
    report = reader.read_to_the_end()
    assert (len(report.draws), report.error, report.notes) == (2, "line 2: E", [])


@pytest.mark.usefixtures("restored_alarm")
def test_after_half_a_frame_nothing_is_written() -> None:
    reader = Reader()
    writer = Writer(reader.writing)

    def interrupt(*_: object) -> None:
        reader.begin.set()
        raise TimeoutError

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    writer.write(RAISED)
    with pytest.raises(TimeoutError):
        writer.write(DRAWN, memoryview(BIG))
    writer.write(DRAWN, memoryview(BIG))
    report = reader.read_to_the_end()
    assert (report.draws, report.error, report.notes) == ((), "line 2: E", [])


def test_a_report_that_grows_too_long_is_cut_and_says_so() -> None:
    reading, writing = os.pipe()
    writer = Writer(writing, max_bytes=700)
    for number in range(20):
        writer.write({"event": "raised", "line": 1, "error": f"{number}" * 30})
    os.close(writing)
    report = Report()
    report.add(os.read(reading, 10_000))
    os.close(reading)
    assert report.notes == ["the script printed more values than are kept; the later ones are missing"]
    assert report.error.startswith("line 1: ")
