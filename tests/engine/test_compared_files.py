"""Files that runs write are draws of these runs, in every way to start and in private views."""

import json
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from seedlab.analysis.comparison import compare
from seedlab.analysis.rows import Row, Verdict
from seedlab.documents.reading import from_json
from seedlab.documents.writing import to_json
from seedlab.engine import compared_files, file_contents, file_patterns, private_views
from seedlab.engine.executors.executor import Start
from seedlab.engine.file_contents import contents_of
from seedlab.engine.request import RunRequest
from seedlab.results.run import Outcome, Run
from seedlab.study.lab import Column, Lab
from tests.helpers.starting import WAYS, Workbench

SCRIPT = """
import json, os, random
import numpy as np

np.random.seed(1)
np.savez("weights.npz", w1=np.random.rand(3), step=np.int32(5), free=np.array([random.random()]))
np.save("out.npy", np.arange(4, dtype=">f4").reshape(2, 2).T)
with open("losses.csv", "w") as file:
    file.write(f"epoch,loss\\n1,0.5\\n2,{random.random()}\\n")
with open("metrics.json", "w") as file:
    json.dump({"a": 1}, file)
os.makedirs("deep/er", exist_ok=True)
with open("deep/er/model.bin", "wb") as file:
    file.write(b"\\0\\1\\2")
print("x:", 1)
"""
PATTERNS = ("weights.npz", "*.npy", "*.csv", "metrics.json", "**/*.bin", "nothing-*.npz")
LABELS = [
    "x", "weights.npz: w1", "weights.npz: step", "weights.npz: free", "out.npy", "losses.csv", "metrics.json",
    "deep/er/model.bin",
]  # fmt: skip
NOTHING = "no file is called nothing-*.npz, so nothing of it is compared"


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "my project"
    place.mkdir()
    return place


def program(folder: Path, script: str = SCRIPT, *compares: str, **options: Any) -> RunRequest:
    path = folder / "train.py"
    path.write_text(script)
    return RunRequest(
        script=script, executable=sys.executable, path=str(path), name="train.py", folder=str(folder),
        compares=compares or PATTERNS, **options,
    )  # fmt: skip


def runs_of(bench: Workbench, request: RunRequest, way: Start = Start.COLD, runs: int = 2) -> list[Run]:
    made = [bench.wait(bench.executors[way].run(replace(request, index=index))) for index in range(1, runs + 1)]
    for run in made:
        assert run.outcome is Outcome.FINISHED, run.problem + run.details
    return made


def check_draws(runs: list[Run]) -> dict[str, Row]:
    """Check what the files of SCRIPT have, and return the rows of the comparison."""
    for run in runs:
        assert [draw.label for draw in run.draws] == LABELS
        drawn = {draw.label: draw for draw in run.draws}
        assert drawn["weights.npz: w1"].array.tobytes() == np.random.RandomState(1).rand(3).tobytes()
        assert (drawn["weights.npz: step"].dtype, drawn["weights.npz: step"].shape) == ("int32", ())
        assert drawn["out.npy"].array.tolist() == [[0, 2], [1, 3]]
        assert drawn["metrics.json"].text == '{"a": 1}'
        assert drawn["deep/er/model.bin"].text.startswith("3 bytes, digest ")
        assert [draw.file for draw in run.draws] == [None, *(label.partition(":")[0] for label in LABELS[1:])]
    rows = {row.label: row for row in compare(runs).rows}
    differing = {label for label, row in rows.items() if row.verdict is not Verdict.REPEATS}
    assert differing == {"weights.npz: free", "losses.csv"}
    found = rows["losses.csv"].text
    assert found is not None
    assert (found.code, found["line"], found["lines_differing"]) == ("text.numbers-differ-in-lines", 3, 1)
    return rows


@pytest.mark.parametrize("way", WAYS)
def test_files_are_draws_in_every_way_to_start(bench: Workbench, folder: Path, way: Start) -> None:
    runs = runs_of(bench, program(folder), way)
    assert {run.start for run in runs} == {way.value}
    rows = check_draws(runs)
    assert {run.notes for run in runs} == {(NOTHING,)}
    largest = rows["weights.npz: free"].largest_difference
    assert largest is not None
    assert 0 < largest < 1


def test_files_are_read_as_a_private_view_has_them_and_only_there(bench: Workbench, folder: Path) -> None:
    (folder / "losses.csv").write_text("old")
    runs = runs_of(bench, program(folder, is_private=True))
    check_draws(runs)
    assert {run.notes for run in runs} == {(NOTHING,)}
    assert sorted(os.listdir(folder)) == ["losses.csv", "train.py"]
    assert (folder / "losses.csv").read_text() == "old"


def test_files_are_read_from_the_copy_where_there_are_no_views(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_views, "_made", lambda folder: folder / ("x" * 300))
    bench = Workbench()
    runs = runs_of(bench, program(folder, is_private=True))
    check_draws(runs)
    assert {run.notes for run in runs} == {(NOTHING, private_views.COPIED)}
    assert os.listdir(folder) == ["train.py"]
    bench.close()


def test_what_the_run_removes_is_gone_in_its_view_and_what_it_makes_anew_is_new(bench: Workbench, folder: Path) -> None:
    (folder / "out").mkdir()
    for name in ("old.csv", "out/old.csv"):
        (folder / name).write_text("1")
    script = "import os, shutil\nos.remove('old.csv')\nshutil.rmtree('out')\nos.mkdir('out')\n"
    script += "open('out/new.csv', 'w').write('2')\n"
    (run,) = runs_of(bench, program(folder, script, "**/*.csv", is_private=True), runs=1)
    assert [(draw.label, draw.text) for draw in run.draws] == [("out/new.csv", "2")]
    assert run.notes == ()


@pytest.mark.parametrize("is_private", [False, True])
def test_a_file_from_before_is_read_and_told(bench: Workbench, folder: Path, *, is_private: bool) -> None:
    np.save(folder / "old.npy", np.ones(2))
    np.save(folder / "same.npy", np.ones(2))
    script = "import numpy as np\nnp.save('same.npy', np.ones(2))\nnp.load('old.npy')\n"
    (run,) = runs_of(bench, program(folder, script, "*.npy", is_private=is_private), runs=1)
    assert [draw.label for draw in run.draws] == ["old.npy", "same.npy"]
    assert run.notes == ("old.npy was there before, and this run did not write it",)


@pytest.mark.parametrize("is_private", [False, True])
def test_links_are_followed_as_the_run_sees_them_and_never_out_of_the_folder(
    bench: Workbench, folder: Path, *, is_private: bool
) -> None:
    (folder.parent / "secret.csv").write_text("secret")
    (folder / "real.csv").write_text("old")
    script = (
        "import os\nopen('real.csv', 'w').write('new')\nos.symlink(os.path.abspath('real.csv'), 'link.csv')\n"
        "os.symlink('../secret.csv', 'out.csv')\nos.symlink('..', 'up')\nos.mkfifo('pipe.csv')\nos.mkdir('d.csv')\n"
        "os.symlink('loop.csv', 'loop.csv')\n"
    )
    request = program(folder, script, "link.csv", "*.csv", "up/*", "d.csv", is_private=is_private)
    (run,) = runs_of(bench, request, runs=1)
    assert {(draw.label, draw.text) for draw in run.draws} == {("link.csv", "new"), ("real.csv", "new")}
    assert set(run.notes) == {
        "no file is called up/*, so nothing of it is compared",
        "d.csv is a folder: its files are compared where they are named, as by d.csv/*",
        "loop.csv leads out of the folder: it is not compared",
        "out.csv leads out of the folder: it is not compared",
        "pipe.csv cannot be read: it is not a file",
    }


def test_a_run_that_fails_has_no_draws_of_files(bench: Workbench, folder: Path) -> None:
    script = "open('out.csv', 'w').write('1')\nprint('x:', 1)\nraise ValueError\n"
    run = bench.wait(bench.executors[Start.COLD].run(program(folder, script, "out.csv")))
    assert run.outcome is Outcome.FAILED
    assert [draw.label for draw in run.draws] == ["x"]


def test_draws_of_files_are_saved_as_others_are(bench: Workbench, folder: Path) -> None:
    runs = runs_of(bench, program(folder))
    lab = Lab.of([Column(name="train.py", experiment=None, script=SCRIPT, runs=tuple(runs))])
    (column,) = from_json(to_json(lab), "").columns
    assert column.runs == tuple(replace(run, effects=None) for run in runs)
    drawn = json.loads(to_json(lab))["experiments"][0]["runs"][0]["draws"]
    assert [draw.get("file") for draw in drawn] == [draw.file for draw in runs[0].draws]


def test_parts_of_a_file_are_no_calls_of_an_op(bench: Workbench, folder: Path) -> None:
    script = "import numpy as np\nnp.savez('w.npz', **{'a/0': np.zeros(2), 'a/1': np.zeros(2), 'b/0': np.zeros(2)})\n"
    assert compare(runs_of(bench, program(folder, script, "w.npz"))).relations == ()


def test_weights_of_keras_are_compared_to_the_bit(bench: Workbench, folder: Path) -> None:
    script = """
import keras
keras.utils.set_random_seed(3)
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(3)])
model.save("model.keras")
model.save_weights("model.weights.h5")
"""
    runs = runs_of(bench, program(folder, script, "model.keras", "*.h5", is_private=True))
    labels = [draw.label for draw in runs[0].draws if draw.file]
    assert "model.keras: config.json" in labels
    for name in ("model.keras", "model.weights.h5"):
        drawn = [draw for draw in runs[0].draws if draw.file == name and draw.dtype == "float32"]
        assert [draw.shape for draw in drawn] == [(2, 3), (3,)]
    rows = compare(runs).rows
    assert {row.verdict for row in rows} == {Verdict.REPEATS}, [row.label for row in rows]
    assert all("metadata" not in label for label in labels)


# --- what is in files --------------------------------------------------------------------------


def contents(path: Path) -> tuple[list[str], tuple[str, ...]]:
    with path.open("rb") as file:
        found = contents_of(path.name, file)
    return [value.data.decode() if value.dtype == "text" else value.name for value in found.values], found.notes


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, good=np.ones(1), bad=np.array([print], object))
    (good, bad), notes = contents(path)
    assert good == "good"
    assert "digest" in bad
    assert notes == ("its bad.npy holds Python objects, which are not read: a digest of that is compared",)


def test_what_claims_more_than_it_has_is_compared_by_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.ones(4))
    path.write_bytes(path.read_bytes().replace(b"(4,)", b"(9999999999999,)").replace(b" " * 12, b"", 1))
    (text,), notes = contents(path)
    assert "digest" in text
    assert notes == ("claims more values than it has: it is compared by a digest of its bytes",)


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.keras", "a.h5"])
def test_what_is_not_what_its_name_says_is_compared_by_its_digest(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x89HDF\r\n\x1a\nPK\3\4 no")
    (text,), (note,) = contents(path)
    assert text.startswith("15 bytes, digest ")
    assert note.startswith("cannot be read as .")
    assert note.endswith(": it is compared by a digest of its bytes")


def test_what_is_too_large_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1" * 30)
    monkeypatch.setattr(file_contents, "MAX_TEXT_BYTES", 20)
    assert "is a text larger than" in contents(path)[1][0]
    monkeypatch.setattr(file_contents, "MAX_READ_BYTES", 20)
    (text,), notes = contents(path)
    assert text.startswith("30 bytes, digest ")
    assert "compared by a digest of its bytes" in notes[0]
    monkeypatch.setattr(file_contents, "MAX_DIGESTED_BYTES", 20)
    values, notes = contents(path)
    assert values == []
    assert "it is not compared" in notes[0]


def test_a_small_file_that_unpacks_to_much_is_compared_by_its_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", bytes(10_000))
    monkeypatch.setattr(file_contents, "MAX_UNPACKED_BYTES", 1_000)
    assert contents(path)[1] == ("holds too much: it is compared by a digest of its bytes",)


def test_hdf5_that_points_to_other_files_is_not_followed(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.h5"
    (tmp_path / "secret").write_bytes(bytes(8))
    with h5py.File(path, "w") as file:
        file["here"] = np.ones(2)
        file["again"] = file["here"]
        file["link"] = h5py.ExternalLink("other.h5", "/x")
        file["words"] = ["a", "b"]
        file.create_dataset("far", (1,), "f8", external=[(str(tmp_path / "secret"), 0, 8)])
    values, notes = contents(path)
    assert values == ["again"]
    assert set(notes) == {f"holds {name}, which is not numbers and is not compared" for name in ("far", "words")}


def test_a_digest_has_no_digits_that_would_be_compared_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"1")
    ((text,), _) = contents(path)
    assert not any(letter.isdigit() for letter in text.partition("digest")[2])


def test_many_files_and_large_folders_are_bounded(
    bench: Workbench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "for name in 'abcd':\n    open(f'{name}.csv', 'w').write(name * 40)\n"
    monkeypatch.setattr(compared_files, "MAX_FILES", 3)
    (run,) = runs_of(bench, program(folder, script, "*.csv"), runs=1)
    assert [draw.label for draw in run.draws] == ["a.csv", "b.csv", "c.csv"]
    assert "more than 3 files are to be compared: the rest is left out" in run.notes
    monkeypatch.setattr(compared_files, "MAX_BYTES", 100)
    (run,) = runs_of(bench, program(folder, script, "*.csv"), runs=1)
    assert [draw.label for draw in run.draws] == ["a.csv", "b.csv"]
    assert any(note.endswith("c.csv is left out") for note in run.notes)
    monkeypatch.setattr(file_patterns, "MAX_ENTRIES", 2)
    (run,) = runs_of(bench, program(folder, script, "*.csv"), runs=1)
    assert any("too many files to look at" in note for note in run.notes)
