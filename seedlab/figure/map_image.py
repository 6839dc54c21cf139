"""Values as a map: a column for each run, a row for each element, and a colour for each value."""

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from seedlab.figure.theme import Theme

_COLOURS = "viridis"


def map_image(values: np.ndarray, low: float, high: float) -> QImage | None:
    """Return ``values``, shape (elements, runs), as an image with a pixel for each, the first element on top.

    Values that are not finite are transparent. None for a draw without elements.
    """
    if not values.size:
        return None
    span = high - low
    with np.errstate(invalid="ignore", over="ignore"):
        share = (values - low) / span if span > 0 else np.where(np.isfinite(values), 0.5, np.nan)
    finite = np.isfinite(share)
    colours = _colour_map().getLookupTable(nPts=256, alpha=True)
    index = np.clip(np.where(finite, share, 0.0) * 255, 0, 255).astype(np.uint8)
    pixels = colours[index]
    pixels[~finite, 3] = 0
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def paint_map(painter: QPainter, image: QImage, area: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(area, image)


def map_ticks(area: QRectF, low: float, high: float, theme: Theme) -> tuple[tuple[float, float], ...]:
    """Return the values to name beside the map, each with its y."""
    # Half a line of text away from the ends, so that the numbers stand beside the colours.
    half = theme.px(5)
    ends = ((high, area.top() + half), (low, area.bottom() - half))
    return ends if high > low else ends[:1]


def map_colours() -> tuple[str, ...]:
    """Return the colours of a map from the least value to the greatest."""
    return tuple(_colour_map().map(share, mode="qcolor").name() for share in np.linspace(0, 1, 9))


def _colour_map() -> Any:
    # Only now: it takes a fifth of the time in which a window opens.
    from pyqtgraph import colormap

    return colormap.get(_COLOURS)


def mapped_element(y: float, area: QRectF, elements: int) -> int:
    """Return the position of the element whose row is at ``y``, of so many ``elements``."""
    return max(int((y - area.top()) / area.height() * elements), 0)
