"""Which language seedlab speaks, and its catalogue; decided once, before the first text is made."""

import gettext
import json
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import as_file
from pathlib import Path

import platformdirs

from seedlab import APPLICATION_NAME
from seedlab.resource_files import resource

VARIABLE = "SEEDLAB_LANGUAGE"
"""The environment variable that names the language, such as ``fr``, or the path of a catalogue to be tried out."""
ENGLISH = "en"
"""The language in which the texts stand in the source, and which needs no catalogue."""
DOMAIN = "seedlab"
"""The name of the files of catalogues."""
RECORDED = "recorded"
"""The context of texts that are kept in English, and translated when they are shown."""
_FOLDER = "languages"
_ENDING = ".mo"
_OF_THE_SYSTEM = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""The variables of gettext, in their order."""
_CONTEXT_END = "\x04"


class Catalogue(gettext.GNUTranslations):
    """The texts of one language, and those of them that may come from what was recorded in English."""

    def recorded(self) -> list[str]:
        """Return the English texts that are translated when they are shown."""
        begin = f"{RECORDED}{_CONTEXT_END}"
        # The standard library has no public way to list them.
        known: Mapping[object, str] = self.__dict__["_catalog"]
        return [key.removeprefix(begin) for key in known if isinstance(key, str) and key.startswith(begin)]

    @property
    def code(self) -> str:
        """The language that the catalogue says that it is of."""
        return self.info().get("language", ENGLISH)

    @property
    def own_name(self) -> str:
        """The name of the language in the language itself."""
        return self.pgettext("the name of this language in this language", "English")


def settings_path() -> Path:
    """Return the path of the settings file, in the folder that the platform has for settings."""
    return platformdirs.user_config_path(APPLICATION_NAME, appauthor=False) / "settings.json"


def available() -> dict[str, str]:
    """Return the languages that seedlab speaks: the name of each in itself, by its code. English comes first."""
    folder = resource(_FOLDER)
    codes = sorted(entry.name for entry in folder.iterdir() if _file_of(entry.name)) if folder.is_dir() else []
    return {ENGLISH: "English", **{code: found.own_name for code in codes if (found := _shipped(code)) is not None}}


def _file_of(code: str) -> Path | None:
    file = resource(_FOLDER) / code / "LC_MESSAGES" / f"{DOMAIN}{_ENDING}"
    if not file.is_file():
        return None
    with as_file(file) as path:
        return path


def _shipped(code: str) -> Catalogue | None:
    path = _file_of(code)
    return None if path is None else _read(path)


def _read(path: Path) -> Catalogue | None:
    try:
        with path.open("rb") as file:
            return Catalogue(file)
    except (OSError, ValueError, UnicodeError):
        # One that is damaged leaves the texts in English.
        return None


@cache
def catalogue() -> Catalogue | None:
    """Return the catalogue of the language that seedlab speaks; None for English."""
    for wish in _wishes():
        if wish.endswith(_ENDING):
            return _read(Path(wish))
        for code in (wish, wish.partition("_")[0]):
            if code in ("C", "POSIX", ENGLISH):
                return None
            if found := _shipped(code):
                return found
    return None


def language() -> str:
    """Return the code of the language that seedlab speaks."""
    found = catalogue()
    return ENGLISH if found is None else found.code


def _wishes() -> Iterator[str]:
    """Yield the languages that are wished for: by the variable of seedlab, by its settings, by the system."""
    if named := os.environ.get(VARIABLE):
        yield named
        return
    if chosen := _chosen():
        yield chosen
        return
    given = next(filter(None, map(os.environ.get, _OF_THE_SYSTEM)), None) or _of_windows()
    for name in given.split(":"):
        # Without the encoding and the variant: fr_FR.UTF-8@euro.
        if code := name.partition(".")[0].partition("@")[0]:
            yield code


def _chosen() -> str:
    """Return the language that was chosen in the window; empty where none was."""
    try:
        found = json.loads(settings_path().read_bytes())
    except (OSError, ValueError, RecursionError):
        return ""
    code = found.get("language") if isinstance(found, dict) else None
    return code if isinstance(code, str) and not code.endswith(_ENDING) else ""


def _of_windows() -> str:
    """Return the language of the windows of Windows, which sets no variable; not tried there."""
    if sys.platform == "win32":
        import ctypes
        import locale

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    else:  # noqa: RET505 - types are checked for each system by itself.
        return ""
