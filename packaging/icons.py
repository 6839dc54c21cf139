"""The icons of application and document, drawn from their SVGs in the forms that each system shows."""

import os
import shutil
from pathlib import Path

from identity import DOCUMENT_ICON, ROOT, identity
from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

_THEME_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_LARGEST_SMALL = 24
"""Up to this size the drawing for small ones is taken, whose lines lie on pixels at 16."""
_ICO_SIZES = [(size, size) for size in (16, 24, 32, 48, 64, 128, 256)]
_LARGEST = 1024


def write_icons(icons: Path) -> None:
    """Write the theme ``hicolor`` in the folder ``icons``: a PNG for each size, and the SVGs."""
    for context, name in (("apps", identity().application_id), ("mimetypes", DOCUMENT_ICON)):
        drawing = ROOT / "packaging" / f"{name}.svg"
        for size in _THEME_SIZES:
            small = size <= _LARGEST_SMALL
            path = icons / f"hicolor/{size}x{size}/{context}/{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            if not _drawn(drawing.with_suffix(".small.svg") if small else drawing, size).save(os.fspath(path)):
                raise OSError(f"{path} could not be written.")
        scalable = icons / f"hicolor/scalable/{context}"
        scalable.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(drawing, scalable / drawing.name)


def write_icns(path: Path) -> None:
    """Write the application's icon for macOS, with all its sizes."""
    _application().save(path, format="ICNS")


def write_ico(path: Path) -> None:
    """Write the application's icon for Windows, with all its sizes."""
    _application().save(path, format="ICO", sizes=_ICO_SIZES)


def _application() -> Image.Image:
    drawn = _drawn(ROOT / "packaging" / f"{identity().application_id}.svg", _LARGEST)
    pixels = drawn.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes("RGBA", (_LARGEST, _LARGEST), bytes(pixels.constBits()))


def _drawn(drawing: Path, size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer = QSvgRenderer(str(drawing))
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    if not renderer.isValid():
        raise OSError(f"{drawing} could not be drawn.")
    return image
