"""An animated picture: the runs of a comparison are uncovered one after the other, as in a guess."""

import io
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter

from seedlab.analysis.analyst import Analyst
from seedlab.documents.embedding import embed_in_png
from seedlab.documents.writing import to_document
from seedlab.errors import DocumentError
from seedlab.export.picture import Picture
from seedlab.session.picture_options import PictureOptions
from seedlab.study.lab import Lab
from seedlab.work import Work, one_step, within

MOST_STEPS = 24
"""The most pictures in which runs are covered: of more runs several are uncovered at once."""
STEP_MS, LAST_MS = 1_200, 4_000
"""How long each picture stands, and the last one, in milliseconds."""
_FORMATS = {".apng": "PNG", ".gif": "GIF", ".webp": "WEBP"}
_REPLACING: dict[str, dict[str, Any]] = {
    "PNG": {"disposal": 1, "blend": 0},
    "GIF": {"disposal": 2},
    "WEBP": {"lossless": True},
}
"""What has each picture replace the one before, also where it is transparent."""


def to_animation(lab: Lab, options: PictureOptions, ending: str) -> Work[bytes]:
    """Return ``lab`` as a file with ``ending``: ``.apng``, ``.gif`` or ``.webp``.

    Raise `DocumentError` where there are no runs, or a picture would have too many pixels.
    """
    most = max((len(column.runs) for column in lab.columns), default=0)
    if not most:
        raise DocumentError("There are no runs that could be uncovered.", "Run the columns first.")
    steps = min(most, MOST_STEPS)
    counts: list[int | None] = [*dict.fromkeys(round(most * step / steps) for step in range(steps + 1)), None]
    # One analyst for all, so that letters stay.
    analyst, images = Analyst(), list[QImage]()
    for position, count in enumerate(counts):
        analysis = analyst.update(lab.columns, count)
        picture = Picture(lab, analysis, options, uncovered=count)
        images.append((yield from within(picture.image(), position / len(counts), 1 / len(counts))))
    ground = images[0].pixelColor(0, 0)
    width, height = max(image.width() for image in images), max(image.height() for image in images)
    frames = [_frame(image, width, height, ground) for image in images]
    durations = [STEP_MS] * (len(frames) - 1) + [LAST_MS]
    rows = analysis.rows

    def encode() -> bytes:
        buffer = io.BytesIO()
        first, *others = [Image.frombytes("RGBA", (width, height), frame) for frame in frames]
        form = _FORMATS[ending]
        first.save(buffer, form, save_all=True, append_images=others, duration=durations, loop=0, **_REPLACING[form])
        data = buffer.getvalue()
        return embed_in_png(data, to_document(lab, rows)) if form == "PNG" and options.document else data

    return (yield from one_step(encode))


def _frame(image: QImage, width: int, height: int, ground: QColor) -> bytes:
    """Return ``image`` at the top left of a picture of that size, as bytes of red, green, blue and opacity."""
    whole = QImage(width, height, QImage.Format.Format_RGBA8888)
    whole.fill(ground)
    painter = QPainter(whole)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.drawImage(QPoint(0, 0), image)
    painter.end()
    return np.frombuffer(whole.constBits(), np.uint8).tobytes()
