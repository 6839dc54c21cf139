"""The dialogs that ask for files: Qt's own, which stands where a platform has none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from seedlab.gui.file_dialogs import file_to_open, file_to_save, folder_to_use


def answered(parent: QWidget, ask: Callable[[], str], act: Callable[[QFileDialog], None]) -> str:
    """Return what ``ask`` returns after ``act`` was done to its dialog."""
    look = QTimer(parent, interval=1)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            look.stop()
            act(dialog)

    look.timeout.connect(answer)
    look.start()
    return ask()


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def accept(dialog: QFileDialog) -> None:
    # Qt's own slot, which checks what is typed.
    dialog.accept()


def test_a_file_and_a_folder_are_chosen(parent: QWidget, tmp_path: Path) -> None:
    file = tmp_path / "lab.seedlab"
    file.write_text("{}", encoding="utf-8")
    assert answered(parent, lambda: file_to_open(parent, "Open", str(file)), accept) == str(file)
    assert answered(parent, lambda: folder_to_use(parent, "Folder", str(tmp_path)), accept) == str(tmp_path)
    name = str(tmp_path / "new.seedlab")
    assert answered(parent, lambda: file_to_save(parent, "Save", name, "", ".seedlab"), accept) == name


def test_a_name_without_an_ending_is_asked_about_with_it(parent: QWidget, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("a = 1")
    asked: list[str] = []

    def act(dialog: QFileDialog) -> None:
        def decline() -> None:
            box = QApplication.activeModalWidget()
            assert isinstance(box, QMessageBox)
            asked.append(box.text())
            box.button(QMessageBox.StandardButton.No).click()

        QTimer.singleShot(0, dialog, decline)
        dialog.accept()
        dialog.reject()

    name = str(tmp_path / "train")
    assert answered(parent, lambda: file_to_save(parent, "Save", name, "", ".py"), act) == ""
    assert len(asked) == 1
    assert "train.py" in asked[0]


def test_nothing_is_chosen(parent: QWidget, tmp_path: Path) -> None:
    assert answered(parent, lambda: file_to_open(parent, "Open", str(tmp_path)), QFileDialog.reject) == ""
    assert (
        answered(parent, lambda: file_to_save(parent, "Save", str(tmp_path / "a"), "", ".py"), QFileDialog.reject) == ""
    )


def test_no_column_of_the_list_is_cut(parent: QWidget, tmp_path: Path) -> None:
    for name in ("a.seedlab", "a much longer name of a file than most people would give.seedlab"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    seen: list[tuple[int, int]] = []

    def look(dialog: QFileDialog) -> None:
        QApplication.processEvents()
        files = dialog.findChild(QTreeView)
        assert isinstance(files, QTreeView)
        header = files.header()
        seen.extend(
            (header.sectionSize(n), files.sizeHintForColumn(n)) for n in range(4) if not header.isSectionHidden(n)
        )
        dialog.reject()

    answered(parent, lambda: file_to_open(parent, "Open", str(tmp_path)), look)
    assert len(seen) == 4
    assert all(size >= wanted for size, wanted in seen)
