"""What a script printed, as draws: labels and sections, texts, and what the streams have besides."""

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from seedlab.engine.bounded_text import BoundedText
from seedlab.observer.wire import MAX_LABEL
from seedlab.results.printed_text import (
    as_compared,
    as_printed,
    has_letters,
    is_heading,
    is_steady,
    name_in,
    shown,
    without_native_lines,
)
from seedlab.results.run import TEXT, Draw

COMPARED_BYTES: Final = 512 * 1024
"""The number of bytes kept from the beginning and from the end, each, of a stream that is compared."""
_SURE_CHARACTERS: Final = 256 * 1024
"""So much of the two ends of a longer stream is compared, as text without what differs between any two runs.

The bytes that are kept end elsewhere in each run, because times and rates have more digits or fewer.
"""
_MOST_MISSED: Final = 100
"""After so many texts in a row that are not found in a stream, the rest is looked for only where it should stand."""
_LONG_TEXT: Final = 8
"""A text of so many bytes is found in the middle of a line, too: a script prints beside a progress bar."""
_SHORT_TEXT: Final = 4
"""A text of so many bytes is found there only where no line begins with it."""
_MOST_PRINTS: Final = 200_000
_CUT: Final = "‹the middle is left out›"


def now_here() -> datetime.datetime:
    """Return the time, in the time zone of this machine."""
    return datetime.datetime.now().astimezone()


class Place(NamedTuple):
    """Where in a run something was printed."""

    line: int | None
    """1-based line of the script."""
    events_before: int
    """The number of events in the trace that came before it."""


class DrawList:
    """The draws of a run, which get their labels as they arrive.

    A text that is printed alone and has no number is a heading: the labels of what follows begin with it. One that
    nothing follows before the next heading, or the end, is a text like others.
    """

    def __init__(self) -> None:
        self._draws: list[Draw] = []
        self._section = ""
        self._unused: tuple[str, Place] | None = None
        """The heading that nothing has followed yet, and where it was printed."""
        self._seen: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._draws)

    @property
    def draws(self) -> tuple[Draw, ...]:
        if self._unused is None:
            return tuple(self._draws)
        return (*self._draws, self._heading_as_draw(self._unused, self._seen.copy()))

    def add_value(self, draw: Draw) -> None:
        """Add ``draw``, whose label is what was printed before it; may be empty."""
        self._unused = None
        name = self._numbered(self._in_section(draw.label or f"line {draw.line}"), self._seen)
        self._draws.append(replace(draw, label=name))

    def add_text(self, text: str, label: str, place: Place, *, is_alone: bool) -> None:
        """Add a printed text, which may be a heading where ``is_alone`` says that nothing else was printed with it."""
        if not has_letters(text):
            return
        heading = shown(text).strip()
        if is_alone and is_heading(heading):
            self._end_heading()
            self._section = heading.rstrip(":").strip()[:MAX_LABEL]
            self._unused = (heading, place)
            return
        compared = as_printed(text, now_here()).strip("\n")
        self._unused = None
        # A time of day has colons, and what stands before them is no name.
        named = as_printed(text, None).strip()
        name = name_in(named) if is_alone else label if is_steady(label) else ""
        name = self._numbered(self._in_section(name[:MAX_LABEL] or f"line {place.line}"), self._seen)
        self._draws.append(_text_draw(name, compared, place))

    def add_stream(self, label: str, text: str, events: int) -> None:
        """Add what a stream has besides, as one text."""
        self._end_heading()
        self._draws.append(_text_draw(self._numbered(label, self._seen), text, Place(None, events)))

    def add_from_file(self, draw: Draw) -> None:
        """Add ``draw``, which was read from a file; its label stands in no section."""
        self._end_heading()
        self._draws.append(replace(draw, label=self._numbered(draw.label, self._seen)))

    def _end_heading(self) -> None:
        """Take the last heading for a text, where nothing has followed it."""
        if self._unused is not None:
            self._draws.append(self._heading_as_draw(self._unused, self._seen))
            self._unused = None

    def _in_section(self, label: str) -> str:
        return f"{self._section}/{label}" if self._section else label

    @staticmethod
    def _numbered(label: str, seen: Counter[str]) -> str:
        seen[label] += 1
        return f"{label} #{seen[label]}" if seen[label] > 1 else label

    def _heading_as_draw(self, heading: tuple[str, Place], seen: Counter[str]) -> Draw:
        text, place = heading
        return _text_draw(self._numbered(f"line {place.line}", seen), as_printed(text, now_here()), place)


def _text_draw(label: str, text: str, place: Place) -> Draw:
    return Draw(label, TEXT, (), text.encode(), place.line, place.events_before)


# --- what streams have besides -----------------------------------------------------------------


class Print(NamedTuple):
    """What one call of ``print`` wrote to standard output."""

    beginning: bytes
    size: int
    """The number of bytes of the whole."""
    is_direct: bool
    """True where no object of the script stands between, which may write it elsewhere."""


class Prints:
    """All that a script printed to standard output, in its order."""

    def __init__(self) -> None:
        self.kept: list[Print] = []
        self.direct_bytes = 0
        """The number of bytes of all that are direct, whether they are kept or not."""
        self.is_whole = True
        """False where there were more than are kept."""

    def add(self, print_: Print) -> None:
        self.direct_bytes += print_.size if print_.is_direct else 0
        if len(self.kept) < _MOST_PRINTS:
            self.kept.append(print_)
        else:
            self.is_whole = False


class StreamText(NamedTuple):
    """The text of a stream as it is compared."""

    text: str
    """Empty where there is nothing to compare."""
    is_cut: bool
    """True where something of it is not compared."""


NOTHING: Final = StreamText("", is_cut=False)


def stream_text(stream: BoundedText, printed: Prints) -> StreamText:
    """Return what ``stream`` has besides what the script ``printed``."""
    head, tail, dropped = stream.parts()
    # Threads that print at once mix their texts, which are not found then.
    if len(head) + len(tail) + dropped <= printed.direct_bytes:
        return NOTHING
    if not printed.is_whole:
        return StreamText("", is_cut=True)
    prints = printed.kept
    if not dropped:
        return StreamText(_cleaned(_without_prints(head + tail, prints)), is_cut=False)
    first = _cleaned(_without_prints(head[: head.rfind(b"\n") + 1], prints))
    last = _cleaned(_without_last_prints(tail[tail.find(b"\n") + 1 :], prints))
    if len(first) < _SURE_CHARACTERS or len(last) < _SURE_CHARACTERS:
        # Where the kept part ends would differ from run to run, and with it the text.
        return StreamText("", is_cut=True)
    first = first[:_SURE_CHARACTERS].rpartition("\n")[0]
    last = last[-_SURE_CHARACTERS:].partition("\n")[2]
    return StreamText(f"{first}\n{_CUT}\n{last}", is_cut=True)


def _cleaned(data: bytes) -> str:
    shown_text = without_native_lines(shown(data.decode("utf-8", "backslashreplace")))
    text = as_compared(shown_text).strip("\n")
    return text if has_letters(text) else ""


def _without_prints(data: bytes, prints: Sequence[Print]) -> bytes:
    kept: list[bytes] = []
    at = missed = 0
    for each in prints:
        start = _place(data, each.beginning, at, is_searched=missed < _MOST_MISSED)
        if start < 0:
            missed += 1
            continue
        missed = 0
        kept.append(data[at:start])
        at = start + each.size
    return b"".join([*kept, data[at:]])


def _place(data: bytes, wanted: bytes, at: int, *, is_searched: bool) -> int:
    """Return where ``wanted`` begins in ``data`` from ``at`` on; -1 where it is not found."""
    if data.startswith(wanted, at):
        return at
    if not is_searched:
        return -1
    if len(wanted) >= _LONG_TEXT:
        return data.find(wanted, at)
    found = data.find(b"\n" + wanted, at)
    if found >= 0:
        return found + 1
    return data.find(wanted, at) if len(wanted) >= _SHORT_TEXT else -1


def _without_last_prints(data: bytes, prints: Sequence[Print]) -> bytes:
    """Do what `_without_prints` does where the beginning of ``data`` is missing: what was printed last comes first."""
    kept: list[bytes] = []
    end = len(data)
    for each in reversed(prints):
        start = data.rfind(each.beginning, 0, end)
        if start < 0 or start + each.size > end:
            break
        kept.append(data[start + each.size : end])
        end = start
    return b"".join([data[:end], *reversed(kept)])
