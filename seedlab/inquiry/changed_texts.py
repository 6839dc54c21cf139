"""The texts of a program's own files: as they are, as candidates for a fix change them, and what differs."""

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping

from libcst import ParserSyntaxError

from seedlab.engine.private_views import text_on_disk
from seedlab.engine.request import RunRequest
from seedlab.inquiry.edits import lines_of, newline_of
from seedlab.inquiry.rewriting import SourceText, Splice
from seedlab.results.influence import Edit

_NO_END = "\\ No newline at end of file\n"


class Texts:
    """The files that a program consists of, by their paths relative to the script; None is the script itself."""

    def __init__(self, request: RunRequest) -> None:
        self._request = request
        self._sources: dict[str | None, SourceText | None] = {}

    def source(self, file: str | None) -> SourceText | None:
        """Return the file's text for changes.

        None where it cannot be read, is not known to be Python, or lies where a run sees nothing privately.
        """
        if file not in self._sources:
            text = self._request.script if file is None else None
            if file is not None and self._is_inside(self.path(file)):
                text = text_on_disk(self.path(file))
            try:
                self._sources[file] = None if text is None else SourceText(text)
            except ParserSyntaxError:
                self._sources[file] = None
        return self._sources[file]

    def with_imported(self, files: Iterable[str | None]) -> list[str | None]:
        """Return ``files`` and those below the script's folder that they import by name, each once."""
        found = list(dict.fromkeys(files))
        for file in found:
            source = self.source(file)
            for name in sorted(source.imports()) if source is not None else ():
                # The last part is a module's, or a name's in one.
                for module in (name, name.rpartition(".")[0]):
                    path = module.replace(".", "/")
                    names = [each for each in (f"{path}.py", f"{path}/__init__.py") if each not in found]
                    found += [each for each in names if path and os.path.isfile(self.path(each))]
        return found

    def _is_inside(self, path: str) -> bool:
        folders = (self._request.root, self._request.folder or os.getcwd())
        real = os.path.realpath(path)
        return any(real.startswith(os.path.realpath(folder) + os.sep) for folder in folders if folder)

    def path(self, file: str) -> str:
        """Return the absolute path of ``file``."""
        return os.path.normpath(os.path.join(self._request.root, file))

    def shown_path(self, file: str | None) -> str:
        """Return the path of ``file`` as a diff names it: relative to the working directory, where it lies below."""
        path = self._request.path if file is None else self.path(file)
        if path is None:
            return self._request.name or "script.py"
        folder = os.path.realpath(self._request.folder or os.getcwd())
        relative = os.path.relpath(os.path.realpath(path), folder)
        return (os.path.basename(path) if relative.startswith(os.pardir) else relative).replace(os.sep, "/")

    def newline(self, file: str | None) -> str:
        """Return what ends the lines of ``file`` on disk, which Python reads as ``\\n``."""
        path = self._request.path if file is None else self.path(file)
        return "\n" if path is None else newline_of(path)


def changed_texts(
    splices: Iterable[Mapping[str | None, Iterable[Splice]]], texts: Texts
) -> dict[str | None, str] | None:
    """Return the new text of each file that ``splices`` change; None where they are in each other's way."""
    gathered: dict[str | None, list[Splice]] = {}
    for each in splices:
        for file, found in each.items():
            # The same import may be needed by several.
            gathered.setdefault(file, []).extend(splice for splice in found if splice not in gathered.get(file, ()))
    changed: dict[str | None, str] = {}
    for file, found in gathered.items():
        source = texts.source(file)
        text = None if source is None else source.spliced(found)
        if text is None:
            return None
        changed[file] = text
    return changed


def edits_of(changed: Mapping[str | None, str], texts: Texts) -> Iterator[Edit]:
    """Yield what ``changed`` replaces, line by line."""
    for file, text in changed.items():
        source = texts.source(file)
        assert source is not None
        before, after = lines_of(source.text), lines_of(text)
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for kind, first, last, new_first, new_last in matcher.get_opcodes():
            if kind != "equal":
                yield Edit(file=file, line=first + 1, replaces=last - first, text="".join(after[new_first:new_last]))


def unified_diff(changed: Mapping[str | None, str], texts: Texts) -> str:
    """Return ``changed`` as a diff that ``git apply`` and ``patch -p1`` take in the working directory."""
    parts = []
    for file, text in changed.items():
        source = texts.source(file)
        assert source is not None
        path, end = texts.shown_path(file), texts.newline(file)
        before, after = ([line.replace("\n", end) for line in lines_of(each)] for each in (source.text, text))
        lines = difflib.unified_diff(before, after, f"a/{path}", f"b/{path}")
        parts += [line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in lines]
    return "".join(parts)
