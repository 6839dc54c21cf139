"""The comparison as a picture: laid out for its own size, with or without a screen."""

import math
import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QColor, QFontInfo, QImage, QPageLayout, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from seedlab import APPLICATION_NAME, __version__
from seedlab.analysis.analyst import analyse
from seedlab.documents.embedding import embed_in_png, embed_in_svg
from seedlab.documents.writing import to_document
from seedlab.errors import DocumentError
from seedlab.export.provenance import provenance
from seedlab.figure import Figure, FigureState
from seedlab.figure import theme as themes
from seedlab.libraries.registry import script_of
from seedlab.session.picture_options import PictureOptions
from seedlab.session.shown import ShownColumn
from seedlab.study.lab import Column, Lab
from seedlab.study.script import Script
from seedlab.work import Work, finish, one_step

COLUMN_WIDTH, ONE_COLUMN_WIDTH, LABELS_WIDTH = 400, 1120, 80
"""Widths of the layout, in pixels, where no size is asked for."""
MARGIN = 24
_PNG_QUALITY = 60
"""On Qt's scale from 100, which does not compress, down to 0: half the time of its default, some 5 % more bytes."""
_MAX_PIXELS = 16_384
"""The longest side of an image: a larger one takes gigabytes."""


_LAYOUT_SHARE = 0.25
"""The share that the layout has of all the time that drawing takes, for 20 columns of 100 runs."""


def to_png(lab: Lab, options: PictureOptions | None = None) -> bytes:
    return finish(Picture(lab, options or PictureOptions()).png())


def to_svg(lab: Lab, options: PictureOptions | None = None) -> bytes:
    return finish(Picture(lab, options or PictureOptions()).svg())


def to_pdf(lab: Lab, options: PictureOptions | None = None) -> bytes:
    return finish(Picture(lab, options or PictureOptions()).pdf())


class Picture:
    """One comparison, drawn for a picture, in steps."""

    def __init__(self, lab: Lab, options: PictureOptions) -> None:
        self._application = _application()
        self._lab = lab
        self._options = options
        self._theme = themes.DARK if options.paper == "dark" else themes.LIGHT
        self.figure = Figure(self._theme, names=True, title=True)
        self._is_laid_out = False

    # Layout.

    def lay_out(self) -> Work[None]:
        """Find what stands where."""
        if self._is_laid_out:
            return
        columns = _states(self._lab.columns)
        self.figure.footer = f"Equal letters: equal bits. {provenance(self._lab)}"
        of_columns = self._lab.columns
        analysis = yield from one_step(lambda: analyse(of_columns))
        state = FigureState(columns=columns, analysis=analysis, look=self._lab.view.look, script=self._options.script)
        # At its own width from the beginning: rows are laid out for it.
        self.figure.set_size(self._layout_width())
        self.figure.show_state(state)
        rows = max(len(self.figure.labels), 1)
        for done in range(1, rows + 1):
            self.figure.fill_next()
            yield _LAYOUT_SHARE * done / rows
        self._fit()
        self._is_laid_out = True

    def _layout_width(self) -> float:
        count = len(self._lab.columns)
        natural = ONE_COLUMN_WIDTH if count == 1 else LABELS_WIDTH + COLUMN_WIDTH * count
        return (self._options.size.width or natural + 2 * MARGIN) - 2 * MARGIN

    def _fit(self) -> None:
        """Where the page is too low for the rows, lay them out for a wider one, which is then made smaller."""
        size = self._options.size
        if size.width is None or size.height is None:
            return
        ratio = (size.width - 2 * MARGIN) / (size.height - 2 * MARGIN)
        width = self._layout_width()
        for _ in range(12):
            self.figure.set_size(width, width / ratio)
            content = self.figure.sceneRect()
            if content.width() <= width + 1 and content.height() <= width / ratio + 1:
                return
            width *= 1.08

    @property
    def layout_size(self) -> QSizeF:
        """The size of the whole picture, in pixels of the layout; it must be laid out."""
        content, size = self.figure.sceneRect(), self._options.size
        width = size.width or math.ceil(content.width() + 2 * MARGIN)
        shrunk = min((width - 2 * MARGIN) / content.width(), 1.0)
        # Whole pixels: half a one at the edge would be neither paper nor nothing.
        return QSizeF(width, size.height or math.ceil(content.height() * shrunk + 2 * MARGIN))

    # Painting.

    def _painted_on(self, device: QPaintDevice, area: QRectF) -> Work[None]:
        """Fill ``area`` of ``device``."""
        painter = QPainter(device)
        try:
            if self._options.paper != "transparent":
                painter.fillRect(area, QColor(self._theme.window))
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            margin = MARGIN * area.width() / self.layout_size.width()
            inside = area.adjusted(margin, margin, -margin, -margin)
            content = self.figure.sceneRect()
            factor = min(inside.width() / content.width(), inside.height() / content.height())
            painter.setClipRect(QRectF(inside.topLeft(), content.size() * factor))
            painter.translate(inside.topLeft())
            painter.scale(factor, factor)
            painter.translate(-content.topLeft())
            for share in self.figure.painted(painter):
                yield _LAYOUT_SHARE + (1 - _LAYOUT_SHARE) * share
        finally:
            painter.end()
        # The end of a PDF takes long: who wants the way out by then is heard.
        yield 1.0

    def image(self, room: QSize | None = None) -> Work[QImage]:
        """Return it as pixels: as many as fit into ``room``, or what the scale gives.

        Raises `DocumentError` when there would be too many.
        """
        yield from self.lay_out()
        if room is None:
            size = (self.layout_size * self._options.scale).toSize()
        else:
            size = self.layout_size.scaled(QSizeF(room), Qt.AspectRatioMode.KeepAspectRatio).toSize()
        size = size.expandedTo(QSize(1, 1))
        # The forms that Qt paints fastest on.
        is_clear = self._options.paper == "transparent"
        form = QImage.Format.Format_ARGB32_Premultiplied if is_clear else QImage.Format.Format_RGB32
        image = QImage(size, form) if max(size.width(), size.height()) <= _MAX_PIXELS else QImage()
        if image.isNull():
            raise DocumentError(
                f"The picture would be {size.width():,} by {size.height():,} pixels.",
                "Choose a smaller scale, a fixed size, or fewer columns; SVG and PDF have no limit.",
            )
        image.fill(Qt.GlobalColor.transparent)
        yield from self._painted_on(image, QRectF(image.rect()))
        return image

    # Files.

    def file(self, ending: str) -> Work[bytes]:
        """The whole file for ``.png``, ``.svg`` or ``.pdf``."""
        return {".png": self.png, ".svg": self.svg, ".pdf": self.pdf}[ending]()

    def png(self) -> Work[bytes]:
        image = yield from self.image()
        dots_per_meter = round(96 * self._options.scale / 0.0254)
        image.setDotsPerMeterX(dots_per_meter)
        image.setDotsPerMeterY(dots_per_meter)
        # Not self: the drawing is not to end its life in another thread.
        lab, has_document = self._lab, self._options.document

        def encode() -> bytes:
            buffer = _open_buffer()
            image.save(buffer, "PNG", _PNG_QUALITY)  # type: ignore[call-overload]  # PySide6's stubs know the format as bytes only.
            data = bytes(buffer.data().data())
            return embed_in_png(data, to_document(lab)) if has_document else data

        return (yield from one_step(encode))

    def svg(self) -> Work[bytes]:
        """Text stays text; sizes are in pixels of the layout."""
        yield from self.lay_out()
        buffer, size = _open_buffer(), self.layout_size
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(size.toSize())
        generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
        generator.setTitle(self.figure.headline.title)
        generator.setDescription(provenance(self._lab))
        generator.setResolution(96)
        yield from self._painted_on(generator, QRectF(0, 0, size.width(), size.height()))
        drawn, lab = _with_fallbacks(bytes(buffer.data().data())), self._lab
        if not self._options.document:
            return drawn
        return (yield from one_step(lambda: embed_in_svg(drawn, to_document(lab))))

    def pdf(self) -> Work[bytes]:
        """One page of the picture's size, 96 pixels of the layout to the inch."""
        yield from self.lay_out()
        buffer = _open_buffer()
        writer = QPdfWriter(buffer)
        writer.setCreator(f"{APPLICATION_NAME} {__version__}")
        writer.setTitle(self.figure.headline.title)
        inches = QSizeF(self.layout_size.width() / 96, self.layout_size.height() / 96)
        writer.setPageSize(QPageSize(inches, QPageSize.Unit.Inch, "", QPageSize.SizeMatchPolicy.ExactMatch))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Inch)
        writer.setResolution(300)
        yield from self._painted_on(writer, QRectF(0, 0, inches.width() * 300, inches.height() * 300))
        return bytes(buffer.data().data())


def _with_fallbacks(svg: bytes) -> bytes:
    """Name the fonts that were measured, then what another machine has in their place."""
    for families, generic, is_mono in ((themes.SANS, "sans-serif", False), (themes.MONO, "monospace", True)):
        found = QFontInfo(themes.font(13, mono=is_mono)).family()
        names = ", ".join(f"'{name}'" for name in dict.fromkeys([found, *families]))
        for name in {found, families[0]}:
            svg = svg.replace(f'font-family="{name}"'.encode(), f'font-family="{names}, {generic}"'.encode())
    return svg


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray())
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _states(columns: Sequence[Column]) -> tuple[ShownColumn, ...]:
    origins = [c.interpreter.summary if c.interpreter is not None and c.runs else "" for c in columns]
    # Where one interpreter drew them all, the last line says so.
    is_told = len(set(filter(None, origins))) > 1
    return tuple(
        ShownColumn(name=column.name, column=column, script=_script_of(column), origin=origin if is_told else "")
        for column, origin in zip(columns, origins, strict=True)
    )


def _script_of(column: Column) -> Script:
    """With its seed lines marked, where seedlab wrote it."""
    if column.experiment is not None and script_of(column.experiment).text == column.script:
        return script_of(column.experiment)
    return Script(column.script)


def _application() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The offscreen platform regrets, at each window, that nobody will see it.
    qInstallMessageHandler(
        lambda kind, _, message: None if kind is QtMsgType.QtWarningMsg else print(message, file=sys.stderr)
    )
    return QApplication(sys.argv[:1])
