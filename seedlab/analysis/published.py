"""Whether a draw equals what the article printed, and why where it does not."""

import enum
import re
from decimal import Decimal

import msgspec
import numpy as np

from seedlab.analysis.explanation import Explanation
from seedlab.analysis.labels import label_parts
from seedlab.libraries.presets import Published
from seedlab.results.run import Draw, Run
from seedlab.results.trace import Use


class Match(enum.Enum):
    """How a draw stands to the published one."""

    EQUAL = "equal"
    LAST_BIT = "equal but for the last bit"
    DIFFERENT = "different"
    NOTHING_TO_EQUAL = "nothing to equal"


class PublishedMatch(msgspec.Struct, frozen=True):
    """Of one draw."""

    label: str
    match: Match
    sentence: str


def compare_published(
    run: Run, published: Published, explanations: tuple[Explanation, ...]
) -> tuple[PublishedMatch, ...]:
    """For each draw of ``run``: does it equal the printed one, to the printed digits?"""
    told = {explanation.label: explanation for explanation in explanations}
    return tuple(_match(draw, run, published, told.get(draw.label)) for draw in run.draws)


def _match(draw: Draw, run: Run, published: Published, told: Explanation | None) -> PublishedMatch:
    decimals = published.fixed(draw.label)
    if decimals is None:
        known = any(draw.label in printed for printed in published.runs)
        why = "The article's own runs differ here." if known else "The article has no such draw."
        return PublishedMatch(draw.label, Match.NOTHING_TO_EQUAL, why)
    if equals_to_printed_digits(draw, decimals):
        return PublishedMatch(draw.label, Match.EQUAL, "Equals the article to every printed digit.")
    if equals_but_for_last_bit(draw, decimals):
        # BoxMullerFloat, tensorflow/core/lib/random/random_distributions.h: logarithm, root, sine and cosine.
        why = "Equals the article but for the last bit of float32, as another machine may round its normal draws."
        return PublishedMatch(draw.label, Match.LAST_BIT, why)
    return PublishedMatch(draw.label, Match.DIFFERENT, _why_different(draw, run, published, told))


def equals_to_printed_digits(draw: Draw, decimals: tuple[Decimal, ...]) -> bool:
    """Whether each value of ``draw``, rounded to as many places as were printed, is the printed one."""
    values = draw.array.ravel()
    if len(values) != len(decimals):
        return False
    return bool(np.isfinite(values).all()) and all(
        abs(Decimal(float(value)) - printed) <= Decimal(1).scaleb(_exponent(printed)) / 2
        for value, printed in zip(values, decimals, strict=True)
    )


def equals_but_for_last_bit(draw: Draw, decimals: tuple[Decimal, ...]) -> bool:
    """Whether each float32 of ``draw`` is the printed one or a neighbour of it."""
    values = draw.array.ravel()
    if draw.dtype != "float32" or len(values) != len(decimals):
        return False
    printed = np.array([float(decimal) for decimal in decimals], np.float32)
    infinity = np.float32(np.inf)
    near = (values == printed) | (values == np.nextafter(printed, infinity))
    return bool((near | (values == np.nextafter(printed, -infinity))).all())


def _exponent(decimal: Decimal) -> int:
    exponent = decimal.as_tuple().exponent
    assert isinstance(exponent, int), "the article printed finite numbers only"
    return exponent


def _why_different(draw: Draw, run: Run, published: Published, told: Explanation | None) -> str:
    op = label_parts(draw.label).op
    there = published.seeds.get(op)
    lines = told.lines if told is not None else ()
    here = next((event.seeds for event in reversed(run.trace) if isinstance(event, Use) and event.line in lines), None)
    if there is None or here is None:
        return "Differs from the article; the seeds on one of the sides are not known."
    if there == here:
        return "Differs from the article, with the same seeds: this version of the library draws other values."
    start = f"Differs from the article: {op} got the pair {here} here, and {there} there. "
    if there[0] == here[0] and re.fullmatch(r"op\d+", op):
        # random_seed.py: graph._last_id up to TensorFlow 2.1, _graph_to_seed_dict from 2.2 on.
        return start + (
            "Up to TensorFlow 2.1 an op without a seed of its own took the graph's number of operations so far; "
            "from 2.2 on it takes the number of such random ops so far, 0, 1, 2, …, and (0, 0) becomes (0, 2147483647)."
        )
    return start + "Other seeds, other values."
