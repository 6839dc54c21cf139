"""Every text that a window shows: where it stands, how large it is, and in what colour on what ground."""

import re
from collections import deque
from collections.abc import Callable, Sequence
from itertools import combinations
from xml.etree import ElementTree as ET

import msgspec
import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QTransform
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from seedlab.gui.main_window import MainWindow

_SVG = "{http://www.w3.org/2000/svg}"


class DrawnText(msgspec.Struct, frozen=True):
    """One piece of text, in pixels of the window."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    """The size of the type."""
    colour: str

    @property
    def box(self) -> QRectF:
        """From the top of capital letters to the line below them."""
        return QRectF(self.left, self.top, self.right - self.left, self.bottom - self.top)


def texts_of(window: MainWindow) -> list[DrawnText]:
    """Return what ``window`` shows, without what is scrolled out of sight."""
    image = image_of(window)
    canvas = window.comparison.canvas
    found = _painted(window.size(), lambda painter: _widgets(window, painter))
    place = canvas.viewport().mapTo(window, QPoint(0, 0))
    corner = canvas.mapToScene(QPoint(0, 0))

    def scene(painter: QPainter) -> None:
        painter.translate(place.x() - corner.x(), place.y() - corner.y())
        deque(window.comparison.figure.painted(painter), maxlen=0)

    area = QRectF(place, canvas.viewport().size())
    found = [text for text in found if not area.contains(text.box.center())]
    found += [text for text in _painted(window.size(), scene) if area.contains(text.box)]
    return [text for text in found if _is_seen(text, image)]


def image_of(window: QWidget) -> QImage:
    """Return what is on the screen."""
    return window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def _widgets(window: QWidget, painter: QPainter) -> None:
    window.render(painter, QPoint(0, 0))


def _painted(size: QSize, paint: Callable[[QPainter], None]) -> list[DrawnText]:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setResolution(96)
    painter = QPainter(generator)
    paint(painter)
    painter.end()
    return drawn_texts(bytes(buffer.data().data()))


def drawn_texts(svg: bytes) -> list[DrawnText]:
    """Return the texts of an SVG file as Qt writes it, in its own pixels."""
    found = []
    for group in ET.fromstring(svg).iter(f"{_SVG}g"):
        numbers = re.search(r"matrix\((.*)\)", group.get("transform", ""))
        transform = QTransform()
        if numbers is not None:
            a, b, c, d, e, f = map(float, numbers[1].split(","))
            transform = QTransform(a, b, c, d, e, f)
        for each in group.findall(f"{_SVG}text"):
            text = each.text or ""
            if text.strip():
                found.append(_drawn(text, each, transform))
    return found


def _drawn(text: str, element: ET.Element, transform: QTransform) -> DrawnText:
    font = QFont(element.get("font-family", "").split(",")[0].strip("'"))
    size = float(element.get("font-size", "0"))
    font.setPixelSize(round(size))
    font.setWeight(QFont.Weight(int(element.get("font-weight", "400"))))
    metrics = QFontMetricsF(font)
    x, y = float(element.get("x", "0")), float(element.get("y", "0"))
    before = len(text) - len(text.lstrip())
    x += metrics.horizontalAdvance(text[:before])
    box = QRectF(x, y - metrics.capHeight(), metrics.horizontalAdvance(text.strip()), metrics.capHeight())
    placed = transform.mapRect(box)
    scale = (transform.m11() ** 2 + transform.m12() ** 2) ** 0.5
    return DrawnText(
        text.strip(),
        placed.left(),
        placed.top(),
        placed.right(),
        placed.bottom(),
        size * scale,
        element.get("fill", ""),
    )


def _pixels(text: DrawnText, image: QImage) -> np.ndarray:
    """Return the pixels below ``text``: height, width, and red, green and blue."""
    box = text.box.toAlignedRect().intersected(image.rect())
    if box.isEmpty():
        return np.empty((0, 0, 3), np.int32)
    part = image.copy(box)
    whole = np.frombuffer(part.constBits(), np.uint8).reshape(part.height(), part.bytesPerLine() // 4, 4)
    return whole[:, : part.width(), 2::-1].astype(np.int32)


def _is_seen(text: DrawnText, image: QImage) -> bool:
    pixels, colour = _pixels(text, image), QColor(text.colour)
    distance = np.abs(pixels - [colour.red(), colour.green(), colour.blue()]).sum(axis=2)
    return bool(distance.size) and bool(distance.min() < 120)


def contrast_of(text: DrawnText, image: QImage) -> float:
    """Return the contrast of ``text`` and the most frequent colour around it: WCAG 2.1, from 1 to 21."""
    # With some of what is beside it: letters such as I fill their own box.
    wider = msgspec.structs.replace(text, left=text.left - text.size / 3, right=text.right + text.size / 3)
    pixels = _pixels(wider, image).reshape(-1, 3)
    colours, counts = np.unique(pixels, axis=0, return_counts=True)
    ground = colours[counts.argmax()]
    colour = QColor(text.colour)
    one, other = sorted(
        (_luminance(ground), _luminance(np.array([colour.red(), colour.green(), colour.blue()]))), reverse=True
    )
    return (one + 0.05) / (other + 0.05)


def _luminance(colour: np.ndarray) -> float:
    parts = colour / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def overlapping(texts: Sequence[DrawnText]) -> list[tuple[str, str]]:
    """Return the pairs of texts of which one covers a part of the other.

    Parts of one line may touch: how wide a letter is differs with how it is hinted.
    """
    found = []
    for one, other in combinations(texts, 2):
        common = one.box.intersected(other.box)
        if common.width() > max(4, one.size / 2) and common.height() > 2 and one != other:
            found.append((one.text, other.text))
    return found
