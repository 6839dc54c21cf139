"""Compares draws with what the article printed, and finds the reason where they differ."""

import enum
import re
from decimal import Decimal

import msgspec
import numpy as np

from seedlab.analysis.explanation import Explanation
from seedlab.analysis.labels import label_parts
from seedlab.evidence.finding import Finding
from seedlab.evidence.trace_index import line_of
from seedlab.libraries.article import Published, SeedPair
from seedlab.results.run import Draw, Run
from seedlab.results.trace import Use


class Match(enum.Enum):
    """How a draw compares with the published one."""

    EQUAL = "equal"
    LAST_BIT = "equal but for the last bit"
    DIFFERENT = "different"
    NOTHING_TO_EQUAL = "nothing to equal"


class PublishedMatch(msgspec.Struct, frozen=True):
    """How one draw compares with the published one, and why."""

    label: str
    match: Match
    finding: Finding


def compare_published(
    run: Run, published: Published, explanations: tuple[Explanation, ...]
) -> tuple[PublishedMatch, ...]:
    """Return how each draw of ``run`` compares with the printed one, to the printed digits."""
    lines = {explanation.label: explanation.lines for explanation in explanations}
    pairs: dict[int, SeedPair] = {}
    for event in run.trace:
        line = line_of(event)
        if isinstance(event, Use) and line is not None:
            # Only the last use of a line counts, also for the order: a dict keeps the order of first insertion.
            pairs.pop(line, None)
            pairs[line] = event.seeds
    order = {line: number for number, line in enumerate(pairs)}

    def pair_of(label: str) -> SeedPair | None:
        used = [line for line in lines.get(label, ()) if line in pairs]
        return pairs[max(used, key=lambda line: order[line])] if used else None

    return tuple(_match(draw, published, pair_of(draw.label)) for draw in run.draws if not draw.is_text)


def _match(draw: Draw, published: Published, here: SeedPair | None) -> PublishedMatch:
    decimals = published.fixed(draw.label)
    if decimals is None:
        is_known = any(draw.label in printed for printed in published.runs)
        code = "article.own-runs-differ" if is_known else "article.no-such-draw"
        return PublishedMatch(draw.label, Match.NOTHING_TO_EQUAL, Finding.of(code))
    if equals_to_printed_digits(draw, decimals):
        return PublishedMatch(draw.label, Match.EQUAL, Finding.of("article.equal"))
    if equals_but_for_last_bit(draw, decimals):
        # BoxMullerFloat, tensorflow/core/lib/random/random_distributions.h: logarithm, root, sine and cosine.
        return PublishedMatch(draw.label, Match.LAST_BIT, Finding.of("article.last-bit"))
    op = label_parts(draw.label).op
    return PublishedMatch(draw.label, Match.DIFFERENT, _why_different(op, here, published.seeds.get(op)))


def equals_to_printed_digits(draw: Draw, decimals: tuple[Decimal, ...]) -> bool:
    """Return True where each value of ``draw``, rounded to as many places as were printed, is the printed one."""
    values = draw.array.ravel()
    if len(values) != len(decimals):
        return False
    return bool(np.isfinite(values).all()) and all(
        abs(Decimal(float(value)) - printed) <= Decimal(1).scaleb(_exponent(printed)) / 2
        for value, printed in zip(values, decimals, strict=True)
    )


def equals_but_for_last_bit(draw: Draw, decimals: tuple[Decimal, ...]) -> bool:
    """Return True where each float32 of ``draw`` is the printed one or a neighbour of it."""
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


def _why_different(op: str, here: SeedPair | None, there: SeedPair | None) -> Finding:
    if there is None or here is None:
        return Finding.of("article.unknown-seeds")
    if there == here:
        return Finding.of("article.same-seeds")
    # random_seed.py: graph._last_id up to TensorFlow 2.1, _graph_to_seed_dict from 2.2 on.
    is_numbering = there[0] == here[0] and re.fullmatch(r"op\d+", op) is not None
    code = "article.other-numbering" if is_numbering else "article.other-seeds"
    return Finding.of(code, op=op, here=here, there=there)
