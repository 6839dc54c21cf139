"""What an earlier run leaves in the folder, as a cause: real scripts in real folders."""

from pathlib import Path

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
