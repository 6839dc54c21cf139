"""Work that takes a while: how far it is, and a way out at every step."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Work: TypeAlias = Generator[float | Callable[[], Any], Any, T]
"""A generator that returns what the work is for.

It yields numbers, the share that is done, from 0 to 1; and functions, which may be called in any thread, and whose
result is sent back. Closing it is the way out.
"""


def one_step(function: Callable[[], T]) -> Work[T]:
    """Return the work whose only step is to call ``function``."""
    result: T = yield function
    return result


def within(work: Work[T], begin: float, share: float) -> Work[T]:
    """Return ``work`` as a part of some other: it begins at ``begin`` and has ``share`` of the whole, from 0 to 1."""
    with closing(work):
        try:
            step = next(work)
            while True:
                step = work.send((yield step if callable(step) else begin + share * step))
        except StopIteration as end:
            value: T = end.value
            return value


def finish(work: Work[T], check: Callable[[], object] = lambda: None) -> T:
    """Do all of ``work`` here and now, and return its result.

    ``check`` is called before each step; an exception that it raises leaves the rest undone.
    """
    # Closed also by an interruption between two steps: a painter is not to outlive what it paints on.
    with closing(work):
        try:
            check()
            step = next(work)
            while True:
                check()
                step = _answer(work, step) if callable(step) else next(work)
        except StopIteration as end:
            value: T = end.value
            return value


def _answer(work: Work[T], function: Callable[[], Any]) -> float | Callable[[], Any]:
    try:
        result = function()
    except BaseException as error:  # noqa: BLE001  # The work itself is to handle it.
        return work.throw(error)
    return work.send(result)
