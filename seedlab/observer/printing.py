"""Observes ``print``: what a script prints to standard output is a draw, by its values, or else by its text."""

import builtins
import io
import sys

from .values import array_bits
from .wire import MAX_LABEL, MAX_PRINTED, MAX_TEXT, MAX_TEXTS

_OPTIONS = frozenset(("sep", "end", "file", "flush"))
_AROUND = " \t\n:=,;|"
"""What stands around a label and is no part of it."""
MAX_KEYS = 100
"""The largest number of entries of a dict that are draws of their own."""


def watch_print(observer):
    """Replace ``print`` with a function that does the same and then reports what was printed to standard output."""
    original = builtins.print
    printed = Printed(observer)

    def print(*args, **kwargs):
        file, output = kwargs.get("file"), getattr(sys, "stdout", None)
        # Compared by identity, because a file may compare itself in any way. A script may also delete sys.stdout.
        is_output = file is None or file is output
        if not is_output or output is None or not _OPTIONS.issuperset(kwargs):
            original(*args, **kwargs)
            return
        recorder = Recorder(output)
        kwargs["file"] = recorder
        original(*args, **kwargs)
        if observer.places.is_called_by_user():
            printed.add(args, recorder.pieces, output)

    builtins.print = observer.stand_in(original, print)


class Recorder:
    """A file for one call of ``print``, which hands on everything, and keeps the pieces that were written."""

    def __init__(self, file):
        self._file = file
        self.pieces = []

    # Properties, because ``print`` looks for the method before it makes text of an argument.
    @property
    def write(self):
        write = self._file.write

        def recording_write(text):
            write(text)
            self.pieces.append(text)

        return recording_write

    @property
    def flush(self):
        return self._file.flush


class Printed:
    """Turns what is printed into draws."""

    def __init__(self, observer):
        self._observer = observer
        self._texts = 0

    def add(self, args, pieces, file):
        """Report what ``print(*args)`` has written to ``file`` as ``pieces`` of text."""
        line = self._observer.places.line_of_script()
        if line is None:
            return
        output = _as_read(pieces, file)
        labelled = labelled_values(args)
        if labelled:
            for label, (dtype, shape, data) in labelled:
                message = {"event": "draw", "line": line, "label": label, "dtype": dtype, "shape": list(shape)}
                message.update(output)
                self._observer.write(message, data)
                output = {}
            return
        # The pieces of a long text are not joined, which may take much memory.
        is_long = sum(map(str.__len__, pieces)) > MAX_TEXT
        text = "" if is_long else "".join(pieces)
        if is_long:
            self._observer.write({"event": "unread", "line": line, "why": "long"})
        elif not text.strip():
            if output:
                self._observer.write(dict(output, event="printed"))
        elif self._texts >= MAX_TEXTS:
            self._observer.write({"event": "unread", "line": line, "why": "many"})
        else:
            self._texts += 1
            is_alone = len(args) == 1 and _is_str(args[0])
            label = "" if len(args) < 2 or not _is_str(args[0]) else _label([args[0]])
            message = {"event": "text", "line": line, "label": label, "is_alone": is_alone}
            message.update(output)
            self._observer.write(message, memoryview(text.encode("utf-8", "backslashreplace")))


def _as_read(pieces, file):
    """Return the fields of a report on where ``pieces``, written to ``file``, are found in standard output.

    There are none where it does not get there.
    """
    if type(file) is io.StringIO:
        return {}
    encoding, errors = "utf-8", "backslashreplace"
    if type(file) is io.TextIOWrapper:
        encoding, errors = file.encoding, file.errors
    beginning, size = b"", 0
    try:
        for piece in pieces:
            # A class may replace what a str can do.
            data = str.encode(piece, encoding, errors)
            beginning += data[: MAX_PRINTED - len(beginning)]
            size += len(data)
    except (LookupError, UnicodeError):  # An encoding of the script's own.
        return {}
    is_direct = file is getattr(sys, "__stdout__", None)
    return {"printed": beginning.decode("latin-1"), "size": size, "is_direct": is_direct}


def labelled_values(args):
    """Return the values among the arguments of ``print`` as (label, bits), as a person reads them.

    Text in front of a value is its label, and several values in a row are one. None where a label has no value, or
    where something is neither text nor a value.
    """
    found, words, values = [], [], []
    for arg in args:
        if _is_str(arg):
            if values and not _add_value(found, words, values):
                return None
            words, values = ([], []) if values else (words, values)
            words.append(arg)
        else:
            values.append(arg)
    return found if values and _add_value(found, words, values) else None


def _add_value(found, words, values):
    label = _label(words)
    value = values[0] if len(values) == 1 else tuple(values)
    if type(value) is dict:
        return _add_entries(found, label, value)
    bits = array_bits(value)
    if bits is not None:
        found.append((label, bits))
    return bits is not None


def _add_entries(found, label, entries):
    if not 0 < len(entries) <= MAX_KEYS:
        return False
    for key, value in list(entries.items()):
        bits = array_bits(value) if _is_str(key) else None
        if bits is None:
            return False
        name = _label([key])
        found.append(((label + "/" + name)[:MAX_LABEL] if label else name, bits))
    return True


def _label(words):
    return " ".join([str.__str__(word).strip(_AROUND) for word in words]).strip(_AROUND)[:MAX_LABEL]


def _is_str(value):
    # A class may claim to be another one, and replace what a str can do.
    return issubclass(type(value), str)
