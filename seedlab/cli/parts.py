"""Command line options for what of a comparison is written: some of its columns, some of its rows."""

import argparse
from collections.abc import Sequence
from fnmatch import fnmatchcase

import msgspec

from seedlab.analysis.alignment import Alignment
from seedlab.analysis.analyst import Analysis
from seedlab.analysis.labels import label_parts
from seedlab.cli.suggestions import did_you_mean
from seedlab.errors import ChoiceError
from seedlab.export.part import analysing_columns, with_columns
from seedlab.phrases import enumerated, following, listed, sentence
from seedlab.study.lab import Lab
from seedlab.work import finish

_MOST_NAMED = 12
"""The most names that an error lists."""


def add_part_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for what is written to ``parser``."""
    group = parser.add_argument_group(sentence("what is in it"))
    group.add_argument("--columns", metavar="LIST", help=sentence("these columns alone, by number or name: 1,3"))
    group.add_argument(
        "--rows",
        metavar="LIST",
        help=sentence("these draws alone, by label, op or pattern: op1,loss-*; a document has all"),
    )


def check_part(options: argparse.Namespace, *, is_exported: bool) -> None:
    """Raise `ChoiceError` where ``options`` choose what is exported, and nothing is."""
    for name in ("columns", "rows"):
        if getattr(options, name) is not None and not is_exported:
            raise ChoiceError(
                name,
                sentence("--{name} says what is exported, and nothing is.", name=name),
                sentence("Add --export FILE."),
            )


def column_positions(options: argparse.Namespace, names: Sequence[str]) -> list[int]:
    """Return the 0-based positions of the columns that ``--columns`` names; all where it is not given.

    Raise `ChoiceError` where there is no such column.
    """
    if options.columns is None:
        return list(range(len(names)))
    found = []
    for text in _entries("columns", options.columns):
        if text.isdecimal() and 1 <= int(text) <= len(names):
            found.append(int(text) - 1)
        elif text in names:
            found.append(names.index(text))
        else:
            known = listed([f"{number} {name}" for number, name in enumerate(names[:_MOST_NAMED], 1)])
            advice = following(sentence("There are {names}.", names=known), did_you_mean(text, names))
            raise ChoiceError(
                "columns", sentence("--columns names “{text}”, and there is no such column.", text=text), advice
            )
    return list(dict.fromkeys(found))


class Part(msgspec.Struct, frozen=True):
    """What is written: some columns, and some of their rows."""

    lab: Lab
    analysis: Analysis
    """That of all rows of the columns."""
    rows: tuple[str, ...] | None
    """The labels of the rows; None for all."""


def part_of(lab: Lab, analysis: Analysis, options: argparse.Namespace) -> Part:
    """Return the part of ``lab``, whose analysis is ``analysis``, that ``options`` choose.

    Raise `ChoiceError` where there is no such row or column.
    """
    if options.columns is not None:
        lab = with_columns(lab, column_positions(options, [column.name for column in lab.columns]))
        analysis = finish(analysing_columns(lab, analysis))
    rows = None if options.rows is None else _labels(options.rows, analysis.alignment)
    if options.columns is not None or rows is not None:
        # They are those of what is in view, and scenes have others.
        lab = msgspec.structs.replace(lab, scenes=())
    return Part(lab, analysis, rows)


def _labels(text: str, alignment: Alignment) -> tuple[str, ...]:
    """Return the labels of the rows that ``text`` names."""
    found: set[str] = set()
    for pattern in _entries("rows", text):
        matching = {
            label
            for label, names in zip(alignment.labels, alignment.names, strict=True)
            if any(
                each == pattern or fnmatchcase(each, pattern) for name in names for each in (name, label_parts(name).op)
            )
        }
        if not matching:
            labels = alignment.labels
            if len(labels) > _MOST_NAMED:
                known = sentence("There are {names} and more.", names=enumerated(labels[:_MOST_NAMED]))
            else:
                known = sentence("There are {names}.", names=listed(labels))
            advice = following(known, did_you_mean(pattern, labels))
            raise ChoiceError(
                "rows", sentence("--rows names “{pattern}”, and there is no such draw.", pattern=pattern), advice
            )
        found |= matching
    return tuple(label for label in alignment.labels if label in found)


def _entries(option: str, text: str) -> list[str]:
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    if not entries:
        raise ChoiceError(
            option,
            sentence("--{option} names nothing.", option=option),
            sentence("Give names with commas between them."),
        )
    return entries
