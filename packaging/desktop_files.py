"""What makes a program known to desktops: its entry, its type of document, its description, its icons."""

import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

from icons import write_icons
from identity import MIME_TYPE, ROOT, Identity, identity, released
from PySide6.QtGui import QImage

PACKAGING = ROOT / "packaging"


def write_desktop_files(share: Path) -> None:
    """Write them below ``share``, the folder /usr/share of a package."""
    application_id = identity().application_id
    for folder, file, name in (
        ("applications", f"{application_id}.desktop", f"{application_id}.desktop"),
        ("mime/packages", f"{application_id}.mime.xml", f"{application_id}.xml"),
    ):
        (share / folder).mkdir(parents=True)
        shutil.copyfile(PACKAGING / file, share / folder / name)
    (share / "metainfo").mkdir()
    (share / f"metainfo/{application_id}.metainfo.xml").write_text(metainfo(), encoding="utf-8")
    write_icons(share / "icons")


def metainfo() -> str:
    """Return the AppStream description: the text beside this module, with what is said elsewhere filled in."""
    about = identity()
    day = released(about.version)
    text = (PACKAGING / f"{about.application_id}.metainfo.xml.in").read_text(encoding="utf-8")
    return Template(text).substitute(
        {name: escape(value) for name, value in about._asdict().items()},
        mime_type=MIME_TYPE,
        day=(day or _day_of_source()).isoformat(),
        kind="development" if day is None else "stable",
        changes=escape(f"{about.homepage}/blob/main/CHANGELOG.md"),
        **_picture_sizes("window", "why"),
    )


def _day_of_source() -> date:
    """Return the day of the last change of this working copy; without version control, today."""
    asked = subprocess.run(
        ["git", "-C", ROOT, "log", "-1", "--format=%cs"], check=False, capture_output=True, text=True
    )
    return date.fromisoformat(asked.stdout.strip()) if asked.returncode == 0 else datetime.now(UTC).date()


def _picture_sizes(*names: str) -> dict[str, int]:
    sizes = {name: QImage(str(PACKAGING / f"pictures/{name}.png")).size() for name in names}
    return {
        key: value
        for name, size in sizes.items()
        for key, value in ((f"{name}_width", size.width()), (f"{name}_height", size.height()))
    }


def changelog_entry(about: Identity, revision: str, maintainer: str) -> str:
    """Return the Debian changelog, which has this release alone: CHANGELOG.md is in the package, too."""
    moment = datetime.combine(released(about.version) or _day_of_source(), datetime.min.time(), UTC)
    version = debian_version(about.version, revision)
    return (
        f"{about.name} ({version}) unstable; urgency=medium\n\n"
        f"  * Release {about.version}. What has changed is in changelog.gz.\n\n"
        f" -- {maintainer}  {moment:%a, %d %b %Y %H:%M:%S +0000}\n"
    )


def debian_version(version: str, revision: str) -> str:
    """Return ``version`` so that Debian sorts what comes before a release before it."""
    return re.sub(r"\.?(a|b|rc|dev)(\d+)", r"~\1\2", version) + f"-{revision}"
