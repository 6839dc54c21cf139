"""One draw of many values, from the observer to the report, against a bare pipe and a digest of the same bytes."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from seedlab.engine.protocol import Report

VALUES = 12_000_000
_MAKE = f"""
import os, sys
import numpy as np
from seedlab.observer.values import array_bits
from seedlab.observer.wire import Writer
values = np.arange({VALUES}, dtype="float32")
fd = int(sys.argv[1])
# It says that it is ready by closing its standard output: the time of its imports is not counted.
os.close(1)
"""
_BARE = "view = memoryview(values).cast('B')\nwhile len(view): view = view[os.write(fd, view):]"
_OBSERVED = """
dtype, shape, data = array_bits(values)
Writer(fd).write({"event": "draw", "line": 1, "label": "x", "dtype": dtype, "shape": list(shape)}, data)
"""
_PIECE_BYTES = 256 * 1024  # What asyncio reads at most.


class Measured(NamedTuple):
    """Seconds of the draw, and of a bare pipe with a BLAKE2b digest, each without starting its process."""

    drawn_s: float
    bare_s: float

    @property
    def ratio(self) -> float:
        return self.drawn_s / self.bare_s


def measure() -> Measured:
    """Send `VALUES` float32 values both ways."""
    return Measured(_seconds(_OBSERVED, _as_draw), _seconds(_BARE, _as_digest))


def measure_best(rounds: int) -> Measured:
    """Return the best of each way in ``rounds``, made in turn: what disturbs only ever makes them slower."""
    measured = [measure() for _ in range(rounds)]
    return Measured(min(m.drawn_s for m in measured), min(m.bare_s for m in measured))


def _as_draw(descriptor: int) -> None:
    report = Report()
    while data := os.read(descriptor, _PIECE_BYTES):
        report.add(data)
    (draw,) = report.draws
    assert draw.shape == (VALUES,)


def _as_digest(descriptor: int) -> None:
    digest, pieces = hashlib.blake2b(), []
    while data := os.read(descriptor, _PIECE_BYTES):
        digest.update(data)
        pieces.append(data)
    assert digest.digest()
    assert sum(map(len, pieces)) == 4 * VALUES


def _seconds(send: str, receive: Callable[[int], None]) -> float:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", _MAKE + send, str(writing)], pass_fds=[writing], stdout=subprocess.PIPE
    )
    os.close(writing)
    assert process.stdout is not None
    with process, process.stdout, open(reading, "rb", buffering=0):
        process.stdout.read()
        started = time.perf_counter()
        receive(reading)
        return time.perf_counter() - started
