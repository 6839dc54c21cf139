"""The observer as one file, which other interpreters execute."""

from pathlib import Path

import seedlab.observer


def observer_file() -> Path:
    """Return the path of the file that executes scripts, waits for requests and answers questions."""
    return Path(seedlab.observer.__file__).with_name("observe.py")
