"""The texts that persons' own scripts have on disk, as far as somebody has looked, beside those that runs executed."""

import enum

from seedlab.session.arrangement import Lane


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

    def __init__(self) -> None:
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
        text = self._texts[program.path]
        if text is None:
            return TextState.MISSING
        return TextState.SAME if text == lane.column.script else TextState.OTHER

    def is_outdated(self, lane: Lane) -> bool:
        """Return True when the runs of ``lane`` executed an earlier text of its file."""
        return bool(lane.column.runs) and self.state(lane) is TextState.OTHER

    def next_text(self, lane: Lane) -> str:
        """Return the text that the next runs of the own script in ``lane`` execute, as far as it is known."""
        if lane.program is None or self.state(lane) is not TextState.OTHER:
            return lane.column.script
        return self._texts[lane.program.path] or ""
