"""The scenes of a talk: taken from what is shown, put in order, and shown one after the other."""

from typing import Any, Protocol

from msgspec.structs import replace

from seedlab.session.arrangement import Arrangement, Lane
from seedlab.session.running import TrustNeeded
from seedlab.study.lab import Lab, Scene


class Host(Protocol):
    """The session, as far as a talk knows it."""

    uncovered: int | None

    def lab(self) -> Lab:
        """Return what is shown."""

    def note_step(self, step: str = "") -> None:
        """Let what is changed next be undone; together with the last change of the same ``step``."""

    def uncover(self) -> None:
        """Uncover one more run."""


class Showing(Protocol):
    """What shows the scenes of a talk."""

    @property
    def is_changed(self) -> bool:
        """True where what is shown is not what the scene has."""

    def show(self, scene: Scene, *, is_changed: bool) -> TrustNeeded | None:
        """Show ``scene``, and run it where it is to be fresh; return what has to be agreed to before."""

    def on_talk_changed(self) -> None:
        """Take note that the scenes have changed, or which one is shown."""


class Talk:
    """The scenes of the open document, and which of them is shown."""

    def __init__(self, host: Host, showing: Showing) -> None:
        self._host = host
        self._showing = showing
        self.scenes: tuple[Scene, ...] = ()
        self.at: int | None = None
        """The 0-based position of the scene that is shown; None before the first."""

    @property
    def scene(self) -> Scene | None:
        """The scene that is shown."""
        return self.scenes[self.at] if self.at is not None else None

    @property
    def next_scene(self) -> Scene | None:
        """The scene that is shown after all of this one is seen; None after the last."""
        following = 0 if self.at is None else self.at + 1
        return self.scenes[following] if following < len(self.scenes) else None

    @property
    def lanes_ahead(self) -> tuple[Lane, ...]:
        """The columns of the next scene, where it is to be fresh."""
        scene = self.next_scene
        return Arrangement.of_columns(scene.columns).lanes if scene is not None and scene.is_fresh else ()

    def open(self, scenes: tuple[Scene, ...], at: int | None = None) -> None:
        """Have ``scenes``, of which the one at ``at`` is shown; None for none."""
        self.scenes, self.at = scenes, at
        self._showing.on_talk_changed()

    # Making one.

    def take(self, title: str, notes: str = "", *, is_covered: bool = False, is_fresh: bool = False) -> None:
        """Take what is shown as a scene, after the one that is shown or after all others."""
        lab = self._host.lab()
        scene = Scene(
            title=title,
            columns=lab.columns,
            view=replace(lab.view, extra=()),
            notes=notes,
            is_covered=is_covered,
            is_fresh=is_fresh,
        )
        at = len(self.scenes) if self.at is None else self.at + 1
        self._put((*self.scenes[:at], scene, *self.scenes[at:]), at)

    def take_again(self) -> None:
        """Have the scene that is shown be what is shown now; title, notes and the way to be shown stay."""
        if self.at is None:
            return
        lab = self._host.lab()
        self.change(self.at, columns=lab.columns, view=replace(lab.view, extra=()))

    def change(self, position: int, **changes: Any) -> None:
        """Give the scene at ``position`` another title, other notes and so on, by the names of its fields."""
        changed = replace(self.scenes[position], **changes)
        if changed != self.scenes[position]:
            self._put((*self.scenes[:position], changed, *self.scenes[position + 1 :]), self.at)

    def remove(self, position: int) -> None:
        """Take the scene at ``position`` out of the talk; what it shows stays."""
        at = self.at
        if at is not None and at >= position:
            at = None if at == position else at - 1
        self._put((*self.scenes[:position], *self.scenes[position + 1 :]), at)

    def move(self, start: int, end: int) -> None:
        """Move the scene at ``start`` to ``end``; do nothing where there is none."""
        if start == end or not (0 <= start < len(self.scenes) and 0 <= end < len(self.scenes)):
            return
        order = list(range(len(self.scenes)))
        order.insert(end, order.pop(start))
        at = None if self.at is None else order.index(self.at)
        self._put(tuple(self.scenes[position] for position in order), at)

    def _put(self, scenes: tuple[Scene, ...], at: int | None) -> None:
        self._host.note_step()
        self.open(scenes, at)

    # Giving one.

    def show(self, position: int) -> TrustNeeded | None:
        """Show the scene at ``position``; do nothing where there is none."""
        if not 0 <= position < len(self.scenes):
            return None
        is_changed = self._showing.is_changed
        self._host.note_step("" if is_changed else "show")
        self.at = position
        needed = self._showing.show(self.scenes[position], is_changed=is_changed)
        self._showing.on_talk_changed()
        return needed

    def go_on(self) -> TrustNeeded | None:
        """Uncover the next run or, where all are seen, show the next scene."""
        if self.at is not None and self._host.uncovered is not None:
            self._host.uncover()
            return None
        return self.show(0 if self.at is None else self.at + 1)

    def go_back(self) -> TrustNeeded | None:
        """Show the scene before, as it was at first."""
        return None if self.at is None else self.show(self.at - 1)


def shows(scene: Scene, arrangement: Arrangement, *, runs: bool = True) -> bool:
    """Return True where ``arrangement`` is what ``scene`` has: columns and, unless it is to be fresh, their runs.

    Without ``runs`` these may be others in any case.
    """
    saved = Arrangement.of_columns(scene.columns).lanes
    compares = runs and not scene.is_fresh
    return len(saved) == len(arrangement.lanes) and all(
        _asked(one) == _asked(other) and (one.column.runs is other.column.runs or not compares)
        for one, other in zip(saved, arrangement.lanes, strict=True)
    )


def _asked(lane: Lane) -> tuple[object, ...]:
    """Return what the runs of ``lane`` are, and the next ones."""
    column = lane.column
    return (lane.title, lane.chosen, column.experiment, column.script, column.program, lane.program, column.edited_text)
