"""The words for the rows and relations of a comparison."""

from seedlab.analysis.relations import Relation, RelationKind
from seedlab.analysis.rows import Row, Verdict
from seedlab.messages.findings import finding_text
from seedlab.messages.runs import run_numbers
from seedlab.phrases import clauses, enumerated, listed, noted, plural, sentence

_VERDICTS = {
    Verdict.REPEATS: noted("repeats"),
    Verdict.DIFFERS: noted("{distinct} different in {runs} runs"),
    Verdict.ONE_RUN: noted("one run"),
    Verdict.NOT_COMPARABLE: noted("not comparable"),
}
_SMALL = 1e-3
"""A difference is worth a remark only where it is below this."""
_MOST_PAIRS = 6


def verdict_text(row: Row) -> str:
    """Return the verdict in a few words."""
    if row.verdict is Verdict.DIFFERS and row.distinct == row.runs:
        return differs_text(row.runs)
    return sentence(_VERDICTS[row.verdict], distinct=row.distinct, runs=row.runs)


def differs_text(runs: int) -> str:
    """Return the verdict on a draw that differs in each of so many ``runs``."""
    return sentence("{runs} of {runs} differ", runs=runs)


def remark_text(row: Row) -> str:
    """Return the remarks that go beside the verdict; may be empty."""
    remarks = [] if row.mismatch is None else [finding_text(row.mismatch)]
    if row.missing:
        runs = run_numbers(row.missing_in, row.missing)
        remarks.append(plural("missing in run {runs}", "missing in runs {runs}", row.missing, runs=runs))
    if row.same_values_reordered:
        remarks.append(sentence("same values in another order"))
    elif row.text is not None:
        remarks.append(finding_text(row.text))
    elif row.largest_difference is not None and row.largest_difference < _SMALL:
        remarks.append(sentence("largest difference {difference:.3g}", difference=row.largest_difference))
    return clauses(remarks)


_REPEATS = {
    RelationKind.CALL_TO_CALL: (noted("{subject} repeats from call to call."), noted("Repeats from call to call.")),
    RelationKind.SESSION_TO_SESSION: (
        noted("{subject} repeats from session to session."),
        noted("Repeats from session to session."),
    ),
    RelationKind.OP_TO_OP: (noted("{subject} repeat from op to op."), noted("Repeats from op to op.")),
}
_DIFFERS = {
    RelationKind.CALL_TO_CALL: (noted("{subject} differs from call to call."), noted("Differs from call to call.")),
    RelationKind.SESSION_TO_SESSION: (
        noted("{subject} differs from session to session."),
        noted("Differs from session to session."),
    ),
    RelationKind.OP_TO_OP: (noted("{subject} differ from op to op."), noted("Differs from op to op.")),
}
_PARTLY = {
    RelationKind.CALL_TO_CALL: (
        noted("{subject} partly repeats from call to call: {pairs}."),
        noted("Partly repeats from call to call: {pairs}."),
    ),
    RelationKind.SESSION_TO_SESSION: (
        noted("{subject} partly repeats from session to session: {pairs}."),
        noted("Partly repeats from session to session: {pairs}."),
    ),
    RelationKind.OP_TO_OP: (noted("Equal from op to op: {pairs}."), noted("Equal from op to op: {pairs}.")),
}
"""For each kind the sentence with a subject, and the one without."""


def relation_text(relation: Relation) -> str:
    """Return ``relation`` as a sentence."""
    table = _REPEATS if relation.repeats else _PARTLY if relation.equal else _DIFFERS
    with_subject, without = table[relation.kind]
    subject = _subject(relation)
    return sentence(with_subject if subject else without, subject=subject, pairs=_pairs(relation.equal))


def _subject(relation: Relation) -> str:
    """Return the ops of ``relation`` as its labels name them; empty where they name none."""
    ops = listed(relation.subjects)
    return "/".join(filter(None, (relation.section, ops)))


def _pairs(equal: tuple[tuple[str, str], ...]) -> str:
    pairs = enumerated([f"{second} = {first}" for first, second in equal[:_MOST_PAIRS]])
    hidden = len(equal) - _MOST_PAIRS
    return sentence("{pairs} and {count} more", pairs=pairs, count=hidden) if hidden > 0 else pairs
