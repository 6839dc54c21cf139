"""How the time of some work grows with its size."""

import gc
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

_Size = TypeVar("_Size")


def assert_grows_gently(work: Callable[[_Size], object], small: _Size, large: _Size) -> None:
    """Assert that ``large``, four times ``small``, takes less than eight times as long, in one of three tries."""
    assert_seconds_grow_gently(partial(_seconds, work), small, large)


def assert_seconds_grow_gently(seconds: Callable[[_Size], float], small: _Size, large: _Size) -> None:
    """Assert it of work that says itself how long it took."""
    found: list[float] = []
    while len(found) < 3 and min(found, default=8.0) >= 8:
        found.append(seconds(large) / seconds(small))
    assert min(found) < 8, f"four times the size took {found} times as long"


def _seconds(work: Callable[[_Size], object], size: _Size) -> float:
    gc.collect()
    start = time.process_time()
    work(size)
    return time.process_time() - start
