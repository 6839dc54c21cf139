"""The words of a talk: what the presenter alone sees, and what is said of its scenes."""

from collections.abc import Sequence
from pathlib import Path

from seedlab.messages.keys import native_keys
from seedlab.phrases import enumerated, following, noted, plural, sentence


def scene_name_text(number: int, count: int, title: str) -> str:
    """Return the title of the scene ``number`` of ``count``, with its number."""
    return sentence("{number} of {count}: {title}", number=number, count=count, title=title)


def scene_way_text(*, is_covered: bool, is_fresh: bool) -> str:
    """Return how a scene is shown, as sentences; empty where it is shown as it was saved."""
    covered = sentence("Its values are covered first.") if is_covered else ""
    fresh = sentence("It is run anew when it is shown.") if is_fresh else ""
    return following(covered, fresh)


def place_text(at: int | None, count: int) -> str:
    """Return where a talk of ``count`` scenes is; ``at`` is the 0-based position of the scene that is shown."""
    if at is None:
        return plural("before the only scene", "before the first of {count} scenes", count)
    return sentence("scene {number} of {count}", number=at + 1, count=count)


def next_press_text(uncovered: int | None, runs: int, *, is_last: bool) -> str:
    """Return what the next press does: ``uncovered`` of at most ``runs`` runs are seen; None for all."""
    if uncovered is not None and uncovered + 1 < runs:
        return sentence("The next press uncovers run {number} of {runs}.", number=uncovered + 1, runs=runs)
    if uncovered is not None:
        return sentence("The next press uncovers the last run, and what it shows.")
    return sentence("This is the last scene.") if is_last else sentence("The next press shows the next scene.")


def prepared_text(readiness: str | None, *, has_runs: bool) -> str:
    """Return what is ready of the next scene: ``readiness`` is that of its runs, None where it is not to be run."""
    texts = {
        None: noted("It is shown with the runs that it has.") if has_runs else noted("It has no runs yet."),
        "preparing": noted("It is run anew: its imports are being prepared…"),
        "ready": noted("It is run anew: all is prepared, and its runs start at once."),
        "cold": noted("It is run anew, and its runs start cold: some seconds each."),
    }
    return sentence(texts[readiness])


def scene_left_text() -> str:
    """Return what is said when a scene is left that was changed."""
    return native_keys(sentence("changes of the scene were left: Ctrl+Z brings them back, “Take it again” keeps them"))


def blank_text() -> str:
    """Return what the presenter sees while the screen is blank."""
    return sentence("The room sees black. The next press brings the picture back.")


def no_next_text() -> str:
    return sentence("Nothing follows.")


def no_notes_text() -> str:
    return sentence("No notes.")


def screens_text(key: str) -> str:
    """Return what ``key`` does."""
    return sentence("{key} swaps the two screens.", key=key)


def no_scenes_text(path: Path) -> str:
    """Return the sentence that refuses to give the document at ``path`` as a talk."""
    return sentence("{path} has no scenes.", path=path)


def wrong_scenes_ending_text(name: str, endings: Sequence[str]) -> str:
    """Return the sentences that refuse to write the scenes of a talk to the file ``name``."""
    text = noted("{name} cannot hold the scenes of a talk. End the name in one of: {endings}.")
    return sentence(text, name=name, endings=enumerated(endings))


def not_overwritten_text(name: str) -> str:
    """Return the sentence that refuses to write a numbered picture over the file ``name``, which is none."""
    return sentence("{name} is there already, and is no such picture: it is not overwritten.", name=name)


def how_to_take_text(key: str) -> str:
    return sentence("Open it, and take what is shown as a scene with {key}.", key=key)
