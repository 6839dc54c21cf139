"""Watches persons' own scripts on disk, and tells what their texts are when they have changed."""

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from seedlab.documents.files import read_script
from seedlab.errors import DocumentError

WAIT_MS = 150
"""The time without a change after which a file is read: editors write in several steps."""

_Stamp = tuple[int, int, int]
"""The file's number on its disk, when it was changed, and its size."""


class ScriptWatcher(QObject):
    """Watches files and their folders, because many editors put a new file in the place of the old one.

    A folder that goes away is waited for in the nearest one above it that is there. Where the system tells of no
    changes, as for some folders of other hosts, the files are looked at when the application becomes active again.
    """

    found = Signal(str, object)
    """The path of a file, and its text as it is now, None where it cannot be read."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._stamps: dict[str, _Stamp | None] = {}
        """The files that are watched, as they were when they were read; None where they could not be."""
        self._unread: set[str] = set()
        """The files that must be read whatever their stamps are: two changes may bear the same time."""
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_file_changed)
        self._watcher.directoryChanged.connect(self._on_folder_changed)
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self.look)
        QGuiApplication.instance().applicationStateChanged.connect(self._on_state_changed)  # type: ignore[union-attr]

    @property
    def paths(self) -> set[str]:
        """The files that are watched."""
        return set(self._stamps)

    def watch(self, paths: Iterable[str]) -> None:
        """Watch the files ``paths`` and no others; each that is new is read soon."""
        wanted = set(paths)
        if wanted == self._stamps.keys():
            return
        self._unread = (self._unread & wanted) | (wanted - self._stamps.keys())
        self._stamps = {path: self._stamps.get(path) for path in wanted}
        self._watch_places()
        if self._unread:
            self._wait.start()

    @Slot()
    def look(self) -> None:
        """Read the files that are others than before, and tell what they hold."""
        # What changes from here on is reported again.
        self._watch_places()
        for path in list(self._stamps):
            stamp = _stamp(path)
            if stamp == self._stamps.get(path) and path not in self._unread:
                continue
            self._unread.discard(path)
            self._stamps[path] = stamp
            self.found.emit(path, _text(path))

    def close(self) -> None:
        """Watch nothing any more."""
        self._wait.stop()
        self.watch(())

    @Slot(str)
    def _on_file_changed(self, path: str) -> None:
        if path in self._stamps:
            self._unread.add(path)
        # The file that is watched may not be the one that bears the name now.
        self._watcher.removePath(path)
        self._wait.start()

    @Slot()
    def _on_folder_changed(self) -> None:
        # Runs may write into it all the time, which must not put off the look at the script.
        if not self._wait.isActive():
            self._wait.start()

    @Slot(Qt.ApplicationState)
    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive and self._stamps:
            self._wait.start()

    def _watch_places(self) -> None:
        places = {path for path in self._stamps if os.path.exists(path)}
        places |= {_folder_of(name) for path in self._stamps for name in (path, os.path.realpath(path))}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - places:
            self._watcher.removePaths(sorted(watched - places))
        if places - watched:
            self._watcher.addPaths(sorted(places - watched))


def _folder_of(path: str) -> str:
    """Return the folder of ``path``, or the nearest one above that is there."""
    return next((str(folder) for folder in Path(path).parents if folder.is_dir()), os.sep)


def _stamp(path: str) -> _Stamp | None:
    try:
        about = os.stat(path)
    except OSError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size


def _text(path: str) -> str | None:
    try:
        return read_script(Path(path))
    except DocumentError:
        return None
