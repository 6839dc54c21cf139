"""A Python that works wherever its folder lies: copied, freed of where it was, and compiled."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_ABOUT = """
import json, sys, sysconfig
print(json.dumps({
    "executable": sys.executable,
    "version": "%d.%d" % sys.version_info[:2],
    "stdlib": sysconfig.get_path("stdlib"),
    "extensions": sysconfig.get_path("platstdlib"),
    "library": sysconfig.get_config_var("INSTSONAME") if sysconfig.get_config_var("Py_ENABLE_SHARED") else None,
    "libraries": sysconfig.get_config_var("LIBDIR"),
    "prefix": sys.base_prefix,
}))
"""
_NOT_COPIED = (
    "__pycache__", "test", "tests", "idle_test", "idlelib", "tkinter", "turtledemo", "turtle.py", "config-*",
    "site-packages", "dist-packages", "EXTERNALLY-MANAGED", "*.a", "_tkinter.*", "_test*.so", "_ctypes_test.*",
    "_xxtest*.so", "xxlimited*.so", "nis.*.so",
)  # fmt: skip
"""What no program is made of: tests, Tk and what shows it, static libraries, other packages, Sun's yellow pages."""
_MANAGED = """\
[externally-managed]
Error=This Python belongs to seedlab. Make an environment of your own, and choose it in seedlab's list
 "Interpreter" or by --python: this folder is replaced by the next release.
"""
_PREFIX_MARK = "@the prefix of this Python@"


class BundledPython(NamedTuple):
    """The Python of a bundle."""

    folder: Path
    """The folder of the bundle."""
    executable: Path
    packages: Path
    """The folder of its packages, site-packages."""

    @property
    def library(self) -> Path:
        """The folder of the standard library."""
        return self.packages.parent


def copied_python(prefix: Path, folder: Path) -> BundledPython:
    """Copy the Python in ``prefix`` into ``folder``, so that it finds all relative to itself."""
    started = next((each for name in ("python3", "python") if (each := prefix / "bin" / name).exists()), None)
    if started is None:
        sys.exit(f"There is no bin/python3 in {prefix}.")
    answer = subprocess.run([started, "-I", "-c", _ABOUT], check=True, capture_output=True, text=True)
    about = json.loads(answer.stdout)
    name = f"python{about['version']}"
    executable, library = folder / "bin" / name, folder / "lib" / name
    python = BundledPython(folder, executable, library / "site-packages")
    executable.parent.mkdir(parents=True)
    shutil.copy2(Path(about["executable"]).resolve(), executable)
    for other in ("python3", "python"):
        (executable.parent / other).symlink_to(name)
    # What is a link in a distribution's Python is a file here.
    ignored = shutil.ignore_patterns(*_NOT_COPIED)
    shutil.copytree(about["stdlib"], library, ignore=ignored)
    if Path(about["extensions"]).resolve() != Path(about["stdlib"]).resolve():
        shutil.copytree(about["extensions"], library, ignore=ignored, dirs_exist_ok=True)
    # A folder to import from, as the Python of a distribution has under another name.
    python.packages.mkdir()
    own = [executable, *(library / "lib-dynload").glob("*.so")]
    if about["library"]:
        shared = folder / "lib" / about["library"]
        # A Python that was moved, such as one of python-build-standalone, has it beside itself alone.
        beside = Path(about["executable"]).resolve().parent.parent / "lib" / about["library"]
        shutil.copy2(beside if beside.exists() else Path(about["libraries"]) / about["library"], shared)
        own.append(shared)
    for file in own:
        _freed(file, folder)
    _free_settings(library, {about["prefix"], str(prefix), str(prefix.resolve())})
    return python


def finish(python: BundledPython) -> None:
    """Compile all that can be imported, and say that no packages are to be installed here.

    Compiled code is trusted without looking at its source, whose time changes as a folder is copied, and names it by a
    path within the bundle: Python puts the true one there as it imports.
    """
    # -B, as compileall would keep what Python had compiled for it.
    compiling = [str(python.executable), "-I", "-B", "-m", "compileall", "-q", "-f", "-j", "0"]
    # Packages bring templates and syntax of other Pythons, which nothing imports.
    subprocess.run(
        [*compiling, "--invalidation-mode", "unchecked-hash", "-s", python.folder, python.library],
        check=False,
        stdout=subprocess.DEVNULL,
    )
    (python.library / "EXTERNALLY-MANAGED").write_text(_MANAGED, encoding="utf-8")


def _freed(file: Path, folder: Path) -> None:
    """Have the ELF ``file`` look for its Python beside itself, and remove what only debuggers read."""
    file.chmod(0o755)
    subprocess.run(["strip", "--strip-unneeded", file], check=True)
    asked = subprocess.run(["patchelf", "--print-rpath", file], check=True, capture_output=True, text=True)
    places = asked.stdout.strip()
    if places and not all(place.startswith("$ORIGIN") for place in places.split(":")):
        beside = os.path.relpath(folder / "lib", file.parent)
        subprocess.run(["patchelf", "--set-rpath", f"$ORIGIN/{beside}", file], check=True)


def _free_settings(library: Path, prefixes: set[str]) -> None:
    """Have sysconfig say where this Python is, not where it was built."""
    for file in library.glob("_sysconfigdata*.py"):
        text = file.read_text(encoding="utf-8")
        # Where it was built, which need not be where it lay.
        prefixes |= set(re.findall(r"^ ?\{? *'prefix': '([^']+)'", text, re.MULTILINE))
        for prefix in sorted(prefixes - {"/", "/usr"}, key=len, reverse=True):
            text = re.sub(re.escape(prefix) + r"(?=[/'\" :]|$)", _PREFIX_MARK, text)
        text += (
            "\nimport sys\n\nbuild_time_vars = {\n"
            f"    name: value.replace({_PREFIX_MARK!r}, sys.base_prefix) if isinstance(value, str) else value\n"
            "    for name, value in build_time_vars.items()\n}\n"
        )
        file.write_text(text, encoding="utf-8")
