"""Parses the command line and carries out the command. Opening the window is left to the caller of `main`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from seedlab import APPLICATION_NAME, __version__
from seedlab.cli.argparse_texts import translate_argparse
from seedlab.cli.clusters import add_cluster_option, window_python
from seedlab.cli.documents import documents_to_open
from seedlab.cli.exits import EXIT_FINISHED, EXIT_INTERRUPTED, EXIT_UNFINISHED, EXIT_USAGE, EXITS_HELP
from seedlab.cli.streams import OutputError, complain, prepare_streams, printing
from seedlab.cli.suggestions import did_you_mean
from seedlab.documents.files import READABLE_TEXT
from seedlab.errors import SeedlabError
from seedlab.phrases import enumerated, following, sentence

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_COMMANDS = (
    ("list", sentence("name the presets"), "experiments"),
    ("script", sentence("print the script of an experiment"), "experiments"),
    ("run", sentence("run experiments in fresh processes and compare what they draw"), "run"),
    ("check", sentence("say whether every draw of a script repeats in cold runs, for build machines"), "check"),
    ("why", sentence("find by experiment what moves each draw of a script"), "why"),
    ("sweep", sentence("give a seed many values, and say how each draw is distributed"), "sweep"),
    ("open", sentence("open the window with {what}", what=READABLE_TEXT), "documents"),
    ("export", sentence("write a document in other forms, without running anything"), "documents"),
    ("talk", sentence("give a talk: the scenes of a document, or of one that comes with seedlab"), "talk"),
    (
        "environment",
        sentence("make, list and remove environments with chosen versions of the libraries"),
        "environment",
    ),
    (
        "doctor",
        sentence("say which versions, licences, Python and folders there are, to be copied when asking for help"),
        "doctor",
    ),
)
"""The commands, what each does, and the module here whose ``add_COMMAND`` adds its options.

A module is imported for its own command alone: what all of them import takes longer than many a command.
"""
_ENDINGS_OPENED = (".py", ".pyw", ".seedlab")
"""The endings of files that may stand in the place of a command."""
_EXAMPLES = sentence(
    "examples:\n"
    "  seedlab                                 the window\n"
    "  seedlab open train.py                   a script of yours, in the window; “open” may be left out\n"
    "  seedlab list                            the experiments of the article\n"
    "  seedlab run before-graph after-graph    two of them side by side, without a window\n"
    "  seedlab run train.py                    a script of yours\n"
    "  seedlab talk where-did-my-seed-go       a talk that comes with seedlab, on the whole screen\n"
    "  seedlab COMMAND --help                  all that a command takes\n"
)
_NO_OPTIONS = {"command", "document", "documents", "name", "names", "script_arguments", "talk"}
"""What a command line holds beside its options."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # What argparse says is no whole sentence.
        self.refuse(sentence("{problem}.", problem=message))

    def refuse(self, *sentences: str) -> NoReturn:
        """End with ``sentences`` on what is wrong, and where help is."""
        self.exit(EXIT_USAGE, following(*sentences, sentence("Try “{program} --help”.", program=self.prog)))

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        if message:
            complain(message)
        sys.exit(status)

    def print_help(self, file: "SupportsWrite[str] | None" = None) -> None:
        # argparse would drop the error of a write.
        with printing():
            (file or sys.stdout).write(self.format_help())


def main(arguments: Sequence[str], open_window: Callable[[str | None, Sequence[Path], bool], int]) -> int:
    """Carry out the command line ``arguments`` and return the exit status, one of `seedlab.cli.exits`.

    ``open_window`` is called, with the name of the interpreter or None, the paths of the documents, and whether
    it is given as a talk, when no command is given, and by ``open`` and ``talk``.
    """
    prepare_streams()
    try:
        options = _parsed(arguments)
        if options.version:
            with printing():
                print(APPLICATION_NAME, __version__)
            return EXIT_FINISHED
        if options.command is None:
            return open_window(window_python(options), documents_to_open(options), False)
        done = options.command(options)
        # A talk is given in the window.
        return open_window(window_python(options), (done,), True) if isinstance(done, Path) else int(done)
    except OutputError as error:
        complain(str(error))
        return EXIT_UNFINISHED
    except SeedlabError as error:
        complain(str(error))
        return EXIT_USAGE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    given = _with_open(arguments)
    command = _command_in(given)
    parser = make_parser(command or "")
    _check_command(parser, command)
    # What comes after “--” is for a person's own program, where the command executes one.
    until = given.index("--") if "--" in given else len(given)
    options, rest = parser.parse_known_args(given[:until])
    if hasattr(options, "script_arguments"):
        options.script_arguments = given[until + 1 :]
    elif until < len(given):
        options, rest = parser.parse_known_args(given)
    # A name may also come after an option.
    if rest and not (hasattr(options, "names") and all(name[:1] != "-" for name in rest)):
        known = [f"--{name.replace('_', '-')}" for name in vars(options) if name not in _NO_OPTIONS]
        unknown = next((word for word in rest if word.startswith("-")), "")
        meant = did_you_mean(unknown.partition("=")[0], [*known, "--help"])
        parser.refuse(sentence("not understood: {words}.", words=" ".join(rest)), meant)
    if rest:
        options.names += rest
    return options


def _check_command(parser: _Parser, command: str | None) -> None:
    """Refuse a command that does not exist, with the one that may have been meant: argparse would list them all."""
    names = [name for name, _, _ in _COMMANDS]
    if command is not None and command not in names:
        what = sentence("There is no command “{command}”.", command=command)
        choose = sentence("Choose one of: {names}.", names=enumerated(names))
        parser.refuse(what, did_you_mean(command, names), choose)


def _command_in(arguments: Sequence[str]) -> str | None:
    """Return the first word that is no option, and no value of one that stands before a command."""
    before = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    _add_options(before)
    try:
        _, rest = before.parse_known_args(arguments)
    except argparse.ArgumentError:
        return None
    return next((word for word in rest if not word.startswith("-")), None)


def _with_open(arguments: Sequence[str]) -> list[str]:
    """Return ``arguments`` with the command ``open`` where they name a file in the place of a command."""
    given = list(arguments)
    word = _command_in(given)
    if word is None or word in {name for name, _, _ in _COMMANDS} or not word.lower().endswith(_ENDINGS_OPENED):
        return given
    at = next(at for at, each in enumerate(given) if each == word and given[at - 1 : at] != ["--python"])
    return [*given[:at], "open", *given[at:]]


def make_parser(command: str | None = None) -> _Parser:
    """Return the parser of the command line, with the options of ``command`` alone, or of all commands."""
    translate_argparse()
    parser = _Parser(
        prog=APPLICATION_NAME,
        description=sentence("See why seeded numbers still change. Without a command, opens the window."),
        epilog=f"{_EXAMPLES}\n{EXITS_HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    # Not argparse's own action, which drops the error of a write.
    parser.add_argument("-V", "--version", action="store_true", help=sentence("say which version this is"))
    _add_options(parser)
    parser.set_defaults(command=None, documents=())
    commands = parser.add_subparsers(title=sentence("commands"), metavar="COMMAND")
    for name, about, module in _COMMANDS:
        # The epilog keeps its lines.
        added = commands.add_parser(name, help=about, formatter_class=argparse.RawDescriptionHelpFormatter)
        if command in {None, name}:
            getattr(import_module(f"seedlab.cli.{module}"), f"add_{name}")(added)
    return parser


def _add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that stand before a command."""
    parser.add_argument("--python", metavar="EXE", help=sentence("the Python that executes the runs"))
    add_cluster_option(parser)
    parser.add_argument(
        "--from-desktop",
        metavar="FILE",
        nargs="*",
        help=sentence(
            "open the window with FILES, as the entry of a desktop's menu does: what cannot be opened is said there"
        ),
    )
