"""The texts that persons' own scripts have on disk, as far as somebody has looked, beside those that runs executed."""

import enum
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from seedlab.documents.programs import current_script
from seedlab.errors import DocumentError
from seedlab.messages.session import text_mixing_error
from seedlab.session.arrangement import Lane
from seedlab.study.program import Program


class TextState(enum.Enum):
    """The text of a column's file, beside the one that its runs executed."""

    UNKNOWN = enum.auto()
    """Nobody has looked."""
    SAME = enum.auto()
    OTHER = enum.auto()
    MISSING = enum.auto()
    """The file cannot be read."""


class TextsOnDisk:
    """The texts that were found last, by the paths of their files."""

    def __init__(self, on_missing: Callable[[str], object]) -> None:
        """``on_missing`` is called with the path of a file that was to be read and cannot be."""
        self._on_missing = on_missing
        self._texts: dict[str, str | None] = {}

    def note(self, path: str, text: str | None) -> bool:
        """Take note of the text of the file ``path``, None where it cannot be read; return False when that is known."""
        if path in self._texts and self._texts[path] == text:
            return False
        self._texts[path] = text
        return True

    def state(self, lane: Lane) -> TextState:
        """Return how the file of the next runs of ``lane`` stands; that of a column nobody trusts is not looked at."""
        program = lane.program
        if lane.chosen is not None or program is None or program.path not in self._texts or not lane.column.trusted:
            return TextState.UNKNOWN
        if program.changes:
            # A changed copy has a text of its own.
            return TextState.UNKNOWN
        text = self._texts[program.path]
        if text is None:
            return TextState.MISSING
        return TextState.SAME if text == lane.column.script else TextState.OTHER

    def on_disk(self, path: str) -> str | None:
        """Return the text that the file ``path`` had when it was last looked at; None where it could not be read."""
        return self._texts.get(path)

    def is_outdated(self, lane: Lane) -> bool:
        """Return True when the runs of ``lane`` executed an earlier text of its file."""
        return bool(lane.column.runs) and self.state(lane) is TextState.OTHER

    def next_text(self, lane: Lane) -> str:
        """Return the text that the next runs of the own script in ``lane`` execute, as far as it is known."""
        if lane.column.next_script is not None:
            return lane.column.next_script
        if lane.program is not None and lane.program.changed_script is not None:
            return lane.program.changed_script
        if lane.program is None or self.state(lane) is not TextState.OTHER:
            return lane.column.script
        return self._texts[lane.program.path] or ""

    def for_runs(
        self, lanes: Sequence[Lane], name_of: Callable[[int], str], *, adds_one: bool
    ) -> tuple[list[Lane], list[str]]:
        """Return ``lanes`` with the texts that their files have now, and the names of those that have changed.

        ``name_of`` returns the name of a column by its key. Raise `SeedlabError` when a file cannot be read, or when a
        run is to be added to those of an earlier text.
        """
        found, changed = [], []
        for lane in lanes:
            program = lane.column.program if adds_one else lane.program
            if lane.chosen is not None or program is None:
                found.append(lane)
                continue
            text = self._read(program)
            if adds_one:
                if text != lane.column.script:
                    raise text_mixing_error(name_of(lane.key))
                found.append(lane)
                continue
            column = lane.cleared()
            if text != column.script:
                was = lane.column.program
                is_of_disk = was is not None and was.path == program.path and not (was.changes or program.changes)
                if is_of_disk:
                    changed.append(name_of(lane.key))
                column = replace(column, script=text, influence=None)
            found.append(replace(lane, column=column))
        return found, changed

    def _read(self, program: Program) -> str:
        try:
            text = current_script(program)
        except DocumentError:
            self._on_missing(program.path)
            raise
        if not program.changes:
            self.note(program.path, text)
        return text
