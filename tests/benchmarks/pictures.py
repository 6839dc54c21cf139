"""How long a large picture takes."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from seedlab.analysis.analyst import analyse
from seedlab.export.picture import Picture, to_png
from seedlab.session.picture_options import PictureOptions
from seedlab.work import finish
from tests.benchmarks.measure import Figure, median, seconds_of
from tests.helpers.comparisons import wide_lab

ROUNDS = 3
COLUMNS, DRAWS, RUNS = 20, 8, 100


def export() -> list[Figure]:
    """All that an export does, against one repaint of the same drawing at the same size."""
    lab, options = wide_lab(COLUMNS, DRAWS, RUNS), PictureOptions(scale=1.0)
    drawn = Picture(lab, analyse(lab.columns), options)
    finish(drawn.lay_out())
    size = drawn.layout_size.toSize()

    def repaint() -> None:
        screen = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(screen)
        drawn.figure.render(painter, QRectF(screen.rect()))
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
