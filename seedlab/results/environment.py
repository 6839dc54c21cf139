"""An interpreter: a Python that can execute runs, and what asking it found."""

import os

import msgspec

from seedlab.results.extra import Extra


class Device(msgspec.Struct, frozen=True):
    """One device that TensorFlow found."""

    name: str
    """As an experiment names it: ``"CPU:0"``."""
    about: str = ""
    """The model of the hardware, where the library tells it."""
    extra: Extra = ()


class Package(msgspec.Struct, frozen=True):
    """A package that an interpreter has."""

    name: str
    """The name that scripts import: ``"tensorflow"``."""
    title: str
    """Its name as people write it: ``"TensorFlow"``."""
    version: str


class Interpreter(msgspec.Struct, frozen=True, kw_only=True):
    """A Python and what it has; ``problem`` says what went wrong when that was looked up."""

    executable: str
    python: str
    packages: tuple[Package, ...] = ()
    """Those that a library of seedlab needs and that are there, in the order of the libraries."""
    devices: tuple[Device, ...] = ()
    no_gpu_reason: str = ""
    """Why there is no GPU among ``devices``; empty when there is one."""
    problem: str = ""
    extra: Extra = ()

    def draws_like(self, other: "Interpreter") -> bool:
        """Runs of both may stand in one column: the same versions in the same place.

        In one folder ``python``, ``python3`` and ``python3.11`` are names of one interpreter.
        """
        place, other_place = os.path.dirname(self.executable), os.path.dirname(other.executable)
        return (place, self.summary) == (other_place, other.summary)

    @property
    def summary(self) -> str:
        """The versions in one line."""
        return " · ".join([f"Python {self.python}", *(f"{p.title} {p.version}" for p in self.packages)])

    def version(self, package: str) -> str:
        """Return the version of the package that is imported as ``package``; empty where it is not there."""
        return next((found.version for found in self.packages if found.name == package), "")
