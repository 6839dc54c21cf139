"""Decode an observer's report: its frames become draws, what was printed, trace events and notes."""

import io
import math
from collections import Counter
from typing import Annotated, Final, Literal

import msgspec

from seedlab.engine.printed import DrawList, Place, Print, Prints
from seedlab.observer.wire import (
    HEADER,
    MAGIC,
    MAX_HEAD_BYTES,
    MAX_LABEL,
    MAX_PRINTED,
    MAX_REPORT_BYTES,
    MAX_TEXT,
    MAX_TEXTS,
)
from seedlab.phrases import recorded
from seedlab.results.effects import Effect, EffectKind
from seedlab.results.run import Draw
from seedlab.results.trace import Event, Seed, Shared, Source, Trace, Use

ITEM_BYTES: Final = {
    "bool": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "float16": 2, "bfloat16": 2, "int32": 4, "uint32": 4,
    "float32": 4, "int64": 8, "uint64": 8, "float64": 8, "complex64": 8, "complex128": 16,
}  # fmt: skip
MAX_DIMENSIONS: Final = 64
MAX_DRAWS: Final = 100_000
MAX_EVENTS: Final = 100_000
MAX_NOTES: Final = 50
MAX_EFFECTS: Final = 1_000
MAX_NAME: Final = 4096
MAX_FRAMES: Final = 100
"""The largest number of characters in the name of a file, a door or a state."""
MAX_SEED: Final = 1_000
MAX_SEED_BITS: Final = 4_096
MAX_ERROR: Final = 4_000
UNREADABLE: Final = recorded("part of the report could not be read")
LEFT_OUT: Final = recorded("the script printed more values than are kept; the later ones are missing")

_Line = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
_Size = Annotated[int, msgspec.Meta(ge=0, le=MAX_REPORT_BYTES)]
_Text = Annotated[str, msgspec.Meta(max_length=MAX_ERROR)]
_Label = Annotated[str, msgspec.Meta(max_length=MAX_LABEL)]
_Beginning = Annotated[str, msgspec.Meta(max_length=MAX_PRINTED)]


class _Drawn(msgspec.Struct, tag="draw", tag_field="event"):
    line: _Line
    label: _Label
    dtype: str
    shape: Annotated[tuple[_Size, ...], msgspec.Meta(max_length=MAX_DIMENSIONS)]
    printed: _Beginning = ""
    size: _Size = 0
    is_direct: bool = False


class _PrintedText(msgspec.Struct, tag="text", tag_field="event"):
    line: _Line
    label: _Label
    is_alone: bool
    printed: _Beginning = ""
    size: _Size = 0
    is_direct: bool = False


class _Printed(msgspec.Struct, tag="printed", tag_field="event"):
    printed: _Beginning
    size: _Size
    is_direct: bool = False


class _Unread(msgspec.Struct, tag="unread", tag_field="event"):
    line: _Line
    why: Literal["long", "many"]


class _Raised(msgspec.Struct, tag="raised", tag_field="event"):
    line: _Line | None
    error: _Text


class _Blind(msgspec.Struct, tag="blind", tag_field="event"):
    door: _Text
    why: _Text


class _Effect(msgspec.Struct, tag="effect", tag_field="event"):
    kind: EffectKind
    what: _Text


class _Unwatched(msgspec.Struct, tag="unwatched", tag_field="event"):
    pass


class _Unviewed(msgspec.Struct, tag="unviewed", tag_field="event"):
    pass


class _Cut(msgspec.Struct, tag="cut", tag_field="event"):
    pass


_Message = (
    Source
    | Shared
    | Use
    | _Drawn
    | _PrintedText
    | _Printed
    | _Unread
    | _Raised
    | _Blind
    | _Effect
    | _Unwatched
    | _Unviewed
    | _Cut
)
_DECODER: Final = msgspec.json.Decoder(_Message)


class Report:
    """One observer's report, decoded as its bytes arrive in pieces of any size.

    It never holds much more than what has arrived, and never more than ``max_bytes``. An invalid frame means that
    the script wrote to a descriptor that it did not open: everything after it is dropped, and a note says so.
    """

    def __init__(self, max_bytes: int = MAX_REPORT_BYTES) -> None:
        # The line that says that the rest was cut comes in addition.
        self._left = max_bytes + HEADER.size + MAX_HEAD_BYTES
        self._is_broken = False
        self._sizes: tuple[int, int] | None = None
        """The sizes in bytes of the current frame's head and payload; None until its header is complete."""
        self._start = bytearray()
        """The part of the current frame's header or head that has arrived."""
        self._message: _Message | None = None
        """The decoded head of the current frame, kept while its payload arrives; None if it could not be decoded."""
        # A BytesIO, because it hands out its buffer as bytes without a copy.
        self._payload: io.BytesIO | None = None
        self._draws = DrawList()
        self.printed = Prints()
        """All that was reported to have been printed to standard output."""
        self._unread: Counter[tuple[str, int]] = Counter()
        """How many texts were not compared, by why and their line."""
        self._trace: list[Event] = []
        self.effects: list[Effect] = []
        """What the run did outside its process, as far as it was watched."""
        self.is_unviewed = False
        """True where the process could not see its folders privately, and executed nothing."""
        self.all_effects = True
        """False where something could not be watched."""
        self.error = ""
        """The exception that ended the script and its line number, on one line of text; empty when there was none."""
        self._notes: list[str] = []

    @property
    def draws(self) -> tuple[Draw, ...]:
        return self._draws.draws

    @property
    def notes(self) -> list[str]:
        """Sentences about what could not be read, compared or observed."""
        return [*self._notes, *(_unread_note(*key, count) for key, count in self._unread.items())]

    @property
    def trace(self) -> Trace:
        return tuple(self._trace)

    def add(self, data: bytes) -> None:
        """Decode the next bytes of the report."""
        rest = memoryview(data)
        while rest and not self._is_broken:
            rest = self._add_to_start(rest) if self._payload is None else self._add_to_payload(rest, self._payload)

    def _add_to_start(self, rest: memoryview) -> memoryview:
        needed = (HEADER.size if self._sizes is None else self._sizes[0]) - len(self._start)
        self._start += rest[:needed]
        if len(rest) >= needed:
            start, self._start = self._start, bytearray()
            if self._sizes is None:
                self._take_header(start)
            else:
                self._take_head(start, self._sizes[1])
        return rest[needed:]

    def _take_header(self, header: bytearray) -> None:
        magic, head_bytes, payload_bytes = HEADER.unpack(header)
        self._left -= len(header) + head_bytes + payload_bytes
        if magic != MAGIC or not 0 < head_bytes <= MAX_HEAD_BYTES or self._left < 0:
            self._is_broken = True
            self._note_unreadable()
        else:
            self._sizes = head_bytes, payload_bytes

    def _take_head(self, head: bytearray, payload_bytes: int) -> None:
        try:
            self._message = self._checked(_DECODER.decode(head), payload_bytes)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            # Beside msgspec's own errors: numbers of too many digits, and lists that are nested too deeply.
            self._message = None
            self._note_unreadable(f": {error}")
        if payload_bytes:
            self._payload = io.BytesIO()
        else:
            self._take(b"")

    def _checked(self, message: _Message, payload_bytes: int) -> _Message:
        expected = 0
        if isinstance(message, _Drawn):
            if message.dtype not in ITEM_BYTES:
                raise msgspec.ValidationError(f"there are no values of dtype {message.dtype[:MAX_LABEL]}")
            # NumPy cannot make an array of this shape either, even if another length is 0.
            if math.prod(max(size, 1) for size in message.shape) > MAX_REPORT_BYTES:
                raise msgspec.ValidationError("a shape of too many values")
            expected = math.prod(message.shape) * ITEM_BYTES[message.dtype]
        elif isinstance(message, _PrintedText):
            # A character has at most four bytes.
            if payload_bytes > 4 * MAX_TEXT:
                raise msgspec.ValidationError("a text is too long")
            expected = payload_bytes
        elif isinstance(message, Source | Use | Shared):
            _check_event(message)
        if payload_bytes != expected:
            raise msgspec.ValidationError(f"{payload_bytes} bytes of values, expected {expected}")
        return message

    def _add_to_payload(self, rest: memoryview, payload: io.BytesIO) -> memoryview:
        assert self._sizes is not None
        needed = self._sizes[1] - payload.tell()
        if self._message is None:
            # The payload of an unreadable head is skipped without keeping it.
            payload.seek(min(len(rest), needed), io.SEEK_CUR)
        else:
            payload.write(rest[:needed])
        if len(rest) >= needed:
            self._payload = None
            self._take(payload.getvalue())
        return rest[needed:]

    def _take(self, payload: bytes) -> None:
        message, self._message, self._sizes = self._message, None, None
        match message:
            case Source() | Use() | Shared():
                if len(self._trace) < MAX_EVENTS:
                    self._trace.append(message)
                else:
                    self._note_once(LEFT_OUT)
            case _Drawn(line, label, dtype, shape):
                self._add_print(message)
                if self._has_room():
                    self._draws.add_value(Draw(label, dtype, shape, payload, line, len(self._trace)))
            case _PrintedText(line, label, is_alone):
                self._add_print(message)
                if self._has_room():
                    text = payload.decode("utf-8", "backslashreplace")
                    self._draws.add_text(text, label, Place(line, len(self._trace)), is_alone=is_alone)
            case _Printed():
                self._add_print(message)
            case _Unread(printed_line, why):
                if (why, printed_line) in self._unread or len(self._unread) < MAX_NOTES:
                    self._unread[why, printed_line] += 1
            case _Raised(raised_line, error):
                self.error = (
                    recorded("line {raised_line}: {error}", raised_line=raised_line, error=error)
                    if raised_line
                    else error
                )
            case _Blind(door, why):
                self._note(recorded("seeds set through {door} could not be observed: {why}", door=door, why=why))
            case _Unviewed():
                self.is_unviewed = True
            case _Unwatched():
                self.all_effects = False
            case _Effect(kind, what):
                if len(self.effects) < MAX_EFFECTS:
                    self.effects.append(Effect(kind, what))
                else:
                    self.all_effects = False
            case _Cut():
                self._note_once(LEFT_OUT)

    def add_cut_off(self) -> None:
        """Note that the rest of the report cannot be read."""
        self._is_broken = True
        self._note_unreadable()

    def add_stream(self, label: str, text: str) -> None:
        """Add what a stream has besides what was printed, as a draw after all others."""
        self._draws.add_stream(label, text, len(self._trace))

    def add_from_file(self, draw: Draw) -> None:
        """Add a value that a file has after the run, as a draw after all others."""
        if self._has_room():
            self._draws.add_from_file(msgspec.structs.replace(draw, events_before=len(self._trace)))

    def add_note(self, note: str) -> None:
        """Add a sentence, without its end, about what a reader must know."""
        self._note_once(note[:MAX_ERROR])

    def add_cut(self, label: str, *, is_compared: bool) -> None:
        """Note that the middle of a stream was not kept, and whether its two ends are compared."""
        what = (
            recorded("only its beginning and its end are compared") if is_compared else recorded("it is not compared")
        )
        self._note(
            recorded(
                "{label} is too long to be kept; apart from what the script printed, {what}", label=label, what=what
            )
        )

    def _add_print(self, message: _Drawn | _PrintedText | _Printed) -> None:
        if message.size:
            beginning = message.printed.encode("latin-1", "replace")
            self.printed.add(Print(beginning, message.size, message.is_direct))

    def _has_room(self) -> bool:
        if len(self._draws) < MAX_DRAWS:
            return True
        self._note_once(LEFT_OUT)
        return False

    def _note(self, note: str) -> None:
        if len(self._notes) < MAX_NOTES:
            self._notes.append(note)

    def _note_once(self, note: str) -> None:
        if note not in self._notes:
            self._notes.append(note)

    def _note_unreadable(self, why: str = "") -> None:
        # Noted only once, because a report may hold any number of unreadable frames.
        if not any(note.startswith(UNREADABLE) for note in self._notes):
            self._notes.append(UNREADABLE + why)


def _unread_note(why: str, line: int, count: int) -> str:
    """Return the note that ``count`` texts, printed at ``line``, are not compared one by one."""
    reason = (
        recorded("longer than {most:,} characters", most=MAX_TEXT)
        if why == "long"
        else recorded("beyond the first {most:,} of the run", most=MAX_TEXTS)
    )
    if count == 1:
        return recorded(
            "a text printed at line {line} is {reason}: it is compared as part of standard output",
            line=line,
            reason=reason,
        )
    return recorded(
        "{count:,} texts printed at line {line} are {reason}: they are compared as part of standard output",
        count=count,
        line=line,
        reason=reason,
    )


def _check_event(event: Event) -> None:
    """Raise `msgspec.ValidationError` when a text or a number in ``event`` is longer than any that the observer sends.

    The classes of events do not say so themselves, because documents keep whatever was written.
    """
    names = [event.library, event.state, event.door, event.file or ""]
    lines = [] if event.line is None else [event.line]
    if isinstance(event, Source):
        seeds: tuple[Seed, ...] = (event.seed,)
        if len(event.stack) > MAX_FRAMES:
            raise msgspec.ValidationError("a stack is too long")
        names += [event.through, *(text for file, _, function in event.stack for text in (file or "", function))]
        lines += [line for _, line, _ in event.stack]
    elif isinstance(event, Use):
        seeds = (event.op_seed, *event.seeds)
        names.append(event.through)
    else:
        seeds = (event.threads,)
    if any(len(name) > MAX_NAME for name in names):
        raise msgspec.ValidationError("a name is too long")
    for seed in seeds:
        if len(seed) > MAX_SEED if isinstance(seed, str) else (seed or 0).bit_length() > MAX_SEED_BITS:
            raise msgspec.ValidationError("a seed is too long")
    if event.extra:
        raise msgspec.ValidationError("the observer adds nothing to events")
    if not all(1 <= line < 2**31 for line in lines):
        raise msgspec.ValidationError("there is no such line")
