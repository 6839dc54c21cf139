"""uv, or venv and pip: the two that make environments and install packages, behind one interface."""

import asyncio
import contextlib
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NoReturn, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec

from seedlab.engine.bounded_text import BoundedText
from seedlab.engine.child_environment import child_environment
from seedlab.engine.environments import refusal
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Environment as Variables
from seedlab.engine.platform.interface import Exit, RunLostError, Sinks
from seedlab.errors import EnvironmentRefusedError
from seedlab.phrases import retold, sentence
from seedlab.results.environments import Package, Progress, python_in

MOST_PROCESSES = 500
"""What is built from its source starts compilers."""
LOOK_UP_S = 120.0
"""How long the question which version there is may take, in seconds."""
_LEAST_UV = (0, 7)
"""The first uv that writes pylock.toml, which has the sizes."""
NEVER_BUILT = ("tensorflow", "numpy", "scipy", "h5py", "grpcio", "ml-dtypes")
"""What takes an hour and a set of compilers to build from its source, and then lacks what a wheel has."""
_LONGEST_ANSWER = 2**25
_MARK = "seedlab-pip:"
_NETWORK = re.compile(
    r"error sending request|dns error|Connection refused|Failed to fetch|NewConnectionError|ConnectTimeoutError|"
    r"ProxyError|SSLError|Max retries exceeded|Temporary failure in name resolution|Network connectivity is disabled",
    re.IGNORECASE,
)
_NOTHING_FOUND = re.compile(r"No solution found|No matching distribution found|ResolutionImpossible", re.IGNORECASE)
_FULL = re.compile(r"No space left on device|os error 28\b|Disk quota exceeded|os error 112\b", re.IGNORECASE)
_PROBLEM = re.compile(r"(error:|×)\s*", re.IGNORECASE)
_BESIDE = ("hint:", "note:", "warning:")
"""What begins the lines that say what is not wrong."""
_NO_VENV = re.compile(r"ensurepip is\s+not\s+available|No module named '?(venv|ensurepip)", re.IGNORECASE)
_OWN: Variables = tuple(
    (name, None)
    for name in (
        # What a person works with must not count as installed in the new environment, nor send packages elsewhere.
        "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "VIRTUAL_ENV", "CONDA_PREFIX", "PIP_TARGET", "PIP_PREFIX",
        "PIP_USER", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_PYTHON", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT",
        "UV_REQUIRE_HASHES", "UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY",
    )
)  # fmt: skip


class NothingFoundError(EnvironmentRefusedError):
    """No packages fulfil what was asked for, on that Python."""


class NothingWantedError(NothingFoundError):
    """What was asked for is nothing, on that Python: it is said to be for others."""


class Installer(Protocol):
    """Makes environments and fills them."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    async def newest(self, requirement: str, minor: str) -> str:
        """Return the version that a Python ``minor`` gets for one requirement. Raise `NothingFoundError` for none."""

    async def make(self, folder: Path, python: str) -> None:
        """Make an environment without packages of ``python`` in ``folder``; what is there of pip comes with Python."""

    async def packages(self, folder: Path, requirements: Sequence[str], *, builds: bool) -> tuple[Package, ...]:
        """Return what would be installed into ``folder`` for ``requirements``. Raise `NothingFoundError`.

        Only with ``builds`` are packages taken that are there as source alone: to see what they need, they have to be
        downloaded, and what builds them is executed.
        """

    async def install(self, folder: Path, packages: Sequence[str], on_progress: Callable[[Progress], object]) -> None:
        """Install exactly ``packages``, each with its version, without what they need."""


async def found_installer(pythons: Sequence[str]) -> "Uv | Pip":
    """Return uv where it is on the path, else the pip of the first of ``pythons`` that has one.

    Raise `EnvironmentRefusedError` where there is neither.
    """
    path = shutil.which("uv", path=child_environment().get("PATH"))
    if path is not None and await _is_uv(path):
        return Uv(path, pythons[0] if pythons else None)
    for python in pythons:
        output = BoundedText()
        try:
            exited = await _executed([python, "-I", "-m", "pip", "--version"], output.add, lambda _: None)
        except EnvironmentRefusedError:
            continue
        version = re.match(r"pip (\d+)\.(\d+)", output.text())
        # From 20.3 on it has the resolver that is asked.
        if exited.is_success and version is not None and (int(version[1]), int(version[2])) >= (20, 3):
            return Pip(python)
    what = sentence("There is neither uv nor a Python with pip (20.3 or newer) here.")
    raise EnvironmentRefusedError(
        what, sentence("Install uv (“python3 -m pip install uv”), or pip for one of the Pythons.")
    )


async def _is_uv(path: str) -> bool:
    output = BoundedText()
    try:
        exited = await _executed([path, "--version"], output.add, lambda _: None)
    except EnvironmentRefusedError:
        return False
    version = re.match(r"uv (\d+)\.(\d+)", output.text())
    return exited.is_success and version is not None and (int(version[1]), int(version[2])) >= _LEAST_UV


class Uv:
    """uv, which needs no pip in the environments that it fills."""

    name = "uv"

    def __init__(self, path: str, asker: str | None) -> None:
        """``asker`` is any Python of the machine: without one, uv looks for one of each version, for seconds."""
        self._path, self._asker = path, asker

    async def newest(self, requirement: str, minor: str) -> str:
        asker = [] if self._asker is None else ["--python", self._asker]
        options = ["--python-version", minor, "--no-deps", "--only-binary", ":all:"]
        found = await self._resolved([*asker, *options], [requirement])
        return found[0].version

    async def make(self, folder: Path, python: str) -> None:
        _check_place()
        await self._said(["venv", "--quiet", "--no-project", "--python", python, str(folder)])

    async def packages(self, folder: Path, requirements: Sequence[str], *, builds: bool) -> tuple[Package, ...]:
        built = [part for name in (NEVER_BUILT if builds else (":all:",)) for part in ("--only-binary", name)]
        return await self._resolved(["--python", str(python_in(folder)), *built], requirements)

    async def install(self, folder: Path, packages: Sequence[str], on_progress: Callable[[Progress], object]) -> None:
        done: list[str] = []

        def on_line(line: str) -> None:
            words = line.split()
            if words[:1] == ["Downloading"] and len(words) > 1:
                on_progress(Progress(words[1], tuple(done)))
            elif words[:1] == ["Downloaded"] and len(words) > 1:
                done.append(words[1])
                on_progress(Progress("", tuple(done)))
            elif words[:1] == ["Prepared"]:
                on_progress(Progress(done=tuple(done), is_installing=True))

        arguments = ["pip", "install", "--python", str(python_in(folder)), "--no-deps", *packages]
        await self._said(arguments, _lines_to(on_line))

    async def fetch_python(self, minor: str) -> str:
        """Have uv download and install a Python ``minor``, and return its path.

        This has not been tried: there was no network to the place where uv has its Pythons from.
        """
        await self._said(["python", "install", minor])
        output = await self._said(["python", "find", "--managed-python", "--no-project", minor])
        return output.strip()

    async def _resolved(self, options: Sequence[str], requirements: Sequence[str]) -> tuple[Package, ...]:
        # From a file, as what stands on a command line cannot be resolved.
        from seedlab.engine.desk import DESK

        with DESK.folder() as folder:
            listing = folder / "requirements.in"
            listing.write_text("".join(f"{each}\n" for each in requirements), encoding="utf-8")
            # Said, so that nothing that a person has set sends it elsewhere.
            lock = folder / "pylock.toml"
            arguments = ["pip", "compile", "--quiet", "--no-header", "--format", "pylock.toml", *options]
            try:
                async with asyncio.timeout(LOOK_UP_S):
                    await self._said([*arguments, "--output-file", str(lock), str(listing)])
            except TimeoutError as error:
                raise _unanswered() from error
            found = [_of_lock(entry, folder) for entry in tomllib.loads(lock.read_text("utf-8")).get("packages", ())]
        return _not_nothing(found)

    async def _said(self, arguments: Sequence[str], on_error: Callable[[bytes], object] = lambda _: None) -> str:
        command = [self._path, *arguments, "--color", "never", "--no-progress"]
        return await _success(command, "uv", on_error)


class Pip:
    """venv and pip, which come with most Pythons."""

    name = "pip"

    def __init__(self, asker: str) -> None:
        """``asker`` is a Python whose pip is asked for other Pythons."""
        self._asker = asker

    async def newest(self, requirement: str, minor: str) -> str:
        # What is made for another Python has to have a place of its own; nothing is put there.
        options = ["--python-version", minor, "--only-binary", ":all:", "--no-deps", "--target", "never-made"]
        found = await self._asked(self._asker, options, [requirement])
        return found[0].version

    async def make(self, folder: Path, python: str) -> None:
        await _success([python, "-I", "-m", "venv", str(folder)], "venv")

    async def packages(self, folder: Path, requirements: Sequence[str], *, builds: bool) -> tuple[Package, ...]:
        binary = ",".join(NEVER_BUILT) if builds else ":all:"
        options = ["--only-binary", binary, "--prefer-binary", "--target="]
        return await self._asked(str(python_in(folder)), options, requirements)

    async def install(self, folder: Path, packages: Sequence[str], on_progress: Callable[[Progress], object]) -> None:
        begun: list[str] = []

        def on_line(line: str) -> None:
            words = line.split()
            if words[:1] == ["Collecting"] and len(words) > 1:
                # One after the other: what came before is there.
                done, name = tuple(begun), _distribution(words[1])
                begun.append(name)
                on_progress(Progress(name, done))
            elif words[:1] == ["Installing"]:
                on_progress(Progress(done=tuple(begun), is_installing=True))

        options = ["install", "--no-deps", "--no-input", "--progress-bar", "off", "--disable-pip-version-check"]
        # A person's settings may send packages elsewhere; these say that they go here.
        here = ["--no-user", "--target=", f"--root={folder.anchor}", "--prefix", str(folder)]
        command = [str(python_in(folder)), "-I", "-m", "pip", *options, *here, *packages]
        await _success(command, "pip", on_output=_lines_to(on_line))

    async def _asked(self, python: str, options: Sequence[str], requirements: Sequence[str]) -> tuple[Package, ...]:
        program = files("seedlab.observer").joinpath("asking_pip.py").read_text(encoding="utf-8")
        # Nothing is put anywhere, but pip refuses a person's own place together with another one.
        usual = ["--no-user", "--quiet", "--no-input", "--retries", "1", "--disable-pip-version-check"]
        command = [python, "-I", "-c", program, *usual, *options, *requirements]
        try:
            async with asyncio.timeout(LOOK_UP_S):
                text = await _success(command, "pip")
        except TimeoutError as error:
            raise _unanswered() from error
        answer = next((line for line in text.splitlines() if line.startswith(_MARK)), "")
        try:
            return _not_nothing(msgspec.json.decode(answer.removeprefix(_MARK), type=tuple[Package, ...]))
        except msgspec.DecodeError as error:
            raise EnvironmentRefusedError(
                sentence("pip of {python} does not say what it would install.", python=python),
                sentence("Install uv, or a newer pip there."),
            ) from error


async def _success(
    command: Sequence[str],
    tool: str,
    on_error: Callable[[bytes], object] = lambda _: None,
    on_output: Callable[[bytes], object] = lambda _: None,
) -> str:
    """Return the output of ``command``. Raise `EnvironmentRefusedError` where it fails, with what to do."""
    output, errors = BoundedText(head=_LONGEST_ANSWER), BoundedText()

    def take_output(data: bytes) -> None:
        output.add(data)
        on_output(data)

    def take_error(data: bytes) -> None:
        errors.add(data)
        on_error(data)

    exited = await _executed(command, take_output, take_error)
    if not exited.is_success:
        _explain(tool, errors.text() or output.text(), command[0])
    return output.text()


async def _executed(
    command: Sequence[str], stdout: Callable[[bytes], object], stderr: Callable[[bytes], object]
) -> Exit:
    from seedlab.engine.desk import DESK

    sinks = Sinks(lambda data: void(stdout(data)), lambda data: void(stderr(data)))
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(DESK.folder())
            # Where uv is started, and above, it looks for a project and its settings, which anybody may have put there.
            # It goes up no further than to the first file of this name.
            (folder / "uv.toml").touch()
            # What is killed, or leaves early, does not tidy up.
            temporary = folder / "temporary"
            temporary.mkdir()
        except OSError as error:
            raise refusal(error, tempfile.gettempdir()) from error
        own = tuple((name, str(temporary)) for name in ("TMPDIR", "TEMP", "TMP"))
        return await _started(command, sinks, (*_OWN, *own), str(folder))


async def _started(command: Sequence[str], sinks: Sinks, variables: Variables, folder: str) -> Exit:
    try:
        return await PLATFORM.execute(
            lambda _address: command, sinks, environment=variables, folder=folder, max_processes=MOST_PROCESSES
        )
    except OSError as error:
        what = sentence("{program} cannot be started: {reason}.", program=command[0], reason=error.strerror)
        raise EnvironmentRefusedError(what, sentence("Choose another Python.")) from error
    except RunLostError as error:
        what = sentence("{program} {reason}.", program=command[0], reason=retold(str(error)))
        raise EnvironmentRefusedError(what, sentence("Try it again.")) from error


def void(_: object) -> None:
    """Do nothing with what a sink returned."""


def _explain(tool: str, said: str, program: str) -> NoReturn:
    """Raise what went wrong, as a person can act on it; ``said`` is what ``tool`` wrote."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("WARNING")]
    causes = [line.partition(":")[2].strip() for line in lines if line.startswith("cause:")]
    others = [line for line in lines if not line.lower().startswith(_BESIDE)]
    problems = [line[mark.end() :] for line in others if (mark := _PROBLEM.match(line))]
    last = next((each[-1] for each in (causes, problems, others) if each), sentence("it said nothing")).rstrip(".")
    if _FULL.search(said):
        what = sentence("There is no room left on the disk.")
        raise EnvironmentRefusedError(what, sentence("Free some, and try it again; nothing was left of this one."))
    if _NO_VENV.search(said):
        what = sentence(
            "{python} cannot make environments: its module venv is not there, or not whole.", python=program
        )
        advice = sentence("On Debian and Ubuntu, apt-get install python3-venv; or install uv, which does not need it.")
        raise EnvironmentRefusedError(what, advice)
    if _NETWORK.search(said):
        what = sentence("{tool} cannot reach the package index: {reason}.", tool=tool, reason=last)
        advice = sentence("See whether there is a network, and which index {tool} is set to.", tool=tool)
        raise EnvironmentRefusedError(what, advice)
    if _NOTHING_FOUND.search(said):
        reason = (causes[0] if causes else last).rstrip(".")
        what = sentence("{tool} finds nothing that fits: {reason}.", tool=tool, reason=reason)
        raise NothingFoundError(what, sentence("Choose another version, or another Python."))
    what = sentence("{tool} failed: {reason}.", tool=tool, reason=last)
    raise EnvironmentRefusedError(what, sentence("Nothing was left of it. Try it again, or choose something else."))


def _unanswered() -> EnvironmentRefusedError:
    what = sentence("The package index has not answered within {count} seconds.", count=round(LOOK_UP_S))
    return EnvironmentRefusedError(what, sentence("See whether there is a network, and try it again."))


def _not_nothing(found: Sequence[Package]) -> tuple[Package, ...]:
    if not found:
        raise NothingWantedError(sentence("There is nothing to install."), sentence("Name a package."))
    return tuple(found)


def _check_place() -> None:
    """Raise `EnvironmentRefusedError` where a person has uv install to a folder, which no option of uv's undoes."""
    for path in _settings_of_uv(child_environment()):
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8")).get("pip", {})
        except (OSError, ValueError):
            # uv says what is wrong with it.
            continue
        for name in ("target", "prefix"):
            if isinstance(settings, dict) and settings.get(name):
                what = sentence(
                    "uv is set to install to {place}, and not into environments: by “{name}” in {path}.",
                    place=settings[name],
                    name=name,
                    path=path,
                )
                advice = sentence("Take that out of the file, or have UV_CONFIG_FILE name another one for seedlab.")
                raise EnvironmentRefusedError(what, advice)


def _settings_of_uv(variables: Mapping[str, str]) -> list[Path]:
    """Return the paths of the files that uv reads its settings from, where no project is, as its manual has them."""
    if variables.get("UV_NO_CONFIG"):
        return []
    if variables.get("UV_CONFIG_FILE"):
        return [Path(variables["UV_CONFIG_FILE"])]
    if os.name == "nt":
        folders = [variables.get("APPDATA", ""), variables.get("PROGRAMDATA", "")]
    else:
        home = variables.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
        folders = [home, *(variables.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep), "/etc"]
    return [Path(each, "uv", "uv.toml") for each in folders if each]


def _of_lock(entry: dict[str, object], folder: Path) -> Package:
    """Return a package of pylock.toml, with the size of its largest wheel that fits, or else of its source."""
    wheels, sdist = entry.get("wheels"), entry.get("sdist") or entry.get("archive")
    candidates = wheels if isinstance(wheels, list) and wheels else [sdist]
    sizes = [_size_of(each, folder) for each in candidates if isinstance(each, dict)]
    known = [size for size in sizes if size is not None]
    return Package(str(entry.get("name")), str(entry.get("version", "")), max(known, default=None))


def _size_of(file: dict[str, object], folder: Path) -> int | None:
    """Return the size of a file in the pylock.toml of ``folder``: as the index says, or as it lies here."""
    size, address = file.get("size"), str(file.get("url", ""))
    if isinstance(size, int):
        return size
    try:
        place = file.get("path") or (url2pathname(urlsplit(address).path) if address.startswith("file:") else "")
        return os.path.getsize(folder / str(place)) if place else None
    except OSError:
        return None


def _distribution(requirement: str) -> str:
    """Return the name in ``requirement``, as indexes write it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else requirement


def _lines_to(take: Callable[[str], object]) -> Callable[[bytes], None]:
    """Return a sink that hands whole lines to ``take``."""
    rest = b""

    def sink(data: bytes) -> None:
        nonlocal rest
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            take(line.decode("utf-8", "replace"))

    return sink
