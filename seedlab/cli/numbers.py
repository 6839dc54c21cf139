"""Reads numbers from the command line."""

from seedlab.errors import ChoiceError

_LONGEST_SHOWN = 40


def whole_number(name: str, text: str) -> int:
    """Return the value ``text`` of the option ``--name``. Raise `ChoiceError` when it is no whole number."""
    try:
        return int(text)
    except ValueError:
        shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
        raise ChoiceError(name, f"--{name} must be a whole number, not “{shown}”.", "Use digits only.") from None


def seconds(name: str, text: str) -> float:
    """Return the value ``text`` of the option ``--name``, in seconds.

    Raise `ChoiceError` when it is no number, or not between 0 and 1,000,000, both exclusive.
    """
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise ChoiceError(name, f"--{name} cannot be “{text}”.", "Give a number of seconds above 0.")
    return number
