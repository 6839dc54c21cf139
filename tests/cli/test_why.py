"""``seedlab why``: the table of sources and draws, sentences, documents and statuses."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import seedlab, started
from tests.programs.plain_runs import PROGRAMS

SPAM = PROGRAMS / "spam"
SEEDED = "import random\nrandom.seed(1)\nprint('a:', random.random())\n"
LEAK = f"{SEEDED}generator = random.Random()\nprint('b:', generator.random())\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def why(folder: Path, script: str, *options: str) -> tuple[int, list[str], str]:
    (folder / "train.py").write_text(script, encoding="utf-8")
    ended = seedlab("why", "train.py", "--python", sys.executable, *options)
    return ended.returncode, ended.stdout.splitlines(), ended.stderr


def test_the_sources_stand_at_their_lines_with_dots_under_the_draws_that_they_move(folder: Path) -> None:
    status, lines, _ = why(folder, LEAK)
    assert status == 1
    table = [line.split() for line in lines if line.startswith("line ")]
    assert table == [
        ["line", "2", "random.seed(1)", "seed", "1", "■", "·"],
        ["line", "4", "generator", "=", "random.Random()", "no", "seed", "·", "●"],
    ]
    assert "a repeats: it is moved by the seed 1 that random.seed() sets at line 2 alone." in lines
    (told,) = (line for line in lines if line.startswith("b does not repeat"))
    assert told.startswith("b does not repeat: it is moved by random.Random() at line 4, without a seed.")
    assert "does not move it" in told
    assert "b: runs 1 and 2 part at line 4, where random.Random takes entropy." in lines


def test_a_script_whose_draws_repeat_has_the_status_0(folder: Path) -> None:
    assert why(folder, SEEDED)[0] == 0


def test_a_run_that_does_not_finish_has_the_status_3(folder: Path) -> None:
    assert why(folder, f"{SEEDED}raise ValueError('no')\n")[0] == 3


def test_the_document_holds_what_was_found(folder: Path) -> None:
    status, _, _ = why(folder, LEAK, "--json", "why.json")
    assert status == 1
    (column,) = json.loads((folder / "why.json").read_text(encoding="utf-8"))["experiments"]
    found = column["influence"]
    assert [(source["kind"], source["door"], source["line"]) for source in found["sources"]] == [
        ("set", "random.seed", 2),
        ("taken", "random.Random", 4),
    ]
    assert [(draw["label"], draw["repeats"], draw["moved_by"]) for draw in found["draws"]] == [
        ("a", True, ["s1"]),
        ("b", False, ["s2"]),
    ]
    fix = found["fix"]
    assert (fix["repeated"], fix["of"], fix["proved"], fix["labels"]) == (5, 5, True, ["a", "b"])
    assert fix["edits"] == [{"file": None, "line": 4, "replaces": 1, "text": "generator = random.Random(1)\n"}]
    assert found["runs"] == 2 + 2 + 3 * 2 + 5
    # It can be opened again, and what was tried is still told.
    ended = seedlab("export", "why.json", "--to", "why.md")
    assert ended.returncode == 0, ended.stderr
    assert "It does not repeat: it is moved by random.Random() at line 4" in (folder / "why.md").read_text("utf-8")


def test_how_much_it_will_take_is_said_before_it_begins(folder: Path) -> None:
    _, _, errors = why(folder, LEAK)
    # Two held runs, three turns of each of the two sources, and five of the fix.
    assert re.search(
        r"Finding what moves the draws of train\.py takes about 13 runs of at most \d+\.\d s each\.", errors
    )


def test_one_draw_can_be_asked_for(folder: Path) -> None:
    status, lines, _ = why(folder, LEAK, "--draw", "a")
    assert status == 0
    assert not any(line.startswith("b ") for line in lines)
    status, _, errors = why(folder, LEAK, "--draw", "c")
    assert (status, "There is no draw “c”" in errors, "a, b" in errors) == (2, True, True)


def test_effects_elsewhere_are_asked_about_before_more_runs(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "log"
    script = f"{SEEDED}open({str(outside)!r}, 'a').write('x')\n"
    status, _, errors = why(folder, script)
    assert (status, str(outside) in errors, outside.read_text()) == (2, True, "x")
    assert why(folder, script, "--yes")[0] == 0


def test_an_experiment_of_the_article() -> None:
    """Its answer as an edit: the seed belongs into the graph."""
    ended = seedlab("why", "before-graph", "--python", sys.executable, "--proof", "2")
    assert ended.returncode == 1, ended.stderr
    changed = [line for line in ended.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert list(filter(None, changed)) == ["-tf.set_random_seed(0)", "+    tf.set_random_seed(0)"]


def test_ctrl_c_tells_what_was_found_until_then(folder: Path) -> None:
    script = f"{SEEDED}import time\ntime.sleep(0.3)\n" + "".join(f"r{n} = random.Random({n})\n" for n in range(10))
    (folder / "train.py").write_text(script, encoding="utf-8")
    with started("why", "train.py", "--python", sys.executable, "--jobs", "1", "--json", "why.json") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "why train.py" in line:
                break
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130


def test_the_fix_is_printed_with_what_was_seen_of_it_and_written_for_git(folder: Path) -> None:
    status, lines, _ = why(folder, LEAK, "--fix", "train.diff", "--proof", "3")
    assert status == 1
    assert (
        "The smallest fix: one line · proved: in 3 cold runs of the changed script, all 2 draws repeat to the bit"
        in lines
    )
    shown = [line for line in lines if line.startswith(("+generator", "-generator"))]
    assert shown == ["-generator = random.Random()", "+generator = random.Random(1)"]
    assert (folder / "train.py").read_text(encoding="utf-8") == LEAK
    subprocess.run(["git", "apply", "train.diff"], cwd=folder, check=True)
    assert (folder / "train.py").read_text(encoding="utf-8") == LEAK.replace("Random()", "Random(1)")


def test_causes_are_found_without_a_fix(folder: Path) -> None:
    status, lines, errors = why(folder, LEAK, "--proof", "0")
    assert status == 1
    assert not [line for line in lines if "fix" in line]
    assert "takes about 8 runs" in errors


def test_the_fix_is_written_as_a_script(folder: Path) -> None:
    assert why(folder, LEAK, "--fix", "fixed.py", "--proof", "2")[0] == 1
    assert (folder / "fixed.py").read_text(encoding="utf-8") == LEAK.replace("Random()", "Random(1)")


def test_the_persons_own_file_is_never_written(folder: Path) -> None:
    status, _, errors = why(folder, LEAK, "--fix", "train.py", "--proof", "2")
    assert status == 2
    assert "Your script itself is never written. Give the changed one another name." in errors
    assert (folder / "train.py").read_text(encoding="utf-8") == LEAK


def test_where_no_seed_helps_the_reason_is_told_and_nothing_is_written(folder: Path) -> None:
    status, lines, errors = why(folder, "import uuid\nprint('a:', uuid.uuid4().int % 1000003)\n", "--fix", "x.diff")
    assert status == 1
    (told,) = (line for line in lines if line.startswith("a has no fix."))
    assert "uuid4() asks the system for entropy, and takes no seed" in told
    assert "There is no fix to write: none was found." in errors
    assert not (folder / "x.diff").exists()


@pytest.mark.parametrize("name", ["x.diff", "fixed.py"])
def test_a_fix_that_is_a_setting_alone_writes_no_file_and_says_how_to_start_it(folder: Path, name: str) -> None:
    script = "words = {str(n) for n in range(50)}\nprint('a:', ' '.join(words))\n"
    status, lines, errors = why(folder, script, "--fix", name, "--proof", "2")
    assert status == 1
    assert any(line.startswith("The smallest fix: one setting") for line in lines)
    assert "The fix changes no file. Start it as: PYTHONHASHSEED=0 python train.py" in errors
    assert not (folder / name).exists()


def test_what_an_earlier_run_leaves_in_the_folder_is_a_cause_and_nothing_is_left_there(folder: Path) -> None:
    script = (
        "import os, random\nstep = int(open('step').read()) if os.path.exists('step') else 0\n"
        "open('step', 'w').write(str(step + 1))\nprint('step:', step)\nprint('loss:', step + random.random())\n"
    )
    status, lines, errors = why(folder, script, "--proof", "2", "--fix", "x.diff", "--json", "why.json")
    assert status == 1
    assert (
        "step goes on from what an earlier run has left in the folder, and no seed is the cause: it repeats while each "
        "run finds the folder as the first did."
    ) in lines
    assert (
        "loss does not repeat: it is moved by Python's random at line 5, without a seed, and goes on from what an "
        "earlier run has left in the folder."
    ) in lines
    (fix,) = (line for line in lines if line.startswith("The smallest fix"))
    assert fix.startswith("The smallest fix: one line and the same folder for each run · proved: in 2 cold runs")
    assert (
        "A run goes on from what the one before has left: it changes step. Before each, put the folder back as it was."
        in lines
    )
    assert sorted(os.listdir(folder)) == ["train.py", "why.json", "x.diff"], errors
    ended = seedlab("export", "why.json", "--to", "why.md")
    assert ended.returncode == 0
    # The runs as they are were made in private views, in which it does not show.
    assert "**One seed is missing: step and loss change.**" not in (folder / "why.md").read_text(encoding="utf-8")
    assert "repeats in every run" not in (folder / "why.md").read_text(encoding="utf-8")


def test_it_is_told_where_the_next_run_does_not_finish_in_the_folder_that_one_has_left(folder: Path) -> None:
    status, lines, _ = why(folder, "import os\nos.mkdir('out')\nprint('x:', 1)\n")
    assert status == 0
    (told,) = (line for line in lines if line.startswith("In the folder that a run has left"))
    assert told.startswith("In the folder that a run has left, the next one does not finish: line 2: FileExistsError")
    assert os.listdir(folder) == ["train.py"]


def test_a_folder_that_has_to_be_the_same_is_no_change_of_a_file(folder: Path) -> None:
    script = (
        "with open('log', 'a+') as log:\n    log.write('x')\n    log.seek(0)\n    print('length:', len(log.read()))\n"
    )
    status, lines, errors = why(folder, script, "--proof", "2", "--fix", "x.diff", "--json", "why.json")
    assert status == 1
    assert "The smallest fix: the same folder for each run · proved: in 2 cold runs, 1 draw repeats to the bit" in lines
    told = (
        "A run goes on from what the one before has left: it changes log. Before each, put the folder back as it was."
    )
    assert f"The fix changes no file. {told}" in errors
    assert seedlab("export", "why.json", "--to", "why.md").returncode == 0
    table = (folder / "why.md").read_text(encoding="utf-8")
    assert "**length changes with what the run before has left in the folder.**" in table
    assert told in table


def test_where_all_repeats_there_is_no_fix_to_write(folder: Path) -> None:
    status, _, errors = why(folder, "import random\nrandom.seed(1)\nprint('a:', random.random())\n", "--fix", "x.diff")
    assert status == 0
    assert "There is no fix to write: every draw repeats." in errors


def test_what_was_found_is_told_even_where_the_fix_cannot_be_written_so(folder: Path) -> None:
    (folder / "beside.py").write_text("import random\nleak = random.Random()\n", encoding="utf-8")
    script = "import beside\nprint('a:', beside.leak.random())\n"
    status, lines, errors = why(folder, script, "--fix", "fixed.py", "--proof", "2")
    assert status == 1
    assert "The fix changes other files than the script. Name a diff: fixed.diff." in errors
    assert any(line.startswith("The smallest fix: one line") for line in lines)


def test_a_simulated_delay_is_no_duration(folder: Path) -> None:
    script = (
        "import random\ndelay = random.expovariate(1)\nprint(f'waits {delay:.6f} s')\nprint('rate:', delay, 'it/s')\n"
    )
    status, lines, _ = why(folder, script, "--proof", "2")
    assert status == 1
    assert any(line.startswith("line 3 and rate do not repeat: they are moved by Python's random at") for line in lines)
    assert any(line.startswith("The smallest fix: one line") for line in lines)


def test_a_duration_is_the_clock_s(folder: Path) -> None:
    script = "import time\nbegan = time.perf_counter()\nprint(f'took {time.perf_counter() - began:.9f} s')\n"
    _, lines, _ = why(folder, script, "--proof", "2")
    (told,) = (line for line in lines if "has no fix." in line)
    assert told.startswith("line 3 has no fix. It comes from the clock")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--proof", "1"], "--proof cannot be 1: one run cannot differ. Give 2 or more, or 0 to look for no fix."),
        (["--fix", "-"], "--fix takes a file: the diff is in the report already. Name one."),
        (["--fix", "x.diff", "--proof", "0"], "With --proof 0 no fix is looked for. Leave out --proof 0, or --fix."),
        (["--fix", "x.diff", "before-graph"], "--fix takes one script or preset at a time. Name one of them."),
    ],
)
def test_what_makes_no_sense_is_refused(options: list[str], problem: str, folder: Path) -> None:
    status, _, errors = why(folder, LEAK, *options)
    assert status == 2
    assert problem in errors


def test_a_training_script_as_people_write_them_is_mended(folder: Path) -> None:
    """Some 140 lines with a data module, argparse, logging and tqdm, seeded as most people seed."""
    shutil.copytree(SPAM, folder, dirs_exist_ok=True)
    given = ("--epochs", "1", "--mails", "64", "-q")
    ended = seedlab(
        "why", "train.py", "--python", sys.executable, "--fix", "fix.diff", "--proof", "2", "--timeout", "200", "--",
        *given,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    subprocess.run(["git", "apply", "fix.diff"], cwd=folder, check=True)
    for name, before, after in (
        ("train.py", "    tf.random.set_seed(options.seed)", "    keras.utils.set_random_seed(options.seed)"),
        ("mailbox_data.py", "np.random.default_rng()", "np.random.default_rng(42)"),
    ):
        expected = (SPAM / name).read_text(encoding="utf-8").replace(before, after)
        assert (folder / name).read_text(encoding="utf-8") == expected
    told = []
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, "train.py", *given], cwd=folder, capture_output=True, text=True, check=True
        )
        told.append([line for line in run.stdout.splitlines() if "INFO" not in line])
    assert told[0] == told[1]
    assert len(told[0]) == 4
