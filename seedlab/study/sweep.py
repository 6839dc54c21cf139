"""A sweep: one script again and again, each time with another value of one seed, or of two; or as it is."""

import random
import re
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

import msgspec

from seedlab.errors import ChoiceError
from seedlab.phrases import sentence, shortened

MAX_POINTS = 1_000_000
MAX_AXES = 2
LEAST, MOST = -(2**63), 2**63 - 1
"""The range of a seed: what every reader of results can hold."""
_RANDOM_BITS = 31
"""A random seed is below 2**31, which every library takes."""
_RANGE = re.compile(r"(-?[0-9]{1,20})\.\.(-?[0-9]{1,20})")
_RANDOM = re.compile(r"random:([0-9]{1,20})(?::([0-9]{1,20}))?")
_ADVICE = sentence("Give a range such as 0..999, a list such as 1,2,42, or random:500.")


class Seeds(msgspec.Struct, frozen=True):
    """The values that one seed takes."""

    text: str
    """What describes them: ``"0..999"``, ``"1,2,42"``, ``"random:500:0"``."""
    values: Sequence[int]
    """The values, all different."""

    @classmethod
    def of(cls, text: str) -> "Seeds":
        """Return the seeds that a person wrote as ``text``. Raise `ChoiceError` where that is none.

        ``random:N`` are N seeds that Python's generator draws from the seed 0, or S in ``random:N:S``, which is written
        down: the same text has the same seeds.
        """
        if (found := _RANGE.fullmatch(text)) is not None:
            first, last = int(found[1]), int(found[2])
            if last < first:
                raise _wrong(text, sentence("Write the smaller one first: {last}..{first}.", last=last, first=first))
            _check_count(text, last - first + 1)
            values: Sequence[int] = range(first, last + 1)
        elif (found := _RANDOM.fullmatch(text)) is not None:
            count, source = int(found[1]), int(found[2] or 0)
            _check_count(text, count)
            values = random.Random(source).sample(range(2**_RANDOM_BITS), count)  # noqa: S311
            text = f"random:{count}:{source}"
        else:
            words = text.split(",")
            if not all(re.fullmatch(r" *-?[0-9]{1,20} *", word) for word in words):
                raise _wrong(text, _ADVICE)
            values = [int(word) for word in words]
            values = tuple(dict.fromkeys(values))
            _check_count(text, len(values))
        if min(values[0], values[-1]) < LEAST or max(values) > MOST or min(values) < LEAST:
            raise _wrong(text, sentence("A seed is a whole number of at most 64 bits."))
        return cls(text, values)


class Axis(msgspec.Struct, frozen=True):
    """One seed, and the values that it takes."""

    turn: str
    """What is turned, as a person names it: ``"seed=42"``, ``"numpy.random.seed@4"``, or a choice of an experiment."""
    seeds: Seeds


Point = tuple[int, ...]
"""A value for each axis of a sweep; of one without axes, the number of the run."""


class Sweep(msgspec.Struct, frozen=True):
    """What is asked of one script: its axes, or how often it runs as it is."""

    axes: tuple[Axis, ...] = ()
    runs: int = 0
    """The number of runs where nothing is turned."""

    @property
    def count(self) -> int:
        """The number of points."""
        return prod(len(axis.seeds.values) for axis in self.axes) if self.axes else self.runs

    def points(self) -> Iterator[Point]:
        """Yield all points; the last axis changes first."""
        if self.axes:
            yield from product(*(axis.seeds.values for axis in self.axes))
        else:
            yield from ((number,) for number in range(1, self.runs + 1))

    def check(self) -> None:
        """Raise `ChoiceError` where there are too many axes or points, or none."""
        if len(self.axes) > MAX_AXES:
            what = sentence("{count} seeds cannot be turned together.", count=len(self.axes))
            raise ChoiceError(
                "turn", what, sentence("Turn {most} at most; the others stay as they are.", most=MAX_AXES)
            )
        if not 1 <= self.count <= MAX_POINTS:
            what = sentence("A sweep cannot have {count:,} runs.", count=self.count)
            raise ChoiceError("seeds", what, sentence("Choose from 1 to {most:,}.", most=MAX_POINTS))


def _check_count(text: str, count: int) -> None:
    if not 1 <= count <= MAX_POINTS:
        raise _wrong(
            text,
            sentence("That is {count:,} runs; choose from 1 to {most:,}.", count=count, most=MAX_POINTS),
        )


def _wrong(text: str, advice: str) -> ChoiceError:
    return ChoiceError("seeds", sentence("--seeds cannot be “{text}”.", text=shortened(text)), advice)
