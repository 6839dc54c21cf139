"""Files and folders that only their owner may read, whatever the umask is."""

import os
import secrets
from pathlib import Path
from typing import BinaryIO

_FILE, _FOLDER = 0o600, 0o700


def make_private_folder(path: Path) -> None:
    """Make the folder ``path``, unless it exists, and let nobody else into it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=_FOLDER, exist_ok=True)
    os.chmod(path, _FOLDER)


def private_opener(path: str, flags: int) -> int:
    """Open ``path`` as `open` does, so that a file that this makes is private from its first moment on."""
    descriptor = os.open(path, flags, _FILE)
    if flags & os.O_CREAT:
        # A umask may have taken the owner's rights too; and an older seedlab may have made the file.
        os.chmod(path, _FILE)
    return descriptor


def open_to_append(path: Path) -> BinaryIO:
    """Open the private file ``path`` to write at its end, and make it when it is missing. Raises OSError."""
    return open(path, "ab", opener=private_opener)


def replace_private(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` in one step, so that a failure leaves the old file. Raises OSError."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        with open(temporary, "xb", opener=private_opener) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
