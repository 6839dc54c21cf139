"""What a library states about how its runs are started, how much memory they take, and how scripts name things."""

import msgspec


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """The facts about one package that starting its runs and reading their scripts depend on.

    Whatever way of starting runs reads them: a new one needs no change in any library.
    """

    package: str | None = None
    """The name that scripts import; None for what comes with Python itself."""
    title: str = ""
    """The package's name as people write it."""
    short: str = ""
    """A shorter name for narrow places; empty where ``title`` is short enough."""
    distributions: tuple[str, ...] = ()
    """The names under which it is published, lower case with underscores, as in the names of metadata folders."""
    release: str = ""
    """The newest release that seedlab knows, by its name; empty where it does not matter."""
    last_python: str = ""
    """The newest Python that ``release`` is made for, such as ``3.13``."""
    order: int = 0
    """Position in lists of packages."""
    prepares: tuple[str, ...] = ()
    """Top-level modules that are worth importing before the script is known."""
    late: tuple[str, ...] = ()
    """Modules that those in ``prepares`` import only on first use; they are imported beforehand as well."""
    safe_modules: tuple[str, ...] = ()
    """Modules that may be imported before the script without changing what it draws (tests/engine/test_fidelity.py)."""
    cold_bytes: int = 0
    """The resident memory of a cold run that imports the package, in bytes."""
    fork_bytes: int = 0
    """The memory of a forked run beside what it shares with its parent, in bytes."""
    usual_names: tuple[tuple[str, str], ...] = ()
    """Names that scripts usually give to modules, such as ``np``, each with the module's name."""
    drawing_names: tuple[str, ...] = ()
    """Lower-case parts of names that hint, before a script was ever run, at lines that seed or draw."""
    telling_attributes: tuple[str, ...] = ()
    """Attributes through which a script could tell a forked process from a fresh one: those for files, devices,
    processes, and settings that take effect at import."""
    renews: tuple[str, ...] = ()
    """Names of the renewals in the library's doors.py that make a forked child as random as a fresh process."""
