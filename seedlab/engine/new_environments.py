"""Makes an environment: which Pythons can have what is wanted, what would be downloaded, and all of it or nothing."""

import asyncio
import datetime
import importlib.metadata
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec

from seedlab.engine.environments import being_made, finish
from seedlab.engine.installers import NEVER_BUILT, Installer, NothingFoundError, NothingWantedError, Uv
from seedlab.engine.pythons import ask_versions
from seedlab.errors import EnvironmentRefusedError
from seedlab.phrases import following, listed, noted, plural, sentence
from seedlab.results.environment import Interpreter
from seedlab.results.environments import (
    Environment,
    LookedUp,
    Offer,
    Package,
    Plan,
    Report,
    Step,
    normal_name,
    python_in,
)

MINORS = tuple(f"3.{number}" for number in range(7, 16))
"""The Pythons that are asked about where none of those that were found can have what is wanted."""
_REQUIREMENT = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\s*\[[\w\s,.-]*\])?"
    r"(?:\s*@\s*\S+|\s*(?:===?|[~!<>]=|[<>])\s*[\w.*+!-]+(?:\s*,\s*(?:===?|[~!<>]=|[<>])\s*[\w.*+!-]+)*)?(?:\s*;.*)?"
)
"""A requirement as pip reads it (PEP 508), and no option."""
_EXACT = re.compile(r"===?\s*([^\s,;*]+)\s*(?:;.*)?$")
_MOST_REQUIREMENTS, _LONGEST_REQUIREMENT = 50, 500


class SourcesNeededError(EnvironmentRefusedError):
    """What is wanted may be there as source alone, which nobody has agreed to have downloaded and built."""


class Wanted(msgspec.Struct, frozen=True):
    """What an environment is to have, and what it is called."""

    name: str
    requirements: tuple[str, ...]
    limits: tuple[str, ...] = ()
    """Requirements that hold for what comes with the others."""


def checked_requirements(lines: Sequence[str]) -> tuple[str, ...]:
    """Return ``lines`` without empty ones. Raise `EnvironmentRefusedError` where one of them names no package."""
    wanted = tuple(line.strip() for line in lines if line.strip())
    advice = sentence("Name packages as pip does, such as tensorflow==2.15.1 or “numpy<2”.")
    if not wanted:
        raise EnvironmentRefusedError(sentence("Nothing is named that is to be installed."), advice)
    for line in wanted:
        if not _REQUIREMENT.fullmatch(line) or len(line) > _LONGEST_REQUIREMENT or not line.isprintable():
            raise EnvironmentRefusedError(sentence("“{line}” names no package.", line=line), advice)
    if len(wanted) > _MOST_REQUIREMENTS:
        what = sentence("These are more than {count} packages.", count=_MOST_REQUIREMENTS)
        raise EnvironmentRefusedError(what, sentence("Name those that you need; what they need comes with them."))
    return wanted


def package_of(requirement: str) -> str:
    """Return the name of the package in ``requirement``, as indexes write it."""
    found = _REQUIREMENT.fullmatch(requirement)
    return normal_name(found[1]) if found else requirement


def exact_version(requirement: str) -> str:
    """Return the version that ``requirement`` asks for alone; empty where it leaves a choice."""
    found = _EXACT.search(requirement)
    return found[1] if found else ""


async def look_up(installer: Installer, requirements: Sequence[str], pythons: Sequence[Interpreter]) -> LookedUp:
    """Return which of ``pythons`` can have the first of ``requirements``, and in which version.

    Raise `EnvironmentRefusedError` where the index cannot be asked.
    """
    first = requirements[0]
    minors = tuple(dict.fromkeys(_minor(each.python) for each in pythons))
    found = await _newest(installer, first, minors)
    offers = tuple(Offer(each, *found[_minor(each.python)]) for each in pythons)
    if any(not offer.problem for offer in offers):
        return LookedUp(offers)
    others = await _newest(installer, first, [each for each in MINORS if each not in minors])
    return LookedUp(offers, tuple(minor for minor, (_, problem) in others.items() if not problem))


async def make(
    installer: Installer,
    python: Interpreter,
    wanted: Wanted,
    *,
    title: Callable[[tuple[Package, ...]], str],
    agrees: Callable[[Plan], Awaitable[bool]],
    report: Callable[[Report], object] = lambda _: None,
    builds: bool = False,
    place: Path | None = None,
) -> tuple[Environment, Interpreter] | None:
    """Make an environment of ``python``, and return it and what it has; None where nobody ``agrees``.

    Nothing is downloaded before that but what the index says of packages, and such wheels as the index has no
    descriptions of and sends no parts of. Sources are downloaded and built only with ``builds``: where it cannot be
    made without, raise `SourcesNeededError`. ``title`` returns what the environment is called, with what is installed.
    In whatever way this ends early, nothing is left, and all processes have ended. Raise `EnvironmentRefusedError`
    where it cannot be made.
    """
    with being_made(wanted.name, place) as folder:
        report(Report(Step.PREPARING))
        await installer.make(folder, python.executable)
        report(Report(Step.RESOLVING))
        packages = await _packages(installer, folder, wanted, builds=builds)
        plan = Plan(str(folder), packages, installer.name)
        if not await agrees(plan):
            return None
        report(Report(Step.INSTALLING, plan))
        pinned = [_pinned(package, wanted.requirements) for package in packages]
        await installer.install(folder, pinned, lambda progress: report(Report(Step.INSTALLING, plan, progress)))
        check_installed(folder, packages)
        report(Report(Step.ASKING, plan))
        interpreter = await ask_versions(str(python_in(folder)))
        environment = Environment(
            name=wanted.name,
            title=title(packages),
            requirements=wanted.requirements,
            python=interpreter.python,
            base=python.executable,
            made=datetime.datetime.now(datetime.UTC),
            made_by=installer.name,
        )
        return finish(environment, folder), interpreter


async def _packages(installer: Installer, folder: Path, wanted: Wanted, *, builds: bool) -> tuple[Package, ...]:
    """Return what would be installed: of wheels alone where that can be, and else with ``builds`` of sources too."""
    requirements = [*wanted.requirements, *wanted.limits]
    # Only to wheels does it hold that they need not be executed, and an address has no description beside it.
    addresses = [each for each in requirements if "@" in each]
    advice = sentence(
        "To see what it needs, {tool} has to download it, and execute what builds it.", tool=installer.name
    )
    if addresses and not builds:
        raise SourcesNeededError(sentence("“{line}” may be there as source alone.", line=addresses[0]), advice)
    try:
        return await installer.packages(folder, requirements, builds=bool(addresses))
    except NothingWantedError:
        raise
    except NothingFoundError as error:
        if builds:
            return await installer.packages(folder, requirements, builds=True)
        what = sentence("Not all of that is there as wheels; a part may be there as source alone.")
        raise SourcesNeededError(following(what, error.what), advice) from error


def check_installed(folder: Path, packages: Sequence[Package]) -> None:
    """Raise `EnvironmentRefusedError` where the environment in ``folder`` has not all of ``packages``."""
    sites = [*folder.glob("lib*/*/site-packages"), folder / "Lib/site-packages"]
    found = {
        normal_name(each.metadata["Name"] or ""): _release(each.version or "")
        for each in importlib.metadata.distributions(path=[str(site) for site in sites if site.is_dir()])
    }
    missing = [
        each.name
        for each in packages
        if (name := normal_name(each.name)) not in found or (each.version and found[name] != _release(each.version))
    ]
    if missing:
        what = plural(
            "{names} was not installed into the new environment.",
            "{names} were not installed into the new environment.",
            len(missing),
            names=listed(missing),
        )
        advice = sentence("See what uv or pip is set to: they may install elsewhere, or nothing at all.")
        raise EnvironmentRefusedError(what, advice)


def _release(version: str) -> tuple[int, ...]:
    """Return the numbers in ``version``, which wheels may write otherwise than indexes do."""
    numbers = [int(each) for each in re.findall(r"\d+", version)]
    while numbers[-1:] == [0]:
        numbers.pop()
    return tuple(numbers)


async def fetch_python(installer: Installer, minor: str) -> Interpreter:
    """Have uv download a Python ``minor``, and return it. This has not been tried, as `Uv.fetch_python` says."""
    if not isinstance(installer, Uv):
        what = sentence("Only uv downloads Pythons, and it is not here.")
        raise EnvironmentRefusedError(what, sentence("Install uv, or that Python by other means."))
    return await ask_versions(await installer.fetch_python(minor))


async def _newest(installer: Installer, requirement: str, minors: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return, for each of ``minors``, the version and an empty text, or no version and why there is none."""
    if "@" in requirement:
        # An address says nothing of Pythons; whether it fits turns out as it is installed.
        return dict.fromkeys(minors, ("", ""))
    # Most of it is waiting, for as many Pythons as a machine has.
    turns = asyncio.Semaphore(4)

    async def one(minor: str) -> tuple[str, str]:
        async with turns:
            try:
                return await installer.newest(requirement, minor), ""
            except NothingWantedError:
                text = noted("“{requirement}” is not for Python {minor}.")
                return "", sentence(text, requirement=requirement, minor=minor)
            except NothingFoundError:
                if package_of(requirement) not in NEVER_BUILT:
                    # It may be there as a source, which turns out as it is built.
                    return "", ""
                problem = sentence(
                    "There is no {requirement} for Python {minor}.", requirement=requirement, minor=minor
                )
                return "", problem

    try:
        async with asyncio.TaskGroup() as group:
            tasks = {minor: group.create_task(one(minor)) for minor in minors}
    except ExceptionGroup as errors:
        # What is wrong with one question, such as that there is no network, is wrong with all.
        raise errors.exceptions[0] from errors
    return {minor: task.result() for minor, task in tasks.items()}


def _pinned(package: Package, requirements: Sequence[str]) -> str:
    address = next(
        (each for each in requirements if "@" in each and package_of(each) == normal_name(package.name)), None
    )
    return address or f"{package.name}=={package.version}"


def _minor(python: str) -> str:
    return ".".join(python.split(".")[:2])
