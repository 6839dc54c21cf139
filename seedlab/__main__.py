"""The entry point of ``python -m seedlab`` and of the ``seedlab`` command, which run `seedlab.cli.main`."""

import os
import sys

try:
    # Nothing but what `main` needs at once: until it is called, Ctrl+C raises.
    import gc
    import signal
    from typing import TYPE_CHECKING

    from seedlab.cli.exits import EXIT_INTERRUPTED
except KeyboardInterrupt:
    # EXIT_INTERRUPTED, which may not be known yet.
    os._exit(130)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def _open_window(python: str | None, documents: "Sequence[Path]", is_talk: bool) -> int:
    from seedlab.gui.app import open_window

    return open_window(python, documents, is_talk=is_talk)


def _end_at_once(*_: object) -> None:
    # Not by an exception: Python prints, and then forgets, those that are raised while it lets go of a module's lock.
    os._exit(EXIT_INTERRUPTED)


def main() -> int:
    """Carry out the command line of this process and return its exit status."""
    # Importing takes most of a second, in which nothing can be lost. A shell that starts a command in the background
    # lets it ignore Ctrl+C, and so it stays.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _end_at_once)
    from seedlab.engine.child_environment import remember_start

    # Before anything is imported that changes variables.
    remember_start()
    # What modules make stays for good: looking through it for garbage, and once more at the end, takes a quarter of the
    # time that the imports take.
    gc.disable()
    from seedlab.cli import main as cli
    from seedlab.cli.interruption import is_work_left

    gc.freeze()
    gc.enable()
    status = cli.main(sys.argv[1:], _open_window)
    if is_work_left():
        # What was printed has been flushed.
        os._exit(status)
    return status


if __name__ == "__main__":
    sys.exit(main())
