"""The options for persons' own programs: which, where, and what they are given."""

import argparse
import os
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from seedlab.cli.streams import complain
from seedlab.command_text import divided
from seedlab.documents.programs import column_of_module, column_of_script
from seedlab.engine.executors.ssh import NO_FILES, NO_FILES_ADVICE
from seedlab.engine.hosts import is_on_host
from seedlab.errors import ChoiceError
from seedlab.messages.effects import (
    effect_text,
    effects_text,
    incomplete_effects_text,
    more_effects_text,
    runs_to_come_text,
)
from seedlab.phrases import following, retold, sentence
from seedlab.session.stages import EffectsQuestion
from seedlab.study.lab import Column

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z_0-9]*=")
MOST_SHOWN = 20
"""The most effects that are listed one by one."""


def add_program_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for a person's own program to ``parser``; its arguments come after ``--``."""
    group = parser.add_argument_group(sentence("your own programs"), sentence("what comes after -- is given to them"))
    group.add_argument(
        "-m", "--module", metavar="MODULE", action="append", default=[], help=sentence("a module, as for “python -m”")
    )
    group.add_argument(
        "--folder",
        metavar="FOLDER",
        help=sentence("the folder they work in (default: this one); on another host, the folder there that holds them"),
    )
    group.add_argument(
        "--env", metavar="NAME=VALUE", action="append", default=[], help=sentence("a variable of their environment")
    )
    group.add_argument(
        "--variant",
        metavar="TEXT",
        action="append",
        default=[],
        help=sentence(
            "a column with more variables and arguments, as in a shell: --variant 'LR=3 --epochs 2'; may be repeated"
        ),
    )
    group.add_argument(
        "--compare",
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        help=sentence(
            "files that they write, or patterns such as 'out/*.npz', in the folder they work in: compared as draws"
        ),
    )
    group.add_argument(
        "--yes",
        action="store_true",
        help=sentence(
            "make all runs, whatever the first one writes, connects to or starts; send the folder to another host"
        ),
    )
    parser.set_defaults(script_arguments=[])


def program_columns(scripts: Sequence[str], options: argparse.Namespace, *, modules: Sequence[str]) -> list[Column]:
    """Return a column for each variant in ``options`` of each of ``scripts`` and ``modules``.

    Raise `SeedlabError` when one cannot be read, or is given what cannot be given.
    """
    environment = [_variable(text) for text in options.env]
    host_folder = _host_folder(options)
    variants = [_variant(text) for text in options.variant] or [("", [], [])]
    columns = []
    for makes_column, name in [
        *((column_of_script, name) for name in scripts),
        *((column_of_module, name) for name in modules),
    ]:
        for title, variables, arguments in variants:
            column = makes_column(
                name,
                folder=None if host_folder else options.folder,
                arguments=[*options.script_arguments, *arguments],
                environment=[*environment, *variables],
                compares=options.compare,
            )
            _check_compared(column, options)
            column = _on_host(column, host_folder)
            columns.append(replace(column, name=f"{column.name} {title}".strip()))
    return columns


def pythons_of(options: argparse.Namespace) -> list[str | None]:
    """Return the Pythons that ``options`` name; None is the one that seedlab runs in."""
    given = options.python
    return [given] if given is None or isinstance(given, str) else list(given)


def _are_elsewhere(options: argparse.Namespace) -> list[bool]:
    """Return for each Python that ``options`` name whether it is on another host, or on a cluster."""
    is_on_cluster = getattr(options, "cluster", None) is not None
    return [is_on_cluster or is_on_host(python) for python in pythons_of(options)]


def _host_folder(options: argparse.Namespace) -> str:
    """Return the folder on another host that ``options`` name; empty where they name none.

    Raise `ChoiceError` where that cannot be one.
    """
    are_on_hosts = _are_elsewhere(options)
    if options.folder is None or not any(are_on_hosts):
        return ""
    if not all(are_on_hosts):
        what = sentence("--folder names a folder of one machine, and the Pythons are on this one and on another.")
        raise ChoiceError("folder", what, sentence("Run them one after the other, each with its folder."))
    if not options.folder.startswith("/"):
        what = sentence("--folder cannot be “{folder}” where the runs are on another host.", folder=options.folder)
        raise ChoiceError("folder", what, sentence("Give the whole path of the folder there, from / on."))
    return str(options.folder)


def _on_host(column: Column, host_folder: str) -> Column:
    """Return ``column`` with its program in ``host_folder``, if that names one."""
    program = column.program
    if program is None or not host_folder:
        return column
    folder = program.folder if program.is_module else program.root
    return replace(column, program=replace(program, folder=folder, host_folder=host_folder))


def _check_compared(column: Column, options: argparse.Namespace) -> None:
    """Raise `ChoiceError` where a file that is to be compared cannot be: it has to lie in the folder of the program."""
    assert column.program is not None
    if column.program.compares and any(_are_elsewhere(options)):
        raise ChoiceError("compare", sentence("--compare: {problem}", problem=retold(NO_FILES)), NO_FILES_ADVICE)
    for name in column.program.compares:
        is_outside = os.path.isabs(name) or os.path.normpath(name).split(os.sep, 1)[0] in (os.pardir, os.curdir)
        if not name or is_outside:
            raise ChoiceError(
                "compare",
                sentence(
                    "--compare cannot be “{name}”: that is no file in {folder}.",
                    name=name,
                    folder=column.program.folder,
                ),
                sentence("Name files relative to the folder that the script works in, which --folder gives."),
            )


def complain_of_effects(questions: Iterable[EffectsQuestion]) -> None:
    """Say on standard error what first runs did outside their folders, and how many were to come."""
    for question in questions:
        for line in _effects_lines(question):
            complain(line)


def _effects_lines(question: EffectsQuestion) -> Iterator[str]:
    """Yield lines that say what the first run did, and how many are to come."""
    yield effects_text()
    for effect in question.effects[:MOST_SHOWN]:
        yield f"  {effect_text(effect)}"
    if len(question.effects) > MOST_SHOWN:
        yield f"  {more_effects_text(len(question.effects) - MOST_SHOWN)}"
    if not question.is_complete:
        yield incomplete_effects_text()
    yield following(runs_to_come_text(question.runs), sentence("Say --yes to go on all the same."))


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not _ASSIGNMENT.fullmatch(f"{name}="):
        raise ChoiceError("env", sentence("--env cannot be “{text}”.", text=text), sentence("Give it as NAME=VALUE."))
    return name, value


def _variant(text: str) -> tuple[str, list[tuple[str, str]], list[str]]:
    try:
        words = divided(text)
    except ValueError as error:
        raise ChoiceError(
            "variant",
            sentence("--variant cannot be “{text}”: {error}.", text=text, error=error),
            sentence("Close every quotation mark."),
        ) from None
    variables = []
    while words and _ASSIGNMENT.match(words[0]):
        variables.append(_variable(words.pop(0)))
    return text, variables, words
