"""The words for persons' own programs: their files on disk, what they are given, and what a document says of them."""

from collections.abc import Sequence

from seedlab.errors import ChoiceError
from seedlab.phrases import listed, noted, plural, sentence

# The file on disk.


def text_outdated_text(names: Sequence[str]) -> str:
    """Return the sentence that the files of the columns ``names``, which have runs, have another text now."""
    return plural(
        "{names} has changed on disk: the results are of the earlier text",
        "{names} have changed on disk: the results are of the earlier texts",
        len(names),
        names=listed(names),
    )


def text_shown_text(names: Sequence[str]) -> str:
    """Return the sentence that the files of the columns ``names``, which have no runs, have another text now."""
    return plural(
        "{names} has changed on disk: the new text is shown",
        "{names} have changed on disk: the new texts are shown",
        len(names),
        names=listed(names),
    )


def text_back_text(names: Sequence[str]) -> str:
    """Return the sentence that the files of the columns ``names`` have again the text that is shown."""
    return plural(
        "{names} is on disk as it is shown again",
        "{names} are on disk as they are shown again",
        len(names),
        names=listed(names),
    )


def text_missing_text(names: Sequence[str]) -> str:
    """Return the sentence that the files of the columns ``names`` cannot be read any more."""
    return plural(
        "{names} is not there any more, or cannot be read",
        "{names} are not there any more, or cannot be read",
        len(names),
        names=listed(names),
    )


# The form.


def open_quote_error() -> ChoiceError:
    return ChoiceError(
        "words", sentence("A quotation mark is not closed."), sentence("Close it, or put a backslash before it.")
    )


def open_escape_error() -> ChoiceError:
    return ChoiceError("words", sentence("Nothing follows the last backslash."), sentence("Write two for one."))


def bad_variable_error(line: int) -> ChoiceError:
    """Return the refusal of the line ``line`` of variables."""
    return ChoiceError(
        "variables", sentence("Line {line} is no variable.", line=line), sentence("Write it as NAME=VALUE.")
    )


def back_to_choices_text() -> str:
    """Return the text of the button that brings back the choices of an experiment whose script was edited."""
    return sentence("Undo the edits")


def back_to_file_text() -> str:
    """Return the text of the button that brings back the text of a script's file."""
    return sentence("Undo the edits")


def in_a_copy_text() -> str:
    """Return what stands in the place of a file where the script is executed from a copy."""
    return sentence("from a copy")


def save_script_text() -> str:
    """Return the text of the button that makes a file of a script that is in none."""
    return sentence("Save it as a file")


def needs_a_file_text() -> str:
    """Return why a script that is in no file has no arguments."""
    return sentence("In a file it can be given arguments, variables, a folder, and files to compare.")


def own_file_error() -> ChoiceError:
    """Return the refusal to write to a file that a column executes."""
    return ChoiceError(
        "script",
        sentence("A script that a column executes is never written."),
        sentence("Give this one another name."),
    )


def changed_beside_error(folder: str) -> ChoiceError:
    """Return the refusal to save a script elsewhere whose modules in ``folder`` were changed here as well."""
    return ChoiceError(
        "script",
        sentence("Modules beside the script were changed here as well, and they lie in {folder}.", folder=folder),
        sentence("Save the script in that folder."),
    )


def module_text(name: str) -> str:
    """Return what stands in the place of a file for the module ``name``."""
    return sentence("-m {name}", name=name)


def missing_file_text() -> str:
    return sentence("It is not there any more, or cannot be read.")


def unreadable_field_text() -> str:
    """Return the tool tip of a field that cannot show what it holds as it is."""
    return sentence("It holds characters that cannot be edited here, and are shown as their escapes.")


def mend_first_text(title: str, problem: str) -> str:
    """Return the sentence that nothing runs while ``problem`` is wrong with the field called ``title``."""
    return sentence("{title}: {problem} Nothing runs until that is mended.", title=title, problem=problem)


# What came with a document.


def same_text_text(path: str) -> str:
    return sentence("{path} is there, with the text that the document has.", path=path)


def other_text_text(path: str) -> str:
    text = noted("{path} is there, but has another text than in the document: the one on disk is below, and would run.")
    return sentence(text, path=path)


def cannot_run_text(problem: str) -> str:
    """Return the sentences that a program cannot run, because of what the sentence ``problem`` says of its file."""
    return sentence(
        "{problem} The text below is the document's: choose a file in the panel to run one.", problem=problem
    )
