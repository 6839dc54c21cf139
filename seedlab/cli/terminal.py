"""Prints a comparison as text to a terminal, and shows progress bars."""

import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from seedlab.analysis.analyst import Analysis, ColumnAnalysis
from seedlab.analysis.fingerprints import Fingerprints
from seedlab.analysis.rows import Verdict
from seedlab.analysis.summary import Grouped
from seedlab.export.comparison_table import ABSENT, Value, heads_of, lines_of
from seedlab.libraries.registry import FAMILIES
from seedlab.messages.findings import grouped_text, labels_text
from seedlab.messages.headlines import headline_text
from seedlab.messages.rows import relation_text, remark_text
from seedlab.messages.runs import count_text, problem_text
from seedlab.plain_text import terminal_line, terminal_lines
from seedlab.results.run import Run
from seedlab.study.lab import Column

_STYLES = {Verdict.REPEATS: "green", Verdict.DIFFERS: "red"}
_PLAIN_WIDTH = 160
"""The width of output that does not go to a terminal, in characters: it need not be wrapped."""


class ProgressBars:
    """Progress bars on standard error, one for each column, which count up to ``runs``.

    ``names`` maps the keys of the columns to their names.
    """

    def __init__(self, names: Mapping[int, str], runs: int) -> None:
        console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TextColumn("runs"),
            TimeElapsedColumn(), console=console, transient=console.is_terminal,
        )  # fmt: skip
        self._tasks = {key: self._bars.add_task(terminal_line(name), total=runs) for key, name in names.items()}

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
    """Print the comparison of ``columns``, with the ``analysis`` of the same columns, to standard output."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _PLAIN_WIDTH)
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
        console.print(_table(column, analysed, fingerprints))
    for problem in summary.problems:
        console.print(_line(problem_text(problem), "red"))
    if summary.details:
        console.print(Padding(Text(terminal_lines(summary.details), "dim"), (0, 0, 0, 2)))
    _print_grouped(console, "Draw by draw", summary.grouped_explanations)
    _print_grouped(console, "The article", summary.grouped_matches)
    for relation in summary.comparison.relations:
        console.print(_line(relation_text(relation)))


def _line(text: str, style: str = "") -> Text:
    """Return ``text`` on one line, as letters and nothing more: rich would take what is in brackets for markup."""
    return Text(terminal_line(text), style)


def _start(run: Run) -> str:
    return f"{run.start} ({run.start_reason})" if run.start_reason else run.start


def _table(column: Column, analysed: ColumnAnalysis, fingerprints: Fingerprints) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for number, head in enumerate(heads_of(column)):
        # The label and the verdict are the first two.
        table.add_column(_line(head), no_wrap=number < 2, style="bold" if number == 0 else "")
    for line in lines_of(column, analysed, fingerprints):
        cells = [_line(line.row.label), _line(line.verdict, _STYLES.get(line.row.verdict, ""))]
        cells += [] if line.letters is None else [_line(line.letters)]
        table.add_row(*cells, *(_line(_value_text(value)) for value in line.values))
        remark = remark_text(line.row)
        if remark:
            table.add_row("", _line(remark, "dim"))
    return table


def _value_text(value: Value | None) -> str:
    return ABSENT if value is None else f"{value.letter}  {value.text}"


def _print_grouped(console: Console, title: str, groups: Sequence[Grouped]) -> None:
    if groups:
        console.print()
        console.print(Text(f"{title}:"))
    for group in groups:
        text = _line(grouped_text(group))
        text.stylize("bold", 0, len(terminal_line(labels_text(group.labels))))
        console.print(Padding(text, (0, 0, 0, 2)))
