"""An animated picture: the runs of a comparison are uncovered one after the other, as in a guess."""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from seedlab.analysis.analyst import Analyst, analysing
from seedlab.documents.embedding import embed_in_png
from seedlab.documents.writing import to_document
from seedlab.errors import DocumentError
from seedlab.export.picture import Picture
from seedlab.phrases import sentence
from seedlab.session.picture_options import PictureOptions
from seedlab.study.lab import Lab
from seedlab.work import Work, one_step, within

MOST_STEPS = 24
"""The most pictures in which runs are covered: of more runs several are uncovered at once."""
STEP_MS, LAST_MS = 1_200, 4_000
"""How long each picture stands, and the last one, in milliseconds."""
MOST_PIXELS = 250_000_000
"""The most pixels of all pictures together."""
_FORMATS = {".apng": "PNG", ".gif": "GIF", ".webp": "WEBP"}
_REPLACING: dict[str, dict[str, Any]] = {
    "PNG": {"disposal": 1, "blend": 0},
    "GIF": {"disposal": 2},
    "WEBP": {"lossless": True},
}
"""What has each picture replace the one before, also where it is transparent."""


def to_animation(
    lab: Lab, options: PictureOptions, ending: str, on_type: Callable[[float], object] | None = None
) -> Work[bytes]:
    """Return ``lab`` as a file with ``ending``: ``.apng``, ``.gif`` or ``.webp``.

    ``on_type`` is called with the size of the smallest type, in points. Raise `DocumentError` where there are no runs,
    or a picture would have too many pixels.
    """
    most = max((len(column.runs) for column in lab.columns), default=0)
    if not most:
        raise DocumentError(sentence("There are no runs that could be uncovered."), sentence("Run the columns first."))
    if lab.view.look == "why":
        # Causes are found for all runs together.
        lab = replace(lab, view=replace(lab.view, look="auto"))
    steps = min(most, MOST_STEPS)
    counts = [*dict.fromkeys(round(most * step / steps) for step in range(steps + 1)), None]
    share = 1 / (len(counts) + 1)
    # All pictures are laid out like the last, which has most to show.
    whole = Picture(lab, (yield from analysing(lab.columns)), options)
    last = yield from within(whole.image(), 0.0, share)
    if on_type is not None:
        on_type(whole.least_points)
    width, height = last.width(), last.height()
    if width * height * len(counts) > MOST_PIXELS:
        raise DocumentError(
            sentence(
                "{count} pictures of {width:,} by {height:,} pixels are too many.",
                count=len(counts),
                width=width,
                height=height,
            ),
            sentence("Choose a smaller scale, or a fixed size."),
        )
    # One analyst for all, so that letters stay.
    analyst, frames = Analyst(), list[bytes]()
    for position, count in enumerate(counts, 1):
        analysis = yield from one_step(partial(analyst.update, lab.columns, count))
        picture = Picture(lab, analysis, options, uncovered=count, like=whole)
        image = yield from within(picture.image(), position * share, share)
        frames.append((yield from one_step(partial(_frame, image, width, height))))
    durations = [STEP_MS] * (len(counts) - 1) + [LAST_MS]
    rows = analysis.rows

    def encode() -> bytes:
        buffer = io.BytesIO()
        first, *others = frames
        form = _FORMATS[ending]
        opened = _Opened(others, width, height)
        next(iter(_Opened([first], width, height))).save(
            buffer, form, save_all=True, append_images=opened, duration=durations, loop=0, **_REPLACING[form]
        )
        data = buffer.getvalue()
        return embed_in_png(data, to_document(lab, rows)) if form == "PNG" and options.document else data

    return (yield from one_step(encode))


def _frame(image: QImage, width: int, height: int) -> bytes:
    """Return ``image`` at the top left of a picture of that size, as bytes of red, green, blue and opacity, packed."""
    whole = QImage(width, height, QImage.Format.Format_RGBA8888)
    whole.fill(image.pixelColor(0, 0))
    painter = QPainter(whole)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.drawImage(QPoint(0, 0), image)
    painter.end()
    return zlib.compress(np.frombuffer(whole.constBits(), np.uint8).tobytes(), 1)


class _Opened(Iterable[Image.Image]):
    """Pictures that are unpacked one at a time, each time somebody goes through them, as Pillow does twice."""

    def __init__(self, frames: Sequence[bytes], width: int, height: int) -> None:
        self._frames, self._size = frames, (width, height)

    def __iter__(self) -> Iterator[Image.Image]:
        return (Image.frombytes("RGBA", self._size, zlib.decompress(frame)) for frame in self._frames)
