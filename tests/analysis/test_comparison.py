"""Verdicts over runs, relations inside them, and the letters of all that is in view."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedlab.analysis.comparison import Comparison, compare
from seedlab.analysis.fingerprints import DOT
from seedlab.analysis.labels import LabelParts, label_parts
from seedlab.analysis.relations import RelationKind
from seedlab.analysis.rows import MOST_MISSING, Row, Verdict
from seedlab.evidence.finding import Finding
from seedlab.messages.rows import relation_text, remark_text, verdict_text
from seedlab.results.run import Draw, Outcome, Run
from tests.helpers.values import draw, fingerprints_of, run, runs, text_draw

INF, NAN = float("inf"), float("nan")


def row_of(*values: object, dtype: str = "float32") -> Row:
    """The row of label x over runs 1, 2, ... with these values."""
    (row,) = compare(runs(*({"x": np.array(value, dtype)} for value in values), dtype=dtype)).rows
    return row


def bits(*patterns: int) -> Draw:
    """float32 values of these bits."""
    return Draw("x", "float32", (len(patterns),), np.array(patterns, "<u4").tobytes())


# --- rows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "verdict", "distinct", "summary"),
    [
        ([[1, 2], [1, 2], [1, 2]], Verdict.REPEATS, 1, "repeats"),
        ([[1, 2], [1, 2], [1, 3]], Verdict.DIFFERS, 2, "2 different in 3 runs"),
        ([[1, 2], [1, 4], [1, 3]], Verdict.DIFFERS, 3, "3 of 3 differ"),
        ([1.5, 1.5], Verdict.REPEATS, 1, "repeats"),
        ([[1, 2]], Verdict.ONE_RUN, 1, "one run"),
        ([[], []], Verdict.REPEATS, 1, "repeats"),
        ([[NAN, 1], [NAN, 1]], Verdict.REPEATS, 1, "repeats"),
        ([[INF], [INF]], Verdict.REPEATS, 1, "repeats"),
        ([[0.0], [-0.0]], Verdict.DIFFERS, 2, "2 of 2 differ"),
        ([[1, 2], [1, 2, 3]], Verdict.NOT_COMPARABLE, 2, "not comparable"),
    ],
)
def test_the_verdict_goes_by_the_bits(values: list[object], verdict: Verdict, distinct: int, summary: str) -> None:
    row = row_of(*values)
    assert (row.verdict, row.distinct, verdict_text(row)) == (verdict, distinct, summary)
    assert row.runs == len(values)
    assert row.missing_in == ()


def test_nans_repeat_when_their_bits_do() -> None:
    one, other = bits(0x7FC00000), bits(0x7FC00001)
    assert compare([run(1, one), run(2, one)]).rows[0].verdict is Verdict.REPEATS
    assert compare([run(1, one), run(2, other)]).rows[0].verdict is Verdict.DIFFERS


def test_values_one_bit_apart_differ() -> None:
    row = compare([run(1, bits(0x3F800000)), run(2, bits(0x3F800001))]).rows[0]
    assert row.verdict is Verdict.DIFFERS
    assert row.largest_difference == 2.0**-23
    assert remark_text(row) == "largest difference 1.19e-07"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (draw("x", [1.0, 2.0], "float64"), "run 3 has float64 [2], run 1 float32 [2]"),
        (draw("x", [[1.0, 2.0]]), "run 3 has float32 [1, 2], run 1 float32 [2]"),
        (draw("x", 1.0), "run 3 has float32 [], run 1 float32 [2]"),
    ],
)
def test_another_dtype_or_shape_cannot_be_compared(other: Draw, why: str) -> None:
    same = draw("x", [1.0, 2.0])
    row = compare([run(1, same), run(2, same), run(3, other)]).rows[0]
    assert (row.verdict, remark_text(row)) == (Verdict.NOT_COMPARABLE, why)
    assert row.largest_difference is None


def test_equal_numbers_of_another_dtype_are_not_called_equal() -> None:
    row = compare([run(1, draw("x", [0], "int32")), run(2, draw("x", [0], "float32"))]).rows[0]
    assert (row.verdict, row.distinct) == (Verdict.NOT_COMPARABLE, 2)


def test_a_label_that_finished_runs_lack_is_told() -> None:
    comparison = compare(runs({"x": 1, "y": 2}, {"x": 1}, {"x": 1, "y": 2}, {"x": 1}))
    assert [row.label for row in comparison.rows] == ["x", "y"]
    row = comparison.row("y")
    assert row is not None
    assert (row.verdict, row.runs, row.missing_in) == (Verdict.REPEATS, 2, (2, 4))
    assert remark_text(row) == "missing in runs 2, 4"
    assert comparison.row("z") is None


def test_labels_stand_in_the_order_of_their_first_appearance() -> None:
    assert [row.label for row in compare(runs({"b": 1, "a": 1}, {"c": 1, "a": 1})).rows] == ["b", "a", "c"]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.TIMED_OUT, Outcome.CANCELLED])
def test_a_run_that_did_not_finish_counts_for_what_it_drew_and_lacks_nothing(outcome: Outcome) -> None:
    whole = run(1, draw("x", 1), draw("y", 2))
    comparison = compare([whole, run(2, draw("x", 1), outcome=outcome), run(3, outcome=outcome)])
    x, y = comparison.rows
    assert (x.verdict, x.runs, x.missing_in) == (Verdict.REPEATS, 2, ())
    assert (y.verdict, y.runs, y.missing_in) == (Verdict.ONE_RUN, 1, ())


def test_a_finished_run_without_draws_lacks_every_label() -> None:
    (row,) = compare([*runs({"x": 1}), run(2)]).rows
    assert row.missing_in == (2,)
    assert remark_text(row) == "missing in run 2"


def test_a_run_that_failed_does_not_stand_in_for_a_finished_one_that_lacks_the_label() -> None:
    (row,) = compare([run(1, draw("x", 1)), run(2, draw("x", 1), outcome=Outcome.FAILED), run(3)]).rows
    assert (row.runs, row.missing, row.missing_in) == (2, 1, (3,))
    assert remark_text(row) == "missing in run 3"


def test_of_many_runs_without_a_label_the_first_are_named() -> None:
    row = compare(runs(*({} if index % 10 else {"x": 1} for index in range(40)))).rows[0]
    assert (row.runs, row.missing, row.missing_in) == (4, 36, (2, 3, 4, 5, 6, 7))
    assert remark_text(row) == "missing in runs 2, 3, 4, 5, 6, 7, … (36 in all)"


ENDED = st.lists(st.tuples(st.lists(st.sampled_from("xyz"), max_size=4), st.sampled_from(list(Outcome))), max_size=12)


@given(ENDED)
def test_a_label_is_missing_in_the_finished_runs_without_it(drawn: list[tuple[list[str], Outcome]]) -> None:
    ended = [
        run(index, *(draw(label, 1) for label in labels), outcome=outcome)
        for index, (labels, outcome) in enumerate(drawn, 1)
    ]
    for row in compare(ended).rows:
        lacking = [each.index for each in ended if row.label not in {found.label for found in each.draws}]
        missing = [index for index in lacking if ended[index - 1].outcome is Outcome.FINISHED]
        assert (row.missing, row.missing_in) == (len(missing), tuple(missing[:MOST_MISSING]))


@pytest.mark.parametrize("ended", [[], [run(1)], [run(1, outcome=Outcome.FAILED)]])
def test_no_draws_make_no_rows(ended: list[Run]) -> None:
    assert compare(ended) == Comparison((), ())


@pytest.mark.parametrize(
    ("values", "dtype", "difference"),
    [
        ([[1, 5], [1, 2], [4, 2]], "float32", 3.0),
        ([[1, -5], [1, 7]], "int8", 12.0),
        ([[-128], [127]], "int8", 255.0),
        ([[0], [255]], "uint8", 255.0),
        ([[0.0], [-0.0]], "float64", 0.0),
        ([[-1e308], [1e308]], "float64", INF),
        ([[1], [INF]], "float32", None),
        ([[INF], [-INF]], "float32", None),
        ([[1], [NAN]], "float32", None),
        ([[True], [False]], "bool", None),
        ([[1j], [2j]], "complex64", None),
    ],
)
def test_the_largest_difference_is_that_of_finite_real_numbers(
    values: list[object], dtype: str, difference: float | None
) -> None:
    row = row_of(*values, dtype=dtype)
    assert row.verdict is Verdict.DIFFERS
    assert row.largest_difference == difference


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
def test_the_largest_difference_of_large_whole_numbers_is_exact(dtype: str) -> None:
    assert row_of([2**63 - 1], [2**63 - 2], dtype=dtype).largest_difference == 1.0


@pytest.mark.parametrize(("apart", "told"), [(0.5, ""), (2.0**-9, ""), (2.0**-10, "largest difference 0.000977")])
def test_only_a_small_difference_is_worth_a_remark(apart: float, told: str) -> None:
    assert remark_text(row_of([1.0], [1.0 + apart])) == told


@pytest.mark.parametrize(
    ("values", "reordered"),
    [
        ([[1, 2, 3], [3, 1, 2]], True),
        ([[[1, 2], [3, 4]], [[4, 3], [2, 1]]], True),
        ([[1, 2, 2], [1, 1, 2]], False),
        ([[1, 2, 3], [3, 2, 1], [1, 2, 4]], False),
        ([[1], [2]], False),
        ([[0.0], [-0.0]], False),
        ([[1, 2], [1, 2]], False),
    ],
)
def test_the_same_values_in_another_order_are_told(values: list[object], reordered: bool) -> None:
    row = row_of(*values)
    assert row.same_values_reordered is reordered
    assert ("same values in another order" in remark_text(row)) is reordered


def test_zeros_of_other_sign_are_not_the_same_values() -> None:
    assert not row_of([0.0, 1.0], [-0.0, 1.0]).same_values_reordered


def test_each_verdict_has_a_sign_of_its_own() -> None:
    assert {verdict.sign for verdict in Verdict} == set("=≠·?")


def test_bfloat16_is_compared() -> None:
    one, two = Draw("x", "bfloat16", (1,), b"\x80\x3f"), Draw("x", "bfloat16", (1,), b"\x00\x40")
    assert compare([run(1, one), run(2, two)]).rows[0].largest_difference == 1.0


# --- labels and relations ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("session1/op1-2", LabelParts("session1", "op1", 2)),
        ("op1-2", LabelParts("", "op1", 2)),
        ("4", LabelParts("", "", 4)),
        ("session2/4", LabelParts("session2", "", 4)),
        ("loss", LabelParts("", "loss", 1)),
        ("loss #3", LabelParts("", "loss", 3)),
        ("a/b/c", LabelParts("a/b", "c", 1)),
        ("my-op-12", LabelParts("", "my-op", 12)),
        ("epoch 7", LabelParts("", "epoch 7", 1)),
        ("", LabelParts("", "", 1)),
    ],
)
def test_a_label_names_section_op_and_call(label: str, parts: LabelParts) -> None:
    assert label_parts(label) == parts


def relation_summaries(*ended: Run) -> list[str]:
    return [relation_text(relation) for relation in compare(ended).relations]


@pytest.mark.parametrize(
    ("tables", "summaries"),
    [
        ([{"op1-1": 1, "op1-2": 1}], ["op1 repeats from call to call."]),
        ([{"op1-1": 1, "op1-2": 2}], ["op1 differs from call to call."]),
        ([{"op1-1": 1, "op1-2": 1}, {"op1-1": 2, "op1-2": 2}], ["op1 repeats from call to call."]),
        ([{"op1-1": 1, "op1-2": 1}, {"op1-1": 2, "op1-2": 3}], ["op1 differs from call to call."]),
        ([{"op1-1": 2, "op1-2": 3}, {"op1-1": 1, "op1-2": 1}], ["op1 differs from call to call."]),
        (
            [{"1": 1, "2": 2, "3": 1, "4": 2}],
            ["Partly repeats from call to call: 3 = 1, 4 = 2."],
        ),
        ([{"s1/op1-1": 1, "s2/op1-1": 1}], ["op1 repeats from session to session."]),
        ([{"s1/op1-1": 1, "s2/op1-1": 2}], ["op1 differs from session to session."]),
        (
            [{"s1/op1-1": 1, "s1/op1-2": 2, "s2/op1-1": 1, "s2/op1-2": 3}],
            [
                "s1/op1 differs from call to call.",
                "s2/op1 differs from call to call.",
                "op1 partly repeats from session to session: s2/op1-1 = s1/op1-1.",
            ],
        ),
        ([{"op1-1": 1, "op2-1": 1}], ["Equal from op to op: op2-1 = op1-1."]),
        ([{"op1-1": 1, "op2-1": 1}, {"op1-1": 1, "op2-1": 2}], []),
        ([{"op1-1": 1, "op2-1": 2}], []),
    ],
)
def test_relations_hold_in_every_run(tables: list[dict[str, float]], summaries: list[str]) -> None:
    assert relation_summaries(*runs(*tables)) == summaries


def test_relations_compare_bits_not_numbers() -> None:
    one = run(1, draw("op1-1", [1], "int32"), draw("op1-2", [1], "float32"), draw("op1-3", [[1]], "float32"))
    (relation,) = compare([one]).relations
    assert (relation.kind, relation.repeats, relation.equal) == (RelationKind.CALL_TO_CALL, False, ())


def test_an_unseeded_op_that_draws_what_a_seeded_one_draws_is_found() -> None:
    # Graph seed 0: from TensorFlow 2.2 on the second op without a seed and an op with seed 1 have the pair (0, 1).
    table = {"op1-1": [4, 5], "op2-1": [1, 2], "op3-1": [1, 2], "op1-2": [6, 7], "op2-2": [3, 3], "op3-2": [3, 3]}
    ended = runs(table, table)
    (relation,) = (r for r in compare(ended).relations if r.kind is RelationKind.OP_TO_OP)
    assert (relation.subjects, relation.repeats) == (("op2", "op3"), False)
    assert set(relation.equal) == {("op2-1", "op3-1"), ("op2-2", "op3-2")}
    letters = {drawn.label: fingerprints_of([ended]).of(drawn).letter for drawn in ended[1].draws}
    assert letters["op2-1"] == letters["op3-1"] != letters["op1-1"]


def test_a_long_list_of_pairs_is_cut() -> None:
    table = {f"x-{call}": [0] for call in range(1, 8)} | {f"x-{call}": [1] for call in range(8, 11)}
    (summary,) = relation_summaries(*runs(table))
    assert summary.endswith("x-7 = x-1 and 2 more.")


def test_labels_that_never_stood_in_one_run_have_no_relation() -> None:
    assert relation_summaries(*runs({"op1-1": 1}, {"op1-2": 1})) == []
    later = runs({"op1-1": 1}, {"op1-2": 1}, {"op1-1": 1, "op1-2": 1})
    assert relation_summaries(*later) == ["op1 repeats from call to call."]


def test_a_run_that_failed_half_way_takes_nothing_from_the_relations() -> None:
    whole, half = runs({"op1-1": 1, "op1-2": 1}, {"op1-1": 1})
    failed = run(2, *half.draws, outcome=Outcome.FAILED)
    assert relation_summaries(whole, failed) == ["op1 repeats from call to call."]


# --- fingerprints ------------------------------------------------------------------------------

FORMS = [("float32", (1,)), ("float32", (1, 1)), ("int32", (1,)), ("int16", (2,)), ("float16", (2, 1))]
DATA = st.sampled_from([b"\0\0\0\0", b"\0\0\0\x80", b"\0\0\xc0\x7f", b"\1\0\xc0\x7f"]) | st.binary(
    min_size=4, max_size=4
)
RAW_DRAWS = st.tuples(st.sampled_from(FORMS), DATA)


@given(st.lists(RAW_DRAWS, min_size=2, max_size=12), st.integers(0, 2**12 - 1))
def test_letters_are_equal_exactly_when_dtype_shape_and_bytes_are(
    raw: list[tuple[tuple[str, tuple[int, ...]], bytes]], sides: int
) -> None:
    draws = [Draw(f"x{n}", dtype, shape, data) for n, ((dtype, shape), data) in enumerate(raw)]
    left = [drawn for n, drawn in enumerate(draws) if sides >> n & 1]
    right = [drawn for n, drawn in enumerate(draws) if not sides >> n & 1]
    fingerprints = fingerprints_of([[run(1, *left)], [run(1, *right)]])
    for one, other in combinations(draws, 2):
        equal_bits = (one.dtype, one.shape, one.data) == (other.dtype, other.shape, other.data)
        assert (fingerprints.of(one) == fingerprints.of(other)) is equal_bits
        assert (fingerprints.of(one).letter == fingerprints.of(other).letter) is equal_bits


def test_letters_go_row_by_row_and_in_each_row_column_by_column() -> None:
    left = runs({"a": 1, "b": 2}, {"a": 3, "b": 1})
    right = runs({"b": 4, "c": 2, "a": 5})
    fingerprints = fingerprints_of([left, right])
    letters = dict.fromkeys("abc", "")
    for ended in (*left, *right):
        for drawn in ended.draws:
            letters[drawn.label] += fingerprints.of(drawn).letter
    assert letters == {"a": "ABC", "b": "DAE", "c": "D"}


def test_twenty_six_values_have_the_alphabet() -> None:
    ended = runs({f"x{n}": n for n in range(26)})
    fingerprints = fingerprints_of([ended])
    assert "".join(fingerprints.of(drawn).letter for drawn in ended[0].draws) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert [fingerprints.of(drawn).number for drawn in ended[0].draws] == list(range(26))


def test_of_more_than_twenty_six_values_only_those_that_repeat_have_letters() -> None:
    ended = runs({f"x{n:02}": n for n in range(26)}, {"x00": 100, "x07": 7, "x03": 3})
    fingerprints = fingerprints_of([ended])
    lettered = {
        drawn.label: fingerprints.of(drawn).letter for drawn in ended[0].draws if not fingerprints.of(drawn).is_dot
    }
    assert lettered == {"x03": "A", "x07": "B"}
    assert fingerprints.of(ended[1].draws[0]) is DOT
    assert (DOT.letter, DOT.is_dot) == ("·", True)


def test_a_value_that_repeats_in_another_column_has_a_letter() -> None:
    left, right = runs({f"x{n}": n for n in range(30)}), runs({"y": 29})
    assert fingerprints_of([left, right]).of(left[0].draws[29]).letter == "A"
    assert fingerprints_of([left]).of(left[0].draws[29]) is DOT


def test_letters_go_on_after_z() -> None:
    ended = runs(*({f"x{n:02}": n for n in range(54)} for _ in range(2)))
    letters = [fingerprints_of([ended]).of(drawn).letter for drawn in ended[1].draws]
    assert [letters[n] for n in (0, 25, 26, 27, 51, 52, 53)] == ["A", "Z", "AA", "AB", "AZ", "BA", "BB"]


def test_nothing_in_view_leaves_the_dot() -> None:
    assert fingerprints_of([]).of(draw("x", 1)) is DOT


# --- texts -------------------------------------------------------------------------------------


def text_row(*texts: str) -> Row:
    """The row of label x over runs 1, 2, ... that printed these texts."""
    (row,) = compare([run(index, text_draw("x", text)) for index, text in enumerate(texts, 1)]).rows
    return row


def test_equal_texts_are_equal_to_the_printed_digits_and_no_more() -> None:
    for text, code in (("loss: 0.5", "text.equal-digits"), ("Finished", "text.equal")):
        row = text_row(text, text)
        assert row.verdict is Verdict.REPEATS
        assert row.text == Finding.of(code)
    assert text_row("loss: 0.5").text is None
    assert row_of([1.0], [1.0]).text is None


def test_texts_that_differ_in_numbers_alone_have_a_largest_difference() -> None:
    row = text_row("loss: 0.50 of 10", "loss:  0.75 of 10", "loss: -0.25 of 10")
    assert (row.verdict, row.distinct, row.largest_difference) == (Verdict.DIFFERS, 3, 1.0)
    assert row.text is not None
    assert (row.text.code, row.text["numbers"], row.text["differing"]) == ("text.numbers-differ", 2, 1)
    assert row.first_difference == (1, 6)


@pytest.mark.parametrize("other", ["loss: nan", "loss: inf"])
def test_numbers_that_are_not_finite_differ_by_nothing_that_can_be_told(other: str) -> None:
    row = text_row("loss: 0.5", other)
    assert (row.verdict, row.largest_difference) == (Verdict.DIFFERS, None)
    assert row.text is not None
    assert row.text.code == "text.numbers-differ"
    assert text_row("nan 1", "nan 2").largest_difference == 1


def test_the_first_line_that_differs_is_told() -> None:
    row = text_row("a 1\nb 2\nc 3", "a 1\nb 3\nc 5")
    assert row.text is not None
    assert row.text.code == "text.numbers-differ-in-lines"
    assert [row.text[name] for name in ("line", "lines_differing", "one", "other", "largest")] == [
        2,
        2,
        "b 2",
        "b 3",
        2,
    ]
    row = text_row("a\nb", "a\nb\nc\nd")
    assert row.text is not None
    assert (row.text.code, row.text["line"], row.text["lines_differing"]) == ("text.lines-differ", 3, 2)
    assert row.largest_difference is None
    assert [row.text.code for row in (text_row("a 1", "b 1"), text_row("a 1", "a  1")) if row.text] == [
        "text.differs"
    ] * 2


def test_a_text_and_a_number_cannot_be_compared() -> None:
    (row,) = compare([run(1, draw("x", 1.0)), run(2, text_draw("x", "1.0"))]).rows
    assert row.verdict is Verdict.NOT_COMPARABLE
    assert "a text" in remark_text(row)


def test_equal_texts_have_one_letter_and_are_no_relation_of_ops() -> None:
    one = run(1, text_draw("line 1", "Done"), text_draw("line 2", "Done"), draw("a", 1.0), draw("b", 1.0))
    letters = fingerprints_of([[one]])
    assert letters.of(one.draws[0]) == letters.of(one.draws[1]) != letters.of(one.draws[2])
    relations = [each for each in compare([one]).relations if each.kind is RelationKind.OP_TO_OP]
    assert [each.equal for each in relations] == [(("a", "b"),)]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("a 1", "a 2"), "as text: its number differs by up to 1"),
        (("a 1", "a nan"), "as text: its number differs"),
        (("a 1 2", "a 1 4"), "as text: 1 of 2 numbers differs, by up to 2"),
        (("a 1 2", "a 2 4"), "as text: 2 of 2 numbers differ, by up to 2"),
        (("a 1\nb", "a 2\nb"), "as text: numbers in line 1 differ, by up to 1"),
        (("a 1\nb 1", "a 2\nb 2"), "as text: numbers in 2 lines differ, first in line 1, by up to 1"),
        (("a\nb", "a\nc"), "as text: line 2 differs"),
        (("a\nb", "c\nd"), "as text: 2 lines differ, first line 1"),
        (("a", "b"), "as text: its words differ"),
        (("a 1", "a 1"), "equal to the printed digits"),
        (("a", "a"), "equal as text"),
    ],
)
def test_texts_in_words(texts: tuple[str, ...], words: str) -> None:
    assert remark_text(text_row(*texts)) == words
