"""What a person asks of a new environment, as requirements, limits, a name and a title."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from seedlab.engine.environments import default_folder, free_name
from seedlab.engine.new_environments import Wanted, checked_requirements, exact_version, package_of
from seedlab.engine.survey import surveyed
from seedlab.messages.environments import environment_title
from seedlab.results.environment import Interpreter
from seedlab.results.environments import Offer, Package

LIBRARIES = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}
"""The libraries that are offered by name, and how people write these."""
_TENSORFLOW_NAMES = {"tensorflow", "tensorflow-cpu"}
_LIMITS = (
    # Up to 2.9.0 nothing said so, and the code that it has from protobuf's compiler is refused from 3.21 on.
    ((2, 9, 1), "protobuf<3.21"),
    # Up to 2.11 nothing said so, and it was built for the interface that NumPy 1 has.
    ((2, 12), "numpy<2"),
)
"""What releases of TensorFlow before these need, although they do not say so."""
_WITH_KERAS = "tensorflow"
"""What computes for Keras, which installs nothing that does."""


class Asked(msgspec.Struct, frozen=True):
    """What a person has chosen or written."""

    library: str = ""
    """One of `LIBRARIES`; empty for packages of a person's own."""
    version: str = ""
    """As it was written: nothing for the newest, ``2.15`` for the newest of these, ``2.15.1``, or ``<2.12``."""
    packages: str = ""
    """Requirements with spaces or commas between them, in addition to the library."""


async def possible_bases() -> tuple[Interpreter, ...]:
    """Return the Pythons of the machine that environments can be made of, each once.

    Of virtual environments their Pythons count, and not themselves.
    """
    try:
        near = [os.getcwd()]
    except OSError:
        # It was removed meanwhile.
        near = []
    found: dict[str, Interpreter] = {}
    # The program of a frozen seedlab is no Python.
    own = () if getattr(sys, "frozen", False) or not sys.executable else (sys.executable,)
    async for seen in surveyed(near, own, {}):
        if seen.interpreter is not None and default_folder() not in Path(seen.executable).parents:
            base = _base(seen.executable)
            found.setdefault(base, msgspec.structs.replace(seen.interpreter, executable=base, packages=()))
    return tuple(sorted(found.values(), key=lambda each: [-number for number in numbers_of(each.python)]))


def _base(executable: str) -> str:
    """Return the Python that the environment of ``executable`` was made of, or itself where it lies in none."""
    configuration = Path(executable).parent.parent / "pyvenv.cfg"
    try:
        text = "" if os.path.islink(executable) else configuration.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    # Windows, and others where that was asked for, have a copy there, which is no Python without its environment.
    said = {name.lower(): value for name, value in re.findall(r"(?m)^(\w+)\s*=\s*(.+?)\s*$", text)}
    candidates = [said["executable"]] if "executable" in said else []  # From Python 3.11 on.
    if "home" in said:
        names = (os.path.basename(executable), "python.exe" if os.name == "nt" else "python3")
        candidates += [os.path.join(said["home"], name) for name in names]
    return os.path.realpath(next(filter(os.path.exists, candidates), executable))


def numbers_of(version: str) -> tuple[int, ...]:
    """Return the numbers in ``version``, for its place among others."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def requirements_of(asked: Asked) -> tuple[str, ...]:
    """Return ``asked`` as requirements, the most important first. Raise `EnvironmentRefusedError` for what is none."""
    close = re.sub(r"\s*(===?|[~!<>]=|[<>@,])\s*", r"\1", asked.packages)
    lines = re.split(r"[\s;]+|,(?![<>=!~])", close)
    if asked.library:
        lines.insert(0, asked.library + _specifier(asked.version.strip()))
        if asked.library == "keras" and all(package_of(line) not in _TENSORFLOW_NAMES for line in lines):
            lines.append(_WITH_KERAS)
    return checked_requirements(lines)


def wanted_of(requirements: Sequence[str], offer: Offer, name: str = "") -> Wanted:
    """Return what the environment of ``offer`` is to have; ``name`` is what a person calls it, if anything."""
    package, version = package_of(requirements[0]), offer.version or exact_version(requirements[0])
    usual = "-".join(filter(None, (package, version.partition("+")[0], f"py{_minor(offer.python.python)}")))
    limits = _limits(version) if package in _TENSORFLOW_NAMES else ()
    # What a person asks for himself counts more.
    asked = {package_of(each) for each in requirements}
    kept = tuple(each for each in limits if package_of(each) not in asked)
    return Wanted(name or free_name(usual), tuple(requirements), kept)


def title_of(requirements: Sequence[str], packages: Sequence[Package], python: str) -> str:
    """Return what an environment with ``packages`` is called that was asked for by ``requirements``."""
    name = package_of(requirements[0])
    version = next((each.version for each in packages if package_of(each.name) == name), "")
    return environment_title(LIBRARIES.get(name, name), version, _minor(python))


def _specifier(version: str) -> str:
    if not version or version.lower() in {"latest", "newest"}:
        return ""
    if version[0] in "<>=!~":
        return version
    # Who says 2.15 means the last that was mended.
    return f"=={version}.*" if re.fullmatch(r"\d+(\.\d+)?", version) else f"=={version}"


def _limits(version: str) -> tuple[str, ...]:
    numbers = numbers_of(version)
    return tuple(limit for before, limit in _LIMITS if numbers and numbers < before)


def _minor(python: str) -> str:
    return ".".join(python.split(".")[:2])
