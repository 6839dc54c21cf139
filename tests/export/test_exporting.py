"""Writing files: by their endings, whole or not at all."""

import itertools
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from seedlab.analysis.analyst import analyse
from seedlab.analysis.comparison import Tally
from seedlab.documents import limits
from seedlab.documents.files import read_lab
from seedlab.documents.writing import to_json
from seedlab.errors import DocumentError
from seedlab.export.exporting import ANIMATIONS, ENDINGS, check_path, exporting, write_export
from seedlab.export.tables import to_csv, to_markdown
from seedlab.results.run import Run
from seedlab.study.lab import Lab
from tests.helpers.values import column, runs
from tests.helpers.working import steps_of

SCRIPT = "print('Würfel:', 1)\n"
LAB = Lab.of([column(*runs({"x": [1, 2]}, {"x": [1, 3]}), script=SCRIPT)])
MARKDOWN = to_markdown(LAB, analyse(LAB.columns))
DOORS: tuple[Callable[[Path], None], ...] = (check_path, partial(write_export, LAB))
"""Both refuse what cannot be written."""


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("lab.csv", to_csv(LAB)),
        ("lab.md", MARKDOWN),
        ("lab.json", to_json(LAB)),
        ("lab.seedlab", to_json(LAB)),
        ("script.py", SCRIPT.encode()),
        ("LAB.CSV", to_csv(LAB)),
        ("lab.json.md", MARKDOWN),
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
        assert all(ending in caught.value.advice for ending in (".seedlab", ".png", ".csv", ".md", ".json", ".py"))
        assert all(ending in caught.value.advice for ending in ENDINGS)
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


@pytest.mark.parametrize("name", ["lab.seedlab", "lab.png", "lab.csv", "lab.md", "lab.JSON", "lab.py"])
def test_a_path_that_can_be_written_is_checked_without_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    check_path(Path(name))
    check_path(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_folder_in_the_place_of_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "lab.csv").mkdir()
    (tmp_path / "lab.csv" / "inside").write_text("kept", encoding="utf-8")
    with pytest.raises(DocumentError, match="cannot be written"):
        write_export(LAB, tmp_path / "lab.csv")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inside", "lab.csv"]


def test_a_path_without_a_folder_is_written_where_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_export(LAB, Path("lab.csv"))
    assert (tmp_path / "lab.csv").read_bytes() == to_csv(LAB)


def test_a_document_that_is_exported_can_be_opened(tmp_path: Path) -> None:
    write_export(LAB, tmp_path / "lab.seedlab")
    assert to_json(read_lab(tmp_path / "lab.seedlab")) == to_json(LAB)


@pytest.mark.parametrize("count", [0, 2])
def test_a_file_for_one_script_does_not_take_several(tmp_path: Path, count: int) -> None:
    lab = Lab.of([column(script=SCRIPT)] * count)
    for refuse in (partial(check_path, tmp_path / "lab.py", count), partial(write_export, lab, tmp_path / "lab.py")):
        with pytest.raises(DocumentError, match=f"holds one script, and there are {count} columns"):
            refuse()
    check_path(tmp_path / "lab.seedlab", count)
    assert os.listdir(tmp_path) == []


def test_a_document_that_could_not_be_opened_again_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_VALUES", 3)
    with pytest.raises(DocumentError, match="has 4 values"):
        write_export(LAB, tmp_path / "lab.seedlab")
    write_export(LAB, tmp_path / "lab.json")
    assert os.listdir(tmp_path) == ["lab.json"]


@pytest.mark.parametrize("old", [None, b"old"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_an_export_that_is_left_after_any_step_leaves_what_was_there(
    tmp_path: Path, ending: str, old: bytes | None
) -> None:
    path = tmp_path / f"lab{ending}"
    if old is not None:
        path.write_bytes(old)
    there = os.listdir(tmp_path)
    taken = 0
    while True:
        steps = exporting(LAB, path)
        last = list(itertools.islice(steps_of(steps), taken + 1))[taken:]
        if not last:
            break
        (step,) = last
        if callable(step) and taken % 2:
            # Its thread has just ended, but has not been heard yet.
            step()
        steps.close()
        if callable(step):
            # Its thread goes on, where nobody knows that the work was left.
            step()
        assert os.listdir(tmp_path) == there
        assert old is None or path.read_bytes() == old
        taken += 1
    assert taken >= 2, "making the bytes, and writing them"
    assert path.read_bytes() not in {b"", b"old"}
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("ending", [each for each in ENDINGS if each not in ANIMATIONS])
def test_what_was_analysed_is_not_analysed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    analysis = analyse(LAB.columns)
    write_export(LAB, tmp_path / f"alone{ending}")

    def not_again(_: Tally, run: Run) -> None:
        raise AssertionError(f"run {run.index} is counted again")

    monkeypatch.setattr(Tally, "add", not_again)
    write_export(LAB, tmp_path / f"given{ending}", analysis=analysis)
    given, alone = (tmp_path / f"{name}{ending}" for name in ("given", "alone"))
    # A PDF has an identifier of its own.
    assert ending == ".pdf" or given.read_bytes() == alone.read_bytes()


def test_a_document_that_is_saved_needs_no_relations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tally, "comparison", None)
    write_export(LAB, tmp_path / "lab.seedlab")
    assert to_json(read_lab(tmp_path / "lab.seedlab")) == to_json(LAB)
