"""Reads numbers from the command line."""

from seedlab.errors import ChoiceError
from seedlab.phrases import sentence, shortened
from seedlab.session.settings import MAX_TIMEOUT_S
from seedlab.study.controls import not_whole


def whole_number(name: str, text: str) -> int:
    """Return the value ``text`` of the option ``--name``. Raise `ChoiceError` when it is no whole number."""
    try:
        return int(text)
    except ValueError:
        raise not_whole(name, f"--{name}", text) from None


def seconds(name: str, text: str) -> float:
    """Return the value ``text`` of the option ``--name``, in seconds.

    Raise `ChoiceError` when it is no number, not above 0, or longer than a timeout can be.
    """
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= MAX_TIMEOUT_S:
        advice = sentence("Give a number of seconds above 0, at most {most}.", most=MAX_TIMEOUT_S)
        raise ChoiceError(name, sentence("--{name} cannot be “{text}”.", name=name, text=shortened(text)), advice)
    return number
