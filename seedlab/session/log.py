"""The log: what went wrong inside seedlab, and where, for whoever has to mend it.

Nothing personal is in it. The text of an exception may quote a script, a value or a path, so it is left out: the log
has its class, and the lines of code that it came through. The home folder is shortened to ``~``.
"""

import contextlib
import faulthandler
import logging
import logging.handlers
import platform
import re
import traceback
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Self

import platformdirs

from seedlab import APPLICATION_NAME, __version__
from seedlab.session.private_files import make_private_folder, open_to_append, private_opener

_LOG, _CRASHES = "seedlab.log", "crash.log"
_MAX_BYTES = 256 * 1024
_BACKUPS = 2
_FORMAT = "%(asctime)s %(levelname)s %(message)s"


def default_folder() -> Path:
    """Return the folder that the platform has for an application's logs."""
    return platformdirs.user_log_path(APPLICATION_NAME, appauthor=False)


def without_home(text: str) -> str:
    """Return ``text`` with the home folder shortened to ``~``."""
    try:
        home = str(Path.home())
    except RuntimeError:
        return text
    # A home such as / would match everything, and /home/ann is no part of /home/anna.
    return re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text) if len(home) > 1 else text


class Log:
    """The log in ``folder``, with the place where a crash of the interpreter itself leaves its trace.

    What cannot be written is not: seedlab works without a log.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _LOG
        self._crashes_path = folder / _CRASHES
        self._crashes: BinaryIO | None = None
        self._logger = logging.getLogger(APPLICATION_NAME)
        self._handler: logging.Handler = logging.NullHandler()
        self._counts: dict[str, int] = {}

    def __enter__(self) -> Self:
        with contextlib.suppress(OSError):
            make_private_folder(self.path.parent)
            self._handler = _PrivateHandler(self.path)
        self._handler.setFormatter(logging.Formatter(_FORMAT))
        self._logger.addHandler(self._handler)
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False
        self._logger.info("seedlab %s starts: Python %s, %s", __version__, platform.python_version(), _system())
        with contextlib.suppress(OSError):
            self._take_in_crash()
            # Where it is on already, somebody wants to read it elsewhere.
            if not faulthandler.is_enabled():
                self._crashes = open_to_append(self._crashes_path)
                faulthandler.enable(self._crashes)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.info("seedlab ends")
        if self._crashes is not None:
            faulthandler.disable()
            self._crashes.close()
        self._logger.removeHandler(self._handler)
        self._handler.close()

    def note(self, error: BaseException) -> None:
        """Write down where ``error`` came from; of one that comes again and again, only some."""
        text = "\n".join(_lines_of(error))
        count = self._counts[text] = self._counts.get(text, 0) + 1
        # The 1st, 2nd, 4th, 8th, …: one that comes with every drawing would push out all others.
        if not count & (count - 1):
            self._logger.error("%s%s", text, f"\n  ({count} times)" if count > 1 else "")

    def _take_in_crash(self) -> None:
        """Move what a crash left into the log, where the home folder is shortened."""
        with contextlib.suppress(FileNotFoundError):
            text = self._crashes_path.read_text(encoding="utf-8", errors="replace").strip()
            if text:
                self._logger.error("An earlier seedlab crashed:\n%s", without_home(text))
                # Another seedlab may have it open: it writes at the end, wherever that is.
                with open(self._crashes_path, "r+b") as file:
                    file.truncate(0)


def _system() -> str:
    return f"{platform.system()} {platform.machine()}"


def _lines_of(error: BaseException) -> Iterator[str]:
    """Yield the classes of ``error`` and of its causes, with the places that each came through."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = type(current)
        yield f"{kind.__module__}.{kind.__qualname__}" if kind.__module__ != "builtins" else kind.__qualname__
        for frame, line in traceback.walk_tb(current.__traceback__):
            code = frame.f_code
            yield f"  {without_home(code.co_filename)}:{line} in {code.co_qualname}"
        following = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if following is not None:
            yield "which came from"
        current = following


class _PrivateHandler(logging.handlers.RotatingFileHandler):
    """Writes to files that only their owner may read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_MAX_BYTES, backupCount=_BACKUPS, encoding="utf-8", errors="backslashreplace")

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=private_opener)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Do nothing: a log that cannot be written is no trouble."""
