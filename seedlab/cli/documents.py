"""``seedlab open`` and ``seedlab export``: the commands that read documents."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from seedlab.cli.addresses import path_of
from seedlab.cli.exits import EXIT_FINISHED, EXIT_UNFINISHED
from seedlab.cli.interruption import Interruption
from seedlab.cli.parts import add_part_options, column_positions
from seedlab.cli.pictures import add_picture_options, picture_options, with_look
from seedlab.cli.writing import analysed, checked_exports, exports, write_files
from seedlab.documents.files import read_lab
from seedlab.engine.engine import interruptions
from seedlab.export.exporting import ENDINGS_TEXT
from seedlab.phrases import sentence
from seedlab.study.lab import Lab

_OPEN_EXAMPLES = sentence(
    "examples:\n"
    "  seedlab open figure.png                    the lab inside a picture that seedlab exported\n"
    "  seedlab open file:///home/me/lab.seedlab   a file by its address\n"
    "  seedlab open train.py                      a script of yours; it does not run until you press Run\n"
    "  seedlab open train.py other.py             side by side; of several documents each has a window of its own\n"
)
_EXPORT_EXAMPLES = sentence(
    "examples:\n"
    "  seedlab export lab.seedlab --to figure.pdf --to table.md\n"
    "  seedlab export figure.png --to slide.png --size slide --paper dark --look values\n"
    "  seedlab export lab.seedlab --to op1.svg --columns 1,3 --rows op1\n"
)
_PATIENCE = 1
"""The document is still there, so that the first Ctrl+C may end what takes time."""
_DOCUMENTS = sentence("a .seedlab or .json document, a picture that seedlab exported, or a script.py of yours")


def add_open(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab open`` to ``parser``."""
    about = sentence("{documents}; or several", documents=_DOCUMENTS)
    parser.add_argument("documents", metavar="FILE", nargs="+", help=about)
    parser.add_argument(
        "--python", metavar="EXE", default=argparse.SUPPRESS, help=sentence("the Python that executes the runs")
    )
    parser.epilog = _OPEN_EXAMPLES


def add_export(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab export`` to ``parser``."""
    parser.add_argument("document", metavar="FILE", help=_DOCUMENTS)
    parser.add_argument(
        "--to",
        metavar="OUT",
        action="append",
        required=True,
        help=sentence("write {endings_text}; may be repeated", endings_text=ENDINGS_TEXT),
    )
    add_picture_options(parser)
    add_part_options(parser)
    parser.epilog = _EXPORT_EXAMPLES
    parser.set_defaults(command=_export)


def documents_to_open(options: argparse.Namespace) -> tuple[Path, ...]:
    """Return the paths of the documents to open. Raise `DocumentError` when one cannot be read.

    They are read before the window opens, so that no window opens for a broken document; where a desktop has started
    seedlab, nobody would see what is said elsewhere.
    """
    if options.from_desktop is not None:
        return tuple(path_of(name) for name in options.from_desktop)
    paths = tuple(path_of(name) for name in options.documents)
    for path in paths:
        read_lab(path)
    return paths


def _export(options: argparse.Namespace) -> int:
    return export(read_lab(path_of(options.document)), "--to", options.to, options)


def export(lab: Lab, option: str, names: Sequence[str], options: argparse.Namespace) -> int:
    """Write what ``options`` choose of ``lab`` to the files ``names``, given with ``option``; return the exit status.

    Raise `SeedlabError` where that cannot be done.
    """
    pictures = picture_options(options)
    lab = with_look(lab, options)
    positions = column_positions(options, [column.name for column in lab.columns])
    paths = checked_exports(option, names, len(positions))
    interruption = Interruption()
    with interruptions(interruption.press):
        analysis = analysed(lab, interruption, _PATIENCE)
        is_written = write_files(exports(lab, paths, pictures, analysis, options), interruption, _PATIENCE)
    if interruption.times:
        return interruption.status
    return EXIT_FINISHED if is_written else EXIT_UNFINISHED
