"""Taking the comparison away: the dialog, the clipboard, progress and ways out."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QProgressDialog,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from seedlab.errors import DocumentError
from seedlab.gui.background import Background
from seedlab.gui.export_dialog import DATA, PICTURES, ExportDialog
from seedlab.gui.main_window import MainWindow
from seedlab.model.reading import read_lab
from tests.gui.acting import click, link, run_to_end

NOTHING = object()


@pytest.fixture
def dialog(quick_window: MainWindow, qtbot: QtBot) -> ExportDialog:
    run_to_end(quick_window, qtbot)
    click(link(quick_window, "Export"), qtbot)
    dialog = quick_window.findChild(ExportDialog)
    assert dialog is not None
    wait_for_preview(dialog, qtbot)
    return dialog


def wait_for_preview(dialog: ExportDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog._later.isActive() and not dialog.background.is_busy)


def save(dialog: ExportDialog, path: Path, qtbot: QtBot) -> None:
    dialog.save(path)
    qtbot.waitUntil(path.exists)


def test_the_preview_follows_what_is_chosen(dialog: ExportDialog, qtbot: QtBot) -> None:
    wide = dialog.preview_label.pixmap().size()
    dialog.size_box.setCurrentIndex(dialog.size_box.findData("a4"))
    wait_for_preview(dialog, qtbot)
    high = dialog.preview_label.pixmap().size()
    assert wide.width() > wide.height()
    assert high.height() > high.width()
    light = dialog.preview_label.pixmap().toImage().pixelColor(2, 2).lightness()
    dialog.paper_box.setCurrentText("dark")
    wait_for_preview(dialog, qtbot)
    assert dialog.preview_label.pixmap().toImage().pixelColor(2, 2).lightness() < light


@pytest.mark.parametrize("ending", [*PICTURES, *DATA])
def test_each_form_is_written(dialog: ExportDialog, qtbot: QtBot, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"figure{ending}"
    save(dialog, path, qtbot)
    assert path.stat().st_size > 50
    if ending in {".png", ".svg", ".json", ".seedlab"}:
        assert len(read_lab(path).columns[0].runs) == 3


def test_the_button_asks_for_a_name_and_adds_the_ending(
    dialog: ExportDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "figure"), ""))
    click(dialog.save_button, qtbot)
    qtbot.waitUntil((tmp_path / "figure.png").exists)


def test_a_name_that_cannot_be_written_is_said_and_the_dialog_stays(dialog: ExportDialog, tmp_path: Path) -> None:
    dialog.save(tmp_path / "no folder" / "figure.png")
    assert "no folder" in dialog.message_label.text()
    dialog.save(tmp_path / "figure.docx")
    assert "ending" in dialog.message_label.text()
    assert dialog.isVisible()
    assert list(tmp_path.iterdir()) == []


def test_every_control_explains_itself(dialog: ExportDialog) -> None:
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox)
    controls = [control for kind in kinds for control in dialog.findChildren(kind)]
    assert len(controls) >= 10
    assert [control for control in controls if not control.toolTip()] == []


def test_own_size(dialog: ExportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    assert not dialog.width_box.isEnabled()
    dialog.size_box.setCurrentIndex(dialog.size_box.findData("own"))
    dialog.width_box.setValue(900)
    dialog.height_box.setValue(700)
    dialog.scale_box.setValue(1.5)
    save(dialog, tmp_path / "figure.png", qtbot)
    image = QImage(str(tmp_path / "figure.png"))
    assert (image.width(), image.height()) == (1350, 1050)


def test_the_picture_is_copied(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    QGuiApplication.clipboard().clear()
    quick_window.commands["copy_picture"].trigger()
    qtbot.waitUntil(lambda: not quick_window.desk.background.is_busy)
    assert QGuiApplication.clipboard().image().width() > 1000


def test_the_selection_is_copied_as_a_table(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    quick_window.comparison.figure.select("2", 0)
    copy_table(quick_window, qtbot)
    table = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert table[0][1:] == ["element", "run 1", "run 2", "run 3"]
    assert [row[0] for row in table[1:]] == ["2"] * 3
    wanted = [run.draws[1].array for run in quick_window.column.runs]
    assert np.array_equal(np.array([row[2:] for row in table[1:]], float).T, wanted)
    quick_window.comparison.figure.select("", -1)
    copy_table(quick_window, qtbot)
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1 + 6 * 3


def copy_table(window: MainWindow, qtbot: QtBot) -> None:
    window.commands["copy_table"].trigger()
    qtbot.waitUntil(lambda: not window.desk.background.is_busy)


def test_the_command_is_copied(quick_window: MainWindow) -> None:
    quick_window.commands["copy_command"].trigger()
    assert QGuiApplication.clipboard().text() == "seedlab run numpy --runs 3"


# --- work beside the window --------------------------------------------------------------------


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def release() -> threading.Event:
    """What the work in the other thread waits for."""
    return threading.Event()


@pytest.fixture
def background(parent: QWidget, release: threading.Event) -> Iterator[Background]:
    background = Background(parent)
    yield background
    release.set()
    background.close()


def test_long_work_shows_a_bar_and_can_be_cancelled(
    background: Background, parent: QWidget, release: threading.Event, qtbot: QtBot
) -> None:
    results: list[object] = []
    assert background.work("Exporting…", release.wait, results.append, results.append)
    qtbot.waitUntil(lambda: bar_of(parent).isVisible())
    click(cancel_button(parent), qtbot)
    assert not background.is_busy
    release.set()
    background.close()
    QApplication.processEvents()
    assert results == [], "what was cancelled comes to nothing"


def test_long_steps_show_a_bar_and_can_be_cancelled(background: Background, parent: QWidget, qtbot: QtBot) -> None:
    results: list[object] = []

    def steps() -> Iterator[float]:
        while True:
            yield 0.5

    assert background.step_through("Drawing…", steps(), results.append, results.append)
    qtbot.waitUntil(lambda: bar_of(parent).isVisible())
    assert bar_of(parent).value() == 500
    click(cancel_button(parent), qtbot)
    QApplication.processEvents()
    assert results == []


def cancel_button(parent: QWidget) -> QPushButton:
    button = bar_of(parent).findChild(QPushButton)
    assert isinstance(button, QPushButton)
    return button


def bar_of(parent: QWidget) -> QProgressDialog:
    bar = parent.findChild(QProgressDialog)
    assert isinstance(bar, QProgressDialog)
    return bar


def test_short_work_shows_no_bar(background: Background, parent: QWidget, qtbot: QtBot) -> None:
    results: list[object] = []
    background.work("Exporting…", lambda: 7, results.append, results.append)
    bar = bar_of(parent)
    assert not bar.isVisible()
    qtbot.waitUntil(lambda: results == [7])
    assert not background.is_busy


def test_one_piece_of_work_at_a_time(background: Background, release: threading.Event) -> None:
    assert background.work("One", release.wait, lambda _: None, lambda _: None)
    assert not background.work("Two", lambda: None, lambda _: None, lambda _: None)


def test_an_error_is_told(background: Background, qtbot: QtBot) -> None:
    told: list[object] = []

    def fail() -> None:
        raise DocumentError("It is full.", "Make room.")

    background.work("Exporting…", fail, lambda _: told.append(NOTHING), lambda error: told.append(str(error)))
    qtbot.waitUntil(lambda: told == ["It is full. Make room."])

    def steps() -> Iterator[float]:
        yield 0.1
        fail()

    background.step_through("Drawing…", steps(), lambda _: told.append(NOTHING), lambda error: told.append(str(error)))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert NOTHING not in told
