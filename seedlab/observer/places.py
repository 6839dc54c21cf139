"""Where in the person's own files something happens."""

import os
import sys

LIBRARY_FOLDERS = ("site-packages", "dist-packages")


def folder_of(script):
    """Return the folder that Python puts first on the path for ``script`` (Modules/main.c, Python/pathconfig.c)."""
    # Windows has no links that Python would follow here.
    path = os.path.realpath(script) if os.name == "posix" else os.path.abspath(script)
    return os.path.dirname(path)


class Places:
    """Finds the nearest frame of the person's: of the script, or of a module of theirs in or below its folder."""

    def __init__(self, script):
        self._script = script
        self._folder = folder_of(script)
        self._not_theirs = [os.path.dirname(os.__file__)]
        for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix):
            # A prefix that the folder itself lies in says nothing of the files below the folder.
            if _relative(self._folder, prefix) is None and self._folder != prefix:
                self._not_theirs.append(prefix)
        # A code's file name, and whether it is the person's: (True, path relative to the script's folder or None).
        self._known = {script: (True, None)}

    def line_of_script(self):
        """Return the line of the nearest frame of the script, or None when the script is not on the stack."""
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self._script:
                return frame.f_lineno
            frame = frame.f_back
        return None

    def nearest(self):
        """Return (file, line) of the nearest frame of the person's; file is None in the script, line where none is."""
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if name not in self._known:
                self._known[name] = self._look_at(name)
            is_theirs, file = self._known[name]
            if is_theirs:
                return file, frame.f_lineno
            frame = frame.f_back
        return None, None

    def _look_at(self, name):
        if name.startswith("<"):
            return False, None
        path = os.path.abspath(name)
        file = _relative(path, self._folder)
        if file is None or any(_relative(path, folder) is not None for folder in self._not_theirs):
            return False, None
        parts = file.split(os.sep)
        if any(part in LIBRARY_FOLDERS for part in parts):
            return False, None
        return True, "/".join(parts)


def _relative(path, folder):
    """Return ``path`` relative to ``folder``, or None when it does not lie below it."""
    start = folder.rstrip(os.sep) + os.sep
    return path[len(start) :] if path.startswith(start) else None
