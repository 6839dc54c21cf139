"""The comparison as a picture, rendered at its own size, with or without a screen."""

import os
import sys

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from seedlab.gui import theme as themes
from seedlab.gui.comparison_view import ColumnState, ComparisonView
from seedlab.model.families import script_of
from seedlab.model.lab import Column, Lab
from seedlab.model.script import Script

COLUMN_WIDTH_PX = 480
ONE_COLUMN_WIDTH_PX = 1120
SCALE = 2
"""Pixels of the picture for each pixel of the layout: sharp on a projector and in print."""


def to_png(lab: Lab) -> bytes:
    """PNG of all columns of ``lab``, wide and tall enough that nothing is cut off."""
    application = _application()
    view = ComparisonView(themes.LIGHT)
    try:
        view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        view.show_columns([_state(column) for column in lab.columns])
        count = len(lab.columns)
        view.resize(ONE_COLUMN_WIDTH_PX if count == 1 else 120 + COLUMN_WIDTH_PX * count, 600)
        view.show()
        while not view.is_complete:
            application.processEvents()
        application.processEvents()
        view.resize(view.width(), view.whole_height())
        application.processEvents()
        return _png_of(view)
    finally:
        view.close()
        view.deleteLater()
        application.processEvents()


def _png_of(widget: QWidget) -> bytes:
    image = QImage(widget.size() * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    widget.render(image, QPoint())
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6's stubs know the format as bytes only.
    return bytes(data.data())


def _state(column: Column) -> ColumnState:
    script = Script(column.script) if column.experiment is None else script_of(column.experiment)
    return ColumnState(column=column, script=script)


def _application() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The offscreen platform regrets, at each window, that nobody will see it.
    qInstallMessageHandler(
        lambda kind, _, message: None if kind is QtMsgType.QtWarningMsg else print(message, file=sys.stderr)
    )
    made = QApplication(sys.argv[:1])
    themes.apply(made, themes.LIGHT)
    return made
