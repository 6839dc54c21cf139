"""Ends a prepared process in the way that Python ends a process."""

import atexit
import gc
import os
import sys
import threading


def exit_after(action):
    """Call ``action``, then end the process as Python would, but without tearing down the imported modules.

    Tearing down TensorFlow takes most of a second and has no visible effect. Everything that a script can see of
    the end is done in the order of Py_FinalizeEx (Python/pylifecycle.c): threads are joined, exit handlers are called
    (the last of them releases the script's objects), cycles are collected, and streams are flushed.
    """
    status = 0
    try:
        action()
    except SystemExit as error:
        status = exit_status(error.code)
    for step in (threading._shutdown, atexit._run_exitfuncs, gc.collect, flush):
        try:
            step()
        except BaseException:
            sys.excepthook(*sys.exc_info())
    os._exit(status)


def exit_status(code):
    """Return the exit status for the argument of sys.exit, as Python does (Python/pythonrun.c, handle_system_exit).

    An argument that is neither None nor an int is written to standard error.
    """
    if code is None:
        return 0
    if isinstance(code, int) and os.name == "nt":
        # All 32 bits count there; what is larger is -1 (PyLong_AsLong).
        return code if -(2**31) <= code < 2**31 else -1
    if isinstance(code, int):
        return code & 0xFF
    try:
        text = str(code)
    except Exception:
        text = ""  # Python writes nothing then.
    sys.stderr.write(text + "\n")
    return 1


def flush():
    """Flush the standard streams of Python and, where ctypes is imported, those of C."""
    sys.stdout.flush()
    sys.stderr.flush()
    if "ctypes" in sys.modules:
        # On Windows Python uses this one (PCbuild/readme.txt); a library may have another of its own.
        sys.modules["ctypes"].CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)
