"""Watches what one run does outside its process, which decides on the runs after it."""

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from seedlab.engine.folder_state import FolderState, state_of
from seedlab.engine.platform.interface import ViewedFolder, place_seen
from seedlab.engine.request import RunRequest
from seedlab.results.effects import Effect, Effects

MAX_NAMED = 20
"""The most files of which it is told by name that they have changed."""
_CACHES = (".cache", ".config", ".keras", ".nv", ".triton")
"""Folders of libraries in the home folder, for what can be made again."""

_HARMLESS_PROGRAMS = frozenset({"uname", "/sbin/ldconfig"})
"""What Python's standard library starts to learn about the system."""


class FolderWatch:
    """The folders of one run: the one it works in, and the one of its script."""

    def __init__(self, request: RunRequest) -> None:
        folders = {os.path.realpath(request.folder or os.getcwd())}
        if request.root:
            folders.add(os.path.realpath(request.root))
        self._folders = sorted(folders)
        # Where seedlab itself gives them another text, the run has not changed them.
        self._given = {os.path.realpath(path) for path, _ in request.changes}
        if request.path is not None:
            self._given.add(os.path.realpath(request.path))
        self._before: list[FolderState | None] = []

    async def begin(self) -> None:
        """Look at the folders before the run."""
        self._before = await asyncio.to_thread(self._states)

    async def effects(self, told: list[Effect], viewed: Sequence[ViewedFolder], *, is_complete: bool) -> Effects:
        """Return the effects of the run, which has ended and has ``told`` of some itself.

        It has seen the folders ``viewed`` privately.
        """
        return await asyncio.to_thread(self._effects, told, viewed, is_complete)

    def _states(self) -> list[FolderState | None]:
        return [state_of(folder) for folder in self._folders]

    def _effects(self, told: list[Effect], viewed: Sequence[ViewedFolder], is_complete: bool) -> Effects:
        found = [
            self._changed(folder, before, place_seen(folder, viewed))
            for folder, before in zip(self._folders, self._before, strict=True)
        ]
        names = [name for names in found if names is not None for name in names]
        look = Look(os.path.realpath, os.path.lexists, os.path.expanduser("~"))
        outside = outside_effects(told, self._folders, look)
        return Effects(
            changed_folder=bool(names) or None in found,
            changed=tuple(dict.fromkeys(names))[:MAX_NAMED],
            outside=outside,
            is_complete=is_complete,
        )

    def _changed(self, folder: str, before: FolderState | None, place: str) -> list[str] | None:
        """Return what came, went or changed below ``folder``, which is found at ``place``; None where that is too much.

        What was made in a folder that was made, too, is told by its own name.
        """
        now = state_of(place)
        if before is None or now is None:
            return None
        if place != folder:
            # A private view gives files other numbers.
            now = {folder + path[len(place) :]: (*stamp[:2], 0) for path, stamp in now.items()}
            before = {path: (*stamp[:2], 0) for path, stamp in before.items()}
        paths = sorted(
            path
            for path in before.keys() | now.keys()
            if before.get(path) != now.get(path) and (place == folder or path not in self._given)
        )
        return [
            os.path.relpath(path, folder)
            for path, after in zip(paths, [*paths, ""][1:], strict=True)
            if not after.startswith(path + os.sep)
        ]


_DEVICES = ("/dev/", "/proc/", "\\\\.\\")
"""Where what is written goes nowhere; the last one is of Windows, where nul lies there (File path formats)."""


class Look(NamedTuple):
    """What is asked of the machine on which a run was."""

    real: Callable[[str], str]
    """Returns the path without links."""
    exists: Callable[[str], bool]
    home: str


def outside_effects(told: Sequence[Effect], folders: Sequence[str], look: Look) -> tuple[Effect, ...]:
    """Return those of the effects ``told`` that are neither in ``folders`` nor without consequence."""
    made = {look.real(effect.what) for effect in told if effect.kind == "written"}
    return tuple(effect for effect in told if _is_outside(effect, made, folders, look))


def _is_outside(effect: Effect, made: set[str], folders: Sequence[str], look: Look) -> bool:
    if effect.kind not in ("written", "removed"):
        return effect.what not in _HARMLESS_PROGRAMS
    path = look.real(effect.what)
    if any(_is_in(path, folder) for folder in folders) or path.startswith(_DEVICES):
        return False
    if f"{os.sep}__pycache__{os.sep}" in path or path.endswith(f"{os.sep}__pycache__"):
        return False
    if any(_is_in(path, os.path.join(look.home, name)) for name in _CACHES):
        return False
    # What was made for the moment is gone by now.
    return look.exists(path) or not any(_is_in(path, place) for place in made)


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
