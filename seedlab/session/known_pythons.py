"""The Pythons that are known: those that were found, and those that a person chose by their paths."""

from collections.abc import Iterable

from msgspec.structs import replace

from seedlab.engine.survey import Seen
from seedlab.libraries.all_capabilities import known_packages
from seedlab.results.environment import Interpreter
from seedlab.session.settings import MAX_PYTHONS, SavedPython


class KnownPythons:
    """What Pythons answered when they were asked, until they change."""

    def __init__(self, saved: Iterable[SavedPython]) -> None:
        self._known = {each.executable: each for each in saved}

    @property
    def saved(self) -> tuple[SavedPython, ...]:
        """What is kept for the next start: those that a person chose, then those that were found last."""
        newest = list(self._known.values())[::-1]
        return tuple(sorted(newest, key=lambda each: not each.is_chosen)[:MAX_PYTHONS])

    @property
    def usable(self) -> tuple[Interpreter, ...]:
        """Those that can execute runs."""
        return tuple(
            Interpreter(
                executable=each.executable,
                python=each.python,
                packages=known_packages(each.packages),
                can_fork=each.can_fork,
            )
            for each in self._known.values()
            if each.python
        )

    @property
    def stamps(self) -> dict[str, tuple[int, ...]]:
        """What tells that each is as it was when it answered."""
        return {each.executable: each.stamp for each in self._known.values()}

    @property
    def chosen(self) -> tuple[str, ...]:
        """The paths of those that a person chose."""
        return tuple(each.executable for each in self._known.values() if each.is_chosen)

    def choose(self, executable: str) -> None:
        """Remember that a person chose ``executable``, wherever it lies."""
        known = self._known.get(executable) or SavedPython(executable=executable)
        # One that did not answer is asked again.
        self._known[executable] = replace(known, is_chosen=True, stamp=known.stamp if known.python else ())

    def forget(self, executable: str) -> None:
        """Forget ``executable``, which is gone on purpose."""
        self._known.pop(executable, None)

    def note(self, seen: Seen) -> None:
        """Take note of what a Python answered. One that is gone is forgotten, unless a person chose it."""
        found = seen.interpreter
        was_chosen = seen.executable in self.chosen
        if not seen.stamp and not was_chosen:
            self._known.pop(seen.executable, None)
            return
        self._known[seen.executable] = SavedPython(
            executable=seen.executable,
            python="" if found is None else found.python,
            packages={} if found is None else {each.name: each.version for each in found.packages},
            can_fork=None if found is None else found.can_fork,
            devices=self.devices(seen.executable),
            stamp=seen.stamp,
            is_chosen=was_chosen,
        )

    def devices(self, executable: str) -> tuple[str, ...]:
        """Return the devices that ``executable`` was seen to have; empty where nobody has asked."""
        known = self._known.get(executable)
        return () if known is None else known.devices

    def note_devices(self, interpreter: Interpreter) -> None:
        """Remember the devices of ``interpreter``, which were found while it was in use."""
        devices = tuple(" ".join(filter(None, (each.name, each.about))) for each in interpreter.devices)
        known = self._known.get(interpreter.executable)
        if known is not None and devices:
            self._known[interpreter.executable] = replace(known, devices=devices)
