"""Text from outside in the window: it is letters, and reads as it is."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPlainTextEdit, QProgressDialog, QWidget
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import analyse
from seedlab.figure import Figure, FigureState
from seedlab.figure.theme import LIGHT
from seedlab.gui.background import Background
from seedlab.gui.labels import plain_tool_tip
from seedlab.gui.main_window import MainWindow
from seedlab.gui.trust_dialog import TrustDialog
from seedlab.session.running import TrustNeeded
from seedlab.session.shown import ShownColumn
from seedlab.study.script import Script
from seedlab.work import Work
from tests.gui.acting import click, run_to_end
from tests.helpers.values import column, draw, run

BAD = "<b>a</b>\x1b\u202eb"
SHOWN = r"<b>a</b>\x1b\u202eb"


def test_the_dialog_that_asks_shows_the_script_as_it_runs(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    needed = TrustNeeded(0, (0,), adds_one=False, script=f"allowed = True # {BAD}\n")
    dialog = TrustDialog(BAD, needed, LIGHT, parent)
    script = dialog.findChild(QPlainTextEdit)
    assert isinstance(script, QPlainTextEdit)
    assert script.toPlainText() == f"allowed = True # {SHOWN}\n"
    (about,) = (label for label in dialog.findChildren(QLabel) if "came from a file" in label.text())
    assert SHOWN in about.text()
    assert about.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize("text", ["<img src='x.png'>", "a\n<b>", "<!--"])
def test_a_tool_tip_shows_tags_as_letters(text: str) -> None:
    assert "<" not in plain_tool_tip(text).removeprefix('<p style="white-space: pre-wrap">').removesuffix("</p>")
    assert plain_tool_tip("x[0], run 1\n0.5") == "x[0], run 1\n0.5"


def test_the_drawing_shows_what_would_steer_as_its_escape(qtbot: QtBot) -> None:  # noqa: ARG001  # Fonts need Qt.
    ended = run(1, draw(BAD, [1]), notes=(BAD,))
    made = column(ended, name=BAD, script=f"x = '{BAD}'\n")
    figure = Figure(LIGHT)
    shown = ShownColumn(name=BAD, column=made, script=Script(made.script), origin=BAD)
    figure.show_state(FigureState(columns=(shown,), analysis=analyse([made])))
    figure.fill()
    assert figure.script_block().text == f"x = '{SHOWN}'"
    assert SHOWN in figure.notes_text()
    cell = figure.cell(BAD).sceneBoundingRect()
    texts = [
        hit.text
        for x in range(int(cell.left()), int(cell.right()), 5)
        for y in range(int(cell.top()), int(cell.bottom()), 5)
        if (hit := figure.hit(QPointF(x, y))) is not None
    ]
    assert any(text.startswith(f"{SHOWN}[0], run 1") for text in texts)
    assert not any("\x1b" in text or "\u202e" in text for text in texts)


def test_a_bar_of_progress_shows_the_name_of_a_file_as_letters(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    background = Background(window)

    def work() -> Work[None]:
        yield 0.0

    background.start(f"Opening {BAD}…", work(), lambda _: None, lambda _: None)
    bar = window.findChild(QProgressDialog)
    assert bar is not None
    (label,) = (label for label in bar.findChildren(QLabel) if SHOWN in label.text())
    assert label.textFormat() is Qt.TextFormat.PlainText
    background.cancel()
    background.close()


def test_the_question_whether_to_save_shows_the_name_of_a_file_as_letters(
    quick_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    quick_window.documents.document.note_saved(tmp_path / "<b>a<b>.seedlab", quick_window.session.lab())
    run_to_end(quick_window, qtbot)
    quick_window.documents.ask_to_save(lambda: None)
    box = quick_window.findChild(QMessageBox, "ask_to_save")
    assert box is not None
    assert box.textFormat() is Qt.TextFormat.PlainText
    click(box.button(QMessageBox.StandardButton.Cancel), qtbot)
