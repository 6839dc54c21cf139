"""A window without a screen, and what a person would do in it, for pictures of it."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication, QWidget

from seedlab.documents.talks import TALKS
from seedlab.gui.main_window import MainWindow
from seedlab.gui.runner_thread import RunnerThread
from seedlab.session.arrangement import Arrangement
from seedlab.session.settings import Settings
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column

SCREENS = ((1280, 720), (1024, 768), (1920, 1080), (3840, 2160))
TIME_LIMIT_MS = 300_000


def make_application() -> QApplication:
    """Return the application, with a screen of each size side by side, so that the window can be full screen on it."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={_screens_file(folder)}"
        return QApplication(sys.argv[:1])


def _screens_file(folder: str) -> Path:
    path, left, screens = Path(folder, "screens.json"), 0, []
    for width, height in SCREENS:
        place = {"x": left, "y": 0, "width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        screens.append({"name": f"{width}x{height}", **place})
        left += width
    path.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    return path


class Studio:
    """One window after another, and what a person would do in it."""

    def __init__(self, folder: Path, *, tries_causes: bool = False) -> None:
        self._folder = folder
        self._tries_causes = tries_causes
        self._runner = RunnerThread()
        self._runner.start()
        self.window = self._window()
        self._wait_for(self._runner.interpreter_found, lambda: self._runner.ask(None))

    def _window(self) -> MainWindow:
        window = MainWindow(self._runner, Settings(theme="light"), tries_causes=self._tries_causes)
        window.resize(1280, 720)
        window.show()
        return window

    def close(self) -> None:
        self.window.documents.document.let_go()
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()

    def _wait_for(self, signal: SignalInstance, start: Callable[[], object]) -> None:
        """Call ``start`` and go on when ``signal`` came; end the program when it does not."""
        loop = QEventLoop()
        signal.connect(loop.quit)
        QTimer.singleShot(TIME_LIMIT_MS, loop, lambda: sys.exit("no answer in five minutes"))
        QTimer.singleShot(0, loop, start)
        loop.exec()
        signal.disconnect(loop.quit)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def settle(self) -> None:
        self.wait_until(lambda: self.window.is_drawn and self.window.scene_pictures.is_complete)
        for _ in range(20):
            QApplication.processEvents()
        # Without a loop of events nobody deletes what is to be deleted later.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def run(self, start: Callable[[], object]) -> None:
        start()
        self.wait_until(lambda: not self.window.session.is_busy)
        self.settle()

    def inquire_into(self, experiments: Sequence[Experiment]) -> None:
        """Run ``experiments`` side by side, and wait until it is known what moves their draws."""
        session = self.window.session
        self.run(lambda: session.runs.lay_out(experiments))
        self.wait_for_causes()

    def wait_for_causes(self) -> None:
        """Wait until it is known of all columns what moves their draws."""
        session = self.window.session
        self.wait_until(lambda: all(lane.column.influence is not None for lane in session.arrangement.lanes))
        self.wait_until(lambda: session.inquiring.inquiry is None)
        self.settle()

    def show(self, *columns: Column) -> None:
        self.window.session.arrange(Arrangement.of_columns(columns))
        self.settle()

    def open_talk(self, name: str) -> None:
        """Open the talk called ``name`` of the program, and wait until its scenes are drawn."""
        # Nobody is there to be asked about the results before.
        self.window.documents.document.let_go()
        self.window.documents.open(Path(str(TALKS[name].file)))
        self.wait_until(lambda: self.window.documents.document.title == f"{name}.seedlab")
        self.settle()

    def save(self, name: str, widget: QWidget | None = None) -> str:
        self.settle()
        path = self._folder / f"{name}.png"
        if not (widget or self.window).grab().save(str(path)):
            sys.exit(f"{path} cannot be written")
        return name
