"""Taking the comparison away: what form, how large, on what paper; with a preview."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from seedlab.export.files import exporting
from seedlab.export.options import PAPERS, SIZES, PictureOptions, Size
from seedlab.export.picture import Picture
from seedlab.figure.theme import Theme
from seedlab.gui.background import Background
from seedlab.gui.experiment_panel import ChoiceBox
from seedlab.model.lab import Lab
from seedlab.steps import Steps

PREVIEW_DELAY_MS = 150
"""After the last change: dragging a number need not draw each of its values."""
PICTURES = {".png": "PNG: pixels", ".svg": "SVG: drawing", ".pdf": "PDF: page"}
DATA = {
    ".csv": "CSV: a row for each value",
    ".md": "Markdown: a table",
    ".json": "JSON: everything",
    ".seedlab": "Lab: everything, to open again",
    ".py": "Python: the script",
}
_OWN_SIZE = "own"


class ExportDialog(QDialog):
    """Options at the right, the picture as it will be at the left."""

    def __init__(self, lab: Lab, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lab = lab
        self.background = Background(self)
        self._drawing: QPixmap | None = None
        self._is_previewing = False

        self.preview_label = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, accessibleName="Preview")
        self.preview_label.setMinimumSize(theme.px(480), theme.px(360))
        self.form_box = _combo("Form", {**PICTURES, **DATA})
        self.size_box = _combo(
            "Size", {name: size.title for name, size in SIZES.items()} | {_OWN_SIZE: "own, in pixels"}
        )
        self.width_box = QSpinBox(minimum=200, maximum=8000, value=1280, accessibleName="Width in pixels")
        self.height_box = QSpinBox(minimum=200, maximum=8000, value=720, accessibleName="Height in pixels")
        self.scale_box = QDoubleSpinBox(minimum=1, maximum=4, value=2, singleStep=0.5, decimals=1)
        self.scale_box.setAccessibleName("Scale")
        for spin in (self.width_box, self.height_box, self.scale_box):
            spin.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.scale_box.setToolTip("Pixels of the picture for each pixel of its layout.")
        self.paper_box = _combo("Paper", {paper: paper for paper in PAPERS})
        self.script_check = QCheckBox("The scripts and what each line did", checked=True)
        self.document_check = QCheckBox("All data inside, to run it again", checked=True)
        self.document_check.setToolTip("PNG and SVG then open in seedlab like a document.")
        for widget, about in (
            (self.form_box, "Pictures are of the comparison, not of the window."),
            (self.size_box, "What the picture must fit into. It is laid out anew for it, not scaled."),
            (self.width_box, "Width of the layout, in pixels."),
            (self.height_box, "Height of the layout, in pixels."),
            (self.paper_box, "What is behind: light, dark, or nothing, for a slide of your own."),
            (self.script_check, "Above the draws: the lines that set or use a seed, and what each did."),
        ):
            widget.setToolTip(about)
        self.message_label = QLabel(wordWrap=True)
        self.message_label.setProperty("role", "message")
        self.message_label.hide()
        self.save_button = QPushButton(
            "Save as…", objectName="run", toolTip="Choose a name; its ending decides the form."
        )
        self.save_button.clicked.connect(self._choose_and_save)
        self.copy_button = QPushButton(
            "Copy the picture", toolTip="Put it on the clipboard (Ctrl+Shift+C in the window)."
        )
        self.copy_button.setProperty("role", "link")
        self.copy_button.clicked.connect(self.copy)

        self._later = QTimer(self, singleShot=True, interval=PREVIEW_DELAY_MS)
        self._later.timeout.connect(self._draw_preview)
        self._lay_out(theme)
        for box in (self.form_box, self.size_box, self.paper_box):
            box.currentIndexChanged.connect(self._on_changed)
        for number in (self.width_box, self.height_box, self.scale_box):
            number.valueChanged.connect(self._on_changed)
        for check in (self.script_check, self.document_check):
            check.toggled.connect(self._on_changed)
        self._on_changed()

    def _lay_out(self, theme: Theme) -> None:
        form = QFormLayout(horizontalSpacing=theme.unit, verticalSpacing=theme.unit)
        form.addRow("Form", self.form_box)
        form.addRow("Size", self.size_box)
        own = QHBoxLayout()
        own.addWidget(self.width_box)
        own.addWidget(QLabel("×"))
        own.addWidget(self.height_box)
        form.addRow("", own)
        form.addRow("Scale", self.scale_box)
        form.addRow("Paper", self.paper_box)
        form.addRow(self.script_check)
        form.addRow(self.document_check)
        right = QVBoxLayout(spacing=theme.unit)
        right.addLayout(form)
        right.addWidget(self.message_label)
        right.addStretch()
        right.addWidget(self.copy_button)
        right.addWidget(self.save_button)
        row = QHBoxLayout(self, spacing=3 * theme.unit)
        row.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        row.addWidget(self.preview_label, 1)
        row.addLayout(right)

    # What is chosen.

    @property
    def ending(self) -> str:
        return str(self.form_box.currentData())

    @property
    def is_picture(self) -> bool:
        return self.ending in PICTURES

    @property
    def options(self) -> PictureOptions:
        name = self.size_box.currentData()
        own = Size(_OWN_SIZE, self.width_box.value(), self.height_box.value())
        return PictureOptions(
            size=own if name == _OWN_SIZE else SIZES[name],
            scale=self.scale_box.value(),
            paper=self.paper_box.currentText(),
            script=self.script_check.isChecked(),
            document=self.document_check.isChecked(),
        )

    def _on_changed(self) -> None:
        is_own = self.size_box.currentData() == _OWN_SIZE
        for widget in (self.size_box, self.paper_box, self.script_check, self.copy_button):
            widget.setEnabled(self.is_picture)
        for widget in (self.width_box, self.height_box):
            widget.setEnabled(self.is_picture and is_own)
        self.scale_box.setEnabled(self.ending == ".png")
        self.document_check.setEnabled(self.ending in {".png", ".svg"})
        self._say("")
        self._later.start()

    # Preview.

    def _draw_preview(self) -> None:
        if self.background.is_busy and not self._is_previewing:
            self._later.start()
            return
        if not self.is_picture:
            self.background.cancel()
            self._drawing = None
            self.preview_label.setText(f"{DATA[self.ending]}.")
            return
        picture = Picture(self._lab, self.options)
        room = self.preview_label.size() * self.devicePixelRatioF()
        self._start("Drawing the preview…", picture.image(room), self._show_preview)
        self._is_previewing = True

    def _show_preview(self, image: QImage) -> None:
        self._drawing = QPixmap.fromImage(image)
        self._fit_preview()

    def _fit_preview(self) -> None:
        if self._drawing is not None:
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

    # Taking it away.

    def copy(self) -> None:
        """Put the picture on the clipboard."""

        def on_drawn(image: QImage) -> None:
            QGuiApplication.clipboard().setImage(image)
            self._say("")

        self._start("Drawing…", Picture(self._lab, self.options).image(), on_drawn)

    def _choose_and_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Export", f"comparison{self.ending}", f"{self.form_box.currentText()} (*{self.ending})"
        )
        if name:
            path = Path(name)
            self.save(path if path.suffix else path.with_suffix(self.ending))

    def save(self, path: Path) -> None:
        """Write to ``path``; its ending decides the form, whatever is chosen."""
        exported = exporting(self._lab, path, self.options)
        self._start(f"Exporting {path.name}…", exported, lambda _: self.accept())

    def _start(self, title: str, steps: Steps[Any], then: Callable[[Any], object]) -> None:
        """In the place of a preview that is not finished."""
        if self._is_previewing:
            self.background.cancel()
        self._is_previewing = False
        self.background.start(title, steps, then, lambda error: self._say(str(error)))

    def _say(self, text: str) -> None:
        self.message_label.setText(text)
        self.message_label.setVisible(bool(text))

    def done(self, result: int) -> None:
        self._later.stop()
        self.background.close()
        super().done(result)

    def sizeHint(self) -> QSize:
        return QSize(980, 560)


def _combo(title: str, choices: dict[str, str]) -> QComboBox:
    box: ChoiceBox = ChoiceBox(accessibleName=title)
    for name, text in choices.items():
        box.addItem(text, name)
    return box
