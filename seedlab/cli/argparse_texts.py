"""The texts that argparse makes itself, in the language of all others."""

import argparse

from seedlab.languages import catalogue
from seedlab.phrases import noted, noted_plural, plural, sentence

_KNOWN = (
    noted("usage: "),
    noted("positional arguments"),
    noted("options"),
    noted("show this help message and exit"),
    noted("the following arguments are required: %s"),
    noted("argument %(argument_name)s: %(message)s"),
    noted("invalid choice: %(value)r (choose from %(choices)s)"),
    noted("invalid %(type)s value: %(value)r"),
    noted("ambiguous option: %(option)s could match %(matches)s"),
    noted("ignored explicit argument %r"),
    noted("expected one argument"),
    noted("expected at most one argument"),
    noted("expected at least one argument"),
    noted_plural("expected %s argument", "expected %s arguments"),
)
"""What argparse of Python 3.11 to 3.14 says to people who use seedlab; what it says besides stays in English."""


def _translated(text: str | None) -> str | None:
    # Descriptions that are not given come here, too.
    return text and sentence(text)


def translate_argparse() -> None:
    """Have argparse ask the catalogue of seedlab: by itself it would look for one that Python does not have."""
    if catalogue() is not None:
        vars(argparse).update(_=_translated, ngettext=plural)
