"""Opens the windows for a closer look at draws, and has them follow the columns."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from seedlab.analysis.alignment import Alignment
from seedlab.analysis.series import ColumnsSource, MadeColumn
from seedlab.export.provenance import provenance
from seedlab.figure.theme import Theme
from seedlab.gui.latest_thread import LatestThread
from seedlab.messages.distributions import no_numbers_text, too_few_runs_text
from seedlab.messages.window import exported_text
from seedlab.session.session import Session
from seedlab.session.settings import ExportChoices

if TYPE_CHECKING:
    from seedlab.analysis.distribution_views import Distribution
    from seedlab.gui.distribution_window import DistributionWindow

FOLLOW_MS = 250
"""Runs that arrive faster than this are looked at together."""
LEAST_RUNS = 2


class _Look(msgspec.Struct, frozen=True, eq=False):
    """What one window shows: a row of the columns with these keys."""

    label: str
    keys: tuple[int, ...]
    own: dict[int, str]
    """What a column calls the row, where that is another label, by its key."""


class LookingCloser(QObject):
    """Has a window for each draw that is looked at; ``note`` is called with what prevents one."""

    def __init__(self, window: QWidget, session: Session, note: Callable[[str], object]) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._note = note
        self.thread_beside = LatestThread()
        self._open: dict[DistributionWindow, _Look] = {}
        self._later = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._later.timeout.connect(self._follow)

    @property
    def windows(self) -> "list[DistributionWindow]":
        """The windows that are open."""
        return [*self._open]

    def look(
        self, label: str, alignment: Alignment, columns: Sequence[int] | None, theme: Theme, folder: Path | None
    ) -> "DistributionWindow | None":
        """Open a window for the row ``label``, or bring it to the front; ``columns`` are the positions of some of them.

        Where there is nothing to look at, that is noted.
        """
        lanes = self._session.arrangement.lanes
        positions = range(len(lanes)) if columns is None else columns
        keys = tuple(lanes[position].key for position in positions if position < len(lanes))
        # What is drawn may be a moment older than the columns.
        named = range(min(len(lanes), len(alignment.others) or len(lanes)))
        own = {lane.key: alignment.own(at, label) if at in named else label for at, lane in enumerate(lanes)}
        look = _Look(label, keys, own)
        source = self._source(look)
        if max((len(column.runs) for column in source.columns), default=0) < LEAST_RUNS:
            self._note(too_few_runs_text())
            return None
        if not source.has_numbers():
            self._note(no_numbers_text(label))
            return None
        known = next((each for each, other in self._open.items() if (other.label, other.keys) == (label, keys)), None)
        if known is not None:
            known.raise_()
            known.activateWindow()
            return known
        # Only now: most windows are opened for no closer look.
        from seedlab.gui.distribution_window import DistributionWindow

        theme = replace(theme, zoom=self._session.settings.zoom)
        window = DistributionWindow(
            source,
            theme,
            self.thread_beside,
            self._window,
            provenance=self._provenance,
            choices=self._session.settings.export,
            folder=folder,
        )
        window.choices_changed.connect(self._keep_choices)
        window.exported.connect(lambda name: self._note(exported_text(name)))
        window.closed.connect(self._forget)
        self._open[window] = look
        window.show()
        return window

    def follow(self) -> None:
        """Show what the columns have by now, soon."""
        if self._open and not self._later.isActive():
            self._later.start()

    def set_theme(self, theme: Theme) -> None:
        """Have the colours and sizes of ``theme`` in all windows."""
        for window in self._open:
            window.set_theme(theme)

    def close(self) -> None:
        """Close all windows and end the thread."""
        self._later.stop()
        for window in [*self._open]:
            window.close()
        self.thread_beside.close()

    def _follow(self) -> None:
        for window, look in [*self._open.items()]:
            source = self._source(look)
            if not source.columns:
                # Its columns were removed.
                window.close()
            elif source != window.source:
                window.show_source(source)

    def _source(self, look: _Look) -> ColumnsSource:
        """Return what there is to be seen: what is covered is not."""
        arrangement, uncovered = self._session.arrangement, self._session.uncovered
        columns = []
        for lane, name in zip(arrangement.lanes, arrangement.names, strict=True):
            if lane.key in look.keys:
                own = look.own[lane.key]
                named = {} if own == look.label else {look.label: own}
                columns.append(MadeColumn(name, lane.column.runs[:uncovered], named))
        return ColumnsSource(look.label, tuple(columns))

    def _provenance(self, _found: "Distribution") -> str:
        return provenance(self._session.lab())

    def _keep_choices(self, choices: ExportChoices) -> None:
        self._session.change_settings(export=choices)

    def _forget(self, window: "DistributionWindow") -> None:
        self._open.pop(window, None)
