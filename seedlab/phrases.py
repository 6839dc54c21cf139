"""The few ways in which sentences are made, so that a translation has one place to step in."""

from collections.abc import Sequence

MOST_NAMES = 4
"""The most names in a list; of more it has the first three, and says how many follow."""
_LONGEST_SHOWN = 40
"""The most characters of a text that somebody else wrote."""


def sentence(text: str, /, **parameters: object) -> str:
    """Return ``text``, a whole sentence or phrase, with its named ``parameters`` filled in."""
    return text.format_map(parameters)


def plural(one: str, many: str, count: int, /, **parameters: object) -> str:
    """Return ``one`` where ``count`` is 1, else ``many``, with ``{count}`` and ``parameters`` filled in."""
    return sentence(one if count == 1 else many, count=count, **parameters)


def listed(names: Sequence[str]) -> str:
    """Return ``names`` as a list in a sentence: ``op1``, ``op1 and op2``, ``op1, op2, op3 and 4 more``."""
    if len(names) > MOST_NAMES:
        first = names[: MOST_NAMES - 1]
        return sentence("{names} and {count} more", names=", ".join(first), count=len(names) - len(first))
    if len(names) > 1:
        return sentence("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])
    return "".join(names)


def shortened(text: str) -> str:
    """Return ``text`` as a sentence can hold it: of a long one the beginning."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
