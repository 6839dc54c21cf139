"""Draws a distribution as a picture of a size of its own; works with and without a screen."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyqtgraph as pg
from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from seedlab import APPLICATION_NAME, __version__
from seedlab.analysis.distribution_views import Distribution, Pairs, all_seen
from seedlab.documents.whole_files import check_writable, write_whole
from seedlab.errors import DocumentError
from seedlab.export.exporting import PICTURES
from seedlab.export.picture import application, open_buffer, with_fallbacks
from seedlab.figure import theme as themes
from seedlab.figure.distribution_plot import DistributionPlot
from seedlab.figure.theme import Theme
from seedlab.messages.distributions import (
    headline_text,
    made_by_text,
    paired_line,
    sentences_text,
    sweep_provenance_parts,
)
from seedlab.phrases import enumerated, sentence
from seedlab.plain_text import window_line, xml_text
from seedlab.work import Work, finish, one_step

if TYPE_CHECKING:
    # What keeps the runs of a sweep takes a tenth of a second to import.
    from seedlab.session.sweep_store import SweepResults

SIZE = (1280, 720)
"""The usual size, in pixels of the layout."""
LEAST_SIDE, MOST_SIDE = 320, 8_000
_MARGIN = 24
_PDF_DOTS = 300
_MOST_LINES = 4
"""The most lines of sentences: the rest of the height belongs to the plot."""
_MAX_PIXELS = 16_384


class DistributionPicture(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture of a distribution shows, and how."""

    found: Distribution
    view: str = "histogram"
    pairs: Pairs | None = None
    width: int = SIZE[0]
    height: int = SIZE[1]
    scale: float = 2.0
    """The number of pixels for each pixel of the layout; of PNG only."""
    paper: str = "light"
    """The ground that it is drawn for, as in `PictureOptions`."""
    provenance: str = ""
    """The line below: where the values come from."""


def export_distribution(picture: DistributionPicture, path: Path) -> None:
    """Write ``picture`` to ``path`` as `exporting_distribution` does, in one go."""
    finish(exporting_distribution(picture, path))


def exporting_distribution(picture: DistributionPicture, path: Path) -> Work[None]:
    """Write ``picture`` to ``path``, in the form of its ending: PNG, SVG or PDF.

    Raise `DocumentError` where that cannot be written.
    """
    check_distribution_path(path)
    ending = path.suffix.lower()
    if ending == ".png":
        image = to_image(picture)
        yield 0.5
        data = yield from one_step(partial(_png, image))
    else:
        data = to_svg(picture) if ending == ".svg" else to_pdf(picture)
    yield 0.8
    yield from one_step(partial(write_whole, path, data))


def check_distribution_path(path: Path) -> None:
    """Raise `DocumentError` where no picture of a distribution can be written to ``path``."""
    if path.suffix.lower() not in PICTURES:
        raise DocumentError(
            sentence("{path} cannot be exported: its ending is not that of a picture.", path=path),
            sentence("End the name in one of: {pictures}.", pictures=enumerated(PICTURES)),
        )
    check_writable(path)


def sweep_provenance(results: "Sequence[SweepResults]", found: Distribution) -> str:
    """Return the line that says where the values of ``results`` come from."""
    interpreters = {each.about.interpreter.summary: None for each in results if each.about.interpreter is not None}
    about = results[0].about
    failed = sum(each.failures().count for each in results)
    parts = [
        *interpreters,
        *sweep_provenance_parts(sum(shape.runs for shape in found.shapes), failed, about.turns, about.seeds),
        about.created[:10],
        f"{APPLICATION_NAME} {__version__}",
    ]
    return " · ".join(filter(None, parts))


def to_image(picture: DistributionPicture) -> QImage:
    """Return ``picture`` as an image. Raise `DocumentError` where it would have too many pixels."""
    running = application()
    size = QSize(round(picture.width * picture.scale), round(picture.height * picture.scale))
    form = QImage.Format.Format_ARGB32_Premultiplied if _is_clear(picture) else QImage.Format.Format_RGB32
    image = QImage(size, form) if max(size.width(), size.height()) <= _MAX_PIXELS else QImage()
    if image.isNull():
        what = sentence(
            "The picture would be {width:,} by {height:,} pixels.", width=size.width(), height=size.height()
        )
        raise DocumentError(what, sentence("Choose a smaller scale; SVG and PDF have no limit."))
    image.fill(Qt.GlobalColor.transparent)
    _paint(picture, image, picture.scale)
    dots_per_meter = round(96 * picture.scale / 0.0254)
    image.setDotsPerMeterX(dots_per_meter)
    image.setDotsPerMeterY(dots_per_meter)
    del running
    return image


def to_png(picture: DistributionPicture) -> bytes:
    """Return ``picture`` as a PNG file."""
    return _png(to_image(picture))


def _png(image: QImage) -> bytes:
    buffer = open_buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6's stubs know the format as bytes only.
    return bytes(buffer.data().data())


def to_svg(picture: DistributionPicture) -> bytes:
    """Return ``picture`` as an SVG file, in which text stays text."""
    running, buffer = application(), open_buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(picture.width, picture.height))
    generator.setViewBox(QRectF(0, 0, picture.width, picture.height))
    generator.setTitle(xml_text(headline_text(picture.found)))
    generator.setDescription(xml_text(picture.provenance))
    generator.setResolution(96)
    _paint(picture, generator, 1.0)
    del running
    return with_fallbacks(bytes(buffer.data().data()))


def to_pdf(picture: DistributionPicture) -> bytes:
    """Return ``picture`` as a PDF file of one page, at 96 pixels of the layout per inch."""
    running, buffer = application(), open_buffer()
    writer = QPdfWriter(buffer)
    writer.setCreator(f"{APPLICATION_NAME} {__version__}")
    writer.setTitle(headline_text(picture.found))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Inch)
    writer.setResolution(_PDF_DOTS)
    inches = QSizeF(picture.width / 96, picture.height / 96)
    writer.setPageSize(QPageSize(inches, QPageSize.Unit.Inch, "", QPageSize.SizeMatchPolicy.ExactMatch))
    _paint(picture, writer, _PDF_DOTS / 96)
    del running
    return bytes(buffer.data().data())


def _is_clear(picture: DistributionPicture) -> bool:
    return picture.paper.startswith("transparent")


def _theme(picture: DistributionPicture, zoom: float) -> Theme:
    theme = themes.DARK if picture.paper.endswith("dark") else themes.LIGHT
    theme = themes.see_through(theme) if _is_clear(picture) else theme
    return msgspec.structs.replace(theme, zoom=zoom)


def _paint(picture: DistributionPicture, device: QPaintDevice, zoom: float) -> None:
    """Paint ``picture`` on ``device``, which has ``zoom`` of its pixels for each of the layout.

    Everything is laid out in the device's own pixels, for pyqtgraph's lines and points know no others.
    """
    theme = _theme(picture, zoom)
    width, height, margin = picture.width * zoom, picture.height * zoom, _MARGIN * zoom
    painter = QPainter(device)
    try:
        if not _is_clear(picture):
            painter.fillRect(QRectF(0, 0, width, height), QColor(theme.window))
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        room = QRectF(margin, margin, width - 2 * margin, height - 2 * margin)
        for text, size, colour, is_bold in _texts(picture, theme):
            painter.setFont(themes.font(size, bold=is_bold))
            painter.setPen(QColor(colour))
            room.setTop(room.top() + _text_height(painter, room, text))
        room.setTop(room.top() + theme.unit)
        painter.setFont(themes.font(theme.px(11)))
        painter.setPen(QColor(theme.muted))
        wrapped = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
        provenance = window_line(picture.provenance)
        footer = painter.boundingRect(room, wrapped, provenance) if provenance else QRectF()
        if provenance:
            painter.drawText(room, wrapped, provenance)
            room.setBottom(footer.top() - theme.unit)
        _paint_plot(picture, theme, painter, room)
    finally:
        painter.end()


def _texts(picture: DistributionPicture, theme: Theme) -> list[tuple[str, int, str, bool]]:
    """Return the texts above the plot, each with its size, its colour, and whether it is bold."""
    found = picture.found
    texts = [(window_line(headline_text(found)), theme.large, theme.text, True)]
    if picture.view == "pairs" and picture.pairs is not None:
        lines = [paired_line(picture.pairs)]
    else:
        lines = sentences_text(found)
    if len(found.shapes) == 1 and found.shapes[0].stood is not None:
        lines = [made_by_text(found.label, [found.shapes[0].series.maker]), *lines]
    texts += [(window_line(line), theme.small, theme.muted, False) for line in lines[:_MOST_LINES] if line]
    return texts


def _text_height(painter: QPainter, room: QRectF, text: str) -> float:
    """Draw ``text`` at the top of ``room`` and return the height that it takes."""
    wrapped = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    height = painter.boundingRect(room, wrapped, text).height()
    painter.drawText(room, wrapped, text)
    return height + painter.fontMetrics().lineSpacing() * 0.3


def _paint_plot(picture: DistributionPicture, theme: Theme, painter: QPainter, room: QRectF) -> None:
    view = pg.GraphicsView(background=None)
    try:
        # Nobody sees it, so nobody tells it its size.
        size = QSize(max(round(room.width()), 1), max(round(room.height()), 1))
        view.resize(size)
        plot = DistributionPlot(theme)
        view.setCentralItem(plot)
        view.resizeEvent(None)
        plot.show(picture.view, picture.found, picture.pairs)
        # What is written at the axes decides how wide the plot is.
        for _ in range(3):
            plot.getAxis("left").generateDrawSpecs(painter)
            plot.layout.activate()
            plot.vb.updateAutoRange()
            view.scene().prepareForPaint()
        clouds = [cloud for cloud, _ in plot.clouds]
        plot.show_seen(all_seen(clouds, plot.sight, *plot.squares), as_shapes=True)
        view.scene().prepareForPaint()
        plot.place_marks()
        area = QRectF(0, 0, size.width(), size.height())
        view.scene().render(painter, QRectF(room.topLeft(), area.size()), area)
    finally:
        view.close()
        view.deleteLater()
