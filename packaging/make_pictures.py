"""Makes the README's pictures, and the window's icon from its drawing. Runs real TensorFlow; takes a minute.

uv run python packaging/make_pictures.py
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from PySide6.QtCore import QEventLoop, QTimer, SignalInstance
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from seedlab import APPLICATION_ID
from seedlab.gui import theme
from seedlab.gui.main_window import MainWindow
from seedlab.gui.runner_thread import RunnerThread
from seedlab.model.presets import PRESETS

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
ICON = HERE.parent / "resources" / "seedlab.png"
TIME_LIMIT_MS = 300_000


def wait_for(signal: SignalInstance, start: Callable[[], object]) -> None:
    """Call ``start`` and go on when ``signal`` came; end the program when it does not."""
    loop = QEventLoop()
    signal.connect(loop.quit)
    QTimer.singleShot(TIME_LIMIT_MS, loop, lambda: sys.exit("no answer in five minutes"))
    QTimer.singleShot(0, loop, start)
    loop.exec()


def make_icon() -> None:
    image = QImage(256, 256, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(HERE / f"{APPLICATION_ID}.svg")).render(painter)
    painter.end()
    image.save(str(ICON))


def make_window_picture(preset: str, width: int, height: int, name: str) -> None:
    runner = RunnerThread()
    window = MainWindow(runner, theme.LIGHT)
    window.resize(width, height)
    runner.start()
    window.show()
    wait_for(runner.interpreter_found, lambda: runner.ask(None))
    window.panel.set_experiment(PRESETS[preset].experiment)
    wait_for(runner.batch_ended, window.run)
    while not window.comparison.is_complete:
        QApplication.processEvents()
    window.panel.run_button.setFocus()
    QApplication.processEvents()
    window.grab().save(str(PICTURES / name))
    window.close()
    window.deleteLater()
    QApplication.processEvents()


def main() -> None:
    application = QApplication(sys.argv[:1])
    theme.apply(application, theme.LIGHT)
    make_icon()
    make_window_picture("after-op", 1280, 720, "window.png")


if __name__ == "__main__":
    main()
