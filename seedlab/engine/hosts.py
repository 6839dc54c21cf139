"""Names of Pythons on other hosts: ``ssh://user@host:port/path/to/python``."""

import re

import msgspec

from seedlab.errors import InterpreterError
from seedlab.phrases import recorded

SCHEME = "ssh://"
_ADVICE = recorded("Name it as ssh://user@host:port/path/to/python; user and port may be left out.")
_USER = re.compile(r"[\w.+@][\w.+@-]*")
# ssh puts both into commands of the person's configuration, so that what a shell would take apart is refused.
_HOST = re.compile(r"[\w.][\w.-]*|\[[0-9A-Fa-f:.]+(%[\w.-]+)?\]")
_PORT = re.compile(r"[0-9]{1,5}")
MAX_PORT = 65_535


class HostAddress(msgspec.Struct, frozen=True):
    """A Python on another host, and how ssh gets there."""

    host: str
    """Its name, as it stands in the person's configuration of ssh, or its number."""
    python: str
    """The absolute path of the Python there."""
    user: str = ""
    """Empty for what that configuration says."""
    port: int | None = None

    @property
    def place(self) -> str:
        """The host as a person names it to ssh."""
        return f"{self.user}@{self.host}" if self.user else self.host

    @property
    def executable(self) -> str:
        """The name that `address_of` reads."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        user = f"{self.user}@" if self.user else ""
        return f"{SCHEME}{user}{host}{'' if self.port is None else f':{self.port}'}{self.python}"

    @property
    def options(self) -> tuple[str, ...]:
        """The options and the name with which ssh gets there."""
        port = () if self.port is None else ("-p", str(self.port))
        user = ("-l", self.user) if self.user else ()
        return (*port, *user, "--", self.host)


def is_on_host(executable: str | None) -> bool:
    """Return True where ``executable`` is meant to be a Python on another host, whether it is well named or not."""
    return executable is not None and executable.lower().startswith(SCHEME)


def address_of(executable: str) -> HostAddress:
    """Return the parts of ``executable``. Raise `InterpreterError` where it names no Python on a host."""
    shown = executable if executable.isprintable() else ascii(executable)
    if not executable.isprintable() or any(character.isspace() for character in executable):
        raise InterpreterError(
            recorded("“{shown}” has blanks or characters that cannot be seen.", shown=shown), _ADVICE
        )
    place, slash, path = executable[len(SCHEME) :].partition("/")
    if not slash or not path.strip("/") or path.endswith("/"):
        raise InterpreterError(recorded("“{shown}” names no Python on its host.", shown=shown), _ADVICE)
    user, at, place = place.rpartition("@")
    host, colon, port = place, "", ""
    if not place.startswith("[") or not place.endswith("]"):
        host, colon, port = place.rpartition(":") if ":" in place else (place, "", "")
    if not host:
        raise InterpreterError(recorded("“{shown}” names no host.", shown=shown), _ADVICE)
    if at and not user:
        raise InterpreterError(recorded("“{shown}” names no user before the @.", shown=shown), _ADVICE)
    if user.startswith("-"):
        what = recorded("No user can be called “{user}”: ssh would take it for an option.", user=user)
        raise InterpreterError(what, _ADVICE)
    if host.startswith("-"):
        what = recorded("No host can be called “{host}”: ssh would take it for an option.", host=host)
        raise InterpreterError(what, _ADVICE)
    if user and not _USER.fullmatch(user):
        raise InterpreterError(recorded("“{user}” cannot be the name of a user.", user=user), _ADVICE)
    if not _HOST.fullmatch(host):
        raise InterpreterError(recorded("“{host}” cannot be the name of a host.", host=host), _ADVICE)
    if colon and not (_PORT.fullmatch(port) and 1 <= int(port) <= MAX_PORT):
        raise InterpreterError(recorded("“{port}” is no port.", port=port), _ADVICE)
    return HostAddress(host.strip("[]"), f"/{path}", user, int(port) if colon else None)
