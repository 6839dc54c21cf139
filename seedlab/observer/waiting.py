"""Imports what scripts will import, then executes scripts on request: each in a child, or one in this process.

Nothing here executes an op, lists devices or opens a session, because TensorFlow can be forked only before any of that.
"""

import gc
import importlib
import os
import sys
import threading

from . import execution
from .ending import exit_after
from .imports import DoorWatcher
from .observer import Observer
from .stop import Stop


def wait(pack, address, prepare, forks):
    """Import the modules that ``prepare`` names, report readiness, and become the run that is requested.

    ``address`` is where requests come from; ``forks`` is True to fork a child for each run.
    """
    kind, _, place = address.partition(":")
    if kind == "stdin":
        from .lines import Lines

        control = Lines(place)
    else:
        from .control import Control, take_one

        control = Control(int(place))
    forking = pack.load("forking") if forks else None
    names = prepare.get("renew")
    renewals = [pack.renewal(name) for name in (pack.renewal_names() if names is None else names)]
    for name in prepare["modules"]:
        importlib.import_module(name)
    # Here, and not in each child, which would copy every page of memory that it touches.
    observer = Observer()
    DoorWatcher(pack, observer).install()
    # Imported objects live as long as the process, so garbage collection in the children need not visit them.
    gc.collect()
    if hasattr(gc, "freeze"):  # From Python 3.7 on.
        gc.freeze()
    try:
        if forking is None:
            control.send(ready=True, threads=threading.active_count(), names=imported_names())
            report, request = control.take_one() if kind == "stdin" else take_one(control)
        else:
            report, request = _fork_for_each(forking, control, renewals)
    except Stop:
        os._exit(0)
    exit_after(lambda: execution.execute_request(pack, report, request, observer))


def imported_names():
    """Return the names of the top-level modules that are imported."""
    return sorted({name.partition(".")[0] for name in list(sys.modules)} - {"__main__"})


def _fork_for_each(forking, control, renewals):
    """Fork children on request; return only in a child, with the descriptor of its report and its request."""
    forking.gather_memory()
    control.send(ready=True, threads=threading.active_count(), names=imported_names())
    parent = forking.Parent(control, renewals)
    try:
        return parent.serve()
    except Stop:
        parent.kill_children()
        raise
