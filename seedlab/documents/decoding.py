"""Decoding JSON so that an error says what is wrong, and at which path."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from seedlab.phrases import sentence

_Decoded = TypeVar("_Decoded")


class WrongError(Exception):
    """A document is wrong: ``reason`` says how, and ``path`` is the JSON path of the place.

    The reason is a clause or, with ``is_sentence``, a sentence with its full stop.
    Where ``path`` is empty, the whole is no document at all.
    """

    def __init__(self, reason: str, path: str = "", *, is_sentence: bool = False) -> None:
        super().__init__(reason, path)
        self.reason = reason
        self.path = path
        self.is_sentence = is_sentence


def decode(decoder: Callable[[bytes], _Decoded], data: bytes | msgspec.Raw, path: str = "$") -> _Decoded:
    """Return what ``decoder`` makes of the JSON value ``data``, which stands at ``path``. Raises `WrongError`."""
    try:
        return decoder(data)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).rpartition(" - at `$")
        # Where there is no place, the whole value is wrong.
        reason, place = (reason, path + place.rstrip("`")) if reason else (place, path)
        raise WrongError(reason[0].lower() + reason[1:], "" if place == "$" else place) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongError(sentence("it is not whole JSON ({error})", error=error)) from error
    except RecursionError as error:
        raise WrongError(sentence("it is nested too deeply")) from error
