"""Writes a comparison as tables: CSV for a spreadsheet, Markdown for an issue or an article."""

import csv
import io
import itertools
import math
import re
from collections.abc import Iterator, Sequence

from seedlab.analysis.analyst import Analysis, ColumnAnalysis
from seedlab.analysis.fingerprints import Fingerprints
from seedlab.documents.draw_values import json_values
from seedlab.export.comparison_table import ABSENT, Value, heads_of, lines_of
from seedlab.export.provenance import caption
from seedlab.messages.findings import grouped_text
from seedlab.messages.fixes import (
    column_headline,
    fix_title,
    folder_text,
    no_fix_text,
    proof_text,
    settings_text,
    trial_text,
)
from seedlab.messages.headlines import HeadlineText, headline_text
from seedlab.messages.notes import MarkedLine, marked_lines
from seedlab.messages.rows import relation_text
from seedlab.messages.runs import problem_text
from seedlab.phrases import sentence
from seedlab.plain_text import csv_cell, markdown_code, markdown_text, tsv_cell
from seedlab.results.influence import Influence
from seedlab.results.run import Draw
from seedlab.study.lab import Column, Lab
from seedlab.study.script import Script


def to_csv(lab: Lab) -> bytes:
    """Return CSV in UTF-8, with a head and a row for each element of each draw of each run.

    An element's bits are in hexadecimal, most significant digit first; a text is one element, without bits. A run
    that drew nothing has one row with its outcome. Names and texts are written as `csv_cell` makes them, so that no
    spreadsheet takes one for a formula.
    """
    return csv_head(lab, None)


def csv_head(lab: Lab, lines: int | None) -> bytes:
    """Return the first ``lines`` rows of `to_csv`; all for None."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(itertools.islice(_csv_rows(lab), lines))
    return text.getvalue().encode()


def _csv_rows(lab: Lab) -> Iterator[list[object]]:
    yield ["column", "experiment", "run", "outcome", "draw", "element", "dtype", "value", "bits"]
    for number, column in enumerate(lab.columns, 1):
        name = csv_cell(column.name)
        for run in column.runs:
            about = [number, name, run.index, run.outcome.value]
            # There may be very many draws without elements, and looking at the values of each would take long.
            drawn = [draw for draw in run.draws if math.prod(draw.shape)]
            if not drawn:
                yield [*about, "", "", "", "", ""]
            for draw in drawn:
                label = csv_cell(draw.label)
                if draw.is_text:
                    yield [*about, label, 0, draw.dtype, csv_cell(draw.text), ""]
                    continue
                for element, (value, bits) in enumerate(zip(_elements(draw), _bits(draw), strict=True)):
                    yield [*about, label, element, draw.dtype, value, bits]


def _elements(draw: Draw) -> list[object]:
    values = json_values(draw)
    if draw.array.dtype.kind == "c":
        pairs = zip(map(str, values[::2]), map(str, values[1::2]), strict=True)
        return [f"{real}{'' if imaginary.startswith('-') else '+'}{imaginary}j" for real, imaginary in pairs]
    return values


def _bits(draw: Draw) -> list[str]:
    count = draw.array.size
    size = len(draw.data) // count if count else 0
    # With the prefix 0x, because a spreadsheet would read a plain 40331e17 as a decimal number.
    return [f"0x{draw.data[start * size : (start + 1) * size][::-1].hex()}" for start in range(count)]


def to_markdown(lab: Lab, analysis: Analysis) -> bytes:
    """Return ``lab``, with the ``analysis`` of its columns, as Markdown in UTF-8.

    It has a headline, and for each column a table, problems, explanations and the script.
    """
    lines = _markdown_headline(headline_text(analysis.headline)) if len(lab.columns) > 1 else []
    for column, analysed in zip(lab.columns, analysis.columns, strict=True):
        lines += _markdown_column(column, analysed, analysis.fingerprints)
    lines += [markdown_text(caption(lab))]
    return "\n".join([*lines, ""]).encode()


def _markdown_headline(text: HeadlineText) -> list[str]:
    return [f"**{_plain(text.title)}** {_plain(text.subtitle)}".strip(), ""] if text.title else []


def _plain(text: str) -> str:
    """Return ``text`` on one line, with the special characters of Markdown escaped."""
    return markdown_text(" ".join(text.split()))


def _markdown_column(column: Column, analysed: ColumnAnalysis, fingerprints: Fingerprints) -> list[str]:
    summary = analysed.summary
    lines = [f"### {_plain(column.name)}", "", *_markdown_headline(column_headline(summary, column.influence))]
    if summary.comparison.rows:
        heads = heads_of(column)
        lines += [_markdown_row(heads), _markdown_row(["---"] * len(heads))]
        for line in lines_of(column, analysed, fingerprints):
            letters = [] if line.letters is None else [line.letters]
            values = map(_markdown_value, line.values)
            lines.append(_markdown_row([_plain(line.row.label), line.verdict, *letters, *values]))
        lines.append("")
    sentences = [problem_text(problem) for problem in summary.problems]
    sentences += map(grouped_text, (*summary.grouped_explanations, *summary.grouped_matches))
    sentences += [relation_text(relation) for relation in summary.comparison.relations]
    lines += [*(f"- {_plain(sentence)}" for sentence in sentences), ""] if sentences else []
    lines += _markdown_marks(marked_lines(column.script, summary.annotations))
    lines += [] if column.influence is None else _markdown_fix(column, column.influence)
    lines += _fenced(summary.details) if summary.details else []
    title = sentence("script")
    script = [f"<details><summary>{title}</summary>", "", *_fenced(column.script, "python"), "</details>", ""]
    return [*lines, *script]


def _markdown_marks(marks: Sequence[MarkedLine]) -> list[str]:
    """Return what lines of the script did; one that set a seed in vain is struck out."""
    rows = []
    for mark in marks:
        statement = f"`{_plain(mark.statement).replace('`', '')}`"
        shown = f"~~{statement}~~" if mark.is_struck else statement
        rows.append(sentence("- line {line}, {shown}: {plain}", line=mark.line, shown=shown, plain=_plain(mark.text)))
    return [*rows, ""] if rows else []


def _markdown_fix(column: Column, influence: Influence) -> list[str]:
    """Return the fix in ``influence`` with its diff, what was tried before it, and for which draws there is none."""
    lines: list[str] = []
    fix = influence.fix
    if fix is not None:
        lines += [f"**{_plain(fix_title(fix))}**: {_plain(proof_text(fix))}.", ""]
        lines += [_plain(settings_text(fix, column.command)), ""] if fix.settings else []
        lines += [_plain(folder_text(influence)), ""] if fix.same_folder else []
        lines += _fenced(fix.diff, "diff") if fix.diff else []
    told = [*map(trial_text, influence.trials)]
    told += [no_fix_text(reason, influence.sources) for reason in influence.no_fix]
    return [*lines, *(f"- {_plain(text)}" for text in told), ""] if told else lines


def _fenced(text: str, language: str = "") -> list[str]:
    """Return the lines of a code block, with a fence longer than any in ``text``."""
    fence = "`" * max(3, *(len(found) + 1 for found in re.findall("`+", text)), 0)
    return [f"{fence}{language}", *Script(markdown_code(text)).lines, fence, ""]


def _markdown_value(value: Value | None) -> str:
    return ABSENT if value is None else f"**{value.letter}** {_plain(value.text) if value.is_text else value.text}"


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def to_tsv(lab: Lab, chosen: Sequence[tuple[str, int]]) -> str:
    """Return the ``chosen`` draws, given by label and position of their column, as tab-separated values.

    There is a line for each element and a column for each run. Names and texts are written as `tsv_cell` makes them.
    """
    labels_of: dict[int, list[str]] = {}
    for label, position in chosen:
        labels_of.setdefault(position, []).append(label)
    lines: list[str] = []
    for position, labels in sorted(labels_of.items()):
        column = lab.columns[position]
        wanted = set(labels)
        drawn = [{draw.label: draw for draw in reversed(run.draws) if draw.label in wanted} for run in column.runs]
        lines.append("\t".join([tsv_cell(column.name), "element", *(f"run {run.index}" for run in column.runs)]))
        for label in labels:
            draws = [run_draws.get(label) for run_draws in drawn]
            listed = [
                [] if draw is None else [tsv_cell(draw.text)] if draw.is_text else _elements(draw) for draw in draws
            ]
            for element in range(max(map(len, listed), default=0)):
                cells = [str(values[element]) if element < len(values) else "" for values in listed]
                lines.append("\t".join([tsv_cell(label), str(element), *cells]))
    return "\n".join(lines) + "\n" if lines else ""
