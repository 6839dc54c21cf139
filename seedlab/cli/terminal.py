"""Prints a comparison as text to a terminal, and shows progress bars."""

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from seedlab.analysis.analyst import Analysis, ColumnAnalysis
from seedlab.analysis.fingerprints import Fingerprints
from seedlab.analysis.rows import Verdict
from seedlab.analysis.summary import Grouped
from seedlab.cli.streams import forgiving_stderr, printable
from seedlab.export.comparison_table import ABSENT, Line, Value, heads_of, lines_of
from seedlab.libraries.registry import FAMILIES
from seedlab.messages.findings import grouped_text, labels_text
from seedlab.messages.headlines import headline_text
from seedlab.messages.notes import MarkedLine, marked_lines
from seedlab.messages.provenance import started_text
from seedlab.messages.rows import relation_text, remark_text
from seedlab.messages.runs import count_text, problem_text
from seedlab.messages.sweeps import left_text
from seedlab.phrases import sentence
from seedlab.plain_text import terminal_line, terminal_lines
from seedlab.results.draw_text import brief_text, element_text, first_difference
from seedlab.results.run import Draw
from seedlab.study.lab import Column

_STYLES = {Verdict.REPEATS: "green", Verdict.DIFFERS: "red"}
_PLAIN_WIDTH, _HEIGHT = 160, 24
"""The size of what is no terminal, in characters; the environment variable ``COLUMNS`` has another width."""
_LEAST_WIDTH = 20
_ENDLESS = 10**6
"""A width that every table fits into, in characters."""


class ProgressBars:
    """Progress bars on standard error, one for each column, which count up to ``runs``.

    ``names`` maps the keys of the columns to their names; ``workers`` returns who makes the runs elsewhere, or nothing.
    """

    def __init__(self, names: Mapping[int, str], runs: int, workers: Callable[[], str] = lambda: "") -> None:
        self._workers = workers
        console = Console(file=forgiving_stderr())
        self._bars = Progress(
            # A name in brackets is no markup.
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
            TextColumn(sentence("runs")),
            TimeElapsedColumn(), TextColumn("{task.fields[workers]}", markup=False), console=console,
            transient=console.is_terminal,
        )  # fmt: skip
        self._tasks = {
            key: self._bars.add_task(terminal_line(name), total=runs, workers=workers()) for key, name in names.items()
        }

    def __enter__(self) -> "ProgressBars":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, ended: Mapping[int, int]) -> None:
        """Show how many runs of each column have ended; ``ended`` maps keys to these numbers."""
        for key, count in ended.items():
            self._bars.update(self._tasks[key], completed=count, workers=self._workers())


class InquiryBar:
    """A progress bar on standard error for an inquiry, whose number of runs is known better as it goes on."""

    def __init__(self, name: str) -> None:
        console = Console(file=forgiving_stderr())
        self._bar = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
            TextColumn(sentence("runs")),
            TimeElapsedColumn(), console=console, transient=console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task(terminal_line(sentence("why {name}", name=name)), total=None)

    def __enter__(self) -> "InquiryBar":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def say(self, message: str) -> None:
        """Print ``message`` above the bar."""
        self._bar.console.print(terminal_line(message), markup=False, highlight=False, soft_wrap=True)

    def show(self, done: int, expected: int) -> None:
        """Show that ``done`` runs of ``expected`` have ended."""
        self._bar.update(self._task, completed=done, total=expected)


class SweepBar:
    """A progress bar on standard error for a sweep, with how long the rest will take."""

    def __init__(self, name: str) -> None:
        console = Console(file=forgiving_stderr())
        self._bar = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
            TextColumn(sentence("runs")),
            TimeElapsedColumn(), TextColumn("{task.fields[left]}", markup=False), console=console,
            transient=console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task(terminal_line(name), total=None, left="")

    def __enter__(self) -> "SweepBar":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def say(self, message: str) -> None:
        """Print ``message`` above the bar."""
        self._bar.console.print(terminal_line(message), markup=False, highlight=False, soft_wrap=True)

    def show(self, done: int, total: int, left_s: float) -> None:
        """Show that ``done`` runs of ``total`` have ended, and that the others take some ``left_s`` seconds."""
        left = left_text(left_s) if done and done < total else ""
        self._bar.update(self._task, completed=done, total=total, left=left)


def columns_text(columns: Sequence[Column], analysis: Analysis) -> str:
    """Return the comparison of ``columns``, with the ``analysis`` of the same columns, as standard output shows it.

    Nothing is cut: where a table of runs side by side is too wide, they stand below each other.
    """
    width, height = shutil.get_terminal_size((_PLAIN_WIDTH, _HEIGHT))
    console = Console(highlight=False, width=max(width, _LEAST_WIDTH), height=height)
    with console.capture() as captured:
        _print(console, columns, analysis)
    if sys.stdout.isatty():
        return captured.get()
    # Lines are filled up with spaces, which a terminal does not show, but a file does.
    return "\n".join(line.rstrip(" ") for line in captured.get().split("\n"))


def _print(console: Console, columns: Sequence[Column], analysis: Analysis) -> None:
    for column, analysed in zip(columns, analysis.columns, strict=True):
        _print_column(console, column, analysed, analysis.fingerprints)
    if len(columns) > 1:
        across = headline_text(analysis.headline)
        console.print()
        console.print(Text(sentence("All columns"), "bold"))
        console.print(_line(across.title, "bold"))
        if across.subtitle:
            console.print(_line(across.subtitle))


def _print_column(console: Console, column: Column, analysed: ColumnAnalysis, fingerprints: Fingerprints) -> None:
    summary = analysed.summary
    console.print()
    about = [] if column.experiment is None else [FAMILIES[column.experiment.library].title]
    about += [count_text(len(column.runs))]
    about += [] if column.interpreter is None else [column.interpreter.summary]
    about += [started_text(column.runs)] if column.runs else []
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
        console.print(_indented(Text(printable(terminal_lines(summary.details)), "dim")))
    _print_grouped(console, sentence("Draw by draw"), summary.grouped_explanations)
    _print_marks(console, marked_lines(column.script, summary.annotations))
    _print_grouped(console, sentence("The article"), summary.grouped_matches)
    for relation in summary.comparison.relations:
        console.print(_line(relation_text(relation)))


def _line(text: str, style: str = "") -> Text:
    """Return ``text`` on one line, as it can be printed and as letters alone: rich takes brackets for markup."""
    return Text(printable(terminal_line(text)), style)


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, 2))


def _print_draws(console: Console, column: Column, analysed: ColumnAnalysis, fingerprints: Fingerprints) -> None:
    heads = heads_of(column)
    rows = [_shown_row(line, analysed) for line in lines_of(column, analysed, fingerprints)]
    table = _table(heads, rows)
    if console.measure(table, options=console.options.update(width=_ENDLESS)).maximum <= console.width:
        console.print(table)
        return
    for row in rows:
        console.print(Text.assemble(row.label, "  ", row.verdict))
        if row.remark:
            console.print(_indented(row.remark))
        if row.letters is not None:
            console.print(_indented(row.letters))
        console.print(_indented(_below_each_other(row, heads[-len(row.values) :])))


class _ShownRow(NamedTuple):
    """A row of the comparison, as text."""

    label: Text
    verdict: Text
    remark: Text
    letters: Text | None
    """The letters of all runs; None where the values of all are shown."""
    values: list[tuple[str, str]]
    """The letter and the value of each run that is shown."""


def _shown_row(line: Line, analysed: ColumnAnalysis) -> _ShownRow:
    draws = analysed.draws(line.row.label)[: len(line.values)]
    return _ShownRow(
        label=_line(line.row.label, "bold"),
        verdict=_line(line.verdict, _STYLES.get(line.row.verdict, "")),
        remark=_line(remark_text(line.row), "dim"),
        letters=None if line.letters is None else _line(line.letters),
        values=_values(line.values, draws),
    )


def _values(cells: Sequence[Value | None], draws: Sequence[Draw | None]) -> list[tuple[str, str]]:
    """Return letter and value of each of ``cells``; of long ``draws`` that look alike, also where they first differ."""
    letters = [ABSENT if cell is None else cell.letter for cell in cells]
    values = ["" if cell is None else cell.text for cell in cells]
    # Of texts, the line that differs is shown already.
    hidden = _first_hidden_difference([draw for draw in draws if draw is not None and not draw.is_text])
    if hidden is not None:
        elements = ["" if draw is None or draw.is_text else element_text(draw, hidden) for draw in draws]
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


def _table(heads: Sequence[str], rows: Sequence[_ShownRow]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for head in heads:
        table.add_column(_line(head), no_wrap=True)
    for row in rows:
        letters = [] if row.letters is None else [row.letters]
        values = [_line(f"{letter}  {value}".rstrip()) for letter, value in row.values]
        table.add_row(row.label, row.verdict, *letters, *values)
        if row.remark:
            table.add_row("", row.remark)
    return table


def _below_each_other(row: _ShownRow, heads: Sequence[str]) -> Table:
    """Return the letter, the run and the value of each run, a line each, or more where a value is longer."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for head, (letter, value) in zip(heads, row.values, strict=True):
        table.add_row(_line(letter), _line(head), _line(value))
    return table


def _print_marks(console: Console, marks: Sequence[MarkedLine]) -> None:
    """Print what lines of the script did; one that set a seed in vain is struck out, and says so."""
    if not marks:
        return
    console.print()
    console.print(_line(sentence("Line by line:")))
    for mark in marks:
        statement = _line(mark.statement, "strike" if mark.is_struck else "")
        console.print(_indented(Text.assemble((f"{mark.line}  ", "dim"), statement, _line(f"  {mark.text}", "dim"))))


def _print_grouped(console: Console, title: str, groups: Sequence[Grouped]) -> None:
    if groups:
        console.print()
        console.print(_line(sentence("{title}:", title=title)))
    for group in groups:
        text = _line(grouped_text(group))
        text.stylize("bold", 0, len(_line(labels_text(group.labels))))
        console.print(_indented(text))
