"""Printed text as it is compared: progress bars in their last state, without colours, clocks and addresses.

What differs between any two runs, however they are seeded, is replaced by what it is, such as ``‹time›``.
"""

import datetime
import functools
import math
import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

import msgspec


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return ``pattern``, compiled when it is first used: compiling the large ones would delay the window."""
    return re.compile(pattern)


# --- what a terminal would show ----------------------------------------------------------------

_ESCAPES: Final = re.compile(
    r"\x1b(?:\[(?![0-9]*A)(?![0-2]?K)[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-Z\\^-~])"
)
"""Escape sequences (ECMA-48), apart from those that move up a line or erase one."""
_MOVES: Final = re.compile(r"(\n|\r|\x08+|\x1b\[[0-9]{0,3}A|\x1b\[[0-2]?K)")
_MOST_ROWS_UP: Final = 1_000


def shown(text: str) -> str:
    """Return ``text`` as a terminal has it in the end: of what was overwritten, the last state.

    What follows a carriage return replaces the whole line, because how much is left of a longer state before it
    depends on how fast the program was.
    """
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    if not any(mark in text for mark in "\r\x08\x1b"):
        return "\n".join(line.rstrip() for line in text.split("\n"))
    rows, at, is_fresh = [""], 0, False
    for piece in _MOVES.split(text.replace("\r\n", "\n")):
        if piece == "\n":
            at, is_fresh = at + 1, at + 1 < len(rows)
            if at == len(rows):
                rows.append("")
        elif piece == "\r":
            is_fresh = True
        elif piece.startswith("\x08"):
            rows[at] = rows[at][: -len(piece)]
        elif piece.endswith("A") and piece.startswith("\x1b["):
            at = max(0, at - min(int(piece[2:-1] or 1), _MOST_ROWS_UP))
        elif piece.endswith("K") and piece.startswith("\x1b["):
            rows[at] = ""
        elif piece:
            rows[at] = piece if is_fresh else rows[at] + piece
            is_fresh = False
    return "\n".join(row.rstrip() for row in rows)


# --- what differs between any two runs ---------------------------------------------------------

_CLOCK = r"\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?:\s?[AaPp][Mm]\b)?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# Bounded and possessive, so that a long row of digits takes linear time.
_NUMBER = r"\d[\d,_]{0,24}+(?:\.\d++)?(?:[eE][-+]\d++)?"
_LEVEL = r"(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|FATAL)"
_SECONDS = r"(?:nanoseconds?|microseconds?|milliseconds?|seconds?|secs?|ns|[uµμ]s|ms|s)"
_MINUTES = r"(?:minutes?|mins?|hours?|hrs?)"
_MASKS: Final = "|".join(
    f"(?P<{kind}>{pattern})"
    for kind, pattern in [
        ("temporary", r"(?<![\w.])(?:/private)?(?:/tmp|/var/tmp|/var/folders)/[^\s\"'`,;:()<>\[\]{}]+"),
        (
            "temporary_windows",
            r"(?i:\b[a-z]:[\\/]users[\\/][^\\/\s:]+[\\/]appdata[\\/]local[\\/]temp)[\\/][^\s\"'`,;:()<>\[\]{}]+",
        ),
        ("temporary_name", r"(?<![A-Za-z0-9])tmp[a-z0-9_]{8}(?![A-Za-z0-9_])"),
        ("address", r"(?<=\bat )0x[0-9A-Fa-f]{5,16}\b|\b0x(?:7[ef]|5[56])[0-9A-Fa-f]{10}\b"),
        ("log_head", r"(?<![^\n])[IWEFD]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+(?= )"),
        (
            "process",
            r"(?i:\b(?:pid|tid|(?:process|thread)[ _-]?id)[ =:#]{1,2}|\b(?:process|thread)[ =:#]{1,2}(?=\d++[\]):])"
            r"|(?<=\w)\[(?=\d++\]:))\d+|(?<===)\d+(?===)"
            # Beside the level of a log line, and the number that Linux has for a thread.
            rf"|(?<=\d )\d+(?= -? ?{_LEVEL}\b)|(?<=\] \[)\d+(?=\] \[{_LEVEL}\])|\b1[34]\d{{13}}\b",
        ),
        # tqdm, and in front of a time that is not known yet.
        ("left", r"(?<!\d)\d++:\d\d(?::\d\d)?<(?:\d+:\d\d(?::\d\d)?|\?)|-:--:--"),
        (
            "time",
            rf"\b\d{{4}}[-/]\d\d[-/]\d\d[T ]{_CLOCK}(?:Z|[-+]\d\d:?\d\d)?"
            rf"|\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:{_MONTH} +\d{{1,2}}|\d{{1,2}} {_MONTH}(?: \d{{4}})?) "
            rf"{_CLOCK}(?: \d{{4}})?|\b\d{{1,2}}/{_MONTH}/\d{{4}}:{_CLOCK}(?: [-+]\d{{4}})?"
            rf"|\b\d\d?/\d\d?/\d\d(?:\d\d)?,? {_CLOCK}|(?<![\d:.]){_CLOCK}(?![\d:])"
            r"|\b\d{1,2}:\d\d ?[AP]M\b|(?<=\[)\d\d:\d\d(?=\])",
        ),
        ("date", r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b|\b(?:19|20)\d\d/[01]\d/[0-3]\d\b"),
        ("rate", rf"(?:(?<![\w.]){_NUMBER}\s?|\?)(?:[A-Za-z]*/{_SECONDS}|{_SECONDS}/[A-Za-z]+)\b"),
        (
            "duration",
            rf"(?<![\w.])(?:\d++\s?(?:h|hours?)[ ,]*)?(?:\d++\s?(?:m|mins?|minutes?)[ ,]*)?{_NUMBER}\s?{_SECONDS}\b"
            rf"|(?<![\w.]){_NUMBER}\s?{_MINUTES}\b(?!\s*[\d:=])|(?<![\w.])\d+h ?\d+m\b",
        ),
    ]
)
_NAMES: Final = {
    "temporary_windows": "temporary",
    "temporary_name": "temporary",
    "log_head": "time",
    "left": "time",
    "date": "time",
}
_HINTS: Final = re.compile(r"\d|tmp|\?|-:--")
"""Without any of these there is nothing to replace."""


_COMPUTED: Final = frozenset({"date", "rate", "duration"})
"""What a script may as well have drawn: how long something takes that it simulates."""
_TIME_OF_DAY: Final = re.compile(r"(?<!\d)\d{1,2}:(\d\d)(?::(\d\d))?(?!\d)")
_NEAR_S: Final = 120
_ZONES_S: Final = 1800
"""Time zones are whole or half hours apart; a script may print the time of any."""


def as_compared(text: str) -> str:
    """Return ``text`` as a terminal shows it, with what differs between any two runs replaced by what it is.

    That is for what libraries write. Whoever simulates a delay prints one, too: see `as_printed`.
    """
    text = shown(text)
    return _compiled(_MASKS).sub(_mask, text) if _HINTS.search(text) else text


def as_printed(text: str, at: datetime.datetime | None) -> str:
    """Return a text that the script itself has printed at ``at``, or wrote to a file, as it is compared.

    Durations, rates and dates stay, for the script may have drawn them. So do times of day that are not that of ``at``
    in any time zone; None where that is not known, and each is taken for the clock's.
    """
    text = shown(text)
    return _compiled(_MASKS).sub(lambda found: _mask_sure(found, at), text) if _HINTS.search(text) else text


def _mask_sure(found: re.Match[str], at: datetime.datetime | None) -> str:
    kind = found.lastgroup or ""
    is_other_time = at is not None and kind in {"time", "log_head"} and not _is_near(found[0], at)
    return found[0] if kind in _COMPUTED or is_other_time else _mask(found)


def _is_near(text: str, at: datetime.datetime) -> bool:
    """Return True where the time of day in ``text`` is about that of ``at``, in some time zone."""
    found = _TIME_OF_DAY.search(text)
    if found is None:
        return False
    apart = (int(found[1]) - at.minute) * 60 + int(found[2] or at.second) - at.second
    return min(apart % _ZONES_S, -apart % _ZONES_S) <= _NEAR_S


def _mask(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    mask = f"‹{_NAMES.get(kind, kind)}›"
    if kind == "process":
        return f"{found[0].rstrip('0123456789')}{mask}"
    return mask


# --- native log lines --------------------------------------------------------------------------

_NATIVE: Final = (
    r"(?:[IWEF]\d{4} \d\d:\d\d:[\d.]+ +\d+|\d{4}-\d\d-\d\d \d\d:\d\d:[\d.]+: [IWEF]) \S+\.(?:cc|cpp|cu|h):\d+\]"
    r"|WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$"
    r"|To enable the following instructions: .* rebuild TensorFlow with the appropriate compiler flags\.$"
)


def without_native_lines(text: str) -> str:
    """Return ``text`` without the lines that TensorFlow's native code logs about the machine.

    They come when it is imported and first used. A run whose process had imported it before does not have them.
    """
    if ".cc:" not in text and "absl::" not in text and "rebuild TensorFlow" not in text:
        return text
    return "\n".join(line for line in text.split("\n") if not _compiled(_NATIVE).match(line))


# --- names and headings ------------------------------------------------------------------------

_COUNTERS: Final = (
    r"(?i:\b(?:session|run|epoch|fold|trial|step|part|round|test|experiment|case|phase|stage|section|iteration|"
    r"iter|batch|example|model|seed|chapter|task|layer|group|version|number|no)s?)"
    r"[ .:=#]{1,2}\d{1,5}(?!\d)(?:\s?(?:/|of)\s?\d+)?"
    r"|(?<!\S)#?\d+[.:)](?=\s)"
)
"""Numbers that count what is to come, as headings have them; a seed from the clock or the system has more digits."""
_MOST_COUNTED: Final = 99_999
_RULE: Final = re.compile(r"([=*#~_-])\1")


def has_letters(text: str) -> bool:
    """Return True where ``text`` is more than blanks, dots and rules."""
    return any(letter.isalnum() for letter in text)


def is_heading(text: str) -> bool:
    """Return True where a text that is printed alone is a heading: it has no number, or one that only counts."""
    if "\n" in text or not has_letters(text):
        return False
    if _RULE.match(text.strip()):
        may_be = all(number.is_integer() and abs(number) <= _MOST_COUNTED for number in numbers_in(text))
    else:
        may_be = not numbers_in(_compiled(_COUNTERS).sub("", text))
    return may_be and not name_in(text) and as_compared(text) == shown(text)


def name_in(text: str) -> str:
    """Return the name in a text such as "loss: 0.5", which holds a formatted value; "" where there is none."""
    for mark in (":", "="):
        name, _, value = text.partition(mark)
        name, value = name.strip(), value.strip()
        is_name = any(letter.isalpha() for letter in name) and not any(letter in name for letter in ":=\n‹")
        is_value = value[:1] != "" and (value[0] in "+-.[(0123456789" or value[:3].lower() in {"nan", "inf"})
        if is_name and is_value and numbers_in(value) and is_steady(name):
            return name
    return ""


def is_steady(name: str) -> bool:
    """Return True where ``name`` has nothing that may be another one in each run: no clock, no number with decimals."""
    if not _HINTS.search(name):
        return True
    return as_compared(name) == shown(name) and "." not in "".join(_compiled(_NUMBERS).findall(name))


# --- numbers -----------------------------------------------------------------------------------

_NUMBERS: Final = (
    r"(?:(?<![\w.)\]])[-+])?(?<![\w.])"
    r"(?:(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][-+]?\d+(?!\w)|(?!\w|\.\d))|(?:\d+\.?\d*)(?=[A-Za-zµ]{1,3}\b)"
    r"|(?i:nan|inf|infinity)\b)"
)
_LONGEST_SPLIT: Final = 256 * 1024
"""Taking the numbers out of more characters would take seconds for a hundred runs."""
_BLANKS: Final = re.compile(r"[ \t]+")


class Numbers(msgspec.Struct, frozen=True):
    """A text as its template and its numbers."""

    template: tuple[str, ...]
    """What stands around the numbers, without blanks, whose width depends on them."""
    values: tuple[float, ...]


def numbers_in(text: str) -> tuple[float, ...]:
    """Return the numbers in ``text``, in its order."""
    return tuple(map(_float, _compiled(_NUMBERS).findall(text)))


def has_number(text: str) -> bool:
    return _compiled(_NUMBERS).search(text) is not None


def split_numbers(text: str) -> Numbers:
    """Return ``text`` as template and numbers; a very long one is all template."""
    if len(text) > _LONGEST_SPLIT:
        return Numbers((text,), ())
    return Numbers(tuple(_BLANKS.sub("", piece) for piece in _compiled(_NUMBERS).split(text)), numbers_in(text))


def _float(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return math.nan


# --- lines that differ -------------------------------------------------------------------------


class LineDifference(msgspec.Struct, frozen=True):
    """The lines in which two texts differ."""

    first: int
    """1-based number of the first line that differs."""
    one: str
    """This line in the first text; empty where it has no such line."""
    other: str
    at: int
    """The 0-based character from which on these two lines differ."""
    count: int
    """The number of lines that differ."""


def line_difference(one: str, other: str) -> LineDifference:
    """Return the lines in which two texts that are not equal differ, compared place by place."""
    ones, others = one.split("\n"), other.split("\n")
    differing = [at for at in range(max(len(ones), len(others))) if _line(ones, at) != _line(others, at)]
    first = differing[0] if differing else 0
    line, other_line = _line(ones, first) or "", _line(others, first) or ""
    at = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(line, other_line, strict=False)))
    return LineDifference(first + 1, line, other_line, at, len(differing))


def _line(lines: Sequence[str], at: int) -> str | None:
    return lines[at] if at < len(lines) else None
