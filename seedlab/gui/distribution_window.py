"""The window for a closer look at one draw: how it is distributed over runs or seeds."""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seedlab.analysis.distribution_views import (
    MOST_POINTS,
    Choice,
    Distribution,
    Pairs,
    all_seen,
    between,
    distribution_of,
    nearest,
    pairs_of,
)
from seedlab.analysis.series import Source
from seedlab.errors import SeedlabError
from seedlab.export.distribution import DistributionPicture
from seedlab.figure.distribution_plot import DistributionPlot
from seedlab.figure.theme import Theme
from seedlab.gui.boxes import ChoiceBox
from seedlab.gui.commands import native_key
from seedlab.gui.distribution_export import DistributionExportDialog
from seedlab.gui.labels import plain_tool_tip
from seedlab.gui.latest_thread import Asked, LatestThread
from seedlab.messages.distributions import (
    ABOUT_VIEWS,
    VIEWS,
    choice_text,
    column_button_text,
    headline_text,
    no_choice_text,
    paired_line,
    pointed_bin_text,
    pointed_course_text,
    pointed_pair_text,
    pointed_share_text,
    pointed_text,
    pointer_hint_text,
    range_text,
    sentences_text,
)
from seedlab.phrases import sentence
from seedlab.plain_text import window_line, window_lines
from seedlab.session.settings import ExportChoices

SIZE = (1000, 640)
_FOLLOW_MS = 30
"""What is in sight is counted anew so long after the axes have moved, and the range told after it was dragged."""
_REACH = 28
"""How far from a point the pointer still is at it, in pixels at zoom 1."""
_MOST_NAMED = 8
"""The most runs that are named of those in a range."""
_MOST_SENTENCES = 4
_ACROSS = ("histogram", "steps", "pairs")
"""The views in which the value lies across."""
_POINTS = ("runs", "quantiles", "pairs")


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
        self._pointed: tuple[int, int] | None = None
        """The cloud and the position in it that the pointer, or a key, is at."""
        thread.answered.connect(self._on_answered)

        self.title_label = _label("headline")
        self.text_label = _label("muted")
        self.pointer_label = _label("muted")
        self.pointer_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.range_label = _label("muted")
        self.range_label.hide()
        self.views = QButtonGroup(self)
        self._tabs = QHBoxLayout(spacing=0)
        for number, (name, title) in enumerate(VIEWS.items(), 1):
            text, about = sentence(title), sentence(ABOUT_VIEWS[name])
            button = QPushButton(f"{text}  {number}", checkable=True, toolTip=f"{about} ({number})")
            button.setProperty("role", "link")
            button.setAccessibleName(text)
            button.setObjectName(name)
            self.views.addButton(button, number)
            self._tabs.addWidget(button)
            QShortcut(QKeySequence(str(number)), self, partial(_press, button))
        self._check(self.view)
        self.course_button.hide()
        self.views.buttonClicked.connect(lambda button: self.show_view(button.objectName()))
        self._tabs.addStretch(1)
        self.choice_label = QLabel(sentence("against"))
        self.choice_label.setProperty("role", "muted")
        self.choice_box: ChoiceBox = ChoiceBox(accessibleName=sentence("What it is held against"))
        self.choice_label.setBuddy(self.choice_box)
        self.choice_box.activated.connect(self._ask_for_pairs)
        for widget in (self.choice_label, self.choice_box):
            widget.hide()
        self.canvas = _Canvas(theme)
        self.plot = DistributionPlot(theme)
        self.canvas.setCentralItem(self.plot)
        self.canvas.stepped.connect(self._step)
        self.canvas.left.connect(self._point_at_nothing)
        self.canvas.pressed_twice.connect(self.show_all)
        self.canvas.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.canvas.scene().sigMouseClicked.connect(self._on_clicked)
        self._lines = [pg.InfiniteLine(angle=angle, movable=False) for angle in (90, 0)]
        for line in self._lines:
            line.setZValue(40)
            line.hide()
            self.plot.vb.addItem(line, ignoreBounds=True)
        self._region: Any = None
        self.range_button = _button(
            sentence("Select a range"), "R", sentence("Say how many runs have a value in a range, and which")
        )
        self.range_button.setCheckable(True)
        self.range_button.toggled.connect(self._show_region)
        self.all_button = _button(
            sentence("Show all"), "A", sentence("Undo zooming and moving; so does a double press")
        )
        self.all_button.clicked.connect(self.show_all)
        self.column_button = _button("", "C", sentence("Put a column with this seed beside the others"))
        self.column_button.clicked.connect(self._want_column)
        self.column_button.hide()
        self.export_button = _button(sentence("Export…"), "Ctrl+E", sentence("Save this view as PNG, SVG or PDF"))
        self.export_button.clicked.connect(self.export)
        for key, button in (
            ("R", self.range_button),
            ("A", self.all_button),
            ("C", self.column_button),
            ("Ctrl+E", self.export_button),
        ):
            QShortcut(QKeySequence(key), self, partial(_press, button))
        QShortcut(QKeySequence("Esc"), self, self.close)
        self._later = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._later.timeout.connect(self._ask_what_is_seen)
        self._tell_later = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._tell_later.timeout.connect(self._tell_range)
        self.plot.vb.sigRangeChanged.connect(self._on_range_changed)
        self.plot.vb.sigResized.connect(self._on_range_changed)
        self._lay_out()
        self.set_theme(theme)
        room = self.screen().availableSize()
        self.resize(min(theme.px(SIZE[0]), room.width()), min(theme.px(SIZE[1]), room.height()))
        self.setMinimumSize(640, 480)
        self._name_window()
        self.canvas.setFocus()
        self.show_source(source)

    def _lay_out(self) -> None:
        self._bottom = QHBoxLayout()
        for button in (self.range_button, self.all_button, self.column_button):
            self._bottom.addWidget(button)
        self._bottom.addStretch(1)
        self._bottom.addWidget(self.export_button)
        self._against = QHBoxLayout()
        self._against.addWidget(self.choice_label)
        self._against.addWidget(self.choice_box)
        self._against.addStretch(1)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(self.title_label)
        self._whole.addWidget(self.text_label)
        self._whole.addLayout(self._tabs)
        self._whole.addLayout(self._against)
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
        self._tabs.setSpacing(unit // 2)
        for row in (self._bottom, self._against):
            row.setSpacing(unit)
        self.choice_box.setFixedWidth(theme.px(320))
        self.setStyleSheet(f"QWidget#distribution {{ background: {theme.window}; }}")
        self.canvas.setBackground(theme.window)
        self.plot.set_theme(theme)
        for line in self._lines:
            line.setPen(pg.mkPen(theme.muted, width=theme.px(1), style=Qt.PenStyle.DotLine))
        if self.found is not None:
            self._show()

    # What is shown.

    @property
    def course_button(self) -> QPushButton:
        return self._button_of("course")

    def _button_of(self, view: str) -> QPushButton:
        button = self.views.button([*VIEWS].index(view) + 1)
        assert isinstance(button, QPushButton)
        return button

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
        return not self._asked and not self._later.isActive() and not self._tell_later.isActive()

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
            self._show_texts()
            if self.view == "course" and not result.courses:
                self.show_view("runs")
            else:
                self._show()
            if self.view == "pairs":
                self._ask_for_pairs()
        elif isinstance(result, Pairs):
            self.pairs = result
            self._show_texts()
            self._show()
            if self._region is None:
                self._show_region(is_on=self.range_button.isChecked())
        elif isinstance(result, list) and len(result) == len(self.plot.clouds):
            self.plot.show_seen(result)
        if self.is_complete:
            self.shown.emit()

    def _show_texts(self) -> None:
        found = self.found
        assert found is not None
        self.title_label.setText(window_line(headline_text(found)))
        lines = [] if found.is_empty else sentences_text(found)
        if self.view == "pairs" and self.pairs is not None and (line := paired_line(self.pairs)):
            lines = [line]
        self.text_label.setText(window_lines("\n".join(lines[:_MOST_SENTENCES])))
        self.text_label.setVisible(bool(lines))
        self.course_button.setVisible(bool(found.courses))
        self._name_views()
        self._name_window()
        self._show_choices()
        has_seeds = found.kind == "seed" and any(shape.low is not None for shape in found.shapes)
        self.column_button.setVisible(has_seeds)
        if has_seeds and self._follows_best:
            shape = next(shape for shape in found.shapes if shape.low is not None)
            best = shape.low if found.better == "lower" else shape.high
            assert best is not None
            self._choose(shape.series.points[best].tolist())
        if self._pointed is None:
            self._point_at_nothing()

    def _name_window(self) -> None:
        makers = self._source.makers
        name = makers[0] if len(makers) == 1 else ""
        self.setWindowTitle(
            window_line(
                sentence("{label}: {name}", label=self._source.label, name=name) if name else self._source.label
            )
        )

    def _check(self, view: str) -> None:
        """Mark the button of ``view``, which Tab reaches; arrows reach the others from there."""
        self._button_of(view).setChecked(True)
        for button in self.views.buttons():
            is_one = button.isChecked()
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_one else Qt.FocusPolicy.ClickFocus)

    def show_view(self, view: str) -> None:
        """Show ``view``, with all that there is in sight."""
        self.view = view
        self._check(view)
        self._point_at_nothing()
        self._drop_region()
        for widget in (self.choice_label, self.choice_box):
            widget.setVisible(view == "pairs")
        self.range_button.setVisible(view != "course")
        self.plot.enableAutoRange()
        if self.found is not None:
            self._show_texts()
            if view == "pairs" and self.pairs is None:
                self._ask_for_pairs()
            self._show()
        self._show_region(is_on=self.range_button.isChecked())

    def _show(self) -> None:
        """Draw the view; where the axes were not moved by hand, they show all."""
        assert self.found is not None
        self.plot.show(self.view, self.found, self.pairs)
        self._ask_what_is_seen()
        self._tell_range()

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

    # One against another.

    def _show_choices(self) -> None:
        """Offer what the draw can be held against; what is chosen stays."""
        found = self.found
        assert found is not None
        choices: list[Choice] = []
        if found.shapes:
            first = found.shapes[0].position
            choices = [Choice(shape.position, found.label) for shape in found.shapes[1:]]
            choices += [Choice(first, label) for label in found.labels if label != found.label]
        box = self.choice_box
        known = [box.itemData(row) for row in range(box.count())]
        if known == choices and known:
            return
        current = box.currentData()
        box.clear()
        makers = self._source.makers
        for choice in choices:
            is_other = choice.maker != found.shapes[0].position
            box.addItem(window_line(choice_text(choice, makers[choice.maker], is_other=is_other)), choice)
        if not choices:
            box.addItem(no_choice_text(), None)
        box.setEnabled(bool(choices))
        box.setCurrentIndex(choices.index(current) if current in choices else 0)

    def _ask_for_pairs(self) -> None:
        choice = self.choice_box.currentData()
        if isinstance(choice, Choice) and self.found is not None and self.found.shapes:
            self._ask("pairs", partial(pairs_of, self._source, self.found.shapes[0].position, choice))

    # The pointer.

    def _on_mouse_moved(self, place: QPointF) -> None:
        if not self.plot.vb.sceneBoundingRect().contains(place):
            self._point_at_nothing()
            return
        at = self.plot.vb.mapSceneToView(place)
        self.point_at(at.x(), at.y())

    def point_at(self, x: float, y: float) -> None:
        """Tell what is at a place of the plot."""
        found = self.found
        if found is None or found.is_empty:
            return
        if self.view in _POINTS:
            self._point_at_cloud(self._nearest(x, y))
            return
        self._pointed = None
        text = ""
        if self.view == "histogram":
            at = int(np.searchsorted(found.edges, x, side="right")) - 1
            if 0 <= at < found.edges.size - 1:
                counts = [(s.series.maker, int(s.counts[at]), s.described.count) for s in found.shapes]
                is_of_runs = all(shape.series.is_single for shape in found.shapes)
                low, high = float(found.edges[at]), float(found.edges[at + 1])
                text = pointed_bin_text(low, high, counts, is_of_runs=is_of_runs)
        elif self.view == "steps":
            shares = [(s.series.maker, float((s.cloud.y <= x).mean())) for s in found.shapes if s.cloud.y.size]
            text = pointed_share_text(x, shares)
        elif found.courses:
            numbers = found.courses[0].numbers
            at = int(np.argmin(np.abs(numbers - x)))
            x = float(numbers[at])
            told = [
                (
                    each.maker,
                    each.shares[:, at].tolist(),
                    math.nan if each.own is None else float(each.curves[each.own, at]),
                )
                for each in found.courses
                if at < each.numbers.size
            ]
            text = pointed_course_text(int(x), told)
        self._tell_pointed(text, x if text else None, None)

    def _reach(self) -> tuple[float, float]:
        width, height = self.plot.vb.viewPixelSize()
        reach = self._theme.px(_REACH)
        return reach * float(width), reach * float(height)

    def _nearest(self, x: float, y: float) -> tuple[int, int] | None:
        width, height = self._reach()
        found: list[tuple[float, int, int]] = []
        for number, (cloud, _) in enumerate(self.plot.clouds):
            at = nearest(cloud, x, y, width, height)
            if at is not None:
                distance = ((cloud.x[at] - x) / width) ** 2 + ((cloud.y[at] - y) / height) ** 2
                found.append((float(distance), number, at))
        return min(found)[1:] if found else None

    def _point_at_cloud(self, pointed: tuple[int, int] | None) -> None:
        self._pointed = pointed
        found = self.found
        if pointed is None or found is None:
            self._point_at_nothing()
            return
        number, at = pointed
        cloud, _ = self.plot.clouds[number]
        x, y, row = float(cloud.x[at]), float(cloud.y[at]), int(cloud.rows[at])
        if self.view == "pairs" and self.pairs is not None:
            text = pointed_pair_text(self.pairs, row, y)
        else:
            text = pointed_text(found.shapes[number], found.kind, row, names_maker=len(found.shapes) > 1)
        self._tell_pointed(text, x, y)

    @Slot()
    def _point_at_nothing(self) -> None:
        self._pointed = None
        has_seeds = self.found is not None and self.found.kind == "seed"
        self._tell_pointed("", None, None, pointer_hint_text(has_seeds=has_seeds))

    def _tell_pointed(self, text: str, x: float | None, y: float | None, hint: str = "") -> None:
        self.pointer_label.setText(window_line(text or hint))
        self.pointer_label.setToolTip(plain_tool_tip(window_line(text)))
        for line, place in zip(self._lines, (x, y), strict=True):
            line.setVisible(place is not None)
            if place is not None:
                line.setValue(place)

    def _step(self, by: int) -> None:
        """Go to the next value, or the one before, by the keyboard."""
        if self.view not in _POINTS or not self.plot.clouds:
            return
        number, at = self._pointed or (0, -1 if by > 0 else 0)
        count = self.plot.clouds[number][0].x.size
        if count:
            self._point_at_cloud((number, (at + by) % count))

    # A column of a seed.

    def _on_clicked(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.view not in _POINTS:
            return
        at = self.plot.vb.mapSceneToView(event.scenePos())
        pointed = self._nearest(at.x(), at.y())
        if pointed is not None:
            self._point_at_cloud(pointed)
            self.choose_pointed()

    def choose_pointed(self) -> None:
        """Choose the seed of the value that is pointed at."""
        found = self.found
        if found is None or found.kind != "seed" or self._pointed is None:
            return
        number, at = self._pointed
        series = self.pairs.first if self.view == "pairs" and self.pairs is not None else found.shapes[number].series
        self._follows_best = False
        self._choose(series.points[int(self.plot.clouds[number][0].rows[at])].tolist())

    def _choose(self, point: list[int]) -> None:
        self.chosen = tuple(point)
        self.column_button.setText(f"{column_button_text(self.chosen)}  C")

    def _want_column(self) -> None:
        if self.chosen is not None:
            self.column_wanted.emit(self.chosen)

    # A range.

    def _show_region(self, is_on: bool) -> None:  # Qt's signal has it so.
        self._drop_region()
        self.range_label.setVisible(is_on and self.view != "course")
        found = self.found
        if not is_on or self.view == "course" or found is None or found.is_empty:
            return
        if self.view == "pairs" and not self.plot.clouds:
            return
        is_across = self.view in _ACROSS
        theme = self._theme
        # The ends are no marks of a seed, which have the accent's colour.
        fill, line = QColor(theme.accent), pg.mkPen(theme.muted, width=theme.px(1))
        fill.setAlpha(36)
        self.plot.vb.updateAutoRange()
        (left, right), (low, high) = self.plot.vb.viewRange()
        ends = (left, right) if is_across else (low, high)
        third = (ends[1] - ends[0]) / 3
        self._region = pg.LinearRegionItem(
            (ends[0] + third, ends[1] - third),
            orientation="vertical" if is_across else "horizontal",
            brush=pg.mkBrush(fill),
            hoverBrush=pg.mkBrush(fill),
            pen=line,
            hoverPen=pg.mkPen(theme.text, width=theme.px(2)),
        )
        self._region.setZValue(30)
        self.plot.vb.addItem(self._region, ignoreBounds=True)
        self._region.sigRegionChanged.connect(self._tell_later.start)
        self._tell_range()

    def select_range(self, low: float, high: float) -> None:
        """Select the values from ``low`` to ``high``."""
        self.range_button.setChecked(True)
        if self._region is not None:
            self._region.setRegion((low, high))
            self._tell_range()

    def _drop_region(self) -> None:
        self._tell_later.stop()
        if self._region is not None:
            self.plot.vb.removeItem(self._region)
            self._region = None

    def _tell_range(self) -> None:
        found = self.found
        if self._region is None or found is None:
            return
        low, high = sorted(map(float, self._region.getRegion()))
        shapes = found.shapes[:1] if self.view == "pairs" else found.shapes
        told = [(shape.series.maker, between(shape, low, high, _MOST_NAMED)) for shape in shapes]
        text = range_text(low, high, told, found.kind, [shape.runs for shape in shapes])
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_views()

    def _name_views(self) -> None:
        """Name the views, each with its key where there is room for all; the tool tips have the keys, too."""
        margins = self._whole.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        buttons = self.views.buttons()
        for has_keys in (True, False):
            for number, button in enumerate(buttons, 1):
                name = button.accessibleName()
                button.setText(f"{name}  {number}" if has_keys else name)
            shown = [button.sizeHint().width() for button in buttons if not button.isHidden()]
            if sum(shown) + self._tabs.spacing() * len(shown) <= room:
                break

    def closeEvent(self, event: QCloseEvent) -> None:
        self._asked.clear()
        self._later.stop()
        self._tell_later.stop()
        for dialog in self.findChildren(DistributionExportDialog):
            dialog.close()
        super().closeEvent(event)
        self.closed.emit(self)


class _Canvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types.
    """The plot, which the keyboard reaches too."""

    stepped = Signal(int)
    """1 for the next value, -1 for the one before."""
    left = Signal()
    """The pointer has left."""
    pressed_twice = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(background=theme.window)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(sentence("Plot: Left and Right go from value to value"))
        self.setAntialiasing(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is None:
            # A key of the window, which pyqtgraph would keep to itself.
            event.ignore()
            return
        self.stepped.emit(step)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.pressed_twice.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()


def _label(role: str) -> QLabel:
    label: QLabel = QLabel(wordWrap=True)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _press(button: QPushButton) -> None:
    """Press ``button``, where it is there to be pressed."""
    if button.isVisible():
        button.click()


def _button(text: str, key: str, about: str) -> QPushButton:
    shown = native_key(key)
    button: QPushButton = QPushButton(f"{text}  {shown}".strip(), toolTip=f"{about} ({shown})")
    button.setProperty("role", "link")
    return button
