"""The words of the session: why something could not be done, and what became of the settings."""

from collections.abc import Sequence

from seedlab.analysis.witnesses import Disagreement
from seedlab.errors import ChoiceError, InterpreterError, RunRefusedError
from seedlab.phrases import enumerated, listed, noted, noted_plural, plural, recorded, retold, sentence
from seedlab.results.environment import Interpreter


def nothing_to_compare_text() -> str:
    return sentence("There is nothing to lay beside this choice: compare another one.")


def interpreter_problem(interpreter: Interpreter) -> str:
    """Return the sentence on what is wrong with ``interpreter``; empty when nothing is."""
    return sentence("{problem}.", problem=retold(interpreter.problem)) if interpreter.problem else ""


def lacking_reason(package: str) -> str:
    """Return, as a clause, why nothing is prepared for an experiment that needs ``package``."""
    return sentence("this Python has no {package}", package=package)


def lacking_text(error: InterpreterError, has_it: Interpreter | None, package: str) -> str:
    """Return what a Python lacks, as ``error`` says it, and one that has ``package``, where one is known."""
    if has_it is None:
        return str(error)
    found = next(each for each in has_it.packages if each.name == package)
    return sentence(
        "{problem} {executable} has {title} {version}.",
        problem=error,
        executable=has_it.executable,
        title=found.title,
        version=found.version,
    )


def mixing_error(name: str, drawn_by: Interpreter) -> RunRefusedError:
    """Return the refusal to add a run to the column ``name``, whose runs ``drawn_by`` made."""
    text = noted("The runs of “{name}” were made by another interpreter, {versions} ({executable}).")
    return RunRefusedError(
        sentence(text, name=name, versions=drawn_by.summary, executable=drawn_by.executable),
        sentence("Choose that one, or press Run to run the column anew."),
    )


def disagreement_reason(disagreed: Disagreement) -> str:
    """Return, as a clause, why runs that were started in a faster way were discarded and made again cold."""
    if not disagreed.label:
        return recorded("runs that were not started cold ended in another way than those that were")
    return recorded(
        "runs that were not started cold showed another “{label}” than those that were", label=disagreed.label
    )


def text_changed_text(names: Sequence[str]) -> str:
    """Return the sentence that the files of the columns ``names`` have changed, and what runs now."""
    return plural(
        "{names} has changed on disk: the new text runs.",
        "{names} have changed on disk: the new texts run.",
        len(names),
        names=enumerated(names),
    )


def text_mixing_error(name: str) -> RunRefusedError:
    """Return the refusal to add a run to the column ``name``, whose runs executed an earlier text of its file."""
    return RunRefusedError(
        sentence("“{name}” has changed on disk since its runs.", name=name), sentence("Press Run to run the new text.")
    )


def declined_text(runs: int) -> str:
    """Return the sentence that ``runs`` more runs were not made, because of what they would do outside their folder."""
    return plural("One more run was not made.", "{count:,} more runs were not made.", runs)


def script_too_long_error(most: int) -> ChoiceError:
    """Return the error that a script that was edited has more than ``most`` characters."""
    return ChoiceError(
        "script",
        sentence("A script may have {most:,} characters.", most=most),
        sentence("The last change is not in what runs; take some of it back."),
    )


def unusable_python_error(executable: str) -> InterpreterError:
    """Return the error that ``executable`` is nothing that can execute runs."""
    return InterpreterError(
        sentence("{executable} is not a Python that can be used (3.6 or newer).", executable=executable),
        sentence("Choose another one; the column keeps the one that it had."),
    )


def no_room_text(most: int) -> str:
    """Return the sentence that no columns can be added, as there are ``most`` at most."""
    return sentence(
        "There is no room for more columns: {most} stand side by side at most. Remove one first.", most=most
    )


def added_text(names: Sequence[str]) -> str:
    """Return the sentence that columns of scripts stand there now, and what to do with them."""
    one, many = noted_plural(
        "{names} is a new column: press Run.", "{names} are new columns: press Run for each, or run all."
    )
    return plural(one, many, len(names), names=listed(names))


def run_first_text() -> str:
    """Return the sentence that there are no runs of the chosen Python that causes could be looked for in."""
    return sentence("Run it at least twice first: what moves its draws is found by changing one thing after the other.")


def no_interpreter_error() -> InterpreterError:
    """Return the refusal to run before the interpreter has answered."""
    return InterpreterError(
        sentence("The interpreter has not answered yet."), sentence("Wait a moment, then run again.")
    )


def settings_lost_text(error: Exception) -> str:
    """Return the sentence that the settings could not be read because of ``error``, nor set aside."""
    return sentence("The settings could not be read ({error}); seedlab starts as if there were none.", error=error)


def settings_set_aside_text(error: Exception, path: str) -> str:
    """Return the sentence that the settings could not be read because of ``error``, and are at ``path`` now."""
    return sentence("The settings could not be read ({error}); they were set aside as {path}.", error=error, path=path)


def wait_to_undo_text() -> str:
    """Return the sentence that says why nothing is undone while runs are under way."""
    return sentence("Columns are undone and redone once the runs have ended; Esc ends them.")


def send_text(name: str, place: str, folders: str) -> str:
    """Return the question whether the folders of a script may be sent to another host."""
    return sentence(
        "To execute {name} on {place}, these folders are sent there, into a temporary one: {folders}. "
        "Nothing comes back but what the runs print, draw and report.",
        name=name,
        place=place,
        folders=retold(folders),
    )


def not_sent_text(place: str) -> str:
    """Return that nothing was run, because nothing may be sent."""
    return sentence("Nothing was sent to {place}, and nothing was run.", place=place)
