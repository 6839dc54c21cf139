"""The thread in which environments are looked up, made and removed; what comes of it leaves it as Qt signals."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QThread, Signal

from seedlab.engine.environments import refusal, remove, size_of, sweep
from seedlab.engine.installers import Installer, found_installer
from seedlab.engine.new_environments import Wanted, fetch_python, look_up, make
from seedlab.errors import EnvironmentRefusedError, SeedlabError
from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter
from seedlab.results.environments import Environment, Offer, Plan
from seedlab.session.environments import possible_bases, title_of


class EnvironmentWork(QThread):
    """Does one thing at a time: what is begun ends, and undoes, what went on before. Call it in the window's thread."""

    asking = Signal(str, object)
    """Which tool asks the index, and for which versions of Python."""
    looked_up = Signal(object, bool)
    """A `LookedUp`, and whether uv is there."""
    planned = Signal(object)
    """A `Plan`, which is carried out once `agree` is called."""
    reported = Signal(object)
    """A `Report`."""
    made = Signal(object, object)
    """An `Environment` and the `Interpreter` that it has."""
    removed = Signal(object, object)
    """An `Environment`, and the number of bytes that it had taken."""
    measured = Signal(object, object)
    """An `Environment`, and the number of bytes that it takes."""
    refused = Signal(object)
    """The `SeedlabError` that ended what went on."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("environments")
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._agreed: asyncio.Future[bool] | None = None
        self._is_closed = False
        self._number = 0
        # Kept for the next question.
        self._bases: tuple[Interpreter, ...] = ()
        self._installer: Installer | None = None

    def look_up(self, requirements: Sequence[str], fetches: str = "") -> None:
        """Ask which Pythons can have ``requirements``; with ``fetches``, uv fetches that Python before."""
        self._begin(lambda: self._look_up(requirements, fetches))

    def make(self, offer: Offer, wanted: Wanted, *, builds: bool = False) -> None:
        """Make an environment, as far as there is something to agree to; with ``builds`` sources are built before."""
        self._begin(lambda: self._make(offer, wanted, builds=builds))

    def agree(self) -> None:
        """Go on with what was planned."""
        self._loop.call_soon_threadsafe(self._on_agreed)

    def measure(self, environment: Environment) -> None:
        """Find how much room ``environment`` takes."""
        self._begin(lambda: self._measure(environment))

    def remove(self, environment: Environment) -> None:
        """Remove ``environment``."""
        self._begin(lambda: self._remove(environment))

    def cancel(self) -> None:
        """End what goes on; nothing is left of it."""
        self._begin(None)

    def close(self) -> None:
        """End what goes on, and the thread. It is safe to call this twice."""
        if self._is_closed:
            return
        self.cancel()
        self._is_closed = True
        if self.isRunning():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self.wait()
        else:
            self._loop.close()

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]] | None) -> None:
        self._number += 1
        number = self._number

        def do() -> None:
            earlier, self._task = self._task, None
            if earlier is not None:
                _end(earlier)
            if work is not None:
                self._task = self._loop.create_task(self._after(tuple(self._tasks), work, number))
                self._tasks.add(self._task)
                self._task.add_done_callback(self._tasks.discard)
            elif earlier is not None:
                # What it has made is removed before anything else begins.
                self._task = earlier

        if not self._is_closed:
            self._loop.call_soon_threadsafe(do)

    # What follows runs in the thread.

    def run(self) -> None:
        """Run an event loop until `close`: the thread's body."""
        loop = self._loop
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
            for task in self._tasks:
                _end(task)
            loop.run_until_complete(_all_ended(tuple(self._tasks)))
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            loop.close()

    async def _after(
        self, earlier: Sequence[asyncio.Task[None]], work: Callable[[], Coroutine[Any, Any, None]], number: int
    ) -> None:
        if earlier:
            await asyncio.wait(earlier)
        try:
            await work()
        except SeedlabError as error:
            self._refuse(error, number)
        except OSError as error:
            self._refuse(refusal(error), number)
        except Exception as error:
            # A fault of seedlab's, which must not leave the dialog waiting.
            reason = f"{type(error).__name__}: {error}"
            what = sentence("seedlab failed at this: {reason}.", reason=reason)
            self._refuse(EnvironmentRefusedError(what, sentence("Try it again, or on the command line.")), number)
            raise

    def _refuse(self, error: SeedlabError, number: int) -> None:
        if number == self._number:
            self.refused.emit(error)

    async def _look_up(self, requirements: Sequence[str], fetches: str) -> None:
        await asyncio.to_thread(sweep)
        self._bases = self._bases or await possible_bases()
        self._installer = self._installer or await found_installer([each.executable for each in self._bases])
        if fetches:
            fetched = await fetch_python(self._installer, fetches)
            self._bases = (fetched, *self._bases)
        minors = [*dict.fromkeys(".".join(each.python.split(".")[:2]) for each in self._bases)]
        self.asking.emit(self._installer.name, minors)
        found = await look_up(self._installer, requirements, self._bases)
        self.looked_up.emit(found, self._installer.name == "uv")

    async def _make(self, offer: Offer, wanted: Wanted, *, builds: bool) -> None:
        assert self._installer is not None
        agreed = self._agreed = asyncio.get_running_loop().create_future()

        async def agrees(plan: Plan) -> bool:
            self.planned.emit(plan)
            return bool(await agreed)

        made = await make(
            self._installer,
            offer.python,
            wanted,
            title=lambda packages: title_of(wanted.requirements, packages, offer.python.python),
            agrees=agrees,
            report=self.reported.emit,
            builds=builds,
        )
        if made is not None:
            self.made.emit(*made)

    def _on_agreed(self) -> None:
        if self._agreed is not None and not self._agreed.done():
            self._agreed.set_result(True)

    async def _measure(self, environment: Environment) -> None:
        self.measured.emit(environment, await asyncio.to_thread(_size, environment))

    async def _remove(self, environment: Environment) -> None:
        size = await asyncio.to_thread(_size, environment)
        # Not by half: once it is begun, it is ended.
        await asyncio.shield(asyncio.to_thread(remove, environment, ends_own=True))
        self.removed.emit(environment, size)


def _end(task: asyncio.Task[None]) -> None:
    """Have ``task`` end, and undo what it did; asked a second time, it would leave that undone."""
    if not task.cancelling():
        task.cancel()


async def _all_ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)


def _size(environment: Environment) -> int:
    return size_of(Path(environment.folder))
