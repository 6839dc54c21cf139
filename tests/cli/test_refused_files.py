"""Files that cannot be written are refused before anything runs, and the check leaves nothing behind."""

import os
import subprocess
from pathlib import Path

import pytest

from seedlab.documents.writing import to_json
from tests.helpers.command_line import COMMAND, without_privileges
from tests.helpers.documents import whole_lab


def bound_by_permissions() -> list[str]:
    """The beginning of a command that is bound by the permissions of files; where there is none, a test is skipped."""
    command = without_privileges()
    if command is None:
        pytest.skip("NOT TESTED WITH FILES THAT MAY NOT BE WRITTEN: this is root, and setpriv does not work")
    return command


def places(folder: Path) -> dict[str, tuple[str, str]]:
    """Names of files that cannot be written, each with what is said of it."""
    (folder / "folder.json").mkdir()
    os.mkfifo(folder / "pipe.json")
    (folder / "device.json").symlink_to("/dev/null")
    (folder / "old.json").write_text("old", encoding="utf-8")
    (folder / "old.json").chmod(0o444)
    (folder / "closed").mkdir()
    (folder / "closed" / "old.json").write_text("old", encoding="utf-8")
    (folder / "closed").chmod(0o555)
    return {
        "folder": (str(folder / "folder.json"), "it is not a file"),
        "pipe": (str(folder / "pipe.json"), "it is not a file"),
        "device": (str(folder / "device.json"), "it is not a file"),
        "missing folder": (str(folder / "missing" / "a.json"), f"there is no folder {folder / 'missing'}"),
        "file as folder": (str(folder / "old.json" / "a.json"), f"there is no folder {folder / 'old.json'}"),
        "read-only file": (str(folder / "old.json"), "Permission denied"),
        "read-only folder": (str(folder / "closed" / "a.json"), "Permission denied"),
        "file in a read-only folder": (str(folder / "closed" / "old.json"), "Permission denied"),
        "too long a name": (str(folder / f"{'a' * 300}.json"), "File name too long"),
        "empty name": ("", "its name is empty"),
    }


PLACES = (
    "folder", "pipe", "device", "missing folder", "file as folder", "read-only file", "read-only folder",
    "file in a read-only folder", "too long a name", "empty name",
)  # fmt: skip


def listing(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), os.lstat(path).st_mtime_ns) for path in folder.rglob("*"))


@pytest.mark.parametrize("option", ["--json", "--export", "--to"])
@pytest.mark.parametrize("place", PLACES)
def test_it_is_refused_before_anything_runs(tmp_path: Path, place: str, option: str) -> None:
    there, ran = tmp_path / "there", tmp_path / "ran"
    there.mkdir()
    name, said = places(there)[place]
    if option == "--to":
        document = tmp_path / "lab.seedlab"
        document.write_bytes(to_json(whole_lab()))
        command = ["export", str(document), "--to", str(tmp_path / "first.md"), option, name]
    else:
        script = tmp_path / "mine.py"
        script.write_text(f"open({str(ran)!r}, 'w').close()\n", encoding="utf-8")
        command = ["run", str(script), "--export", str(tmp_path / "first.md"), option, name]
    before = listing(there)
    done = subprocess.run(
        [*bound_by_permissions(), *COMMAND, *command],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("seedlab: ")
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert listing(there) == before
    assert not ran.exists()
    assert not (tmp_path / "first.md").exists()
    (there / "closed").chmod(0o755)
