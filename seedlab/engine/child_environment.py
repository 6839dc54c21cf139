"""The environment of seedlab's children: that of the person who started seedlab, without what belongs to seedlab."""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

OWN_VARIABLES = "SEEDLAB_OWN_VARIABLES"
"""The variable in which a launcher names the variables that it changes for seedlab, with spaces between the names."""
ORIGINAL_PREFIX = "SEEDLAB_ORIGINAL_"
"""What stands before such a name in the variable that has its original value; there is none where it was not set."""
_ORIGINAL_SUFFIX = "_ORIG"
"""What stands behind a name in the variable in which PyInstaller keeps its original value, where it changes these."""
_OF_LIBRARIES = ("LD_LIBRARY_PATH", "LIBPATH", "DYLD_")
_NEVER_A_PERSONS = {"__PYVENV_LAUNCHER__"}
"""What Python's own launchers on macOS and Windows tell the Python that they start."""
_APPIMAGE = {"APPDIR", "APPIMAGE", "ARGV0", "OWD"}
_PYINSTALLER = ("_PYI_", "_MEIPASS2")
_WHERE_A_PERSON_IS = {"PWD", "OLDPWD", "_"}
"""What may name any folder, also one of a bundle, without being made by it."""

_started_with: dict[str, str] | None = None


def remember_start() -> None:
    """Take note that the variables are those that seedlab was started with.

    Whatever changes them in this process from now on (PySide6 and qtpy do when they are imported) is seedlab's own.
    """
    global _started_with  # noqa: PLW0603 - a process is started once.
    _started_with = dict(os.environ)


def child_environment(changes: Iterable[tuple[str, str | None]] = ()) -> dict[str, str]:
    """Return all variables of a child of seedlab, with ``changes``; a value of None removes the variable.

    A child gets what ``python script.py`` would have got in the place of seedlab, so a person's own PYTHONPATH or
    LD_LIBRARY_PATH goes on to it, and so does what an activated environment has set. What is taken out:

    - Everything that has been changed within seedlab's own process.
    - What a launcher has noted. A launcher that changes variables for seedlab (the script or program of a bundle, an
      AppRun, a starter in a .app) names them in SEEDLAB_OWN_VARIABLES, with spaces between the names, and before that
      keeps the value of each NAME that was set, even to nothing, in SEEDLAB_ORIGINAL_NAME. A name that stands there
      already keeps its first original: seedlab was started by another seedlab. In a shell::

          own() {  # NAME VALUE
              case " $SEEDLAB_OWN_VARIABLES " in *" $1 "*) ;; *)
                  if eval "[ -n \\"\\${$1+set}\\" ]"; then eval "export SEEDLAB_ORIGINAL_$1=\\"\\$$1\\""; fi
                  export SEEDLAB_OWN_VARIABLES="${SEEDLAB_OWN_VARIABLES:+$SEEDLAB_OWN_VARIABLES }$1" ;;
              esac
              export "$1=$2"
          }
          own LD_LIBRARY_PATH "$here/lib"

      Each of them gets its original value back, or is removed where there was none. What a launcher does not change
      needs no note; a bundle's Python has to start without the variables too, because it makes runs as well.
    - In a program of PyInstaller: LD_LIBRARY_PATH gets the value of LD_LIBRARY_PATH_ORIG back, and others of
      the kind do.
    - In such a program, an AppImage or a .app that holds seedlab: each part of a variable that lies in its folder, and
      the variable where no other part is left.
    - What Python's own launchers tell the Python that they start.

    On Windows, names are in capitals and are the same in any case.
    """
    environment = dict(os.environ) if _started_with is None else dict(_started_with)
    is_frozen = bool(getattr(sys, "frozen", False))
    result = persons_own(environment, bundle_folders(environment), is_frozen=is_frozen)
    for name, value in changes:
        key = _key(name)
        if value is None:
            result.pop(key, None)
        else:
            result[key] = value
    return result


def persons_own(environment: Mapping[str, str], bundle: Iterable[Path], *, is_frozen: bool) -> dict[str, str]:
    """Return ``environment`` without what `child_environment` takes out.

    ``bundle`` are the folders of the bundle that holds seedlab, if there is one; ``is_frozen`` is True in a program of
    PyInstaller and its like.
    """
    result = dict(environment)
    for name in map(_key, result.pop(OWN_VARIABLES, "").split()):
        result.pop(name, None)
        if (original := environment.get(_key(ORIGINAL_PREFIX + name))) is not None:
            result[name] = original
    if is_frozen:
        for name in [*result]:
            if name.startswith(_OF_LIBRARIES) and name + _ORIGINAL_SUFFIX in result:
                result[name] = result.pop(name + _ORIGINAL_SUFFIX)
    folders = [_real(folder) for folder in bundle]
    for name, value in [*result.items()]:
        if (
            name.startswith(ORIGINAL_PREFIX)
            or name in _NEVER_A_PERSONS
            or (is_frozen and name.startswith(_PYINSTALLER))
            or (name in _APPIMAGE and "APPDIR" in environment and _real(environment["APPDIR"]) in folders)
        ):
            del result[name]
        elif folders and name not in _WHERE_A_PERSON_IS:
            parts = value.split(os.pathsep)
            kept = [part for part in parts if not _lies_in(part, folders)]
            if not any(kept) and len(kept) < len(parts):
                del result[name]
            else:
                result[name] = os.pathsep.join(kept)
    return result


def bundle_folders(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders that hold seedlab with its Python: of a frozen program, an AppImage or a .app; often none."""
    found = []
    if getattr(sys, "frozen", False):
        found += [Path(str(getattr(sys, "_MEIPASS", ""))), Path(sys.executable).parent]
    prefix, package = _real(sys.prefix), _real(__file__)
    found += [Path(environment["APPDIR"])] if environment.get("APPDIR") else []
    found += [each for each in prefix.parents if each.suffix == ".app" and (each / "Contents").is_dir()]
    # A terminal in an AppImage, or Apple's Python within Xcode, holds the Python at most.
    return tuple(
        each
        for each in found
        if each.is_absolute()
        and (getattr(sys, "frozen", False) or all(_lies_in(str(held), [_real(each)]) for held in (prefix, package)))
    )


def _lies_in(part: str, folders: Iterable[Path]) -> bool:
    return os.path.isabs(part) and any(_real(part).is_relative_to(folder) for folder in folders)


def _real(path: str | Path) -> Path:
    return Path(os.path.normcase(os.path.realpath(path)))


def _key(name: str) -> str:
    return name.upper() if os.name == "nt" else name
