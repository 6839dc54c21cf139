"""What a bundle's Python can import: seedlab, its dependencies, and of Qt what a window of widgets loads."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from email.parser import HeaderParser
from pathlib import Path

from bundled_python import BundledPython
from identity import ROOT

_QT_MODULES = (
    "QtCore", "QtDBus", "QtGui", "QtNetwork", "QtOpenGL", "QtOpenGLWidgets", "QtPrintSupport", "QtSvg", "QtSvgWidgets",
    "QtTest", "QtWidgets", "QtXml",
)  # fmt: skip
"""Widgets, what pyqtgraph imports, and what these load."""
_QT_PLUGINS = (
    "iconengines", "imageformats", "platforminputcontexts/libcompose*", "platforminputcontexts/libibus*",
    "platforms/libqminimal.so", "platforms/libqoffscreen.so", "platforms/libqwayland.so", "platforms/libqxcb.so",
    "platformthemes", "wayland-decoration-client", "wayland-graphics-integration-client", "wayland-shell-integration",
    "xcbglintegrations",
)  # fmt: skip
_UNUSABLE = ("libqpdf.so", "libqtiff.so")
"""Plugins that would need QtPdf, which is in another package, and a libtiff that new systems do not have."""
_QT_LEFT_OUT = (
    "Qt/libexec", "Qt/metatypes", "Qt/qml", "doc", "glue", "include", "scripts", "support", "typesystems",
    "assistant", "balsam*", "designer", "linguist", "lrelease", "lupdate", "qml*", "svgtoqml", "*.pyi",
    "libpyside6qml*",
)  # fmt: skip
"""Tools for those who write programs with Qt."""
_OTHERS_LEFT_OUT = (
    "pyarrow/include", "pyarrow/src", "pyarrow/tests", "pyarrow/*flight*", "pyqtgraph/examples", "scipy/**/tests",
)  # fmt: skip
"""What of other packages nothing imports, and takes tens of megabytes. NumPy's tests are: by its own modules."""


def install(python: BundledPython, wheel: Path | None, *, with_tensorflow: bool) -> None:
    """Install seedlab and what it needs, from ``wheel`` or from one that is built of this working copy."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if wheel is None:
            subprocess.run([*_uv(), "build", "-q", "--wheel", "--out-dir", folder, ROOT], check=True)
            (wheel,) = folder.glob("*.whl")
        constraints = folder / "constraints.txt"
        constraints.write_text("\n".join(_constraints()), encoding="utf-8")
        needed = [each for each in _needed(wheel) if with_tensorflow or _name(each) != "tensorflow"]
        _install(python, "--no-deps", str(wheel))
        _install(python, "--constraint", str(constraints), *needed)
    _forget_origins(python)
    _leave_out(python.packages / "PySide6", _QT_LEFT_OUT)
    _leave_out(python.packages, _OTHERS_LEFT_OUT)
    _leave_out_of_qt(python.packages / "PySide6")
    _check_links([python.packages / "PySide6", python.packages / "pyarrow"])
    _forget_missing(python)


def _uv() -> list[str]:
    found = shutil.which("uv")
    return [found] if found else [sys.executable, "-m", "uv"]


def _install(python: BundledPython, *what: str) -> None:
    # Copied, so that what is left out here is left out of nothing else.
    command = [*_uv(), "pip", "install", "-q", "--link-mode", "copy", "--python", str(python.executable)]
    # uv refuses the option beside the variable that asks for the opposite.
    environment = {name: value for name, value in os.environ.items() if name != "UV_COMPILE_BYTECODE"}
    subprocess.run([*command, "--break-system-packages", "--no-compile-bytecode", *what], env=environment, check=True)


def _needed(wheel: Path) -> list[str]:
    """Return what seedlab needs, without the extras."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        about = HeaderParser().parsestr(archive.read(name).decode())
    return [each for each in about.get_all("Requires-Dist", []) if not re.search(r"\bextra\s*==", each)]


def _constraints() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(project["tool"]["uv"].get("constraint-dependencies", []))


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0].lower()


def _forget_origins(python: BundledPython) -> None:
    """Remove what says where things were installed from, and commands that name a Python by its whole path."""
    for name in ("direct_url.json", "uv_cache.json", "uv_build.json", "REQUESTED"):
        for file in python.packages.glob(f"*.dist-info/{name}"):
            file.unlink()
    kept = {python.executable.name, "python3", "python"}
    for file in python.executable.parent.iterdir():
        if file.name not in kept:
            file.unlink()


def _leave_out(folder: Path, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        for found in list(folder.glob(pattern)):
            if found.is_dir():
                shutil.rmtree(found)
            else:
                found.unlink()


def _leave_out_of_qt(package: Path) -> None:
    """Leave of Qt's modules and plugins those above, and of its libraries those that are linked to these."""
    kept = [package / f"{module}.abi3.so" for module in _QT_MODULES]
    plugins = package / "Qt/plugins"
    for pattern in _QT_PLUGINS:
        for found in plugins.glob(pattern):
            kept += [found] if found.is_file() else list(found.iterdir())
    kept = [file for file in kept if file.name not in _UNUSABLE]
    libraries = package / "Qt/lib"
    kept += _linked(kept, libraries)
    for file in [*package.glob("*.abi3.so"), *plugins.rglob("*.so"), *libraries.iterdir()]:
        if file not in kept:
            file.unlink()
    for folder in [*plugins.iterdir()]:
        if not any(folder.iterdir()):
            folder.rmdir()


def _linked(files: Iterable[Path], libraries: Path) -> Iterator[Path]:
    """Yield the ``libraries`` that ``files`` are linked to, and those that these are linked to."""
    waiting, seen = list(files), set[Path]()
    while waiting:
        asked = subprocess.run(
            ["patchelf", "--print-needed", waiting.pop()], check=True, capture_output=True, text=True
        )
        for name in asked.stdout.split():
            library = libraries / name
            if library.exists() and library not in seen:
                seen.add(library)
                waiting.append(library)
                yield library


def needed_by(file: Path) -> list[str]:
    """Return the names of the libraries that the ELF ``file`` is linked to."""
    return subprocess.run(
        ["patchelf", "--print-needed", file], check=True, capture_output=True, text=True
    ).stdout.split()


def _check_links(folders: Iterable[Path]) -> None:
    """End with a message where a library was left out of ``folders`` that another one there is linked to."""
    for folder in folders:
        files = [file for file in folder.rglob("*.so*") if file.is_file()]
        there = {file.name for file in files}
        stems = ("libQt6", "libicu", "libpyside6", "libarrow", "libparquet")
        missing = {
            f"{name}, which {file.name} needs"
            for file in files
            for name in needed_by(file)
            if name.startswith(stems) and name not in there
        }
        if missing:
            sys.exit(f"Too much was left out: {', '.join(sorted(missing))}")


def _forget_missing(python: BundledPython) -> None:
    """Take out of the packages' lists the files that were left out."""
    for record in python.packages.glob("*.dist-info/RECORD"):
        lines = record.read_text(encoding="utf-8").splitlines()
        # A name with a comma stands in quotes; nothing that was left out has one.
        kept = [line for line in lines if line[:1] == '"' or (python.packages / line.split(",")[0]).exists()]
        record.write_text("\n".join(kept) + "\n", encoding="utf-8")
