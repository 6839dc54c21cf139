"""Observes ``print``: each labelled value that a script prints to standard output is a draw."""

import builtins
import sys

from .values import array_bits
from .wire import MAX_LABEL

MAX_UNREAD_LINES = 10
MAX_UNREAD_LABEL = 60


def watch_print(observer):
    """Replace ``print`` with a function that does the same and then reports what was printed to standard output."""
    original = builtins.print
    printed = Printed(observer)

    def print(*args, **kwargs):
        original(*args, **kwargs)
        file = kwargs.get("file")
        # Compared by identity, because a file may compare itself in any way. A script may also delete sys.stdout.
        if file is None or file is getattr(sys, "stdout", None):
            printed.add(args)

    builtins.print = observer.stand_in(original, print)


class Printed:
    """Turns printed values into draws, whose labels begin with the section that was printed last."""

    def __init__(self, observer):
        self._observer = observer
        self._section = ""
        self._seen_labels = {}
        self._unread_lines = set()

    def add(self, args):
        """Report the draw, or remember the section, that ``print(*args)`` printed."""
        if not args:
            return
        line = self._observer.places.line_of_script()
        if line is None:
            return
        label, rest = None, args
        # A class may claim to be another one, and replace what a str can do.
        if issubclass(type(args[0]), str):
            label, rest = str.__str__(args[0]).strip().rstrip(":").strip(), args[1:]
            if not rest:
                self._add_text(line, label)
                return
        value = array_bits(rest[0] if len(rest) == 1 else rest)
        if value is None:
            if label:
                self._add_unread(line, label, False)
            return
        dtype, shape, data = value
        message = {
            "event": "draw",
            "line": line,
            "label": self._full_label(label or "line %d" % line),
            "dtype": dtype,
            "shape": list(shape),
        }
        self._observer.write(message, data)

    def _full_label(self, label):
        label = label[:MAX_LABEL]
        if self._section:
            label = self._section + "/" + label
        count = self._seen_labels[label] = self._seen_labels.get(label, 0) + 1
        return "%s #%d" % (label, count) if count > 1 else label

    def _add_text(self, line, text):
        name = named_value(text)
        if name:
            self._add_unread(line, name, True)
        elif text and "\n" not in text:
            self._section = text[:MAX_LABEL]

    def _add_unread(self, line, label, is_text):
        """Report, once for each line, that something was printed that cannot be compared bit by bit."""
        if line not in self._unread_lines and len(self._unread_lines) < MAX_UNREAD_LINES:
            self._unread_lines.add(line)
            message = {"event": "unread", "line": line, "label": label[:MAX_UNREAD_LABEL], "is_text": is_text}
            self._observer.write(message)


def named_value(text):
    """Return the name in a text such as "loss: 0.5", which holds a formatted value; "" when ``text`` is a heading."""
    for mark in (":", "="):
        name, _, value = text.partition(mark)
        name, value = name.strip(), value.strip()
        is_name = any(letter.isalpha() for letter in name) and not any(letter in name for letter in ":=\n")
        if is_name and value[:1] and value[0] in "+-.[(0123456789" and any(letter.isdigit() for letter in value):
            return name
    return ""
