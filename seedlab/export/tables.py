"""A comparison as tables: CSV for a spreadsheet, Markdown for an issue or an article."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from seedlab.model.draw_values import json_values
from seedlab.model.fingerprints import Fingerprints
from seedlab.model.lab import Column, Lab
from seedlab.model.run import Draw
from seedlab.model.summary import Summary, summarise


def to_csv(lab: Lab) -> bytes:
    """UTF-8, one row for each run, draw and element; the element's bits in hex, most significant first."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["experiment", "run", "outcome", "draw", "element", "dtype", "value", "bits"])
    for column in lab.columns:
        for run in column.runs:
            for draw in run.draws:
                for element, (value, bits) in enumerate(zip(_elements(draw), _bits(draw), strict=True)):
                    cells = [column.name, run.index, run.outcome.value, draw.label, element, draw.dtype, value, bits]
                    writer.writerow(cells)
    return text.getvalue().encode()


def _elements(draw: Draw) -> list[object]:
    values = json_values(draw)
    if draw.array.dtype.kind == "c":
        pairs = zip(map(str, values[::2]), map(str, values[1::2]), strict=True)
        return [f"{real}{'' if imaginary.startswith('-') else '+'}{imaginary}j" for real, imaginary in pairs]
    return values


def _bits(draw: Draw) -> list[str]:
    count = draw.array.size
    size = len(draw.data) // count if count else 0
    return [draw.data[start * size : (start + 1) * size][::-1].hex() for start in range(count)]


def to_markdown(lab: Lab) -> bytes:
    """UTF-8, one table for each column of the lab."""
    fingerprints = Fingerprints([column.runs for column in lab.columns])
    return "\n".join(_markdown_column(column, summarise(column), fingerprints) for column in lab.columns).encode()


def _markdown_column(column: Column, summary: Summary, fingerprints: Fingerprints) -> str:
    lines = [f"### {column.name}", ""]
    if summary.headline.title:
        lines += [f"**{summary.headline.title}** {summary.headline.subtitle}".strip(), ""]
    heads = ["draw", "verdict", *(f"run {run.index}" for run in column.runs)]
    lines += [_markdown_row(heads), _markdown_row(["---"] * len(heads))]
    for row in summary.comparison.rows:
        cells = [row.label, f"{row.verdict.sign} {row.summary}"]
        cells += [_markdown_cell(run.draw(row.label), fingerprints) for run in column.runs]
        lines.append(_markdown_row(cells))
    about = "" if column.interpreter is None else f"{column.interpreter.summary}. "
    lines += ["", f"{about}Letters: equal letters, equal bits.", ""]
    return "\n".join(lines)


def _markdown_cell(draw: Draw | None, fingerprints: Fingerprints) -> str:
    if draw is None:
        return "×"
    values = " ".join(np.array2string(draw.array, threshold=6, edgeitems=2, max_line_width=1000).split())
    return f"**{fingerprints.of(draw).letter}** {values}"


def _markdown_row(cells: list[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def to_tsv(lab: Lab, chosen: Sequence[tuple[str, int]]) -> str:
    """Draws given by label and position of their column: a line for each element, a column for each run."""
    lines: list[str] = []
    for position, column in enumerate(lab.columns):
        labels = [label for label, at in chosen if at == position]
        if not labels:
            continue
        lines.append("\t".join([column.name, "element", *(f"run {run.index}" for run in column.runs)]))
        for label in labels:
            draws = [run.draw(label) for run in column.runs]
            listed = [[] if draw is None else _elements(draw) for draw in draws]
            for element in range(max(map(len, listed), default=0)):
                cells = [str(values[element]) if element < len(values) else "" for values in listed]
                lines.append("\t".join([label, str(element), *cells]))
    return "\n".join(lines) + "\n" if lines else ""
