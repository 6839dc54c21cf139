"""What is to be known of a column, in words."""

from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter


def origin_text(interpreter: Interpreter) -> str:
    """Say that another interpreter than the chosen one, ``interpreter``, made the runs."""
    return sentence("Drawn by {versions}, not by the interpreter that is chosen.", versions=interpreter.summary)
