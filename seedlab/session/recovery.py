"""Keeps unsaved results for the next start."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
import platformdirs
import psutil

from seedlab import APPLICATION_NAME
from seedlab.documents.whole_files import write_whole
from seedlab.errors import DocumentError
from seedlab.study.lab import Lab

_PREFIX, _ENDING = "recovery-", ".lab"
_HEAD = b"seedlab recovery "
FORMAT = 2
"""The version of the file's layout, to be increased with every change to a class that a lab consists of."""


def default_folder() -> Path:
    """Return the folder that the platform has for an application's data."""
    return platformdirs.user_data_path(APPLICATION_NAME, appauthor=False)


def own_path(folder: Path) -> Path:
    """Return this process's own file in ``folder``, so that two windows do not overwrite each other's results."""
    return folder / f"{_PREFIX}{os.getpid()}{_ENDING}"


def write(path: Path, lab: Lab) -> None:
    """Write ``lab`` to ``path``; do nothing when that is impossible.

    The file is no document, because writing one takes a hundred times as long.
    """
    try:
        # JSON, because seeds may be larger than MessagePack's integers.
        data = b"%s%d\n%s" % (_HEAD, FORMAT, msgspec.json.encode(lab))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except (OSError, UnicodeEncodeError, DocumentError):
        # Without a folder to write to, or with a name that UTF-8 cannot encode, work goes on without recovery.
        return


def left_behind(folder: Path) -> list[Path]:
    """Return the files that processes left when they ended without saving, the newest first.

    The files of a newer seedlab are left for that release to offer.
    """
    found = [path for path in folder.glob(f"{_PREFIX}*") if not _is_alive(path) and _format(path) <= FORMAT]
    return sorted(found, key=_age)


def read(paths: Iterable[Path]) -> Lab | None:
    """Return the first lab in ``paths`` that is complete and has the current layout; None when there is none."""
    for path in paths:
        try:
            head, _, data = path.read_bytes().partition(b"\n")
            if head != b"%s%d" % (_HEAD, FORMAT):
                continue
            lab = msgspec.json.decode(data, type=Lab)
            # Checked here, because values that do not fit their shape would fail much later.
            draws = [draw for column in lab.columns for run in column.runs for draw in run.draws]
            if lab.columns and all(draw.array.size >= 0 for draw in draws):
                return lab
        # Whatever is wrong with such a file, there is nothing to restore from it.
        except Exception:  # noqa: BLE001, S112
            continue
    return None


def discard(paths: Iterable[Path]) -> None:
    """Delete the files at ``paths``, if they exist."""
    for path in paths:
        path.unlink(missing_ok=True)


def _is_alive(path: Path) -> bool:
    number = path.stem.removeprefix(_PREFIX)
    return number.isdigit() and psutil.pid_exists(int(number))


def _format(path: Path) -> int:
    """Return the version of the file's layout; 0 when it states none."""
    try:
        with path.open("rb") as file:
            head = file.readline(len(_HEAD) + 20)
    except OSError:
        return 0
    number = head.removeprefix(_HEAD).strip()
    return int(number) if head.startswith(_HEAD) and number.isdigit() else 0


def _age(path: Path) -> float:
    return -path.stat().st_mtime
