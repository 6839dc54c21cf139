"""Finds the files in a folder that patterns name, and never leaves the folder: a link counts where it stays inside."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from glob import has_magic

from seedlab.phrases import recorded

MAX_ENTRIES = 20_000
"""The most entries of folders that are looked at for all patterns together."""
_MOST_LINKS = 40
_EVERYTHING = "**"


class FolderFiles:
    """The files of a folder.

    ``folder`` is its name to whoever works in it, and ``path`` where it is found here. The two differ for a private
    view, in which a link that names the folder leads elsewhere than it does here.
    """

    def __init__(self, folder: str, path: str) -> None:
        self._folder = folder
        self._path = path
        self._left = MAX_ENTRIES
        self.is_complete = True
        """False once there were too many entries to look at."""

    def matching(self, pattern: str) -> list[str]:
        """Return the names, relative to the folder, of the files and folders that match ``pattern``, in order.

        It is one of the shell's, with ``**`` for any folders; what begins with a dot has to be asked for.
        """
        name = os.path.normpath(pattern)
        if self.lies_inside(name):
            # A name may have brackets.
            return [name]
        parts = name.split(os.sep)
        if parts[-1] == _EVERYTHING:
            parts.append("*")
        found = dict.fromkeys(self._expanded("", parts))
        return [each for each in found if each and os.path.lexists(self._place(each))]

    def lies_inside(self, name: str) -> bool:
        """Return True where ``name`` is there, and leads to something in the folder."""
        return self._real(name) is not None

    def is_folder(self, name: str) -> bool:
        real = self._real(name)
        return real is not None and os.path.isdir(self._place(real))

    def status(self, name: str) -> os.stat_result | None:
        """Return the status of the file ``name``; None where there is none."""
        real = self._real(name)
        try:
            return None if real is None else os.lstat(self._place(real))
        except OSError:
            return None

    def open(self, name: str) -> int:
        """Return a descriptor that reads the file ``name``. Raise OSError, also for what is no file."""
        real = self._real(name)
        if real is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        # Opening a pipe would wait until somebody writes to it.
        flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._place(real), os.O_RDONLY | flags)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.EINVAL, recorded("it is not a file"))
        return descriptor

    def _place(self, name: str) -> str:
        return os.path.join(self._path, name)

    def _real(self, name: str, links: int = 0) -> str | None:
        """Return ``name`` with its links followed; None where it leads to nothing, or out of the folder."""
        if os.path.isabs(name) or name.split(os.sep, 1)[0] == os.pardir:
            return None
        done, parts = "", name.split(os.sep)
        for number, part in enumerate(parts):
            here = os.path.join(done, part)
            try:
                is_link = stat.S_ISLNK(os.lstat(self._place(here)).st_mode)
                target = os.readlink(self._place(here)) if is_link else ""
            except (OSError, ValueError):
                return None
            if is_link:
                leads_to = os.path.normpath(os.path.join(self._folder, done, target, *parts[number + 1 :]))
                if links >= _MOST_LINKS or not leads_to.startswith(self._folder.rstrip(os.sep) + os.sep):
                    return None
                return self._real(os.path.relpath(leads_to, self._folder), links + 1)
            done = here
        return done

    def _expanded(self, base: str, parts: Sequence[str]) -> Iterator[str]:
        """Yield what may match ``parts`` below the folder ``base``."""
        if not parts:
            yield base
            return
        part, rest = parts[0], parts[1:]
        if part == _EVERYTHING:
            yield from self._expanded(base, rest)
            for name, is_folder in self._entries(base):
                if is_folder and not name.startswith((".", "__pycache__")):
                    yield from self._expanded(os.path.join(base, name), parts)
        elif has_magic(part):
            for name, _ in self._entries(base):
                if fnmatchcase(name, part) and (part.startswith(".") or not name.startswith(".")):
                    yield from self._expanded(os.path.join(base, name), rest)
        else:
            yield from self._expanded(os.path.join(base, part), rest)

    def _entries(self, base: str) -> list[tuple[str, bool]]:
        """Return the names in the folder ``base`` in order, each with True where it is a folder and no link."""
        real = self._real(base) if base else ""
        if real is None:
            return []
        found = []
        try:
            with os.scandir(self._place(real)) as entries:
                for entry in entries:
                    if not self._left:
                        self.is_complete = False
                        break
                    self._left -= 1
                    found.append((entry.name, entry.is_dir(follow_symlinks=False)))
        except OSError:
            return []
        return sorted(found)
