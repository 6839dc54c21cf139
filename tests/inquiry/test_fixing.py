"""The smallest fix: found, executed cold, and refused where it does not hold; real runs of real files."""

import subprocess
import sys
from pathlib import Path

import pytest

from seedlab.results.influence import Fix, Influence
from tests.helpers.inquiring import draw_of, inquired


def fixed(
    folder: Path, script: str, *, proof: int = 2, labels: tuple[str, ...] = (), arguments: tuple[str, ...] = ()
) -> Influence:
    inquiry = inquired(folder, script, proof=proof, labels=labels, arguments=arguments)
    assert inquiry.problem == ""
    return inquiry.influence


def changed(influence: Influence) -> list[str]:
    """Return the lines that the fix takes and gives."""
    assert influence.fix is not None
    lines = influence.fix.diff.splitlines()
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_a_fix_is_the_fewest_lines_and_was_executed(tmp_path: Path) -> None:
    script = """
    import random
    import numpy as np
    rng = np.random.default_rng()
    unused = random.random()
    print("a:", rng.random())
    print("b:", np.random.rand())
    """
    found = fixed(tmp_path, script, proof=3)
    assert changed(found) == ["-rng = np.random.default_rng()", "+np.random.seed(0)", "+rng = np.random.default_rng(0)"]
    fix = found.fix
    assert fix is not None
    assert (fix.repeated, fix.of, fix.proved, fix.labels, found.trials) == (3, 3, True, ("a", "b"), ())
    assert (tmp_path / "script.py").read_text().count("seed(") == 0, "the person's file was written"


def test_a_loop_that_ends_sooner_in_some_runs_is_mended_like_any_other(tmp_path: Path) -> None:
    script = """
    import random
    for number in range(random.randrange(1, 60)):
        print("step", "of a walk")
    print("last:", random.random())
    """
    found = fixed(tmp_path, script)
    assert changed(found) == ["+random.seed(0)"]
    assert found.fix is not None
    assert found.fix.proved
    assert found.no_fix == ()
    assert {"step", "last"} <= set(found.fix.labels)
    # Of the later steps some are drawn with few values of the source, which decides on them all the same.
    some = [draw for draw in found.draws if draw.missing]
    assert {(draw.repeats, draw.moved_by) for draw in some} == {(False, ("s1",))}


@pytest.mark.parametrize("seed", ["615681484984984", "-3", "'mine'"])
def test_a_seed_that_not_every_library_takes_is_given_to_no_other(seed: str, tmp_path: Path) -> None:
    script = f"""
    import random
    import numpy as np
    random.seed({seed})
    print("a:", random.random())
    print("b:", np.random.rand())
    """
    assert changed(fixed(tmp_path, script)) == ["+np.random.seed(0)"]


def test_a_fix_is_for_the_draws_that_were_chosen(tmp_path: Path) -> None:
    script = """
    import random
    import numpy as np
    print("a:", random.random())
    print("b:", np.random.rand())
    """
    assert changed(fixed(tmp_path, script, labels=("b",))) == ["+np.random.seed(0)"]


def test_nothing_is_tried_where_all_repeats(tmp_path: Path) -> None:
    found = fixed(tmp_path, "import random\nrandom.seed(1)\nprint('a:', random.random())\n")
    assert (found.fix, found.trials, found.no_fix, found.runs) == (None, (), (), 2 + 2 + 3)


def test_the_persons_seed_is_kept_beside_the_one_that_is_there(tmp_path: Path) -> None:
    script = '''
    """Doc."""
    from __future__ import annotations
    import argparse
    import random
    import numpy as np

    def main() -> None:
        parser = argparse.ArgumentParser()
        parser.add_argument("--seed", type=int, default=7)
        options = parser.parse_args()
        random.seed(options.seed)
        print("a:", random.random(), np.random.rand())

    if __name__ == "__main__":
        main()
    '''
    found = fixed(tmp_path, script, arguments=("--seed", "9"))
    assert changed(found) == ["+    np.random.seed(options.seed)"]


def test_a_seed_that_is_set_too_late_is_moved(tmp_path: Path) -> None:
    script = """
    import random
    early = random.random()
    random.seed(7)  # too late
    print("early:", early)
    """
    assert changed(fixed(tmp_path, script)) == ["+random.seed(7)", "-random.seed(7)  # too late"]


def test_a_module_of_the_persons_folder_is_changed_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "noise.py").write_text("import numpy\n\ndef make():\n    return numpy.random.default_rng(None)\n")
    found = fixed(tmp_path, "import noise\nprint('a:', noise.make().random())\n")
    assert changed(found) == ["-    return numpy.random.default_rng(None)", "+    return numpy.random.default_rng(0)"]
    assert found.fix is not None
    assert "a/noise.py" in found.fix.diff
    assert [edit.file for edit in found.fix.edits] == ["noise.py"]


def test_a_state_that_a_module_uses_as_it_is_imported_is_seeded_before(tmp_path: Path) -> None:
    (tmp_path / "noise.py").write_text("import random\nVALUE = random.random()\n")
    found = fixed(tmp_path, "import os\nimport noise\nprint('a:', noise.VALUE)\n")
    assert changed(found) == ["+import random", "+random.seed(0)"]


def test_generators_get_seeds_of_their_own(tmp_path: Path) -> None:
    script = """
    import random
    import numpy as np
    first = np.random.default_rng(1)
    left, right = np.random.default_rng(), np.random.default_rng()
    print("a:", left.random() - right.random())
    print("b:", sum(random.Random().random() * n for n in range(3)))
    """
    found = fixed(tmp_path, script)
    assert changed(found) == [
        "+import itertools",
        "+seeds = itertools.count(1)",
        "-left, right = np.random.default_rng(), np.random.default_rng()",
        "+left, right = np.random.default_rng(2), np.random.default_rng(3)",
        '-print("b:", sum(random.Random().random() * n for n in range(3)))',
        '+print("b:", sum(random.Random(next(seeds)).random() * n for n in range(3)))',
    ]


def test_no_two_generators_get_the_same_seed(tmp_path: Path) -> None:
    script = """
    import random
    def made():
        return random.Random()
    one, two = made(), made()
    three = random.Random()
    four = random.Random(1)
    print("a:", one.random(), "b:", two.random(), "c:", three.random(), "d:", four.random())
    """
    assert changed(fixed(tmp_path, script)) == [
        "+import itertools",
        "+seeds = itertools.count(2)",
        "-    return random.Random()",
        "+    return random.Random(next(seeds))",
        "-three = random.Random()",
        "+three = random.Random(4)",
    ]


def test_a_seed_from_elsewhere_is_replaced(tmp_path: Path) -> None:
    script = """
    import os
    import random
    import time
    random.seed(time.time())
    entropy = int.from_bytes(os.urandom(4), "little")
    other = random.Random(entropy)
    print("a:", random.random(), other.random())
    """
    assert changed(fixed(tmp_path, script)) == [
        "-random.seed(time.time())",
        "+random.seed(0)",
        "-other = random.Random(entropy)",
        "+other = random.Random(0)",
    ]


ASKED = """
import argparse
import random
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int, help="of all that is drawn")
args = parser.parse_args()
if args.seed is not None:
    random.seed(args.seed)
    np.random.seed(args.seed)
print("a:", random.random())
print("b:", np.random.rand())
"""


def test_a_seed_that_is_asked_for_and_was_not_given_gets_a_default(tmp_path: Path) -> None:
    found = fixed(tmp_path, ASKED)
    assert changed(found) == [
        '-parser.add_argument("--seed", type=int, help="of all that is drawn")',
        '+parser.add_argument("--seed", type=int, help="of all that is drawn", default=0)',
    ]


def test_a_guard_that_does_not_reach_all_that_draws_is_made_wider(tmp_path: Path) -> None:
    found = fixed(tmp_path, ASKED.replace("    np.random.seed(args.seed)\n", ""))
    assert changed(found) == [
        '-parser.add_argument("--seed", type=int, help="of all that is drawn")',
        '+parser.add_argument("--seed", type=int, help="of all that is drawn", default=0)',
        "+    np.random.seed(args.seed)",
    ]


def test_a_guard_that_takes_zero_for_no_seed_gets_another_one(tmp_path: Path) -> None:
    script = """
    import random
    def prepare(seed=None):
        if not seed:
            return
        random.seed(seed)
    prepare()
    print("a:", random.random())
    """
    assert changed(fixed(tmp_path, script)) == ["-def prepare(seed=None):", "+def prepare(seed=1):"]


def test_a_guard_in_a_module_beside_the_script_is_found(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "__init__.py").write_text("")
    (tmp_path / "tools" / "seeds.py").write_text(
        "import random\n\n\ndef set_seeds(seed):\n    if seed is not None:\n        random.seed(seed)\n"
    )
    script = """
    import random
    from tools.seeds import set_seeds
    SEED = None
    set_seeds(SEED)
    print("a:", random.random())
    """
    assert changed(fixed(tmp_path, script)) == ["-SEED = None", "+SEED = 0"]
    script = script.replace("SEED = None", "settings = dict(seed=None)")
    script = script.replace("set_seeds(SEED)", "set_seeds(**settings)")
    assert changed(fixed(tmp_path, script)) == ["-settings = dict(seed=None)", "+settings = dict(seed=0)"]


def test_places_for_a_seed_that_nothing_uses_hide_no_fix(tmp_path: Path) -> None:
    script = """
    import random
    config = {"seed": None}
    def never_called(seed=None):
        if seed is not None:
            random.seed(seed)
    def nor_this(seed=None):
        random.seed(seed)
    print("a:", random.random())
    """
    found = fixed(tmp_path, script)
    assert changed(found) == ["+random.seed(0)"]
    assert len(found.trials) == 2


def test_a_place_that_nothing_uses_hides_no_fix_of_several_lines(tmp_path: Path) -> None:
    script = """
    import random
    import numpy as np
    def never_called(seed=None):
        if seed is not None:
            random.seed(seed)
            np.random.seed(seed)
    print("a:", random.random(), np.random.rand())
    """
    assert changed(fixed(tmp_path, script)) == ["+random.seed(0)", "+np.random.seed(0)"]


def test_none_as_a_seed_gets_a_default_where_it_comes_from(tmp_path: Path) -> None:
    script = """
    import random
    import numpy as np
    config = {"steps": 3, "seed": None}
    random.seed(config["seed"])
    rng = np.random.default_rng(config["seed"])
    print("a:", random.random(), rng.random())
    """
    assert changed(fixed(tmp_path, script)) == [
        '-config = {"steps": 3, "seed": None}',
        '+config = {"steps": 3, "seed": 0}',
    ]


def test_where_none_comes_from_elsewhere_the_call_itself_gets_the_seed(tmp_path: Path) -> None:
    script = """
    import os
    import random
    import numpy as np
    random.seed(os.environ.get("SEED_OF_THIS_TEST"))
    np.random.seed(None)
    print("a:", random.random(), np.random.rand())
    """
    value = 'os.environ.get("SEED_OF_THIS_TEST")'
    assert changed(fixed(tmp_path, script)) == [
        f"-random.seed({value})",
        "-np.random.seed(None)",
        f"+random.seed(0 if {value} is None else {value})",
        "+np.random.seed(0)",
    ]


def test_a_guard_whose_seed_comes_from_elsewhere_can_still_replace_the_one_that_is_written(tmp_path: Path) -> None:
    script = """
    import os
    import random
    seed = os.environ.get("SEED_OF_THIS_TEST")
    if seed:
        random.seed(seed)
    print("a:", random.random())
    """
    assert changed(fixed(tmp_path, script)) == ["+random.seed(0)"]
    # It stands before the guard.
    found = fixed(tmp_path, script).fix
    assert found is not None
    assert [edit.line for edit in found.edits] == [4]


def test_the_hash_secret_is_a_setting(tmp_path: Path) -> None:
    found = fixed(tmp_path, "print('a:', hash('text'))\n", proof=3)
    assert found.fix is not None
    assert (found.fix.settings, found.fix.edits, found.fix.diff, found.fix.proved) == (
        ("PYTHONHASHSEED=0",), (), "", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("uuid.uuid4().int % 1000003", "uuid"),
        ("secrets.randbelow(2**60)", "system-entropy"),
        ("random.SystemRandom().random()", "system-entropy"),
        ("time.perf_counter()", "clock"),
        ("id(object())", "addresses"),
        ("os.getpid()", "unknown"),
        ("make().random()", "no-place"),
    ],
)
def test_where_no_seed_helps_the_reason_is_told(expression: str, code: str, tmp_path: Path) -> None:
    script = f"""
    import os, random, secrets, time, uuid
    make = [random.Random][0]
    fixed = random.Random()
    print("a:", {expression})
    print("b:", fixed.random())
    """
    found = fixed(tmp_path, script)
    assert [(reason.code, reason.labels) for reason in found.no_fix] == [(code, ("a",))]
    # What can be mended is mended all the same.
    assert changed(found) == ["-fixed = random.Random()", "+fixed = random.Random(0)"]
    assert found.fix is not None
    assert found.fix.labels == ("b",)


def test_a_fix_that_does_not_hold_is_not_offered(tmp_path: Path) -> None:
    """Here the seed of the line differs from run to run in a way that only cold runs show: it is read from a file."""
    script = """
    import random
    print("a:", random.random() if random.seed.__class__.__name__ == "builtin_function_or_method" else 1.5)
    noise = random.Random()
    print("b:", noise.random() if type(random.seed).__name__ != "method" else open("/dev/urandom", "rb").read(7).hex())
    """
    found = fixed(tmp_path, script)
    assert found.fix is None
    assert [(trial.repeated, trial.of, trial.proved) for trial in found.trials] == [(1, 2, False)]
    assert "Random(0)" in found.trials[0].diff


def test_threads_are_never_called_proved(tmp_path: Path) -> None:
    script = """
    import random
    import threading
    found = []
    is_over = threading.Event()
    def draw():
        found.append(random.random())
        is_drawn.set()
        # Two threads one after the other may have one number; these live at the same time.
        is_over.wait()
    threads = []
    for _ in range(2):
        is_drawn = threading.Event()
        threads.append(threading.Thread(target=draw))
        threads[-1].start()
        is_drawn.wait()
    is_over.set()
    for thread in threads:
        thread.join()
    print("a:", found)
    """
    fix = fixed(tmp_path, script, proof=3).fix
    assert isinstance(fix, Fix)
    assert (fix.repeated, fix.of, fix.proved) == (3, 3, False)


def test_seeds_that_threads_take_one_after_the_other_are_never_called_proved(tmp_path: Path) -> None:
    script = """
    import random
    import threading
    found = {}
    def draw(number):
        found[number] = random.Random().random()
    for number in range(2):
        thread = threading.Thread(target=draw, args=(number,))
        thread.start()
        thread.join()
    print("a:", found[0] - found[1])
    """
    fix = fixed(tmp_path, script, proof=3).fix
    assert isinstance(fix, Fix)
    assert "next(seeds)" in fix.diff
    assert (fix.repeated, fix.of, fix.proved) == (3, 3, False)


def test_seeds_that_one_thread_takes_in_loops_and_functions_are_proved(tmp_path: Path) -> None:
    script = """
    import random
    def made():
        return [random.Random() for _ in range(2)]
    left, right = made()
    drawn = 0.0
    for _ in range(2):
        drawn -= random.Random().random()
    print("a:", left.random() - right.random())
    print("b:", drawn)
    """
    found = fixed(tmp_path, script)
    assert found.fix is not None
    assert found.fix.proved
    assert changed(found) == [
        "+import itertools",
        "+seeds = itertools.count(0)",
        "-    return [random.Random() for _ in range(2)]",
        "+    return [random.Random(next(seeds)) for _ in range(2)]",
        "-    drawn -= random.Random().random()",
        "+    drawn -= random.Random(next(seeds)).random()",
    ]


def test_the_diff_is_taken_by_git_and_keeps_every_other_byte(tmp_path: Path) -> None:
    text = "# -*- coding: latin-1 -*-\r\n# caf\xe9\r\nimport random\r\nprint('a:', random.random())"
    path = tmp_path / "script.py"
    path.write_bytes(text.encode("latin-1"))
    assert path.read_bytes().count(b"\r\n") == 3
    found = fixed_as_it_is(tmp_path)
    assert found.fix is not None
    diff = tmp_path / "fix.diff"
    diff.write_bytes(found.fix.diff.encode("latin-1"))
    subprocess.run(["git", "apply", diff.name], cwd=tmp_path, check=True)
    expected = text.replace("import random\r\n", "import random\r\nrandom.seed(0)\r\n")
    assert path.read_bytes() == expected.encode("latin-1")
    assert subprocess.run([sys.executable, str(path)], check=True, capture_output=True).stdout


def fixed_as_it_is(folder: Path) -> Influence:
    """Return what is found of ``script.py`` in ``folder``, whose bytes stay."""
    import asyncio
    import importlib.util

    from seedlab.engine.executors.auto import AutoExecutor
    from seedlab.engine.request import RunRequest
    from tests.helpers.inquiring import inquire

    path = folder / "script.py"
    request = RunRequest(
        script=importlib.util.decode_source(path.read_bytes()),
        executable=sys.executable, path=str(path), name="script.py", folder=str(folder),
    )  # fmt: skip

    async def work() -> Influence:
        executor = AutoExecutor()
        try:
            return (await inquire(executor, request, proof=2)).influence
        finally:
            await executor.close()

    return asyncio.run(work())


def test_a_seed_made_of_a_hash_is_mended_by_the_setting_that_fixes_the_hash(tmp_path: Path) -> None:
    script = """
    import random

    def generator(name):
        return random.Random(hash(name))

    for name in ("train", "valid"):
        print(f"{name}:", generator(name).random())
    """
    fix = inquired(tmp_path, script, proof=3).influence.fix
    assert fix is not None
    assert (fix.settings, fix.edits) == (("PYTHONHASHSEED=0",), ())
    assert fix.proved


def test_a_seed_made_of_a_hash_and_of_entropy_needs_more_than_the_setting(tmp_path: Path) -> None:
    script = """
    import random

    print("a:", random.Random(hash("a") + random.getrandbits(30)).random())
    """
    fix = inquired(tmp_path, script, proof=3).influence.fix
    assert fix is not None
    assert fix.proved
    assert len(fix.edits) + len(fix.settings) <= 2


TIMED = """
import random
import time

seed = int(time.time() * 1e6)
random.seed(seed)
own = random.Random(seed)
print("a:", random.random())
print("b:", own.random())
"""


def test_a_seed_from_the_clock_that_has_a_name_is_given_a_number_where_it_gets_its_name(tmp_path: Path) -> None:
    found = fixed(tmp_path, TIMED)
    assert changed(found) == ["-seed = int(time.time() * 1e6)", "+seed = 0"]
    assert found.no_fix == ()


def test_what_prints_such_a_seed_repeats_with_it(tmp_path: Path) -> None:
    found = fixed(tmp_path, f"{TIMED}print('seed:', seed)\nprint('now:', time.time())\n")
    assert changed(found) == ["-seed = int(time.time() * 1e6)", "+seed = 0"]
    assert found.fix is not None
    assert found.fix.labels == ("a", "b", "seed")
    # A time is none the less one.
    assert [(item.code, item.labels) for item in found.no_fix] == [("clock", ("now",))]


def test_a_seed_from_the_clock_where_none_is_given_gets_its_number_there(tmp_path: Path) -> None:
    script = """
    import random, time

    def generator(seed=None):
        if seed is None:
            seed = int(time.time() * 1e6)
        return random.Random(seed), seed

    rng, seed = generator()
    print("seed:", seed)
    print("x:", rng.random())
    """
    found = fixed(tmp_path, script)
    assert changed(found) == ["-        seed = int(time.time() * 1e6)", "+        seed = 0"]
    assert found.no_fix == ()


def test_a_seed_that_is_asked_whether_it_is_one_is_not_0(tmp_path: Path) -> None:
    script = """
    import random, time
    seed = time.time_ns()
    if seed:
        random.seed(seed)
    print("a:", random.random())
    """
    assert changed(fixed(tmp_path, script)) == ["-seed = time.time_ns()", "+seed = 1"]


def test_a_seed_from_the_clock_that_functions_use_is_given_its_number_outside_of_them(tmp_path: Path) -> None:
    script = """
    import random, time
    SEED = time.time_ns()

    def one():
        return random.Random(SEED).random()

    def two(seed):
        return [random.Random(SEED).random(), seed]

    print("a:", one())
    print("b:", *two(5))
    """
    assert changed(fixed(tmp_path, script)) == ["-SEED = time.time_ns()", "+SEED = 0"]


@pytest.mark.parametrize(
    "script",
    [
        # Each time another one.
        "for name in 'pq':\n    seed = time.time_ns()\n    print(f'{name}:', random.Random(seed).random())\n",
        # By two statements.
        "seed = time.time_ns()\nseed = seed % 2**32\nprint('x:', random.Random(seed).random())\n",
        "seed = time.time_ns()\nseed += 1\nprint('x:', random.Random(seed).random())\n",
        "seed, name = time.time_ns(), 'x'\nprint(name + ':', random.Random(seed).random())\n",
    ],
)
def test_a_seed_that_gets_its_name_more_than_once_is_given_its_number_where_it_is_used(
    tmp_path: Path, script: str
) -> None:
    found = fixed(tmp_path, f"import random, time\n{script}")
    assert not any(line.startswith("+") and "seed = 0" in line for line in changed(found))
    assert found.no_fix == ()


@pytest.mark.parametrize(
    "use",
    [
        # How long it takes is counted from it.
        "for step in range(1000):\n    if time.time() - start > 5:\n        break\nprint('steps:', step)\n",
        "print('seconds:', int(time.time() - start > 60))\n",
        "folder = f'runs/{start}'\nprint('length:', len(folder) > 3)\n",
    ],
)
def test_a_time_that_is_more_than_a_seed_stays_one(tmp_path: Path, use: str) -> None:
    script = f"import random, time\nstart = time.time()\nrandom.seed(start)\n{use}print('x:', random.random())\n"
    assert changed(fixed(tmp_path, script)) == ["-random.seed(start)", "+random.seed(0)"]


def test_a_seed_with_a_number_and_a_setting_are_found_together(tmp_path: Path) -> None:
    script = """
    import random, time
    seed = time.time_ns()
    random.seed(seed)
    print("a:", random.random(), list({str(number) for number in range(40)}))
    """
    # Few words may stand in one order under two hash secrets, which is as many as prepared processes have.
    found = fixed(tmp_path, script, proof=4)
    assert found.fix is not None
    assert found.fix.settings == ("PYTHONHASHSEED=0",)
    assert changed(found) == ["-seed = time.time_ns()", "+seed = 0"]


def test_two_seeds_from_the_clock_of_which_one_was_the_same_so_far_are_both_mended(tmp_path: Path) -> None:
    script = """
    import random, time
    now = time.time()
    random.seed(now)
    other = random.Random(int(now) // 3600)
    print("x:", random.random())
    print("y:", other.random())
    """
    found = fixed(tmp_path, script)
    assert found.no_fix == ()
    assert not draw_of(found, "y").repeats
    assert changed(found) == [
        "-random.seed(now)",
        "-other = random.Random(int(now) // 3600)",
        "+random.seed(0)",
        "+other = random.Random(0)",
    ]
