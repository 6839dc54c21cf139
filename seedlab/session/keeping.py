"""Keeps results for recovery in a thread of its own: each run as it ends, whatever the window is busy with.

A disk may be slow, and the window need not wait for it. What makes the runs does: a run takes the place of one that has
ended once that is kept, so that whatever ends the program loses no run but those that were under way.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from msgspec.structs import replace

from seedlab.results.run import Run
from seedlab.session.recovery import Keeper, LeftBehind
from seedlab.study.lab import Lab, now


class Keeping:
    """Keeps the results that are shown, and those that have ended and are not shown yet.

    What is asked for is done in order, but of several labs in a row only the last is kept.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recovery")
        self._changing = threading.Lock()
        self._shown = Lab.of(())
        self._keys: tuple[int, ...] = ()
        self._ended: list[tuple[int, Run]] = []
        """The runs that have ended and are not shown yet, each with the key of its column."""
        self._waiting: _Waiting | None = None
        """What the thread will keep next."""
        self._is_kept = False
        self._is_closed = False

    def show(self, lab: Lab, keys: tuple[int, ...], *, is_unsaved: bool) -> None:
        """Take note that ``lab`` is shown, whose columns have ``keys``; keep it where anything in it ``is_unsaved``."""
        with self._changing:
            self._shown, self._keys = lab, keys
            if self._ended:
                runs = {key: set(map(id, column.runs)) for key, column in zip(keys, lab.columns, strict=True)}
                self._ended = [(key, run) for key, run in self._ended if key in runs and id(run) not in runs[key]]
            if is_unsaved:
                self._keep()

    def add(self, key: int, run: Run) -> Future[None] | None:
        """Begin to keep ``run`` of the column ``key``; return what is done once it is kept, or None where it cannot be.

        It may be called in any thread.
        """
        with self._changing:
            if key not in self._keys:
                return None
            self._ended.append((key, run))
            self._shown = replace(self._shown, created=now())
            return self._keep()

    def forget(self) -> None:
        """Delete what was kept."""
        with self._changing:
            if self._waiting is not None:
                self._waiting.lab = None
                self._waiting = None
            self._do(self._keeper.forget)

    def replace(self, left: LeftBehind) -> None:
        """Delete ``left`` once what was to be kept before is kept, else leave it to the next start."""
        with self._changing:
            self._do(lambda: left.discard() if self._is_kept else left.release())

    def close(self, *, forgets: bool = False) -> None:
        """Do all that was asked for, and let go of the folder; nothing more is kept. ``forgets`` deletes what was."""
        with self._changing:
            # In one step, because a run may end at any moment.
            self._do(self._keeper.forget if forgets else self._keeper.close)
            self._is_closed = True
        self._thread.shutdown()

    # What follows is called with the lock held.

    def _keep(self) -> Future[None] | None:
        lab = self._with_ended()
        if self._waiting is not None:
            self._waiting.lab = lab
            return self._waiting.done
        waiting = self._waiting = _Waiting(lab)
        waiting.done = self._do(lambda: self._write(waiting))
        return waiting.done

    def _with_ended(self) -> Lab:
        if not self._ended:
            return self._shown
        columns = list(self._shown.columns)
        for at, key in enumerate(self._keys):
            ended = [run for other, run in self._ended if other == key]
            if ended:
                runs = sorted((*columns[at].runs, *ended), key=lambda run: run.index)
                columns[at] = replace(columns[at], runs=tuple(runs))
        return replace(self._shown, columns=tuple(columns))

    def _do(self, work: Callable[[], object]) -> Future[None] | None:
        return None if self._is_closed else self._thread.submit(_reporting, work)

    # What follows runs in the thread.

    def _write(self, waiting: "_Waiting") -> None:
        with self._changing:
            lab = waiting.lab
            if self._waiting is waiting:
                self._waiting = None
        if lab is not None:
            self._is_kept = self._keeper.keep(lab)


class _Waiting:
    """A lab that will be kept when it is its turn, and what is done then; no lab where it is to be forgotten."""

    def __init__(self, lab: Lab) -> None:
        self.lab: Lab | None = lab
        self.done: Future[None] | None = None


def _reporting(work: Callable[[], object]) -> None:
    """Do ``work``, and report an exception as what ends a thread is; the thread goes on."""
    try:
        work()
    except Exception as error:  # noqa: BLE001
        about = (type(error), error, error.__traceback__, threading.current_thread())
        threading.excepthook(threading.ExceptHookArgs(about))
