"""Writing files: by their endings, whole or not at all."""

import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from seedlab.errors import DocumentError
from seedlab.export.files import check_path, write_export, write_whole
from seedlab.export.tables import to_csv, to_markdown
from seedlab.model.lab import Lab, to_json
from tests.helpers.values import column, runs

LAB = Lab.of([column(*runs({"x": [1, 2]}, {"x": [1, 3]}))])
DOORS: tuple[Callable[[Path], None], ...] = (check_path, partial(write_export, LAB))
"""Both refuse what cannot be written."""


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system refuses to make any file larger, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("lab.csv", to_csv(LAB)),
        ("lab.md", to_markdown(LAB)),
        ("lab.json", to_json(LAB)),
        ("LAB.CSV", to_csv(LAB)),
        ("lab.json.md", to_markdown(LAB)),
    ],
)
def test_the_ending_decides_the_form(tmp_path: Path, name: str, data: bytes) -> None:
    write_export(LAB, tmp_path / name)
    assert (tmp_path / name).read_bytes() == data
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("name", ["lab", "lab.txt", "lab.csv.gz", ".csv", "lab.", "csv"])
def test_an_unknown_ending_is_refused_with_the_known_ones(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for refuse in DOORS:
        with pytest.raises(DocumentError) as caught:
            refuse(path)
        assert str(path) in caught.value.what
        assert all(ending in caught.value.advice for ending in (".png", ".csv", ".md", ".json"))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("folder", ["missing", "missing/deeper", "file"])
def test_a_missing_folder_is_refused_and_not_made(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    path = tmp_path / folder / "lab.csv"
    for refuse in DOORS:
        with pytest.raises(DocumentError) as caught:
            refuse(path)
        assert str(path.parent) in caught.value.what
        assert "folder" in caught.value.advice
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("name", ["lab.png", "lab.csv", "lab.md", "lab.JSON"])
def test_a_path_that_can_be_written_is_checked_without_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    check_path(Path(name))
    check_path(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "lab.csv"
    path.write_bytes(b"old, and longer than what is new")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["lab.csv"]


@pytest.mark.parametrize("old", [b"old", None])
def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, old: bytes | None) -> None:
    path = tmp_path / "lab.csv"
    if old is not None:
        path.write_bytes(old)
    with files_of_at_most(1000), pytest.raises(DocumentError) as caught:
        write_whole(path, b"x" * 1001)
    assert str(path) in caught.value.what
    assert isinstance(caught.value.__cause__, OSError)
    assert {name.name: name.read_bytes() for name in tmp_path.iterdir()} == ({} if old is None else {"lab.csv": old})


def test_a_folder_in_the_place_of_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "lab.csv").mkdir()
    (tmp_path / "lab.csv" / "inside").write_text("kept", encoding="utf-8")
    with pytest.raises(DocumentError, match="cannot be written"):
        write_export(LAB, tmp_path / "lab.csv")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inside", "lab.csv"]


def test_writing_into_a_missing_folder_is_an_error_for_a_person(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be written"):
        write_whole(tmp_path / "missing" / "lab.csv", b"x")


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_file_has_the_permissions_that_any_new_file_has(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "lab.csv", b"x")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "lab.csv").stat().st_mode) == 0o666 & ~mask


def test_a_path_without_a_folder_is_written_where_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_export(LAB, Path("lab.csv"))
    assert (tmp_path / "lab.csv").read_bytes() == to_csv(LAB)
