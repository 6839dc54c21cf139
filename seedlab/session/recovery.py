"""Results that were not saved, kept for the next start."""

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
"""Counts the layouts of the file. It goes up with every change to a class that a lab consists of."""


def default_folder() -> Path:
    """Return the folder that the platform has for an application's data."""
    return platformdirs.user_data_path(APPLICATION_NAME, appauthor=False)


def own_path(folder: Path) -> Path:
    """Return the path of this process; each has its own, so that two windows do not overwrite each other."""
    return folder / f"{_PREFIX}{os.getpid()}{_ENDING}"


def write(path: Path, lab: Lab) -> None:
    """Keep ``lab``, though not as a document: that is made for people, and takes a hundred times as long."""
    try:
        # Seeds may be larger than MessagePack's integers.
        data = b"%s%d\n%s" % (_HEAD, FORMAT, msgspec.json.encode(lab))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except (OSError, UnicodeEncodeError, DocumentError):
        # Without a place for it, or with a name that is no text, work goes on without.
        return


def left_behind(folder: Path) -> list[Path]:
    """Return what processes that have ended without asking left, the newest first.

    What a newer seedlab left is passed over: it is for that one to offer.
    """
    found = [path for path in folder.glob(f"{_PREFIX}*") if not _is_alive(path) and _format(path) <= FORMAT]
    return sorted(found, key=_age)


def read(paths: Iterable[Path]) -> Lab | None:
    """Return the first lab among ``paths`` that is whole and of this layout; None where there is none."""
    for path in paths:
        try:
            head, _, data = path.read_bytes().partition(b"\n")
            if head != b"%s%d" % (_HEAD, FORMAT):
                continue
            lab = msgspec.json.decode(data, type=Lab)
            # Values that do not fit their shape would fail much later.
            draws = [draw for column in lab.columns for run in column.runs for draw in run.draws]
            if lab.columns and all(draw.array.size >= 0 for draw in draws):
                return lab
        # Whatever is wrong with such a file: there is nothing to restore.
        except Exception:  # noqa: BLE001, S112
            continue
    return None


def discard(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _is_alive(path: Path) -> bool:
    number = path.stem.removeprefix(_PREFIX)
    return number.isdigit() and psutil.pid_exists(int(number))


def _format(path: Path) -> int:
    """Return which layout the file has; 0 where it does not say so."""
    try:
        with path.open("rb") as file:
            head = file.readline(len(_HEAD) + 20)
    except OSError:
        return 0
    number = head.removeprefix(_HEAD).strip()
    return int(number) if head.startswith(_HEAD) and number.isdigit() else 0


def _age(path: Path) -> float:
    return -path.stat().st_mtime
