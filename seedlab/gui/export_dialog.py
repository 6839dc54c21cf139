"""The dialog for exporting the comparison: its format, size and paper, with a preview."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from seedlab.analysis.analyst import Analysis, analysing
from seedlab.export.exporting import exporting, writing
from seedlab.export.picture import Picture
from seedlab.export.tables import csv_head
from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.gui import file_dialogs
from seedlab.gui.background import Background
from seedlab.gui.boxes import ChoiceBox, without_buttons
from seedlab.gui.commands import command_of
from seedlab.messages.drawing import small_type_text
from seedlab.messages.window import copy_tip_text, exporting_text, file_text, pixels_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_lines
from seedlab.session.picture_options import (
    LEAST_POINTS,
    MAX_SCALE,
    MAX_SIDE,
    MIN_SCALE,
    MIN_SIDE,
    PAPERS,
    SIZES,
    PictureOptions,
    Size,
)
from seedlab.session.settings import ExportChoices
from seedlab.study.lab import Lab
from seedlab.work import Work, one_step

PREVIEW_DELAY_MS = 150
"""The preview is drawn this long after the last change, so that typing a number draws it only once."""
PICTURES = {".png": sentence("PNG: pixels"), ".svg": sentence("SVG: drawing"), ".pdf": sentence("PDF: page")}
ANIMATED = {
    ".apng": sentence("Animated PNG: runs uncovered"),
    ".gif": sentence("GIF: runs uncovered"),
    ".webp": sentence("WebP: runs uncovered"),
}
DATA = {
    ".csv": sentence("CSV: a row for each value"),
    ".md": sentence("Markdown: a table"),
    ".json": sentence("JSON: everything"),
    ".seedlab": sentence("Lab: everything, to open again"),
    ".py": sentence("Python: the script"),
}
PAPER_TITLES = (
    sentence("light"),
    sentence("dark"),
    sentence("transparent, for light grounds"),
    sentence("transparent, for dark grounds"),
)
_OWN_SIZE, _NATURAL = "own", "natural"
_MOST_LINES = 100
"""The most lines of a table in the preview."""
_MOST_TEXT = 20_000
"""The most bytes of a text in the preview: more than fit on any screen."""


class ExportDialog(QDialog):
    """Options at the right, and a preview of the file at the left.

    ``choices`` are the options to begin with; ``folder`` is where files go until one has been written. ``analysis`` is
    that of the columns; where it is None, it is made once for all that is previewed and written.
    """

    choices_changed = Signal(ExportChoices)
    """The options, when the dialog is closed."""
    exported = Signal(str)
    """The name of a file that was written."""

    def __init__(
        self,
        lab: Lab,
        choices: ExportChoices,
        theme: Theme,
        parent: QWidget,
        folder: Path | None = None,
        *,
        analysis: Analysis | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(sentence("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lab = lab
        self._analysis = analysis
        self._theme = theme
        self._folder = choices.folder or (str(folder) if folder is not None else "")
        self.background = Background(self)
        self._drawing: QPixmap | None = None
        self._is_previewing = False

        self.preview_label = QLabel(textFormat=Qt.TextFormat.PlainText, accessibleName=sentence("Preview"))
        self.preview_label.setMinimumSize(theme.px(480), theme.px(360))
        # A script file holds the script of one column only.
        data = {ending: about for ending, about in DATA.items() if ending != ".py" or len(lab.columns) == 1}
        self.form_box = _combo(sentence("Format"), {**PICTURES, **ANIMATED, **data})
        self.size_box = _combo(
            sentence("Size"),
            {name: size.title for name, size in SIZES.items()} | {_OWN_SIZE: sentence("custom, in pixels")},
        )
        self.width_box = QSpinBox(minimum=MIN_SIDE, maximum=MAX_SIDE, accessibleName=sentence("Width in pixels"))
        self.height_box = QSpinBox(minimum=MIN_SIDE, maximum=MAX_SIDE, accessibleName=sentence("Height in pixels"))
        self.scale_box = QDoubleSpinBox(minimum=MIN_SCALE, maximum=MAX_SCALE, singleStep=0.5, decimals=1)
        self.scale_box.setAccessibleName(sentence("Scale"))
        for spin in (self.width_box, self.height_box, self.scale_box):
            without_buttons(spin)
        self.scale_box.setToolTip(sentence("The number of picture pixels for each pixel of the layout."))
        self.paper_box = _combo(sentence("Paper"), dict(zip(PAPERS, PAPER_TITLES, strict=True)))
        self.script_check = QCheckBox(sentence("Scripts, and what each line did"))
        self.document_check = QCheckBox(sentence("All data, so that it can be run again"))
        self.pixels_label = QLabel()
        self.pixels_label.setProperty("role", "muted")
        self.document_check.setToolTip(
            sentence("seedlab can then open the PNG, animated or not, or the SVG like a document.")
        )
        for widget, about in (
            (self.form_box, sentence("A picture shows the comparison, not the window.")),
            (self.size_box, sentence("The size to fit into. The picture is laid out for it, not scaled.")),
            (self.width_box, sentence("The width of the layout, in pixels.")),
            (self.height_box, sentence("The height of the layout, in pixels.")),
            (
                self.paper_box,
                sentence("The background: light, dark, or none, for a light or a dark slide of your own."),
            ),
            (self.script_check, sentence("Above the draws: the lines that set or use a seed, and what each did.")),
        ):
            widget.setToolTip(about)
        self.message_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.message_label.setProperty("role", "message")
        self.message_label.hide()
        self.small_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.small_label.setProperty("role", "problem")
        self.leave_out_button = QPushButton(
            sentence("Leave out the scripts"), toolTip=sentence("Draws alone need less height.")
        )
        self.leave_out_button.clicked.connect(lambda: self.script_check.setChecked(False))
        self.natural_button = QPushButton(
            sentence("As large as it needs"), toolTip=sentence("Lay the picture out in its natural size.")
        )
        self.natural_button.clicked.connect(lambda: self.size_box.setCurrentIndex(self.size_box.findData(_NATURAL)))
        for offer in (self.leave_out_button, self.natural_button):
            offer.setProperty("role", "link")
        for hint in (self.small_label, self.leave_out_button, self.natural_button):
            hint.hide()
        self.save_button = QPushButton(
            sentence("Save as…"), objectName="run", toolTip=sentence("Choose a name; its ending decides the format.")
        )
        self.save_button.clicked.connect(self._choose_and_save)
        self.copy_button = QPushButton(
            command_of("copy_picture").text, toolTip=copy_tip_text(command_of("copy_picture").keys[0])
        )
        self.copy_button.setProperty("role", "link")
        self.copy_button.clicked.connect(self.copy)

        self._later = QTimer(self, singleShot=True, interval=PREVIEW_DELAY_MS)
        self._later.timeout.connect(self._draw_preview)
        self._lay_out(theme)
        self._take_over(choices)
        for box in (self.form_box, self.size_box, self.paper_box):
            box.currentIndexChanged.connect(self._on_changed)
        for number in (self.width_box, self.height_box, self.scale_box):
            number.valueChanged.connect(self._on_changed)
        for check in (self.script_check, self.document_check):
            check.toggled.connect(self._on_changed)
        self._on_changed()

    def _lay_out(self, theme: Theme) -> None:
        form = QFormLayout(horizontalSpacing=theme.unit, verticalSpacing=theme.unit)
        form.addRow(sentence("Format"), self.form_box)
        form.addRow(sentence("Size"), self.size_box)
        own = QHBoxLayout()
        own.addWidget(self.width_box, 1)
        own.addWidget(QLabel("×"))
        own.addWidget(self.height_box, 1)
        form.addRow("", own)
        form.addRow(sentence("Scale"), self.scale_box)
        form.addRow("", self.pixels_label)
        form.addRow(sentence("Paper"), self.paper_box)
        form.addRow(self.script_check)
        form.addRow(self.document_check)
        right = QVBoxLayout(spacing=theme.unit)
        right.addLayout(form)
        for hint in (self.small_label, self.leave_out_button, self.natural_button, self.message_label):
            right.addWidget(hint)
        right.addStretch()
        right.addWidget(self.copy_button)
        right.addWidget(self.save_button)
        row = QHBoxLayout(self, spacing=3 * theme.unit)
        row.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        row.addWidget(self.preview_label, 1)
        row.addLayout(right)

    # What is chosen.

    def _take_over(self, choices: ExportChoices) -> None:
        """Show ``choices``; for one that is no longer offered, the first of its list is shown."""
        chosen = {self.form_box: choices.form, self.size_box: choices.size, self.paper_box: choices.paper}
        for box, name in chosen.items():
            box.setCurrentIndex(max(box.findData(name), 0))
        self.width_box.setValue(choices.width)
        self.height_box.setValue(choices.height)
        self.scale_box.setValue(choices.scale)
        self.script_check.setChecked(choices.script)
        self.document_check.setChecked(choices.document)

    @property
    def choices(self) -> ExportChoices:
        return ExportChoices(
            form=self.ending,
            size=self.size_box.currentData(),
            width=self.width_box.value(),
            height=self.height_box.value(),
            scale=self.scale_box.value(),
            paper=self.paper_box.currentData(),
            script=self.script_check.isChecked(),
            document=self.document_check.isChecked(),
            folder=self._folder,
        )

    @property
    def ending(self) -> str:
        return str(self.form_box.currentData())

    @property
    def is_picture(self) -> bool:
        return self.ending in PICTURES or self.ending in ANIMATED

    @property
    def _has_scale(self) -> bool:
        """True where the picture has pixels."""
        return self.ending == ".png" or self.ending in ANIMATED

    @property
    def options(self) -> PictureOptions:
        name = self.size_box.currentData()
        own = Size(_OWN_SIZE, self.width_box.value(), self.height_box.value())
        return PictureOptions(
            size=own if name == _OWN_SIZE else SIZES[name],
            scale=self.scale_box.value(),
            paper=self.paper_box.currentData(),
            script=self.script_check.isChecked(),
            document=self.document_check.isChecked(),
        )

    def _on_changed(self) -> None:
        is_own = self.size_box.currentData() == _OWN_SIZE
        for widget in (self.size_box, self.paper_box, self.script_check, self.copy_button):
            widget.setEnabled(self.is_picture)
        for widget in (self.width_box, self.height_box):
            widget.setEnabled(self.is_picture and is_own)
        self.scale_box.setEnabled(self._has_scale)
        self.document_check.setEnabled(self.ending in {".png", ".svg", ".apng"})
        self._show_message("")
        self.pixels_label.clear()
        if not self.is_picture:
            self._warn(LEAST_POINTS)
        self._later.start()

    # Preview.

    def _draw_preview(self) -> None:
        if self.background.is_busy and not self._is_previewing:
            self._later.start()
            return
        if self.is_picture:
            room = self.preview_label.size() * self.devicePixelRatioF()
            self._start(
                sentence("Drawing the preview…"),
                self._drawn(self.options, room),
                lambda drawn: self._show_picture(*drawn),
            )
        else:
            self._start(sentence("Making the preview…"), self._text(), self._show_text)
        self._is_previewing = True

    def _analysed(self) -> Work[Analysis]:
        """Return the analysis of the columns; what is made here is kept."""
        self._analysis = yield from analysing(self._lab.columns, self._analysis)
        return self._analysis

    def _drawn(self, options: PictureOptions, room: QSize | None = None) -> Work[tuple[QImage, QSizeF, float]]:
        """Return the picture as an image that fits into ``room``, or in its own size, the size of its layout, and
        that of its smallest type in points.
        """
        picture = Picture(self._lab, (yield from self._analysed()), options)
        image = yield from picture.image(room)
        return image, picture.layout_size, picture.least_points

    def _text(self) -> Work[bytes]:
        """Return the beginning of a file that is no picture or, where making it takes long, what it is."""
        if self.ending == ".csv":
            return one_step(lambda: csv_head(self._lab, _MOST_LINES))
        if self.ending in {".json", ".seedlab"}:
            return one_step(file_text(DATA[self.ending]).encode)
        return self._written(self.ending)

    def _written(self, ending: str) -> Work[bytes]:
        return (yield from writing(self._lab, ending, analysis=(yield from self._analysed())))

    def _show_picture(self, image: QImage, layout: QSizeF, points: float) -> None:
        scale = self.scale_box.value() if self._has_scale else 1.0
        pixels = (layout * scale).toSize()
        self.pixels_label.setText(pixels_text(pixels.width(), pixels.height()))
        self._drawing = self._on_paper(image)
        self._warn(points)
        self._fit_preview()

    def _warn(self, points: float) -> None:
        """Say where type is hard to read, and offer what makes it larger."""
        is_small = points < LEAST_POINTS
        self.small_label.setText(small_type_text(points) if is_small else "")
        for widget, helps in (
            (self.small_label, True),
            (self.leave_out_button, self.script_check.isChecked()),
            (self.natural_button, self.size_box.currentData() != _NATURAL),
        ):
            widget.setVisible(is_small and helps)

    def _on_paper(self, image: QImage) -> QPixmap:
        """Return ``image`` with an edge, and with squares behind it where the paper is transparent."""
        pixmap = QPixmap(image.size())
        paper = str(self.paper_box.currentData())
        ground = themes.DARK if paper.endswith("dark") else themes.LIGHT
        pixmap.fill(QColor(ground.window))
        painter = QPainter(pixmap)
        if paper.startswith("transparent"):
            side = self._theme.unit
            for x in range(0, image.width(), side):
                for y in range(side * (x // side % 2), image.height(), 2 * side):
                    painter.fillRect(x, y, side, side, QColor(ground.panel))
        painter.drawImage(0, 0, image)
        painter.setPen(QColor(self._theme.hairline))
        painter.drawRect(pixmap.rect().adjusted(0, 0, -1, -1))
        painter.end()
        return pixmap

    def _show_text(self, data: bytes) -> None:
        """Show as much of a text as there is room for."""
        self._drawing = None
        text = window_lines(data[:_MOST_TEXT].decode(errors="ignore"))
        font = themes.font(self._theme.px(11), mono=True)
        metrics, room = QFontMetricsF(font), self.preview_label.size()
        lines = text.splitlines()[: int(room.height() // metrics.lineSpacing())]
        width = int(room.width() // metrics.horizontalAdvance("0")) - 1
        self.preview_label.setFont(font)
        self.preview_label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.preview_label.setText("\n".join(line if len(line) <= width else f"{line[: width - 1]}…" for line in lines))

    def _fit_preview(self) -> None:
        if self._drawing is not None:
            self.preview_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.preview_label.setPixmap(
                self._drawing.scaled(
                    self.preview_label.size(),
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_preview()

    # Copying and saving.

    def copy(self) -> None:
        """Put the picture on the clipboard."""

        def on_drawn(drawn: tuple[QImage, QSizeF, float]) -> None:
            image, *_ = drawn
            QGuiApplication.clipboard().setImage(image)
            self._show_message(sentence("The picture is on the clipboard."))

        self._start(sentence("Drawing…"), self._drawn(self.options), on_drawn)

    def _choose_and_save(self) -> None:
        start = str(Path(self._folder, f"comparison{self.ending}"))
        filters = sentence("{format} (*{ending})", format=self.form_box.currentText(), ending=self.ending)
        name = file_dialogs.file_to_save(self, sentence("Export"), start, filters, self.ending)
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write to ``path``; its ending decides the format, whatever is chosen."""

        def on_written(_: object) -> None:
            self._folder = str(path.absolute().parent)
            self.exported.emit(path.name)
            self.accept()

        work = exporting(self._lab, path, self.options, self._analysis)
        self._start(exporting_text(path.name), work, on_written)

    def _start(self, title: str, work: Work[Any], then: Callable[[Any], object]) -> None:
        """Start work, in place of a preview that is not finished."""
        if self._is_previewing:
            self.background.cancel()
        self._is_previewing = False
        self.background.start(title, work, then, lambda error: self._show_message(str(error)))

    def _show_message(self, text: str) -> None:
        self.message_label.setText(text)
        self.message_label.setVisible(bool(text))

    def done(self, result: int) -> None:
        self._later.stop()
        self.background.close()
        self.choices_changed.emit(self.choices)
        super().done(result)

    def sizeHint(self) -> QSize:
        return QSize(980, 560)


def _combo(title: str, choices: dict[str, str]) -> QComboBox:
    box: ChoiceBox = ChoiceBox(accessibleName=title)
    for name, text in choices.items():
        box.addItem(text, name)
    return box
