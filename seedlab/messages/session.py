"""The words of the session: why something could not be done, and what became of the settings."""

from seedlab.errors import InterpreterError, RunRefusedError
from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter


def nothing_to_compare_text() -> str:
    return sentence("This library has no such choice to compare: choose another one.")


def interpreter_problem(interpreter: Interpreter) -> str:
    """Return the sentence on what is wrong with ``interpreter``; empty when nothing is."""
    return sentence("{problem}.", problem=interpreter.problem) if interpreter.problem else ""


def mixing_error(name: str, drawn_by: Interpreter) -> RunRefusedError:
    """Return the refusal to add a run to the column ``name``, whose runs ``drawn_by`` made."""
    text = "The runs of “{name}” were made by another interpreter, {versions} ({executable})."
    return RunRefusedError(
        sentence(text, name=name, versions=drawn_by.summary, executable=drawn_by.executable),
        "Choose that one, or press Run to run the column anew.",
    )


def no_interpreter_error() -> InterpreterError:
    """Return the refusal to run before the interpreter has answered."""
    return InterpreterError("The interpreter has not answered yet.", "Wait a moment, then run again.")


def settings_lost_text(error: Exception) -> str:
    """Return the sentence that the settings could not be read because of ``error``, nor set aside."""
    return sentence("The settings could not be read ({error}); seedlab starts as if there were none.", error=error)


def settings_set_aside_text(error: Exception, path: str) -> str:
    """Return the sentence that the settings could not be read because of ``error``, and are at ``path`` now."""
    return sentence("The settings could not be read ({error}); they were set aside as {path}.", error=error, path=path)
