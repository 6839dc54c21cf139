"""``seedlab sweep``: real runs, each with another seed that nobody wrote into the script."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from seedlab.session.sweep_store import SweepResults
from tests.helpers.command_line import left_running, marked, seedlab, started

SCRIPT = """\
import random
import numpy as np

SEED = 42
random.seed(SEED)
np.random.seed(SEED)
leak = np.random.default_rng()
print("loss:", float(np.random.rand() + random.random()))
print("weights:", np.random.randn(3))
print(f"score {random.random():.4f}")
print("leak:", leak.random())
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    Path("train.py").write_text(SCRIPT, encoding="utf-8")
    return tmp_path / "work"


def swept(*options: str) -> "subprocess.CompletedProcess[str]":
    return seedlab("sweep", *options)


def runs_of(*options: str) -> list[dict[str, Any]]:
    """The runs of a sweep that must succeed, in the order of their points."""
    ended = swept(*options, "--json", "-")
    assert ended.returncode == 0, ended.stderr
    (found,) = json.loads(ended.stdout)["sweeps"]
    return sorted(found["runs"], key=lambda run: run["point"])


def drawn(run: dict[str, Any]) -> dict[str, list[Any]]:
    return {draw["label"]: draw["values"] for draw in run["draws"]}


def plain(script: str) -> str:
    """What the script prints without seedlab."""
    return subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout


def test_a_run_with_a_seed_draws_what_the_script_draws_with_that_seed_written_in_it() -> None:
    for run in runs_of("train.py", "--seeds", "0,7,42", "--start", "cold"):
        (seed,) = run["point"]
        lines = plain(SCRIPT.replace("SEED = 42", f"SEED = {seed}")).splitlines()
        assert drawn(run)["loss"] == [float(lines[0].removeprefix("loss: "))]
        assert drawn(run)["line 10"] == [lines[2]]
    # All else is held.
    leaks = {tuple(drawn(run)["leak"]) for run in runs_of("train.py", "--seeds", "0,7,42", "--start", "cold")}
    assert len(leaks) == 1


TODAY = """\
import keras
import tensorflow as tf

keras.utils.set_random_seed(5)
print("function:", float(keras.random.uniform(())))
tf.random.set_seed(5)
print("eager:", float(tf.random.uniform(())))
print("op:", float(tf.random.uniform((), seed=5)))
print("generator:", float(tf.random.Generator.from_seed(5).uniform(())))
print("keras:", float(keras.random.uniform((), seed=keras.random.SeedGenerator(5))))
print("initializer:", float(keras.initializers.RandomNormal(seed=5)((1,))[0]))
"""


def test_so_it_is_with_the_seeds_of_tensorflow_and_keras() -> None:
    Path("train.py").write_text(TODAY, encoding="utf-8")
    # So many that most of them are forks.
    found = runs_of("train.py", "--seeds", "0..8")
    assert {run["start"] for run in found} == {"cold", "fork"}
    assert found[8]["start"] == "fork"
    for line in plain(TODAY.replace("5)", "8)")).splitlines():
        label, _, value = line.partition(": ")
        assert drawn(found[8])[label] == [float(value)]


def test_what_is_said_names_the_source_the_spread_and_where_the_own_seed_stands() -> None:
    ended = swept("train.py", "--seeds", "0..99", "--draw", "loss")
    assert ended.returncode == 0
    assert "the seed 42 that random.seed() sets at line 5 and the seed 42 that" in ended.stderr
    assert "loss: mean " in ended.stdout
    assert "in 100 runs. The mean lies from" in ended.stdout
    assert "seed 42, with " in ended.stdout
    assert "is better (lower) than" in ended.stdout
    assert "of 99 others" in ended.stdout
    assert "Best: seed " in ended.stdout


def test_many_draws_are_a_table_and_an_element_can_be_named() -> None:
    table = swept("train.py", "--seeds", "0..9", "--start", "cold").stdout
    assert [line.split()[0] for line in table.splitlines() if line[:4] in {"draw", "loss", "weig", "line", "leak"}] == [
        "draw", "loss", "weights[0]", "line", "leak",
    ]  # fmt: skip
    assert "weights[2]: mean" in swept("train.py", "--seeds", "0..9", "--start", "cold", "--draw", "weights[2]").stdout


def test_the_same_command_goes_on_and_makes_no_run_twice(folder: Path) -> None:
    Path("train.py").write_text(f"{SCRIPT}open('{folder.parent}/log', 'a').write('x')\n", encoding="utf-8")
    log = folder.parent / "log"
    options = ("train.py", "--start", "cold", "--yes")
    assert swept(*options, "--seeds", "0..4").returncode == 0
    # The script as it is, five points, the own seed, and one of them a second time.
    assert len(log.read_text(encoding="utf-8")) == 8
    before = len(log.read_text(encoding="utf-8"))
    ended = swept(*options, "--seeds", "0..6")
    assert "(5 were made before)" in ended.stderr
    assert len(log.read_text(encoding="utf-8")) == before + 4


def test_another_text_of_the_script_is_another_sweep() -> None:
    runs_of("train.py", "--seeds", "0..2", "--start", "cold")
    Path("train.py").write_text(SCRIPT.replace("random.random()))", "2 * random.random()))"), encoding="utf-8")
    ended = swept("train.py", "--seeds", "0..2", "--start", "cold")
    assert "made before" not in ended.stderr


def test_two_seeds_are_turned_as_a_grid() -> None:
    script = "import random, numpy as np\nrandom.seed(1)\nnp.random.seed(2)\nx = random.random() + np.random.rand()\n"
    Path("train.py").write_text(f"{script}print('x:', x)\n", encoding="utf-8")
    first = ("--turn", "seed=1", "--seeds", "0..1")
    second = ("--turn", "numpy.random.seed@3", "--seeds", "2..3")
    found = runs_of("train.py", *first, *second, "--start", "cold")
    assert [run["point"] for run in found] == [[0, 2], [0, 3], [1, 2], [1, 3]]
    assert len({tuple(drawn(run)["x"]) for run in found}) == 4


def test_runs_as_they_are_leave_leaks_free() -> None:
    found = runs_of("train.py", "--runs", "6", "--start", "cold")
    assert len({tuple(drawn(run)["leak"]) for run in found}) == 6
    assert len({tuple(drawn(run)["loss"]) for run in found}) == 1


def test_the_seed_of_an_experiment_is_written_into_its_script() -> None:
    found = runs_of("random", "--seeds", "0..4")
    assert [run["point"] for run in found] == [[0], [1], [2], [3], [4]]
    printed = plain(seedlab("script", "random", "--graph-seed", "3").stdout).splitlines()
    label, _, value = printed[0].partition(": ")
    assert drawn(found[3])[label] == [float(value)]


def test_two_scripts_are_compared_over_the_same_seeds() -> None:
    script = SCRIPT.replace("import random\n", "import random, sys\n").replace(
        'print("loss:", float(', 'print("loss:", float(sys.argv[1]) + float('
    )
    Path("train.py").write_text(script, encoding="utf-8")
    ended = swept("train.py", "--seeds", "0..19", "--variant", "1", "--variant", "1.5", "--draw", "loss")
    assert ended.returncode == 0, ended.stderr
    text = " ".join(ended.stdout.split())
    assert "loss of train.py 1 minus train.py 1.5, over the same 21 seeds: -0.5 on average" in text
    assert "the same at each. train.py 1 is lower at 21 of them." in text
    assert "permutation test" in text


def test_a_narrow_interval_ends_a_sweep_early_and_so_does_time() -> None:
    ended = swept("train.py", "--seeds", "0..9999", "--draw", "loss", "--until", "0.4")
    assert ended.returncode == 0
    (about,) = _stores()
    assert 30 <= len(SweepResults(about).numbers("loss").values) < 200
    assert "It ended as the interval was narrow enough" in ended.stderr
    ended = swept("train.py", "--seeds", "0..9999", "--at-most", "2s")
    assert ended.returncode == 1
    assert len(SweepResults(about).numbers("loss").values) < 5000


def _stores() -> list[Path]:
    return [path.parent for path in Path(os.environ["XDG_DATA_HOME"]).rglob("sweep.json")]


def test_effects_outside_its_folder_are_listed_before_more_runs_are_made(folder: Path) -> None:
    log = folder.parent / "log"
    Path("train.py").write_text(f"{SCRIPT}open('{log}', 'a').write('x')\n", encoding="utf-8")
    ended = swept("train.py", "--seeds", "0..4", "--start", "cold")
    assert ended.returncode == 2
    assert f"wrote {log}" in ended.stderr
    assert "5 more runs are to come" in ended.stderr
    assert log.read_text(encoding="utf-8") == "x"


def test_every_run_sees_its_folder_as_it_was(folder: Path) -> None:
    Path("state").write_text("0", encoding="utf-8")
    Path("train.py").write_text(
        f"{SCRIPT}n = int(open('state').read())\nprint('n:', n)\nopen('state', 'w').write(str(n + 1))\n", "utf-8"
    )
    assert {tuple(drawn(run)["n"]) for run in runs_of("train.py", "--seeds", "0..4", "--start", "cold")} == {(0,)}
    assert (folder / "state").read_text(encoding="utf-8") == "0"


@pytest.mark.parametrize("start", ["cold", "fork"])
def test_a_kill_loses_no_run_that_had_ended(folder: Path, start: str) -> None:
    log = folder.parent / "log"
    Path("train.py").write_text(
        f"{SCRIPT}import os\nwith open('{log}', 'a') as f:\n    f.write('x')\n", encoding="utf-8"
    )
    marks = marked(folder)
    process = started(
        "sweep", "train.py", "--seeds", "0..999", "--yes", "--jobs", "2", "--start", start, environment=marks
    )
    try:
        while process.poll() is None and (not log.exists() or log.stat().st_size < 20):
            pass
        assert process.poll() is None, process.communicate()
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.communicate()
    while left_running(folder):
        pass
    ended = log.stat().st_size
    (store,) = _stores()
    kept = len(SweepResults(store).numbers("loss").values)
    # The run as it is, a second one of the first point, and two forks that have cold witnesses, are no points.
    others = 2 if start == "cold" else 4
    assert kept >= ended - others - 2
    found = runs_of("train.py", "--seeds", "0..29", "--yes", "--start", start)
    assert [run["point"] for run in found] == [[number] for number in range(30)] + [[42]]


def test_ctrl_c_keeps_and_tells_what_there_is() -> None:
    process = started("sweep", "train.py", "--seeds", "0..9999", "--start", "cold", "--draw", "loss")
    while process.poll() is None and not any(
        len(SweepResults(store).numbers("loss").values) > 5 for store in _stores()
    ):
        pass
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    assert process.returncode == 130, errors
    assert "loss: mean " in output
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["train.py"], "No seeds are named"),
        (["train.py", "--seeds", "5..1"], "smaller one first"),
        (["train.py", "--seeds", "0..9", "--runs", "3"], "Leave out --turn"),
        (["train.py", "--seeds", "0..9", "--turn", "a@1", "--turn", "b@2"], "same number of times"),
        (["train.py", "--seeds", "0..9", "--turn", "seed=7"], "No source of randomness"),
        (["train.py", "--seeds", "0..9", "--until", "0.1"], "needs one draw"),
        (["train.py", "--seeds", "0..9", "--until", "x", "--draw", "loss"], "--until cannot be"),
        (["train.py", "--seeds", "0..9", "--at-most", "soon"], "--at-most cannot be"),
        (["train.py", "--seeds", "0..2", "--draw", "los", "--start", "cold"], "There is no draw “los”"),
        (["random", "--seeds", "0..9", "--turn", "nothing"], "has no seed “nothing”"),
        (["random", "--seeds", "0..9", "--placement", "none"], "not set anywhere"),
        (["--seeds", "0..9"], "No experiment is named"),
        (["no.py", "--seeds", "0..9"], "no.py"),
    ],
)
def test_wrong_usage_is_an_error_that_says_what_to_do(options: list[str], word: str) -> None:
    ended = swept(*options)
    assert ended.returncode == 2
    assert word in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_seed_that_a_library_does_not_take_is_a_run_that_fails() -> None:
    ended = swept("train.py", "--seeds=-1..1", "--start", "cold", "--json", "-")
    assert ended.returncode == 1
    (found,) = json.loads(ended.stdout)["sweeps"]
    assert "1 run did not finish (seed -1): " in swept("train.py", "--seeds=-1..1", "--start", "cold").stdout
    outcomes = {run["point"][0]: run["outcome"] for run in found["runs"]}
    assert outcomes == {-1: "failed", 0: "finished", 1: "finished", 42: "finished"}


def test_a_script_that_fails_as_it_is_says_how() -> None:
    Path("train.py").write_text("raise ValueError('no')\n", encoding="utf-8")
    ended = swept("train.py", "--seeds", "0..4")
    assert ended.returncode == 1
    assert "The script as it is did not finish: line 1: ValueError: no." in ended.stderr


def test_what_differs_at_the_same_seed_is_said_to_be_no_seeds_doing() -> None:
    Path("train.py").write_text(
        f"{SCRIPT}"
        + textwrap.dedent("""
        import os
        print("process:", os.getpid() + 0.5)
        """),
        encoding="utf-8",
    )
    ended = swept("train.py", "--seeds", "0..9")
    assert ended.returncode == 0
    assert "“process” differed between two runs with the same seeds" in ended.stderr


def test_runs_that_fail_are_told_and_the_others_all_the_same() -> None:
    Path("train.py").write_text(f"{SCRIPT}assert random.random() < 0.5\n", encoding="utf-8")
    for _ in range(2):
        ended = swept("train.py", "--seeds", "0..9", "--draw", "loss")
        # Also where they were made before.
        assert ended.returncode == 1
        assert "did not finish (seed " in ended.stdout
        assert "AssertionError" in ended.stdout
        assert "loss: mean " in ended.stdout


def test_what_a_run_drew_before_it_failed_does_not_count() -> None:
    script = "import random\nrandom.seed(42)\nx = random.random()\nprint('x:', x)\nassert x > 0.5\n"
    Path("train.py").write_text(script, encoding="utf-8")
    output = swept("train.py", "--turn", "seed=42", "--seeds", "0..9", "--draw", "x").stdout
    # With that of the script itself.
    above = [seed for seed in [*range(10), 42] if _first(seed) > 0.5]
    assert f"in {len(above)} runs" in output


def _first(seed: int) -> float:
    import random

    return random.Random(seed).random()


def test_a_folder_with_something_else_is_refused_and_left_alone(folder: Path) -> None:
    kept = folder.parent / "results"
    kept.mkdir(mode=0o755)
    (kept / "000001.stream").write_text("important", encoding="utf-8")
    ended = swept("train.py", "--seeds", "0..3", "--keep", str(kept), "--start", "cold")
    assert ended.returncode != 0
    assert "is not empty, and holds no sweep" in ended.stderr
    assert [path.name for path in kept.iterdir() if path.name != "lock"] == ["000001.stream"]
    assert (kept / "000001.stream").read_text(encoding="utf-8") == "important"
    assert kept.stat().st_mode & 0o777 == 0o755


def test_a_seed_too_large_for_a_point_is_turned_all_the_same() -> None:
    Path("train.py").write_text(
        SCRIPT.replace("SEED = 42", "SEED = 2**31 - 1").replace("random.seed(SEED)", "random.seed(2**100)", 1),
        encoding="utf-8",
    )
    found = runs_of("train.py", "--turn", "random.seed@5", "--seeds", "0..2", "--start", "cold")
    assert [run["point"] for run in found] == [[0], [1], [2]]


def test_a_grid_goes_on_with_other_values() -> None:
    lines = ["import random", "a = random.Random(1)", "b = random.Random(2)", "print('x:', a.random() + b.random())"]
    Path("train.py").write_text("\n".join(lines), encoding="utf-8")
    for values in ("0..1", "2..3"):
        turned = ("--turn", "seed=1", "--seeds", values, "--turn", "seed=2", "--seeds", values)
        ended = swept("train.py", *turned, "--draw", "x")
        assert ended.returncode == 0, ended.stderr
        assert "confidence" not in ended.stdout


@pytest.mark.parametrize("values", ["[0.3, 0.1 + 0.2][s % 2]", "[1e308, -1e308][s % 2]", "[float('inf'), 1.0][s % 2]"])
def test_numbers_that_no_histogram_has_room_for_are_told(values: str) -> None:
    script = (
        f"import random\nrandom.seed(42)\ns = random.getrandbits(8)\nfor n in range(3):\n    print('x:', {values})\n"
    )
    Path("train.py").write_text(script, encoding="utf-8")
    for options in ((), ("--draw", "x")):
        ended = swept("train.py", "--seeds", "0..9", *options)
        assert ended.returncode == 0, ended.stderr
        assert "x" in ended.stdout
    assert ("inf or NaN" in ended.stdout) == ("inf" in values)


def test_nothing_is_tested_where_one_of_two_scripts_draws_what_is_not_finite() -> None:
    script = SCRIPT.replace("import random\n", "import random, sys\n").replace(
        'print("loss:", float(', 'print("loss:", float(sys.argv[1]) / (random.random() > 0.5 or float("nan")) + float('
    )
    Path("train.py").write_text(script, encoding="utf-8")
    output = swept("train.py", "--seeds", "0..19", "--variant", "1", "--variant", "2", "--draw", "loss").stdout
    assert "so that nothing is tested" in output
    assert "probability" not in output


def test_a_sweep_that_is_stopped_early_says_so() -> None:
    Path("train.py").write_text(f"{SCRIPT}import time\ntime.sleep(1.5)\n", encoding="utf-8")
    ended = swept("train.py", "--seeds", "0..99", "--at-most", "4s", "--start", "cold", "--draw", "loss")
    assert ended.returncode == 1
    assert "Stopped with " in ended.stderr
    assert "of 100 runs; the same command goes on from there." in ended.stderr
    ended = swept("train.py", "--seeds", "0..99", "--at-most", "1s", "--keep", "new", "--draw", "loss")
    assert ended.returncode == 1
    assert "Stopped with 0 of 100 runs" in ended.stderr


def test_what_was_made_is_told_where_another_script_cannot_be_swept() -> None:
    Path("other.py").write_text("print('x:', 1)\n", encoding="utf-8")
    ended = swept("train.py", "other.py", "--seeds", "0..3", "--start", "cold")
    assert ended.returncode == 2
    assert "loss" in ended.stdout
    assert "was seen to set no seed" in ended.stderr


def test_a_script_that_changes_under_way_ends_its_sweep(folder: Path) -> None:
    Path("helper.py").write_text("def f(x):\n    return x\n", encoding="utf-8")
    Path("train.py").write_text(f"from helper import f\n{SCRIPT}import time\ntime.sleep(0.3)\n", encoding="utf-8")
    process = started("sweep", "train.py", "--seeds", "0..999", "--start", "cold")
    while process.poll() is None and not any(len(SweepResults(each).numbers("loss").values) > 2 for each in _stores()):
        pass
    Path("helper.py").write_text("def f(x):\n    return 2 * x\n", encoding="utf-8")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "was changed while it was swept" in errors
    assert folder.exists()


def test_a_place_that_the_first_run_did_not_come_to_is_told() -> None:
    lines = ["import random, numpy as np", "random.seed(42)", "x = random.random()", "if x < 0.5:"]
    script = "\n".join([*lines, "    np.random.seed(42)", "print('x:', x)", ""])
    Path("train.py").write_text(script, encoding="utf-8")
    ended = swept("train.py", "--seeds", "0..9")
    assert "numpy.random.seed@5, which its first run did not come to" in ended.stderr


def test_the_noise_is_told_again_where_nothing_is_made() -> None:
    Path("train.py").write_text(f"{SCRIPT}import os\nprint('process:', os.getpid() + 0.5)\n", encoding="utf-8")
    for _ in range(2):
        assert "“process” differed between two runs with the same seeds" in swept("train.py", "--seeds", "0..3").stderr


def test_what_took_too_long_is_made_again_where_there_is_more_time() -> None:
    assert [_first(seed) < 0.5 for seed in (1, 4, 42)] == [True, True, False]
    script = "import random, time\nrandom.seed(42)\nx = random.random()\ntime.sleep(3 * (x < 0.5))\nprint('x:', x)\n"
    Path("train.py").write_text(script, encoding="utf-8")
    first = swept("train.py", "--seeds", "1..4", "--timeout", "1.5", "--start", "cold")
    second = swept("train.py", "--seeds", "1..4", "--timeout", "30", "--start", "cold")
    assert (first.returncode, second.returncode) == (1, 0)
    assert "did not finish" in first.stdout
    assert "did not finish" not in second.stdout
