"""A library that somebody adds as one folder: its own door, kind of control and finding, and no other file touched."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import analyse
from seedlab.analysis.lineage import Assignments
from seedlab.cli.main import main
from seedlab.documents.reading import from_json
from seedlab.engine.executors.choice import why_cold
from seedlab.errors import LibraryError
from seedlab.figure import theme as themes
from seedlab.figure.script_block import excerpt_of
from seedlab.gui.experiment_form import ExperimentForm
from seedlab.gui.main_window import MainWindow
from seedlab.gui.runner_thread import RunnerThread
from seedlab.libraries.registry import FAMILIES, LIBRARIES, experiment_of
from seedlab.messages.findings import findings_text
from seedlab.results.environment import Interpreter
from seedlab.session.settings import SavedColumn, Settings
from seedlab.study.experiment import Experiment
from seedlab.study.script import Script
from tests.helpers.starting import request_of

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

    def beside(self, value, interpreter):
        return value, 8


def write_script(experiment):
    writer = ScriptWriter()
    writer.line("import secrets")
    if experiment["place"] == "start":
        writer.seed_line("secrets.randbits(8)")
    writer.line(f"number = secrets.randbits({experiment['width']})")
    writer.line('print("number:", number)')
    return writer.script()


START = Placement("start", "at the start", "A first number is thrown away.")
FAMILY = Family(
    name="made-up",
    title="Made up",
    order=99,
    package=None,
    controls=(
        TimelineControl(name="place", default="none", unset=NOT_SET, timeline=(START, Station("randbits"))),
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
CAPABILITIES = """
from seedlab.study.capabilities import Capabilities

CAPABILITIES = Capabilities(
    title="Made up",
    usual_names=(("sec", "secrets"),),
    drawing_names=("token",),
    telling_attributes=("choice",),
)
"""
PARTS = {"family": FAMILY, "doors": DOORS, "rules": RULES, "messages": MESSAGES, "capabilities": CAPABILITIES}
WORDS = "The number of line 2 comes from the system, and nobody can seed it."


def written(folder: Path, parts: dict[str, str]) -> Path:
    """The folder of the library, in ``folder``."""
    library = folder / "made_up"
    library.mkdir()
    for name, source in parts.items():
        (library / f"{name}.py").write_text(source, encoding="utf-8")
    return library


@pytest.fixture
def made_up(tmp_path: Path) -> Iterator[Experiment]:
    with LIBRARIES.including(written(tmp_path, PARTS)):
        yield experiment_of("made-up")
    assert "made-up" not in FAMILIES


@pytest.fixture
def window(made_up: Experiment, qtbot: QtBot) -> Iterator[MainWindow]:
    """The whole window with one column of the library."""
    runner = RunnerThread()
    window = MainWindow(runner, Settings(columns=(SavedColumn.of(made_up),)))
    qtbot.addWidget(window, before_close_func=lambda _: window.documents.document.let_go())
    runner.start()
    runner.interpreter_found.emit(Interpreter(executable=sys.executable, python="3"))
    with qtbot.waitExposed(window):
        window.show()
    yield window
    runner.close()


def run_it(*options: str) -> int:
    return main(["run", "--library", "made-up", "--runs", "2", *options], lambda _python, _document, _is_talk: 0)


@pytest.mark.usefixtures("made_up")
def test_its_choice_is_an_option_that_the_new_kind_of_control_reads(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--help"], lambda _python, _document, _is_talk: 0)
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
        # Python's own door, through which secrets asks, sees it as well.
        (event,) = (event for event in run.trace if event.library == "made-up")
        assert (event.library, event.state, event.door, event.line) == ("made-up", "system", "secrets.randbits", 2)
        assert [draw.label for draw in run.draws] == ["number"]
    (analysed,) = analyse(lab.columns).columns
    (explanation,) = analysed.summary.explanations
    assert findings_text(explanation.findings[:1]) == WORDS
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


def test_its_places_are_chosen_in_the_panel_and_on_the_stage(window: MainWindow) -> None:
    session, timeline = window.session, window.panel.experiment_form.timeline
    buttons = {button.text(): button for button in window.stage_bar.findChildren(QPushButton)}
    buttons["at the start"].click()
    assert session.experiment["place"] == "start"
    assert timeline.slot("start").isChecked()
    timeline.slot("none").click()
    assert session.experiment["place"] == "none"
    assert buttons["not set"].isChecked()
    # There is no seed to show in the slots.
    assert not window.grab().isNull()


def test_its_comparison_is_a_command_and_what_it_cannot_compare_is_said(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    window.commands["compare_seeds"].trigger()
    assert window.comparison.message_label.text().startswith("There is nothing to lay beside this choice")
    assert len(session.arrangement.lanes) == 1
    window.compare_menu.fill()
    assert window.commands["compare_second"].text() == "Compare: width"
    window.commands["compare_second"].trigger()
    qtbot.waitUntil(lambda: not session.is_busy and window.comparison.is_complete, timeout=60_000)
    assert session.arrangement.names == ("width 16 bits", "width 8 bits")
    assert all(len(lane.column.runs) == session.settings.runs for lane in session.arrangement.lanes)


@pytest.mark.usefixtures("made_up")
def test_its_column_is_exported_without_a_device_that_it_has_not(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    table, picture = tmp_path / "it.md", tmp_path / "it.svg"
    assert run_it("--place", "start", "--export", str(table), "--export", str(picture), "--json", "-") == 0
    (experiment,) = json.loads(capfd.readouterr().out)["experiments"]
    assert experiment["name"] == "start"
    assert experiment["interpreter"]["device"] is None
    last = table.read_text(encoding="utf-8").splitlines()[-1]
    assert "started cold" in last
    assert "device" not in last
    assert picture.stat().st_size


def test_its_capabilities_say_how_its_scripts_are_read(request: pytest.FixtureRequest) -> None:
    drawing, using, telling = "a = 1\nb = token()\n", "print(sec.roll())\n", "import random\nrandom.choice([1])\n"
    assert excerpt_of(Script(drawing), {}) == {1, 2}
    assert why_cold(request_of(telling)) == ""
    request.getfixturevalue("made_up")
    assert excerpt_of(Script(drawing), {}) == {2}
    assert "secrets.roll" in Assignments(using).of_line(1).names
    assert why_cold(request_of(telling)) == "line 2: it uses .choice, which can tell a fork from a fresh process"


@pytest.mark.parametrize(
    ("family", "lack"),
    [
        ("", "no family called FAMILY"),
        (
            FAMILY.replace("TimelineControl(", "Control(title='', about='', ").replace(
                'unset=NOT_SET, timeline=(START, Station("randbits"))', ""
            ),
            "no timeline",
        ),
        (FAMILY.replace("package=None", "package=None, seed='key'"), "no control for its seed, “key”"),
    ],
)
def test_a_family_that_lacks_something_is_refused_in_words(tmp_path: Path, family: str, lack: str) -> None:
    known = dict(FAMILIES)
    folder = written(tmp_path, {"family": family})
    with pytest.raises(LibraryError, match=f"The library “made_up” states {lack}.*Mend"), LIBRARIES.including(folder):
        pass
    assert dict(FAMILIES) == known
