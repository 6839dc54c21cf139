"""The document that is open: which file the results are in, whether it is behind, and what an earlier start left."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from seedlab.results.run import Run
from seedlab.session import recovery
from seedlab.study.lab import Lab

OWN_ENDING = ".seedlab"
_Content = list[tuple[str, tuple[Run, ...]]]


class OpenDocument:
    """Knows which file is open, and whether the results of the session are in it.

    ``lab`` gives the results as they are now. What is in no file is kept in ``recovery_folder`` for the next start;
    None keeps nothing.
    """

    def __init__(self, lab: Callable[[], Lab], recovery_folder: Path | None) -> None:
        self._lab = lab
        self._recovery_folder = recovery_folder
        # A disk may take its time: nobody waits for it.
        self._keeping = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recovery")
        self._saved: _Content = []
        self._name = ""
        self.path: Path | None = None
        """The document that is saved to; None where there is none yet."""
        self.folder: Path | None = None
        """Where the last document was opened or saved."""

    @property
    def is_dirty(self) -> bool:
        """There are results that are in no document."""
        content = _content(self._lab())
        return any(runs for _, runs in content) and not _is_same(content, self._saved)

    @property
    def title(self) -> str:
        """The file's name, with a star where it is behind."""
        return f"{self._name or 'not saved'}*" if self.is_dirty else self._name

    def note_opened(self, path: Path) -> None:
        """Take note that what is shown now came from ``path``."""
        # A picture is not overwritten by saving: it is another thing.
        self.path = path.resolve() if path.suffix.lower() == OWN_ENDING else None
        self._name, self.folder = path.name, path.resolve().parent
        self.let_go()

    def note_saved(self, path: Path, lab: Lab) -> None:
        """Take note that ``lab`` was written to ``path``; results may have come since."""
        self.path, self._name = path.resolve(), path.name
        self.folder = self.path.parent
        self._saved = _content(lab)
        self._forget_recovery()

    def let_go(self) -> None:
        """Take note that what is shown now need not be saved."""
        self._saved = _content(self._lab())
        self._forget_recovery()

    # Recovery.

    def keep_for_recovery(self) -> None:
        """Keep what is unsaved for the next start."""
        if self._recovery_folder is not None and self.is_dirty:
            self._keeping.submit(recovery.write, recovery.own_path(self._recovery_folder), self._lab())

    def left_behind(self) -> "LeftBehind | None":
        """Return what an earlier start could not save; None where there is nothing."""
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
            self._keeping.submit(recovery.discard, [recovery.own_path(self._recovery_folder)]).result()

    def close(self) -> None:
        """Finish what is being written. What is unsaved stays for the next start."""
        if not self.is_dirty:
            self._forget_recovery()
        self._keeping.shutdown()


class LeftBehind:
    """Results that an earlier start could not save."""

    def __init__(self, lab: Lab, paths: list[Path]) -> None:
        self.lab = lab
        self._paths = paths

    def discard(self) -> None:
        """Delete them."""
        recovery.discard(self._paths)


def _content(lab: Lab) -> _Content:
    return [(column.name, column.runs) for column in lab.columns]


def _is_same(one: _Content, other: _Content) -> bool:
    """Compare runs by identity: they are frozen, and there may be thousands."""
    return len(one) == len(other) and all(
        name == other_name and runs is other_runs
        for (name, runs), (other_name, other_runs) in zip(one, other, strict=True)
    )
