"""What can wait is done once the window has been painted for the first time."""

import os
import subprocess
import sys
from pathlib import Path


def test_what_draws_values_is_imported_once_the_window_is_painted(tmp_path: Path) -> None:
    program = f"""
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            assert "pyqtgraph" not in sys.modules
            QApplication.instance().removeEventFilter(self)
            self.look()
        return False

    def look(self):
        if "pyqtgraph" in sys.modules:
            os._exit(0)
        QTimer.singleShot(0, self.look)

show = QMainWindow.show
def show_and_watch(window):
    window.painted = Painted()
    QApplication.instance().installEventFilter(window.painted)
    show(window)

QMainWindow.show = show_and_watch
from seedlab.gui.app import open_window
open_window({sys.executable!r})
"""
    folders = {f"XDG_{each}_HOME": str(tmp_path / each) for each in ("CONFIG", "DATA", "STATE")}
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, env={**os.environ, **folders})
