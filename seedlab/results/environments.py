"""Environments with chosen versions of the libraries: what can be had, what would be downloaded, what was made."""

import datetime
import os
import re
from enum import Enum
from pathlib import Path
from typing import Annotated

import msgspec

from seedlab.results.environment import Interpreter

_Text = Annotated[str, msgspec.Meta(max_length=1000)]


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """An environment that seedlab has made."""

    name: _Text
    title: _Text
    """What it was made for, with the version that was installed: ``TensorFlow 2.15.1 (Python 3.10)``."""
    requirements: tuple[_Text, ...]
    """What was asked for."""
    python: _Text
    """The version of its Python."""
    base: _Text
    """The Python that it was made from."""
    made: datetime.datetime
    made_by: _Text
    """What installed its packages: uv, or pip."""
    folder: str = ""
    """Where it lies; it is not written down, as the home of a user may move."""

    @property
    def executable(self) -> str:
        """The path of its Python."""
        return str(python_in(Path(self.folder)))


def python_in(folder: Path) -> Path:
    """Return the path of the Python of the environment in ``folder``."""
    return folder / "Scripts/python.exe" if os.name == "nt" else folder / "bin/python"


class Package(msgspec.Struct, frozen=True):
    """A package that would be installed."""

    name: str
    version: str
    size: int | None = None
    """How many bytes are downloaded for it at most; None where that is not known."""


class Progress(msgspec.Struct, frozen=True):
    """How far an installation is."""

    package: str = ""
    """The package that is downloaded last; empty where none is."""
    done: tuple[str, ...] = ()
    """The packages whose download has ended."""
    is_installing: bool = False
    """True once all is downloaded."""


class Offer(msgspec.Struct, frozen=True):
    """What a Python that was found can have of what is asked for."""

    python: Interpreter
    version: str = ""
    """The version of the first package that it would get; empty where it is not known, or there is none."""
    problem: str = ""
    """Why it cannot have it, as a sentence; empty where it can."""


class LookedUp(msgspec.Struct, frozen=True):
    """What the package index has for the Pythons that were found."""

    offers: tuple[Offer, ...]
    elsewhere: tuple[str, ...] = ()
    """The Pythons that could have it, and were not found; looked up only where none of those that were found can."""

    @property
    def best(self) -> Offer | None:
        """The one with the newest version, on the newest Python; None where there is none."""
        possible = [offer for offer in self.offers if not offer.problem]
        return max(possible, key=lambda o: (_numbers(o.version), _numbers(o.python.python)), default=None)


class Plan(msgspec.Struct, frozen=True):
    """What is installed into an environment when a person agrees."""

    folder: str
    packages: tuple[Package, ...]
    installer: str

    @property
    def bytes(self) -> int:
        """How much is downloaded at most, as far as it is known."""
        return sum(package.size or 0 for package in self.packages)

    @property
    def unknown(self) -> int:
        """The number of packages whose sizes are not known."""
        return sum(package.size is None for package in self.packages)


class Step(Enum):
    """What is being done."""

    PREPARING = "preparing"
    RESOLVING = "resolving"
    INSTALLING = "installing"
    ASKING = "asking"


class Report(msgspec.Struct, frozen=True):
    """How far the making of an environment is."""

    step: Step
    plan: Plan | None = None
    progress: Progress = Progress()

    @property
    def share(self) -> float | None:
        """How much of what is downloaded is there, from 0 to 1; None where that is not known."""
        if self.step is not Step.INSTALLING or self.plan is None or not self.plan.bytes:
            return None
        if self.progress.is_installing:
            return 1.0
        done = {normal_name(name) for name in self.progress.done}
        return sum(each.size or 0 for each in self.plan.packages if normal_name(each.name) in done) / self.plan.bytes


def normal_name(name: str) -> str:
    """Return the name of a package as indexes write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:4])
