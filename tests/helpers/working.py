"""Taking work step by step."""

from collections.abc import Callable, Iterator
from typing import Any

from seedlab.work import Work


def steps_of(steps: Work[Any]) -> Iterator[float | Callable[[], Any]]:
    """Each step of ``steps``; a function is called, and answered, before the step that follows."""
    answer = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration:
            return
        yield step
        answer = step() if callable(step) else None
