"""Draws a comparison as a picture, laid out for its own size; works with and without a screen."""

import math
import os
import sys
from collections.abc import Collection, Sequence

import msgspec
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
from seedlab.analysis.analyst import Analysis, analyse
from seedlab.documents.embedding import embed_in_png, embed_in_svg
from seedlab.documents.writing import to_document
from seedlab.errors import DocumentError
from seedlab.export.provenance import caption, provenance
from seedlab.figure import Drawing, Figure, FigureState, WhyFigure
from seedlab.figure import theme as themes
from seedlab.libraries.registry import script_of
from seedlab.messages.drawing import more_draws_text
from seedlab.phrases import following, sentence
from seedlab.plain_text import window_line, xml_text
from seedlab.session.picture_options import PictureOptions
from seedlab.session.shown import ShownColumn
from seedlab.study.lab import Column, Lab
from seedlab.study.script import Script
from seedlab.work import Work, finish, one_step, within

COLUMN_WIDTH, ONE_COLUMN_WIDTH, LABELS_WIDTH = 400, 1120, 80
"""The widths of the layout when no size is requested, in pixels: each of several columns, a single one, the labels."""
MARGIN = 24
"""The margin on each side of the picture, in pixels of the layout."""
_PNG_QUALITY = 60
"""Qt's quality of a PNG, from 100 (uncompressed) to 0: takes half the time of the default, for some 5 % more bytes."""
_MAX_PIXELS = 16_384
"""The longest side of an image, in pixels: a larger image takes gigabytes."""
MOST_ROWS = 1_000
"""The most draws of a picture: nobody could look at more, and drawing 20,000 takes a quarter of a minute."""
_MOST_CELLS = 4_000
"""The most draws of a picture, counted in all its columns together."""
SMALLEST_TYPE, SMALLEST_LISTED = 10, 9
"""The smallest type of a figure, such as the numbers of lines and scales, and that of listed values where they have
little room, in pixels of the layout.
"""
_PDF_DOTS = 300
"""The resolution of a PDF, in dots per inch."""
_LEAST_ROW = 4
"""The least height of a row on a page of a fixed height, in pixels of the layout: less cannot be seen."""
_LAYOUT_SHARE = 0.25
"""The share of the layout in the time of a drawing, from 0 to 1, measured with 20 columns of 100 runs."""


def to_png(lab: Lab, options: PictureOptions | None = None) -> bytes:
    """Return ``lab`` as a PNG file. Raise `DocumentError` when it would have too many pixels."""
    return finish(_picture(lab, options).png())


def to_svg(lab: Lab, options: PictureOptions | None = None) -> bytes:
    """Return ``lab`` as an SVG file."""
    return finish(_picture(lab, options).svg())


def to_pdf(lab: Lab, options: PictureOptions | None = None) -> bytes:
    """Return ``lab`` as a PDF file of one page."""
    return finish(_picture(lab, options).pdf())


def _picture(lab: Lab, options: PictureOptions | None) -> "Picture":
    return Picture(lab, analyse(lab.columns), options or PictureOptions())


class Picture:
    """The drawing of ``lab``, with the ``analysis`` of its columns; its methods return `Work`, which draws in steps."""

    def __init__(
        self,
        lab: Lab,
        analysis: Analysis,
        options: PictureOptions,
        *,
        uncovered: int | None = None,
        like: "Picture | None" = None,
        heading: str = "",
    ) -> None:
        """``uncovered`` is the number of runs that are seen in each column; None for all, and the verdicts.
        ``heading`` stands above the headline.

        With ``like``, another picture of ``lab`` that is laid out, everything stands where it stands there.
        """
        self._application = application()
        self._lab = lab
        self._analysis = analysis
        self._options = options
        self._is_clear = options.paper.startswith("transparent")
        theme = themes.DARK if options.paper.endswith("dark") else themes.LIGHT
        self._theme = themes.see_through(theme) if self._is_clear else theme
        self._state = FigureState(
            columns=_states(lab.columns),
            current=min(lab.view.current, max(len(lab.columns) - 1, 0)),
            look=lab.view.look,
            script=options.script,
            uncovered=uncovered,
            heading=window_line(heading),
        )
        drawing: type[Drawing] = WhyFigure if self._state.is_why else Figure
        self.figure = drawing(self._theme, names=True, title=True)
        self._like = like
        self._is_laid_out = False
        self._room: tuple[float, float] = (0.0, 0.0)
        """The width and the height that it was laid out for; 0 for as high as needed."""

    # Layout.

    def lay_out(self) -> Work[None]:
        """Lay out the figure; do nothing when that is done."""
        if self._is_laid_out:
            return
        # There are no letters where causes are shown.
        self.figure.footer = provenance(self._lab) if self._state.is_why else caption(self._lab)
        # Where causes are shown, draws have no rows.
        chosen = None if self._state.is_why else self._options.rows
        analysis, hidden = _shown_rows(self._analysis, chosen, self._most_rows())
        if hidden:
            self.figure.footer = following(more_draws_text(hidden), self.figure.footer)
        state = msgspec.structs.replace(self._state, analysis=analysis)
        # The width is set first, because rows are laid out for it.
        self._room = self._like._room if self._like is not None else (self._layout_width(), 0.0)
        self.figure.set_size(*self._room)
        if self._like is not None and isinstance(self.figure, Figure) and isinstance(self._like.figure, Figure):
            self.figure.set_script_room(self._like.figure.script_height)
        self.figure.show_state(state)
        rows = max(len(self.figure.labels), 1)
        for done in range(1, rows + 1):
            self.figure.fill_next()
            yield _LAYOUT_SHARE * done / rows
        if self._like is None:
            yield from self._fit()
        self._is_laid_out = True

    def _most_rows(self) -> int:
        rows = min(MOST_ROWS, _MOST_CELLS // max(len(self._lab.columns), 1))
        height = self._options.size.height
        return max(rows if height is None else min(rows, height // _LEAST_ROW), 1)

    def _layout_width(self) -> float:
        count = 1 if self._state.is_why else len(self._lab.columns)
        natural = ONE_COLUMN_WIDTH if count == 1 else LABELS_WIDTH + COLUMN_WIDTH * count
        return (self._options.size.width or natural + 2 * MARGIN) - 2 * MARGIN

    def _fit(self) -> Work[None]:
        """Make the layout wider until it fits the page in proportion; painting then scales it down to the page."""
        size = self._options.size
        if size.width is None or size.height is None:
            return
        ratio = (size.width - 2 * MARGIN) / (size.height - 2 * MARGIN)
        width = self._layout_width()
        for _ in range(12):
            self._room = (width, width / ratio)
            self.figure.set_size(*self._room)
            content = self.figure.sceneRect()
            if content.width() <= width + 1 and content.height() <= width / ratio + 1:
                return
            width *= 1.08
            # A wider one may have its script beside the values.
            while self.figure.fill_next():
                yield _LAYOUT_SHARE
            yield _LAYOUT_SHARE

    @property
    def _content(self) -> QRectF:
        """What is to fit: of a picture like another, what that one has."""
        return (self if self._like is None else self._like).figure.sceneRect()

    @property
    def layout_size(self) -> QSizeF:
        """The size of the whole picture, in pixels of the layout. The figure must be laid out."""
        content, size = self._content, self._options.size
        width = size.width or math.ceil(content.width() + 2 * MARGIN)
        shrunk = min((width - 2 * MARGIN) / content.width(), 1.0)
        # In whole pixels, because half a pixel at the edge would be neither paper nor transparent.
        return QSizeF(width, size.height or math.ceil(content.height() * shrunk + 2 * MARGIN))

    @property
    def least_points(self) -> float:
        """The size of the smallest type, in points at 96 pixels to the inch. The figure must be laid out."""
        content, whole = self._content, self.layout_size
        room = QSizeF(whole.width() - 2 * MARGIN, whole.height() - 2 * MARGIN)
        smallest = SMALLEST_LISTED if self._state.look == "values" else SMALLEST_TYPE
        return smallest * min(room.width() / content.width(), room.height() / content.height()) * 72 / 96

    # Painting.

    def _painted_on(self, device: QPaintDevice, area: QRectF) -> Work[None]:
        """Paint the picture to ``area`` of ``device``."""
        painter = QPainter(device)
        try:
            yield from self.painted(painter, area)
        finally:
            painter.end()
        # A last step after `end`, which takes long for a PDF, so that the work can still be cancelled.
        yield 1.0

    def painted(self, painter: QPainter, area: QRectF) -> Work[None]:
        """Paint the picture to ``area``. The figure must be laid out."""
        painter.save()
        try:
            if not self._is_clear:
                painter.fillRect(area, QColor(self._theme.window))
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            margin = MARGIN * area.width() / self.layout_size.width()
            inside = area.adjusted(margin, margin, -margin, -margin)
            content = self._content
            factor = min(inside.width() / content.width(), inside.height() / content.height())
            painter.setClipRect(QRectF(inside.topLeft(), content.size() * factor) if self._like is None else inside)
            painter.translate(inside.topLeft())
            painter.scale(factor, factor)
            painter.translate(-content.topLeft())
            for share in self.figure.painted(painter):
                yield _LAYOUT_SHARE + (1 - _LAYOUT_SHARE) * share
        finally:
            painter.restore()

    def image(self, room: QSize | None = None) -> Work[QImage]:
        """Return the picture as an image that fits into ``room``, or in the size that the scale gives.

        Raise `DocumentError` when it would have too many pixels.
        """
        yield from self.lay_out()
        if room is None:
            size = (self.layout_size * self._options.scale).toSize()
        else:
            size = self.layout_size.scaled(QSizeF(room), Qt.AspectRatioMode.KeepAspectRatio).toSize()
        size = size.expandedTo(QSize(1, 1))
        # The formats that Qt paints on fastest.
        form = QImage.Format.Format_ARGB32_Premultiplied if self._is_clear else QImage.Format.Format_RGB32
        image = QImage(size, form) if max(size.width(), size.height()) <= _MAX_PIXELS else QImage()
        if image.isNull():
            raise DocumentError(
                sentence(
                    "The picture would be {width:,} by {height:,} pixels.", width=size.width(), height=size.height()
                ),
                sentence("Choose a smaller scale, a fixed size, or fewer columns; SVG and PDF have no limit."),
            )
        image.fill(Qt.GlobalColor.transparent)
        yield from self._painted_on(image, QRectF(image.rect()))
        return image

    # Files.

    def file(self, ending: str) -> Work[bytes]:
        """Return the content of a file with ``ending``: ``.png``, ``.svg`` or ``.pdf``."""
        return {".png": self.png, ".svg": self.svg, ".pdf": self.pdf}[ending]()

    def png(self) -> Work[bytes]:
        """Return a PNG file. Raise `DocumentError` when it would have too many pixels."""
        image = yield from self.image()
        dots_per_meter = round(96 * self._options.scale / 0.0254)
        image.setDotsPerMeterX(dots_per_meter)
        image.setDotsPerMeterY(dots_per_meter)
        # The closure must not hold self, because Qt objects must not be deleted in another thread.
        lab, rows, has_document = self._lab, self._analysis.rows, self._options.document

        def encode() -> bytes:
            buffer = open_buffer()
            image.save(buffer, "PNG", _PNG_QUALITY)  # type: ignore[call-overload]  # PySide6's stubs know the format as bytes only.
            data = bytes(buffer.data().data())
            return embed_in_png(data, to_document(lab, rows)) if has_document else data

        return (yield from one_step(encode))

    def svg(self) -> Work[bytes]:
        """Return an SVG file, in which text stays text and sizes are in pixels of the layout."""
        yield from self.lay_out()
        buffer, size = open_buffer(), self.layout_size
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(size.toSize())
        generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
        generator.setTitle(xml_text(self.figure.headline.title))
        generator.setDescription(xml_text(provenance(self._lab)))
        generator.setResolution(96)
        yield from self._painted_on(generator, QRectF(0, 0, size.width(), size.height()))
        drawn = with_fallbacks(bytes(buffer.data().data()))
        if not self._options.document:
            return drawn
        lab, rows = self._lab, self._analysis.rows
        return (yield from one_step(lambda: embed_in_svg(drawn, to_document(lab, rows))))

    def pdf(self) -> Work[bytes]:
        """Return a PDF file of one page with the picture's size, at 96 pixels of the layout per inch."""
        return (yield from to_pages([self], ""))


def to_pages(pictures: Sequence[Picture], title: str) -> Work[bytes]:
    """Return a PDF file with a page for each of ``pictures``, in its size at 96 pixels of the layout per inch.

    ``title`` is that of the file; the headline of the first where it is empty.
    """
    share = 1 / max(len(pictures), 1)
    for number, picture in enumerate(pictures):
        yield from within(picture.lay_out(), number * share * _LAYOUT_SHARE, share * _LAYOUT_SHARE)
    buffer = open_buffer()
    writer = QPdfWriter(buffer)
    writer.setCreator(f"{APPLICATION_NAME} {__version__}")
    writer.setTitle(title or next((picture.figure.headline.title for picture in pictures), ""))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Inch)
    writer.setResolution(_PDF_DOTS)
    painter = QPainter()
    try:
        for number, picture in enumerate(pictures):
            inches = QSizeF(picture.layout_size.width() / 96, picture.layout_size.height() / 96)
            writer.setPageSize(QPageSize(inches, QPageSize.Unit.Inch, "", QPageSize.SizeMatchPolicy.ExactMatch))
            if number:
                writer.newPage()
            else:
                painter.begin(writer)
            area = QRectF(0, 0, inches.width() * _PDF_DOTS, inches.height() * _PDF_DOTS)
            yield from within(picture.painted(painter, area), number * share, share)
    finally:
        painter.end()
    # A last step after `end`, which takes long, so that the work can still be cancelled.
    yield 1.0
    return bytes(buffer.data().data())


def with_fallbacks(svg: bytes) -> bytes:
    """Return ``svg`` with fallbacks for machines without the fonts that the layout was measured with."""
    for families, generic, is_mono in ((themes.SANS, "sans-serif", False), (themes.MONO, "monospace", True)):
        found = QFontInfo(themes.font(13, mono=is_mono)).family()
        names = ", ".join(f"'{name}'" for name in dict.fromkeys([found, *families]))
        for name in {found, families[0]}:
            svg = svg.replace(f'font-family="{name}"'.encode(), f'font-family="{names}, {generic}"'.encode())
    return svg


def open_buffer() -> QBuffer:
    """Return an empty buffer to write to."""
    buffer = QBuffer()
    buffer.setData(QByteArray())
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _shown_rows(analysis: Analysis, rows: Collection[str] | None, most: int) -> tuple[Analysis, int]:
    """Return ``analysis`` with the ``most`` first of ``rows``, all where it is None, and how many are left out."""
    shown = analysis.alignment.chosen(analysis.labels if rows is None else rows, most)
    hidden = len(analysis.labels) - len(shown.labels)
    if not hidden:
        return analysis, 0
    positions = {label: position for position, label in enumerate(shown.labels)}
    return msgspec.structs.replace(analysis, alignment=shown, positions=positions), hidden


def _states(columns: Sequence[Column]) -> tuple[ShownColumn, ...]:
    origins = [c.interpreter.summary if c.interpreter is not None and c.runs else "" for c in columns]
    # If one interpreter made all runs, the last line of the picture names it.
    is_shown = len(set(filter(None, origins))) > 1
    return tuple(
        ShownColumn(name=column.name, column=column, script=_script_of(column), origin=origin if is_shown else "")
        for column, origin in zip(columns, origins, strict=True)
    )


def _script_of(column: Column) -> Script:
    """Return the script of ``column``, with its seed lines marked if seedlab wrote it."""
    if column.experiment is not None and script_of(column.experiment).text == column.script:
        return script_of(column.experiment)
    return Script(column.script)


def application() -> QApplication:
    """Return the application; where there is none, one without a screen."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The offscreen platform prints a warning for each window.
    qInstallMessageHandler(
        lambda kind, _, message: None if kind is QtMsgType.QtWarningMsg else print(message, file=sys.stderr)
    )
    return QApplication(sys.argv[:1])
