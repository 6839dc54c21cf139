"""The pages of help, as Markdown: written once, for the window and for the README's table of keys."""

from collections.abc import Sequence
from typing import NamedTuple

from seedlab.libraries.presets import GROUPS, group_title
from seedlab.libraries.registry import FAMILIES
from seedlab.messages.keys import native_keys
from seedlab.phrases import noted, sentence
from seedlab.study.family import Family
from seedlab.study.preset import Preset

PICTURE_SCHEME = "answer"
"""A picture of what a preset shows is this, a colon and the preset's name."""
PRESET_SCHEME = "preset"
"""A link that opens a preset is this, a colon and the preset's name."""


class Page(NamedTuple):
    """One page."""

    group: str
    title: str
    body: str
    """Markdown, without the title."""


KEYS: tuple[tuple[str, str], ...] = (
    ("Ctrl+R, `+`", noted("run the current column; add one run to everything that is shown")),
    (
        "Ctrl+1, Ctrl+2, Ctrl+3",
        noted("compare placements, the values of the second choice, two seeds; the menu compares any choice"),
    ),
    (
        "Ctrl+D, F2, Ctrl+Z, Ctrl+Y",
        noted("pin the column and go on with a copy, rename it, undo and redo what was done to columns and scenes"),
    ),
    (
        "W, F",
        noted(
            "why: find by experiment what moves the draws of the current column, or those selected, and "
            "the fix; try the fix beside it"
        ),
    ),
    ("L, V, M", noted("look at lines, at a listing of values, at a map of runs and elements")),
    (
        noted("Enter, or a double press on a plot"),
        noted("look closer at a draw: its values run by run, as a histogram, by quantiles, against another draw"),
    ),
    ("Ctrl+L", noted("sweep: give a seed many values, and see how each draw is distributed; how lucky is mine?")),
    (noted("G, then Space"), noted("guess first: what is drawn stays covered, until Space uncovers run after run")),
    ("F5, Esc", noted("present: full screen, large, with what a talk needs; back")),
    ("Ctrl+Shift+N", noted("take what is shown as a scene of a talk, with a title and notes")),
    (
        "PgDown, PgUp, Home, End, `.`, X",
        noted("uncover the next run or show the next scene; back; first; last; blank the screen; swap the screens"),
    ),
    ("Ctrl+E, Ctrl+Shift+C, Ctrl+C", noted("export, copy the picture, copy the values as a table")),
    ("Ctrl+O, Ctrl+S", noted("open a lab, a picture with a lab inside, or a script; save")),
    (
        noted("E, or a double press on a line"),
        noted("edit the script in its place; Ctrl+R runs what stands there, Esc leaves the editor"),
    ),
    ("Ctrl+V", noted("put a script that was copied, or the files of some, into columns of their own")),
    ("Ctrl+P", noted("presets: search what people ask, and the article's experiments")),
    ("Ctrl+T, Ctrl+`+`, Ctrl+`-`", noted("light or dark, larger, smaller")),
    ("F1", noted("help: these keys, the words, and an answer for each preset")),
)
"""What is pressed most, and what it does."""

_WORDS = (
    (noted("run"), noted("One execution of the script in a fresh process, as `python script.py` would be.")),
    (
        noted("draw"),
        noted("One labelled value that a run prints, or writes to a file that is compared. It is kept to the bit."),
    ),
    (
        noted("letter"),
        noted("Equal letters are equal bits, in whatever row or column they stand. A letter once given stays."),
    ),
    (
        noted("repeats, differs"),
        noted("A draw repeats where all runs have the same bits; else the verdict says how many have."),
    ),
    (noted("column"), noted("One script, or one choice of an experiment, with its runs.")),
    (
        noted("source"),
        noted("A line that gives a generator its randomness: a seed that is set, or entropy that is taken."),
    ),
    (noted("leak"), noted("A source without a seed: it differs in every run.")),
    (
        noted("moves"),
        noted("A source moves a draw where turning the source alone, all else held, gives the draw another value."),
    ),
    (
        noted("held, turned"),
        noted("For an experiment, a source is given the same seed in all runs, or another one in some of them."),
    ),
    (
        noted("not yet tried"),
        noted("The sentence tells what the runs have shown, and no experiment has been made for it yet."),
    ),
    (noted("not known"), noted("Nothing that was tried makes the draw repeat. seedlab does not guess.")),
    (
        noted("proved"),
        noted(
            "The changed script was executed cold, five times unless you ask for more, its draws were "
            "the same to the bit, and nothing in it is a race; else it is said in how many runs they "
            "were."
        ),
    ),
    (
        noted("cold, spare, fork"),
        noted(
            "How a run gets its process: a new interpreter, one that waits with its imports done, or the "
            "child of one that has done nothing but imports. Draws are the same in all three."
        ),
    ),
)

_VERSIONS = (
    (
        "TensorFlow 2.2",
        noted(
            "Up to 2.1 an op without an op seed takes the number of all operations of the graph so far, "
            "from 2.2 on the number of random ops without a seed. With the same seed it draws other "
            "values on either side, and one constant more in the graph changes them up to 2.1 alone."
        ),
    ),
    (
        "Keras 3",
        noted(
            "Up to Keras 2 dropout draws from TensorFlow with its global seed. From Keras 3 on a layer "
            "without a seed gets its own, which Python's random draws: `tf.random.set_seed` does not "
            "reach it, `keras.utils.set_random_seed` does."
        ),
    ),
    (
        "Python 3.7",
        noted(
            "Before 3.7 a process made by `os.fork` goes on with the random numbers of the one that made "
            "it: from 3.7 on `random` gives itself a new seed then, as `multiprocessing` has always done "
            "for it."
        ),
    ),
)

_WHY = noted(
    "\n"
    "1. Open your script (Ctrl+O, or drop it here), and press **Ctrl+R**: each draw says whether it repeats.\n"
    "2. Press **W**. Each source of randomness is tried: all are held, and one after the other is"
    " turned. Below each draw\n"
    "   stands a sign at the lines of the sources that move it.\n"
    "3. The card at the end has **the fix**, the fewest lines that make all repeat. It has been"
    " executed before it is shown.\n"
    "   **F** runs it in a column beside, Ctrl+Shift+D copies it for `git apply`.\n"
    "\n"
    "The reasons that people meet most:\n"
)


def _keys_head() -> str:
    key, does = sentence("key"), sentence("does")
    return f"| {key} | {does} |"


def keys_table() -> str:
    """Return what is pressed most as a table in Markdown."""
    return "\n".join(
        [_keys_head(), "| --- | --- |", *(f"| {sentence(keys)} | {sentence(does)} |" for keys, does in KEYS)]
    )


def pages(shortcuts: list[tuple[str, str]]) -> list[Page]:
    """Return all pages; ``shortcuts`` are the keys of every command of the window, each with what it does."""
    rows = "\n".join(f"| {keys} | {does} |" for keys, does in shortcuts)
    every = sentence("Every key")
    keys = f"{native_keys(keys_table())}\n\n### {every}\n\n{_keys_head()}\n| --- | --- |\n{rows}\n"
    first = sentence("Help")
    return [
        Page(first, sentence("Keys"), keys),
        Page(first, sentence("Why do my numbers still change?"), _why()),
        Page(first, sentence("What differs between versions"), _described(_VERSIONS)),
        Page(first, sentence("Words"), _described(_WORDS)),
        *(Page(sentence("Where the seed is set"), family.title, _placements(family)) for family in FAMILIES.values()),
        *(
            Page(group_title(group), sentence(preset.title), _preset(preset))
            for group, presets in GROUPS.items()
            for preset in presets.values()
        ),
    ]


def _described(entries: Sequence[tuple[str, str]]) -> str:
    return "\n\n".join(f"**{sentence(word)}**: {sentence(about)}" for word, about in entries)


def _why() -> str:
    reasons = [
        f"- [{sentence(preset.title)}]({PRESET_SCHEME}:{preset.name}) {sentence(preset.answer)}"
        for presets in GROUPS.values()
        for preset in presets.values()
        if preset.expects.differs
    ]
    return native_keys(sentence(_WHY)) + "\n" + "\n".join(reasons)


def _placements(family: Family) -> str:
    timeline = family.timeline
    lines = [f"- **{timeline.describe(each.name)}**: {each.about}" for each in timeline.placements]
    choices = [f"- **{each.title}**: {each.about}" for each in family.controls if each is not timeline]
    more = ["", sentence("The other choices:"), "", *choices] if choices else []
    return "\n".join([*lines, *more])


def _preset(preset: Preset) -> str:
    family = FAMILIES[preset.experiment.library]
    placement = family.timeline.describe(preset.experiment[family.timeline.name])
    where = sentence("{library}, {placement}.", library=family.title, placement=placement)
    opens = sentence("Open it")
    alternative = sentence("picture")
    picture = f"![{alternative}]({PICTURE_SCHEME}:{preset.name})"
    answer = sentence(preset.answer)
    return f"{answer}\n\n{where}\n\n[{opens}]({PRESET_SCHEME}:{preset.name})\n\n{picture}"
