"""What a library states about how its runs may be started, and what they take."""

import msgspec


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """The facts about one package that starting runs depends on; another way to start needs no other library."""

    package: str | None = None
    """The name that scripts import; None for what comes with Python itself."""
    title: str = ""
    """The package's name as people write it."""
    distributions: tuple[str, ...] = ()
    """The names under which it is published, lower case with underscores, as in the names of metadata folders."""
    order: int = 0
    """Position in lists of packages."""
    prepares: tuple[str, ...] = ()
    """Top-level modules that are worth importing before the script is known."""
    late: tuple[str, ...] = ()
    """Modules that importing the above leaves for later: they are imported beforehand along with them."""
    safe_modules: tuple[str, ...] = ()
    """Importing them earlier than the script does changes nothing that it draws: tests/engine/test_fidelity.py."""
    cold_bytes: int = 0
    """Resident memory of a cold run that imports the package."""
    fork_bytes: int = 0
    """What a forked run has for itself, beside what it shares with its parent."""
    renews: tuple[str, ...] = ()
    """Names of the renewals, in the library's doors, that a forked child needs to be as random as a fresh process."""
