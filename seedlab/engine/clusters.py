"""Names of clusters, ``tcp://host:port``, and of the Pythons of their workers, ``tcp://host:port/path/to/python``."""

import re

import msgspec

from seedlab.errors import ChoiceError
from seedlab.phrases import recorded

_ADDRESS = re.compile(r"(?:tcp|tls)://(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\]):([0-9]{1,5})")
_MAX_PORT = 65_535
_ADVICE = recorded("Name its scheduler as tcp://host:8786, or tls://host:8786 where it asks for certificates.")


def is_on_cluster(executable: str | None) -> bool:
    """Return True where ``executable`` names a Python of a cluster's workers."""
    return executable is not None and executable.startswith(("tcp://", "tls://"))


def named_cluster(executable: str) -> "Cluster":
    """Return the cluster that ``executable`` names, beside a Python of its workers. Raise `ChoiceError` for none."""
    scheme, _, rest = executable.partition("://")
    address = f"{scheme}://{rest.partition('/')[0]}"
    check_cluster(address)
    return Cluster(address)


class Cluster(msgspec.Struct, frozen=True):
    """A cluster that a person has named."""

    address: str
    """The address of its scheduler, which `check_cluster` finds well formed."""

    @property
    def place(self) -> tuple[str, int]:
        """The host and the port of its scheduler."""
        host, _, port = self.address.partition("://")[2].rpartition(":")
        return host.strip("[]"), int(port)

    def executable(self, python: str | None) -> str:
        """Return the name of ``python`` on the workers, for requests; None is the one that each worker runs in.

        Raise `ChoiceError` where it is no path.
        """
        if python is None:
            return self.address
        if not python.startswith("/") or not python.isprintable():
            what = recorded("“{python}” cannot be the Python of a cluster’s workers.", python=python)
            raise ChoiceError("python", what, recorded("Name it by its path there, such as /opt/venv/bin/python."))
        return self.address + python

    def has(self, executable: str) -> bool:
        """Return True where ``executable`` is the name of a Python on these workers."""
        return executable == self.address or executable.startswith(f"{self.address}/")

    def python(self, executable: str) -> str | None:
        """Return the path on the workers that ``executable`` names; None for the Python that each worker runs in."""
        return executable.removeprefix(self.address) or None


def check_cluster(address: str) -> None:
    """Raise `ChoiceError` where ``address`` cannot be that of a scheduler."""
    found = _ADDRESS.fullmatch(address)
    if found is None or not 1 <= int(found[1]) <= _MAX_PORT:
        shown = address if address.isprintable() else ascii(address)
        raise ChoiceError("cluster", recorded("“{shown}” is no address of a cluster.", shown=shown), _ADVICE)
