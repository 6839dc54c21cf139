"""The words of the window: what it asks, what it shows while it works, and what it says when it is done."""

from collections.abc import Sequence
from pathlib import Path

from seedlab.messages.keys import native_keys
from seedlab.messages.provenance import way_text
from seedlab.phrases import enumerated, following, listed, noted, noted_plural, plural, retold, sentence, within
from seedlab.results.environment import Interpreter

_MOST_NAMES = 3

# The columns.


def changed_name(name: str) -> str:
    """Return the name of the only column, when its choices have changed since its runs."""
    return sentence("{name} (changed, not run yet)", name=name)


def name_label_text() -> str:
    """Return what is asked when a column is renamed."""
    return sentence("Name (leave it empty to name the column by its choices)")


def columns_tip_text(key: str) -> str:
    """Return what can be done with the names of columns; ``key`` shows all keys."""
    return sentence("Click to edit, drag to move, double-click to rename. {key} shows all keys.", key=key)


def earlier_choice_text(names: Sequence[str]) -> str:
    """Return the sentences that the columns ``names`` show runs of an earlier choice."""
    return plural(
        "{names} shows the earlier choice. Press Run to update it.",
        "{names} show the earlier choice. Press Run to update them.",
        len(names),
        names=listed(names),
    )


def earlier_settings_text(names: Sequence[str]) -> str:
    """Return the sentences that the columns ``names`` show runs that were given something else than the next ones."""
    return plural(
        "{names} shows the earlier settings. Press Run to update it.",
        "{names} show the earlier settings. Press Run to update them.",
        len(names),
        names=listed(names),
    )


def earlier_text_text(names: Sequence[str]) -> str:
    """Return the sentences that the columns ``names`` show runs of a text that has changed on disk since."""
    return plural(
        "{names} shows runs of the text before it changed on disk. Press Run to update it.",
        "{names} show runs of the texts before they changed on disk. Press Run to update them.",
        len(names),
        names=listed(names),
    )


def earlier_edit_text(names: Sequence[str]) -> str:
    """Return the sentences that the columns ``names`` show runs of a text that has been edited here since."""
    return plural(
        "{names} shows runs of the text before it was edited. Press Run to update it.",
        "{names} show runs of the texts before they were edited. Press Run to update them.",
        len(names),
        names=listed(names),
    )


def editing_text() -> str:
    """Return the sentence below an editor whose text can be read."""
    return native_keys(sentence("Ctrl+R runs this text, Esc leaves the editor and keeps it, Ctrl+F finds."))


def syntax_problem_text(line: int, problem: str) -> str:
    """Return the sentence that ``line`` of a text is no Python; ``problem`` is what its parser says."""
    return sentence("Line {line}: {problem}", line=line, problem=problem)


def found_text(number: int, count: int) -> str:
    """Return that place ``number`` of ``count`` is selected; 0 for none."""
    if not count:
        return sentence("not found")
    return sentence("{number} of {count}", number=number or "–", count=count)


def copied_picture_text(*, is_part: bool) -> str:
    """Return what was done: all was copied, or what was selected."""
    return sentence("copied the picture of selected rows and columns") if is_part else sentence("copied the picture")


def first_step_text(*, is_own_script: bool) -> str:
    """Return the sentence that says what to do before there are runs."""
    if is_own_script:
        return sentence("Run the script in fresh processes.")
    return sentence("Choose where the seed goes, then run the script in fresh processes.")


# Documents.


def no_columns_text(path: str) -> str:
    """Return the sentences that refuse to open the document ``path``, which has no columns."""
    return sentence("{path} holds no columns: there is nothing to show. Choose another file.", path=path)


def wrong_ending_text(ending: str) -> str:
    """Return the sentence that refuses to save under a name that does not end in ``ending``."""
    text = noted("A lab is saved as {ending}: export it for other formats, or end the name in {ending}.")
    return sentence(text, ending=ending)


def will_be_lost_text(saved_as: str | None) -> str:
    """Return the sentence that says what will be lost; ``saved_as`` is the file that is open, if there is one."""
    if saved_as is None:
        return sentence("These results will be lost.")
    return sentence("Changes since {name} was saved will be lost.", name=saved_as)


def unsaved_text(when: str, columns: Sequence[str], runs: int) -> str:
    """Return when the newest run of what was left unsaved was made, and how many runs there are of which columns."""
    names = enumerated(columns[:_MOST_NAMES])
    return sentence(
        "{when}: {columns}, {runs} ({names})",
        when=when,
        columns=plural("{count} column", "{count} columns", len(columns)),
        runs=plural("{count} run", "{count} runs", runs),
        names=sentence("{names}, …", names=names) if len(columns) > _MOST_NAMES else names,
    )


def set_aside_text(places: Sequence[str]) -> str:
    """Return the sentence that says where unsaved results went that could not be read."""
    return plural(
        "Unsaved results of an earlier window could not be read; they were set aside as {places}.",
        "Unsaved results of {count} earlier windows could not be read; they were set aside as {places}.",
        len(places),
        places=listed(places),
    )


# Work in progress, and what was done.


def opening_text(name: str) -> str:
    return sentence("Opening {name}…", name=name)


def opened_text(name: str) -> str:
    return sentence("opened {name}", name=name)


def saving_text(name: str) -> str:
    return sentence("Saving {name}…", name=name)


def saved_text(name: str) -> str:
    return sentence("saved {name}", name=name)


def exporting_text(name: str) -> str:
    return sentence("Exporting {name}…", name=name)


def exported_text(name: str) -> str:
    return sentence("exported {name}", name=name)


def copy_tip_text(key: str) -> str:
    """Return what the button does that copies the picture, as ``key`` does in the window."""
    return sentence("Put the picture on the clipboard ({key} in the window).", key=key)


def file_text(about: str) -> str:
    """Return what stands in the place of a preview: ``about`` says in a few words what a file holds."""
    return sentence("{about}.", about=about)


def still_busy_text(title: str) -> str:
    """Return the beginning of a refusal: the work called ``title`` goes on, which ends with an ellipsis."""
    return sentence("Still busy: {title}", title=title)


def pixels_text(width: int, height: int) -> str:
    return sentence("{width:,} × {height:,} pixels", width=width, height=height)


def language_chosen_text() -> str:
    """Return what is said when a language was chosen."""
    return sentence("the language changes with the next start")


# Runs.


def run_times_text(runs: int) -> str:
    """Return what the button says that makes ``runs`` runs."""
    return plural("Run once", "Run {count} times", runs)


def readiness_text(readiness: str, detail: str) -> str:
    """Return how soon a run could start, and how it would: ``detail`` is the way, or why it is cold."""
    known = {
        ("preparing", "fork"): noted(
            "preparing: what the script imports is imported once, and runs are forked from there"
        ),
        ("preparing", "spare"): noted("preparing: a process imports what the script imports, and waits"),
        ("ready", "fork"): noted("ready: runs are forked where the imports are done"),
        ("ready", "spare"): noted("ready: a process waits where the imports are done"),
    }
    if (readiness, detail) in known:
        return sentence(known[readiness, detail])
    words = {"preparing": sentence("preparing"), "ready": sentence("ready")}
    readiness = words.get(readiness) or way_text(readiness)
    return sentence("{readiness}: {detail}", readiness=readiness, detail=retold(detail)) if detail else readiness


def waiting_text(seconds: float) -> str:
    return sentence("waiting for the import: {seconds:.1f} s", seconds=seconds)


def running_text(done: int, asked: int, seconds: float) -> str:
    return plural(
        "running: {done} of {count} run · {seconds:.1f} s",
        "running: {done} of {count} runs · {seconds:.1f} s",
        asked,
        done=done,
        seconds=seconds,
    )


def ended_text(done: int, asked: int, seconds: float) -> str:
    return plural(
        "{done} of {count} run · {seconds:.1f} s",
        "{done} of {count} runs · {seconds:.1f} s",
        asked,
        done=done,
        seconds=seconds,
    )


def stopped_text(done: int, asked: int, seconds: float) -> str:
    return plural(
        "stopped after {done} of {count} run · {seconds:.1f} s",
        "stopped after {done} of {count} runs · {seconds:.1f} s",
        asked,
        done=done,
        seconds=seconds,
    )


def asking_text(done: int, asked: int, seconds: float) -> str:
    one, many = noted_plural(
        "waiting for your answer: {done} of {count} run · {seconds:.1f} s",
        "waiting for your answer: {done} of {count} runs · {seconds:.1f} s",
    )
    return plural(one, many, asked, done=done, seconds=seconds)


def trust_text(name: str) -> str:
    """Return the sentences above the script of the column ``name``, which came with a document."""
    return sentence(
        "The script of “{name}” came from a file. It can do whatever you can do on this machine: "
        "read it before you let it run.",
        name=name,
    )


# The panel.


def set_text(title: str) -> str:
    """Return what is read out for the box that decides whether the choice ``title`` is made at all."""
    return sentence("Set the {title}", title=within(title))


def about_with_hindrance(about: str, hindrance: str) -> str:
    """Return the sentence ``about`` with the one that says why something cannot be chosen."""
    return following(about, hindrance)


def interpreter_text(python: str, version: str) -> str:
    """Return ``version``, that of the interpreter's first library, and its Python in a few words."""
    return sentence("{version} ({python})", version=version, python=python)


def place_of_python(executable: str) -> str:
    """Return the name of the installation or environment that ``executable`` belongs to."""
    folder = Path(executable).parent
    return (folder.parent if folder.name in {"bin", "Scripts"} else folder).name


def about_python_text(interpreter: Interpreter, devices: Sequence[str]) -> str:
    """Return what is known of ``interpreter``, a line each: its path, versions, devices, and whether it can fork."""
    lines = [interpreter.executable, interpreter.summary]
    if devices:
        lines.append(sentence("Devices: {devices}", devices=enumerated(devices)))
    if interpreter.can_fork is not None:
        lines.append(sentence("It can fork.") if interpreter.can_fork else sentence("It cannot fork."))
    return "\n".join(lines)


def executes_text(executable: str) -> str:
    return sentence("The Python that executes the runs: {executable}", executable=executable)


def about_host_text() -> str:
    """Return how a Python on another host is named."""
    return sentence(
        "ssh://user@host:port/path/to/python; user and port may be left out. It is your own ssh that gets there, "
        "without a password."
    )


def not_opened_text(names: Sequence[str]) -> str:
    """Return the sentence that the documents ``names`` were not opened in windows of their own, and what to do."""
    return plural(
        "{names} was not opened. Open it by itself.",
        "{names} were not opened. Open them one by one.",
        len(names),
        names=listed(list(names)),
    )
