"""Mutants: bytes and JSON that were changed at random in ways that readers have failed on."""

import json
import random
from collections.abc import Callable
from typing import Any

NASTY: list[Any] = [
    None, True, -1, 0, 2**31, 2**63, 2**64, 10**400, 1e308, 0.1, "", "nan", "\x1b[2J", "\u202e", "\ufffe", "=1+1",
    [], [[]], {}, {"x": 1}, [0] * 2_000, [None], "float128", "object", "../../x", "-", "x" * 5_000,
    [2**40, 2**40], [0, -1],
]  # fmt: skip


def mutated_json(value: Any, chance: random.Random) -> Any:
    """Return the JSON value ``value`` with one to three of its parts changed, at random places."""
    for _ in range(chance.randint(1, 3)):
        value = _changed(value, chance)
    return value


def _changed(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.93:
        name = chance.choice(list(value))
        way = chance.random()
        if way < 0.05:
            return {key: part for key, part in value.items() if key != name}
        if way < 0.1:
            return {**value, chance.choice(["extra", "\0", "event", "é" * 300]): chance.choice(NASTY)}
        return {**value, name: _changed(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.93:
        place = chance.randrange(len(value))
        way = chance.random()
        if way < 0.1:
            return value[:place] + value[place + 1 :]
        if way < 0.2:
            return value[:place] + [value[place]] * chance.choice([2, 3, 50]) + value[place + 1 :]
        return [*value[:place], _changed(value[place], chance), *value[place + 1 :]]
    return chance.choice(NASTY)


def json_bytes(value: Any, chance: random.Random) -> bytes:
    """Return ``value`` as JSON, with or without escapes, laid out or not."""
    text = json.dumps(value, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 1]))
    return text.encode("utf-8", "surrogatepass")


def mutated_bytes(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with one to four of its bytes or parts changed."""
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_WAYS)(data, chance)
    return data


def _part(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.choice([0, 1, 1, 2, 4, 8, 100, 5_000]))


def _flip(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


def _replace(data: bytes, chance: random.Random) -> bytes:
    start, end = _part(data, chance)
    return data[:start] + chance.randbytes(chance.choice([0, 1, 4, 100])) + data[end:]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    start, end = _part(data, chance)
    return data[:end] + data[start:end] * chance.choice([1, 2, 100]) + data[end:]


def _move(data: bytes, chance: random.Random) -> bytes:
    start, end = _part(data, chance)
    left = data[:start] + data[end:]
    place = chance.randint(0, len(left))
    return left[:place] + data[start:end] + left[place:]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


_WAYS: list[Callable[[bytes, random.Random], bytes]] = [_flip, _flip, _flip, _replace, _repeat, _move, _cut]
