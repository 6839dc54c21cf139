"""The few ways in which sentences are made: the one place where a translation steps in.

A text that people read is the literal first argument of `sentence` or `plural`, so that it can be found by reading the
source. One that is written in one place and made into a sentence in another is marked by `noted` or `noted_plural`
where it is written, and given to `sentence` or `plural` there. The language is known before any module is imported.
"""

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache

from seedlab.languages import RECORDED, catalogue

MOST_NAMES = 4
"""The most names in a list; of more it has the first three, and says how many follow."""
_LONGEST_SHOWN = 40
"""The most characters of a text that somebody else wrote."""
_FEWEST_LETTERS = 8
"""Recorded texts with fewer letters of their own would be found in what other programs say."""
_SENTENCES = re.compile(r"(?<=[.!?”]) (?=[A-Z“])")
_CATALOGUE = catalogue()
_is_english: ContextVar[bool] = ContextVar("is_english", default=False)


def _is_translated() -> bool:
    return _CATALOGUE is not None and not _is_english.get()


@contextmanager
def in_english() -> Iterator[None]:
    """Make texts in English while the block lasts: for files that programs read."""
    before = _is_english.set(True)
    try:
        yield
    finally:
        _is_english.reset(before)


def sentence(text: str, /, **parameters: object) -> str:
    """Return ``text``, a whole sentence or phrase, with its named ``parameters`` filled in."""
    # The translation of an empty text is the head of the catalogue.
    if text and _CATALOGUE is not None and not _is_english.get():
        return _filled(_CATALOGUE.gettext(text), parameters)
    return text.format_map(parameters)


def plural(one: str, many: str, count: int, /, **parameters: object) -> str:
    """Return ``one`` where ``count`` is 1, else ``many``, with ``{count}`` and ``parameters`` filled in.

    Other languages have other numbers of forms, and other rules.
    """
    named = {"count": count, **parameters}
    if _CATALOGUE is not None and not _is_english.get():
        return _filled(_CATALOGUE.ngettext(one, many, count), named)
    return (one if count == 1 else many).format_map(named)


def meaning(context: str, text: str, /, **parameters: object) -> str:
    """Return ``text`` with its ``parameters``, where the same English words mean something else elsewhere.

    ``context`` says to translators what they mean here.
    """
    if _CATALOGUE is not None and not _is_english.get():
        return _filled(_CATALOGUE.pgettext(context, text), parameters)
    return text.format_map(parameters)


def noted(text: str, /) -> str:
    """Return ``text`` as it is: it is given to `sentence` where it is shown."""
    return text


def noted_plural(one: str, many: str, /) -> tuple[str, str]:
    """Return both as they are: they are given to `plural` where they are shown."""
    return one, many


def recorded(text: str, /, **parameters: object) -> str:
    """Return ``text`` in English, for what documents keep: `retold` translates it where it is shown."""
    return text.format_map(parameters)


def retold(text: str) -> str:
    """Return a text that `recorded` made, perhaps on another day, in the language of this one; all else as it is."""
    return _recognised(text) if _is_translated() else text


@lru_cache(maxsize=4096)
def _recognised(text: str) -> str:
    assert _CATALOGUE is not None
    for pattern, template in _patterns():
        if found := pattern.fullmatch(text):
            named = {name: retold(value) for name, value in found.groupdict().items()}
            return _FILLING.vformat(_CATALOGUE.pgettext(RECORDED, template), (), named)
    parts = _SENTENCES.split(text)
    return _of_parts(parts) if len(parts) > 1 else text


def _of_parts(parts: Sequence[str]) -> str:
    """Return sentences that stand one after the other; as a clause, the last one has no full stop."""
    told = [_recognised(part) for part in parts]
    if told[-1] == parts[-1]:
        told[-1] = _recognised(f"{parts[-1]}.").removesuffix(".").removesuffix("。")
    return following(*told)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return what recognises recorded texts, each with its template; those that say most come first."""
    assert _CATALOGUE is not None
    found = []
    for template in _CATALOGUE.recorded():
        pattern, letters, names = "", 0, set[str]()
        for literal, name, shape, _ in string.Formatter().parse(template):
            pattern += re.escape(literal)
            letters += sum(map(str.isalpha, literal))
            if name:
                value = r"[\d,]+" if shape == "," else ".+?"
                pattern += f"(?P={name})" if name in names else f"(?P<{name}>{value})"
                names.add(name)
        if letters >= _FEWEST_LETTERS or not names:
            found.append((letters, re.compile(pattern, re.DOTALL), template))
    return [(pattern, template) for _, pattern, template in sorted(found, key=lambda each: -each[0])]


class _Filling(string.Formatter):
    """Fills in parameters, of which whole numbers get the separators of the language."""

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, int) and format_spec == ",":
            return grouped(value)
        # What was recognised is text already.
        return value if isinstance(value, str) else str(super().format_field(value, format_spec))


_FILLING = _Filling()


def _filled(text: str, parameters: dict[str, object]) -> str:
    # Five times as fast, and this is done at every redraw.
    return _FILLING.vformat(text, (), parameters) if ":,}" in text else text.format_map(parameters)


def grouped(number: int) -> str:
    """Return a count as people write it, ``1,000``. The digits of values, which never change, are not written so."""
    text = f"{number:,}"
    return text.replace(",", meaning("between thousands", ",")) if _is_translated() else text


def enumerated(names: Iterable[object]) -> str:
    """Return ``names`` one after the other, with what stands between the parts of a list."""
    between = meaning("between the parts of a list", ", ") if _is_translated() else ", "
    return between.join(map(str, names))


def following(*sentences: str) -> str:
    """Return whole ``sentences``, of which some may be empty, one after the other."""
    told = [*filter(None, sentences)]
    if not _is_translated():
        return " ".join(told)
    # The full stop of Japanese and Chinese has its own room.
    return meaning("between two sentences", " ").join(told).replace("。 ", "。")


def clauses(parts: Sequence[str]) -> str:
    """Return ``parts``, none of which is a sentence, one after the other: ``one; two``."""
    between = meaning("between two clauses", "; ") if _is_translated() else "; "
    return between.join(parts)


def listed(names: Sequence[str]) -> str:
    """Return ``names`` as a list in a sentence: ``op1``, ``op1 and op2``, ``op1, op2, op3 and 4 more``."""
    if len(names) > MOST_NAMES:
        first = names[: MOST_NAMES - 1]
        return sentence("{names} and {count} more", names=enumerated(first), count=len(names) - len(first))
    if len(names) > 1:
        return sentence("{names} and {last}", names=enumerated(names[:-1]), last=names[-1])
    return "".join(names)


def either(names: Sequence[str]) -> str:
    """Return ``names`` as a choice in a sentence: ``op1``, ``op1 or op2``, ``op1, op2 or op3``."""
    if len(names) > 1:
        return sentence("{names} or {last}", names=enumerated(names[:-1]), last=names[-1])
    return "".join(names)


def begun(text: str) -> str:
    """Return ``text`` as it begins a sentence."""
    return text[:1].upper() + text[1:]


def within(title: str) -> str:
    """Return ``title``, which stands alone elsewhere, as it stands within a sentence."""
    return title.lower()


def shortened(text: str) -> str:
    """Return ``text`` as a sentence can hold it: of a long one the beginning."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
