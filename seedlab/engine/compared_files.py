"""Files that a run has written, as draws of that run."""

import asyncio
import os
from collections.abc import Sequence
from typing import Final, NamedTuple

from seedlab.engine.file_contents import Contents, contents_of
from seedlab.engine.file_patterns import FolderFiles
from seedlab.engine.platform.interface import ViewedFolder, place_seen
from seedlab.engine.protocol import Report
from seedlab.engine.request import RunRequest
from seedlab.observer.wire import MAX_LABEL
from seedlab.phrases import recorded
from seedlab.results.run import Draw

MAX_FILES: Final = 1_000
"""The most files of a run that are compared."""
MAX_BYTES: Final = 256 * 2**20
"""The most bytes of values that the files of a run have together."""

_Stamp = tuple[int, int, int]


class _Found(NamedTuple):
    """A file as it was found after a run."""

    name: str
    contents: Contents


class ComparedFiles:
    """The files of one run that are compared: those that match the patterns of its request.

    A run that sees its folder privately has written them there; they are read as it saw them.
    """

    def __init__(self, request: RunRequest) -> None:
        self._patterns = request.compares
        self._folder = os.path.realpath(request.folder or os.getcwd())
        self._before: dict[str, _Stamp] = {}

    async def begin(self) -> None:
        """Look at what is there before the run."""
        self._before = await asyncio.to_thread(self._stamps)

    async def add_to(self, report: Report, viewed: Sequence[ViewedFolder]) -> None:
        """Add what the files have after the run, which saw the folders ``viewed`` privately, to its ``report``."""
        found, notes = await asyncio.to_thread(self._read, viewed)
        left = MAX_BYTES
        for name, contents in found:
            left -= sum(len(value.data) for value in contents.values)
            if left < 0:
                notes.append(
                    recorded(
                        "the files to compare hold more than {most} MB: {name} is left out",
                        most=MAX_BYTES // 2**20,
                        name=name,
                    )
                )
                break
            notes += [recorded("{name} {note}", name=name, note=note) for note in contents.notes]
            for value in contents.values:
                label = f"{name}: {value.name}" if value.name else name
                report.add_from_file(Draw(label[:MAX_LABEL], value.dtype, value.shape, value.data, file=name))
        for note in notes:
            report.add_note(note)

    def _stamps(self) -> dict[str, _Stamp]:
        files = FolderFiles(self._folder, self._folder)
        names = [name for pattern in self._patterns for name in files.matching(pattern)]
        return {name: stamp for name in names if (stamp := _stamp(files, name)) is not None}

    def _read(self, viewed: Sequence[ViewedFolder]) -> tuple[list[_Found], list[str]]:
        """Return what is in the files, and notes about what is not."""
        files = FolderFiles(self._folder, place_seen(self._folder, viewed))
        names: dict[str, None] = {}
        notes: list[str] = []
        for pattern in self._patterns:
            matching = files.matching(pattern)
            folders = [name for name in matching if files.is_folder(name)]
            if not matching:
                notes.append(recorded("no file is called {pattern}, so nothing of it is compared", pattern=pattern))
            elif len(folders) == len(matching):
                notes.append(
                    recorded(
                        "{pattern} is a folder: its files are compared where they are named, as by {pattern}/*",
                        pattern=pattern,
                    )
                )
            names.update(dict.fromkeys(name for name in matching if name not in folders))
        if not files.is_complete:
            notes.append(
                recorded("the folder has too many files to look at all: some that should be compared may be missing")
            )
        if len(names) > MAX_FILES:
            notes.append(recorded("more than {most:,} files are to be compared: the rest is left out", most=MAX_FILES))
        found = []
        for name in list(names)[:MAX_FILES]:
            shown = os.fsencode(name).decode("utf-8", "backslashreplace")
            if not files.lies_inside(name):
                notes.append(recorded("{shown} leads out of the folder: it is not compared", shown=shown))
                continue
            try:
                with open(files.open(name), "rb") as file:
                    found.append(_Found(shown, contents_of(name, file)))
            except OSError as error:
                notes.append(recorded("{shown} cannot be read: {value}", shown=shown, value=error.strerror or error))
                continue
            if self._before.get(name) == _stamp(files, name):
                notes.append(recorded("{shown} was there before, and this run did not write it", shown=shown))
        return found, notes


def _stamp(files: FolderFiles, name: str) -> _Stamp | None:
    """Return what changes whenever a file is written: two times, of which no program can set the second, and its size.

    The number in the file system is left out, because a private view gives a file another one.
    """
    status = files.status(name)
    return None if status is None else (status.st_mtime_ns, status.st_ctime_ns, status.st_size)
