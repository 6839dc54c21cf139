"""Who may do what with the parts of a bundle, in Debian's machine-readable form, from what the parts say themselves."""

import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from bundled_python import BundledPython
from identity import Identity

_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_COPYRIGHT = re.compile(r"^\W*(?:copyright|\(c\)|©)\s+(.*\d{4}.*)$", re.IGNORECASE)
_CLASSIFIER = "License :: OSI Approved :: "
_QT = {"pyside6-essentials", "shiboken6"}
_QT_TERMS = """\
Used under the GNU Lesser General Public License, version 3, whose text is in
/usr/share/common-licenses/LGPL-3. The libraries are those that the Qt Company
publishes, unchanged and linked dynamically; other builds of them can be put
in their place. Their source is at
https://download.qt.io/official_releases/QtForPython/ and
https://download.qt.io/official_releases/qt/."""


def copyright_file(about: Identity, python: BundledPython, place: str) -> str:
    """Return the file ``copyright`` of a package that has the bundle at ``place``, such as ``opt/seedlab``."""
    packages = f"{place}/{python.packages.relative_to(python.folder)}"
    found = sorted(importlib.metadata.distributions(path=[str(python.packages)]), key=lambda each: each.name.lower())
    own = (python.folder / "LICENSE").read_text(encoding="utf-8")
    library = f"{place}/{python.library.relative_to(python.folder)}"
    python_terms = (python.library / "LICENSE.txt").read_text(encoding="utf-8")
    parts = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        f"Upstream-Name: {about.name}\nSource: {about.homepage}\n"
        "Comment:\n"
        + _indented("What is bundled says so itself: this is made of the packages' own metadata and texts."),
        _part("*", f"{about.developers}", about.licence, own),
        _part(
            f"{place}/bin/python* {place}/lib/libpython* {library}/*",
            "The Python Software Foundation, and those named below",
            "PSF-2.0",
            python_terms,
        ),
        *(_of_distribution(each, packages) for each in found if each.name.lower() != about.name),
    ]
    return "\n".join(parts)


def _of_distribution(found: importlib.metadata.Distribution, packages: str) -> str:
    texts = list(_texts(found))
    if found.name.lower().replace("_", "-") in _QT:
        holders, terms = "The Qt Company Ltd. and other contributors", _QT_TERMS
    else:
        holders = _holders("\n".join(texts)) or _stated(found, "Author", "Author-email")
        terms = "\n\n".join(texts)
    if not terms:
        sys.exit(f"{found.name} {found.version} says nowhere what its licence is: say it in debian_copyright.py.")
    files = " ".join(f"{packages}/{name}" for name in sorted(_tops(found)))
    return _part(files, holders or f"The authors of {found.name}", _licence(found), terms)


def _tops(found: importlib.metadata.Distribution) -> set[str]:
    """Return what the distribution has at the top of the folder of packages, as patterns."""
    names = {
        (file.parts[0], len(file.parts) > 1) for file in found.files or () if file.parts[0] not in ("..", "__pycache__")
    }
    return {f"{name}/*" if is_folder else name for name, is_folder in names}


def _texts(found: importlib.metadata.Distribution) -> Iterator[str]:
    for file in found.files or ():
        if ".dist-info" in file.parts[0] and _LICENCE_FILE.search(file.name):
            yield Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip()


def _licence(found: importlib.metadata.Distribution) -> str:
    """Return the licence in the form of a short name without spaces between its parts' words."""
    stated = _stated(found, "License-Expression", "License")
    if not stated or "\n" in stated or len(stated) > 60:
        stated = ", ".join(
            each.removeprefix(_CLASSIFIER)
            for each in found.metadata.get_all("Classifier", [])
            if each.startswith(_CLASSIFIER)
        )
    names = re.sub(r"\bAND\b", "and", re.sub(r"\bOR\b", "or", stated))
    words = re.split(r"\s+(and|or)\s+", names)
    return " ".join(re.sub(r"\W*\s+\W*", "-", word.strip()) for word in words) or "other"


def _stated(found: importlib.metadata.Distribution, *fields: str) -> str:
    """Return the first of ``fields`` of the metadata that says something; else an empty text."""
    return next((text for field in fields if (text := " ".join(found.metadata.get_all(field, [])))), "")


def _holders(text: str) -> str:
    """Return the lines of ``text`` that say whose copyright it is, each once."""
    found = [match[1].strip().rstrip(".") for line in text.splitlines() if (match := _COPYRIGHT.match(line.strip()))]
    return "\n".join(dict.fromkeys(found))


def _part(files: str, holders: str, licence: str, text: str) -> str:
    return (
        "Files:\n"
        + "".join(f" {each}\n" for each in files.split())
        + f"Copyright:\n{_indented(holders)}License: {licence}\n{_indented(text)}"
    )


def _indented(text: str) -> str:
    lines = (line.expandtabs().rstrip() for line in text.splitlines())
    return "".join(f" {line}\n" if line.strip() else " .\n" for line in lines)
