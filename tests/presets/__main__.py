"""Runs all presets, or those that are named, prints what came of them, and writes it as data."""

import json
import os
import sys
from pathlib import Path

import msgspec

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from seedlab.libraries.presets import PRESETS
from tests.presets.answers import Answered, answers_of

RESULT = Path(__file__).parent / "result.json"


def main() -> int:
    presets = [PRESETS[name] for name in sys.argv[1:]] or list(PRESETS.values())
    found = answers_of(presets, _say)
    seen = sum(each.code == "answer.seen" for each in found)
    unknown = sum(bool(each.unknown) for each in found)
    print(f"{seen} of {len(found)} answers were seen; in {unknown} presets a cause is not known.")
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(msgspec.to_builtins(found), indent=1) + "\n", encoding="utf-8")
    return 0


def _say(found: Answered) -> None:
    unknown = f", not known: {', '.join(found.unknown)}" if found.unknown else ""
    print(
        f"{found.name}: {found.code or 'no answer'} {found.text if found.code != 'answer.seen' else ''}{unknown} "
        f"({found.runs} runs, {found.seconds} s) {found.problem}",
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
