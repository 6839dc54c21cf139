"""What all libraries together state about how runs are started and how their scripts are read."""

from seedlab.libraries.registry import LIBRARIES
from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter, Package
from seedlab.study.capabilities import Capabilities


def all_capabilities() -> tuple[Capabilities, ...]:
    """Return the capabilities that the registered libraries state, sorted by their ``order``."""
    found = [stated for library in LIBRARIES.libraries if (stated := library.capabilities) is not None]
    return tuple(sorted(found, key=lambda stated: stated.order))


def packages() -> tuple[Capabilities, ...]:
    """Return the capabilities of the packages that an interpreter may have beside Python itself."""
    return tuple(stated for stated in all_capabilities() if stated.package is not None)


def known_packages(versions: dict[str, str]) -> tuple[Package, ...]:
    """Return the known packages in ``versions``, which maps import names to versions, sorted by ``order``."""
    return tuple(
        Package(stated.package, stated.title, versions[stated.package])
        for stated in packages()
        if stated.package is not None and versions.get(stated.package)
    )


def title_of(package: str) -> str:
    """Return the name of ``package`` as people write it, or its import name where no library states one."""
    return next((stated.title for stated in packages() if stated.package == package), package)


def first_version(interpreter: Interpreter) -> str:
    """Return which release of the first package ``interpreter`` has, in a few letters, or that it has none."""
    first = packages()[0]
    version = interpreter.version(first.package or "")
    return f"{first.short or first.title} {version}" if version else sentence("no {package}", package=first.title)


def usual_names() -> dict[str, str]:
    """Return the modules that scripts usually mean by names such as ``np``, by these names."""
    return {name: module for stated in all_capabilities() for name, module in stated.usual_names}


def drawing_names() -> tuple[str, ...]:
    """Return the lower-case parts of names that hint at lines that seed or draw."""
    return tuple(dict.fromkeys(name for stated in all_capabilities() for name in stated.drawing_names))


def renewals() -> tuple[str, ...]:
    """Return the names of all renewals that a forked child makes; each does nothing if its module was not imported."""
    return tuple(dict.fromkeys(name for stated in all_capabilities() for name in stated.renews))


def cold_bytes(script: str) -> int:
    """Return an estimate of the memory that a new interpreter takes to execute ``script``, in bytes."""
    return max(c.cold_bytes for c in all_capabilities() if c.package is None or c.package in script)


def fork_bytes(script: str) -> int:
    """Return an estimate of the memory that a forked child takes for itself to execute ``script``, in bytes."""
    return max(c.fork_bytes for c in all_capabilities() if c.package is None or c.package in script)
