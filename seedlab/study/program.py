"""A person's own script as a program: where it lies, and what it is given."""

import os

import msgspec

from seedlab.results.extra import Extra


class ChangedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that has another text where the program runs than where it lies."""

    file: str | None = None
    """None for the script itself, else a path relative to its folder."""
    text: str


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
    host_folder: str = ""
    """The folder that holds the script, and in which it works, where a Python on another host executes it; empty where
    nobody has named one."""
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    """Variables that are added to seedlab's own."""
    compares: tuple[str, ...] = ()
    """Files that are compared after each run, or patterns of their names, relative to ``folder``."""
    changes: tuple[ChangedFile, ...] = ()
    """The files in which a changed copy differs from the program; such a copy runs in private views alone."""
    extra: Extra = ()

    @property
    def root(self) -> str:
        """The folder that the script's own modules lie in."""
        return self.folder if self.is_module else os.path.dirname(os.path.realpath(self.path))

    @property
    def changed_script(self) -> str | None:
        """The text that the script has in a changed copy; None where it has that of its file."""
        return next((each.text for each in self.changes if each.file is None), None)

    def with_script(self, text: str, on_disk: str | None) -> "Program":
        """Return the program whose script has ``text``; it is no changed copy where the file has the same.

        ``on_disk`` is the text that the file has, as far as that is known.
        """
        others = tuple(each for each in self.changes if each.file is not None)
        changed = () if text == on_disk else (ChangedFile(text=text),)
        return msgspec.structs.replace(self, changes=(*changed, *others))

    @property
    def command(self) -> tuple[str, ...]:
        """What comes after ``python``."""
        return (*(("-m",) if self.is_module else ()), self.name, *self.arguments)
