"""The application's icon in the forms of macOS and Windows, drawn from its SVG."""

import os
from pathlib import Path

from PIL import Image

_ICO_SIZES = [(size, size) for size in (16, 24, 32, 48, 64, 128, 256)]
_LARGEST = 1024


def write_icns(drawing: Path, path: Path) -> None:
    """Write the icon of macOS, with all its sizes."""
    _drawn(drawing).save(path, format="ICNS")


def write_ico(drawing: Path, path: Path) -> None:
    """Write the icon of Windows, with all its sizes."""
    _drawn(drawing).save(path, format="ICO", sizes=_ICO_SIZES)


def _drawn(drawing: Path) -> Image.Image:
    # Wanted only here, so that a test can read what was written without a window system.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(_LARGEST, _LARGEST, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer = QSvgRenderer(str(drawing))
    renderer.render(painter, QRectF(0, 0, _LARGEST, _LARGEST))
    painter.end()
    if not renderer.isValid():
        raise OSError(f"{drawing} could not be drawn.")
    pixels = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes("RGBA", (_LARGEST, _LARGEST), bytes(pixels.constBits()))
