"""Watches what one run does outside its process, which decides on the runs after it."""

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from seedlab.engine.folder_state import FolderState, state_of
from seedlab.engine.request import RunRequest
from seedlab.results.effects import Effect, Effects

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
        self._before: list[FolderState | None] = []

    async def begin(self) -> None:
        """Look at the folders before the run."""
        self._before = await asyncio.to_thread(self._states)

    async def effects(self, told: list[Effect], *, is_complete: bool) -> Effects:
        """Return the effects of the run, which has ended and has ``told`` of some itself."""
        return await asyncio.to_thread(self._effects, told, is_complete)

    def _states(self) -> list[FolderState | None]:
        return [state_of(folder) for folder in self._folders]

    def _effects(self, told: list[Effect], is_complete: bool) -> Effects:
        after = self._states()
        changed = any(old is None or old != new for old, new in zip(self._before, after, strict=True))
        look = Look(os.path.realpath, os.path.lexists, os.path.expanduser("~"))
        outside = outside_effects(told, self._folders, look)
        return Effects(changed_folder=changed, outside=outside, is_complete=is_complete)


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
