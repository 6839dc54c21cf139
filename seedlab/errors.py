"""The errors that seedlab raises on purpose: each says what happened and what to do about it."""

from seedlab.phrases import following, retold
from seedlab.plain_text import in_lines


class SeedlabError(Exception):
    """The base of all: ``what`` says what happened, ``advice`` what to do; both are whole sentences for a person.

    They may be recorded texts: those of the engine are, because they become a part of runs, which documents keep. What
    is shown is the error as a text.
    """

    def __init__(self, what: str, advice: str) -> None:
        # They quote names of files, and what is wrong in them, and are shown in many places.
        what, advice = in_lines(what), in_lines(advice)
        super().__init__(following(retold(what), retold(advice)))
        self.what = what
        self.advice = advice

    @property
    def clause(self) -> str:
        """Both sentences as a part of one that is recorded, without the full stop at the end."""
        return f"{self.what} {self.advice}".removesuffix(".")


class ChoiceError(SeedlabError):
    """A choice of an experiment, or an option such as the number of runs, is outside what can be run.

    ``field`` is the name of the choice or option, such as ``"op_seed"`` or ``"runs"``.
    """

    def __init__(self, field: str, what: str, advice: str) -> None:
        super().__init__(what, advice)
        self.field = field


class InterpreterError(SeedlabError):
    """A Python that cannot execute runs: missing, not a Python, without the library, or dying at import."""


class LibraryError(SeedlabError):
    """The folder of a library that does not state what a library must."""


class RunRefusedError(SeedlabError):
    """Runs that were asked for cannot be made now; nothing was changed."""


class EnvironmentRefusedError(SeedlabError):
    """An environment that cannot be made or removed; nothing is left half-done."""


class DocumentError(SeedlabError):
    """A lab document that cannot be read or written."""


class ScreenError(SeedlabError):
    """The window cannot be opened here: no screen, or a system library of Qt is missing."""
