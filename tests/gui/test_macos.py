"""What the window has for macOS, as far as it can be seen elsewhere: files that the desktop opens, roles of actions."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from seedlab.documents.writing import to_json
from seedlab.gui.main_window import MainWindow
from seedlab.gui.open_requests import OpenRequests
from tests.helpers.documents import whole_lab


def test_a_file_that_the_desktop_asks_for_is_opened(
    quick_window: MainWindow, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    document = tmp_path / "a lab.seedlab"
    document.write_bytes(to_json(whole_lab()))
    asked: list[Path] = []

    def opened(path: Path) -> None:
        asked.append(path)
        quick_window.documents.open(path)

    requests = OpenRequests(qapp, opened)
    try:
        for event in (
            QFileOpenEvent(str(document)),
            QFileOpenEvent(QUrl.fromLocalFile(str(document))),
            QFileOpenEvent(QUrl("https://example.org/lab.seedlab")),
        ):
            qapp.sendEvent(qapp, event)
        assert asked == [document, document]
        qtbot.waitUntil(lambda: quick_window.documents.document.path == document)
    finally:
        qapp.removeEventFilter(requests)
        requests.deleteLater()


def test_macos_moves_two_commands_and_guesses_none(quick_window: MainWindow) -> None:
    role = QAction.MenuRole
    roles = {name: quick_window.commands[name].menuRole() for name in ("about", "quit", "open", "copy_command")}
    assert roles == {"about": role.AboutRole, "quit": role.QuitRole, "open": role.NoRole, "copy_command": role.NoRole}
    assert [action.menuRole() for action in quick_window.commands.all].count(role.TextHeuristicRole) == 0
