"""The words for a fix: what is claimed of causes, and how it was seen to work."""

import pytest

from seedlab.analysis.analyst import analyse
from seedlab.messages.fixes import column_headline, fix_title, proof_text, settings_text, why_headline
from seedlab.results.influence import Edit, Fix, Influence, InfluenceSource, MovedDraw, NoFix, Residual
from tests.helpers.values import column, runs


def source(name: str, kind: str = "taken", **more: object) -> InfluenceSource:
    return InfluenceSource(id=name, kind=kind, library="python", state=more.pop("state", "global"), door="d", **more)  # type: ignore[arg-type]


def moved(label: str, *names: str, repeats: bool = False, unexplained: bool = False) -> MovedDraw:
    return MovedDraw(label=label, repeats=repeats, moved_by=names, unexplained=unexplained)


def fix(lines: int = 1, *, proved: bool = True, settings: tuple[str, ...] = ()) -> Fix:
    edits = tuple(Edit(line=number, text="seed(0)\n") for number in range(1, lines + 1))
    return Fix(edits=edits, settings=settings, repeated=5, of=5, proved=proved, labels=("a", "b"))


@pytest.mark.parametrize(
    ("influence", "title"),
    [
        (Influence(runs=9), "There is nothing to explain: no values were drawn."),
        (Influence(runs=9, draws=(moved("a", repeats=True),)), "Every draw repeats: nothing is missing."),
        (
            Influence(runs=9, sources=(source("s1"), source("s2")), draws=(moved("a", "s1", "s2"), moved("b", "s2"))),
            "Two seeds are missing: a and b change.",
        ),
        (
            Influence(runs=9, sources=(source("s1"),), draws=(moved("a", "s1"),), is_partial=True),
            "a changes, and not all was tried yet.",
        ),
        (Influence(runs=9, draws=(moved("a", unexplained=True),)), "a changes, and why is not known."),
        (
            Influence(runs=9, draws=(moved("a"),), residual=(Residual(label="a", helped_by=("clock",)),)),
            "a changes, and no seed is the cause.",
        ),
        (
            Influence(runs=9, sources=(source("s1", state="entropy"),), draws=(moved("a", "s1"),)),
            "a changes with the system's entropy, which takes no seed.",
        ),
        (
            Influence(runs=9, sources=(source("s1", "set", seed=1, varies=True),), draws=(moved("a", "s1"),)),
            "One seed does not stay the same: a changes.",
        ),
        (
            Influence(
                runs=9,
                sources=(source("s1"), source("s2", "set", seed=1, varies=True, made_from=("s1",))),
                draws=(moved("a", "s1", "s2"), moved("b", unexplained=True)),
            ),
            "One seed is missing: a changes. b changes, and why is not known.",
        ),
        (
            Influence(runs=9, sources=(source("s1"),), draws=tuple(moved(label, "s1") for label in "abcde")),
            "One seed is missing: all 5 draws change.",
        ),
    ],
)  # fmt: skip
def test_nothing_is_claimed_that_was_not_tried(influence: Influence, title: str) -> None:
    assert why_headline(influence).title == title


def test_what_makes_it_repeat_is_told_below() -> None:
    found = Influence(runs=9, sources=(source("s1"),), draws=(moved("a", "s1"), moved("b", "s1")), fix=fix(2))
    assert (
        why_headline(found).subtitle == "With 2 lines, everything repeats: seen in 5 cold runs of the changed script."
    )
    without = NoFix(code="clock", labels=("b",))
    found = Influence(
        runs=9, sources=(source("s1"),), draws=(moved("a", "s1"), moved("b")), fix=fix(), no_fix=(without,)
    )
    assert why_headline(found).subtitle == (
        "With one line, all but b repeats: seen in 5 cold runs of the changed script."
    )
    found = Influence(runs=9, draws=(moved("a"),), no_fix=(without,))
    assert why_headline(found).subtitle == "Nothing that a person writes makes it repeat."
    found = Influence(runs=9, draws=(moved("a"),), trials=(fix(),))
    assert why_headline(found).subtitle == "No fix was found: none that was tried made all repeat."


def test_a_column_whose_fix_was_looked_for_says_so_as_long_as_its_runs_say_the_same() -> None:
    found = Influence(runs=9, sources=(source("s1"),), draws=(moved("a", "s1"), moved("b", repeats=True)), fix=fix())
    same = runs({"a": 0, "b": 5}, {"a": 1, "b": 5})
    other = runs({"a": 0, "b": 5}, {"a": 1, "b": 6})
    told = {
        name: column_headline(analyse([column(*made)]).columns[0].summary, influence).title
        for name, made, influence in [
            ("found", same, found),
            ("runs that say more", other, found),
            ("causes alone", same, Influence(runs=9, sources=found.sources, draws=found.draws)),
            ("nothing found", same, None),
        ]
    }
    assert told == {
        "found": "One seed is missing: a changes.",
        "runs that say more": "Nothing repeats.",
        "causes alone": "b repeats, a does not.",
        "nothing found": "b repeats, a does not.",
    }


def test_proved_is_said_only_where_nothing_could_make_it_differ() -> None:
    assert fix_title(fix(2, settings=("PYTHONHASHSEED=0",))) == "The smallest fix: 2 lines and one setting"
    assert proof_text(fix()) == "proved: in 5 cold runs of the changed script, all 2 draws repeat to the bit"
    # 1 - 0.05 ** (1 / 5)
    assert proof_text(fix(proved=False)) == (
        "repeated in 5 of 5 cold runs of the changed script; as threads take part, up to 45% of runs may still differ"
    )


def test_a_setting_is_told_as_the_command() -> None:
    told = settings_text(fix(0, settings=("PYTHONHASHSEED=0",)), ("train.py", "--epochs", "2"))
    assert told == "Start it as: PYTHONHASHSEED=0 python train.py --epochs 2"
