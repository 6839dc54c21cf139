"""``python -m seedlab`` and the ``seedlab`` command: the window, or a command of `seedlab.cli.main`."""

import sys
from pathlib import Path

from seedlab.cli import main as cli


def _open_window(python: str | None, document: Path | None) -> int:
    from seedlab.gui.app import open_window

    return open_window(python, document)


def main() -> int:
    return cli.main(sys.argv[1:], _open_window)


if __name__ == "__main__":
    sys.exit(main())
