"""The open document: its file, whether results are unsaved, and what an earlier start left unsaved."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from seedlab.documents.talks import is_bundled
from seedlab.engine.request import RunRequest
from seedlab.phrases import sentence
from seedlab.results.run import Outcome, Run
from seedlab.session.keeping import Keeping
from seedlab.session.recovery import Found, Keeper, LeftBehind, left_behind
from seedlab.study.lab import Column, Lab, Scene

OWN_ENDING = ".seedlab"
_Columns = list[tuple[str, tuple[Run, ...], str | None]]
"""Name, runs and edited text of each column."""
_Content = tuple[_Columns, tuple[Scene, ...]]
"""The columns and the scenes."""


class OpenDocument:
    """The file that is open, and whether the results of the session are in it.

    ``lab`` returns the current results, and ``keys`` the keys of its columns. Unsaved results are kept in
    ``recovery_folder`` for the next start; with None, nothing is kept.
    """

    def __init__(
        self, lab: Callable[[], Lab], recovery_folder: Path | None, keys: Callable[[], tuple[int, ...]] = tuple
    ) -> None:
        self._lab = lab
        self._keys = keys
        self._recovery_folder = recovery_folder
        self._keeping = None if recovery_folder is None else Keeping(Keeper(recovery_folder))
        self._offered: tuple[LeftBehind, ...] = ()
        self._saved: _Content = ([], ())
        self._is_opening = False
        self._name = ""
        self.path: Path | None = None
        """The document to save to; None when there is none yet."""
        self.folder: Path | None = None
        """The folder of the document that was opened or saved last."""

    @property
    def is_dirty(self) -> bool:
        """True when there are results, edited texts or scenes that are in no document."""
        content = _content(self._lab())
        columns, scenes = content
        has_any = bool(scenes) or any(runs or text is not None for _, runs, text in columns)
        return not self._is_opening and has_any and not _is_same(content, self._saved)

    @property
    def title(self) -> str:
        """The name of the file, with a star when results are unsaved."""
        unsaved = sentence("not saved")
        return f"{self._name or unsaved}*" if self.is_dirty else self._name

    @contextmanager
    def opening(self, path: Path) -> Iterator[None]:
        """Take note that the columns that are shown in the block came from ``path``, and are saved there."""
        self._is_opening = True
        try:
            yield
        finally:
            self._is_opening = False
        self.note_opened(path)

    def note_opened(self, path: Path) -> None:
        """Take note that the current columns came from ``path``."""
        # Only a document is overwritten by saving, not a picture that holds one, nor a talk that others open too.
        is_saved_there = path.suffix.lower() == OWN_ENDING and not is_bundled(path)
        self.path = path.resolve() if is_saved_there else None
        self._name = path.name
        self.folder = None if is_bundled(path) else path.resolve().parent
        self.let_go()

    def note_saved(self, path: Path, lab: Lab) -> None:
        """Take note that ``lab`` was written to ``path``; there may be newer results."""
        self.path, self._name = path.resolve(), path.name
        self.folder = self.path.parent
        self._saved = _content(lab)
        self._forget_recovery()
        self.keep_for_recovery()

    def let_go(self) -> None:
        """Take note that the current results need not be saved."""
        self._saved = _content(self._lab())
        self._forget_recovery()

    # Recovery.

    def keep_for_recovery(self) -> None:
        """Keep the unsaved results for the next start; call it before runs begin, and whenever results have changed."""
        if self._keeping is not None:
            self._keeping.show(self._lab(), self._keys(), is_unsaved=self.is_dirty)

    def keep_run(self, request: RunRequest, run: Run) -> Future[None] | None:
        """Begin to keep ``run`` for the next start, before ``lab`` has it; return what is done once it is kept.

        None where there is nothing to wait for. It may be called in any thread.
        """
        if self._keeping is None or not request.is_result or run.outcome is Outcome.CANCELLED:
            return None
        return self._keeping.add(request.key, run)

    def left_behind(self) -> Found:
        """Return the results that earlier windows did not save; it may be called in any thread.

        No other window is offered them until `take_over`, `discard` or `release_offered` is called.
        """
        if self._recovery_folder is None:
            return Found()
        found = left_behind(self._recovery_folder)
        self._offered = found.results
        return found

    def take_over(self, left: LeftBehind) -> None:
        """Take note that ``left`` is shown now: it is kept as unsaved, and then deleted where it was."""
        self.keep_for_recovery()
        self._offered = tuple(other for other in self._offered if other is not left)
        assert self._keeping is not None
        self._keeping.replace(left)

    def discard(self, left: LeftBehind) -> None:
        """Delete ``left``."""
        self._offered = tuple(other for other in self._offered if other is not left)
        left.discard()

    def release_offered(self) -> None:
        """Leave the results of earlier windows to the next start."""
        for left in self._offered:
            left.release()
        self._offered = ()

    def _forget_recovery(self) -> None:
        if self._keeping is not None:
            self._keeping.forget()

    def close(self) -> None:
        """Finish writing. Unsaved results stay for the next start."""
        self.release_offered()
        if self._keeping is not None:
            self._keeping.close(forgets=not self.is_dirty)


def _content(lab: Lab) -> _Content:
    return _of_columns(lab.columns), lab.scenes


def _of_columns(columns: Sequence[Column]) -> _Columns:
    return [(column.name, column.runs, column.edited_text) for column in columns]


def _is_same(one: _Content, other: _Content) -> bool:
    """Return True when names, runs, edited texts and scenes are the same."""
    (columns, scenes), (other_columns, other_scenes) = one, other
    if scenes is not other_scenes and scenes != other_scenes:
        return False
    return _are_same(columns, other_columns)


def _are_same(one: _Columns, other: _Columns) -> bool:
    """Runs are compared by identity, because they are frozen and there may be thousands."""
    return len(one) == len(other) and all(
        name == other_name and runs is other_runs and text == other_text
        for (name, runs, text), (other_name, other_runs, other_text) in zip(one, other, strict=True)
    )
