"""The lab: what it is made of."""

import datetime

import pytest

from seedlab.study.lab import Lab, View
from tests.helpers.values import column


def test_the_columns_keep_their_order_and_the_lab_its_time() -> None:
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    lab = Lab.of(column(name=name) for name in "cab")
    assert [made.name for made in lab.columns] == ["c", "a", "b"]
    assert before <= lab.created <= datetime.datetime.now(datetime.UTC)


def test_a_lab_is_looked_at_from_its_first_column_and_its_scripts_are_trusted() -> None:
    lab = Lab.of([column()])
    assert lab.view == View(look="auto", current=0)
    assert lab.columns[0].trusted


def test_a_lab_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Lab.of([]).view = View("map")  # type: ignore[misc]
