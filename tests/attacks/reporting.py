"""Mutants of the report that a script's process sends: frames that were changed, in pieces of any size."""

import random
from typing import Any

import numpy as np

from seedlab.analysis.analyst import analyse
from seedlab.documents.reading import from_json
from seedlab.documents.writing import to_json
from seedlab.engine.protocol import Report
from seedlab.errors import DocumentError
from seedlab.export.tables import to_csv, to_markdown
from seedlab.observer.wire import HEADER, MAGIC
from seedlab.results.run import Outcome, Run
from seedlab.study.lab import Column, Lab
from tests.attacks.attack import Attack, Opening
from tests.attacks.mutants import json_bytes, mutated_bytes, mutated_json
from tests.helpers.documents import CREATED

_SOURCE = {"event": "source", "kind": "set", "library": "numpy", "state": "global", "door": "numpy.random.seed"}
_USE = {"event": "use", "library": "tensorflow", "state": "graph 1", "door": "tf.random_seed.get_seed"}
_MESSAGES: list[tuple[dict[str, Any], bytes]] = [
    ({**_SOURCE, "file": None, "line": 3, "seed": 4}, b""),
    ({**_SOURCE, "kind": "taken", "file": "a/b.py", "line": None, "seed": None}, b""),
    ({**_USE, "file": None, "line": 5, "op_seed": None, "seeds": [0, 3]}, b""),
    ({"event": "draw", "line": 6, "label": "x", "dtype": "float32", "shape": [6]}, np.arange(6, dtype="<f4").tobytes()),
    ({"event": "draw", "line": 7, "label": "s/y-1", "dtype": "complex64", "shape": []}, bytes(8)),
    ({"event": "draw", "line": 7, "label": "z", "dtype": "bfloat16", "shape": [0]}, b""),
    ({"event": "text", "line": 6, "label": "", "is_alone": True, "printed": "x: 1\n", "size": 5}, b"x: 1\n"),
    ({"event": "printed", "printed": "\n", "size": 1, "is_direct": False}, b""),
    ({"event": "unread", "line": 6, "why": "long"}, b""),
    ({"event": "blind", "door": "numpy.random.seed", "why": "no"}, b""),
    ({"event": "raised", "line": 10, "error": "ValueError: no"}, b""),
    ({"event": "cut"}, b""),
]  # fmt: skip


def _frame(head: bytes, payload: bytes) -> bytes:
    return HEADER.pack(MAGIC, len(head), len(payload)) + head + payload


def report(chance: random.Random) -> bytes:
    """A report of which heads, payloads or bytes were changed."""
    frames = []
    for _ in range(chance.randint(1, 30)):
        message, payload = chance.choice(_MESSAGES)
        changed = mutated_json(message, chance) if chance.random() < 0.2 else message
        head = json_bytes(changed, chance)
        if chance.random() < 0.05:
            head, payload = mutated_bytes(head, chance), mutated_bytes(payload, chance)
        frames.append(_frame(head, payload))
    data = b"".join(frames)
    return mutated_bytes(data, chance) if chance.random() < 0.5 else data


def read_and_show(mutant: bytes, opening: Opening) -> list[str]:
    """Read ``mutant`` as a report arrives, and look at the run that it makes; nothing is written."""
    size = random.Random(len(mutant)).choice([1, 7, 4096, 2**20])
    with opening.watched():
        arrived = Report()
        for start in range(0, len(mutant), size):
            arrived.add(mutant[start : start + size])
    run = Run(
        index=1,
        outcome=Outcome.FAILED if arrived.error else Outcome.FINISHED,
        seconds=0.5,
        text="",
        draws=arrived.draws,
        trace=arrived.trace,
        problem=arrived.error,
        notes=tuple(arrived.notes),
    )
    lab = Lab(columns=(Column(name="own.py", experiment=None, script="", runs=(run,), trusted=False),), created=CREATED)
    to_csv(lab)
    to_markdown(lab, analyse(lab.columns))
    try:
        return [] if from_json(to_json(lab), "lab") == lab else ["what was written is not what was read"]
    except DocumentError as error:
        return [f"what was written cannot be read: {error}"]


ATTACKS = [Attack("report of a run", report, read_and_show)]
