"""The entry point of ``python -m seedlab`` and of the ``seedlab`` command, which run `seedlab.cli.main`."""

import sys
from pathlib import Path

from seedlab.cli import main as cli


def _open_window(python: str | None, document: Path | None) -> int:
    from seedlab.gui.app import open_window

    return open_window(python, document)


def main() -> int:
    """Carry out the command line of this process and return its exit status."""
    return cli.main(sys.argv[1:], _open_window)


if __name__ == "__main__":
    sys.exit(main())
