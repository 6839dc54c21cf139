"""The command lines that start the observer in another interpreter, and the JSON requests that it is sent."""

import json
import os
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from seedlab.engine.own_python import own_python
from seedlab.engine.packing import observer_file
from seedlab.engine.platform.interface import Command, View
from seedlab.engine.request import RunRequest
from seedlab.libraries.all_capabilities import packages, renewals


def run_request(request: RunRequest, script: str, lost_mark: str, number: int = 1, views: Sequence[View] = ()) -> bytes:
    """Return the JSON of `run_fields`."""
    # Not by msgspec, which refuses the names of files that are no UTF-8.
    return json.dumps(run_fields(request, script, lost_mark, number, views)).encode("ascii")


def run_fields(
    request: RunRequest, script: str, lost_mark: str, number: int = 1, views: Sequence[View] = ()
) -> dict[str, Any]:
    """Return what asks the observer to execute the file ``script``; ``number`` identifies the run.

    The observer makes the file ``lost_mark`` when it can no longer report. ``views`` are folders that a process which
    was prepared without them sees privately from then on.
    """
    return {
        "run": number,
        "script": script,
        "name": request.name or script,
        "module": request.module,
        "arguments": request.arguments,
        "folder": request.folder or os.getcwd(),
        # The process is started with the variables of the request.
        "environment": {},
        "audits": request.audits,
        "is_plain": request.is_plain,
        "holds": request.holds,
        "turns": request.turns,
        "earlier": request.earlier_runs,
        "lost_mark": lost_mark,
        "views": [{"folder": v.folder, "upper": v.upper, "replaced": v.replaced} for v in views],
    }


def run_command(request: RunRequest, script: str, lost_mark: str) -> Command:
    """Return the command that executes the file ``script`` in a new interpreter and reports to an address."""
    request_json = run_request(request, script, lost_mark).decode("ascii")
    # setarch(8) is in every Linux; where it is missing or may not do this, the run fails, with its words.
    prefix = ["setarch", "-R"] if request.fixes_addresses else []
    return lambda address: prefix + _command(request.executable, "run", address, request_json)


def prepared_command(executable: str, mode: Literal["fork", "spare"], modules: Sequence[str]) -> Command:
    """Return the command of an interpreter that imports ``modules`` and waits for requests at an address."""
    preparation = msgspec.json.encode(preparation_fields(modules)).decode()
    return lambda address: _command(executable, mode, address, preparation)


def preparation_fields(modules: Sequence[str]) -> dict[str, Any]:
    """Return what asks the observer to import ``modules`` and to wait."""
    return {"modules": list(modules), "renew": list(renewals())}


def probe_command(executable: str, question: str) -> list[str]:
    """Return the command that answers ``question``, ``"versions"`` or ``"devices"``, on standard output."""
    return _command(executable, "probe", question, msgspec.json.encode(packages_to_find()).decode())


def packages_to_find() -> list[dict[str, Any]]:
    """Return what asks the observer which packages there are."""
    return [
        {"package": stated.package, "title": stated.title, "names": list(stated.distributions)} for stated in packages()
    ]


def keeper_command(address: str) -> list[str]:
    """Return the command of the keeper, which starts all other processes as it is asked to at an address.

    Raise `InterpreterError` where seedlab does not run in a Python.
    """
    # Isolated and in UTF-8, so that nothing that is set for scripts changes how it works; it needs no packages.
    return [own_python(), "-I", "-S", "-X", "utf8", str(observer_file()), "keep", address, "null"]


def _command(executable: str, *rest: str) -> list[str]:
    return [executable, str(observer_file()), *rest]
