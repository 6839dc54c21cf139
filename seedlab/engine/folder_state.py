"""What is in a folder, so that it can be told whether a run has changed it."""

import os

MAX_ENTRIES = 20_000
_CACHES = frozenset({"__pycache__"})
"""Folders whose contents nobody misses."""

FolderState = dict[str, tuple[int, int, int]]
"""When each file below a folder was changed, in nanoseconds, its size in bytes, and its number in the file system."""


def state_of(folder: str) -> FolderState | None:
    """Return the state of all below ``folder``, as far as it can be read; None where there is too much to look at."""
    found: FolderState = {}
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.name in _CACHES:
                        continue
                    status = entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                        # The times of a folder change with its files, of which each is there itself.
                        found[entry.path] = (0, 0, status.st_ino)
                    else:
                        found[entry.path] = (status.st_mtime_ns, status.st_size, status.st_ino)
                    if len(found) > MAX_ENTRIES:
                        return None
        except OSError:
            continue
    return found
