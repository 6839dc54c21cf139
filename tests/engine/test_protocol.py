"""Reading reports: whatever arrives, in whatever pieces, in linear time and bounded memory."""

import json
import tracemalloc

import numpy as np
import pytest

from seedlab.engine.protocol import LEFT_OUT, MAX_DRAWS, MAX_EVENTS, MAX_NOTES, UNREADABLE, Report
from seedlab.observer.wire import HEADER, MAGIC, MAX_HEAD_BYTES
from seedlab.results.trace import Source, Use
from tests.helpers.growth import assert_grows_gently

SET = {
    "event": "source", "kind": "set", "library": "python", "state": "global", "door": "random.seed", "file": "a/b.py",
    "line": 3, "seed": 2**70,
}  # fmt: skip
USE = {
    "event": "use", "library": "tensorflow", "state": "eager", "door": "tf.random_seed.get_seed", "file": None,
    "line": None, "op_seed": "'text'", "seeds": [1, 2],
}  # fmt: skip


def frame(message: object, payload: bytes = b"") -> bytes:
    head = json.dumps(message).encode()
    return HEADER.pack(MAGIC, len(head), len(payload)) + head + payload


def drawn(values: np.ndarray, **fields: object) -> bytes:
    head = {"event": "draw", "line": 1, "label": "x", "dtype": values.dtype.name, "shape": values.shape, **fields}
    return frame(head, values.tobytes())


def read(data: bytes, piece_bytes: int = 2**20) -> Report:
    report = Report()
    for start in range(0, len(data), piece_bytes):
        report.add(data[start : start + piece_bytes])
    return report


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 7, 64, 2**20])
def test_a_report_is_read_however_it_is_cut(piece_bytes: int) -> None:
    values = np.arange(6, dtype="float32").reshape(2, 3)
    raised = {"event": "raised", "line": 4, "error": "ValueError: no"}
    report = read(b"".join([frame(SET), drawn(values), frame(USE), drawn(np.asarray(1.5)), frame(raised)]), piece_bytes)
    assert report.notes == []
    assert report.error == "line 4: ValueError: no"
    source, use = report.trace
    assert isinstance(source, Source)
    assert isinstance(use, Use)
    assert (source.seed, source.file, use.seeds, use.op_seed) == (2**70, "a/b.py", (1, 2), "'text'")
    first, second = report.draws
    assert np.array_equal(first.array, values)
    assert (second.shape, second.events_before, type(second.data)) == ((), 2, bytes)


@pytest.mark.parametrize("garbage", [b"\0" * 12, b"some text that a script wrote\n", MAGIC + b"\xff" * 8])
def test_after_what_is_no_frame_the_rest_is_dropped_with_one_note(garbage: bytes) -> None:
    report = read(drawn(np.arange(3)) + garbage + drawn(np.arange(3)), 5)
    assert len(report.draws) == 1
    assert report.notes == [UNREADABLE]


@pytest.mark.parametrize(
    "broken",
    [
        drawn(np.arange(3), shape=[4]),
        drawn(np.arange(3), shape=[]),
        drawn(np.arange(3), shape=[-3]),
        drawn(np.arange(3), shape=[1] * 65 + [3]),
        drawn(np.arange(3), dtype="int32"),
        drawn(np.arange(3), dtype="object"),
        drawn(np.arange(3), label="x" * 1000),
        drawn(np.arange(3), line=0),
        drawn(np.arange(3), label=7),
        frame(SET, b"bytes"),
        frame({**SET, "kind": "lost"}),
        frame({"event": "unheard of"}),
        HEADER.pack(MAGIC, 5, 3) + b"{{{{{abc",
    ],
)
def test_a_frame_that_says_nonsense_is_left_out_and_noted_once(broken: bytes) -> None:
    for piece_bytes in (1, 2**20):
        report = read(broken + drawn(np.arange(2)) + broken + drawn(np.arange(4)), piece_bytes)
        assert [draw.shape for draw in report.draws] == [(2,), (4,)]
        assert report.trace == ()
        assert [note.startswith(UNREADABLE) for note in report.notes] == [True]


def test_values_beyond_the_limit_are_not_kept() -> None:
    # The third is beyond the limit and the room for the line that says that the rest was cut.
    report = Report(max_bytes=500_000)
    for _ in range(3):
        report.add(drawn(np.arange(25_000)))
    assert len(report.draws) == 2
    assert report.notes == [UNREADABLE]


@pytest.mark.parametrize(
    "start", [b"", HEADER.pack(MAGIC, MAX_HEAD_BYTES, 2**27)], ids=["no frame", "a frame's header"]
)
@pytest.mark.alone
def test_garbage_is_read_in_linear_time_and_bounded_memory(start: bytes) -> None:
    piece = b"x" * 4096

    def read_pieces(pieces: int) -> Report:
        report = Report()
        report.add(start)
        for _ in range(pieces):
            report.add(piece)
        return report

    # 64 MB and 256 MB.
    assert_grows_gently(read_pieces, 16_384, 65_536)

    tracemalloc.start()
    report = read_pieces(16_384)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20
    assert report.draws == ()


def test_a_payload_that_only_was_announced_takes_no_memory() -> None:
    data = drawn(np.zeros(1), shape=[2**24])
    head = json.dumps({"event": "draw", "line": 1, "label": "x", "dtype": "float64", "shape": [2**24]}).encode()
    tracemalloc.start()
    report = Report()
    report.add(HEADER.pack(MAGIC, len(head), 2**27) + head + data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


@pytest.mark.alone
def test_many_draws_are_read_in_linear_time() -> None:
    one = drawn(np.arange(3))

    def read_draws(draws: int) -> None:
        assert len(read(one * draws, 65_536).draws) == draws

    assert_grows_gently(read_draws, 5_000, 20_000)


def test_a_report_of_very_many_pieces_is_bounded() -> None:
    report = Report()
    empty = frame({"event": "draw", "line": 1, "label": "x", "dtype": "int8", "shape": [0]})
    printed = frame({"event": "printed", "printed": "\n", "size": 1, "is_direct": True})
    for one in (empty, frame(SET), printed, *(frame({"event": "unread", "line": n, "why": "long"}) for n in (1, 2))):
        block = one * 1000
        for _ in range(110):
            report.add(block)
    assert (len(report.draws), len(report.trace)) == (MAX_DRAWS, MAX_EVENTS)
    assert len(report.notes) <= MAX_NOTES + 1
    assert LEFT_OUT in report.notes
    assert report.printed.direct_bytes == 110_000


@pytest.mark.parametrize(
    "head",
    [
        b"[" * 60_000,
        b'{"event": "draw", "line": 1, "label": "x", "dtype": "int8", "shape": [0, ' + b"9" * 5_000 + b"]}",
        b'{"event": "draw", "line": 1, "label": "x", "dtype": "int8", "shape": [0, 268435456, 268435456]}',
        b'{"event": "draw", "line": 2147483648, "label": "x", "dtype": "int8", "shape": [0]}',
        json.dumps({**SET, "seed": 2**5_000}).encode(),
        json.dumps({**SET, "seed": "s" * 2_000}).encode(),
        json.dumps({**SET, "state": "s" * 5_000}).encode(),
        json.dumps({**SET, "line": 0}).encode(),
        json.dumps({**SET, "extra": [["x", "e30="]]}).encode(),
        json.dumps({**USE, "seeds": [2**5_000, 0]}).encode(),
        json.dumps({"event": "raised", "line": 1, "error": "e" * 5_000}).encode(),
        json.dumps({"event": "raised", "line": 1, "error": "\udcff"}).encode(),
        b"\xff",
    ],
)
def test_whatever_is_too_long_too_deep_or_no_text_is_left_out(head: bytes) -> None:
    report = read(HEADER.pack(MAGIC, len(head), 0) + head + drawn(np.arange(2)))
    assert (len(report.draws), report.trace, report.error) == (1, (), "")
    assert [note.startswith(UNREADABLE) for note in report.notes] == [True]
    assert all(draw.array.shape == draw.shape for draw in report.draws)
