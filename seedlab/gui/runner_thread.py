"""The thread in which the engine's event loop runs; the engine's reports leave it as Qt signals."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from PySide6.QtCore import QThread, Signal

from seedlab.engine.batch import BatchEnd
from seedlab.engine.clusters import Cluster
from seedlab.engine.engine import Engine
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.request import MakePlan, Plan, RunRequest
from seedlab.engine.survey import Seen
from seedlab.errors import InterpreterError
from seedlab.gui.short_turns import short_turns
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run


class RunnerThread(QThread):
    """Gives the window's thread access to the engine. Call its methods from the window's thread only.

    It executes one plan at a time: `start_plan` refuses a plan while another one is in progress.
    """

    run_ended = Signal(RunRequest, Run)
    """Emitted exactly once for each request of a plan, in order; requests that were not started end as cancelled."""
    run_early = Signal(RunRequest, Run)
    """Emitted at once for a run that ends before one that precedes it; ``run_ended`` follows when it is its turn."""
    plan_made = Signal()
    """Emitted for each plan before its first run, unless it turned out that nothing is left to execute."""
    plan_ended = Signal(BatchEnd)
    """Emitted exactly once for each plan that `start_plan` accepted, after its last ``run_ended``."""
    interpreter_found = Signal(Interpreter)
    """Emitted first with the versions, and again once the devices are known as well."""
    interpreter_failed = Signal(InterpreterError)
    python_seen = Signal(Seen)
    """Emitted for each Python that a survey has asked."""
    readiness_changed = Signal(Readiness, str)
    """How soon the request that was prepared last could start, and in which way or why not."""
    ahead_changed = Signal(object)
    """How soon all that was prepared ahead could start, a `Readiness`; None where nothing was."""

    def __init__(self, cluster: Cluster | None = None) -> None:
        """``cluster`` is the one that a person has named; its workers execute the runs of the Pythons there."""
        super().__init__()
        self._cluster = cluster
        self.setObjectName("runner")
        # Made in another thread, because on Windows one that is made in the main thread takes the signals for itself.
        with ThreadPoolExecutor(1) as pool:
            self._loop = pool.submit(asyncio.new_event_loop).result()
        self._engine: Engine | None = None
        """The engine, made and used only in the thread."""
        self._is_busy = False
        self._is_closed = False
        self.keep: Callable[[RunRequest, Run], Future[None] | None] = lambda _request, _run: None
        """Called in the thread for each run that has ended, before it is reported, as `EngineListener.keep`."""
        self.plan_ended.connect(self._on_plan_ended)

    @property
    def is_busy(self) -> bool:
        """True from when a plan was accepted until its ``plan_ended`` arrives."""
        return self._is_busy

    def start_plan(self, plan: Plan | MakePlan) -> bool:
        """Execute ``plan``; return False when another one is in progress or the thread is closed.

        A function that makes the plan is called in yet another thread.
        """
        if self._is_busy or self._is_closed:
            return False
        self._is_busy = True
        whole = plan if isinstance(plan, Plan) else partial(_made_in_short_turns, plan)
        self._do(lambda engine: engine.start_plan(whole))
        return True

    def stop_plan(self) -> None:
        """End the plan in progress, if there is one; its runs and ``plan_ended`` still arrive."""
        self._do(Engine.stop_plan)

    def skip(self, key: int) -> None:
        """End the runs for ``key`` in the plan in progress; they still arrive, as cancelled."""
        self._do(lambda engine: engine.skip(key))

    def ask(self, executable: str | None) -> None:
        """Ask a Python what it has; an answer still awaited from another one is dropped."""
        self._do(lambda engine: engine.ask(executable))

    def survey(self, near: Sequence[str], chosen: Sequence[str], known: Mapping[str, tuple[int, ...]]) -> None:
        """Look for the Pythons of the machine; ``python_seen`` reports those that are not ``known`` as they are."""
        self._do(lambda engine: engine.survey(near, chosen, known))

    def prepare(self, request: RunRequest) -> None:
        """Begin to import what runs like ``request`` will need; ``readiness_changed`` reports the progress."""
        self._do(lambda engine: engine.prepare(request))

    def prepare_ahead(self, requests: Sequence[RunRequest]) -> None:
        """Begin to import what runs like ``requests`` will need later; ``ahead_changed`` reports the progress."""
        self._do(lambda engine: engine.prepare_ahead(requests))

    def agree_to_send(self, request: RunRequest) -> None:
        """Take note that a person has agreed that the folders of ``request`` are sent to its host."""
        self._do(lambda engine: engine.agree_to_send(request))

    def set_start(self, start: Start) -> None:
        """Choose how runs are started from now on."""
        self._do(lambda engine: engine.set_start(start))

    def close(self) -> None:
        """Refuse new work, end all processes and the thread. It is safe to call this twice."""
        if self._is_closed:
            return
        self._is_closed = True
        if self.isRunning():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self.wait()
        else:
            self._loop.close()

    def _on_plan_ended(self) -> None:
        self._is_busy = False

    def _do(self, work: Callable[[Engine], Any]) -> None:
        """Call ``work`` with the engine in the thread; calls keep their order."""

        def do() -> None:
            if self._engine is None:
                self._engine = Engine(cluster=self._cluster)
                self._engine.listener = self
            work(self._engine)

        if not self._is_closed:
            self._loop.call_soon_threadsafe(do)

    # What follows runs in the thread.

    def run(self) -> None:
        """Run the engine's event loop until `close`: the thread's body."""
        loop = self._loop
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(_report)
        try:
            loop.run_forever()
            if self._engine is not None:
                loop.run_until_complete(self._engine.close())
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            loop.close()

    def on_run_ended(self, request: RunRequest, run: Run) -> None:
        self.run_ended.emit(request, run)

    def on_run_early(self, request: RunRequest, run: Run) -> None:
        self.run_early.emit(request, run)

    def on_plan_made(self) -> None:
        self.plan_made.emit()

    def on_plan_ended(self, end: BatchEnd) -> None:
        self.plan_ended.emit(end)

    def on_interpreter_found(self, interpreter: Interpreter) -> None:
        self.interpreter_found.emit(interpreter)

    def on_interpreter_failed(self, error: InterpreterError) -> None:
        self.interpreter_failed.emit(error)

    def on_python_seen(self, seen: Seen) -> None:
        self.python_seen.emit(seen)

    def on_readiness_changed(self, readiness: Readiness, detail: str) -> None:
        self.readiness_changed.emit(readiness, detail)

    def on_ahead_changed(self, readiness: Readiness | None) -> None:
        self.ahead_changed.emit(readiness)


def _made_in_short_turns(make: MakePlan) -> Plan | None:
    with short_turns():
        return make()


def _report(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report an exception that no task handled where all others are reported."""
    error = context.get("exception") or RuntimeError(context["message"])
    sys.excepthook(type(error), error, error.__traceback__)
