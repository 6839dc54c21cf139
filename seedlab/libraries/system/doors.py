"""Renews what a forked child would share with its parent, though it belongs to no library of random numbers."""

import os
import sys

DOORS = ()


def renew_authkey():
    """Draw anew the key that is drawn once, at import (Lib/multiprocessing/process.py, _MainProcess)."""
    process = sys.modules.get("multiprocessing.process")
    if process is not None:
        process.current_process().authkey = os.urandom(32)


RENEWALS = {"multiprocessing.process": renew_authkey}
