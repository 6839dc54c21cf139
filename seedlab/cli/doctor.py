"""``seedlab doctor``, which says what seedlab and the Python that makes the runs are."""

import argparse
import asyncio
import sys

from seedlab.cli.exits import EXIT_FINISHED, EXIT_USAGE
from seedlab.engine.pythons import ask_devices, find_executable
from seedlab.errors import InterpreterError
from seedlab.results.environment import Interpreter
from seedlab.session.diagnostics import diagnostics


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``seedlab doctor`` to ``parser``."""
    parser.add_argument("--python", metavar="EXE", default=argparse.SUPPRESS, help="the Python that executes the runs")
    parser.set_defaults(command=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    answer: Interpreter | InterpreterError
    try:
        answer = asyncio.run(ask_devices(find_executable(options.python)))
    except InterpreterError as error:
        answer = error
    sys.stdout.write(diagnostics(answer))
    return EXIT_USAGE if isinstance(answer, InterpreterError) else EXIT_FINISHED
