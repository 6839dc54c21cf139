"""Requests to end, by real signals, while something is made."""

import os
import signal
import sys
import threading
import weakref

import pytest

from seedlab.cli.interruption import Interruption
from seedlab.engine.engine import interruptions


class Thing:
    """Something that a weak reference can refer to."""


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_a_result_and_an_error_come_as_if_there_was_no_thread() -> None:
    interruption = Interruption()
    assert interruption.result_of(lambda: 3, 1) == 3
    with pytest.raises(ZeroDivisionError):
        interruption.result_of(lambda: 1 // 0, 1)


def test_the_second_request_leaves_what_goes_on_for_ever() -> None:
    interruption, heard, end = Interruption(), threading.Event(), threading.Event()

    def hear(status: int) -> None:
        interruption.press(status)
        heard.set()

    def work() -> None:
        press()
        # Two that come at once would be told as one.
        heard.wait()
        press()
        end.wait()

    with interruptions(hear), pytest.raises(KeyboardInterrupt):
        interruption.result_of(work, 2)
    end.set()
    assert (interruption.times, interruption.status) == (2, 130)


@pytest.mark.timeout(30)
def test_a_request_that_does_not_wake_the_main_thread_is_heard() -> None:
    """As it may come just before that thread begins to wait, or to another thread."""
    interruption, end = Interruption(), threading.Event()

    def work() -> None:
        looks = 0
        while looks < 50:
            # That it is there at each look, while others may run, is as much as can be known of its waiting.
            frame = sys._current_frames()[threading.main_thread().ident or 0]
            looks = looks + 1 if frame.f_code.co_name == "result_of" else 0
            end.wait(0.001)
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        end.wait()

    with interruptions(interruption.press), pytest.raises(KeyboardInterrupt):
        interruption.result_of(work, 1)
    end.set()


def test_requests_before_count() -> None:
    interruption, was_begun = Interruption(), threading.Event()
    with interruptions(interruption.press):
        press()
        with pytest.raises(KeyboardInterrupt):
            interruption.result_of(was_begun.set, 1)


def test_a_request_while_python_lets_go_of_an_object_is_neither_lost_nor_printed() -> None:
    interruption = Interruption()

    def work() -> None:
        thing = Thing()
        reference = weakref.ref(thing, lambda _: press())
        del thing
        assert reference() is None
        threading.Event().wait(60)

    # An exception that is raised in the callback would be a warning, which is an error here.
    with interruptions(interruption.press), pytest.raises(KeyboardInterrupt):
        interruption.result_of(work, 1)
