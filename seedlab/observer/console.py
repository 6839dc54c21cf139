"""On Windows, what is printed to a pipe as it is printed to a console."""

import io
import os
import sys


def print_as_there():
    """Have the standard streams write UTF-8, with lines as the script ends them.

    To a console, Python writes any character there, and to a pipe only those of the machine's code page; what a script
    prints is not to fail because somebody listens. Whoever has set PYTHONIOENCODING has chosen.
    """
    is_chosen = bool(os.environ.get("PYTHONIOENCODING")) and not sys.flags.ignore_environment
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if type(stream) is not io.TextIOWrapper:
            continue
        encoding = stream.encoding if is_chosen else "utf-8"
        if hasattr(stream, "reconfigure"):  # From Python 3.7 on.
            stream.reconfigure(encoding=encoding, errors=stream.errors, newline="\n")
            continue
        is_by_line, errors = stream.line_buffering, stream.errors
        stream = io.TextIOWrapper(stream.detach(), encoding, errors, newline="\n", line_buffering=is_by_line)
        stream.mode = "w"
        setattr(sys, name, stream)
        setattr(sys, "__%s__" % name, stream)
