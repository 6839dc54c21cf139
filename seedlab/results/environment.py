"""An interpreter: a Python that can execute runs, with its packages and devices."""

import os

import msgspec

from seedlab.results.extra import Extra


class Device(msgspec.Struct, frozen=True):
    """One device that a library found."""

    name: str
    """The name that experiments use, such as ``"CPU:0"``."""
    about: str = ""
    """The model of the hardware, where the library reports it."""
    extra: Extra = ()


class Package(msgspec.Struct, frozen=True):
    """A package that an interpreter has."""

    name: str
    """The name that scripts import, such as ``"tensorflow"``."""
    title: str
    """The name as people write it, such as ``"TensorFlow"``."""
    version: str


class Interpreter(msgspec.Struct, frozen=True, kw_only=True):
    """A Python with its packages and devices; ``problem`` says what went wrong when these were looked up."""

    executable: str
    python: str
    packages: tuple[Package, ...] = ()
    """The installed packages that a library of seedlab needs, in the order of the libraries."""
    can_fork: bool | None = None
    """True where it can fork processes; None where that was not asked."""
    devices: tuple[Device, ...] = ()
    no_gpu_reason: str = ""
    """Why there is no GPU among ``devices``; empty when there is one."""
    problem: str = ""
    extra: Extra = ()

    def draws_like(self, other: "Interpreter") -> bool:
        """Return True when runs of both may stand in one column: same folder, same versions of what both have.

        Within a folder, ``python``, ``python3`` and ``python3.11`` are names of one interpreter.
        """
        place, other_place = os.path.dirname(self.executable), os.path.dirname(other.executable)
        # An earlier seedlab looked for fewer packages.
        are_same = all(other.version(found.name) in ("", found.version) for found in self.packages)
        return (place, self.python) == (other_place, other.python) and are_same

    @property
    def summary(self) -> str:
        """The versions of Python and of the packages in one line."""
        return " · ".join([f"Python {self.python}", *(f"{p.title} {p.version}" for p in self.packages)])

    def named_by(self, package: str | None) -> str:
        """Return the versions of ``package`` and of Python; None is the first package that there is."""
        found = [each for each in self.packages if package in {None, each.name}][:1]
        return " · ".join([*(f"{each.title} {each.version}" for each in found), f"Python {self.python}"])

    def version(self, package: str) -> str:
        """Return the version of the package that is imported as ``package``; empty where it is not installed."""
        return next((found.version for found in self.packages if found.name == package), "")
