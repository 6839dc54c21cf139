"""``seedlab open`` and ``seedlab export``: the commands that read documents."""

import argparse
from pathlib import Path

from seedlab.analysis.analyst import analyse
from seedlab.cli.exits import EXIT_FINISHED
from seedlab.cli.pictures import add_picture_options, picture_options, with_look
from seedlab.documents.files import read_lab
from seedlab.export.exporting import ENDINGS_TEXT, check_path, write_export

_DOCUMENTS = "a .seedlab or .json document, a picture that seedlab exported, or a script.py of yours"


def add_open(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab open`` to ``parser``."""
    parser.add_argument("document", metavar="FILE", help=_DOCUMENTS)
    parser.add_argument("--python", metavar="EXE", default=argparse.SUPPRESS, help="the Python that executes the runs")


def add_export(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab export`` to ``parser``."""
    parser.add_argument("document", metavar="FILE", help=_DOCUMENTS)
    parser.add_argument(
        "--to", metavar="OUT", action="append", required=True, help=f"write {ENDINGS_TEXT}; may be repeated"
    )
    add_picture_options(parser)
    parser.set_defaults(command=_export)


def document_to_open(options: argparse.Namespace) -> Path | None:
    """Return the path of the document to open, or None. Raise `DocumentError` when it cannot be read.

    It is read before the window opens, so that no window opens for a broken document.
    """
    if options.document is None:
        return None
    path = Path(options.document)
    read_lab(path)
    return path


def _export(options: argparse.Namespace) -> int:
    pictures = picture_options(options)
    lab = with_look(read_lab(Path(options.document)), options)
    for path in options.to:
        check_path(Path(path), len(lab.columns))
    analysis = analyse(lab.columns)
    for path in options.to:
        write_export(lab, Path(path), pictures, analysis)
    return EXIT_FINISHED
