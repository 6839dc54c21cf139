"""What all drawings have in common: they are filled step by step, found through by the pointer, and painted."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsScene, QGraphicsSceneHelpEvent, QStyleOptionGraphicsItem

from seedlab.figure.state import FigureState, Hit
from seedlab.figure.theme import Theme
from seedlab.messages.headlines import HeadlineText


class Drawing(QGraphicsScene):
    """Draws a `FigureState` in a given size.

    In pictures ``names`` gives each column its name and ``title`` the sentence on top; in the window both stand outside
    the drawing, where they stay in sight. ``cached`` keeps items as images, which scroll faster.
    """

    def __init__(self, theme: Theme, *, names: bool = False, title: bool = False, cached: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._names = names
        self._title = title
        self._cached = cached
        self.footer = ""
        """The line below everything that says where a picture comes from."""
        self.hint = ""
        """The text in the place of draws, while there are none."""
        self.headline = HeadlineText("")
        self._state = FigureState(columns=())
        self._width, self._height = 900.0, 600.0
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)

    # What it shows.

    def show_state(self, state: FigureState) -> None:
        """Show ``state``."""
        raise NotImplementedError

    def set_size(self, width: float, height: float = 0.0) -> None:
        """Lay it out ``width`` pixels wide, and at least ``height`` pixels high where it can grow so far."""
        raise NotImplementedError

    def set_visible(self, top: float, bottom: float) -> None:
        """Take note of what is in sight: from ``top`` to ``bottom``."""

    def set_left(self, left: float) -> None:
        """Keep what names the rows in sight while ``left`` pixels are scrolled away at the left."""

    @property
    def names_room(self) -> float:
        """The width of what names the rows, at the left of all columns."""
        return 0.0

    def fill_next(self) -> bool:
        """Bring the next row up to date; return True while more rows wait."""
        return False

    def fill(self) -> None:
        """Bring all rows up to date."""
        while self.fill_next():
            pass

    @property
    def is_complete(self) -> bool:
        return True

    @property
    def is_covered(self) -> bool:
        """Return True while the verdicts are hidden."""
        return self._state.is_covered

    @property
    def labels(self) -> tuple[str, ...]:
        return self._state.analysis.labels

    @property
    def columns_at(self) -> tuple[tuple[float, float], ...]:
        """The left edge and the width of each column."""
        return ((0.0, self._width),)

    # What the pointer finds.

    def hit(self, place: QPointF) -> Hit | None:
        """Return what is at ``place``, in coordinates of the scene; None where nothing is."""
        raise NotImplementedError

    def light(self, hit: Hit | None) -> None:
        """Highlight what belongs to ``hit``, and nothing else."""
        raise NotImplementedError

    def select(self, label: str, column: int, *, add: bool = False) -> None:
        """Select one draw alone or, with ``add``, one more; selecting a selected draw deselects it."""

    def chosen(self, _column: int) -> tuple[str, ...]:
        """Return the labels of the selected draws of a column; of none where none is selected."""
        return ()

    def selected_part(self) -> tuple[Sequence[str], Sequence[int]] | None:
        """Return the labels of the rows and the columns in which draws are selected; None where none is."""
        return None

    def selected(self) -> Sequence[tuple[str, int]]:
        """Return label and column of the selected draws, or of all draws where none is selected."""
        return []

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        # The window shows its own tool tip at once; Qt would hide it a moment later, as no item has one.
        event.accept()

    # Painting.

    def painted(self, painter: QPainter) -> Iterator[float]:
        """Paint the drawing with ``painter``, item by item; yield the share that is done after each."""
        # Without an index, only the items at a place come in the order in which they lie on each other.
        all_ = self.items(
            self.itemsBoundingRect(), Qt.ItemSelectionMode.IntersectsItemBoundingRect, Qt.SortOrder.AscendingOrder
        )
        items = [item for item in all_ if item.isVisible()]
        option = QStyleOptionGraphicsItem()
        for done, item in enumerate(items, 1):
            painter.save()
            try:
                painter.setTransform(item.sceneTransform(), combine=True)
                item.paint(painter, option, None)
            finally:
                painter.restore()
            yield done / len(items)
