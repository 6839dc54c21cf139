"""``seedlab list``, ``script``, ``open`` and ``export``: the commands that run nothing."""

import argparse
import sys
from pathlib import Path

from seedlab.cli.choices import add_choices, experiment_from
from seedlab.cli.exits import EXIT_FINISHED
from seedlab.cli.picture_options import add_picture_options, picture_options, with_look
from seedlab.documents.files import read_lab
from seedlab.errors import ChoiceError
from seedlab.export.files import ENDINGS_TEXT, check_path, write_export
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of

_DOCUMENTS = "a .seedlab or .json document, a picture that seedlab exported, or a script.py of yours"


def add_list(parser: argparse.ArgumentParser) -> None:
    """Make ``parser`` the parser of ``seedlab list``."""
    parser.set_defaults(command=_list)


def add_script(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab script`` to ``parser``."""
    parser.add_argument("name", nargs="?", metavar="NAME", help=f"a preset: {', '.join(PRESETS)}")
    add_choices(parser)
    parser.set_defaults(command=_script)


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


def _list(_options: argparse.Namespace) -> int:
    width = max(map(len, PRESETS))
    for preset in PRESETS.values():
        print(f"{preset.name:<{width}}  {preset.title}")
    return EXIT_FINISHED


def _script(options: argparse.Namespace) -> int:
    if options.name is None and options.library is None:
        raise ChoiceError("preset", "No experiment is named.", f"Name a preset ({', '.join(PRESETS)}) or a --library.")
    sys.stdout.write(script_of(experiment_from(options.name, options)).text)
    return EXIT_FINISHED


def _export(options: argparse.Namespace) -> int:
    pictures = picture_options(options)
    lab = with_look(read_lab(Path(options.document)), options)
    for path in options.to:
        check_path(Path(path), len(lab.columns))
    for path in options.to:
        write_export(lab, Path(path), pictures)
    return EXIT_FINISHED
