"""A person's own script as a program: where it lies, and what it is given."""

import msgspec

from seedlab.results.extra import Extra


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """The command that a person would type after ``python``, and where."""

    path: str
    """The file that is executed, absolute."""
    name: str
    """The file as it was named, which a script finds in ``sys.argv[0]``; or the module's dotted name."""
    is_module: bool = False
    """True for ``python -m NAME``."""
    folder: str
    """The working directory, absolute."""
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    """Variables that are added to seedlab's own."""
    compares: tuple[str, ...] = ()
    """Files that are compared after each run, or patterns of their names, relative to ``folder``."""
    extra: Extra = ()

    @property
    def command(self) -> tuple[str, ...]:
        """What comes after ``python``."""
        return (*(("-m",) if self.is_module else ()), self.name, *self.arguments)
