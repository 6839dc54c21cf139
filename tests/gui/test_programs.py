"""Persons' own scripts in the window: opened, given something, run where they lie, asked about, watched, recovered."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from seedlab.documents.programs import column_of_script
from seedlab.export.exporting import write_export
from seedlab.figure.theme import LIGHT
from seedlab.gui import file_dialogs
from seedlab.gui.effects_dialog import EffectsDialog
from seedlab.gui.main_window import MainWindow
from seedlab.gui.recovery_dialog import RecoveryDialog
from seedlab.gui.script_watcher import ScriptWatcher
from seedlab.gui.sources_list import SourcesList
from seedlab.gui.trust_dialog import TrustDialog
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw
from seedlab.results.run import Outcome
from seedlab.session.recovery import Keeper
from seedlab.study.lab import Column, Lab
from seedlab.study.program import Program
from tests.gui.acting import click, figure_of, press_keys, run_to_end
from tests.gui.conftest import RUN_TIMEOUT_MS, THIS_PYTHON, quick_settings
from tests.gui.test_document_files import choose, drop, wait_for_desk
from tests.helpers.values import draw, run, seed_set

CONTROL = Qt.KeyboardModifier.ControlModifier
TEXT = """import os, sys
print("arguments:", " ".join(sys.argv[1:]))
print("folder:", os.getcwd())
print("variable:", os.environ.get("SHADE"))
"""


@pytest.fixture
def window(make_window: Callable[..., MainWindow], tmp_path: Path) -> MainWindow:
    return make_window(settings=quick_settings(), answer=THIS_PYTHON, recovery_folder=tmp_path / "recovery")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    path = folder / "train.py"
    path.write_text(TEXT)
    return path


def open_file(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    window.documents.open(path)
    wait_for_desk(window, qtbot)


def column_of(window: MainWindow) -> Column:
    return window.session.arrangement.lane.column


def program_of(window: MainWindow) -> Program:
    program = window.session.arrangement.lane.program
    assert program is not None
    return program


def printed(window: MainWindow, label: str) -> list[str]:
    """What each run printed after ``label``."""
    lines = [line for run in column_of(window).runs for line in run.text.splitlines()]
    return [line.partition(": ")[2] for line in lines if line.startswith(f"{label}: ")]


def subtitle(window: MainWindow) -> str:
    return window.comparison.subtitle_label.text()


# --- opening -----------------------------------------------------------------------------------


def test_a_script_that_is_dropped_runs_where_it_lies_and_nobody_is_asked(
    window: MainWindow, qtbot: QtBot, script: Path
) -> None:
    drop(window, script)
    wait_for_desk(window, qtbot)
    assert window.windowTitle() == "train.py"
    assert window.panel.program_form.isVisible()
    assert window.panel.program_form.file_button.text() == "train.py"
    run_to_end(window, qtbot)
    assert window.findChild(TrustDialog) is None
    assert printed(window, "folder") == [str(script.parent)] * 3
    assert window.session.settings.recent == (str(script),)


def test_scripts_that_are_dropped_together_stand_side_by_side(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    other = script.with_name("other.py")
    other.write_text("print('x:', 2)\n", encoding="utf-8")
    drop(window, script, other)
    wait_for_desk(window, qtbot)
    assert window.session.arrangement.names == ("train.py", "other.py")
    run_to_end(window, qtbot, window.run_all)
    assert [len(column.runs) for column in window.session.arrangement.columns] == [3, 3]


def paste(window: MainWindow, qtbot: QtBot, data: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(data)
    window.setFocus()
    press_keys(window, qtbot, Qt.Key.Key_V, CONTROL)
    wait_for_desk(window, qtbot)


def test_a_script_that_is_pasted_is_a_new_column(window: MainWindow, qtbot: QtBot) -> None:
    before = window.session.arrangement.names
    copied = QMimeData()
    copied.setText("import random\r\nrandom.seed(3)\r\nprint('x:', random.random())")
    paste(window, qtbot, copied)
    assert window.session.arrangement.names == (*before, "pasted")
    assert window.session.message == "pasted is a new column: press Run."
    run_to_end(window, qtbot)
    assert column_of(window).script == "import random\nrandom.seed(3)\nprint('x:', random.random())\n"
    assert window.findChild(TrustDialog) is None
    assert figure_of(window).cell("x", 1).verdict_text == "=  repeats"
    window.session.undo()
    assert window.session.arrangement.names == before


def test_files_of_scripts_that_are_pasted_run_where_they_lie(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    before = window.session.arrangement.names
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(script))])
    paste(window, qtbot, copied)
    assert window.session.arrangement.names == (*before, "train.py")
    assert program_of(window).path == str(script)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dear all,\nit changes.", "That is no Python, line 1: invalid syntax. Copy a whole script, or open its file."),
        ("", "There is no script to paste. Copy one, or its file, first."),
        ("# nothing\n", "There is no script to paste. Copy one, or its file, first."),
        ("x = '" + "a" * 10_000_000 + "'", "A script has at most 1,000,000 characters, and this has 10,000,007."),
    ],
    ids=["a letter", "nothing", "a comment", "too long"],
)
def test_what_is_no_script_is_not_pasted(window: MainWindow, qtbot: QtBot, text: str, said: str) -> None:
    before = window.session.arrangement
    copied = QMimeData()
    copied.setText(text)
    paste(window, qtbot, copied)
    assert window.session.message.startswith(said)
    assert window.session.arrangement == before


def test_where_there_is_no_room_nothing_is_pasted(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(30):
        window.session.arrange(window.session.arrangement.duplicate())
    before = window.session.arrangement
    copied = QMimeData()
    copied.setText("print('x:', 1)")
    paste(window, qtbot, copied)
    assert window.session.arrangement == before
    assert window.session.message.startswith("There is no room for more columns: 24 stand")


def test_a_script_that_is_named_from_a_terminal_works_where_that_is(
    window: MainWindow, qtbot: QtBot, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(script.parent.parent)
    open_file(window, Path("work/train.py"), qtbot)
    assert (program_of(window).name, program_of(window).folder) == ("work/train.py", str(script.parent.parent))
    assert program_of(window).path == str(script)


def test_the_form_is_there_for_own_scripts_alone(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    assert not window.panel.program_form.isVisible()
    open_file(window, script, qtbot)
    assert window.panel.program_form.isVisible()
    window.session.editing.choose_library("numpy")
    assert not window.panel.program_form.isVisible()
    window.session.undo()
    assert window.panel.program_form.isVisible()


# --- what it is given --------------------------------------------------------------------------


def test_what_is_typed_is_what_runs(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_file(window, script, qtbot)
    form = window.panel.program_form
    form.arguments.box.setFocus()
    qtbot.keyClicks(form.arguments.box, "--data 'my file.csv' +")
    qtbot.keyClick(form.arguments.box, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is form.variables.box
    qtbot.keyClicks(form.variables.box, "SHADE=dark blue")
    qtbot.keyClick(form.variables.box, Qt.Key.Key_Tab)
    qtbot.keyClicks(form.compares.box, "*.npy 'a b'")
    assert program_of(window).compares == ("*.npy", "a b")
    run_to_end(window, qtbot, lambda: press_keys(window, qtbot, Qt.Key.Key_R, CONTROL))
    assert printed(window, "arguments") == ["--data my file.csv +"] * 3
    assert printed(window, "variable") == ["dark blue"] * 3


def test_a_change_marks_what_was_run_and_can_be_undone(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_file(window, script, qtbot)
    run_to_end(window, qtbot)
    form = window.panel.program_form
    qtbot.keyClicks(form.arguments.box, "--epochs 2")
    qtbot.waitUntil(lambda: subtitle(window) == "train.py shows the earlier settings. Press Run to update it.")
    assert window.comparison.columns_bar.tabText(0) == "train.py (changed, not run yet)"
    window.commands["undo"].trigger()
    assert form.arguments.text == ""
    qtbot.waitUntil(lambda: "earlier" not in subtitle(window))
    window.commands["redo"].trigger()
    assert form.arguments.text == "--epochs 2"


def test_a_quotation_that_is_not_closed_is_said_beside_it_and_nothing_runs(
    window: MainWindow, qtbot: QtBot, script: Path
) -> None:
    open_file(window, script, qtbot)
    form = window.panel.program_form
    qtbot.keyClicks(form.arguments.box, "one 'two")
    assert form.arguments.problem_label.isVisible()
    assert "quotation mark" in form.arguments.problem
    assert program_of(window).arguments == ("one",)
    click(window.panel.run_controls.run_button, qtbot)
    assert not window.session.is_busy
    assert "Arguments" in window.comparison.message_label.text()
    assert QApplication.focusWidget() is form.arguments.box
    qtbot.keyClicks(form.arguments.box, "'")
    assert not form.arguments.problem_label.isVisible()
    assert program_of(window).arguments == ("one", "two")
    run_to_end(window, qtbot)
    qtbot.keyClicks(form.variables.box, "SHADE")
    assert form.variables.problem.startswith("Line 1")


@pytest.mark.parametrize("is_edited", [False, True])
def test_every_field_is_reached_by_tab_in_order(
    window: MainWindow, qtbot: QtBot, script: Path, is_edited: bool
) -> None:
    open_file(window, script, qtbot)
    if is_edited:
        window.session.editing.edit_script("print('x:', 1)\n")
    form, engine = window.panel.program_form, window.panel.engine_form
    form.file_button.setFocus()
    # The way back is there only where there is something to go back from, and a file is only made where there is none.
    hidden = [form.save_button] if is_edited else [form.save_button, form.back_button]
    fields = [field for field in form.fields if field not in hidden]
    reached = []
    for _ in (*fields, engine.boxes[0]):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert reached == [*fields, engine.boxes[0]]


def test_each_column_has_its_own(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_file(window, script, qtbot)
    form = window.panel.program_form
    window.commands["pin"].trigger()
    qtbot.keyClicks(form.arguments.box, "'right")
    window.session.select(0)
    assert (form.arguments.text, form.arguments.problem) == ("", "")
    qtbot.keyClicks(form.arguments.box, "left")
    window.session.select(1)
    assert form.arguments.text == ""
    assert [lane.column.program.arguments for lane in window.session.arrangement.lanes if lane.column.program] == [
        ("left",),
        (),
    ]


def test_another_file_and_folder_are_chosen(
    window: MainWindow, qtbot: QtBot, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_file(window, script, qtbot)
    elsewhere = script.parent.parent / "else"
    elsewhere.mkdir()
    (elsewhere / "other.py").write_text(TEXT)
    form = window.panel.program_form
    monkeypatch.setattr(file_dialogs, "file_to_open", lambda *_: str(elsewhere / "other.py"))
    qtbot.keyClick(form.file_button, Qt.Key.Key_Space)
    assert form.file_button.text() == "other.py"
    assert program_of(window).folder == str(elsewhere)
    monkeypatch.setattr(file_dialogs, "folder_to_use", lambda *_: str(script.parent))
    click(form.folder_button, qtbot)
    run_to_end(window, qtbot)
    assert printed(window, "folder") == [str(script.parent)] * 3
    monkeypatch.setattr(file_dialogs, "file_to_open", lambda *_: "")
    click(form.file_button, qtbot)
    assert form.file_button.text() == "other.py"


def test_a_script_without_a_file_gets_one(
    window: MainWindow, qtbot: QtBot, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.session.show_lab(Lab.of([Column(name="copy", experiment=None, script="print('x:', 1)\n")]))
    form = window.panel.program_form
    assert not form.arguments.isVisible()
    monkeypatch.setattr(file_dialogs, "file_to_open", lambda *_: str(script))
    click(form.file_button, qtbot)
    assert form.arguments.isVisible()
    assert (program_of(window).path, column_of(window).script) == (str(script), TEXT)


def test_what_would_read_other_than_it_is_can_only_be_looked_at(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    column = column_of_script(str(script), folder=str(script.parent), environment=[("A", "1\n2"), ("B", "\u202e")])
    window.session.show_lab(Lab.of([column]))
    box = window.panel.program_form.variables.box
    assert box.isReadOnly()
    assert "\\u202e" in window.panel.program_form.variables.text
    qtbot.keyClicks(box, "C=1")
    assert program_of(window).environment == (("A", "1\n2"), ("B", "\u202e"))


# --- effects -----------------------------------------------------------------------------------


def open_and_run_with_effects(window: MainWindow, script: Path, qtbot: QtBot) -> tuple[EffectsDialog, Path]:
    """Run a script that writes outside its folder, until it is asked about; gives the dialog and what it writes."""
    log = script.parent.parent / "log.txt"
    script.write_text(f"with open({str(log)!r}, 'a') as log:\n    log.write('x')\nprint('x:', 1)\n")
    open_file(window, script, qtbot)
    click(window.panel.run_controls.run_button, qtbot)
    qtbot.waitUntil(lambda: window.session.runs.question is not None, timeout=RUN_TIMEOUT_MS)
    dialog = window.findChild(EffectsDialog)
    assert dialog is not None
    assert log.read_text() == "x"
    return dialog, log


def test_what_the_first_run_did_elsewhere_is_asked_about_before_any_more(
    window: MainWindow, qtbot: QtBot, script: Path
) -> None:
    dialog, log = open_and_run_with_effects(window, script, qtbot)
    assert dialog.list.toPlainText() == f"wrote {log}"
    assert dialog.more_button.text() == "Make 2 more runs"
    assert dialog.cancel_button.isDefault()
    assert "waiting for your answer" in window.status.progress_label.text()
    click(dialog.more_button, qtbot)
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=RUN_TIMEOUT_MS)
    assert len(column_of(window).runs) == 3
    assert log.read_text() == "xxx"
    run_to_end(window, qtbot)
    assert window.findChild(EffectsDialog) is None, "agreed to once, it need not be asked for again"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_whoever_presses_a_key_without_reading_gets_no_more_runs(
    window: MainWindow, qtbot: QtBot, script: Path, key: Qt.Key
) -> None:
    dialog, log = open_and_run_with_effects(window, script, qtbot)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.cancel_button)
    qtbot.keyClick(dialog.cancel_button, key)
    qtbot.waitUntil(lambda: window.findChild(EffectsDialog) is None)
    assert not window.session.is_busy
    assert window.panel.run_controls.run_button.isEnabled()
    assert len(column_of(window).runs) == 1
    assert log.read_text() == "x"
    assert window.comparison.message_label.text() == "2 more runs were not made."


def test_a_window_that_closes_takes_the_question_with_it(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    _, log = open_and_run_with_effects(window, script, qtbot)
    window.documents.document.let_go()
    window.close()
    qtbot.waitUntil(lambda: window.findChild(EffectsDialog) is None)
    assert log.read_text() == "x"
    assert not window.isVisible()


def test_what_ends_the_runs_ends_the_question(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_and_run_with_effects(window, script, qtbot)
    window.session.runs.stop()
    qtbot.waitUntil(lambda: window.findChild(EffectsDialog) is None)
    assert not window.session.is_busy
    assert len(column_of(window).runs) == 1


# --- the file on disk --------------------------------------------------------------------------


def replace_file(path: Path, text: str) -> None:
    """Write as editors do: a new file takes the place of the old one."""
    new = path.with_suffix(".new")
    new.write_text(text)
    os.replace(new, path)


def test_a_file_that_an_editor_has_replaced_marks_the_results(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_file(window, script, qtbot)
    run_to_end(window, qtbot)
    for number in (1, 2):
        # Twice, as the watch must survive the first time.
        changed = f"{TEXT}print('number:', {number})\n"
        replace_file(script, changed)
        qtbot.waitUntil(lambda: "shows runs of the text before it changed" in subtitle(window))
        assert "train.py has changed on disk" in window.status.progress_label.text()
        assert figure_of(window).script_block().text == changed.rstrip("\n")
        run_to_end(window, qtbot)
        assert window.comparison.message_label.text() == "train.py has changed on disk: the new text runs."
        assert printed(window, "number") == [str(number)] * 3
        assert "before it changed" not in subtitle(window)


def test_two_changes_in_quick_succession_show_the_last(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_file(window, script, qtbot)
    first, last = TEXT.replace("SHADE", "FIRST"), TEXT.replace("SHADE", "LATER")
    script.write_text(first)
    script.write_text(last)
    qtbot.waitUntil(lambda: column_of(window).script == last)
    script.write_text(first)
    replace_file(script, TEXT)
    qtbot.waitUntil(lambda: column_of(window).script == TEXT)


def test_a_file_that_is_removed_is_said_and_comes_back(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_file(window, script, qtbot)
    run_to_end(window, qtbot)
    before = column_of(window)
    script.unlink()
    label = window.panel.program_form.file_label
    qtbot.waitUntil(label.isVisible)
    assert "not there any more" in window.status.progress_label.text()
    click(window.panel.run_controls.run_button, qtbot)
    assert not window.session.is_busy
    assert "cannot be read" in window.comparison.message_label.text()
    assert column_of(window) is before, "nothing is lost"
    script.write_text(TEXT)
    qtbot.waitUntil(lambda: not label.isVisible())
    run_to_end(window, qtbot)


def test_a_folder_that_goes_and_comes_back_is_waited_for(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_file(window, script, qtbot)
    away = script.parent.rename(script.parent.with_name("away"))
    qtbot.waitUntil(window.panel.program_form.file_label.isVisible)
    away.rename(script.parent)
    qtbot.waitUntil(lambda: not window.panel.program_form.file_label.isVisible())
    script.write_text("print('x:', 2)\n")
    qtbot.waitUntil(lambda: column_of(window).script == "print('x:', 2)\n")


def test_only_what_is_shown_is_watched(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_file(window, script, qtbot)
    watcher = window.findChild(ScriptWatcher)
    assert watcher is not None
    assert watcher.paths == {str(script)}
    window.session.editing.choose_library("numpy")
    assert watcher.paths == set()


# --- what came with a document -----------------------------------------------------------------


def open_document(window: MainWindow, script: Path, qtbot: QtBot, text: str = TEXT) -> None:
    """Open a document whose program names ``script``, with another text on request."""
    column = column_of_script(
        str(script), folder=str(script.parent), arguments=["--epochs", "2"], environment=[("SHADE", "blue")]
    )
    path = script.parent.parent / "strange.seedlab"
    write_export(Lab.of([replace(column, script=text)]), path)
    open_file(window, path, qtbot)


def asked(window: MainWindow) -> tuple[TrustDialog, str]:
    """Press Run; gives the dialog and all that its labels say."""
    window.run()
    dialog = window.findChild(TrustDialog)
    assert dialog is not None
    return dialog, "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_the_dialog_says_what_would_run_where_and_with_what(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_document(window, script, qtbot)
    dialog, said = asked(window)
    assert f"python {script} --epochs 2" in said
    assert str(script.parent) in said
    assert "SHADE=blue" in said
    assert f"{script} is there, with the text that the document has." in said
    assert dialog.leave_button.isDefault()
    run_to_end(window, qtbot, lambda: click(dialog.run_button, qtbot))
    assert printed(window, "arguments") == ["--epochs 2"] * 3
    assert printed(window, "variable") == ["blue"] * 3


def test_the_text_on_disk_is_shown_where_it_is_another(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_document(window, script, qtbot, "print('x:', 1)\n")
    dialog, said = asked(window)
    assert "another text than in the document" in said
    text = dialog.findChild(QPlainTextEdit)
    assert isinstance(text, QPlainTextEdit)
    assert text.toPlainText() == TEXT
    script.write_text(TEXT.replace("SHADE", "OTHER"))
    click(dialog.run_button, qtbot)
    assert not window.session.is_busy, "that is not what was shown"
    qtbot.waitUntil(lambda: len(window.findChildren(TrustDialog)) == 1)
    (again,) = window.findChildren(TrustDialog)
    assert again is not dialog
    run_to_end(window, qtbot, lambda: click(again.run_button, qtbot))


def test_a_file_that_is_not_there_cannot_run(window: MainWindow, qtbot: QtBot, script: Path) -> None:
    open_document(window, script, qtbot)
    script.unlink()
    dialog, said = asked(window)
    assert f"{script} cannot be read" in said
    assert not dialog.run_button.isEnabled()
    click(dialog.leave_button, qtbot)
    qtbot.waitUntil(lambda: window.findChild(TrustDialog) is None)


# --- recovery ----------------------------------------------------------------------------------


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_program_comes_back_and_is_trusted_with_the_same_text(
    window: MainWindow, qtbot: QtBot, script: Path, tmp_path: Path, *, is_changed: bool
) -> None:
    column = column_of_script(str(script), folder=str(script.parent), arguments=["--epochs", "2"])
    keeper = Keeper(tmp_path / "recovery")
    assert keeper.keep(Lab.of([replace(column, runs=(run(1, draw("x", 1)),))]))
    keeper.close()
    if is_changed:
        script.write_text("print('x:', 2)\n")
    window.documents.offer_recovery(window.theme)
    qtbot.waitUntil(lambda: window.findChild(RecoveryDialog) is not None)
    dialog = window.findChild(RecoveryDialog)
    assert dialog is not None
    click(next(button for button in dialog.findChildren(QPushButton) if button.isDefault()), qtbot)
    qtbot.waitUntil(lambda: window.findChild(RecoveryDialog) is None)
    assert program_of(window).arguments == ("--epochs", "2")
    assert window.panel.program_form.arguments.text == "--epochs 2"
    if is_changed:
        trust, _ = asked(window)
        click(trust.leave_button, qtbot)
        qtbot.waitUntil(lambda: window.findChild(TrustDialog) is None)
    else:
        run_to_end(window, qtbot)
        assert printed(window, "arguments") == ["--epochs 2"] * 3


def test_the_panel_lists_where_random_numbers_come_from(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "train.py"
    path.write_text("import random\nrandom.seed(1)\nleak = random.Random()\nprint('a:', leak.random())\n")
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    shown = window.panel.program_form.sources
    assert shown.texts == []
    run_to_end(window, qtbot)
    assert window.session.arrangement.lane.column.influence is None
    assert shown.texts == ["Line 2: random.seed()", "seed 1", "Line 3: random.Random()", "no seed"]
    window.session.uncovered = 0
    window._show()
    assert not shown.isVisible()
    window.session.uncovered = None
    press_keys(window, qtbot, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=RUN_TIMEOUT_MS)
    qtbot.waitUntil(lambda: "no seed: moves a" in shown.texts, timeout=RUN_TIMEOUT_MS)
    assert shown.isVisible()
    assert "seed 1: moves nothing" in shown.texts
    path.write_text("print('a:', 1)\n")
    title = shown.findChildren(QLabel)[0]
    qtbot.waitUntil(lambda: title.text() == "Sources in the runs that are shown", timeout=RUN_TIMEOUT_MS)
    run_to_end(window, qtbot)
    assert shown.texts == ["None was seen: nothing asked for a random number."]


def test_the_panel_claims_nothing_of_sources_that_were_not_tried(qtbot: QtBot) -> None:
    shown = SourcesList(LIGHT)
    qtbot.addWidget(shown)
    traces = [(seed_set(1, "python", seed),) for seed in (5, 6)]
    failed = run(1, outcome=Outcome.FAILED)
    made = Column(name="a", experiment=None, script="", runs=(failed,))
    shown.show_column(made, is_earlier=False)
    assert shown.texts == []
    finished = [run(n, draw("x", n), draw("y", n), trace=trace) for n, trace in enumerate(traces, 2)]
    made = replace(made, runs=(failed, *finished))
    shown.show_column(made, is_earlier=False)
    assert shown.texts == ["Line 1: random.seed()", "other seeds"]
    source = InfluenceSource(id="s1", kind="set", library="python", state="global", door="random.seed", line=1, seed=5)
    looked_at = MovedDraw(label="x", repeats=False)
    known = Influence(sources=(source,), draws=(looked_at,), runs=5)
    for influence in (known, replace(known, is_partial=True, draws=(looked_at, replace(looked_at, label="y")))):
        shown.show_column(replace(made, influence=influence), is_earlier=False)
        assert shown.texts == ["Line 1: random.seed()", "seed 5"]
    known = replace(known, draws=(looked_at, replace(looked_at, label="y", not_seen=("s1",))))
    shown.show_column(replace(made, influence=known), is_earlier=False)
    assert shown.texts[1] == "seed 5: was not seen to move anything"


def test_a_pasted_script_is_saved_as_a_file_and_given_arguments(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = QMimeData()
    copied.setText("import sys\nprint('given:', len(sys.argv), sys.argv[1:])\n")
    paste(window, qtbot, copied)
    form = window.panel.program_form
    assert not form.arguments.isVisible()
    choose(monkeypatch, tmp_path / "given.py")
    click(form.save_button, qtbot)
    assert (tmp_path / "given.py").read_text() == window.session.next_text
    assert not form.save_button.isVisible()
    form.arguments.box.setFocus()
    qtbot.keyClicks(form.arguments.box, "--lr 3")
    run_to_end(window, qtbot)
    assert column_of(window).runs[0].text == "given: 3 ['--lr', '3']\n"
    # What a column executes is never written.
    window.commands["save_script"].trigger()
    assert "is never written" in window.session.message
