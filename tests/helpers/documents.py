"""Documents and pictures by hand, and changing them."""

import datetime
import struct
import zlib
from typing import Any

import msgspec

from seedlab.documents.writing import to_json
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.results.environment import Device
from seedlab.results.influence import Edit, Fix, Influence, InfluenceSource, MovedDraw, NoFix, Residual, SourcePart
from seedlab.results.run import Draw, Outcome, Run
from seedlab.results.trace import Use
from seedlab.study.lab import Lab, Scene, View
from tests.helpers.interpreters import interpreter
from tests.helpers.values import column, draw, run, runs, seed_set, seed_used, text_draw

CREATED = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.UTC)
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- <svg> in a comment -->
<svg xmlns="http://www.w3.org/2000/svg" width="2" height='1' aria-label="a > b / c">
 <title>W\xc3\xbcrfel</title>
 <g><metadata id="other">none</metadata><rect width="2" height="1"/></g>
</svg>
"""


def whole_lab() -> Lab:
    """A lab in which every field of every value is set to something."""
    preset = PRESETS["before-graph"].experiment
    trace = (
        seed_set(5, "default graph", 0),
        seed_set(None, "python", "'text'"),
        seed_set(6, "generator 1", 2**128 - 1),
        seed_used(7, "graph 1", None, None),
        seed_used(8, "graph 1", 1, (0, 1)),
        Use(
            library="keras",
            state="python global",
            door="keras.make_default_seed",
            seeds=(9, 0),
            line=8,
            through="Dense/GlorotUniform",
        ),
    )
    first = Run(
        index=1,
        outcome=Outcome.FINISHED,
        seconds=0.123456,
        text="op1-1: [0.5 -1.5]\n",
        draws=(
            draw("op1-1", [[0.5, -1.5], [float("nan"), float("inf")]], line=10, events_before=5),
            draw("Würfel/2", [1, 2, 3], "uint8"),
            draw("complex", 1 - 2j, "complex64"),
            Draw("half", "bfloat16", (2,), b"\x80\x3f\xc0\x7f"),
            draw("none", [], "float64"),
            Draw("odd", "float32", (1,), b"\x01\x00\xc0\xff"),
            text_draw("line 12", 'loss: 0.5, ‹time› "é"\n[1, 2]', line=12),
        ),
        trace=trace,
        start="fork",
        start_reason="a reason",
        notes=("a note", "another"),
    )
    second = run(2, outcome=Outcome.FAILED, problem="line 9: no", details='Traceback "values": []\n')
    python = interpreter(
        "/bin/python",
        "3.11.7",
        numpy="2.0",
        tensorflow="2.21.0",
        devices=(Device("CPU:0", "a processor"), Device("GPU:0")),
        no_gpu_reason="none",
        problem="none",
    )
    seeded = column(
        first, second, name="before ≠", script=script_of(preset).text, experiment=preset, interpreter=python
    )
    numpy = PRESETS["numpy"].experiment
    unrun = column(name="numpy", script=script_of(numpy).text, experiment=numpy)
    return Lab(columns=(seeded, unrun), created=CREATED, view=View("map", 1))


def talk() -> Lab:
    """A lab with scenes in which every field is set to something."""
    lab = whole_lab()
    scenes = (
        Scene(title="Where did it go?", columns=lab.columns, view=View("values", 1), notes="say it", is_covered=True),
        Scene(title="Nothing", columns=lab.columns[1:], is_fresh=True),
    )
    return Lab(columns=lab.columns[1:], created=CREATED, scenes=scenes)


def influenced_lab() -> Lab:
    """A lab of one column with an influence in which every field is set to something."""
    script = "import random\nimport numpy as np\nrandom.seed(4)\nprint('x:', random.random(), np.random.rand())\n"
    influence = Influence(
        sources=(
            InfluenceSource(
                id="s1",
                kind="set",
                library="python",
                state="global",
                door="random.seed",
                file="tools/seeds.py",
                line=3,
                seed=2**128,
                count=2,
                parts=(
                    SourcePart(library="python", state="global", door="random.seed", line=3),
                    SourcePart(
                        library="numpy", state="global", door="numpy.random.seed", file="tools/seeds.py", line=9
                    ),
                ),
            ),
            InfluenceSource(id="s2", kind="taken", library="numpy", state="global", door="numpy.random.seed"),
        ),
        draws=(
            MovedDraw(label="x", repeats=False, moved_by=("s2", "s1")),
            MovedDraw(label="Würfel", repeats=True, unexplained=True),
        ),
        residual=(Residual(label="x", helped_by=("one thread", "deterministic tf.data")),),
        fix=Fix(
            edits=(
                Edit(line=3, replaces=1, text="random.seed(4)\nnp.random.seed(4)\n"),
                Edit(file="tools/seeds.py", line=99, text="pass\n"),
            ),
            settings=("PYTHONHASHSEED=0",),
            diff="-random.seed(4)\n",
            repeated=5,
            of=5,
            proved=True,
            labels=("x",),
        ),
        trials=(Fix(edits=(Edit(line=1, text="pass\n"),), diff="+pass\n", repeated=1, of=5, labels=("x",)),),
        no_fix=(NoFix(code="uuid", labels=("Würfel",), source="s2"),),
        runs=9,
    )
    made = column(*runs({"x": [0.5]}, {"x": [0.25]}), name="own.py", script=script)
    own = msgspec.structs.replace(made, influence=influence, trusted=False)
    return Lab(columns=(own,), created=CREATED)


def plain(lab: Lab) -> dict[str, Any]:
    """The document of ``lab`` as plain values, to be changed."""
    decoded = msgspec.json.decode(to_json(lab))
    assert isinstance(decoded, dict)
    return decoded


def png_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png(*extra: bytes) -> bytes:
    """A picture of 2 by 1 grey pixels, with ``extra`` chunks before its end."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 0, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(b"\0\x40\x80"))
    return b"".join([PNG_SIGNATURE, header, pixels, *extra, png_chunk(b"IEND", b"")])
