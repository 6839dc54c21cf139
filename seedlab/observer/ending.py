"""Ends a process that was prepared, as Python ends one."""

import atexit
import gc
import os
import sys
import threading


def exit_after(work):
    """Do ``work``, then end the process as Python ends one, less the dismantling of what was imported beforehand.

    That takes TensorFlow most of a second and shows nothing. What a script can see of the end is kept, in the
    order of Py_FinalizeEx (Python/pylifecycle.c): threads are joined, exit handlers called (the last of them
    releases the script's objects), cycles collected, streams flushed.
    """
    status = 0
    try:
        work()
    except SystemExit as error:
        status = exit_status(error.code)
    for last in (threading._shutdown, atexit._run_exitfuncs, gc.collect, flush):
        try:
            last()
        except BaseException:
            sys.excepthook(*sys.exc_info())
    os._exit(status)


def exit_status(code):
    """Return what Python makes of the argument of sys.exit (Python/pythonrun.c, handle_system_exit)."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write("%s\n" % (code,))
    return 1


def flush():
    sys.stdout.flush()
    sys.stderr.flush()
    if "ctypes" in sys.modules:
        sys.modules["ctypes"].CDLL(None).fflush(None)
