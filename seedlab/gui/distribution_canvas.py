"""The canvas of a distribution's plot, which the keyboard reaches too."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from seedlab.figure.distribution_plot import DistributionPlot
from seedlab.figure.theme import Theme
from seedlab.phrases import sentence


class DistributionCanvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types.
    """Shows ``plot``, and emits what is done there besides pyqtgraph's own zooming and moving."""

    stepped = Signal(int)
    """1 for the next value, -1 for the one before."""
    left = Signal()
    """The pointer has left."""
    pressed_twice = Signal()

    def __init__(self, plot: DistributionPlot, theme: Theme) -> None:
        super().__init__(background=theme.window)
        self.plot = plot
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(sentence("Plot: Left and Right go from value to value"))
        self.setAntialiasing(True)
        self.setCentralItem(plot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is None:
            # A key of the window, which pyqtgraph would keep to itself.
            event.ignore()
            return
        self.stepped.emit(step)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.pressed_twice.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()
