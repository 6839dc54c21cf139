"""Documents by their address, as a file manager or a browser gives it: ``file:///home/me/my%20lab.seedlab``."""

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from seedlab.errors import DocumentError
from seedlab.phrases import sentence

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://([^/]*)(.*)", re.DOTALL)
"""Scheme, host and path. A scheme has two letters at least: one alone is a drive of Windows."""
_HERE = ("", "localhost")


def path_of(text: str) -> Path:
    """Return the path that ``text``, a path or the address of a file, leads to.

    Raise `DocumentError` when it is the address of something else, or of a file on another computer.
    """
    address = _ADDRESS.fullmatch(text)
    if address is None:
        return Path(text)
    scheme, host, path = address.groups()
    if scheme.lower() != "file":
        what = sentence("{text} cannot be opened: {scheme} addresses are not opened.", text=text, scheme=scheme.lower())
        raise DocumentError(what, sentence("Download the file first."))
    if host.lower() not in _HERE:
        what = sentence("{text} cannot be opened: it is a file on another computer, “{host}”.", text=text, host=host)
        raise DocumentError(what, sentence("Copy the file here first."))
    decoded = os.fsdecode(unquote_to_bytes(os.fsencode(path)))
    if "\0" in decoded or not decoded:
        raise DocumentError(
            sentence("{text} cannot be opened: it names no file.", text=text),
            sentence("Write it like file:///home/me/lab.seedlab."),
        )
    # file:///C:/lab.seedlab
    return Path(decoded[1:] if re.match(r"/[A-Za-z]:", decoded) and os.name == "nt" else decoded)
