"""The comparison as a picture: laid out for its own size, with or without a screen."""

import os
import sys
from collections.abc import Iterator

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
from PySide6.QtGui import QColor, QFontInfo, QImage, QPageLayout, QPageSize, QPaintDevice, QPainter, QPdfWriter, QPixmap
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from seedlab import APPLICATION_NAME, __version__
from seedlab.errors import DocumentError
from seedlab.figure import ColumnState, Figure, FigureState
from seedlab.figure import theme as themes
from seedlab.model.document import to_document
from seedlab.model.embedding import embed_in_png, embed_in_svg
from seedlab.model.families import script_of
from seedlab.model.lab import Column, Lab
from seedlab.model.script import Script

COLUMN_WIDTH, ONE_COLUMN_WIDTH, LABELS_WIDTH = 400, 1120, 80
"""Of the layout, in pixels, where no size is asked for."""
MARGIN = 24
_PNG_QUALITY = 60
"""Of Qt's scale from 100, which does not compress, down to 0: half the time of its default, some 5 % more bytes."""
MAX_SIDE = 16_384
"""Pixels: a larger image takes gigabytes."""


class Size(msgspec.Struct, frozen=True):
    """What a picture must fit into, in pixels of the layout; a height of None is as high as it must be."""

    title: str
    width: int | None
    height: int | None


SIZES = {
    "natural": Size("as large as it must be", None, None),
    "slide": Size("16:9 slide", 1280, 720),
    "a4": Size("A4 page", 794, 1123),
    "column": Size("text column", 480, None),
}
PAPERS = ("light", "dark", "transparent")


class PictureOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a comparison is drawn."""

    size: Size = SIZES["natural"]
    scale: float = 2.0
    """Pixels of the picture for each pixel of the layout, 1 to 4; PNG only."""
    paper: str = "light"
    script: bool = True
    """With the scripts and what each line did."""
    document: bool = True
    """With all data inside, so that the picture can be opened and run again; PNG and SVG."""

    @property
    def theme(self) -> themes.Theme:
        return themes.DARK if self.paper == "dark" else themes.LIGHT


def to_png(lab: Lab, options: PictureOptions | None = None) -> bytes:
    return Picture(lab, options or PictureOptions()).png()


def to_svg(lab: Lab, options: PictureOptions | None = None) -> bytes:
    return Picture(lab, options or PictureOptions()).svg()


def to_pdf(lab: Lab, options: PictureOptions | None = None) -> bytes:
    return Picture(lab, options or PictureOptions()).pdf()


class Picture:
    """One comparison, drawn for a picture. `steps` draws it bit by bit, for whoever shows progress."""

    def __init__(self, lab: Lab, options: PictureOptions) -> None:
        self._application = _application()
        self._lab = lab
        self._options = options
        self._figure = Figure(options.theme, names=True, title=True)
        self._is_drawn = False

    def steps(self) -> Iterator[float]:
        """Draw; gives what share is done after each step."""
        columns = tuple(map(_state, self._lab.columns))
        self._figure.footer = provenance(self._lab)
        state = FigureState(columns=columns, look=self._lab.view.look, script=self._options.script)
        # At its own width from the beginning: rows are laid out for it.
        self._figure.set_size(self._layout_width())
        self._figure.show_state(state)
        rows = max(len(self._figure.labels), 1)
        for done in range(1, rows + 1):
            self._figure.fill_next()
            yield done / (rows + 1)
        self._fit()
        self._is_drawn = True
        yield 1.0

    def _draw(self) -> None:
        if not self._is_drawn:
            for _ in self.steps():
                pass

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
            self._figure.set_size(width, width / ratio)
            content = self._figure.sceneRect()
            if content.width() <= width + 1 and content.height() <= width / ratio + 1:
                return
            width *= 1.08

    @property
    def layout_size(self) -> QSizeF:
        """Of the whole picture, in pixels of the layout."""
        self._draw()
        content, size = self._figure.sceneRect(), self._options.size
        width = size.width or content.width() + 2 * MARGIN
        shrunk = min((width - 2 * MARGIN) / content.width(), 1.0)
        return QSizeF(width, size.height or content.height() * shrunk + 2 * MARGIN)

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Paint the picture into ``area`` of a device."""
        self._draw()
        if self._options.paper != "transparent":
            painter.fillRect(area, QColor(self._options.theme.window))
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        margin = MARGIN * area.width() / self.layout_size.width()
        inside = area.adjusted(margin, margin, -margin, -margin)
        content = self._figure.sceneRect()
        factor = min(inside.width() / content.width(), inside.height() / content.height())
        target = QRectF(inside.left(), inside.top(), content.width() * factor, content.height() * factor)
        self._figure.render(painter, target, content)

    def image(self) -> QImage:
        """As pixels. Raises `DocumentError` when there would be too many."""
        scale = self._options.scale
        size = (self.layout_size * scale).toSize()
        if max(size.width(), size.height()) > MAX_SIDE:
            raise DocumentError(
                f"The picture would be {size.width():,} by {size.height():,} pixels.",
                "Choose a smaller scale, a fixed size, or fewer columns; SVG and PDF have no limit.",
            )
        is_clear = self._options.paper == "transparent"
        # The forms that Qt paints fastest on.
        form = QImage.Format.Format_ARGB32_Premultiplied if is_clear else QImage.Format.Format_RGB32
        image = QImage(size, form)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, QRectF(image.rect()))
        painter.end()
        return image

    def preview(self, room: QSize) -> QPixmap:
        """As large as fits into ``room``."""
        size = self.layout_size.scaled(QSizeF(room), Qt.AspectRatioMode.KeepAspectRatio).toSize()
        pixmap = QPixmap(size.expandedTo(QSize(1, 1)))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRectF(pixmap.rect()))
        painter.end()
        return pixmap

    def data(self, ending: str) -> bytes:
        """The whole file for ``.png``, ``.svg`` or ``.pdf``."""
        return {".png": self.png, ".svg": self.svg, ".pdf": self.pdf}[ending]()

    def png(self) -> bytes:
        image = self.image()
        dots_per_meter = round(96 * self._options.scale / 0.0254)
        image.setDotsPerMeterX(dots_per_meter)
        image.setDotsPerMeterY(dots_per_meter)
        buffer = _open_buffer()
        image.save(buffer, "PNG", _PNG_QUALITY)  # type: ignore[call-overload]  # PySide6's stubs know the format as bytes only.
        data = bytes(buffer.data().data())
        return embed_in_png(data, to_document(self._lab)) if self._options.document else data

    def svg(self) -> bytes:
        """Text stays text; sizes are in pixels of the layout."""
        buffer = _open_buffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(self.layout_size.toSize())
        generator.setViewBox(QRectF(0, 0, self.layout_size.width(), self.layout_size.height()))
        generator.setTitle(self._figure.headline.title)
        generator.setDescription(provenance(self._lab))
        generator.setResolution(96)
        self._paint_on(generator, QRectF(0, 0, self.layout_size.width(), self.layout_size.height()))
        data = _with_fallbacks(bytes(buffer.data().data()))
        return embed_in_svg(data, to_document(self._lab)) if self._options.document else data

    def pdf(self) -> bytes:
        """One page of the picture's size, 96 pixels of the layout to the inch."""
        buffer = _open_buffer()
        writer = QPdfWriter(buffer)
        writer.setCreator(f"{APPLICATION_NAME} {__version__}")
        writer.setTitle(self._figure.headline.title)
        inches = QSizeF(self.layout_size.width() / 96, self.layout_size.height() / 96)
        writer.setPageSize(QPageSize(inches, QPageSize.Unit.Inch, "", QPageSize.SizeMatchPolicy.ExactMatch))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Inch)
        writer.setResolution(300)
        self._paint_on(writer, QRectF(0, 0, inches.width() * 300, inches.height() * 300))
        return bytes(buffer.data().data())

    def _paint_on(self, device: QPaintDevice, area: QRectF) -> None:
        painter = QPainter(device)
        self.paint(painter, area)
        painter.end()


def provenance(lab: Lab) -> str:
    """Where the values come from, in one line."""
    interpreters = {c.interpreter.summary: None for c in lab.columns if c.interpreter is not None}
    devices = {c.experiment.device: None for c in lab.columns if c.experiment is not None}
    starts = {run.start: None for column in lab.columns for run in column.runs}
    runs = sorted({len(column.runs) for column in lab.columns})
    counted = " or ".join(map(str, runs))
    parts = [
        *interpreters,
        "device " + ", ".join(devices) if devices else "",
        "started " + ", ".join(starts) if starts else "",
        f"{counted} run{'' if runs == [1] else 's'} each" if len(lab.columns) > 1 else f"{counted} runs",
        lab.created.date().isoformat(),
        f"{APPLICATION_NAME} {__version__}",
    ]
    return " · ".join(filter(None, parts))


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


def _state(column: Column) -> ColumnState:
    script = Script(column.script)
    if column.experiment is not None and script_of(column.experiment).text == column.script:
        script = script_of(column.experiment)
    return ColumnState(name=column.name, column=column, script=script)


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
