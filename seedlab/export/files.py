"""Writing a comparison to files: the ending of the name decides the form."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from seedlab.errors import DocumentError
from seedlab.export.tables import to_csv, to_markdown
from seedlab.model.lab import Lab, to_json


def _to_png(lab: Lab) -> bytes:
    # Qt is imported only for a picture.
    from seedlab.export.picture import to_png

    return to_png(lab)


_WRITERS: dict[str, Callable[[Lab], bytes]] = {
    ".png": _to_png,
    ".csv": to_csv,
    ".md": to_markdown,
    ".json": to_json,
}


def check_path(path: Path) -> None:
    """Raise `DocumentError` when `write_export` could not write ``path``: better now than after the runs."""
    if path.suffix.lower() not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise DocumentError(f"{path} cannot be exported: its ending is not known.", f"End the name in one of: {known}.")
    if not path.absolute().parent.is_dir():
        raise DocumentError(f"{path} cannot be written: there is no folder {path.parent}.", "Make the folder first.")


def write_export(lab: Lab, path: Path) -> None:
    """Write ``lab`` in the form that the ending of ``path`` names, whole or not at all. Raises `DocumentError`."""
    check_path(path)
    write_whole(path, _WRITERS[path.suffix.lower()](lab))


def write_whole(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` in one step: a failure leaves the old file. Raises `DocumentError`."""
    temporary = ""
    # A link stays a link: what it points to is replaced.
    path = path.resolve()
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".seedlab-", delete=False) as file:
            temporary = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise DocumentError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
