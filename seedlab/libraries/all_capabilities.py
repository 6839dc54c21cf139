"""What all libraries together state about how runs are started."""

from seedlab.libraries.registry import LIBRARIES
from seedlab.results.environment import Package
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


def renewals() -> tuple[str, ...]:
    """Return the names of all renewals that a forked child makes; each does nothing if its module was not imported."""
    return tuple(dict.fromkeys(name for stated in all_capabilities() for name in stated.renews))


def cold_bytes(script: str) -> int:
    """Return an estimate of the memory that a new interpreter takes to execute ``script``, in bytes."""
    return max(c.cold_bytes for c in all_capabilities() if c.package is None or c.package in script)


def fork_bytes(script: str) -> int:
    """Return an estimate of the memory that a forked child takes for itself to execute ``script``, in bytes."""
    return max(c.fork_bytes for c in all_capabilities() if c.package is None or c.package in script)
