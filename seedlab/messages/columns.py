"""The words for what made a column."""

from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter


def edited_name_text(name: str) -> str:
    """Return the name of a column whose script has been edited, and was ``name`` before."""
    return sentence("{name}, edited", name=name)


def origin_text(interpreter: Interpreter) -> str:
    """Return the sentence that ``interpreter`` made the runs and is not the chosen one."""
    return sentence("Drawn by {versions}, not by the interpreter that is chosen.", versions=interpreter.summary)
