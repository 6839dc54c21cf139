"""The open document: its file, whether results are unsaved, and what an earlier start left unsaved."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from seedlab.results.run import Run
from seedlab.session import recovery
from seedlab.study.lab import Lab

OWN_ENDING = ".seedlab"
_Content = list[tuple[str, tuple[Run, ...]]]


class OpenDocument:
    """The file that is open, and whether the results of the session are in it.

    ``lab`` returns the current results. Unsaved results are kept in ``recovery_folder`` for the next start; with None,
    nothing is kept.
    """

    def __init__(self, lab: Callable[[], Lab], recovery_folder: Path | None) -> None:
        self._lab = lab
        self._recovery_folder = recovery_folder
        # Written in a thread, because a disk may be slow and nothing needs to wait for it.
        self._keeping = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recovery")
        self._last_kept: Future[None] | None = None
        self._kept: _Content = []
        """The results that were last written for recovery."""
        self._saved: _Content = []
        self._is_opening = False
        self._name = ""
        self.path: Path | None = None
        """The document to save to; None when there is none yet."""
        self.folder: Path | None = None
        """The folder of the document that was opened or saved last."""

    @property
    def is_dirty(self) -> bool:
        """True when there are results that are in no document."""
        content = _content(self._lab())
        return not self._is_opening and any(runs for _, runs in content) and not _is_same(content, self._saved)

    @property
    def title(self) -> str:
        """The name of the file, with a star when results are unsaved."""
        return f"{self._name or 'not saved'}*" if self.is_dirty else self._name

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
        # Only a document is overwritten by saving, not a picture that holds one.
        self.path = path.resolve() if path.suffix.lower() == OWN_ENDING else None
        self._name, self.folder = path.name, path.resolve().parent
        self.let_go()

    def note_saved(self, path: Path, lab: Lab) -> None:
        """Take note that ``lab`` was written to ``path``; there may be newer results."""
        self.path, self._name = path.resolve(), path.name
        self.folder = self.path.parent
        self._saved = _content(lab)
        self._forget_recovery()

    def let_go(self) -> None:
        """Take note that the current results need not be saved."""
        self._saved = _content(self._lab())
        self._forget_recovery()

    # Recovery.

    def keep_for_recovery(self) -> None:
        """Keep the unsaved results for the next start."""
        content = _content(self._lab())
        if self._recovery_folder is not None and self.is_dirty and not _is_same(content, self._kept):
            self._kept = content
            own = recovery.own_path(self._recovery_folder)
            self._last_kept = self._keeping.submit(recovery.write, own, self._lab())

    def left_behind(self) -> "LeftBehind | None":
        """Return the results that an earlier start did not save; None when there are none."""
        if self._recovery_folder is None:
            return None
        paths = recovery.left_behind(self._recovery_folder)
        lab = recovery.read(paths)
        if lab is None:
            recovery.discard(paths)
            return None
        return LeftBehind(lab, paths)

    def _forget_recovery(self) -> None:
        if self._recovery_folder is not None:
            if self._last_kept is not None:
                # What is still being written would come after the removal.
                self._last_kept.result()
            self._kept = []
            recovery.discard([recovery.own_path(self._recovery_folder)])

    def close(self) -> None:
        """Finish writing. Unsaved results stay for the next start."""
        if not self.is_dirty:
            self._forget_recovery()
        self._keeping.shutdown()


class LeftBehind:
    """Results that an earlier start did not save."""

    def __init__(self, lab: Lab, paths: list[Path]) -> None:
        self.lab = lab
        self._paths = paths

    def discard(self) -> None:
        """Delete the files of these results."""
        recovery.discard(self._paths)


def _content(lab: Lab) -> _Content:
    return [(column.name, column.runs) for column in lab.columns]


def _is_same(one: _Content, other: _Content) -> bool:
    """Return True when names and runs are the same.

    Runs are compared by identity, because they are frozen and there may be thousands.
    """
    return len(one) == len(other) and all(
        name == other_name and runs is other_runs
        for (name, runs), (other_name, other_runs) in zip(one, other, strict=True)
    )
