"""A scene that is shown in the place of the document's own columns, which are kept aside and saved meanwhile."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from seedlab.messages.talks import scene_left_text
from seedlab.session.arrangement import Arrangement
from seedlab.session.change import Change
from seedlab.session.running import TrustNeeded
from seedlab.session.talk import shows
from seedlab.study.lab import Lab, Look, Scene

if TYPE_CHECKING:
    from seedlab.session.session import Session


class ShowingScenes:
    """Part of a session: what concerns the scene that is shown."""

    def __init__(self, session: "Session") -> None:
        self.needs_trust: TrustNeeded | None = None
        """What has to be agreed to before the scene that is shown can run, where that has become known only later."""
        self._session = session
        self._own: tuple[Arrangement, Look] | None = None
        """The document's own columns and their look, while a scene is shown in their place."""
        self._waiting: tuple[int, ...] = ()
        """The keys of columns that are run, if they are still shown, once the runs that are being ended have ended or a
        first interpreter has answered."""

    @property
    def scene(self) -> Scene | None:
        """The scene that is shown; None once its columns are others than it has."""
        scene = self._session.talk.scene
        return scene if scene is not None and shows(scene, self._session.arrangement, runs=False) else None

    @property
    def is_changed(self) -> bool:
        """True where columns or runs were changed since a scene was shown, which it has not."""
        scene = self._session.talk.scene
        return scene is not None and not shows(scene, self._session.arrangement)

    def show(self, scene: Scene, *, is_changed: bool = False) -> TrustNeeded | None:
        """Show ``scene``, and run it where it is to be fresh; what cannot be run is shown with the runs that it has.

        ``is_changed`` is True where what was shown has changes that the scene before has not: it is said how to keep
        them.

        Return what has to be agreed to before it runs, if anything has.
        """
        session = self._session
        if is_changed:
            session.news = scene_left_text()
            session.notify(Change.NEWS)
        session.runs.stop()
        session.say("")
        if self._own is None:
            self._own = (session.arrangement, session.settings.look)
        columns = [
            replace(column, trusted=column.trusted or session.runs.is_agreed_to(column)) for column in scene.columns
        ]
        shown = Arrangement.of_columns(columns, scene.view.current, session.arrangement.next_key)
        session.settings = replace(session.settings, look=scene.view.look, guess=scene.is_covered)
        session.uncovered = 0 if scene.is_covered and any(column.runs for column in columns) else None
        session.series += 1
        # Earlier runs are not seen where newer ones come at once.
        session.show(shown, Change(0) if scene.is_fresh else Change.COLUMNS | Change.RUNS)
        needed = None
        if scene.is_fresh and (session.is_busy or session.interpreter is None):
            self._waiting = shown.keys
        elif scene.is_fresh:
            needed = session.runs.run_all()
        session.notify(Change.COLUMNS | Change.RUNS | Change.LOOK | Change.SETTINGS)
        return needed

    def run_what_waited(self) -> bool:
        """Run the scene that could not be run at once, if it is still shown and wanted; return True if any waited."""
        waiting, self._waiting = self._waiting, ()
        if waiting and waiting == self._session.arrangement.keys and self._session.talk.scene is not None:
            self.needs_trust = self._session.runs.run_all()
            if self.needs_trust is not None:
                self._session.notify(Change.TRUST)
        return bool(waiting)

    def forget_waiting(self) -> None:
        """Let the scene that could not be run at once stay as it is."""
        self._waiting = ()

    def on_talk_changed(self) -> None:
        """Show the scenes as they are now, and prepare the next one."""
        if self._session.talk.at is None:
            self._own = None
        self._session.preparing.prepare_ahead()
        self._session.notify(Change.TALK)

    # What belongs into the document.

    @property
    def keys_to_save(self) -> tuple[int, ...]:
        """The keys of the columns of `lab_to_save`."""
        return self._session.arrangement.keys if self._kept_aside is None else self._kept_aside[0].keys

    def lab_to_save(self) -> Lab:
        """Return what belongs into the document: what is shown or, while that is one of its scenes, its own columns."""
        lab, own = self._session.lab(), self._kept_aside
        if own is None:
            return lab
        arrangement, look = own
        return replace(lab, columns=arrangement.columns, view=replace(lab.view, look=look, current=arrangement.current))

    def lab_with_early(self) -> Lab:
        """Return the same with the runs that have ended and are not shown yet, which must not be lost either.

        The tuples of runs are the same objects until there are more.
        """
        lab, early = self.lab_to_save(), self._session.runs.early
        if not early or self._kept_aside is not None:
            return lab
        lanes = self._session.arrangement.lanes
        columns = [replace(c, runs=early.with_shown(lane)) for c, lane in zip(lab.columns, lanes, strict=True)]
        return replace(lab, columns=tuple(columns))

    @property
    def _kept_aside(self) -> tuple[Arrangement, Look] | None:
        """The document's own columns and their look, where the scene that is shown in their place is unchanged."""
        return self._own if self.scene is not None and not self.is_changed else None
