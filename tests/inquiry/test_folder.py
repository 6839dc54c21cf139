"""What an earlier run leaves in the folder, as a cause: real scripts in real folders."""

from pathlib import Path

import pytest

from tests.helpers.inquiring import draw_of, helping, inquired, lines_moving

COUNTS = """
import os

count = int(open("count.txt").read()) if os.path.exists("count.txt") else 0
print("count:", count)
open("count.txt", "w").write(str(count + 1))
"""
RESUMES = """
import os
import random

weight = float(open("weight.txt").read()) if os.path.exists("weight.txt") else 0.0
weight += random.random()
open("weight.txt", "w").write(repr(weight))
print("weight:", weight)
print("other:", random.random())
print("always:", 3)
"""
SEEDED = RESUMES.replace("weight =", "random.seed(1)\nweight =", 1)
LOGS = """
import random

value = random.random()
with open("log.txt", "a") as log:
    log.write(f"{value}\\n")
print("value:", value)
"""
SKIPS = """
import os
import random

if os.path.exists("done"):
    print("found:", 1)
else:
    open("done", "w").close()
    print("trained:", random.random())
print("tested:", 2)
"""


def test_a_draw_that_goes_on_from_what_the_run_before_left_has_the_folder_for_its_cause(tmp_path: Path) -> None:
    told = inquired(tmp_path, COUNTS, proof=2).influence
    assert helping(told, "count") == ("folder",)
    assert not draw_of(told, "count").repeats
    assert not draw_of(told, "count").unexplained
    assert told.changed == ("count.txt",)
    assert told.fix is not None
    assert told.fix.same_folder
    assert told.fix.proved
    assert (told.fix.edits, told.fix.settings, told.fix.diff) == ((), (), "")
    assert not (tmp_path / "count.txt").exists()


def test_it_is_found_as_well_after_runs_that_have_gone_on_from_each_other(tmp_path: Path) -> None:
    told = inquired(tmp_path, COUNTS, is_private=False).influence
    assert helping(told, "count") == ("folder",)
    # The two runs as they are, and nobody else, have written there.
    assert (tmp_path / "count.txt").read_text() == "2"


def test_a_draw_that_needs_a_seed_and_the_same_folder_is_told_both(tmp_path: Path) -> None:
    told = inquired(tmp_path, RESUMES, proof=2).influence
    assert helping(told, "weight") == ("folder",)
    assert lines_moving(told, "weight") == lines_moving(told, "other") == [6]
    assert helping(told, "other") is helping(told, "always") is None
    assert draw_of(told, "always").repeats
    assert told.fix is not None
    assert told.fix.same_folder
    assert len(told.fix.edits) == 1


def test_a_seeded_script_that_resumes_has_no_seed_for_its_cause(tmp_path: Path) -> None:
    told = inquired(tmp_path, SEEDED, proof=2).influence
    assert helping(told, "weight") == ("folder",)
    assert not draw_of(told, "weight").unexplained
    assert draw_of(told, "other").repeats
    assert told.fix is not None
    assert told.fix.same_folder
    assert not told.fix.edits


def test_a_folder_that_is_written_and_not_read_is_no_cause(tmp_path: Path) -> None:
    told = inquired(tmp_path, LOGS, proof=2).influence
    assert told.residual == ()
    assert lines_moving(told, "value") == [4]
    assert told.fix is not None
    assert not told.fix.same_folder
    assert told.changed == ()


def test_draws_that_come_and_go_with_what_is_in_the_folder_have_it_for_their_cause(tmp_path: Path) -> None:
    told = inquired(tmp_path, SKIPS, proof=2).influence
    assert helping(told, "found") == helping(told, "trained") == ("folder",)
    assert draw_of(told, "tested").repeats


def test_a_script_that_changes_nothing_takes_no_runs_more(tmp_path: Path) -> None:
    silent = inquired(tmp_path, "import random\nprint('value:', random.random())\n")
    # Two as they are, two held, three turns.
    assert silent.runs == 7


def test_in_a_folder_that_was_resumed_from_before_nothing_is_left_to_say(tmp_path: Path) -> None:
    (tmp_path / "done").touch()
    told = inquired(tmp_path, SKIPS).influence
    assert told.residual == ()
    assert all(draw.repeats for draw in told.draws)


# What runs would only meet because their entropy or their clock is held is no cause, and what they meet is no mishap.

CHECKPOINT = """
import os, random, time
seed = time.time_ns()
random.seed(seed)
weight = float(open("ck").read()) if os.path.exists("ck") else 0.0
weight += random.random()
open("ck", "w").write(repr(weight))
print("weight:", weight)
"""


@pytest.mark.parametrize("script", [CHECKPOINT, CHECKPOINT.replace("(seed)", "(time.time_ns())")])
def test_a_seed_that_is_given_a_number_is_not_all_where_runs_go_on_from_each_other(tmp_path: Path, script: str) -> None:
    told = inquired(tmp_path, script, proof=2).influence
    assert "folder" in (helping(told, "weight") or ())
    assert told.fix is not None
    assert told.fix.same_folder
    assert len(told.fix.edits) == 1


def test_names_made_of_entropy_are_others_in_each_run(tmp_path: Path) -> None:
    script = """
    import os, uuid
    name = f"run-{uuid.uuid4().hex}"
    print("resumed:", int(os.path.exists(name)))
    os.mkdir(name)
    print("runs:", len([each for each in os.listdir(".") if each.startswith("run-")]))
    """
    inquiry = inquired(tmp_path, script, proof=2)
    assert inquiry.problem_after == ""
    assert helping(inquiry.influence, "resumed") is None
    assert helping(inquiry.influence, "runs") == ("folder",)


def test_folders_that_are_named_by_the_clock_are_no_mishap_and_do_not_become_one_by_the_fix(tmp_path: Path) -> None:
    script = """
    import os, random, time
    seed = time.time_ns()
    random.seed(seed)
    os.makedirs(f"runs/{seed}")
    print("loss:", random.random())
    """
    inquiry = inquired(tmp_path, script, proof=2)
    assert inquiry.problem_after == ""
    fix = inquiry.influence.fix
    assert fix is not None
    assert not fix.same_folder
    assert "+random.seed(0)" in fix.diff


def test_a_fix_under_which_runs_meet_each_other_needs_the_same_folder(tmp_path: Path) -> None:
    script = """
    import os, random
    seed = random.randrange(2**60)
    name = f"ck-{seed}"
    weight = float(open(name).read()) if os.path.exists(name) else 0.0
    open(name, "w").write(repr(weight + 1))
    print("weight:", weight, seed)
    """
    told = inquired(tmp_path, script, proof=2).influence
    assert helping(told, "weight") is None
    assert told.fix is not None
    assert told.fix.same_folder


@pytest.mark.parametrize(
    "script",
    [
        "last = open('last').read() if os.path.exists('last') else '0'\nopen('last', 'w').write(str(os.getpid()))\n"
        "print('previous:', last)\n",
        "previous = 0.0 if not os.path.exists('cache') else time.time() - os.path.getmtime('cache')\n"
        "open('cache', 'a').close()\nprint('previous:', previous)\n",
    ],
)
def test_what_is_found_there_need_not_be_the_same_each_time(tmp_path: Path, script: str) -> None:
    told = inquired(tmp_path, f"import os, time\n{script}").influence
    assert helping(told, "previous") == ("folder",)


def test_a_draw_that_only_a_next_run_has_is_told(tmp_path: Path) -> None:
    script = """
    import os
    if os.path.exists("ck"):
        print("resumed:", 1)
    open("ck", "w").write("x")
    print("loss:", 0.5)
    """
    told = inquired(tmp_path, script, proof=2).influence
    assert not draw_of(told, "resumed").repeats
    assert draw_of(told, "loss").repeats
    assert told.fix is not None
    assert told.fix.same_folder


def test_a_next_run_that_never_ends_is_told(tmp_path: Path) -> None:
    script = """
    import os, time
    while os.path.exists("lock"):
        time.sleep(0.01)
    open("lock", "w").close()
    print("x:", 1)
    """
    inquiry = inquired(tmp_path, script, timeout_s=2)
    assert inquiry.problem_after.startswith("did not end within")
