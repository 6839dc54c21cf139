"""Work in steps, for whoever shows how far it is and offers a way out between them."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Steps: TypeAlias = Generator[float | Callable[[], Any], Any, T]
"""Yields numbers, the share that is done, 0 to 1; and functions, which may be called in any thread, and whose
result is sent back. Returns what the work is for. Closing it is the way out.
"""


def beside(function: Callable[[], T]) -> Steps[T]:
    """The single step of calling ``function``."""
    result: T = yield function
    return result


def take_all(steps: Steps[T]) -> T:
    """Take every step here and now."""
    # Closed also by an interruption between two steps: a painter is not to outlive what it paints on.
    with closing(steps):
        try:
            step = next(steps)
            while True:
                step = _answer(steps, step) if callable(step) else next(steps)
        except StopIteration as end:
            value: T = end.value
            return value


def _answer(steps: Steps[T], function: Callable[[], Any]) -> float | Callable[[], Any]:
    try:
        result = function()
    except BaseException as error:  # noqa: BLE001  # The work itself is told.
        return steps.throw(error)
    return steps.send(result)
