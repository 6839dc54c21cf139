"""Where Pythons lie: on the path, and where their managers put them. Files are looked at, and nothing is executed."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from seedlab.engine.own_python import is_seedlab

MOST = 64
"""The most Pythons that are listed; nobody looks through more."""
_NAME = re.compile(r"python(3(\.\d+)?)?(\.exe)?")
_IN_FOLDER = ("bin/python3", "bin/python", "python.exe", "Scripts/python.exe")
"""Where a Python lies in the folder of an installation or an environment."""
_NEAR = (".venv", "venv", "env", ".env")
_CONDA_ROOTS = ("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba", ".conda", ".local/share/mamba")


def found_pythons(environment: Mapping[str, str], home: Path, near: Iterable[Path] = ()) -> tuple[str, ...]:
    """Return the paths of the Pythons that lie in the usual places, at most `MOST`, each once.

    ``environment`` has the variables that say where these are, and ``near`` the folders that a person works in, whose
    environments come first. The places are those that the managers document: the virtual environments of the folders,
    of WORKON_HOME and of pipenv, PATH, pyenv, conda and mamba, uv, the frameworks and Homebrew on macOS, and on Windows
    what is registered as PEP 514 says. The last two have not been tried.
    """
    found: dict[str, str] = {}
    for path in _candidates(environment, home, near):
        identity = _identity(path)
        if identity is not None and identity not in found:
            found[identity] = str(path)
            if len(found) >= MOST:
                break
    return tuple(found.values())


def _candidates(environment: Mapping[str, str], home: Path, near: Iterable[Path]) -> Iterator[Path]:
    def folder(variable: str, *usual: str) -> list[Path]:
        return [Path(environment[variable])] if environment.get(variable) else [home / each for each in usual]

    for place in near:
        for name in _NEAR:
            if _is_environment(place / name):
                yield from _in(place / name)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        for active in folder(variable):
            yield from _in(active)
    for place in map(Path, filter(None, environment.get("PATH", "").split(os.pathsep))):
        # The shims of pyenv start whichever Python a file in the working directory names.
        if place.name != "shims":
            yield from sorted(each for each in _files(place) if _NAME.fullmatch(each.name))
    for root in folder("PYENV_ROOT", ".pyenv"):
        yield from _in_each(root / "versions")
    # On Windows it is another program.
    yield from _in_each(home / ".pyenv/pyenv-win/versions")
    for root in folder("WORKON_HOME", ".virtualenvs", ".local/share/virtualenvs", "Envs"):
        yield from _in_each(root)
    for root in (*folder("MAMBA_ROOT_PREFIX"), *(home / name for name in _CONDA_ROOTS)):
        yield from _in(root)
        yield from _in_each(root / "envs")
    for line in _lines(home / ".conda/environments.txt"):
        yield from _in(Path(line))
    for root in folder("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python", "AppData/Roaming/uv/python"):
        yield from _in_each(root)
    if sys.platform == "darwin":
        yield from _in_each(Path("/Library/Frameworks/Python.framework/Versions"))
        for brewed in (Path("/opt/homebrew/bin"), Path("/usr/local/bin")):
            yield from sorted(each for each in _files(brewed) if _NAME.fullmatch(each.name))
    yield from _registered()


def _in(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in _IN_FOLDER)


def _in_each(folder: Path) -> Iterator[Path]:
    for each in sorted(_files(folder), reverse=True):
        yield from _in(each)


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        return []


def _is_environment(folder: Path) -> bool:
    try:
        return (folder / "pyvenv.cfg").is_file()
    except OSError:
        return False


def _identity(path: Path) -> str | None:
    """Return what two names of one Python have in common; None where ``path`` cannot be executed.

    A virtual environment links to the Python that it was made with, and is another one.
    """
    try:
        # Windows has empty files that open its shop.
        if not path.is_file() or not os.access(path, os.X_OK) or not path.stat().st_size or is_seedlab(path):
            return None
        folder = path.parent
        if _is_environment(folder.parent):
            return str(folder.resolve())
        return str(path.resolve())
    except OSError:
        return None


if sys.platform == "win32":
    import winreg

    def _registered() -> Iterator[Path]:
        """Yield the Pythons in the registry (PEP 514)."""
        for hive, place in (
            (winreg.HKEY_CURRENT_USER, r"Software\Python"),
            (winreg.HKEY_LOCAL_MACHINE, r"Software\Python"),
            (winreg.HKEY_LOCAL_MACHINE, r"Software\Wow6432Node\Python"),
        ):
            try:
                with winreg.OpenKey(hive, place) as root:
                    for company in _names(root):
                        with winreg.OpenKey(root, company) as companies:
                            yield from _of_company(companies)
            except OSError:
                continue

    def _names(key: winreg.HKEYType) -> list[str]:
        return [winreg.EnumKey(key, number) for number in range(winreg.QueryInfoKey(key)[0])]

    def _of_company(key: winreg.HKEYType) -> Iterator[Path]:
        for tag in _names(key):
            try:
                with winreg.OpenKey(key, rf"{tag}\InstallPath") as place:
                    yield _executable(place)
            except OSError:
                continue

    def _executable(place: winreg.HKEYType) -> Path:
        """Return what is registered as the executable, or lies in the folder that is the key's own value."""
        try:
            return Path(winreg.QueryValueEx(place, "ExecutablePath")[0])
        except OSError:
            return Path(winreg.QueryValueEx(place, "")[0]) / "python.exe"

else:

    def _registered() -> Iterator[Path]:
        """Yield nothing: there is no registry."""
        yield from ()
