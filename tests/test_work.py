"""Work in steps, taken at once."""

from collections.abc import Callable

import pytest

from seedlab.work import Work, finish, one_step


def test_numbers_are_passed_over_and_functions_answered() -> None:
    def work() -> Work[int]:
        yield 0.25
        one: int = yield lambda: 1
        yield 0.75
        two = yield from one_step(lambda: one + 1)
        return one + two

    assert finish(work()) == 3


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_the_work_is_told_that_a_function_failed(error: type[BaseException]) -> None:
    told: list[str] = []

    def work(after: Callable[[], None]) -> Work[str]:
        try:
            yield fail
        except error:
            told.append("failed")
            after()
        finally:
            told.append("cleaned up")
        return "went on"

    def fail() -> None:
        raise error

    assert finish(work(lambda: None)) == "went on"
    assert told == ["failed", "cleaned up"]
    with pytest.raises(error):
        finish(work(fail))
