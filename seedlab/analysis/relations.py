"""What holds between the labels of one run: from call to call, from session to session, from op to op."""

import enum
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping

import msgspec

from seedlab.analysis.labels import label_parts


class RelationKind(enum.Enum):
    """Between which labels of one run a relation holds."""

    CALL_TO_CALL = "from call to call"
    SESSION_TO_SESSION = "from session to session"
    OP_TO_OP = "from op to op"


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """One relation that holds between labels inside each run."""

    kind: RelationKind
    section: str = ""
    """The section of the labels; empty where it is none, or where the relation is between sections."""
    subjects: tuple[str, ...]
    """The names of the ops that it is about; empty where the labels name none."""
    repeats: bool
    """True where all corresponding labels have equal bits in every run."""
    equal: tuple[tuple[str, str], ...]
    """Pairs of labels with equal bits in every run that has all labels: the first such label, and another one."""


def relations_of(labels: Iterable[str], classes: Mapping[str, int], texts: Container[str] = ()) -> Iterable[Relation]:
    """Yield the relations of ``labels``; labels of one class are equal in every run that has all labels.

    That two of the ``texts`` are equal says nothing of their ops: a script may print the same words twice.
    """
    parts = {label: label_parts(label) for label in labels}
    calls: dict[tuple[str, str], list[str]] = defaultdict(list)
    twins: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    members: dict[int, list[str]] = defaultdict(list)
    for label, part in parts.items():
        calls[part.section, part.op].append(label)
        twins[part.op][part.call].append(label)
        if label not in texts:
            members[classes[label]].append(label)

    for (section, op), group in calls.items():
        if len(group) > 1:
            yield _relation(RelationKind.CALL_TO_CALL, section, op, [group], classes)
    for op, by_call in twins.items():
        groups = [group for group in by_call.values() if len({parts[label].section for label in group}) > 1]
        if groups:
            yield _relation(RelationKind.SESSION_TO_SESSION, "", op, groups, classes)
    collisions = [
        (group[0], label) for group in members.values() for label in group if parts[label].op != parts[group[0]].op
    ]
    if collisions:
        ops = dict.fromkeys(parts[label].op for pair in collisions for label in pair)
        yield Relation(
            kind=RelationKind.OP_TO_OP, subjects=tuple(filter(None, ops)), repeats=False, equal=tuple(collisions)
        )


def _relation(
    kind: RelationKind, section: str, op: str, groups: list[list[str]], classes: Mapping[str, int]
) -> Relation:
    """Return the relation that holds among the labels of each group."""
    equal: list[tuple[str, str]] = []
    distinct = 0
    for group in groups:
        first: dict[int, str] = {}
        for label in group:
            if classes[label] in first:
                equal.append((first[classes[label]], label))
            else:
                first[classes[label]] = label
        distinct += len(first)
    return Relation(
        kind=kind,
        section=section,
        subjects=(op,) if op else (),
        repeats=distinct == len(groups),
        equal=tuple(equal),
    )
