"""``seedlab environment``: environments with chosen versions of the libraries, made, listed and removed."""

import argparse
import asyncio
import re
import shutil
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import msgspec

from seedlab.cli.exits import EXIT_FINISHED, EXIT_USAGE
from seedlab.cli.interruption import Interruption
from seedlab.cli.streams import complain, printable, printing
from seedlab.cli.suggestions import did_you_mean
from seedlab.cli.writing import path_named
from seedlab.documents.whole_files import write_whole
from seedlab.engine.engine import interruptions
from seedlab.engine.environments import (
    check_name,
    environment_of,
    environments,
    has_python,
    refusal,
    remove,
    size_of,
    sweep,
)
from seedlab.engine.installers import Installer, found_installer
from seedlab.engine.new_environments import SourcesNeededError, checked_requirements, fetch_python, look_up, make
from seedlab.engine.pythons import ask_versions, find_executable
from seedlab.errors import ChoiceError, EnvironmentRefusedError, InterpreterError
from seedlab.messages.environments import (
    agree_text,
    agree_to_remove_text,
    listed_title,
    looking_up_text,
    made_text,
    no_environments_text,
    nothing_possible_text,
    plan_text,
    question_of_removal,
    removed_text,
    size_text,
    step_text,
)
from seedlab.phrases import enumerated, following, noted, sentence
from seedlab.results.environment import Interpreter
from seedlab.results.environments import Environment, Offer, Plan, Report
from seedlab.session.environments import possible_bases, title_of, wanted_of

_EXAMPLES = sentence(
    """\
examples:
  seedlab environment new tensorflow==2.15.1                    says what it would download
  seedlab environment new tensorflow==2.15.1 --yes              downloads it, and makes the environment
  seedlab environment new keras==2.15.0 tensorflow==2.15.1 --name old-keras --python 3.10 --yes
  seedlab environment list
  seedlab run train.py --python old-keras                       its name stands for its Python
  seedlab environment remove old-keras --yes
"""
)


def add_environment(parser: argparse.ArgumentParser) -> None:
    """Add what can be done with environments to ``parser``."""
    parser.epilog = _EXAMPLES
    parser.set_defaults(command=lambda _: parser.error(sentence("name what is to be done: list, new or remove")))
    actions = parser.add_subparsers(title=sentence("what is done"), metavar="list|new|remove")
    keeps_lines = argparse.RawDescriptionHelpFormatter
    each = actions.add_parser("list", help=sentence("name those that seedlab has made"), formatter_class=keeps_lines)
    each.add_argument(
        "--json", metavar="FILE", help=sentence("write them as JSON; “-” for standard output, without the table")
    )
    each.set_defaults(command=_list)
    each = actions.add_parser(
        "new", help=sentence("make one, with uv or with venv and pip"), epilog=_EXAMPLES, formatter_class=keeps_lines
    )
    each.add_argument(
        "names", nargs="+", metavar="PACKAGE", help=sentence("what it is to have, as for pip: tensorflow==2.15.1")
    )
    each.add_argument(
        "--python",
        metavar="EXE|VERSION",
        default=argparse.SUPPRESS,
        help=sentence(
            "the Python that it is made of; the one with the newest version of the first package, if left out"
        ),
    )
    each.add_argument("--name", default="", help=sentence("what it is called; by what it has, if left out"))
    each.add_argument("--yes", action="store_true", help=sentence("download it and make it"))
    each.add_argument(
        "--fetch-python",
        metavar="VERSION",
        help=sentence("have uv download that Python first, such as 3.10 (never tried)"),
    )
    each.set_defaults(command=_new)
    each = actions.add_parser("remove", help=sentence("remove one, with all that it has"), formatter_class=keeps_lines)
    each.add_argument("names", nargs="+", metavar="NAME", help=sentence("what it is called"))
    each.add_argument("--yes", action="store_true", help=sentence("remove it"))
    each.set_defaults(command=_remove)


def _list(options: argparse.Namespace) -> int:
    sweep()
    found = environments()
    if options.json is not None:
        document = {"environments": [_described(each) for each in found]}
        data = msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
        if options.json != "-":
            write_whole(path_named("--json", options.json), data)
            return EXIT_FINISHED
        with printing():
            sys.stdout.buffer.write(data)
        return EXIT_FINISHED
    with printing():
        if not found:
            print(printable(no_environments_text()))
        else:
            width = max(len(each.name) for each in found)
            for each in found:
                title = listed_title(each, has_python=has_python(each))
                print(printable(f"{each.name:<{width}}  {title}  {size_text(size_of(Path(each.folder)))}"))
    return EXIT_FINISHED


def _described(environment: Environment) -> dict[str, object]:
    return {
        "name": environment.name,
        "title": environment.title,
        "executable": environment.executable,
        "python": environment.python,
        "requirements": environment.requirements,
        "base": environment.base,
        "usable": has_python(environment),
        "made": environment.made,
        "made_by": environment.made_by,
        "bytes": size_of(Path(environment.folder)),
    }


def _remove(options: argparse.Namespace) -> int:
    sweep()
    found = [_named(name) for name in options.names]
    for each in found:
        size = size_of(Path(each.folder))
        if options.yes:
            remove(each)
            text = removed_text(each, size)
        else:
            text = question_of_removal(each, size)
        with printing():
            print(printable(text))
    if not options.yes:
        complain(agree_to_remove_text())
        return EXIT_USAGE
    return EXIT_FINISHED


def _named(name: str) -> Environment:
    found = environment_of(name)
    if found is None:
        names = [each.name for each in environments()]
        advice = (
            sentence("Choose one of: {names}.", names=enumerated(names))
            if names
            else sentence("None has been made yet.")
        )
        what = following(sentence("There is no environment “{name}”.", name=name), did_you_mean(name, names))
        raise ChoiceError("name", what, advice)
    return found


def _new(options: argparse.Namespace) -> int:
    requirements = checked_requirements(options.names)
    if options.name:
        check_name(options.name)
    if options.fetch_python:
        if not re.fullmatch(r"3\.\d{1,2}(\.\d+)?", options.fetch_python):
            what = sentence("“{version}” is no version of Python.", version=options.fetch_python)
            raise ChoiceError("fetch_python", what, sentence("Name one as 3.10."))
        if not options.yes:
            # Which packages it can have is known only once it is there.
            text = noted("--fetch-python has uv download Python {version}, of a size that is not known.")
            what = sentence(text, version=options.fetch_python)
            raise ChoiceError("fetch_python", what, sentence("Add --yes to have it downloaded."))
    return _interruptible(lambda: _make(options, requirements))


def _interruptible(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Return the status of ``work``. At Ctrl+C what it started is ended, and what it made is removed."""
    interruption = Interruption()

    async def do() -> int:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        with interruption.calling(lambda: loop.call_soon_threadsafe(task.cancel)):
            return await work()

    try:
        with interruptions(interruption.press):
            return asyncio.run(do())
    except asyncio.CancelledError:
        return interruption.status
    except OSError as error:
        raise refusal(error) from error


async def _make(options: argparse.Namespace, requirements: Sequence[str]) -> int:
    pythons = await possible_bases()
    installer = await found_installer([each.executable for each in pythons])
    offer = await _offer(options, installer, requirements, pythons)
    wanted = wanted_of(requirements, offer, options.name)

    async def agrees(plan: Plan) -> bool:
        _print_plan(plan)
        return bool(options.yes)

    said: list[str] = []

    def report(report: Report) -> None:
        text = step_text(report)
        if said[-1:] != [text]:
            said.append(text)
            complain(text)

    try:
        made = await make(
            installer,
            offer.python,
            wanted,
            title=lambda packages: title_of(requirements, packages, offer.python.python),
            agrees=agrees,
            report=report,
            builds=options.yes,
        )
    except SourcesNeededError as error:
        complain(str(error))
        complain(agree_text())
        return EXIT_USAGE
    if made is None:
        complain(agree_text())
        return EXIT_USAGE
    environment, interpreter = made
    with printing():
        print(printable(made_text(environment)))
        print(printable(f"{environment.name}: {interpreter.summary}"))
    return EXIT_FINISHED


async def _offer(
    options: argparse.Namespace, installer: Installer, requirements: Sequence[str], pythons: Sequence[Interpreter]
) -> Offer:
    """Return the Python that is to be used, which can have ``requirements``."""
    if options.fetch_python:
        pythons = [await fetch_python(installer, options.fetch_python)]
    elif options.python is not None:
        pythons = await _chosen(options.python, pythons)
    minors = [*dict.fromkeys(".".join(each.python.split(".")[:2]) for each in pythons)]
    complain(looking_up_text(installer.name, minors))
    found = await look_up(installer, requirements, pythons)
    if found.best is None:
        raise EnvironmentRefusedError(*nothing_possible_text(requirements[0], found))
    return found.best


async def _chosen(name: str, pythons: Sequence[Interpreter]) -> list[Interpreter]:
    """Return the Python that ``name`` names: a version of those that were found, or an executable."""
    if re.fullmatch(r"\d+(\.\d+){0,2}", name):
        found = [each for each in pythons if f"{each.python}.".startswith(f"{name}.")]
        if not found:
            versions = enumerated(dict.fromkeys(each.python for each in pythons))
            what = sentence("No Python {version} was found here.", version=name)
            raise InterpreterError(what, sentence("There are: {versions}.", versions=versions))
        return found[:1]
    return [await ask_versions(find_executable(name))]


def _print_plan(plan: Plan) -> None:
    width = max((len(each.name) for each in plan.packages), default=0)
    version_width = max((len(each.version) for each in plan.packages), default=0)
    with printing():
        for each in plan.packages:
            line = f"  {each.name:<{width}}  {each.version:<{version_width}}  {size_text(each.size):>9}"
            print(printable(line))
        print(printable(plan_text(plan, shutil.disk_usage(Path(plan.folder)).free)))
