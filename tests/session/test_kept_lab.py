"""A lab that is kept up to date: each run is written once, and whatever is torn off at the end, a whole lab is read."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from seedlab.results.run import Run
from seedlab.session import kept_lab, private_files
from seedlab.session.kept_lab import COLUMNS_FILE, LabWriter, NewerError, UnreadableError, read_kept
from seedlab.study.lab import Column, Lab, View
from tests.helpers.documents import CREATED, influenced_lab, talk, whole_lab
from tests.helpers.values import column, draw, run


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[LabWriter]:
    made = LabWriter(tmp_path)
    yield made
    made.close()


def lab_of(*columns: Column) -> Lab:
    return Lab(columns=columns, created=CREATED)


def drawn(index: int) -> Run:
    return run(index, draw("x", index))


def stream_of(folder: Path) -> bytes:
    (path,) = folder.glob("runs-*")
    return path.read_bytes()


def with_runs(made: Column, *runs: Run) -> Column:
    return replace(made, runs=(*made.runs, *runs))


@pytest.mark.parametrize("lab", [whole_lab(), influenced_lab(), talk()])
def test_a_lab_comes_back_whole(writer: LabWriter, tmp_path: Path, lab: Lab) -> None:
    writer.write(lab)
    assert read_kept(tmp_path) == lab


def test_each_run_is_written_once_and_the_columns_only_when_they_change(writer: LabWriter, tmp_path: Path) -> None:
    first, second = column(drawn(1), name="A"), column(name="B")
    writer.write(lab_of(first, second))
    columns, sizes = (tmp_path / COLUMNS_FILE).stat().st_mtime_ns, [len(stream_of(tmp_path))]
    for index in range(2, 12):
        first, second = with_runs(first, drawn(index)), with_runs(second, drawn(index))
        later = replace(lab_of(first, second), created=CREATED.replace(year=2020 + index))
        writer.write(later)
        assert read_kept(tmp_path) == later
        sizes.append(len(stream_of(tmp_path)))
    assert (tmp_path / COLUMNS_FILE).stat().st_mtime_ns == columns
    steps = [after - before for before, after in itertools.pairwise(sizes)]
    assert max(steps) < 2 * min(steps), "not the whole lab each time"


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_runs_that_end_in_any_order_are_never_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: tuple[int, ...]
) -> None:
    writer, ended, found = LabWriter(tmp_path), list[Run](), list[set[int]]()

    def replace_and_look(path: Path, data: bytes) -> None:
        # What is found by somebody who looks before the columns are replaced, and after.
        if path.exists():
            found.append({run.index for run in read_kept(tmp_path).columns[0].runs})
        private_files.replace_private(path, data)

    monkeypatch.setattr(kept_lab, "replace_private", replace_and_look)
    for index in order:
        ended = sorted([*ended, drawn(index)], key=lambda run: run.index)
        before = len(found)
        writer.write(lab_of(column(*ended)))
        assert all(indexes == set(order[: len(ended)]) for indexes in found[before:])
        assert read_kept(tmp_path) == lab_of(column(*ended))
    writer.close()


def test_whatever_happens_to_columns_is_kept(writer: LabWriter, tmp_path: Path) -> None:
    one, two, three = (column(drawn(1), drawn(2), name=name) for name in "ABC")
    for lab in (
        lab_of(one),
        lab_of(one, two),
        lab_of(two, one),
        lab_of(two, replace(one, name="renamed")),
        replace(lab_of(two, one, three), view=View("map", 1)),
        lab_of(with_runs(two, drawn(3)), three),
        lab_of(replace(one, runs=(drawn(9), one.runs[0]))),
        lab_of(replace(one, runs=())),
        lab_of(with_runs(replace(one, runs=(), script="other"), drawn(1))),
        lab_of(one, one),
    ):
        writer.write(lab)
        assert read_kept(tmp_path) == lab


def test_a_line_that_was_being_written_is_all_that_is_lost(writer: LabWriter, tmp_path: Path) -> None:
    whole = lab_of(column(drawn(1), drawn(2), drawn(3)))
    writer.write(lab_of(column(whole.columns[0].runs[0])))
    writer.write(whole)
    (path,) = tmp_path.glob("runs-*")
    data = path.read_bytes()
    lines = data.splitlines(keepends=True)
    for size in range(len(lines[0]), len(data) + 1):
        path.write_bytes(data[:size])
        runs = read_kept(tmp_path).columns[0].runs
        assert runs == whole.columns[0].runs[: data[:size].count(b"\n")]


def test_a_stream_that_is_mostly_waste_is_written_anew(
    writer: LabWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_lab, "_MUCH_BYTES", 1000)
    for index in range(60):
        writer.write(lab_of(column(drawn(index + 1), name=f"no. {index}")))
    assert len(stream_of(tmp_path)) < 3000
    assert read_kept(tmp_path) == lab_of(column(drawn(60), name="no. 59"))


def test_a_full_disk_leaves_what_was_kept_before_and_the_next_goes_on(
    writer: LabWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = lab_of(column(drawn(1))), lab_of(column(drawn(1), drawn(2)))
    writer.write(before)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="No space"):
            writer.write(lab_of(column(drawn(5), name="other")))
    assert read_kept(tmp_path) == before
    writer.write(after)
    assert read_kept(tmp_path) == after
    assert len(list(tmp_path.iterdir())) == 2


def test_names_that_utf_8_cannot_hold_are_no_reason_to_lose_results(writer: LabWriter, tmp_path: Path) -> None:
    writer.write(lab_of(column(drawn(1), name="sk\udcffript.py")))
    (found,) = read_kept(tmp_path).columns
    assert (found.name, found.runs) == ("sk\\udcffript.py", (drawn(1),))


def test_where_nothing_was_kept_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_kept(tmp_path)


@pytest.mark.parametrize("data", [b"", b"\x93nothing", b"{}", b'{"format": 2}', b'{"format": 4}', b'{"format": "3"}'])
def test_what_is_of_no_known_layout_is_not_read(tmp_path: Path, data: bytes) -> None:
    (tmp_path / COLUMNS_FILE).write_bytes(data)
    with pytest.raises(UnreadableError):
        read_kept(tmp_path)


def test_a_newer_layout_is_told_from_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / COLUMNS_FILE).write_bytes(b'{"format": 6, "what": "ever"}')
    with pytest.raises(NewerError):
        read_kept(tmp_path)


def test_each_changed_byte_is_read_or_refused(writer: LabWriter, tmp_path: Path) -> None:
    writer.write(lab_of(column(drawn(1))))
    writer.write(lab_of(column(drawn(1), drawn(2))))
    for path in sorted(tmp_path.iterdir()):
        data = path.read_bytes()
        for at in range(len(data)):
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            try:
                assert isinstance(read_kept(tmp_path), Lab)
            except (UnreadableError, NewerError):
                continue
        path.write_bytes(data)
    assert msgspec.json.decode((tmp_path / COLUMNS_FILE).read_bytes())["format"] == kept_lab.FORMAT
