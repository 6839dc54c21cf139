"""The parts of a label: ``session1/op1-2`` is the second call of op1 in session1."""

import re

import msgspec


class LabelParts(msgspec.Struct, frozen=True):
    """``session1/op1-2`` is section ``session1``, op ``op1``, call 2; ``4`` is call 4 of an unnamed op."""

    section: str
    op: str
    call: int


def label_parts(label: str) -> LabelParts:
    """Return the parts of ``label``; a label without a call is call 1 of the op of that name."""
    section, _, name = label.rpartition("/")
    match = re.fullmatch(r"(?:(?P<op>.*?)(?: #|-))?(?P<call>\d{1,9})", name)
    if match is None:
        return LabelParts(section, name, 1)
    return LabelParts(section, match["op"] or "", int(match["call"]))
