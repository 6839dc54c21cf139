"""Runs are kept for recovery as they end, before they are shown; what is shown decides on all else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from seedlab.session.keeping import Keeping
from seedlab.session.recovery import Keeper, left_behind
from seedlab.study.lab import Column, Lab
from tests.helpers.documents import CREATED
from tests.helpers.values import column, draw, run

ONE, TWO, THREE, FOUR = (run(index, draw("x", index)) for index in range(1, 5))


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    made = Keeping(Keeper(tmp_path))
    yield made
    made.close()


def lab_of(*columns: Column) -> Lab:
    return Lab(columns=columns, created=CREATED)


def left(keeping: Keeping, folder: Path) -> list[list[int]]:
    """The numbers of the runs of each column that the next start finds."""
    keeping.close()
    (result,) = left_behind(folder).results
    result.release()
    return [[run.index for run in column.runs] for column in result.lab.columns]


def test_a_run_is_kept_before_it_is_shown(keeping: Keeping, tmp_path: Path) -> None:
    keeping.show(lab_of(column(), column()), (5, 7), is_unsaved=False)
    for key, ended in ((7, TWO), (5, ONE), (7, ONE)):
        kept = keeping.add(key, ended)
        assert kept is not None
        kept.result(20)
    assert left(keeping, tmp_path) == [[1], [1, 2]]


def test_what_is_shown_late_takes_nothing_away(keeping: Keeping, tmp_path: Path) -> None:
    keeping.show(lab_of(column()), (5,), is_unsaved=False)
    for ended in (ONE, THREE, TWO):
        keeping.add(5, ended)
    keeping.show(lab_of(column(ONE)), (5,), is_unsaved=True)
    keeping.show(lab_of(column(ONE, THREE)), (5,), is_unsaved=True)
    keeping.add(5, FOUR)
    assert left(keeping, tmp_path) == [[1, 2, 3, 4]]


def test_what_was_shown_and_is_discarded_does_not_come_back(keeping: Keeping, tmp_path: Path) -> None:
    keeping.show(lab_of(column()), (5,), is_unsaved=False)
    for ended in (ONE, TWO, THREE):
        keeping.add(5, ended)
    keeping.show(lab_of(column(ONE, TWO)), (5,), is_unsaved=True)
    keeping.show(lab_of(column(ONE)), (5,), is_unsaved=True)
    assert left(keeping, tmp_path) == [[1, 3]]


def test_a_column_that_runs_again_starts_anew(keeping: Keeping, tmp_path: Path) -> None:
    keeping.show(lab_of(column(ONE, TWO)), (5,), is_unsaved=True)
    keeping.show(lab_of(column()), (5,), is_unsaved=False)
    keeping.add(5, THREE)
    assert left(keeping, tmp_path) == [[3]]


def test_runs_of_a_column_that_is_gone_are_nobody_s(keeping: Keeping, tmp_path: Path) -> None:
    keeping.show(lab_of(column(ONE), column()), (5, 7), is_unsaved=True)
    keeping.add(7, TWO)
    keeping.show(lab_of(column(ONE)), (5,), is_unsaved=True)
    assert keeping.add(7, THREE) is None
    assert left(keeping, tmp_path) == [[1]]


def test_what_is_forgotten_stays_forgotten_and_nothing_is_kept_after_the_end(keeping: Keeping, tmp_path: Path) -> None:
    keeping.show(lab_of(column()), (5,), is_unsaved=False)
    keeping.add(5, ONE)
    keeping.forget()
    keeping.close()
    assert keeping.add(5, TWO) is None
    assert left_behind(tmp_path).results == ()


def test_what_is_closed_and_forgotten_leaves_nothing(keeping: Keeping, tmp_path: Path) -> None:
    keeping.show(lab_of(column()), (5,), is_unsaved=False)
    keeping.add(5, ONE)
    keeping.close(forgets=True)
    assert keeping.add(5, TWO) is None
    assert list(tmp_path.iterdir()) == []
