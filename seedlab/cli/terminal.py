"""Prints a comparison as text to a terminal, and shows progress bars."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from seedlab.analysis.analyst import Analysis, ColumnAnalysis
from seedlab.analysis.fingerprints import Fingerprints
from seedlab.analysis.rows import Row, Verdict
from seedlab.analysis.summary import MAX_VALUE_COLUMNS, Grouped, letters_of
from seedlab.cli.streams import forgiving_stderr, printable
from seedlab.libraries.registry import FAMILIES
from seedlab.messages.findings import findings_text
from seedlab.messages.headlines import headline_text
from seedlab.messages.rows import relation_text, remark_text, verdict_text
from seedlab.messages.runs import count_text, problem_text
from seedlab.results.draw_text import brief_text, element_text, first_difference
from seedlab.results.run import Draw, Run
from seedlab.study.lab import Column

_STYLES = {Verdict.REPEATS: "green", Verdict.DIFFERS: "red"}
_PLAIN_WIDTH, _HEIGHT = 160, 24
"""The size of what is no terminal, in characters; the environment variable ``COLUMNS`` has another width."""
_LEAST_WIDTH = 20
_ENDLESS = 10**6
"""A width that every table fits into, in characters."""


class ProgressBars:
    """Progress bars on standard error, one for each column, which count up to ``runs``.

    ``names`` maps the keys of the columns to their names.
    """

    def __init__(self, names: Mapping[int, str], runs: int) -> None:
        console = Console(file=forgiving_stderr())
        self._bars = Progress(
            # A name in brackets is no markup.
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TextColumn("runs"),
            TimeElapsedColumn(), console=console, transient=console.is_terminal,
        )  # fmt: skip
        self._tasks = {key: self._bars.add_task(name, total=runs) for key, name in names.items()}

    def __enter__(self) -> "ProgressBars":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, ended: Mapping[int, int]) -> None:
        """Show how many runs of each column have ended; ``ended`` maps keys to these numbers."""
        for key, count in ended.items():
            self._bars.update(self._tasks[key], completed=count)


def print_columns(columns: Sequence[Column], analysis: Analysis) -> None:
    """Print the comparison of ``columns``, with the ``analysis`` of the same columns, to standard output.

    Nothing is cut: where a table of runs side by side is too wide, they stand below each other.
    """
    width, height = shutil.get_terminal_size((_PLAIN_WIDTH, _HEIGHT))
    console = Console(highlight=False, width=max(width, _LEAST_WIDTH), height=height)
    if sys.stdout.isatty():
        _print(console, columns, analysis)
        return
    with console.capture() as captured:
        _print(console, columns, analysis)
    # Lines are filled up with spaces, which a terminal does not show, but a file does.
    sys.stdout.write("\n".join(line.rstrip(" ") for line in captured.get().split("\n")))


def _print(console: Console, columns: Sequence[Column], analysis: Analysis) -> None:
    for column, analysed in zip(columns, analysis.columns, strict=True):
        _print_column(console, column, analysed, analysis.fingerprints)
    if len(columns) > 1:
        across = headline_text(analysis.headline)
        console.print()
        console.print(Text("All columns", "bold"))
        console.print(_line(across.title, "bold"))
        if across.subtitle:
            console.print(_line(across.subtitle))


def _print_column(console: Console, column: Column, analysed: ColumnAnalysis, fingerprints: Fingerprints) -> None:
    summary = analysed.summary
    console.print()
    about = [] if column.experiment is None else [FAMILIES[column.experiment.library].title]
    about += [count_text(len(column.runs))]
    about += [] if column.interpreter is None else [column.interpreter.summary]
    about += sorted({_start(run) for run in column.runs})
    console.print(Text.assemble(_line(column.name, "bold"), _line(" · " + " · ".join(about))))
    headline = headline_text(summary.headline)
    console.print(_line(headline.title, "bold"))
    if headline.subtitle:
        console.print(_line(headline.subtitle))
    if summary.comparison.rows:
        console.print()
        _print_draws(console, column, analysed, fingerprints)
    for problem in summary.problems:
        console.print(_line(problem_text(problem), "red"))
    if summary.details:
        console.print(_indented(Text(printable(summary.details), "dim")))
    _print_grouped(console, "Draw by draw", summary.grouped_explanations)
    _print_grouped(console, "The article", summary.grouped_matches)
    for relation in summary.comparison.relations:
        console.print(_line(relation_text(relation)))


def _line(text: str, style: str = "") -> Text:
    """Return ``text`` as it can be printed, and as letters alone: rich would take what is in brackets for markup."""
    return Text(printable(text), style)


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, 2))


def _start(run: Run) -> str:
    return f"{run.start} ({run.start_reason})" if run.start_reason else run.start


def _print_draws(console: Console, column: Column, analysed: ColumnAnalysis, fingerprints: Fingerprints) -> None:
    runs = column.runs if len(column.runs) <= MAX_VALUE_COLUMNS else column.runs[:1]
    rows = [_shown_row(row, analysed, fingerprints, len(runs)) for row in analysed.summary.comparison.rows]
    has_letters = len(runs) < len(column.runs)
    table = _table(rows, runs, has_letters=has_letters)
    if console.measure(table, options=console.options.update(width=_ENDLESS)).maximum <= console.width:
        console.print(table)
        return
    for row in rows:
        console.print(Text.assemble(row.label, "  ", row.verdict))
        if row.remark:
            console.print(_indented(row.remark))
        if has_letters:
            console.print(_indented(row.letters))
        console.print(_indented(_below_each_other(row, runs)))


class _ShownRow(NamedTuple):
    """A row of the comparison, as text."""

    label: Text
    verdict: Text
    remark: Text
    letters: Text
    """The letters of all runs."""
    values: list[tuple[str, str]]
    """The letter and the value of each run that is shown."""


def _shown_row(row: Row, analysed: ColumnAnalysis, fingerprints: Fingerprints, runs: int) -> _ShownRow:
    draws = analysed.draws(row.label)
    return _ShownRow(
        label=_line(row.label, "bold"),
        verdict=_line(f"{row.verdict.sign} {verdict_text(row)}", _STYLES.get(row.verdict, "")),
        remark=_line(remark_text(row), "dim"),
        letters=_line(letters_of(draws, fingerprints)),
        values=_values(draws[:runs], fingerprints),
    )


def _values(draws: Sequence[Draw | None], fingerprints: Fingerprints) -> list[tuple[str, str]]:
    """Return letter and value of each of ``draws``; of long draws that look alike, also where they first differ."""
    letters = [fingerprints.of(draw).letter if draw is not None else "×" for draw in draws]
    values = [brief_text(draw) if draw is not None else "" for draw in draws]
    hidden = _first_hidden_difference([draw for draw in draws if draw is not None])
    if hidden is not None:
        elements = [element_text(draw, hidden) if draw is not None else "" for draw in draws]
        # Some bits have no digits, such as those of a NaN.
        if len({element for element in elements if element}) > 1:
            pairs = zip(values, elements, strict=True)
            values = [f"{value}, {element}" if element else "" for value, element in pairs]
    return list(zip(letters, values, strict=True))


def _first_hidden_difference(draws: Sequence[Draw]) -> int | None:
    """Return the first element in which two of ``draws`` differ that have the same brief text; None if none do."""
    first_with: dict[str, Draw] = {}
    for draw in draws:
        first = first_with.setdefault(brief_text(draw), draw)
        if first.identity != draw.identity and (first.dtype, first.shape) == (draw.dtype, draw.shape):
            return first_difference(first, draw)
    return None


def _table(rows: Sequence[_ShownRow], runs: Sequence[Run], *, has_letters: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("draw", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    if has_letters:
        table.add_column("fingerprints", no_wrap=True)
    for run in runs:
        table.add_column(f"run {run.index}", no_wrap=True)
    for row in rows:
        letters = [row.letters] if has_letters else []
        values = [_line(f"{letter}  {value}".rstrip()) for letter, value in row.values]
        table.add_row(row.label, row.verdict, *letters, *values)
        if row.remark:
            table.add_row("", row.remark)
    return table


def _below_each_other(row: _ShownRow, runs: Sequence[Run]) -> Table:
    """Return the letter, the run and the value of each run, a line each, or more where a value is longer."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for run, (letter, value) in zip(runs, row.values, strict=True):
        table.add_row(_line(letter), _line(f"run {run.index}"), _line(value))
    return table


def _print_grouped(console: Console, title: str, groups: Sequence[Grouped]) -> None:
    if groups:
        console.print()
        console.print(_line(f"{title}:"))
    for group in groups:
        text = Text.assemble(_line(", ".join(group.labels), "bold"), _line(f": {findings_text(group.findings)}"))
        console.print(_indented(text))
