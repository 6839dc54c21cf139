"""Parses the command line and carries out the command. Opening the window is left to the caller of `main`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from seedlab import APPLICATION_NAME, __version__
from seedlab.cli.doctor import add_doctor
from seedlab.cli.documents import add_export, add_open, document_to_open
from seedlab.cli.exits import EXIT_UNFINISHED, EXIT_USAGE
from seedlab.cli.experiments import add_list, add_script
from seedlab.cli.run import add_run
from seedlab.documents.files import READABLE_TEXT
from seedlab.errors import SeedlabError
from seedlab.plain_text import terminal_lines

_COMMANDS = (
    ("list", "name the presets", add_list),
    ("script", "print the script of an experiment", add_script),
    ("run", "run experiments in fresh processes and compare what they draw", add_run),
    ("open", f"open the window with {READABLE_TEXT}", add_open),
    ("export", "write a document in other forms, without running anything", add_export),
    (
        "doctor",
        "say which versions, licences, Python and folders there are, to be copied when asking for help",
        add_doctor,
    ),
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"seedlab: {terminal_lines(message)}. Try “{self.prog} --help”.\n")


def main(arguments: Sequence[str], open_window: Callable[[str | None, Path | None], int]) -> int:
    """Carry out the command line ``arguments`` and return the exit status: 0, 1 or 2.

    ``open_window`` is called, with the name of the interpreter or None and the path of the document or
    None, when no command is given, and by ``open``.
    """
    try:
        parser = make_parser()
        options, rest = parser.parse_known_args(arguments)
        # A name may also come after an option.
        if rest and not (hasattr(options, "names") and all(name[:1] != "-" for name in rest)):
            parser.error(f"not understood: {' '.join(rest)}")
        if rest:
            options.names += rest
        if options.command is None:
            return open_window(options.python, document_to_open(options))
        return int(options.command(options))
    except SeedlabError as error:
        print(f"{APPLICATION_NAME}: {terminal_lines(str(error))}", file=sys.stderr)
        return EXIT_USAGE
    except BrokenPipeError:
        # The reader of our output has gone, so there is nothing left to print to.
        sys.stderr.close()
        return EXIT_UNFINISHED


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = _Parser(
        prog=APPLICATION_NAME,
        description="See why seeded numbers still change. Without a command, opens the window.",
    )
    parser.add_argument("--version", action="version", version=f"{APPLICATION_NAME} {__version__}")
    parser.add_argument("--python", metavar="EXE", help="the Python that executes the runs")
    parser.set_defaults(command=None, document=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, about, add in _COMMANDS:
        add(commands.add_parser(name, help=about))
    return parser
