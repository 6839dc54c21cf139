"""The conversation of a spare with the engine where no descriptors can be passed, as on Windows.

The address is "stdin:PATH". Two lines of JSON arrive at standard input, and the answers of `control` are appended to
the file PATH, line by line:

    {"report": "file:/path", "mark": "0f8a…"}     where to report, and what divides the output
    {"run": 1, …}                                 REQUEST, as in `main`

The process has the same standard output and error all the time, so it writes the mark to both when it becomes a run:
what came before it is none of the run's.
"""

import os

from . import plain_json
from .stop import Stop
from .wire import out_of_the_way, report_descriptor


class Lines:
    """One end of the conversation. From the beginning on, the process has no standard input."""

    def __init__(self, path):
        """Answer in the file ``path``. Nothing that is imported later can read what is meant for the observer."""
        self._requests = out_of_the_way(os.dup(0))
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        self._answers = out_of_the_way(report_descriptor("file:" + path))

    def send(self, **message):
        """Append ``message`` to the answers, as a line. Raise `Stop` when that fails."""
        data = memoryview(plain_json.write(message).encode("ascii") + b"\n")
        try:
            while data:
                data = data[os.write(self._answers, data) :]
        except OSError:
            raise Stop

    def take_one(self):
        """Wait for the only request; return the descriptor of its report and the request.

        Raise `Stop` when the other end is closed before that.
        """
        data = b""
        while data.count(b"\n") < 2:
            try:
                part = os.read(self._requests, 65536)
            except OSError:
                raise Stop
            if not part:
                raise Stop
            data += part
        os.close(self._requests)
        os.close(self._answers)
        place, request = [plain_json.read(line.decode("utf-8")) for line in data.split(b"\n")[:2]]
        for descriptor in (1, 2):
            try:
                os.write(descriptor, place["mark"].encode("ascii"))
            except OSError:
                pass  # What was imported has closed it.
        return report_descriptor(place["report"]), request
