"""The command line, as a separate process."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from seedlab import __version__
from seedlab.analysis.comparison import Tally
from seedlab.cli import main as cli
from seedlab.documents.embedding import embed_in_png, embed_in_svg
from seedlab.documents.files import read_lab
from seedlab.documents.writing import to_json
from seedlab.errors import DocumentError
from seedlab.export.exporting import ENDINGS
from seedlab.libraries.article import ARTICLE
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.libraries.today import TODAY
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run
from seedlab.session.settings import Settings
from seedlab.study.lab import Lab
from seedlab.study.script import MAX_SCRIPT
from tests.conftest import PythonWith
from tests.helpers.command_line import seedlab
from tests.helpers.comparisons import table_column, three_placements, wide_lab
from tests.helpers.documents import SVG, png, whole_lab
from tests.helpers.values import column


def test_list_names_the_presets_in_two_groups() -> None:
    done = seedlab("list")
    assert done.returncode == 0
    article, today = done.stdout.split("\n\n")
    assert [line.split()[0] for line in article.splitlines()] == ["The", *ARTICLE]
    assert [line.split()[0] for line in today.splitlines()] == ["Today", *TODAY]


def test_list_as_json_has_the_questions_and_their_answers(tmp_path: Path) -> None:
    presets = json.loads(seedlab("list", "--json", "-").stdout)["presets"]
    assert [preset["name"] for preset in presets] == [*ARTICLE, *TODAY]
    assert presets[-1] == {
        "name": "device-fallback",
        "group": "Today",
        "question": "Does an op for the GPU run on the GPU?",
        "answer": TODAY["device-fallback"].answer,
    }
    file = tmp_path / "list.json"
    assert seedlab("list", "--json", str(file)).returncode == 0
    assert json.loads(file.read_text(encoding="utf-8"))["presets"] == presets
    assert seedlab("list", "--json", str(tmp_path / "no" / "list.json")).returncode == 2


@pytest.mark.parametrize("name", ["random", "numpy", "after-op"])
def test_a_script_copied_into_a_file_runs_and_does_the_same(name: str, tmp_path: Path) -> None:
    script = tmp_path / "s.py"
    script.write_text(seedlab("script", name).stdout, encoding="utf-8")
    assert "seedlab" not in script.read_text()
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    (experiment,) = json.loads(seedlab("run", name, "--runs", "1", "--json", "-").stdout)["experiments"]
    if name == "after-op":
        assert done.stdout.splitlines()[2:] == experiment["runs"][0]["text"].splitlines()[2:], "the seeded op2"
    else:
        assert done.stdout == experiment["runs"][0]["text"]


def test_the_document_has_the_fields_of_its_format() -> None:
    done = seedlab("run", "numpy", "--runs", "2", "--json", "-")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert (document["format"], document["version"], document["seedlab"]) == ("seedlab", 2, __version__)
    (experiment,) = document["experiments"]
    assert experiment["name"] == "numpy"
    assert experiment["experiment"]["library"] == "numpy"
    assert experiment["interpreter"]["executable"] == sys.executable
    assert experiment["comparison"][0] == {"label": "1", "runs": 2, "distinct": 1, "verdict": "repeats"}
    assert [run["index"] for run in experiment["runs"]] == [1, 2]
    draw = experiment["runs"][0]["draws"][0]
    assert (draw["label"], draw["dtype"], draw["shape"]) == ("1", "float64", [3])
    np.random.seed(0)
    assert np.array(draw["values"]).tobytes() == np.random.rand(3).tobytes()
    event = experiment["runs"][0]["trace"][0]
    assert (event["event"], event["kind"], event["door"]) == ("source", "set", "numpy.random.seed")
    assert (event["line"], event["seed"]) == (3, 0)


def test_the_table_is_on_standard_output_and_the_progress_on_standard_error() -> None:
    done = seedlab("run", "random", "--runs", "2")
    assert "Every draw repeats in every run." in done.stdout
    assert "= repeats" in done.stdout
    assert "Equals the article to every printed digit." in done.stdout
    assert "2/2" in done.stderr
    assert "2/2" not in done.stdout


def test_choices_are_options() -> None:
    options = "--placement after-op --graph-seed -5 --op-seed none --device CPU:0 --distribution uniform"
    options += " --sample-size 4 --draws-per-op 1 --sessions 2"
    done = seedlab("script", "before-graph", *options.split())
    assert done.returncode == 0, done.stderr
    for line in (
        'with tf.device("/CPU:0"):',
        "rand_op2 = tf.random_uniform([4])",
        "tf.set_random_seed(-5)",
        'print("session2")',
    ):
        assert line in done.stdout


def test_a_choice_may_ask_a_library_for_what_it_does_anyway() -> None:
    options = "--op-seed none --device auto --sessions 1 --distribution normal"
    done = seedlab("script", "random", *options.split())
    assert (done.returncode, done.stdout) == (0, seedlab("script", "random").stdout), done.stderr


def test_a_library_without_a_preset_has_its_default() -> None:
    done = seedlab("run", "--library", "numpy-generator", "--placement", "none", "--runs", "3", "--json", "-")
    (experiment,) = json.loads(done.stdout)["experiments"]
    assert {row["distinct"] for row in experiment["comparison"]} == {3}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "random", "--graph-seed", "abc"], "--graph-seed must be a whole number, not “abc”"),
        (
            ["run", "numpy", "--graph-seed", "-1"],
            "Seed cannot be -1. Choose a whole number from 0 to 9223372036854775807.",
        ),
        (
            ["run", "numpy", "--graph-seed", "4294967296"],
            "Seed cannot be 4294967296. Choose a whole number from 0 to 4294967295, or seed a default_rng itself.",
        ),
        (["run", "after-op", "--graph-seed", str(2**63)], f"Graph seed cannot be {2**63}."),
        (["run", "after-op", "--op-seed", "1.5"], "--op-seed must be a whole number, not “1.5”"),
        (["run", "after-op", "--sample-size", "0"], "Values per draw cannot be 0."),
        (["run", "after-op", "--sample-size", "100000000"], "Values per draw cannot be 100000000."),
        (["run", "after-op", "--sample-size", "1000000", "--runs", "100"], "Choose fewer runs"),
        (["run", "random", "--runs", "0"], "The number of runs cannot be 0. Choose from 1 to 10000 runs."),
        (["run", "random", "--runs", "many"], "--runs must be a whole number, not “many”"),
        (["run", "random", "--jobs", "0"], "--jobs cannot be 0. Choose from 1 to 256 jobs."),
        (["run", "random", "--jobs", "257"], "--jobs cannot be 257. Choose from 1 to 256 jobs."),
        (["run", "random", "--timeout", "-1"], "--timeout cannot be “-1”"),
        (["run", "random", "--timeout", "86401"], "Give a number of seconds above 0, at most 86400."),
        (["run", "random", "--library", "os"], "The preset “random” has its own library."),
        (["run", "--library", "os"], "There is no library “os”. Choose one of: tensorflow-graph"),
        (["script"], "No experiment is named."),
        (["run", "random", "--sessions", "2"], "Python random has no sessions to choose."),
        (["run", "random", "--placement", "after-op"], "There is no placement “after-op”."),
        (["run", "after-op", "--device", "/etc"], "There is no device “/etc”"),
        (["run", "nothing"], "There is no preset “nothing”"),
        (["run"], "No experiment is named."),
        (["run", "missing.py"], "missing.py cannot be read: No such file or directory."),
        (["run", "random", "--python", "/nowhere/python"], "There is no Python called “/nowhere/python”"),
        (["run", "random", "--python", "true"], "is not a Python that can be used"),
        (["run", "random", "--export", "figure.xyz"], "its ending is not known"),
        (["run", "random", "--json", "/nowhere/lab.json"], "there is no folder /nowhere"),
        (["run", "random", "numpy", "--export", "s.py"], "a .py file holds one script, and there are 2 columns"),
        (["open"], "the following arguments are required: FILE"),
        (["open", "missing.seedlab"], "missing.seedlab cannot be read: No such file or directory."),
        (["open", "/"], "/ cannot be read: Is a directory."),
        (["open", sys.executable], f"{sys.executable} is not a document that can be read"),
        (["export", "missing.seedlab", "--to", "a.csv"], "missing.seedlab cannot be read"),
        (["export", "missing.seedlab"], "the following arguments are required: --to"),
        (["run", "random", "--export", "/nowhere/figure.csv"], "there is no folder /nowhere"),
        (["run", "random", "--unknown"], "not understood: --unknown"),
        (["dance"], "There is no command “dance”."),
    ],
)
def test_wrong_usage_is_said_in_one_line_and_exits_with_2(arguments: list[str], said: str) -> None:
    done = seedlab(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("seedlab: ")
    assert done.stdout == ""


def test_a_python_without_numpy_is_wrong_usage(bare_python: str) -> None:
    done = seedlab("run", "numpy", "--python", bare_python)
    assert done.returncode == 2
    assert "has no numpy" in done.stderr
    assert seedlab("run", "random", "--python", bare_python).returncode == 0
    beside = seedlab("run", "random", "numpy", "--python", bare_python)
    assert (beside.returncode, "has no numpy" in beside.stderr) == (2, True), "a column was left out in silence"


def test_a_tensorflow_that_dies_at_import_fails_the_runs(python_with: PythonWith) -> None:
    executable = python_with.tensorflow("import os; os.abort()")
    done = seedlab("run", "after-op", "--runs", "2", "--python", executable)
    assert done.returncode == 1
    assert "Runs 1, 2 failed: was ended by the signal SIGABRT." in done.stdout


@pytest.mark.parametrize(
    ("source", "status", "said"),
    [
        ("print('x:', 1)\nraise ValueError('no')", 1, "failed: line 2: ValueError: no"),
        ("print('x:', 1)\nimport sys; sys.exit(3)", 1, "failed: ended with exit status 3"),
        ("import os; print('x:', 1, flush=True); os.kill(os.getpid(), 9)", 1, "was ended by the signal SIGKILL"),
        ("import signal; print('x:', 1, flush=True); signal.pause()", 1, "timed out: did not end within 2 seconds"),
        ("pass", 0, "No values: the script printed nothing."),
        ("import sys; sys.stdout.buffer.write(bytes(range(256))); print('x:', 1)", 0, "= repeats"),
        ("print('x:', [float('nan'), float('inf'), -float('inf')])", 0, "nan"),
    ],
)
def test_whatever_a_script_does_is_told_with_the_right_status(
    tmp_path: Path, source: str, status: int, said: str
) -> None:
    script = tmp_path / "mine.py"
    script.write_text(source, encoding="utf-8")
    done = seedlab("run", str(script), "--runs", "2", "--timeout", "2")
    assert done.returncode == status, done.stderr
    assert said in done.stdout
    if source != "pass":
        assert "= repeats" in done.stdout, "what was drawn before is kept"


def test_a_script_that_fails_sometimes_keeps_the_runs_that_finished(tmp_path: Path) -> None:
    script, once = tmp_path / "mine.py", tmp_path / "once"
    script.write_text(f"import os\nos.mkdir({str(once)!r})\nprint('x:', 1)", encoding="utf-8")
    done = seedlab("run", str(script), "--runs", "3", "--jobs", "1", "--json", "-")
    runs = json.loads(done.stdout)["experiments"][0]["runs"]
    assert done.returncode == 1
    assert [run["outcome"] for run in runs] == ["finished", "failed", "failed"]
    assert runs[0]["draws"][0]["values"] == [1]


def test_the_way_to_start_is_told_with_the_reason_where_it_is_cold(tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text("import random\nprint('x:', hash('abc'))\n", encoding="utf-8")
    assert "cold (fewer than 5 runs are all cold)" in seedlab("run", str(script), "--runs", "2").stdout
    assert " · fork\n" in seedlab("run", "random", "--runs", "2").stdout
    assert " · cold\n" in seedlab("run", "random", "--runs", "2", "--start", "cold").stdout


def test_exports_are_written_in_the_form_of_their_ending(tmp_path: Path) -> None:
    names = ["a.csv", "a.md", "a.json", "a.png"]
    exports = [word for name in names for word in ("--export", str(tmp_path / name))]
    done = seedlab("run", "random", "numpy", "--runs", "2", *exports)
    assert done.returncode == 0, done.stderr
    assert (
        (tmp_path / "a.csv")
        .read_text()
        .startswith("column,experiment,run,outcome,draw,element,dtype,value,bits\n1,random,1,")
    )
    assert "| 1 | = repeats |" in (tmp_path / "a.md").read_text()
    assert json.loads((tmp_path / "a.json").read_text())["format"] == "seedlab"
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "plugin" not in done.stderr


def exported(path: Path, lab: Lab | None = None) -> str:
    """The name of a document of ``lab`` at ``path``."""
    path.write_bytes(to_json(whole_lab() if lab is None else lab))
    return str(path)


def test_a_document_is_exported_in_several_forms_without_running_anything(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    own = column(
        *whole_lab().columns[0].runs,
        name="own.py",
        script=f"open({str(ran)!r}, 'w')\n",
        interpreter=Interpreter(executable=str(tmp_path / "python"), python="3.11"),
    )
    document = exported(tmp_path / "lab.seedlab", Lab.of([own]))
    names = ["a.csv", "a.md", "a.json", "a.py", "a.seedlab", "a.png", "a.svg", "a.pdf"]
    done = seedlab("export", document, *(word for name in names for word in ("--to", str(tmp_path / name))))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["lab.seedlab", *names])
    assert (tmp_path / "a.py").read_text() == own.script
    assert (tmp_path / "a.csv").read_text().startswith("column,experiment,run,")
    for name in ("a.seedlab", "a.json", "a.png", "a.svg"):
        assert read_lab(tmp_path / name) == read_lab(tmp_path / "lab.seedlab")


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """Lists each run that is counted for an analysis in this process."""
    runs: list[Run] = []
    add = Tally.add

    def counting(tally: Tally, run: Run) -> None:
        runs.append(run)
        add(tally, run)

    monkeypatch.setattr(Tally, "add", counting)
    return runs


def test_all_that_is_exported_has_one_analysis(tmp_path: Path, analysed: list[Run]) -> None:
    document = exported(tmp_path / "lab.seedlab")
    analysed.clear()
    names = ["a.md", "b.md", "a.json", "a.seedlab", "a.png", "a.svg", "a.pdf"]
    assert opened("export", document, *(word for name in names for word in ("--to", str(tmp_path / name)))) == (0, [])
    assert len(analysed) == sum(len(column.runs) for column in whole_lab().columns)


def test_all_that_a_run_shows_and_writes_has_one_analysis(
    tmp_path: Path, analysed: list[Run], capsys: pytest.CaptureFixture[str]
) -> None:
    exports = [word for name in ("a.md", "a.png", "a.seedlab") for word in ("--export", str(tmp_path / name))]
    assert opened("run", "random", "--runs", "2", "--json", str(tmp_path / "a.json"), *exports) == (0, [])
    assert "repeats" in capsys.readouterr().out
    assert len(analysed) == 2


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_is_exported_from_what_it_holds(tmp_path: Path, form: str) -> None:
    picture = tmp_path / "named.otherwise"
    embedded = embed_in_png(png(), to_json(whole_lab())) if form == "png" else embed_in_svg(SVG, to_json(whole_lab()))
    picture.write_bytes(embedded)
    assert seedlab("export", str(picture), "--to", str(tmp_path / "a.json")).returncode == 0
    assert (tmp_path / "a.json").read_bytes() == to_json(whole_lab())


@pytest.mark.parametrize("target", ["missing/a.csv", "a.xyz", "a.py"])
def test_nothing_is_exported_where_one_of_the_forms_cannot_be(tmp_path: Path, target: str) -> None:
    document = exported(tmp_path / "lab.seedlab")
    done = seedlab("export", document, "--to", str(tmp_path / "a.csv"), "--to", str(tmp_path / target))
    assert done.returncode == 2
    assert "cannot be" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["lab.seedlab"]


def test_what_a_run_exports_is_the_document_that_it_prints(tmp_path: Path) -> None:
    exports = ["--export", str(tmp_path / "lab.seedlab"), "--export", str(tmp_path / "s.py")]
    done = seedlab("run", "random", "--runs", "2", "--json", "-", *exports)
    assert (tmp_path / "lab.seedlab").read_text() == done.stdout
    lab = read_lab(tmp_path / "lab.seedlab")
    assert [column.trusted for column in lab.columns] == [True]
    assert (tmp_path / "s.py").read_text() == lab.columns[0].script == seedlab("script", "random").stdout


def test_a_script_of_ones_own_is_opened_and_exported_without_being_run(tmp_path: Path) -> None:
    script = tmp_path / "own.py"
    script.write_text("open('executed', 'w')\nprint('x:', 1)\n", encoding="utf-8")
    for words in (["open", str(script)], [str(script)]):
        assert opened(*words) == (0, [(None, script)])
    assert opened("--python", "py", str(script)) == (0, [("py", script)])
    lab = read_lab(script)
    assert [(column.name, column.trusted, column.runs) for column in lab.columns] == [("own.py", False, ())]
    assert seedlab("export", str(script), "--to", str(tmp_path / "own.md")).returncode == 0
    assert "print('x:', 1)" in (tmp_path / "own.md").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.md", "own.py"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is empty"),
        (b"x = '\xff'", "it is not UTF-8 text, at byte 5"),
        (b"#" * (MAX_SCRIPT + 1), "a script has at most 1,000,000 characters"),
    ],
)
def test_a_file_that_is_no_script_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    script = tmp_path / "own.py"
    script.write_bytes(data)
    for command in (["open", str(script)], ["run", str(script)]):
        if data or command[0] == "open":
            done = seedlab(*command)
            assert done.returncode == 2
            assert said in done.stderr


def test_brackets_are_no_markup(tmp_path: Path) -> None:
    script = tmp_path / "[red]own.py"
    script.write_text("print('[bold]x[/bold]:', [float('nan')])\n", encoding="utf-8")
    said = seedlab("run", str(script), "--runs", "2")
    assert said.returncode == 0, said.stderr
    for text in ("[red]own.py", "[bold]x[/bold]", "[nan]"):
        assert text in said.stdout


def test_names_may_come_after_options_and_twice(tmp_path: Path) -> None:
    done = seedlab("run", "random", "--runs", "2", "random", "--export", str(tmp_path / "lab.json"))
    assert done.returncode == 0
    assert [column.name for column in read_lab(tmp_path / "lab.json").columns] == ["random", "random (2)"]
    assert done.stdout.rstrip().endswith("All columns\nEvery draw repeats everywhere.")


def test_a_picture_is_drawn_as_the_options_say(tmp_path: Path) -> None:
    document, picture = exported(tmp_path / "lab.seedlab"), tmp_path / "a.png"
    options = ["--size", "900x700", "--scale", "1.5", "--paper", "dark", "--look", "values", "--no-data", "--no-script"]
    assert seedlab("export", document, "--to", str(picture), *options).returncode == 0
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1350, 1050)
    assert image.pixelColor(0, 0).lightness() < 64
    with pytest.raises(DocumentError):
        read_lab(picture)
    assert seedlab("export", document, "--to", str(picture), "--look", "map").returncode == 0
    assert read_lab(picture).view.look == "map"


def test_columns_and_rows_are_chosen(tmp_path: Path) -> None:
    document = exported(tmp_path / "lab.json", Lab.of(three_placements()))
    names = [str(tmp_path / name) for name in ("part.png", "part.csv", "part.seedlab")]
    chosen = ["--columns", "3,before graph", "--rows", "op2*,op1-1"]
    done = seedlab("export", document, *(word for name in names for word in ("--to", name)), *chosen)
    assert (done.returncode, done.stderr) == (0, "")
    picture, whole = read_lab(tmp_path / "part.png"), read_lab(tmp_path / "part.seedlab")
    assert [column.name for column in picture.columns] == ["after op", "before graph"]
    for lab in (picture, whole):
        assert [len(column.runs[0].draws) for column in lab.columns] == [4, 4], "a document is complete"
    assert "op1-2" not in (tmp_path / "part.csv").read_text(encoding="utf-8")


def test_runs_are_told_though_the_chosen_rows_are_not_there(tmp_path: Path) -> None:
    done = seedlab("run", "random", "--runs", "2", "--export", str(tmp_path / "a.md"), "--rows", "9")
    assert done.returncode == 1
    assert "seedlab: --rows names “9”, and there is no such draw. There are 1, 2, 3" in done.stderr
    assert "Every draw repeats" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_nothing_is_refused(tmp_path: Path) -> None:
    done = seedlab("run", "random", "--rows", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "seedlab: --rows says what is exported, and nothing is. Add --export FILE.\n"
    document = exported(tmp_path / "lab.json", Lab.of([table_column([{"loss[0]": [1.0], "b": [2.0]}])]))
    assert seedlab("export", document, "--to", str(tmp_path / "a.csv"), "--rows", "loss[0]").returncode == 0
    assert "loss[0]" in (tmp_path / "a.csv").read_text(encoding="utf-8")


def test_small_type_is_warned_of(tmp_path: Path) -> None:
    document = exported(tmp_path / "lab.json", wide_lab(20, 8, 3))
    done = seedlab("export", document, "--to", str(tmp_path / "a.png"), "--size", "slide", "--scale", "1")
    assert done.returncode == 0
    assert "a.png: The smallest type has" in done.stderr
    assert "Choose a larger --size" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--columns", "9"], "--columns names “9”, and there is no such column. There are 1"),
        (["--columns", ","], "--columns names nothing. Give names with commas between them."),
        (["--rows", "lost"], "--rows names “lost”, and there is no such draw. There are"),
        (["--size", "huge"], "--size cannot be “huge”"),
        (["--size", "10x10"], "--size cannot be “10x10”"),
        (["--scale", "9"], "--scale cannot be “9”. Give a number from 1 to 4."),
        (["--scale", "nan"], "--scale cannot be “nan”"),
        (["--paper", "blue"], "--paper"),
    ],
)
def test_a_picture_that_cannot_be_drawn_so_is_refused(tmp_path: Path, options: list[str], said: str) -> None:
    done = seedlab("export", exported(tmp_path / "lab.seedlab"), "--to", str(tmp_path / "a.png"), *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["lab.seedlab"]


def test_help_names_every_ending() -> None:
    for command in ("run", "export"):
        said = seedlab(command, "--help", COLUMNS="1000").stdout
        assert f"write {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}; may be repeated" in said


def opened(*arguments: str) -> tuple[int, list[tuple[str | Path | None, ...]]]:
    """The exit status of a command line, and what the window was opened with: the Python, and documents."""
    windows: list[tuple[str | Path | None, ...]] = []

    def open_window(python: str | None, documents: Sequence[Path], is_talk: bool) -> int:
        assert not is_talk
        windows.append((python, *documents))
        return 0

    return cli.main(arguments, open_window), windows


def test_the_window_opens_with_an_interpreter_and_a_document(tmp_path: Path) -> None:
    document = exported(tmp_path / "lab.seedlab")
    assert opened() == (0, [(None,)])
    assert opened("--python", "py") == (0, [("py",)])
    assert opened("open", document) == (0, [(None, Path(document))])
    assert opened("open", document, "--python", "py") == (0, [("py", Path(document))])
    assert opened("--python", "py", "open", document) == (0, [("py", Path(document))])


def test_several_files_are_opened_together(tmp_path: Path) -> None:
    document, script = Path(exported(tmp_path / "lab.seedlab")), tmp_path / "train.py"
    script.write_text("print('drawn:', 1)\n")
    assert opened("open", str(script), str(document)) == (0, [(None, script, document)])
    assert opened(str(script), document.as_uri()) == (0, [(None, script, document)])
    assert opened("open", str(script), str(tmp_path / "missing.seedlab")) == (2, [])


def test_a_desktop_s_menu_opens_the_window_whatever_its_files_are(tmp_path: Path) -> None:
    document = Path(exported(tmp_path / "100 % für dich.seedlab"))
    missing = tmp_path / "missing.seedlab"
    assert opened("--from-desktop") == (0, [(None,)])
    assert opened("--python", "py", "--from-desktop", document.as_uri(), str(missing)) == (
        0,
        [("py", document, missing)],
    )


def test_the_window_does_not_open_for_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "lab.seedlab"
    document.write_bytes(to_json(whole_lab()).replace(b'"finished"', b'"exploded"'))
    assert opened("open", str(document)) == (2, [])
    said = capsys.readouterr().err
    assert said.startswith(f"seedlab: {document} cannot be read: at $.experiments[0].runs[0].outcome, ")
    assert len(said.splitlines()) == 1


def test_without_a_screen_the_window_says_so_and_names_the_command_that_does_without(tmp_path: Path) -> None:
    for arguments in ([], ["open", exported(tmp_path / "lab.seedlab")]):
        done = seedlab(*arguments, DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
        assert done.returncode == 2
        assert done.stderr.startswith("seedlab: There is no screen")
        assert "seedlab run" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_screen_that_does_not_answer_is_said_in_one_line() -> None:
    done = seedlab(DISPLAY=":987", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="xcb")
    assert done.returncode == 2
    assert done.stderr.startswith("seedlab: ")
    assert "seedlab run" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_missing_system_library_is_said_in_one_line(tmp_path: Path) -> None:
    # A library of that name without contents: the dynamic linker refuses it as it does a missing one.
    (tmp_path / "libEGL.so.1").write_bytes(b"")
    (tmp_path / "libGL.so.1").write_bytes(b"")
    done = seedlab(LD_LIBRARY_PATH=str(tmp_path))
    assert done.returncode == 2
    assert "needs the system library" in done.stderr
    assert "seedlab run" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_commands_do_not_import_qt() -> None:
    program = (
        "import sys\nfrom seedlab.cli import main as cli\n"
        "cli.main(['list'], lambda python, document: 0)\n"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'pyqtgraph', 'rich', 'tensorflow'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_preset_has_a_script() -> None:
    for name in (*ARTICLE, next(iter(TODAY))):
        assert seedlab("script", name).stdout == script_of(PRESETS[name].experiment).text


def test_the_defaults_of_the_options_are_those_of_the_settings() -> None:
    options, settings = cli.make_parser().parse_args(["run", "random"]), Settings()
    given = int(options.runs), options.jobs, float(options.timeout), options.start
    assert given == (settings.runs, settings.jobs, settings.timeout_s, settings.start)
