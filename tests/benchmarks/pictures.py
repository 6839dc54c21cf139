"""How long a large picture takes."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from seedlab.export.picture import Picture, PictureOptions, to_png
from seedlab.model.lab import Column, Lab
from tests.benchmarks.measure import Figure, median, seconds_of
from tests.helpers.values import draw, run

ROUNDS = 3
COLUMNS, DRAWS, RUNS = 20, 8, 100


def export() -> list[Figure]:
    """All that an export does, against one repaint of the same drawing at the same size."""
    generator = np.random.default_rng(0)
    columns = tuple(
        Column(
            name=f"column {number}",
            experiment=None,
            script="import random\nprint('x:', random.random())\n",
            runs=tuple(
                run(index, *(draw(f"draw-{label}", generator.random(3)) for label in range(DRAWS)))
                for index in range(1, RUNS + 1)
            ),
        )
        for number in range(COLUMNS)
    )
    lab, options = Lab.of(columns), PictureOptions(scale=1.0)
    drawn = Picture(lab, options)
    size = drawn.layout_size.toSize()

    def repaint() -> None:
        screen = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(screen)
        drawn.paint(painter, QRectF(screen.rect()))
        painter.end()

    export_s, repaint_s = [], []
    for _ in range(ROUNDS):
        export_s.append(seconds_of(lambda: to_png(lab, options)))
        repaint_s.append(seconds_of(repaint))
    ours, once = median(export_s), median(repaint_s)
    return [
        Figure(
            f"export of {COLUMNS} columns by {DRAWS} draws by {RUNS} runs as PNG, document inside",
            f"{ours:.1f} s",
            f"one repaint of it: {once:.1f} s",
            f"{ours / once:.1f} times as long",
            "under 3",
        )
    ]


BENCHMARKS = (export,)
