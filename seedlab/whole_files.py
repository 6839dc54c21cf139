"""Writing a file whole or not at all."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from seedlab.errors import DocumentError


def write_whole(path: Path, data: bytes, is_wanted: Callable[[], bool] = lambda: True) -> None:
    """Replace ``path`` by ``data`` in one step: a failure leaves the old file. Raises `DocumentError`.

    ``is_wanted`` is asked when everything is on the disk: a false answer leaves the old file, too.
    """
    # A link stays a link: what it points to is replaced.
    target = Path(os.path.realpath(path))
    try:
        if os.path.lexists(target) and not target.is_file():
            raise DocumentError(f"{path} cannot be written: it is not a file.", "Choose another name.")
        _replace(target, data, is_wanted)
    except OSError as error:
        raise DocumentError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error


def _replace(target: Path, data: bytes, is_wanted: Callable[[], bool]) -> None:
    temporary = target.with_name(f".seedlab-{secrets.token_hex(8)}")
    with open(temporary, "xb") as file:
        try:
            if target.exists():
                # Before there is anything to read: a private file is never public for a moment.
                os.chmod(temporary, target.stat().st_mode & 0o777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if is_wanted():
                os.replace(temporary, target)
        finally:
            # Where it took its place, nothing of that name is left.
            with contextlib.suppress(OSError):
                os.unlink(temporary)
