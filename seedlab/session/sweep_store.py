"""The results of a sweep on disk, written run by run, in parts; thousands are read in constant memory.

A part that is being written is a stream of Arrow, which is whole up to the last run that had ended, however the program
ends. A part that has enough runs is closed: it is written anew as one table, in one step, and takes the stream's place.
"""

import contextlib
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import replace

from seedlab.errors import DocumentError, RunRefusedError
from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter
from seedlab.results.influence import InfluenceSource
from seedlab.results.run import TEXT, Draw, Outcome, Run
from seedlab.session.private_files import make_private_folder, open_to_append, replace_private
from seedlab.study.sweep import Point, Sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
PART_RUNS = 4096
PART_BYTES = 32 * 2**20
"""A part is closed at so many runs, or so many bytes, whichever comes first."""
MAX_DRAW_BYTES = 1024
"""The size from which on only the digest of a draw is kept, unless it was named."""
MOST_NAMED = 5
_ABOUT, _LOCK = "sweep.json", "lock"
_CLOSED, _OPEN = ".arrow", ".stream"
_ELEMENT = re.compile(r"(.*)\[([0-9]{1,9})\]", re.DOTALL)
_PART = re.compile(r"[0-9]{6}\.(?:arrow|stream)")
"""What parts are called: nothing else in a folder is ours."""

_DRAW = pa.struct([
    ("label", pa.string()),
    ("dtype", pa.string()),
    ("shape", pa.list_(pa.int64())),
    ("data", pa.binary()),
    ("is_digest", pa.bool_()),
    ("number", pa.float64()),
    ("numbers", pa.int32()),
    ("line", pa.int32()),
    ("file", pa.string()),
])  # fmt: skip
_SCHEMA = pa.schema([
    ("index", pa.int64()),
    ("point", pa.list_(pa.int64())),
    ("outcome", pa.string()),
    ("start", pa.string()),
    ("seconds", pa.float64()),
    ("problem", pa.string()),
    ("draws", pa.list_(_DRAW)),
])  # fmt: skip


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a sweep's runs have in common."""

    format: int = FORMAT
    name: str
    """The name of the script or preset."""
    key: str
    """A digest of all that its values depend on, but for the points: what has the same key may go on with them."""
    turns: tuple[str, ...] = ()
    """What is turned, one text for each axis, of an experiment the name of the choice; without any, nothing is."""
    seeds: tuple[str, ...] = ()
    """The values of each axis, as they were asked for last."""
    own: tuple[int, ...] | None = None
    """The point that the script has itself; None where it has none."""
    sources: tuple[tuple[InfluenceSource, ...], ...] = ()
    """What is turned, for each axis of a script."""
    interpreter: Interpreter | None = None
    created: str = ""
    held: tuple[str, ...] = ()
    """The sources of the script that are not turned, as a person names them, each with its seed."""
    noisy: tuple[str, ...] = ()
    """Draws that differed between two runs of the same point."""


class SweepStore:
    """The folder of one sweep, which nobody else writes to. Call it in one thread at a time."""

    def __init__(self, folder: Path, about: About) -> None:
        self.folder = folder
        self.about = about
        self._stream: BinaryIO | None = None
        self._lock: BinaryIO | None = None
        self._streamed = self._streamed_bytes = 0
        self._buffered: list[Run] = []
        self._number = 0

    @classmethod
    def open(cls, folder: Path, about: About, lock: BinaryIO | None) -> Self:
        """Return the store in ``folder``, made where it is missing; ``lock`` is released when it is closed.

        Raise `SeedlabError` where the folder has the results of something else, or cannot be written.
        """
        store = cls(folder, about)
        store._lock = lock
        try:
            if not folder.exists():
                make_private_folder(folder)
            known = read_about(folder) if (folder / _ABOUT).exists() else None
            if known is None and any(path.name != _LOCK for path in folder.iterdir()):
                what = sentence("{folder} is not empty, and holds no sweep.", folder=folder)
                raise RunRefusedError(what, sentence("Name an empty folder, or one that does not exist yet."))
            if known is not None and known.key != about.key:
                what = sentence(
                    "{folder} has the results of another sweep, of “{name}”.", folder=folder, name=known.name
                )
                raise RunRefusedError(what, sentence("Name another folder, or remove this one."))
            if known is not None:
                about = replace(about, created=known.created or about.created, noisy=known.noisy)
            store.write_about(about)
            store._close_streams()
        except OSError as error:
            raise unwritable(folder, error) from error
        return store

    def write_about(self, about: About) -> None:
        """Replace what is said of all runs. Raises OSError."""
        self.about = about
        replace_private(self.folder / _ABOUT, msgspec.json.format(msgspec.json.encode(about)))

    def add(self, point: Point, run: Run, whole: Iterable[str] = ()) -> None:
        """Write ``run`` of ``point``; draws with the labels ``whole`` are kept however large. Raise `DocumentError`."""
        batch = pa.RecordBatch.from_pylist([_row(point, run, frozenset(whole))], schema=_SCHEMA)
        try:
            if self._stream is None:
                self._number += 1
                self._stream = open_to_append(self._path(self._number, _OPEN))
                self._write(_SCHEMA.serialize())
            self._write(batch.serialize())
            self._streamed += 1
            if self._streamed >= PART_RUNS or self._streamed_bytes >= PART_BYTES:
                self._close_stream()
        except OSError as error:
            raise unwritable(self.folder, error) from error

    def done(self) -> set[Point]:
        """Return the points whose runs have finished, or failed by themselves: what took too long may go well later."""
        found: set[Point] = set()
        for part in _parts(self.folder):
            ended = part.filter(pc.not_equal(part.column("outcome"), Outcome.TIMED_OUT.value))
            found.update(map(tuple, ended.column("point").to_pylist()))
        return found

    def close(self) -> None:
        """Close the part that is being written, and let others in."""
        try:
            with contextlib.suppress(OSError):
                self._close_stream()
        finally:
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def _write(self, buffer: pa.Buffer) -> None:
        assert self._stream is not None
        self._stream.write(buffer)
        # What has ended is not lost when this process is killed.
        self._stream.flush()
        self._streamed_bytes += buffer.size

    def _close_stream(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None
            self._streamed = self._streamed_bytes = 0
            self._compact(self._path(self._number, _OPEN))

    def _close_streams(self) -> None:
        """Close the parts that an earlier process was writing, and go on after the last one."""
        for path in _files(self.folder):
            if path.suffix == _OPEN:
                self._compact(path)
        self._number = max((int(path.stem) for path in _files(self.folder)), default=0)

    def _compact(self, path: Path) -> None:
        """Write the stream ``path`` as one table, unless that was done, and remove it."""
        closed = path.with_suffix(_CLOSED)
        if not closed.exists():
            table = _read_stream(path)
            if table is None:
                return
            if table.num_rows:
                sink = pa.BufferOutputStream()
                options = pa.ipc.IpcWriteOptions(compression="lz4")
                with pa.ipc.new_file(sink, _SCHEMA, options=options) as writer:
                    writer.write_table(table.combine_chunks())
                replace_private(closed, sink.getvalue().to_pybytes())
        path.unlink(missing_ok=True)

    def _path(self, number: int, ending: str) -> Path:
        return self.folder / f"{number:06d}{ending}"


class SweepResults:
    """The results in a sweep's folder, which may still grow; a part at a time is in memory."""

    def __init__(self, folder: Path, asked: Sweep | None = None) -> None:
        """Only the points of ``asked`` count, and the script's own; without it, all that were ever asked for.

        Raise `DocumentError` where ``folder`` holds no sweep.
        """
        self.folder = folder
        self.about = read_about(folder)
        self._asked = asked

    def parts(self) -> Iterator[pa.Table]:
        """Yield the parts as tables, in the order in which they were begun."""
        for part in _parts(self.folder):
            yield part if self._asked is None else part.filter(pa.array(self._is_asked(part, self._asked)))

    def _is_asked(self, part: pa.Table, asked: Sweep) -> "NDArray[np.bool_]":
        points = _points(part.column("point"), max(len(asked.axes), 1))
        if not asked.axes:
            return points[:, 0] <= asked.runs
        found = np.ones(len(points), np.bool_)
        for values, axis in zip(points.T, asked.axes, strict=True):
            seeds = axis.seeds.values
            if isinstance(seeds, range):
                found &= (values >= seeds[0]) & (values <= seeds[-1])
            else:
                found &= np.isin(values, np.array(seeds, np.int64))
        if self.about.own is not None:
            found |= (points == np.array(self.about.own)).all(axis=1)
        return found

    def labels(self) -> tuple[str, ...]:
        """Return the labels of all draws, in the order in which they were first seen."""
        found: dict[str, None] = {}
        for part in self.parts():
            flat = part.column("draws").combine_chunks().flatten()
            found.update(dict.fromkeys(pc.unique(flat.field("label")).to_pylist()))
        return tuple(found)

    def has_numbers(self, label: str) -> bool:
        """Return True where the first runs that drew ``label`` drew a number."""
        for part in self.parts():
            flat = part.column("draws").combine_chunks().flatten()
            found = flat.filter(pc.equal(flat.field("label"), label)).field("numbers")
            if len(found):
                # Of a text with several numbers, none is the number that it is about.
                is_text = flat.filter(pc.equal(flat.field("label"), label)).field("dtype")[0].as_py() == TEXT
                return bool(pc.max(found).as_py() == 1 if is_text else pc.max(found).as_py())
        return False

    def failures(self) -> "Failures":
        """Return which runs did not finish, and why."""
        failed: dict[Point, str] = {}
        for part in self.parts():
            wrong = part.filter(pc.not_equal(part.column("outcome"), Outcome.FINISHED.value))
            failed.update(
                zip(map(tuple, wrong.column("point").to_pylist()), wrong.column("problem").to_pylist(), strict=True)
            )
        # What took too long may have gone well when it was made again.
        for part in self.parts() if failed else ():
            right = part.filter(pc.equal(part.column("outcome"), Outcome.FINISHED.value))
            for point in map(tuple, right.column("point").to_pylist()):
                failed.pop(point, None)
        problems = Counter(failed.values())
        commonest = problems.most_common(1)[0][0] if problems else ""
        return Failures(len(failed), tuple([*failed][:MOST_NAMED]), commonest)

    def numbers(self, label: str, element: int = 0) -> "Numbers":
        """Return the number that each finished run drew under ``label``; of several, the one at the place ``element``.

        Runs without it are left out, as are those of which only a digest was kept, where that is not the only number.
        """
        points, numbers, indices = [], [], []
        axes = max(len(self.about.turns), 1)
        most = digests = 0
        for whole in self.parts():
            part = whole.filter(pc.equal(whole.column("outcome"), Outcome.FINISHED.value))
            draws = part.column("draws").combine_chunks()
            flat, parents = draws.flatten(), pc.list_parent_indices(draws)
            is_it = pc.equal(flat.field("label"), label)
            chosen, rows = flat.filter(is_it), parents.filter(is_it)
            values = np.array(chosen.field("number"), np.float64)
            counts = np.array(chosen.field("numbers"), np.int64)
            most = max(most, int(counts.max(initial=0)))
            if element:
                values = _elements(chosen, element)
                digests += pc.sum(chosen.field("is_digest")).as_py() or 0
            points.append(_points(part.column("point").take(rows), axes))
            numbers.append(values)
            indices.append(np.array(part.column("index").take(rows), np.int64))
        if not numbers:
            return Numbers(np.empty((0, 1), np.int64), np.empty(0), np.empty(0, np.int64), 0, 0)
        return Numbers(np.concatenate(points), np.concatenate(numbers), np.concatenate(indices), most, digests)


class Failures(msgspec.Struct, frozen=True):
    """The runs that did not finish."""

    count: int
    points: tuple[Point, ...]
    """The first of them, `MOST_NAMED` at most."""
    problem: str
    """Why most of them did not."""


class Numbers:
    """One number of each run that has it."""

    def __init__(
        self,
        points: "NDArray[np.int64]",
        values: "NDArray[np.float64]",
        indices: "NDArray[np.int64]",
        size: int,
        digests: int,
    ) -> None:
        self.points = points
        """int64, shape (runs, axes)."""
        self.values = values
        """float64, shape (runs,); NaN where there is no number."""
        self.indices = indices
        """The numbers of the runs, int64, shape (runs,)."""
        self.size = size
        """The most numbers that the draw has in a run."""
        self.digests = digests
        """The number of runs of which only a digest was kept, which has not the element that was asked for."""


def read_about(folder: Path) -> About:
    """Return what is said of the sweep in ``folder``. Raise `DocumentError` where there is none that can be read."""
    try:
        about = msgspec.json.decode((folder / _ABOUT).read_bytes(), type=About)
    except OSError as error:
        raise DocumentError(
            sentence("{folder} holds no sweep: {reason}.", folder=folder, reason=error.strerror),
            sentence("Name the folder of one."),
        ) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise DocumentError(
            sentence("The sweep in {folder} cannot be read.", folder=folder),
            sentence("Name another one, or remove it."),
        ) from error
    if about.format != FORMAT:
        raise DocumentError(
            sentence("The sweep in {folder} was made by a newer seedlab.", folder=folder),
            sentence("Read it with that one."),
        )
    return about


def named_element(name: str, labels: Sequence[str]) -> tuple[str, int]:
    """Return the label that ``name`` has, which may be one of ``labels``, and the place of the element it names."""
    found = None if name in labels else _ELEMENT.fullmatch(name)
    return (name, 0) if found is None else (found[1], int(found[2]))


def lock_path(folder: Path) -> Path:
    """Return the file that is locked while somebody writes to the sweep in ``folder``."""
    return folder / _LOCK


def _parts(folder: Path) -> Iterator[pa.Table]:
    for name in sorted({path.stem for path in _files(folder)}):
        closed = folder / f"{name}{_CLOSED}"
        table = None if closed.exists() else _read_stream(folder / f"{name}{_OPEN}")
        # It may have been closed a moment ago.
        yield _read_closed(closed) if table is None else table


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _PART.fullmatch(path.name))


def _read_closed(path: Path) -> pa.Table:
    """Return the runs in the closed part ``path``. Raise `DocumentError` where it cannot be read."""
    try:
        with pa.memory_map(os.fspath(path)) as source:
            table = pa.ipc.open_file(source).read_all()
            if table.schema.equals(_SCHEMA):
                return table
    except (pa.ArrowException, OSError) as error:
        raise _cannot_read(path) from error
    raise _cannot_read(path)


def _read_stream(path: Path) -> pa.Table | None:
    """Return the runs in ``path`` up to the last whole one; None where it is not there any more.

    Raise `DocumentError` where it is there and cannot be read: it must not be taken for an empty one.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot_read(path) from error
    batches: list[pa.RecordBatch] = []
    # What is not whole, or was never written before the power went, ends it.
    with contextlib.suppress(pa.ArrowException, OSError, EOFError, StopIteration):
        reader = pa.ipc.open_stream(data)
        if reader.schema.equals(_SCHEMA):
            while True:
                batch = reader.read_next_batch()
                batch.validate(full=True)
                batches.append(batch)
    return pa.Table.from_batches(batches, _SCHEMA)


def _cannot_read(path: Path) -> DocumentError:
    return DocumentError(
        sentence("{path} cannot be read: results of a sweep are damaged.", path=path),
        sentence("Begin anew in another folder."),
    )


def _row(point: Point, run: Run, whole: frozenset[str]) -> dict[str, Any]:
    return {
        "index": run.index,
        "point": list(point),
        "outcome": run.outcome.value,
        "start": run.start,
        "seconds": run.seconds,
        "problem": utf8(run.problem),
        "draws": [_draw(draw, is_whole=draw.label in whole) for draw in run.draws],
    }


def _draw(draw: Draw, *, is_whole: bool) -> dict[str, Any]:
    numbers = draw.array.reshape(-1)
    is_real = numbers.dtype.kind in "biuf"
    is_digest = len(draw.data) > MAX_DRAW_BYTES and not is_whole
    return {
        "label": utf8(draw.label),
        "dtype": draw.dtype,
        "shape": list(draw.shape),
        "data": hashlib.sha256(draw.data).digest() if is_digest else draw.data,
        "is_digest": is_digest,
        "number": float(numbers[0]) if is_real and numbers.size else float("nan"),
        "numbers": numbers.size if is_real else 0,
        "line": draw.line,
        "file": draw.file,
    }


def _points(column: pa.ChunkedArray, axes: int) -> "NDArray[np.int64]":
    """Return points, which have ``axes`` axes, as an array of int64 of shape (runs, axes)."""
    flat = [np.array(chunk.flatten(), np.int64) for chunk in column.chunks]
    return np.concatenate([np.empty(0, np.int64), *flat]).reshape(-1, axes)


def _elements(chosen: pa.StructArray, element: int) -> "NDArray[np.float64]":
    """Return the number at the position ``element`` of each draw; NaN where it has none, or only a digest."""
    found = np.full(len(chosen), np.nan)
    for row, draw in enumerate(chosen.to_pylist()):
        if not draw["is_digest"] and element < draw["numbers"]:
            array = Draw(draw["label"], draw["dtype"], tuple(draw["shape"]), draw["data"]).array
            found[row] = float(array.reshape(-1)[element])
    return found


def utf8(text: str) -> str:
    """Return ``text`` as it can be written: what is no character is shown as its escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def unwritable(folder: Path, error: OSError) -> DocumentError:
    """Return the error that says why results cannot be written to ``folder``."""
    return DocumentError(
        sentence("{folder} cannot be written: {reason}.", folder=folder, reason=error.strerror),
        sentence("Name another folder with --keep."),
    )
