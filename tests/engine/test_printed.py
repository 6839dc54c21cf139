"""What streams have besides what was printed, also where their middle was not kept."""

import pytest

from seedlab.engine.bounded_text import BoundedText
from seedlab.engine.printed import COMPARED_BYTES, Print, Prints, stream_text


def stream(*pieces: bytes) -> BoundedText:
    kept = BoundedText(COMPARED_BYTES, COMPARED_BYTES)
    for piece in pieces:
        kept.add(piece)
    return kept


def printed(*texts: bytes, is_direct: bool = True) -> Prints:
    prints = Prints()
    for text in texts:
        prints.add(Print(text[:200], len(text), is_direct))
    return prints


@pytest.mark.parametrize(
    ("pieces", "prints", "rest"),
    [
        ([b"a: 1\n", b"b: 2\n"], [b"a: 1\n", b"b: 2\n"], ""),
        ([b"a: 1\n", b"rest 1\n", b"b: 2\n", b"rest 2\n"], [b"a: 1\n", b"b: 2\n"], "rest 1\nrest 2"),
        ([b"\rbar 1", b"a: 1\n", b"\rbar 2\n"], [b"a: 1\n"], "bar 2"),
        ([b"rest 1\n", b"1\n", b"rest\n"], [b"1\n"], "rest 1\nrest"),
        ([b"long" * 100 + b"\n", b"rest\n"], [b"long" * 100 + b"\n"], "rest"),
        ([b"rest\n"], [b"went elsewhere\n"], "rest"),
        ([b"rest\n", b"b\n"], [b"went elsewhere\n", b"b\n"], "rest"),
        ([b"\xff\n"], [], "\\xff"),
        ([b"--- ---\n"], [], ""),
    ],
)
def test_what_was_printed_is_taken_out(pieces: list[bytes], prints: list[bytes], rest: str) -> None:
    assert stream_text(stream(*pieces), printed(*prints, is_direct=False)) == (rest, False)


def test_prints_that_mixed_leave_nothing_over() -> None:
    assert stream_text(stream(b"aabb\n\n"), printed(b"ab\n", b"ab\n")).text == ""


def test_prints_of_any_length_leave_nothing_over() -> None:
    long = b"x" * (4 * COMPARED_BYTES)
    assert stream_text(stream(long), printed(long)) == ("", False)
    assert stream_text(stream(long, b"rest\n"), printed(long)) == ("", True)


def test_of_a_long_stream_the_two_ends_are_the_same_wherever_it_was_cut() -> None:
    texts = set()
    for rate in (b"1.5it/s", b"12345.25it/s"):
        lines = [b"line %d %s\n" % (number, rate) for number in range(60_000)]
        pieces = [piece for line in lines for piece in (line, b"x: %d\n" % len(line))]
        prints = printed(*pieces[1::2])
        texts.add(stream_text(stream(*pieces), prints))
    (only,) = texts
    assert only.is_cut
    assert only.text.startswith("line 0 ‹rate›\nline 1 ‹rate›\n")
    assert only.text.endswith("\nline 59999 ‹rate›")
    assert "x: " not in only.text


def test_very_many_texts_that_are_not_found_take_no_time() -> None:
    text = stream(b"some other output\n" * 20_000)
    assert (
        len(stream_text(text, printed(*(b"not there %d\n" % n for n in range(50_000)), is_direct=False)).text) > 100_000
    )


@pytest.mark.parametrize(("size", "ends"), [(5, 10), (20, 10), (21, 10), (50, 10), (50, 100)])
def test_a_kept_text_can_be_shortened(size: int, ends: int) -> None:
    data = bytes(range(32, 32 + size))
    whole = BoundedText(30, 30)
    whole.add(data)
    text = whole.text(ends)
    assert text == (
        data.decode()
        if size <= 2 * ends
        else f"{data[:ends].decode()}\n… {size - 2 * ends} bytes left out …\n{data[-ends:].decode()}"
    )
