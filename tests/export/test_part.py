"""A part of a comparison: what is left keeps its letters, and the headline is about all."""

from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import analyse
from seedlab.export.part import analysing_columns, analysing_rows, rows_of_part, with_columns, with_rows
from seedlab.export.picture import Picture
from seedlab.messages.headlines import headline_text
from seedlab.session.picture_options import PictureOptions
from seedlab.study.lab import Lab
from seedlab.work import finish
from tests.helpers.comparisons import table_column, three_placements


def test_columns_are_chosen_in_the_order_that_is_asked_for() -> None:
    lab = Lab.of(three_placements())
    part = with_columns(lab, [2, 0])
    assert part.columns == (lab.columns[2], lab.columns[0])
    assert part.view.current == 1, "the one that was current"
    assert with_columns(lab, [1]).view.current == 0


def test_the_headline_of_some_rows_is_about_all_of_them() -> None:
    lab = Lab.of(three_placements())
    whole = analyse(lab.columns)
    assert headline_text(whole.headline).title == "op1 repeats only with: after graph."
    part = with_rows(lab, whole.alignment, ["op2-1", "op2-2"])
    analysis = finish(analysing_rows(part, whole))
    assert analysis.labels == ("op2-1", "op2-2")
    assert analysis.headline == whole.headline
    assert {draw.label for column in part.columns for run in column.runs for draw in run.draws} == {"op2-1", "op2-2"}


def test_values_keep_their_letters() -> None:
    lab = Lab.of(three_placements())
    whole = analyse(lab.columns)
    part = with_columns(lab, [2])
    analysis = finish(analysing_columns(part, whole))
    assert analysis.columns[0].summary.headline == whole.columns[2].summary.headline
    letters = [analysis.fingerprints.of(draw).letter for draw in part.columns[0].runs[0].draws]
    assert (
        letters == [whole.fingerprints.of(draw).letter for draw in lab.columns[2].runs[0].draws] != ["A", "B", "C", "D"]
    )


def test_a_row_is_the_one_of_each_column_whatever_it_calls_it() -> None:
    columns = [table_column([{"old-1": [1.0], "old-2": [2.0]}]), table_column([{"new-1": [1.0], "new-2": [2.0]}])]
    lab = Lab.of(columns)
    whole = analyse(lab.columns)
    part = with_rows(lab, whole.alignment, ["old-2"])
    assert [[draw.label for draw in column.runs[0].draws] for column in part.columns] == [["old-2"], ["new-2"]]
    alone = analyse(with_columns(lab, [1]).columns)
    assert rows_of_part(alone.alignment, whole.alignment, [1], ["old-2"]) == ("new-2",)


def test_a_picture_of_some_rows_says_that_there_are_more(qtbot: QtBot) -> None:
    del qtbot
    lab = Lab.of(three_placements())
    picture = Picture(lab, analyse(lab.columns), PictureOptions(rows=("op2-1",)))
    finish(picture.lay_out())
    assert picture.figure.labels == ("op2-1",)
    assert picture.figure.footer.startswith("… and 3 more draws.")
    assert picture.figure.headline.title == "op1 repeats only with: after graph."
