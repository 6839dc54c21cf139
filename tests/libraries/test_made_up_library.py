"""A library that somebody adds as one folder: its own door, kind of control and finding, and no other file touched."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import analyse
from seedlab.cli.main import main
from seedlab.documents.reading import from_json
from seedlab.figure import theme as themes
from seedlab.gui.experiment_form import ExperimentForm
from seedlab.libraries.registry import FAMILIES, LIBRARIES, experiment_of
from seedlab.messages.findings import findings_text

FAMILY = '''
"""Python's ``secrets``: numbers that nobody can seed."""

from seedlab.errors import ChoiceError
from seedlab.study.controls import Control, Placement, Station, TimelineControl
from seedlab.study.family import NOT_SET, Family
from seedlab.study.script import ScriptWriter


class BitsControl(Control, frozen=True, kw_only=True):
    """A number of bits, written like ``16 bits``."""

    @property
    def takes(self):
        return "a number and the word bits"

    def read(self, text):
        number, _, word = text.partition(" ")
        if word != "bits" or not number.isdigit():
            raise self.wrong(text, "Write it like: 16 bits.")
        return int(number)

    def write(self, value):
        return f"{value} bits"

    def check(self, value):
        if not isinstance(value, int) or not 1 <= value <= 64:
            raise self.wrong(value, "Choose from 1 to 64 bits.")


def write_script(experiment):
    writer = ScriptWriter()
    writer.line("import secrets")
    writer.line(f"number = secrets.randbits({experiment['width']})")
    writer.line('print("number:", number)')
    return writer.script()


FAMILY = Family(
    name="made-up",
    title="Made up",
    order=99,
    package=None,
    controls=(
        TimelineControl(default="none", unset=NOT_SET, timeline=(Station("randbits"),)),
        BitsControl(name="width", title="Width", about="How many bits a number has.", default=16),
    ),
    write_script=write_script,
    count_values=lambda experiment: 1,
    doors=("secrets.randbits",),
)
'''
DOORS = '''
def watch_randbits(module, observer):
    """Observe ``secrets.randbits``."""
    randbits = module.randbits

    def observed(*args, **kwargs):
        observer.source("taken", "made-up", "system", "secrets.randbits")
        return randbits(*args, **kwargs)

    module.randbits = observer.stand_in(randbits, observed)


DOORS = (("secrets.randbits", ("secrets",), watch_randbits),)
RENEWALS = {}
'''
RULES = """
from seedlab.evidence.finding import AnnotationKind, Finding, Note, Seeding


def explain(evidence):
    for event in evidence.trace.trace[: evidence.end]:
        if event.library == "made-up":
            lines = (event.line,) if event.line is not None else ()
            return Finding.of("made-up.nobody-can-seed", lines=lines, seeding=Seeding.UNSEEDED, line=event.line)
    return None


def annotate(position, trace):
    if trace.trace[position].library == "made-up":
        return Note(AnnotationKind.SYSTEM, Finding.of("made-up.taken"))
    return None
"""
MESSAGES = """
SENTENCES = {
    "made-up.nobody-can-seed": "The number of line {line} comes from the system, and nobody can seed it.",
    "made-up.taken": "taken from the system",
}
REASONS = {"made-up.nobody-can-seed": "nobody can seed it"}
"""
PARTS = {"family": FAMILY, "doors": DOORS, "rules": RULES, "messages": MESSAGES}
WORDS = "The number of line 2 comes from the system, and nobody can seed it."


@pytest.fixture
def made_up(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "made_up"
    folder.mkdir()
    for name, source in PARTS.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    with LIBRARIES.including(folder):
        yield
    assert "made-up" not in FAMILIES


def run_it(*options: str) -> int:
    return main(["run", "--library", "made-up", "--runs", "2", *options], lambda _python, _document: 0)


@pytest.mark.usefixtures("made_up")
def test_its_choice_is_an_option_that_the_new_kind_of_control_reads(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--help"], lambda _python, _document: 0)
    assert "a number and the word bits" in " ".join(capfd.readouterr().out.split())
    assert run_it("--width", "9 bits", "--json", "-") == 0
    assert json.loads(capfd.readouterr().out)["experiments"][0]["experiment"]["width"] == 9
    assert run_it("--width", "9") == 2
    assert "Write it like: 16 bits." in capfd.readouterr().err
    assert run_it("--width", "65 bits") == 2
    assert "Choose from 1 to 64 bits." in capfd.readouterr().err


@pytest.mark.usefixtures("made_up")
def test_its_draws_are_observed_at_its_door_and_explained_in_its_words(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_it("--json", "-") == 0
    lab = from_json(capfd.readouterr().out.encode(), "it")
    (column,) = lab.columns
    for run in column.runs:
        (event,) = run.trace
        assert (event.library, event.state, event.door, event.line) == ("made-up", "system", "secrets.randbits", 2)
        assert [draw.label for draw in run.draws] == ["number"]
    (analysed,) = analyse(lab.columns).columns
    (explanation,) = analysed.summary.explanations
    assert findings_text(explanation.all_findings) == WORDS
    assert run_it() == 0
    assert WORDS in " ".join(capfd.readouterr().out.split())


@pytest.mark.usefixtures("made_up")
def test_its_control_is_in_the_panel(qtbot: QtBot) -> None:
    form = ExperimentForm(themes.LIGHT, experiment_of("made-up"))
    qtbot.addWidget(form)
    editor = form.editor("width")
    assert isinstance(editor, QComboBox)
    assert editor.currentText() == "16 bits"
    with qtbot.waitSignal(form.choice_made) as made:
        editor.setEditText("12 bits")
    assert made.args == ["width", 12]
    with qtbot.assertNotEmitted(form.choice_made):
        editor.setEditText("many bits")
    assert "Write it like" in editor.toolTip()
