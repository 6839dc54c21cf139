"""Finds the place in the user's own files where something happens."""

import _thread
import os
import sys

LIBRARY_FOLDERS = ("site-packages", "dist-packages")
GENERATED = "__autograph_generated_file"
"""The prefix of the files that TensorFlow rewrites functions to, in the folder for temporary files.

Source: autograph/pyct/loader.py, TensorFlow 2.21.
"""
MADE_OF = "tf__"
"""The prefix of the name of a function that autograph has made of another one."""
AUTOGRAPH = os.path.join("python", "autograph", "")
"""The folder in which TensorFlow has what rewrites and calls such functions."""

PRIVATE = frozenset({"ssl", "tempfile", "multiprocessing", "concurrent", "asyncio", "socket", "email", "http"})
"""Packages that use randomness which is no business of the script: names of files, keys, boundaries."""
MAX_STACK = 12
"""The largest number of frames that are told."""
MAX_CALLED = 200
"""The largest number of characters in the name of a library's function."""


def folder_of(script):
    """Return the folder that Python puts first on the path for ``script`` (Modules/main.c, Python/pathconfig.c)."""
    # Only on POSIX does Python resolve symbolic links here.
    path = os.path.realpath(script) if os.name == "posix" else os.path.abspath(script)
    return os.path.dirname(path)


class Places:
    """Finds the nearest frame of the user's code: of the script, or of a module in or below its folder.

    For a script that is executed as a module, ``folder`` is the one that holds its packages.
    """

    def __init__(self):
        self._script = self._folder = None
        self._python_folders = [os.path.dirname(os.__file__)]
        self._known = {}
        self._main_thread = _thread.get_ident()
        self.origins = None
        """Returns, for a thread's number, what code that a library made now executes there: where each line is from.

        A dict of (file name, line) to (file name, line, function). A library's door sets it; None without one.
        """
        self.wrappers = set()
        """Names of modules whose functions call others in their place; libraries' doors add to them."""

    def begin(self, script, folder=None):
        """Find places in ``script`` from now on; until then, none is the user's."""
        self._script = script
        self._folder = folder_of(script) if folder is None else folder
        for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix):
            # If the folder lies in a prefix, that prefix does not tell libraries from the user's files.
            if _relative(self._folder, prefix) is None and self._folder != prefix:
                self._python_folders.append(prefix)
        # Maps the file name of code to (True if it is the user's, path relative to the script's folder or None).
        self._known = {script: (True, None)}
        self._main_thread = _thread.get_ident()

    def line_of_script(self):
        """Return the line of the nearest frame of the script, or None when the script is not on the stack."""
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self._script:
                return frame.f_lineno
            frame = frame.f_back
        return None

    def is_of_script(self):
        """Return True when the user's code does what is going on, and not a library that is being imported."""
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith("<frozen importlib"):
                return False
            if self._known_of(name)[0]:
                return True
            frame = frame.f_back
        # In a thread of a library, or at the end.
        return True

    def is_called_by_user(self):
        """Return True when the code that has called the observed function is the user's, not a library's.

        Code without a file, such as the observer's own and what ``exec`` executes, belongs to what called it. What
        autograph calls it has made of the user's code; in TensorFlow 1.15 its files have no name of their own.
        """
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename.startswith("<"):
            frame = frame.f_back
        if frame is None:
            return False
        name = frame.f_code.co_filename
        if self._known_of(name)[0] or GENERATED in name:
            return True
        return frame.f_back is not None and AUTOGRAPH in frame.f_back.f_code.co_filename

    def is_asked_by_user(self):
        """Return True when the user's code is on the stack, and what asks is no library that hides its randomness."""
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith("<frozen importlib"):
                return False
            if frame.f_globals.get("__name__", "").partition(".")[0] in PRIVATE:
                return False
            if self._known_of(name)[0]:
                return True
            frame = frame.f_back
        return False

    def nearest(self):
        """Return (file, line) of the nearest frame of the user's code.

        ``file`` is relative to the script's folder, and None in the script itself. Both are None without such a frame.
        """
        for frame in self._users_frames(sys._getframe(1)):
            return frame[:2]
        return None, None

    def stack(self):
        """Return the frames of the user's code, the nearest first, and what the nearest one has called of a library.

        Each frame is [file, line, function], as for `nearest`; the second is "" where nothing lies between.
        """
        frames = []
        for frame in self._users_frames(sys._getframe(1)):
            frames.append(list(frame))
            if len(frames) >= MAX_STACK:
                break
        return frames, self._called(sys._getframe(1))

    def nearest_outside(self, between, but=(), unless=()):
        """Return the name of the nearest frame's module that is not in ``between``, "" where that is the user's code.

        ``between`` and ``but``, which is not passed over, are tuples of what names of modules begin with, and no
        function of the names in ``unless`` is passed over. Code without a file is. None where there is no such frame.
        """
        frame = sys._getframe(1)
        origins = self._origins_in(_thread.get_ident())
        while frame is not None:
            if self._user_frame(frame, origins) is not None:
                return ""
            if not frame.f_code.co_filename.startswith("<"):
                module = frame.f_globals.get("__name__") or "?"
                if not module.startswith(between) or module.startswith(but) or frame.f_code.co_name in unless:
                    return module
            frame = frame.f_back
        return None

    def _called(self, frame):
        called = ""
        origins = self._origins_in(_thread.get_ident())
        while frame is not None:
            if self._user_frame(frame, origins) is not None:
                return called
            module = frame.f_globals.get("__name__") or ""
            if not frame.f_code.co_filename.startswith("<") and module not in self.wrappers:
                code = frame.f_code
                function = getattr(code, "co_qualname", code.co_name)  # From Python 3.11 on.
                called = ("%s.%s" % (module, function))[:MAX_CALLED]
            frame = frame.f_back
        return ""

    def _users_frames(self, frame):
        """Yield (file, line, function) of each frame of the user's code from ``frame`` outwards.

        In a thread without such a frame, what the main thread executes meanwhile takes their place.
        """
        is_any = False
        thread = _thread.get_ident()
        for found in self._users_frames_in(thread, frame):
            is_any = True
            yield found
        if not is_any and frame is not None and thread != self._main_thread:
            for found in self._users_frames_in(self._main_thread, sys._current_frames().get(self._main_thread)):
                yield found

    def _users_frames_in(self, thread, frame):
        origins = self._origins_in(thread)
        part_of = None
        while frame is not None:
            found = self._user_frame(frame, origins)
            if found is not None:
                file, _, function = found
                if part_of != (file, function):
                    yield found
                # Of a loop or a branch autograph makes a function within the function.
                is_part = frame.f_code.co_name not in (function, MADE_OF + function)
                part_of = (file, function) if is_part else None
            frame = frame.f_back

    def _origins_in(self, thread):
        return None if self.origins is None else self.origins(thread)

    def _user_frame(self, frame, origins):
        """Return (file, line, function) of ``frame`` where it executes the user's code, or what was made of it."""
        code = frame.f_code
        if origins:
            origin = origins.get((code.co_filename, frame.f_lineno))
            if origin is not None:
                is_users, file = self._known_of(origin[0])
                # Code outside of functions has no name there.
                return (file, origin[1], origin[2] or code.co_name) if is_users else None
        is_users, file = self._known_of(code.co_filename)
        return (file, frame.f_lineno, code.co_name) if is_users else None

    def _known_of(self, name):
        known = self._known.get(name)
        if self._folder is None:
            return False, None
        if known is None:
            known = self._known[name] = self._look_at(name)
        return known

    def _look_at(self, name):
        if name.startswith("<"):
            return False, None
        path = os.path.abspath(name)
        file = _relative(path, self._folder)
        if file is None or any(_relative(path, folder) is not None for folder in self._python_folders):
            return False, None
        parts = file.split(os.sep)
        if any(part in LIBRARY_FOLDERS for part in parts) or parts[-1].startswith(GENERATED):
            return False, None
        return True, "/".join(parts)


def _relative(path, folder):
    """Return ``path`` relative to ``folder``, or None when it is not below it."""
    start = folder.rstrip(os.sep) + os.sep
    # Windows knows a file under its name in any case.
    is_below = os.path.normcase(path[: len(start)]) == os.path.normcase(start)
    return path[len(start) :] if is_below else None
