"""The window for a closer look at one draw: how it is distributed over runs or seeds."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from seedlab.analysis.distribution_views import MOST_POINTS, Distribution, Pairs, all_seen, distribution_of, pairs_of
from seedlab.analysis.series import Source
from seedlab.errors import SeedlabError
from seedlab.export.distribution import DistributionPicture
from seedlab.figure.distribution_plot import DistributionPlot
from seedlab.figure.theme import Theme
from seedlab.gui.distribution_canvas import DistributionCanvas
from seedlab.gui.distribution_export import DistributionExportDialog
from seedlab.gui.distribution_pairs import PairChoice
from seedlab.gui.distribution_pointer import DistributionPointer
from seedlab.gui.distribution_range import SelectedRange
from seedlab.gui.distribution_tabs import DistributionTabs
from seedlab.gui.labels import link_with_key, plain_tool_tip, press_by_key
from seedlab.gui.latest_thread import Asked, LatestThread
from seedlab.messages.distributions import column_button_text, headline_text, paired_line, sentences_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_line, window_lines
from seedlab.session.settings import ExportChoices

SIZE, _LEAST = (1000, 640), (640, 480)
"""The size that it opens with, and the least one in which nothing is cut, in pixels at zoom 1."""
_FOLLOW_MS = 30
"""What is in sight is counted anew so long after the axes have moved."""
_MOST_SENTENCES = 4


class DistributionWindow(QWidget):
    """Shows the draw that a source is about; all that takes long is done by ``thread``."""

    column_wanted = Signal(tuple)
    """The seeds, one for each that was turned, of which a person wants a column."""
    choices_changed = Signal(ExportChoices)
    exported = Signal(str)
    """The name of a file that was written."""
    closed = Signal(QWidget)
    """Emitted with the window itself when it is closed."""
    shown = Signal()
    """Emitted when what was given last is shown."""

    def __init__(
        self,
        source: Source,
        theme: Theme,
        thread: LatestThread,
        parent: QWidget | None = None,
        *,
        provenance: Callable[[Distribution], str] = lambda _: "",
        choices: ExportChoices | None = None,
        folder: Path | None = None,
    ) -> None:
        """``choices`` and ``folder`` are the export's."""
        super().__init__(parent, Qt.WindowType.Window, objectName="distribution")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme = theme
        self._thread = thread
        self.provenance = provenance
        """Returns the line below exported pictures."""
        self._choices, self._folder = choices or ExportChoices(), folder
        self._source = source
        self._place = object()
        self._asked: dict[str, Asked] = {}
        self.found: Distribution | None = None
        """What is shown; None until it is known."""
        self.pairs: Pairs | None = None
        self.view = "runs"
        self.chosen: tuple[int, ...] | None = None
        """The seeds that are chosen for a column; None where there are no seeds."""
        self._follows_best = True
        """True until a person has chosen some."""
        thread.answered.connect(self._on_answered)

        self.title_label = _label("headline")
        self.text_label = _label("muted")
        self.pointer_label = _label("muted")
        self.pointer_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.range_label = _label("muted")
        self.range_label.hide()
        self.tabs = DistributionTabs(self.view)
        self.tabs.chosen.connect(self.show_view)
        self.against = PairChoice()
        self.against.hide()
        self.against.changed.connect(self._ask_for_pairs)
        self.plot = DistributionPlot(theme)
        self.canvas = DistributionCanvas(self.plot, theme)
        self.canvas.pressed_twice.connect(self.show_all)
        self.pointer = DistributionPointer(self.canvas, theme, self)
        self.pointer.told.connect(self._on_pointed)
        self.pointer.hinted.connect(self._on_hinted)
        self.pointer.chosen.connect(self._on_chosen)
        self.range = SelectedRange(self.plot, theme, self)
        self.range.told.connect(self._on_range_told)
        self.range_button = link_with_key(
            sentence("Select a range"), "R", sentence("Say how many runs have a value in a range, and which")
        )
        self.range_button.setCheckable(True)
        self.range_button.toggled.connect(self._show_range)
        self.all_button = link_with_key(
            sentence("Show all"), "A", sentence("Undo zooming and moving; so does a double press")
        )
        self.all_button.clicked.connect(self.show_all)
        self.column_button = link_with_key("", "C", sentence("Put a column with this seed beside the others"))
        self.column_button.clicked.connect(self._want_column)
        self.column_button.hide()
        self.export_button = link_with_key(sentence("Export…"), "Ctrl+E", sentence("Save this view as PNG, SVG or PDF"))
        self.export_button.clicked.connect(self.export)
        for key, button in (
            ("R", self.range_button),
            ("A", self.all_button),
            ("C", self.column_button),
            ("Ctrl+E", self.export_button),
        ):
            press_by_key(key, button, self)
        QShortcut(QKeySequence("Esc"), self, self.close)
        self._later = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._later.timeout.connect(self._ask_what_is_seen)
        self.plot.vb.sigRangeChanged.connect(self._on_range_changed)
        self.plot.vb.sigResized.connect(self._on_range_changed)
        self._lay_out()
        self.set_theme(theme)
        self.resize(self._on_screen(SIZE))
        self._name_window()
        self.canvas.setFocus()
        self.show_source(source)

    def _lay_out(self) -> None:
        self._bottom = QHBoxLayout()
        for button in (self.range_button, self.all_button, self.column_button):
            self._bottom.addWidget(button)
        self._bottom.addStretch(1)
        self._bottom.addWidget(self.export_button)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(self.title_label)
        self._whole.addWidget(self.text_label)
        self._whole.addWidget(self.tabs)
        self._whole.addWidget(self.against)
        self._whole.addWidget(self.canvas, 1)
        self._whole.addWidget(self.pointer_label)
        self._whole.addWidget(self.range_label)
        self._whole.addLayout(self._bottom)

    def add_head(self, head: QWidget) -> None:
        """Put ``head`` above all else."""
        self._whole.insertWidget(0, head)

    def set_theme(self, theme: Theme) -> None:
        """Have the colours and sizes of ``theme``."""
        self._theme = theme
        unit = theme.unit
        self._whole.setContentsMargins(3 * unit, 2 * unit, 3 * unit, unit)
        self._whole.setSpacing(unit)
        self._bottom.setSpacing(unit)
        self.setStyleSheet(f"QWidget#distribution {{ background: {theme.window}; }}")
        self.canvas.setBackground(theme.window)
        for piece in (self.tabs, self.against, self.plot, self.pointer, self.range):
            piece.set_theme(theme)
        self.setMinimumSize(self._on_screen(_LEAST))
        if self.found is not None:
            self._show()

    def _on_screen(self, size: tuple[int, int]) -> QSize:
        """Return ``size`` at the theme's zoom, as far as the screen has room for it."""
        width, height = size
        return QSize(self._theme.px(width), self._theme.px(height)).boundedTo(self.screen().availableSize())

    # What is shown.

    @property
    def source(self) -> Source:
        return self._source

    def show_source(self, source: Source) -> None:
        """Show what ``source`` has by now; until that is known, what was shown stays."""
        self._source = source
        self._ask("whole", partial(distribution_of, source))

    @property
    def is_complete(self) -> bool:
        """True when everything that was asked for is shown."""
        return not self._asked and not self._later.isActive() and self.range.is_told

    def _ask(self, what: str, function: Callable[[], object]) -> None:
        self._asked[what] = self._thread.ask((self._place, what), function)

    @Slot(object, object)
    def _on_answered(self, asked: Asked, result: object) -> None:
        what = next((what for what, each in self._asked.items() if each is asked), None)
        if what is None:
            return
        del self._asked[what]
        if isinstance(result, SeedlabError):
            self.title_label.setText(window_line(str(result)))
        elif isinstance(result, Exception):
            raise result
        elif isinstance(result, Distribution):
            self.found = result
            if self.view == "course" and not result.courses:
                self.show_view("runs")
            else:
                self._show_found()
            if self.view == "pairs":
                self._ask_for_pairs()
        elif isinstance(result, Pairs):
            self.pairs = result
            self._show_found()
        elif isinstance(result, list) and len(result) == len(self.plot.clouds):
            self.plot.show_seen(result)
        if self.is_complete:
            self.shown.emit()

    def _show_found(self) -> None:
        """Show what was found, in words and in the view."""
        self._show_texts()
        self._show()
        self.pointer.show(self.view, self.found, self.pairs)
        if self.range.region is None:
            self._show_range(is_on=self.range_button.isChecked())

    def _show_texts(self) -> None:
        found = self.found
        assert found is not None
        self.title_label.setText(window_line(headline_text(found)))
        lines = [] if found.is_empty else sentences_text(found)
        if self.view == "pairs" and self.pairs is not None and (line := paired_line(self.pairs)):
            lines = [line]
        self.text_label.setText(window_lines("\n".join(lines[:_MOST_SENTENCES])))
        self.text_label.setVisible(bool(lines))
        self.tabs.offer_course(bool(found.courses))
        self._name_window()
        self.against.offer(found, self._source.makers)
        has_seeds = found.kind == "seed" and any(shape.low is not None for shape in found.shapes)
        self.column_button.setVisible(has_seeds)
        if has_seeds and self._follows_best:
            shape = next(shape for shape in found.shapes if shape.low is not None)
            best = shape.low if found.better == "lower" else shape.high
            assert best is not None
            self._choose(tuple(shape.series.points[best].tolist()))

    def _name_window(self) -> None:
        makers = self._source.makers
        name = makers[0] if len(makers) == 1 else ""
        self.setWindowTitle(
            window_line(
                sentence("{label}: {name}", label=self._source.label, name=name) if name else self._source.label
            )
        )

    def show_view(self, view: str) -> None:
        """Show ``view``, with all that there is in sight."""
        self.view = view
        self.tabs.check(view)
        self.pointer.point_at_nothing()
        self.range.end()
        self.against.setVisible(view == "pairs")
        self.range_button.setVisible(view != "course")
        self.plot.enableAutoRange()
        if self.found is not None:
            self._show_found()
            if view == "pairs" and self.pairs is None:
                self._ask_for_pairs()
        else:
            self._show_range(is_on=self.range_button.isChecked())

    def _show(self) -> None:
        """Draw the view; where the axes were not moved by hand, they show all."""
        assert self.found is not None
        self.plot.show(self.view, self.found, self.pairs)
        self._ask_what_is_seen()
        self.range.show(self.view, self.found)

    def show_all(self) -> None:
        """Have everything in sight."""
        self.plot.enableAutoRange()

    def _on_range_changed(self) -> None:
        if any(cloud.x.size > MOST_POINTS for cloud, _ in self.plot.clouds):
            self._later.start()

    def _ask_what_is_seen(self) -> None:
        clouds = [cloud for cloud, _ in self.plot.clouds]
        if not clouds:
            return
        self.plot.vb.updateAutoRange()
        look = partial(all_seen, clouds, self.plot.sight, *self.plot.squares)
        if all(cloud.x.size <= MOST_POINTS for cloud in clouds):
            self.plot.show_seen(look())
        else:
            self._ask("seen", look)

    def _ask_for_pairs(self) -> None:
        choice = self.against.choice
        if choice is not None and self.found is not None and self.found.shapes:
            self._ask("pairs", partial(pairs_of, self._source, self.found.shapes[0].position, choice))

    # What is pointed at, chosen and selected.

    def _on_pointed(self, text: str) -> None:
        line = window_line(text)
        self.pointer_label.setText(line)
        self.pointer_label.setToolTip(plain_tool_tip(line))

    def _on_hinted(self, text: str) -> None:
        self.pointer_label.setText(window_line(text))
        self.pointer_label.setToolTip("")

    def _on_chosen(self, point: tuple[int, ...]) -> None:
        self._follows_best = False
        self._choose(point)

    def _choose(self, point: tuple[int, ...]) -> None:
        self.chosen = point
        self.column_button.setText(f"{column_button_text(point)}  C")

    def _want_column(self) -> None:
        if self.chosen is not None:
            self.column_wanted.emit(self.chosen)

    def _show_range(self, is_on: bool) -> None:  # Qt's signal has it so.
        # In a course each number has values of its own.
        is_shown = is_on and self.view != "course"
        self.range_label.setVisible(is_shown)
        if is_shown:
            self.range.begin()
        else:
            self.range.end()

    def select_range(self, low: float, high: float) -> None:
        """Select the values from ``low`` to ``high``."""
        self.range_button.setChecked(True)
        self.range.move(low, high)

    def _on_range_told(self, text: str) -> None:
        self.range_label.setText(window_line(text))

    # Export and the end.

    def export(self) -> None:
        """Ask how the view is to be exported, and write it."""
        found = self.found
        if found is None or found.is_empty:
            return
        picture = DistributionPicture(found=found, view=self.view, pairs=self.pairs, provenance=self.provenance(found))
        dialog = DistributionExportDialog(picture, self._choices, self._theme, self, self._folder)
        dialog.choices_changed.connect(self._keep_choices)
        dialog.exported.connect(self.exported)
        dialog.open()

    def _keep_choices(self, choices: ExportChoices) -> None:
        self._choices = choices
        self.choices_changed.emit(choices)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._asked.clear()
        self._later.stop()
        self.range.end()
        for dialog in self.findChildren(DistributionExportDialog):
            dialog.close()
        super().closeEvent(event)
        self.closed.emit(self)


def _label(role: str) -> QLabel:
    label: QLabel = QLabel(wordWrap=True)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
