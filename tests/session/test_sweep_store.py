"""The results of sweeps on disk: real files, cut anywhere, and read again."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from seedlab.errors import DocumentError, RunRefusedError, SeedlabError
from seedlab.results.run import TEXT, Draw, Outcome, Run
from seedlab.session import sweep_store
from seedlab.session.sweep_folders import opened
from seedlab.session.sweep_store import MAX_DRAW_BYTES, About, SweepResults, SweepStore
from seedlab.study.sweep import Axis, Seeds, Sweep

ABOUT = About(name="train.py", key="k", turns=("seed=42",), seeds=("0..9",), own=(42,))


def run_of(number: int) -> Run:
    """A run that drew ``number`` alone and in an array, and a text with it."""
    loss, weights = np.float32(number / 4), np.arange(number, number + 4, dtype="<f8")
    return Run(
        index=number,
        outcome=Outcome.FINISHED,
        seconds=0.25,
        text="",
        draws=(
            Draw("loss", "float32", (), loss.tobytes(), 3),
            Draw("weights", "float64", (2, 2), weights.tobytes(), 4),
            Draw("line 5", TEXT, (), f"acc {number}".encode(), 5),
            Draw("large", "uint8", (MAX_DRAW_BYTES + 1,), bytes(MAX_DRAW_BYTES + 1), 6),
        ),
        trace=(),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SweepStore]:
    store = opened(ABOUT, tmp_path / "sweep")
    yield store
    store.close()


def written(store: SweepStore, numbers: range) -> None:
    for number in numbers:
        store.add((number,), run_of(number))


def test_what_was_drawn_comes_back_by_label_and_element(store: SweepStore) -> None:
    written(store, range(5))
    results = SweepResults(store.folder)
    assert results.labels() == ("loss", "weights", "line 5", "large")
    loss = results.numbers("loss")
    assert loss.values.tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert loss.points.tolist() == [[0], [1], [2], [3], [4]]
    assert (loss.size, results.numbers("weights").size) == (1, 4)
    assert results.numbers("weights", 3).values.tolist() == [3.0, 4.0, 5.0, 6.0, 7.0]
    assert results.numbers("line 5").values.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert results.numbers("nothing").values.size == 0


def test_of_a_large_draw_a_digest_is_kept_unless_it_is_named(store: SweepStore) -> None:
    store.add((1,), run_of(1))
    store.add((2,), run_of(2), whole=["large"])
    found = SweepResults(store.folder).numbers("large", 7)
    assert np.isnan(found.values[0])
    assert found.values[1] == 0.0
    assert found.digests == 1


def test_parts_are_closed_as_they_grow_and_nothing_changes_by_that(
    store: SweepStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_store, "PART_RUNS", 4)
    written(store, range(10))
    names = sorted(path.name for path in store.folder.iterdir())
    assert names == ["000001.arrow", "000002.arrow", "000003.stream", "lock", "sweep.json"]
    assert SweepResults(store.folder).numbers("loss").values.tolist() == [number / 4 for number in range(10)]
    store.close()
    assert SweepResults(store.folder).numbers("loss").values.tolist() == [number / 4 for number in range(10)]


def test_a_stream_that_is_cut_anywhere_has_all_runs_before_the_cut(tmp_path: Path) -> None:
    store = opened(ABOUT, tmp_path / "whole")
    sizes = []
    stream = tmp_path / "whole" / "000001.stream"
    for number in range(6):
        store.add((number,), run_of(number))
        sizes.append(stream.stat().st_size)
    data = stream.read_bytes()
    store.close()
    for number, cut in enumerate([1, 7, sizes[0] - 1, sizes[0], sizes[1] - 9, sizes[3] + 4, sizes[5] - 1, sizes[5]]):
        folder = tmp_path / f"cut{number}"
        folder.mkdir()
        (folder / "sweep.json").write_bytes((tmp_path / "whole" / "sweep.json").read_bytes())
        (folder / "000001.stream").write_bytes(data[:cut])
        whole = sum(size <= cut for size in sizes)
        assert len(SweepResults(folder).numbers("loss").values) == whole
        again = opened(ABOUT, folder)
        assert len(again.done()) == whole
        again.add((100,), run_of(100))
        again.close()
        assert SweepResults(folder).numbers("loss").values.tolist() == [*(n / 4 for n in range(whole)), 25.0]


def test_a_kill_between_closing_a_part_and_removing_its_stream_counts_no_run_twice(store: SweepStore) -> None:
    written(store, range(3))
    data = (store.folder / "000001.stream").read_bytes()
    store.close()
    (store.folder / "000001.stream").write_bytes(data)
    assert len(SweepResults(store.folder).numbers("loss").values) == 3
    again = opened(ABOUT, store.folder)
    assert not list(store.folder.glob("*.stream"))
    again.close()
    assert len(SweepResults(store.folder).numbers("loss").values) == 3


def test_only_the_points_that_are_asked_for_count_and_the_own_seed(store: SweepStore) -> None:
    written(store, range(50))
    for text, points in (("3..5", [3, 4, 5, 42]), ("7,1", [1, 7, 42]), ("40..43", [40, 41, 42, 43])):
        asked = Sweep((Axis("seed=42", Seeds.of(text)),))
        found = SweepResults(store.folder, asked).numbers("loss").points[:, 0].tolist()
        assert sorted(found) == points


def test_two_at_once_do_not_write_to_one_sweep(store: SweepStore) -> None:
    with pytest.raises(RunRefusedError, match="another seedlab"):
        opened(ABOUT, store.folder)
    store.close()
    opened(ABOUT, store.folder).close()


def test_the_folder_of_another_sweep_is_refused_and_left_as_it_is(store: SweepStore) -> None:
    store.add((1,), run_of(1))
    store.close()
    with pytest.raises(RunRefusedError, match="another sweep"):
        opened(About(name="other.py", key="other"), store.folder)
    assert SweepResults(store.folder).about.name == "train.py"
    opened(ABOUT, store.folder).close()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 99, "name": "x", "key": "k"}', b"\xff" * 9])
def test_what_is_no_sweep_is_refused_with_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sweep.json").write_bytes(content)
    with pytest.raises(SeedlabError):
        SweepResults(tmp_path)
    with pytest.raises(SeedlabError):
        opened(ABOUT, tmp_path)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DocumentError, match="cannot be written"):
        opened(ABOUT, tmp_path / "file" / "sweep")
