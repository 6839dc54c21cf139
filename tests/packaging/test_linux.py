"""What Linux is told of seedlab agrees with what seedlab says of itself, and the bundle's command changes nothing."""

import configparser
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest
from bundled_python import BundledPython
from desktop_files import debian_version, metainfo
from identity import DOCUMENT_ICON, MIME_TYPE, ROOT, identity, released
from make_bundle import add_launcher
from standalone_python import unpack

from seedlab import APPLICATION_ID, APPLICATION_NAME, __version__
from seedlab.session.open_document import OWN_ENDING

ENTRY = ROOT / f"packaging/{APPLICATION_ID}.desktop"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the command of a bundle, and a program in the place of its Python that says how it was started."""
    if shutil.which("cc") is None:
        pytest.fail("THE BUNDLE'S COMMAND IS NOT TESTED: the package gcc is not installed")
    folder = tmp_path_factory.mktemp("ein Ordner äöü")
    python = folder / "bin/python3.11"
    python.parent.mkdir()
    python.write_text(
        f"#!{sys.executable} -IS\nimport json, os, sys\nprint(json.dumps([sys.argv, dict(os.environ)]))\n"
    )
    python.chmod(0o755)
    add_launcher(BundledPython(folder, python, folder / "lib/python3.11/site-packages"))
    return folder


def started(command: Path, *arguments: str, **variables: str) -> tuple[list[str], dict[str, str]]:
    """What the Python was given."""
    done = subprocess.run([command, *arguments], env=variables, check=True, capture_output=True, text=True, cwd="/")
    given, environment = json.loads(done.stdout)
    return given, environment


def test_the_command_finds_its_python_through_links_and_starts_seedlab_isolated(bundle: Path, tmp_path: Path) -> None:
    link, farther = tmp_path / "seedlab", tmp_path / "farther"
    link.symlink_to(bundle / "bin/seedlab")
    farther.symlink_to("seedlab")
    for command in (bundle / "bin/seedlab", link, farther):
        given, _ = started(command, "run", "a b.py", "", LC_ALL="C.UTF-8")
        assert given == [str(bundle / "bin/python3.11"), "-I", "-B", "-m", "seedlab", "run", "a b.py", ""]


def test_the_command_changes_no_variable_not_even_those_that_a_shell_would(bundle: Path) -> None:
    variables = {"LC_ALL": "C.UTF-8", "a.b": "1", "BASH_FUNC_f%%": "() {  :\n}", "PYTHONPATH": "mine", "SHLVL": "3"}
    _, environment = started(bundle / "bin/seedlab", **variables)
    assert environment == variables


def test_a_command_without_its_python_says_so(bundle: Path, tmp_path: Path) -> None:
    alone = Path(shutil.copy2(bundle / "bin/seedlab", tmp_path))
    done = subprocess.run([alone], check=False, capture_output=True, text=True)
    assert done.returncode == 127
    assert "python3.11: No such file or directory" in done.stderr


def test_identity_is_read_where_it_is_said() -> None:
    about = identity()
    assert (about.name, about.application_id, about.version) == (APPLICATION_NAME, APPLICATION_ID, __version__)


def test_the_menu_s_entry_is_that_of_this_program() -> None:
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes="#", delimiters="=")
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(ENTRY, encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert entry["Name"] == entry["StartupWMClass"] == entry["TryExec"] == APPLICATION_NAME
    assert entry["Icon"] == APPLICATION_ID
    assert entry["Exec"] == f"{APPLICATION_NAME} --from-desktop %F"
    assert entry["MimeType"] == f"{MIME_TYPE};"


def test_the_type_of_documents_has_their_ending_and_an_icon_that_is_there() -> None:
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    kind = ET.parse(ROOT / f"packaging/{APPLICATION_ID}.mime.xml").getroot().find("m:mime-type", space)
    assert kind is not None
    assert kind.get("type") == MIME_TYPE
    assert [each.get("pattern") for each in kind.findall("m:glob", space)] == [f"*{OWN_ENDING}"]
    assert [each.get("name") for each in kind.findall("m:icon", space)] == [DOCUMENT_ICON]
    assert all((ROOT / f"packaging/{DOCUMENT_ICON}{end}").is_file() for end in (".svg", ".small.svg"))


def test_the_description_for_software_centres_is_filled_in() -> None:
    about = ET.fromstring(metainfo())
    assert about.findtext("id") == APPLICATION_ID
    assert about.findtext("launchable") == ENTRY.name
    assert about.findtext("provides/mediatype") == MIME_TYPE
    release = about.find("releases/release")
    assert release is not None
    assert release.get("version") == __version__
    assert date.fromisoformat(release.get("date") or "") >= date(2026, 1, 1)
    assert "$" not in metainfo()


def test_a_release_has_the_day_that_the_changelog_has(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-03-04\n")
    assert released("1.2.0", tmp_path) == date(2026, 3, 4)
    assert released("1.2", tmp_path) is None


@pytest.mark.parametrize(
    ("version", "debian"), [("1.0.0", "1.0.0-1"), ("1.0.0rc1", "1.0.0~rc1-1"), ("1.0.0.dev3", "1.0.0~dev3-1")]
)
def test_what_comes_before_a_release_is_older_for_debian(version: str, debian: str) -> None:
    assert debian_version(version, "1") == debian


def test_an_archive_that_is_another_than_was_meant_is_not_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "python.tar.gz"
    archive.write_bytes(b"something else")
    with pytest.raises(SystemExit, match="is not the archive that was meant"):
        unpack(archive, "0" * 64, tmp_path / "out")
    assert os.listdir(tmp_path) == [archive.name]
