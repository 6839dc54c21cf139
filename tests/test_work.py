"""Work in steps, taken at once."""

from collections.abc import Callable

import pytest

from seedlab.work import Steps, beside, take_all


def test_numbers_are_passed_over_and_functions_answered() -> None:
    def work() -> Steps[int]:
        yield 0.25
        one: int = yield lambda: 1
        yield 0.75
        two = yield from beside(lambda: one + 1)
        return one + two

    assert take_all(work()) == 3


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_the_work_is_told_that_a_function_failed(error: type[BaseException]) -> None:
    told: list[str] = []

    def work(after: Callable[[], None]) -> Steps[str]:
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

    assert take_all(work(lambda: None)) == "went on"
    assert told == ["failed", "cleaned up"]
    with pytest.raises(error):
        take_all(work(fail))
