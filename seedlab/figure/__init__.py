"""The comparison as a drawing: one scene, laid out once, for the window, the stage and every picture."""

from seedlab.figure.drawing import Drawing
from seedlab.figure.scene import Figure
from seedlab.figure.state import FigureState, Hit
from seedlab.figure.why_figure import WhyFigure

__all__ = ["Drawing", "Figure", "FigureState", "Hit", "WhyFigure"]
