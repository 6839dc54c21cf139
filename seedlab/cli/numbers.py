"""Numbers as people write them on a command line."""

from seedlab.errors import ChoiceError

_LONGEST_SHOWN = 40


def whole_number(name: str, text: str) -> int:
    """Return the whole number that was given for ``--name``. Raises `ChoiceError`."""
    try:
        return int(text)
    except ValueError:
        shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
        raise ChoiceError(name, f"--{name} must be a whole number, not “{shown}”.", "Use digits only.") from None


def seconds(name: str, text: str) -> float:
    """Return the number of seconds that was given for ``--name``. Raises `ChoiceError`."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise ChoiceError(name, f"--{name} cannot be “{text}”.", "Give a number of seconds above 0.")
    return number
