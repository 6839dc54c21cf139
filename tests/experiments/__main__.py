"""Judges experiments of all libraries, or of those that are named, and writes what came of them as data.

``python -m tests.experiments [LIBRARY]...``; ``result.json`` is written where all were judged, and keeps what is known
of libraries that were not.
"""

import asyncio
import os
import sys
from pathlib import Path

import msgspec

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from seedlab.engine.executors.auto import AutoExecutor
from seedlab.libraries.registry import FAMILIES
from tests.experiments.covering import covering
from tests.experiments.judging import Judged, judge

RESULT = Path(__file__).parent / "result.json"


async def _judged(libraries: list[str]) -> list[Judged]:
    executor, found = AutoExecutor(), []
    try:
        for library in libraries:
            for experiment in covering(FAMILIES[library]):
                found.append(await judge(executor, experiment))
                _say(found[-1])
    finally:
        await executor.close()
    return found


def _say(judged: Judged) -> None:
    chosen = " ".join(f"{name}={value}" for name, value in judged.choices.items())
    remark = "; ".join(judged.wrong) or judged.failed or "right"
    unknown = f"; not known: {', '.join(judged.unknown)}" if judged.unknown else ""
    print(f"{judged.library} {chosen} ({judged.seconds} s): {remark}{unknown}", file=sys.stderr, flush=True)


def main() -> int:
    libraries = sys.argv[1:] or list(FAMILIES)
    found = asyncio.run(_judged(libraries))
    known = msgspec.json.decode(RESULT.read_bytes(), type=list[Judged]) if RESULT.exists() else []
    kept = [each for each in known if each.library not in libraries]
    together = sorted([*kept, *found], key=lambda each: list(FAMILIES).index(each.library))
    RESULT.write_bytes(msgspec.json.format(msgspec.json.encode(together), indent=1) + b"\n")
    wrong = sum(bool(each.wrong) for each in found)
    draws, lines = sum(each.draws for each in found), sum(each.lines for each in found)
    print(
        f"{len(found)} experiments, {draws} draws, {lines} lines with seeds: {wrong} experiments with something wrong."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
