"""Packages of a few lines in a folder, and pip and uv that know no other index."""

import io
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

_BACKEND = """
import pathlib, time
def prepare_metadata_for_build_wheel(*_):
    pathlib.Path({begun!r}).write_text('begun')
    while True:
        time.sleep(1)
build_wheel = build_sdist = prepare_metadata_for_build_wheel
"""
_PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "slow"
dynamic = ["version"]
"""


def real_uv() -> str:
    """The uv that the tests are started by, and not a shim of pyenv's, which takes longer than uv does."""
    path = shutil.which("uv")
    assert path is not None, "uv is what the tests are started by, and it is not on the path"
    if Path(path).parent.name != "shims":
        return path
    return subprocess.run(["pyenv", "which", "uv"], capture_output=True, text=True, check=True).stdout.strip()


class PackageIndex:
    """A folder of packages that pip and uv install from, instead of from any other place."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "index"
        self.folder.mkdir()
        (folder / "pip.conf").write_text(f"[global]\nno-index = true\nfind-links = {self.folder}\n")
        (folder / "uv.toml").write_text(f"no-index = true\nfind-links = ['{self.folder}']\n")
        self.variables = {
            "PIP_CONFIG_FILE": str(folder / "pip.conf"),
            "UV_CONFIG_FILE": str(folder / "uv.toml"),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.folder),
            "UV_CACHE_DIR": str(folder / "uv-cache"),
            "PIP_CACHE_DIR": str(folder / "pip-cache"),
        }
        for name, value in self.variables.items():
            monkeypatch.setenv(name, value)
        # No Pythons but the one of the tests and the system's are asked.
        (folder / "bin").mkdir()
        (folder / "bin/uv").symlink_to(real_uv())
        monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
        monkeypatch.setenv("PYENV_ROOT", str(folder))

    def add(self, name: str, version: str, needs: str = "", tag: str = "py3-none-any") -> Path:
        """Add a package that has its version and nothing else; ``tag`` says for which Pythons."""
        path = self.folder / f"{name}-{version}-{tag}.whl"
        about = f"{name}-{version}.dist-info"
        needed = f"Requires-Dist: {needs}\n" if needs else ""
        texts = {
            f"{name}/__init__.py": f"__version__ = '{version}'\n",
            f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}",
            f"{about}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        }
        record = "".join(f"{each},,\n" for each in [*texts, f"{about}/RECORD"])
        with zipfile.ZipFile(path, "w") as wheel:
            for place, text in {**texts, f"{about}/RECORD": record}.items():
                wheel.writestr(place, text)
        return path

    def add_source(self, name: str, version: str, program: str) -> None:
        """Add a package that is there as source alone, and executes ``program`` when anything is asked of it."""
        self._add_source(name, version, {"pyproject.toml": _PROJECT.replace("slow", name), "backend.py": program})

    def add_endless(self, begun: Path) -> None:
        """Add a package, “slow”, that writes to the pipe ``begun`` when its build begins, which never ends."""
        texts = {
            "pyproject.toml": _PROJECT,
            "backend.py": _BACKEND.format(begun=str(begun)),
            "PKG-INFO": "Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n",
        }
        self._add_source("slow", "1.0", texts)

    def _add_source(self, name: str, version: str, texts: dict[str, str]) -> None:
        with tarfile.open(self.folder / f"{name}-{version}.tar.gz", "w:gz") as sdist:
            for file, text in texts.items():
                entry = tarfile.TarInfo(f"{name}-{version}/{file}")
                entry.size = len(text)
                sdist.addfile(entry, io.BytesIO(text.encode()))
