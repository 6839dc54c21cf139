"""The dialog for exporting one view of a distribution: its format, size and paper."""

from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from seedlab.export.distribution import LEAST_SIDE, MOST_SIDE, SIZE, DistributionPicture, exporting_distribution
from seedlab.figure.theme import Theme
from seedlab.gui import file_dialogs
from seedlab.gui.background import Background
from seedlab.gui.boxes import ChoiceBox, without_buttons
from seedlab.gui.export_dialog import PAPER_TITLES, PICTURES
from seedlab.messages.window import exporting_text, pixels_text
from seedlab.phrases import sentence
from seedlab.session.picture_options import MAX_SCALE, MIN_SCALE, PAPERS
from seedlab.session.settings import ExportChoices

_SIZES = {
    "slide": (sentence("16:9 slide"), *SIZE),
    "a4": (sentence("half an A4 page"), 794, 561),
    "column": (sentence("text column"), 480, 360),
}
_OWN = "own"


class DistributionExportDialog(QDialog):
    """Asks for a file, and writes the view to it."""

    choices_changed = Signal(ExportChoices)
    """The options, when the dialog is closed."""
    exported = Signal(str)
    """The name of a file that was written."""

    def __init__(
        self,
        picture: DistributionPicture,
        choices: ExportChoices,
        theme: Theme,
        parent: QWidget,
        folder: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(sentence("Export this view"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._picture = picture
        self._choices = choices
        self._folder = choices.folder or (str(folder) if folder is not None else "")
        self.background = Background(self)
        self.form_box = _combo(sentence("Format"), PICTURES, choices.form)
        sizes = {name: about for name, (about, *_) in _SIZES.items()} | {_OWN: sentence("custom, in pixels")}
        self.size_box = _combo(sentence("Size"), sizes, choices.size)
        self._offered_size = self.size_box.currentData()
        self.width_box = QSpinBox(minimum=LEAST_SIDE, maximum=MOST_SIDE, accessibleName=sentence("Width in pixels"))
        self.height_box = QSpinBox(minimum=LEAST_SIDE, maximum=MOST_SIDE, accessibleName=sentence("Height in pixels"))
        self.width_box.setValue(choices.width)
        self.height_box.setValue(choices.height)
        self.scale_box = QDoubleSpinBox(minimum=MIN_SCALE, maximum=MAX_SCALE, singleStep=0.5, decimals=1)
        self.scale_box.setAccessibleName(sentence("Scale"))
        self.scale_box.setValue(choices.scale)
        self.scale_box.setToolTip(sentence("The number of picture pixels for each pixel of the layout."))
        for spin in (self.width_box, self.height_box, self.scale_box):
            without_buttons(spin)
        self.paper_box = _combo(sentence("Paper"), dict(zip(PAPERS, PAPER_TITLES, strict=True)), choices.paper)
        self.pixels_label = QLabel()
        self.pixels_label.setProperty("role", "muted")
        self.message_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.message_label.setProperty("role", "message")
        self.message_label.hide()
        self.save_button = QPushButton(
            sentence("Save as…"), objectName="run", toolTip=sentence("Choose a name; its ending decides the format.")
        )
        self.save_button.clicked.connect(self._choose_and_save)
        form = QFormLayout(self, horizontalSpacing=theme.unit, verticalSpacing=theme.unit)
        form.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
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
        form.addRow(self.message_label)
        form.addRow(self.save_button)
        for box in (self.form_box, self.size_box):
            box.currentIndexChanged.connect(self._on_changed)
        for number in (self.width_box, self.height_box, self.scale_box):
            number.valueChanged.connect(self._on_changed)
        self._on_changed()

    @property
    def picture(self) -> DistributionPicture:
        """What is to be written."""
        name = self.size_box.currentData()
        size = (self.width_box.value(), self.height_box.value()) if name == _OWN else _SIZES[name][1:]
        return replace(
            self._picture,
            width=size[0],
            height=size[1],
            scale=self.scale_box.value(),
            paper=self.paper_box.currentData(),
        )

    def _on_changed(self) -> None:
        is_own, has_pixels = self.size_box.currentData() == _OWN, self.form_box.currentData() == ".png"
        for box in (self.width_box, self.height_box):
            box.setEnabled(is_own)
        self.scale_box.setEnabled(has_pixels)
        picture, scale = self.picture, self.scale_box.value() if has_pixels else 1.0
        self.pixels_label.setText(pixels_text(round(picture.width * scale), round(picture.height * scale)))

    def _choose_and_save(self) -> None:
        ending = str(self.form_box.currentData())
        start = str(Path(self._folder, f"{self._picture.view}{ending}"))
        name = file_dialogs.file_to_save(
            self,
            sentence("Export"),
            start,
            sentence("{format} (*{ending})", format=self.form_box.currentText(), ending=ending),
            ending,
        )
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write to ``path``; its ending decides the format, whatever is chosen."""

        def on_written(_: object) -> None:
            self._folder = str(path.absolute().parent)
            self.exported.emit(path.name)
            self.accept()

        def on_failed(error: Exception) -> None:
            self.message_label.setText(str(error))
            self.message_label.show()

        work = exporting_distribution(self.picture, path)
        self.background.start(exporting_text(path.name), work, on_written, on_failed)

    def done(self, result: int) -> None:
        self.background.close()
        # A size that is offered for comparisons alone stays chosen there.
        size = self.size_box.currentData()
        size = self._choices.size if size == self._offered_size else size
        chosen = replace(
            self._choices,
            form=self.form_box.currentData(),
            size=size,
            width=self.width_box.value(),
            height=self.height_box.value(),
            scale=self.scale_box.value(),
            paper=self.paper_box.currentData(),
            folder=self._folder,
        )
        self.choices_changed.emit(chosen)
        super().done(result)


def _combo(title: str, choices: dict[str, str], chosen: str) -> ChoiceBox:
    box: ChoiceBox = ChoiceBox(accessibleName=title)
    for name, text in choices.items():
        box.addItem(text, name)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    return box
