"""The words for what made a column."""

from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter


def origin_text(interpreter: Interpreter) -> str:
    """Return the sentence that ``interpreter`` made the runs and is not the chosen one."""
    return sentence("Drawn by {versions}, not by the interpreter that is chosen.", versions=interpreter.summary)
