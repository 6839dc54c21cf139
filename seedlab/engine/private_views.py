"""Private views of the folders of one run, so that what it changes is seen by nobody else, and each run starts equal.

Where the system has no such views, the folders are copied, and the run works in the copies.
"""

import os
import shutil
from pathlib import Path

from msgspec.structs import replace

from seedlab.engine.folder_state import state_of
from seedlab.engine.platform.interface import View
from seedlab.engine.request import RunRequest
from seedlab.errors import RunRefusedError

MAX_COPIED_BYTES = 500 * 2**20
COPIED = "it was executed in a copy of its folder, at another path, as this system has no private views of folders"


def views_of(request: RunRequest, place: Path) -> list[View]:
    """Return the private views that a run of ``request`` needs; what it changes is kept below ``place``."""
    return [View(folder, str(_made(place / f"view-{number}"))) for number, folder in enumerate(_folders(request))]


def copied(request: RunRequest, place: Path) -> RunRequest:
    """Return ``request`` to be executed in copies of its folders below ``place``.

    Raise `RunRefusedError` where they are too large.
    """
    places: dict[str, str] = {}
    for number, folder in enumerate(_folders(request)):
        state = state_of(folder)
        if state is None or sum(size for _, size, _ in state.values()) > MAX_COPIED_BYTES:
            raise RunRefusedError(
                f"{folder} is too large to be copied for each run, and this system has no private views of folders.",
                "Move the script and what it needs to a folder of its own.",
            )
        places[folder] = str(place / f"copy-{number}")
        shutil.copytree(folder, places[folder], symlinks=True)

    def moved(path: str) -> str:
        for folder, copy in places.items():
            if path == folder or path.startswith(folder + os.sep):
                return copy + path[len(folder) :]
        return path

    path = request.path and moved(os.path.realpath(request.path))
    is_absolute = request.name is not None and os.path.isabs(request.name)
    return replace(
        request,
        path=path,
        name=path if is_absolute else request.name,
        folder=moved(os.path.realpath(request.folder or os.getcwd())),
    )


def changed_path(views: list[View], path: str) -> Path | None:
    """Return where the file ``path`` is found after a run with ``views``; None where the run has removed it."""
    for view in views:
        if path.startswith(view.folder + os.sep):
            upper = Path(view.upper, "changed", os.path.relpath(path, view.folder))
            if os.path.lexists(upper):
                # An overlay marks what was removed by a device with the number 0.
                return upper if upper.is_file() or upper.is_dir() else None
    return Path(path) if os.path.lexists(path) else None


def _folders(request: RunRequest) -> list[str]:
    """Return the folders that the run may change: the one it works in, and that of its script, if it is another."""
    folders = [os.path.realpath(request.folder or os.getcwd())]
    if request.root:
        folders.append(os.path.realpath(request.root))
    outer = sorted(set(folders), key=len)
    return [one for one in outer if not any(one != other and one.startswith(other + os.sep) for other in outer)]


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder
