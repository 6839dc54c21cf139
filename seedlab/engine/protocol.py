"""Reading what a worker reports: JSON lines become draws, trace events and notes."""

import msgspec

from seedlab.results.run import Draw
from seedlab.results.trace import Event, Source, Trace, Use


class _Drawn(msgspec.Struct, tag="draw", tag_field="event"):
    line: int
    label: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes


class _Unread(msgspec.Struct, tag="unread", tag_field="event"):
    line: int
    label: str
    is_text: bool


class _Raised(msgspec.Struct, tag="raised", tag_field="event"):
    line: int | None
    error: str


class _Blind(msgspec.Struct, tag="blind", tag_field="event"):
    door: str
    why: str


class _Cut(msgspec.Struct, tag="cut", tag_field="event"):
    pass


_DECODER = msgspec.json.Decoder(Source | Use | _Drawn | _Unread | _Raised | _Blind | _Cut)


class Report:
    """Collects one worker's report; bytes may come in any pieces."""

    def __init__(self) -> None:
        self._rest = b""
        self._draws: list[Draw] = []
        self._trace: list[Event] = []
        self.error = ""
        """The exception that ended the script, in one line with its place; empty when none did."""
        self.notes: list[str] = []

    @property
    def draws(self) -> tuple[Draw, ...]:
        return tuple(self._draws)

    @property
    def trace(self) -> Trace:
        return tuple(self._trace)

    def add(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            try:
                self._take(_DECODER.decode(line))
            except msgspec.DecodeError as error:
                # The script wrote to a descriptor that it did not open.
                self.notes.append(f"part of the report could not be read: {error}")

    def _take(self, message: Source | Use | _Drawn | _Unread | _Raised | _Blind | _Cut) -> None:
        match message:
            case Source() | Use():
                self._trace.append(message)
            case _Drawn(line, label, dtype, shape, data):
                self._draws.append(Draw(label, dtype, shape, data, line, len(self._trace)))
            case _Unread(printed_line, label, is_text):
                why = (
                    f'as one text: print("{label}:", value) would be compared'
                    if is_text
                    else "with something that is no number: it is not compared"
                )
                self.notes.append(f"printed “{label}” at line {printed_line} {why}")
            case _Raised(raised_line, error):
                self.error = f"line {raised_line}: {error}" if raised_line else error
            case _Blind(door, why):
                self.notes.append(f"seeds set through {door} could not be observed: {why}")
            case _Cut():
                self.notes.append("the script printed more values than are kept; the later ones are missing")
