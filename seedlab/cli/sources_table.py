"""Prints what an inquiry has found: each source at its line of the script, and a dot under each draw that it moves."""

import shutil
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seedlab.cli.fix_text import print_fix
from seedlab.inquiry.first_difference import first_difference
from seedlab.inquiry.reading import DrawGroup, Mark, grouped_draws, is_leak, mark_of
from seedlab.messages.influence import cause_texts, first_difference_text, mark_text, place_text, shapes_text
from seedlab.phrases import sentence
from seedlab.plain_text import terminal_line
from seedlab.results.influence import Influence, InfluenceSource
from seedlab.results.run import Outcome
from seedlab.study.lab import Column

_PLAIN_WIDTH, _LEAST_WIDTH = 160, 40
_LONGEST_STATEMENT = 48
_LONGEST_NAME = 16


def print_influence(column: Column, influence: Influence, notes: Sequence[str]) -> None:
    """Print what was found of ``column``, and ``notes``, sentences."""
    width, height = shutil.get_terminal_size((_PLAIN_WIDTH, 24))
    console = Console(highlight=False, width=max(width, _LEAST_WIDTH), height=height)
    with console.capture() as captured:
        _print(console, column, influence, notes)
    text = captured.get()
    if not sys.stdout.isatty():
        # Lines are filled up with spaces, which a terminal does not show, but a file does.
        text = "\n".join(line.rstrip(" ") for line in text.split("\n"))
    sys.stdout.write(text)


def _print(console: Console, column: Column, influence: Influence, notes: Sequence[str]) -> None:
    groups = grouped_draws(influence)
    console.print()
    console.print(Text.assemble((terminal_line(column.name), "bold"), sentence(" · {runs} runs", runs=influence.runs)))
    if influence.sources and groups:
        console.print()
        console.print(_table(column, influence, groups))
        console.print(Text(_legend(influence, groups), "dim"))
    console.print()
    for group in groups:
        texts = cause_texts(group.labels, group.draw, influence.sources, group.helped, influence.shared)
        style = "green" if group.draw.repeats else "red"
        first, *rest = (terminal_line(text) for text in texts)
        console.print(Text.assemble((first, style), *(f" {text}" for text in rest)))
    finished = [run for run in column.runs if run.outcome is Outcome.FINISHED]
    for group in groups if len(finished) > 1 else ():
        found = first_difference(finished[0], finished[1], group.draw, influence)
        if found is not None:
            numbers = (finished[0].index, finished[1].index)
            text = first_difference_text(found.event, found.other, numbers, group.labels)
            console.print(Text(terminal_line(text), "dim"))
    print_fix(console, column, influence)
    for text in notes:
        console.print(Text(terminal_line(text)))


def _table(column: Column, influence: Influence, groups: Sequence[DrawGroup]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("", "", ""):
        table.add_column(title, no_wrap=True)
    for group in groups:
        table.add_column(terminal_line(_name(group)), justify="center")
    for source in influence.sources:
        dots = [_dot(source, group, influence) for group in groups]
        place = place_text(source.file, source.line)
        table.add_row(place, Text(_statement(column, source)), Text(terminal_line(mark_text(source)), "dim"), *dots)
    return table


def _name(group: DrawGroup) -> str:
    first = group.labels[0]
    shown = first if len(first) <= _LONGEST_NAME else f"{first[: _LONGEST_NAME - 1]}…"
    return shown if len(group.labels) == 1 else f"{shown} +{len(group.labels) - 1}"


def _statement(column: Column, source: InfluenceSource) -> str:
    """Return the line of the script that ``source`` stands at, or where that is not known, its door."""
    lines = column.script.splitlines()
    if source.file is not None or source.line is None or source.line > len(lines):
        return terminal_line(source.door)
    text = " ".join(terminal_line(lines[source.line - 1]).split())
    return text if len(text) <= _LONGEST_STATEMENT else f"{text[: _LONGEST_STATEMENT - 1]}…"


def _dot(source: InfluenceSource, group: DrawGroup, influence: Influence) -> Text:
    mark = mark_of(source, group, influence)
    if mark is Mark.MOVES:
        return Text("●" if is_leak(source) else "■", "bold")
    return Text(mark.value, "" if mark is Mark.UNTRIED else "dim")


def _legend(influence: Influence, groups: Sequence[DrawGroup]) -> str:
    marks = [(mark_of(source, group, influence), is_leak(source)) for source in influence.sources for group in groups]
    return shapes_text({mark for mark, _ in marks}, {leaks for mark, leaks in marks if mark is Mark.MOVES})
