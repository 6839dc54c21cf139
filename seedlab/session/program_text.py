"""What a program is given, as a person types it: words as in a shell, and variables one a line."""

import re
from collections.abc import Iterable

from seedlab.command_text import OpenEscapeError, OpenQuoteError, divided, joined
from seedlab.messages.programs import bad_variable_error, open_escape_error, open_quote_error

_PLAIN = re.compile(r"[^\s'\"\\]+")
"""A word that needs no quotes: there is no shell that would take a star for more than a star."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")

Variables = tuple[tuple[str, str], ...]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words in ``text``, quoted as on a command line. Raise `ChoiceError` when a quotation is not closed."""
    try:
        return tuple(divided(text))
    except OpenEscapeError as error:
        raise open_escape_error() from error
    except OpenQuoteError as error:
        raise open_quote_error() from error


def text_of_words(words: Iterable[str]) -> str:
    """Return ``words`` as `words_of` reads them."""
    return " ".join(word if _PLAIN.fullmatch(word) else joined([word]) for word in words)


def variables_of(text: str) -> Variables:
    """Return the variables in ``text``, one NAME=VALUE a line. Raise `ChoiceError` for a line that is none."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        if not equals or not _NAME.fullmatch(name.strip()):
            raise bad_variable_error(number)
        found.append((name.strip(), value))
    return tuple(found)


def text_of_variables(variables: Variables) -> str:
    """Return ``variables`` as `variables_of` reads them."""
    return "\n".join(f"{name}={value}" for name, value in variables)
