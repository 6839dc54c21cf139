"""What seedlab is called, and which release this is: read where that is said, for all that is packed."""

import ast
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MIME_TYPE = "application/x-seedlab+json"
"""The type of a ``.seedlab`` document, as desktops know it."""
DOCUMENT_ICON = "application-x-seedlab+json"


class Identity(NamedTuple):
    """Name, identifiers and release."""

    name: str
    title: str
    application_id: str
    version: str
    summary: str
    licence: str
    developers: str
    homepage: str


def identity(root: Path = ROOT) -> Identity:
    """Return what ``seedlab/__init__.py`` and ``pyproject.toml`` say. Nothing is imported."""
    said = _constants(root / "seedlab/__init__.py")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    application_id = said["APPLICATION_ID"]
    return Identity(
        name=said["APPLICATION_NAME"],
        title=said["APPLICATION_TITLE"],
        application_id=application_id,
        version=said["__version__"],
        summary=project["description"],
        licence=project["license"],
        developers=project["authors"][0]["name"],
        homepage=_homepage(project.get("urls", {}), application_id),
    )


def released(version: str, root: Path = ROOT) -> date | None:
    """Return the day that CHANGELOG.md has for ``version``; None while it has none."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## \[?{re.escape(version)}\]?\D+(\d{{4}}-\d\d-\d\d)", text, re.MULTILINE)
    return date.fromisoformat(found[1]) if found else None


def _constants(path: Path) -> dict[str, Any]:
    found = {}
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            found.update({each.id: statement.value.value for each in statement.targets if isinstance(each, ast.Name)})
    return found


def _homepage(urls: dict[str, str], application_id: str) -> str:
    for name in ("Homepage", "Source", "Repository"):
        if name in urls:
            return urls[name]
    # The identifier says it: io.github.OWNER.Name.
    _, _, owner, name = application_id.split(".")
    return f"https://github.com/{owner}/{name.lower()}"
