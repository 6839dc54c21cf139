"""The link that passes the runner thread's reports to the session, in the window's thread."""

from PySide6.QtCore import QObject, Slot

from seedlab.engine.batch import BatchEnd
from seedlab.engine.executors.executor import Readiness
from seedlab.engine.request import RunRequest
from seedlab.engine.survey import Seen
from seedlab.errors import InterpreterError
from seedlab.gui.runner_thread import RunnerThread
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run
from seedlab.session.session import Session


class EngineLink(QObject):
    """Passes the thread's signals to the session: Qt calls a slot in the thread that its object lives in."""

    def __init__(self, runner: RunnerThread, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        runner.run_ended.connect(self._on_run_ended)
        runner.run_early.connect(self._on_run_early)
        runner.plan_made.connect(self._on_plan_made)
        runner.plan_ended.connect(self._on_plan_ended)
        runner.interpreter_found.connect(self._on_interpreter_found)
        runner.interpreter_failed.connect(self._on_interpreter_failed)
        runner.python_seen.connect(self._on_python_seen)
        runner.readiness_changed.connect(self._on_readiness_changed)
        runner.ahead_changed.connect(self._on_ahead_changed)

    @Slot(RunRequest, Run)
    def _on_run_ended(self, request: RunRequest, run: Run) -> None:
        self._session.on_run_ended(request, run)

    @Slot(RunRequest, Run)
    def _on_run_early(self, request: RunRequest, run: Run) -> None:
        self._session.on_run_early(request, run)

    @Slot()
    def _on_plan_made(self) -> None:
        self._session.on_plan_made()

    @Slot(BatchEnd)
    def _on_plan_ended(self, end: BatchEnd) -> None:
        self._session.on_plan_ended(end)

    @Slot(Interpreter)
    def _on_interpreter_found(self, interpreter: Interpreter) -> None:
        self._session.on_interpreter_found(interpreter)

    @Slot(InterpreterError)
    def _on_interpreter_failed(self, error: InterpreterError) -> None:
        self._session.on_interpreter_failed(error)

    @Slot(Seen)
    def _on_python_seen(self, seen: Seen) -> None:
        self._session.on_python_seen(seen)

    @Slot(Readiness, str)
    def _on_readiness_changed(self, readiness: Readiness, detail: str) -> None:
        self._session.on_readiness_changed(readiness, detail)

    @Slot(object)
    def _on_ahead_changed(self, readiness: Readiness | None) -> None:
        self._session.on_ahead_changed(readiness)
