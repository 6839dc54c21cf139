"""The icons of application and document at the sizes that desktops show, drawn from their SVGs."""

import os
import shutil
from pathlib import Path

from identity import DOCUMENT_ICON, ROOT, identity
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
LARGEST_SMALL = 24
"""Up to this size the drawing for small ones is taken, whose lines lie on pixels at 16."""


def write_icons(icons: Path) -> None:
    """Write the theme ``hicolor`` in the folder ``icons``: a PNG for each size, and the SVGs."""
    for context, name in (("apps", identity().application_id), ("mimetypes", DOCUMENT_ICON)):
        drawing = ROOT / "packaging" / f"{name}.svg"
        for size in SIZES:
            small = size <= LARGEST_SMALL
            path = icons / f"hicolor/{size}x{size}/{context}/{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_png(drawing.with_suffix(".small.svg") if small else drawing, size, path)
        scalable = icons / f"hicolor/scalable/{context}"
        scalable.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(drawing, scalable / drawing.name)


def _write_png(drawing: Path, size: int, path: Path) -> None:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer = QSvgRenderer(str(drawing))
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    if not (renderer.isValid() and image.save(os.fspath(path))):
        raise OSError(f"{drawing} could not be drawn as {path}.")
