"""A lab in a folder, kept up to date at little cost: each run is written once, and the columns are replaced whole.

Runs are lines of a stream that only grows. The file of the columns says which lines it knows, and which of them belong
to which column; each line after those says itself to which column its run was added, where it stands by its number. So
whatever moment the program ends at, there is a whole lab to read: only a line that was being written is lost.
"""

import datetime
import itertools
import os
from bisect import insort
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path

import msgspec
from msgspec.structs import replace

from seedlab.results.run import Run
from seedlab.session.private_files import open_to_append, replace_private
from seedlab.study.lab import Column, Lab
from seedlab.study.program import Program

FORMAT = 5
"""The version of the layout, to be increased with every change to a class that a lab consists of."""
COLUMNS_FILE = "columns.json"
_STREAM = "runs-{number}.jsonl"
_MUCH_BYTES = 2**20
"""Less than this is not worth a new stream."""
_INDEX = attrgetter("index")
_Stretch = tuple[int, int]
"""The first of some consecutive lines of the stream, and how many they are."""


class UnreadableError(Exception):
    """What a folder holds is no lab that was kept there."""


class NewerError(Exception):
    """The lab in a folder was kept by a newer seedlab."""


class _Head(msgspec.Struct, frozen=True):
    format: int


class _Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the file of the columns."""

    format: int
    stream: str
    """The name of the stream's file."""
    known: int
    """How many lines the stream had."""
    lab: Lab
    """The lab without its runs."""
    runs: tuple[tuple[_Stretch, ...], ...]
    """The runs of each column."""


class _Line(msgspec.Struct, frozen=True):
    """One line of the stream."""

    column: int
    """The position of the column that the run was added to."""
    created: datetime.datetime
    """The lab's, with this run."""
    run: Run


class _Place(msgspec.Struct, frozen=True):
    """A run that was written, which is kept so that no other object has its identity."""

    run: Run
    line: int
    size: int


class _Stream:
    """The stream that is being written, and where in it each run is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = self.size = 0
        self._file = open_to_append(path)
        self._places: dict[int, _Place] = {}

    def __contains__(self, run: Run) -> bool:
        return id(run) in self._places

    def line(self, run: Run) -> int:
        return self._places[id(run)].line

    def size_of(self, lab: Lab) -> int:
        """Return how many bytes the runs of ``lab`` take that are in the stream."""
        places = (self._places.get(id(run)) for column in lab.columns for run in column.runs)
        return sum(place.size for place in places if place is not None)

    def append(self, column: int, created: datetime.datetime, runs: Sequence[Run]) -> None:
        for run in runs:
            # JSON, because seeds may be larger than MessagePack's integers.
            data = msgspec.json.encode(_Line(column, created, run)) + b"\n"
            self._file.write(data)
            self._places[id(run)] = _Place(run, self.lines, len(data))
            self.lines += 1
            self.size += len(data)
        self._file.flush()

    def sync(self) -> None:
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


class LabWriter:
    """Keeps one lab after the other in ``folder``; each is mostly the one before it, with runs added."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stream: _Stream | None = None
        self._kept = Lab.of(())
        """The lab that a reader would find."""
        self._number = 0

    def write(self, lab: Lab) -> None:
        """Keep ``lab``. Raise OSError when that is impossible: a reader then finds a lab that was kept before."""
        lab = replace(lab, columns=tuple(_encodable(column) for column in lab.columns))
        try:
            if self._stream is None:
                self._begin(lab)
            elif self._has_columns_of(self._stream, lab):
                self._add_runs(self._stream, lab)
            elif self._is_mostly_waste(self._stream, lab):
                self._begin(lab)
            else:
                written = [[run for run in column.runs if run in self._stream] for column in lab.columns]
                columns = [replace(column, runs=tuple(runs)) for column, runs in zip(lab.columns, written, strict=True)]
                self._write_columns(self._stream, replace(lab, columns=tuple(columns)))
                self._add_runs(self._stream, lab)
                if not all(_is_in_order(column.runs) for column in lab.columns):
                    self._stream.sync()
                    self._write_columns(self._stream, lab)
        except BaseException:
            # Half a line may stand at the end, so nothing more is written there.
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _is_mostly_waste(self, stream: _Stream, lab: Lab) -> bool:
        needed = stream.size_of(lab)
        return stream.size - needed > max(needed, _MUCH_BYTES)

    def _begin(self, lab: Lab) -> None:
        """Write everything to a new stream, and remove the old one once the columns say so."""
        self.close()
        self._number += 1
        stream = self._stream = _Stream(self._folder / _STREAM.format(number=self._number))
        for position, column in enumerate(lab.columns):
            stream.append(position, lab.created, column.runs)
        stream.sync()
        self._write_columns(stream, lab)
        for path in self._folder.glob(_STREAM.format(number="*")):
            if path != stream.path:
                path.unlink(missing_ok=True)

    def _add_runs(self, stream: _Stream, lab: Lab) -> None:
        for position, column in enumerate(lab.columns):
            stream.append(position, lab.created, [run for run in column.runs if run not in stream])
        self._kept = lab

    def _has_columns_of(self, stream: _Stream, lab: Lab) -> bool:
        """Return True when only runs were added that were not written before, and each stands by its number."""
        return self._is_alike(lab) and all(
            _has_runs_of(old.runs, column.runs, stream)
            for old, column in zip(self._kept.columns, lab.columns, strict=True)
        )

    def _is_alike(self, lab: Lab) -> bool:
        """Return True when nothing but runs differs."""
        kept = self._kept
        # Scenes are whole labs, whose runs stand with them: they are not compared one by one.
        is_same_talk = kept.scenes is lab.scenes
        head, other = ((each.view, each.extra, len(each.columns)) for each in (kept, lab))
        return (
            is_same_talk
            and head == other
            and all(
                replace(column, runs=()) == replace(old, runs=())
                for old, column in zip(kept.columns, lab.columns, strict=True)
            )
        )

    def _write_columns(self, stream: _Stream, lab: Lab) -> None:
        """Write the columns of ``lab``, all of whose runs are in the stream."""
        content = _Columns(
            format=FORMAT,
            stream=stream.path.name,
            known=stream.lines,
            lab=replace(
                lab,
                columns=tuple(replace(column, runs=()) for column in lab.columns),
                scenes=tuple(replace(scene, columns=tuple(map(_encodable, scene.columns))) for scene in lab.scenes),
            ),
            runs=tuple(tuple(_stretches(stream.line(run) for run in column.runs)) for column in lab.columns),
        )
        replace_private(self._folder / COLUMNS_FILE, msgspec.json.encode(content))
        self._kept = lab


def read_kept(folder: Path) -> Lab:
    """Return the lab that was kept in ``folder``.

    Raise FileNotFoundError when none was, `NewerError` when a newer seedlab kept it, and `UnreadableError` when it
    cannot be read.
    """
    data = (folder / COLUMNS_FILE).read_bytes()
    try:
        found = msgspec.json.decode(data, type=_Head).format
        if found == FORMAT:
            return _read(folder, msgspec.json.decode(data, type=_Columns))
    except (OSError, MemoryError):
        # The lab may be whole: another time it may be read.
        raise
    # Whatever is wrong with such a file, there is nothing to restore from it.
    except Exception as error:
        raise UnreadableError(str(error)) from error
    if found > FORMAT:
        raise NewerError
    raise UnreadableError(f"its layout is {found}")


def _read(folder: Path, columns: _Columns) -> Lab:
    if Path(columns.stream).name != columns.stream:
        raise UnreadableError("the stream is elsewhere")
    try:
        data = (folder / columns.stream).read_bytes()
    except FileNotFoundError as error:
        raise UnreadableError("the stream is missing") from error
    # What follows the last end of a line was being written when the program ended.
    lines = data.split(b"\n")[:-1]
    if len(lines) < columns.known:
        raise UnreadableError("lines are missing")
    runs = [[_decoded(lines[at]).run for at in _lines_of(stretches, columns.known)] for stretches in columns.runs]
    created = columns.lab.created
    for added in lines[columns.known :]:
        line = _decoded(added)
        insort(runs[line.column], line.run, key=_INDEX)
        created = line.created
    made = [replace(column, runs=tuple(own)) for column, own in zip(columns.lab.columns, runs, strict=True)]
    return replace(columns.lab, columns=tuple(made), created=created)


def _decoded(data: bytes) -> _Line:
    line = msgspec.json.decode(data, type=_Line)
    for draw in line.run.draws:
        # Values that do not fit their shape would fail much later.
        _ = draw.array
    return line


def _lines_of(stretches: Sequence[_Stretch], known: int) -> Iterator[int]:
    for first, count in stretches:
        if first < 0 or first + count > known:
            raise UnreadableError("a run is missing")
        yield from range(first, first + count)


def _stretches(numbers: Iterator[int]) -> Iterator[_Stretch]:
    first = count = 0
    for number in numbers:
        if count and number == first + count:
            count += 1
            continue
        if count:
            yield first, count
        first, count = number, 1
    if count:
        yield first, count


def _has_runs_of(old: Sequence[Run], new: Sequence[Run], stream: _Stream) -> bool:
    """Return True where a reader who has ``old`` and adds the rest of ``new``, each by its number, has ``new``."""
    if old is new:
        return True
    before = set(map(id, old))
    added = [run for run in new if id(run) not in before]
    if len(new) != len(old) + len(added) or any(run in stream for run in added):
        return False
    return _is_in_order(new)


def _is_in_order(runs: Sequence[Run]) -> bool:
    return all(one.index < other.index for one, other in itertools.pairwise(runs))


def _encodable(column: Column) -> Column:
    """Return ``column`` with those characters escaped in its texts that systems allow and UTF-8 does not."""
    name, interpreter = _escaped(column.name), column.interpreter
    if interpreter is not None:
        interpreter = replace(interpreter, executable=_escaped(interpreter.executable))
    programs = {
        "program": _encodable_program(column.program),
        "next_program": _encodable_program(column.next_program),
    }
    return replace(column, name=name, interpreter=interpreter, **programs)


def _encodable_program(program: Program | None) -> Program | None:
    if program is None:
        return None
    return replace(
        program,
        path=_escaped(program.path),
        name=_escaped(program.name),
        folder=_escaped(program.folder),
        host_folder=_escaped(program.host_folder),
        arguments=tuple(map(_escaped, program.arguments)),
        environment=tuple((_escaped(name), _escaped(value)) for name, value in program.environment),
    )


def _escaped(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
