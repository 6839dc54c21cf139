"""The comparison as a drawing: one scene, laid out once, for the window, the stage and every picture."""

from seedlab.figure.scene import Figure
from seedlab.figure.state import FigureState, Hit

__all__ = ["Figure", "FigureState", "Hit"]
