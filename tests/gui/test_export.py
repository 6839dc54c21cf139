"""Taking the comparison away: the dialog, the clipboard, progress and ways out."""

import gc
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QProgressBar,
    QProgressDialog,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import Analysis, Analyst, analyse
from seedlab.documents.files import read_lab
from seedlab.errors import DocumentError
from seedlab.export.picture import Picture
from seedlab.figure.theme import DARK, LIGHT
from seedlab.gui import file_dialogs
from seedlab.gui.background import Background
from seedlab.gui.export_dialog import DATA, PICTURES, ExportDialog
from seedlab.gui.main_window import MainWindow
from seedlab.session.picture_options import SIZES, PictureOptions
from seedlab.session.settings import ExportChoices
from seedlab.study.lab import Column
from seedlab.work import Work, one_step
from tests.gui.acting import click, is_drawn, link, run_to_end, show_columns
from tests.helpers.comparisons import three_placements, wide_lab

T = TypeVar("T")
NOTHING = object()
LARGE_MS = 30_000
"""For the largest picture, on a machine that does other things, too."""


@pytest.fixture
def dialog(quick_window: MainWindow, qtbot: QtBot) -> ExportDialog:
    run_to_end(quick_window, qtbot)
    click(link(quick_window, "Export"), qtbot)
    dialog = quick_window.findChild(ExportDialog)
    assert dialog is not None
    wait_for_preview(dialog, qtbot)
    return dialog


def wait_for_preview(dialog: ExportDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog._later.isActive() and not dialog.background.is_busy, timeout=LARGE_MS)


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


def test_the_button_asks_for_a_name_with_the_ending(
    dialog: ExportDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_dialogs, "file_to_save", lambda *asked: f"{tmp_path / 'figure'}{asked[-1]}")
    click(dialog.save_button, qtbot)
    qtbot.waitUntil((tmp_path / "figure.png").exists)


def test_a_name_that_cannot_be_written_is_said_and_the_dialog_stays(
    dialog: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog.save(tmp_path / "no folder" / "figure.png")
    qtbot.waitUntil(lambda: "no folder" in dialog.message_label.text())
    dialog.save(tmp_path / "figure.docx")
    qtbot.waitUntil(lambda: "ending" in dialog.message_label.text())
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


def test_the_dialog_begins_with_what_was_chosen_last(
    dialog: ExportDialog, quick_window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for box, name in ((dialog.form_box, ".svg"), (dialog.size_box, "a4"), (dialog.paper_box, "dark")):
        box.setCurrentIndex(box.findData(name))
    dialog.script_check.setChecked(False)
    save(dialog, tmp_path / "figure.svg", qtbot)
    qtbot.waitUntil(lambda: quick_window.findChild(ExportDialog) is None)
    assert quick_window.status.progress_label.text() == "exported figure.svg"
    quick_window.commands["export"].trigger()
    again = quick_window.findChild(ExportDialog)
    assert again is not None
    assert (again.ending, again.options.size, again.options.paper) == (".svg", SIZES["a4"], "dark")
    assert not again.options.script
    asked: list[str] = []

    def ask(*arguments: Any) -> str:
        asked.append(arguments[2])
        return ""

    monkeypatch.setattr(file_dialogs, "file_to_save", ask)
    click(again.save_button, qtbot)
    assert asked == [str(tmp_path / "comparison.svg")], "into the same folder"
    again.close()
    quick_window.session.settings_to_save()
    assert quick_window.session.settings.export.paper == "dark"


def test_the_dialog_tells_how_many_pixels_there_will_be(dialog: ExportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    dialog.scale_box.setValue(1.5)
    wait_for_preview(dialog, qtbot)
    said = dialog.pixels_label.text()
    save(dialog, tmp_path / "figure.png", qtbot)
    image = QImage(str(tmp_path / "figure.png"))
    assert said == f"{image.width():,} × {image.height():,} pixels"


def test_type_that_is_hard_to_read_is_told_with_what_helps(parent: QWidget, qtbot: QtBot) -> None:
    dialog = ExportDialog(wide_lab(8, 8, 3), ExportChoices(size="slide"), LIGHT, parent)
    dialog.open()
    wait_for_preview(dialog, qtbot)
    offers = (dialog.leave_out_button, dialog.natural_button)
    assert dialog.small_label.text().endswith("points, which is hard to read.")
    assert all(each.isVisible() for each in (dialog.small_label, *offers))
    click(dialog.leave_out_button, qtbot)
    wait_for_preview(dialog, qtbot)
    assert not dialog.options.script
    assert [each.isVisible() for each in offers] == [False, True]
    click(dialog.natural_button, qtbot)
    wait_for_preview(dialog, qtbot)
    assert dialog.options.size.width is None
    assert not any(each.isVisible() for each in (dialog.small_label, *offers))
    dialog.close()


@pytest.mark.parametrize("paper", ["transparent", "transparent-dark"])
def test_what_is_transparent_shows_squares(dialog: ExportDialog, qtbot: QtBot, paper: str) -> None:
    dialog.paper_box.setCurrentIndex(dialog.paper_box.findData(paper))
    wait_for_preview(dialog, qtbot)
    image = dialog.preview_label.pixmap().toImage()
    corner = {image.pixelColor(x, y).name() for x in range(2, 20) for y in range(2, 20)}
    ground = DARK if paper.endswith("dark") else LIGHT
    assert corner >= {ground.window, ground.panel}


@pytest.mark.parametrize(("ending", "begins"), [(".csv", "column,experiment"), (".md", "### "), (".py", "import")])
def test_data_is_previewed_as_text(dialog: ExportDialog, qtbot: QtBot, ending: str, begins: str) -> None:
    dialog.form_box.setCurrentIndex(dialog.form_box.findData(ending))
    wait_for_preview(dialog, qtbot)
    assert dialog.preview_label.text().startswith(begins)
    assert dialog.preview_label.minimumSizeHint().width() <= dialog.preview_label.width()


def test_one_script_is_offered_for_one_column_only(parent: QWidget) -> None:
    offered = []
    for count in (1, 2):
        dialog = ExportDialog(wide_lab(count, 1, 1), ExportChoices(form=".py"), LIGHT, parent)
        offered.append((dialog.form_box.findData(".py") >= 0, dialog.ending))
        dialog.close()
    assert offered == [(True, ".py"), (False, ".png")]


def test_choices_of_another_version_leave_the_first_of_each_kind(parent: QWidget) -> None:
    dialog = ExportDialog(wide_lab(1, 1, 1), ExportChoices(form=".docx", size="huge", paper="blue"), LIGHT, parent)
    assert (dialog.ending, dialog.choices.size, dialog.choices.paper) == (".png", "natural", "light")
    dialog.close()


def test_the_picture_is_copied(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    QGuiApplication.clipboard().clear()
    quick_window.commands["copy_picture"].trigger()
    qtbot.waitUntil(lambda: not quick_window.documents.background.is_busy)
    assert QGuiApplication.clipboard().image().width() > 1000
    assert quick_window.status.progress_label.text() == "copied the picture"


def test_a_single_cell_and_a_single_column_are_copied(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(), qtbot)
    sizes = []

    def copied() -> None:
        qtbot.waitUntil(lambda: not quick_window.documents.background.is_busy)
        sizes.append(QGuiApplication.clipboard().image().size())

    quick_window.commands["copy_picture"].trigger()
    copied()
    quick_window.comparison.columns_bar.copy_asked.emit(1)
    copied()
    quick_window.comparison.figure.select("op1-2", 2)
    quick_window.commands["copy_picture"].trigger()
    copied()
    assert quick_window.status.progress_label.text() == "copied the picture of selected rows and columns"
    whole, column, cell = sizes
    assert cell.height() < column.height()
    assert cell.width() < column.width() / 2
    assert cell.height() < whole.height() / 2
    assert column.width() < whole.width()


def test_what_is_drawn_is_copied_where_other_columns_are_not_drawn_yet(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(), qtbot)
    quick_window.comparison.figure.select("op1-2", 2)
    quick_window.session.arrange(quick_window.session.arrangement.remove(0))
    quick_window.commands["copy_picture"].trigger()
    qtbot.waitUntil(lambda: not quick_window.documents.background.is_busy)
    assert quick_window.status.progress_label.text() == "copied the picture of selected rows and columns"


def test_the_selection_is_copied_as_a_table(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    quick_window.comparison.figure.select("2", 0)
    copy_table(quick_window, qtbot)
    table = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert table[0][1:] == ["element", "run 1", "run 2", "run 3"]
    assert [row[0] for row in table[1:]] == ["2"] * 3
    wanted = [run.draws[1].array for run in quick_window.session.arrangement.lane.column.runs]
    assert np.array_equal(np.array([row[2:] for row in table[1:]], float).T, wanted)
    quick_window.comparison.figure.select("", -1)
    copy_table(quick_window, qtbot)
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1 + 6 * 3


def test_what_the_window_has_analysed_is_not_analysed_again(
    quick_window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_to_end(quick_window, qtbot)
    monkeypatch.setattr(Analyst, "update", None)
    quick_window.commands["copy_picture"].trigger()
    qtbot.waitUntil(lambda: not quick_window.documents.background.is_busy)
    assert quick_window.status.progress_label.text() == "copied the picture"
    quick_window.commands["export"].trigger()
    dialog = quick_window.findChild(ExportDialog)
    assert dialog is not None
    wait_for_preview(dialog, qtbot)
    save(dialog, tmp_path / "figure.png", qtbot)
    assert len(read_lab(tmp_path / "figure.png").columns[0].runs) == 3


def test_an_analysis_of_other_runs_is_not_handed_over(quick_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_end(quick_window, qtbot)
    # While verdicts are covered, the letters know only of the runs that are seen.
    quick_window.commands["guess"].trigger()
    qtbot.waitUntil(lambda: quick_window.session.uncovered is not None and is_drawn(quick_window))
    quick_window.commands["export"].trigger()
    dialog = quick_window.findChild(ExportDialog)
    assert dialog is not None
    wait_for_preview(dialog, qtbot)
    save(dialog, tmp_path / "table.md", qtbot)
    row = next(line for line in (tmp_path / "table.md").read_text(encoding="utf-8").splitlines() if "repeats |" in line)
    assert row.count("**A**") == 3


def test_a_dialog_analyses_once(parent: QWidget, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Analyst] = []
    update = Analyst.update

    def counting(analyst: Analyst, columns: Sequence[Column]) -> Analysis:
        made.append(analyst)
        return update(analyst, columns)

    monkeypatch.setattr(Analyst, "update", counting)
    dialog = ExportDialog(wide_lab(2, 2, 2), ExportChoices(), LIGHT, parent)
    wait_for_preview(dialog, qtbot)
    dialog.paper_box.setCurrentText("dark")
    wait_for_preview(dialog, qtbot)
    dialog.form_box.setCurrentIndex(dialog.form_box.findData(".md"))
    wait_for_preview(dialog, qtbot)
    save(dialog, tmp_path / "figure.svg", qtbot)
    assert len(made) == 1


def copy_table(window: MainWindow, qtbot: QtBot) -> None:
    window.commands["copy_table"].trigger()
    qtbot.waitUntil(lambda: not window.documents.background.is_busy)


def test_the_command_is_copied(quick_window: MainWindow) -> None:
    quick_window.commands["copy_command"].trigger()
    assert QGuiApplication.clipboard().text() == "seedlab run numpy --runs 3"
    assert quick_window.status.progress_label.text() == "copied the command"


def test_the_command_repeats_as_many_runs_as_there_are(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    run_to_end(quick_window, qtbot, quick_window.once_more)
    quick_window.commands["copy_command"].trigger()
    assert QGuiApplication.clipboard().text() == "seedlab run numpy --runs 4"


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


def test_a_long_function_shows_a_bar_and_can_be_cancelled(
    background: Background, parent: QWidget, release: threading.Event, qtbot: QtBot
) -> None:
    results: list[object] = []
    background.start("Exporting…", one_step(release.wait), results.append, results.append)
    qtbot.waitUntil(lambda: bar_of(parent).isVisible())
    click(cancel_button(parent), qtbot)
    assert not background.is_busy
    release.set()
    background.close()
    QApplication.processEvents()
    assert results == [], "what was cancelled comes to nothing"


def test_long_steps_show_a_bar_and_can_be_cancelled(background: Background, parent: QWidget, qtbot: QtBot) -> None:
    results: list[object] = []

    def steps() -> Work[None]:
        try:
            while True:
                yield 0.5
        finally:
            results.append("cleaned up")

    background.start("Drawing…", steps(), results.append, results.append)
    qtbot.waitUntil(lambda: bar_of(parent).isVisible())
    assert bar_of(parent).value() == 500
    click(cancel_button(parent), qtbot)
    QApplication.processEvents()
    assert results == ["cleaned up"]


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
    background.start("Exporting…", one_step(lambda: 7), results.append, results.append)
    bar = bar_of(parent)
    assert not bar.isVisible()
    qtbot.waitUntil(lambda: results == [7])
    assert not background.is_busy


def test_steps_run_in_the_windows_thread_and_functions_do_not(background: Background, qtbot: QtBot) -> None:
    threads = []

    def steps() -> Work[str]:
        threads.append(threading.current_thread())
        yield 0.5
        threads.append((yield threading.current_thread))
        yield 0.8
        threads.append(threading.current_thread())
        return "done"

    results: list[object] = []
    background.start("Exporting…", steps(), results.append, results.append)
    qtbot.waitUntil(lambda: results == ["done"])
    first, beside_it, last = threads
    assert first is last is threading.current_thread()
    assert beside_it is not first


def test_one_piece_of_work_at_a_time(background: Background, release: threading.Event, qtbot: QtBot) -> None:
    told: list[str] = []
    results: list[object] = []
    background.start("Exporting…", one_step(release.wait), results.append, results.append)
    background.start("Saving…", one_step(lambda: None), results.append, lambda error: told.append(str(error)))
    assert told == ["Still busy: Exporting… Wait until that is done, or cancel it."]
    release.set()
    qtbot.waitUntil(lambda: results == [True])


def test_an_error_is_told(background: Background, qtbot: QtBot) -> None:
    told: list[object] = []

    def fail() -> None:
        raise DocumentError("It is full.", "Make room.")

    def steps() -> Work[None]:
        yield 0.1
        fail()

    for work in (one_step(fail), steps()):
        background.start("Exporting…", work, lambda _: told.append(NOTHING), lambda error: told.append(str(error)))
        qtbot.waitUntil(lambda: not background.is_busy)
    assert told == ["It is full. Make room."] * 2

    def take_all_memory() -> None:
        raise MemoryError

    background.start("Opening…", one_step(take_all_memory), told.append, lambda error: told.append(str(error)))
    qtbot.waitUntil(lambda: not background.is_busy)
    assert told[-1] == "There is not enough memory for that. Leave out columns or runs."


def test_a_mistake_in_the_program_does_not_leave_the_bar(background: Background, qtbot: QtBot) -> None:
    def mistake() -> None:
        raise ZeroDivisionError

    def not_called(_: object) -> None:
        raise AssertionError("nothing came of it")

    with qtbot.captureExceptions() as caught:
        background.start("Exporting…", one_step(mistake), not_called, not_called)
        qtbot.waitUntil(lambda: not background.is_busy)
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]


# --- cancelled for real ------------------------------------------------------------------------


@pytest.fixture
def large(parent: QWidget, qtbot: QtBot) -> Iterator[ExportDialog]:
    """An export that takes a second or two."""
    dialog = ExportDialog(wide_lab(20, 8, 100), ExportChoices(), LIGHT, parent)
    dialog.scale_box.setValue(1)
    dialog.show()
    wait_for_preview(dialog, qtbot)
    yield dialog
    # After an export it has gone by itself.
    for left in parent.findChildren(ExportDialog):
        left.close()


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_large_picture_is_cancelled_while_it_is_painted(
    large: ExportDialog, qtbot: QtBot, tmp_path: Path, ending: str
) -> None:
    large.save(tmp_path / f"figure{ending}")
    bar = bar_of(large)
    bar.setMinimumDuration(0)
    values = bar.findChild(QProgressBar)
    assert values is not None
    # Pressed when the bar says so: on a busy machine the rest could be drawn between two looks at it.
    press = QTimer(large, singleShot=True, interval=0)
    press.timeout.connect(cancel_button(large).click)
    with qtbot.waitSignal(bar.canceled, timeout=LARGE_MS):
        values.valueChanged.connect(lambda value: press.start() if value > 300 else None)
    assert not large.background.is_busy
    large.background.close()
    assert list(tmp_path.iterdir()) == []
    assert large.isVisible(), "what was chosen is still there"


def test_a_large_picture_is_cancelled_while_it_is_compressed(large: ExportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "figure.png").write_bytes(b"old")
    large.save(tmp_path / "figure.png")
    qtbot.waitUntil(lambda: bar_of(large).maximum() == 0, timeout=LARGE_MS)
    click(cancel_button(large), qtbot)
    large.background.close()
    QApplication.processEvents()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"figure.png": b"old"}


def test_a_table_is_cancelled_while_it_is_made(large: ExportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    large.save(tmp_path / "values.csv")
    qtbot.waitUntil(lambda: bar_of(large).maximum() == 0, timeout=LARGE_MS)
    large.background.cancel()
    large.background.close()
    QApplication.processEvents()
    assert list(tmp_path.iterdir()) == []


def test_what_is_chosen_meanwhile_does_not_stop_an_export(large: ExportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    large.save(tmp_path / "figure.png")
    large.paper_box.setCurrentText("dark")
    qtbot.waitUntil(lambda: bar_of(large).value() > 600, timeout=LARGE_MS)
    large.copy()
    assert "Still busy: Exporting figure.png…" in large.message_label.text()
    qtbot.waitUntil((tmp_path / "figure.png").exists, timeout=LARGE_MS)


def test_a_dialog_that_has_exported_leaves_nothing_behind(parent: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    lab = wide_lab(1, 1, 2)
    dialog = ExportDialog(lab, ExportChoices(), LIGHT, parent)
    gone = weakref.ref(dialog)
    dialog.show()
    dialog.save(tmp_path / "figure.png")
    qtbot.waitUntil((tmp_path / "figure.png").exists)
    del dialog
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None


def held(work: Work[T], release: threading.Event) -> Work[T]:
    """Return ``work`` whose functions begin at ``release``: what is quick is not over between two looks at it."""
    with closing(work):
        try:
            step = next(work)
            while True:
                step = work.send((yield after(release, step) if callable(step) else step))
        except StopIteration as end:
            value: T = end.value
            return value


def after(release: threading.Event, function: Callable[[], object]) -> Callable[[], object]:
    def waits() -> object:
        assert release.wait(LARGE_MS / 1000)
        return function()

    return waits


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_a_drawing_ends_its_life_in_the_windows_thread(
    large: ExportDialog, release: threading.Event, qtbot: QtBot, ending: str
) -> None:
    lab = wide_lab(4, 4, 20)
    picture = Picture(lab, analyse(lab.columns), PictureOptions())
    ended_in: list[threading.Thread] = []
    weakref.finalize(picture.figure, lambda: ended_in.append(threading.current_thread()))
    large._start("Drawing…", held(picture.file(ending), release), lambda _: None)
    del picture
    qtbot.waitUntil(lambda: bar_of(large).maximum() == 0, timeout=LARGE_MS)
    large.background.cancel()
    release.set()
    large.background.close()
    gc.collect()
    assert ended_in == [threading.current_thread()]


def test_a_form_that_is_no_picture_ends_the_preview_of_one(large: ExportDialog, qtbot: QtBot) -> None:
    large.paper_box.setCurrentText("dark")
    qtbot.waitUntil(lambda: large.background.is_busy)
    large.form_box.setCurrentIndex(large.form_box.findData(".csv"))
    wait_for_preview(large, qtbot)
    assert large.preview_label.text().startswith("column,experiment,run,")
