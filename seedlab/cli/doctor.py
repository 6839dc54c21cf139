"""``seedlab doctor``, which says what seedlab and the Python that makes the runs are."""

import argparse
import asyncio
import sys

from seedlab.cli.exits import EXIT_FINISHED, EXIT_USAGE
from seedlab.cli.interruption import Interruption
from seedlab.cli.streams import printing
from seedlab.engine.engine import interruptions
from seedlab.engine.pythons import ask_devices, find_executable
from seedlab.errors import InterpreterError
from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter
from seedlab.session.diagnostics import diagnostics


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``seedlab doctor`` to ``parser``."""
    parser.add_argument(
        "--python", metavar="EXE", default=argparse.SUPPRESS, help=sentence("the Python that executes the runs")
    )
    parser.set_defaults(command=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    interruption = Interruption()
    try:
        with interruptions(interruption.press):
            answer = asyncio.run(_answer(options.python, interruption))
    except asyncio.CancelledError:
        return interruption.status
    text = diagnostics(answer)
    with printing():
        sys.stdout.write(text)
    return EXIT_USAGE if isinstance(answer, InterpreterError) else EXIT_FINISHED


async def _answer(python: str | None, interruption: Interruption) -> Interpreter | InterpreterError:
    """Return what the interpreter says, or why it says nothing. At Ctrl+C it is ended, and this is cancelled."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    with interruption.calling(lambda: loop.call_soon_threadsafe(task.cancel)):
        try:
            return await ask_devices(find_executable(python))
        except InterpreterError as error:
            return error
