"""Private views of the folders of one run, so that what it changes is seen by nobody else, and each run starts equal.

Where the system has no such views, the folders are copied, and the run works in the copies. In both, a script whose
text is not that of its file is a real file all the same: inspect, autograph and spawned processes read it there.
"""

import importlib.util
import io
import os
import shutil
import tokenize
from pathlib import Path

from msgspec.structs import replace

from seedlab.engine.folder_state import state_of
from seedlab.engine.platform.interface import View
from seedlab.engine.request import RunRequest
from seedlab.errors import RunRefusedError
from seedlab.phrases import recorded

MAX_COPIED_BYTES = 500 * 2**20
COPIED = recorded(
    "it was executed in a copy of its folder, at another path, as this system has no private views of folders"
)


def views_of(request: RunRequest, place: Path) -> list[View]:
    """Return the private views that a run of ``request`` needs; what it changes is kept below ``place``.

    Raise `RunRefusedError` where its script cannot be written as it says.
    """
    replaced: list[tuple[str, str]] = []
    for number, (path, content) in enumerate(changed_files(request)):
        source = place / f"changed-{number}"
        source.write_bytes(content)
        replaced.append((path, str(source)))
    return [
        View(
            folder,
            str(_made(place / f"view-{number}")),
            tuple(each for each in replaced if each[0].startswith(folder + os.sep)),
        )
        for number, folder in enumerate(folders_of(request))
    ]


def copied(request: RunRequest, place: Path) -> RunRequest:
    """Return ``request`` to be executed in copies of its folders below ``place``.

    Raise `RunRefusedError` where they are too large, or the script cannot be written as it says.
    """
    changed = changed_files(request)
    places: dict[str, str] = {}
    for number, folder in enumerate(folders_of(request)):
        state = state_of(folder)
        if state is None or sum(size for _, size, _ in state.values()) > MAX_COPIED_BYTES:
            raise RunRefusedError(
                recorded(
                    "{folder} is too large to be copied for each run, and this system has no private views of folders.",
                    folder=folder,
                ),
                recorded("Move the script and what it needs to a folder of its own."),
            )
        places[folder] = str(place / f"copy-{number}")
        try:
            shutil.copytree(folder, places[folder], symlinks=True)
        except OSError as error:
            # Also where Windows lets nobody but an administrator make a link.
            raise RunRefusedError(
                recorded("{folder} cannot be copied for each run: {reason}.", folder=folder, reason=_reason(error)),
                recorded("Move the script and what it needs to a folder of its own."),
            ) from error

    def moved(path: str) -> str:
        for folder, copy in places.items():
            if path == folder or path.startswith(folder + os.sep):
                return copy + path[len(folder) :]
        return path

    path = request.path and moved(os.path.realpath(request.path))
    for each, content in changed:
        Path(moved(each)).write_bytes(content)
    is_absolute = request.name is not None and os.path.isabs(request.name)
    return replace(
        request,
        path=path,
        name=path if is_absolute else request.name,
        folder=moved(os.path.realpath(request.folder or os.getcwd())),
    )


def check_on_disk(request: RunRequest) -> None:
    """Raise `RunRefusedError` where a run in the folder itself would execute another text than ``request`` has."""
    if request.path is None or request.is_private:
        return
    text = text_on_disk(request.path)
    if text is not None and text != request.script:
        name = os.path.basename(request.path)
        raise RunRefusedError(
            recorded("{name} was changed on disk before this run began.", name=name), recorded("Run it again.")
        )


def text_on_disk(path: str) -> str | None:
    """Return the text of the script at ``path``; None where it was never saved, or cannot be read by Python."""
    try:
        return importlib.util.decode_source(Path(path).read_bytes())
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None


def changed_files(request: RunRequest) -> list[tuple[str, bytes]]:
    """Return the files that must hold something else in the run than they do, each with that."""
    files = dict(request.changes)
    folders = folders_of(request)
    for path in files:
        # Nothing else is private to the run; a document may name any file.
        if not any(os.path.realpath(path).startswith(folder + os.sep) for folder in folders):
            raise RunRefusedError(
                recorded("{path} lies outside of the script's folder, and is not changed.", path=path),
                recorded("Take it out of the changed files."),
            )
    if request.path is not None:
        files[request.path] = request.script
    return [(os.path.realpath(path), encoded(path, text)) for path, text in files.items() if text_on_disk(path) != text]


def encoded(path: str, text: str) -> bytes:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text.encode()).readline)
        return text.encode(encoding)
    except (SyntaxError, UnicodeEncodeError) as error:
        name = os.path.basename(path)
        raise RunRefusedError(
            recorded("{name} cannot be written in the encoding that it names: {error}.", name=name, error=error),
            recorded("Change its coding line."),
        ) from error


def folders_of(request: RunRequest) -> list[str]:
    """Return the folders that the run may change: the one it works in, and that of its script, if it is another."""
    folders = [os.path.realpath(request.folder or os.getcwd())]
    if request.root:
        folders.append(os.path.realpath(request.root))
    outer = sorted(set(folders), key=len)
    return [one for one in outer if not any(one != other and one.startswith(other + os.sep) for other in outer)]


def _reason(error: OSError) -> str:
    """Return why a copy failed, in the words of the system; of many files, the first."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list) and error.args[0]:
        return str(error.args[0][0][-1])
    return error.strerror or str(error)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder
