"""The notes on columns and lines: words are made for what is shown, and made once."""

from collections.abc import Callable

import pytest

from seedlab.analysis.analyst import analyse
from seedlab.analysis.summary import summarise
from seedlab.figure import Figure, FigureState, notes, scene
from seedlab.figure import theme as themes
from seedlab.figure.notes import notes_on
from seedlab.results.run import Outcome
from seedlab.session.shown import ShownColumn
from seedlab.study.lab import Column
from seedlab.study.script import Script
from tests.helpers.comparisons import three_placements
from tests.helpers.values import column, draw, run


def shown(one: Column) -> ShownColumn:
    return ShownColumn(name=one.name, column=one, script=Script(one.script))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[object, str], list[object]]:
    """Lists the first argument of each call of a function of a module."""

    def count(module: object, name: str) -> list[object]:
        calls: list[object] = []
        made = getattr(module, name)

        def counting(first: object, *rest: object) -> object:
            calls.append(first)
            return made(first, *rest)

        monkeypatch.setattr(module, name, counting)
        return calls

    return count


def test_what_is_cut_is_not_put_in_words(counted: Callable[[object, str], list[object]]) -> None:
    relations, problems = counted(notes, "relation_text"), counted(notes, "problem_text")
    labels = [f"op{op}-{call}" for op in range(500) for call in (1, 2)]
    one = column(
        run(1, *(draw(label, number) for number, label in enumerate(labels))),
        *(run(index, outcome=Outcome.FAILED, problem=f"line {index}") for index in range(2, 102)),
    )
    summary = summarise(one)
    assert (len(summary.comparison.relations), len(summary.problems)) == (500, 100)
    above, below = notes_on(shown(one), summary, themes.LIGHT, is_covered=False, has_room=True)
    assert above.text.splitlines()[-1] == "… and 40 more"
    assert below.text.splitlines()[-1] == "… and 440 more"
    assert (len(relations), len(problems)) == (60, 60)


def test_the_notes_at_lines_are_made_once(counted: Callable[[object, str], list[object]]) -> None:
    made = counted(scene, "line_notes")
    columns = three_placements()
    analysis = analyse(columns)
    figure = Figure(themes.LIGHT)
    for state in (
        FigureState(columns=tuple(map(shown, columns)), analysis=analysis),
        FigureState(columns=tuple(map(shown, columns)), analysis=analysis, look="map"),
    ):
        figure.show_state(state)
        assert len(made) == len(columns)
