"""Imports what scripts will import, then executes scripts on request: in a child each, or one in its own process.

Nothing here executes an op, lists devices or opens a session: TensorFlow forks well only before it did any of that.
"""

import gc
import importlib
import os
import threading

from . import execution
from .control import Control, Stop, take_one
from .ending import exit_after


def wait(pack, address, prepare, forks):
    """Import the modules that ``prepare`` names, say so, and become the run that is asked for."""
    control = Control(int(address.partition(":")[2]))
    names = prepare.get("renew")
    renewals = [pack.renewal(name) for name in (pack.renewal_names() if names is None else names)]
    for name in prepare["modules"]:
        importlib.import_module(name)
    # What is imported lives as long as the process: collecting garbage need not look at it in every child.
    gc.collect()
    if hasattr(gc, "freeze"):  # From Python 3.7 on.
        gc.freeze()
    try:
        if forks:
            report, request = _fork_for_each(control, renewals)
        else:
            control.say(ready=True, threads=threading.active_count())
            report, request = take_one(control)
    except Stop:
        os._exit(0)
    exit_after(lambda: execution.work(pack, report, request))


def _fork_for_each(control, renewals):
    """Return only in a child, with the descriptor of its report and its request."""
    from . import forking

    forking.gather_memory()
    control.say(ready=True, threads=threading.active_count())
    parent = forking.Parent(control, renewals)
    try:
        return parent.serve()
    except Stop:
        parent.kill_children()
        raise
