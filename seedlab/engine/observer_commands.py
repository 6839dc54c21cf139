"""The command lines of the observer, which is handed to other interpreters as one file, and what it is asked."""

import os
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from seedlab.engine.packing import observer_file
from seedlab.engine.platform.interface import Command
from seedlab.engine.request import RunRequest
from seedlab.libraries.capabilities import packages, renewals


def run_request(request: RunRequest, script: str, number: int = 1) -> bytes:
    """Return the JSON by which the observer is asked to execute the file ``script``."""
    return msgspec.json.encode(
        {
            "run": number,
            "script": script,
            "arguments": request.arguments,
            "folder": request.folder or os.getcwd(),
            # What the request has of it, the process has from its start.
            "environment": {},
            "holds": request.holds,
            "turns": request.turns,
        }
    )


def run_command(request: RunRequest, script: str) -> Command:
    """Return the command that executes the file ``script`` in a new interpreter and reports at an address."""
    asked = run_request(request, script).decode()
    return lambda address: _command(request.executable, "run", address, asked)


def prepared_command(executable: str, mode: Literal["fork", "spare"], modules: Sequence[str]) -> Command:
    """Return the command of an interpreter that imports ``modules`` and waits for requests at an address."""
    asked = msgspec.json.encode({"modules": modules, "renew": renewals()}).decode()
    return lambda address: _command(executable, mode, address, asked)


def probe_command(executable: str, question: str) -> list[str]:
    """Return the command that answers ``question``, ``"versions"`` or ``"devices"``, on standard output."""
    asked: list[dict[str, Any]] = [
        {"package": stated.package, "title": stated.title, "names": stated.distributions} for stated in packages()
    ]
    return _command(executable, "probe", question, msgspec.json.encode(asked).decode())


def _command(executable: str, *rest: str) -> list[str]:
    return [executable, str(observer_file()), *rest]
