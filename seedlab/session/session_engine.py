"""The engine, as a session knows it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from seedlab.engine.executors.executor import Start
from seedlab.engine.request import MakePlan, Plan, RunRequest


class SessionEngine(Protocol):
    """The part of the engine that the session uses. It answers by calling the session's ``on_…`` methods."""

    def start_plan(self, plan: Plan | MakePlan) -> bool:
        """Begin to execute ``plan``, or what it returns, and return True; return False when that cannot be done now."""

    def stop_plan(self) -> None:
        """End the current runs."""

    def skip(self, key: int) -> None:
        """End the runs of the column ``key`` and start no more of them."""

    def prepare(self, request: RunRequest) -> None:
        """Prepare a process with what ``request`` will import, so that it can start at once."""

    def prepare_ahead(self, requests: Sequence[RunRequest]) -> None:
        """Prepare processes with what ``requests`` will import, which are asked for later."""

    def agree_to_send(self, request: RunRequest) -> None:
        """Take note that a person has agreed that the folders of ``request`` are sent to the host of its Python."""

    def set_start(self, start: Start) -> None:
        """Set the way in which runs are started."""

    def survey(self, near: Sequence[str], chosen: Sequence[str], known: Mapping[str, tuple[int, ...]]) -> None:
        """Look for the Pythons of the machine, and ask those that are not ``known`` as they are now."""

    def ask(self, executable: str | None) -> None:
        """Ask an interpreter for its versions and devices; None asks the one that seedlab runs in."""
