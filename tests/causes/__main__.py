"""Inquires into the corpus, prints what came of it, and writes it as data."""

import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from seedlab.results.influence import Influence
from tests.causes.inquiries import Result, results_of
from tests.causes.judging import Judgement
from tests.causes.oracle import compiled, disagreements
from tests.causes.truth import HERE, all_truths

RESULT = HERE / "result.json"


def main() -> int:
    names = sys.argv[1:] or list(all_truths())
    truths, against = all_truths(), {}
    with tempfile.TemporaryDirectory() as place:
        results = results_of(names, Path(place), _say)
        library = compiled(Path(place))
        for result in results:
            against[result.name] = disagreements(truths[result.name], result.influence, library)
            for found in against[result.name]:
                print(f"{result.name}: {found}", file=sys.stderr)
    draws = Counter(draw.judgement for result in results for draw in result.draws)
    scripts = Counter(result.judgement for result in results)
    runs, seconds = sum(result.runs for result in results), sum(result.seconds for result in results)
    print("| | right | not known | wrong |")
    print("| --- | --- | --- | --- |")
    for title, counts in (("scripts", scripts), ("draws", draws)):
        print(f"| {title} | " + " | ".join(f"{counts[each]}" for each in Judgement) + " |")
    agreeing = sum(not found for found in against.values())
    print(f"\nPlain runs with fixed entropy agree in {agreeing} of {len(results)} scripts.")
    faulty = {result.name: result.fix_faults for result in results if result.fix_faults}
    for name, faults in faulty.items():
        print(f"{name}: {'; '.join(faults)}", file=sys.stderr)
    fixed = sum(result.influence.fix is not None for result in results)
    hopeless = sum(bool(result.influence.no_fix) for result in results)
    print(
        f"\n{fixed} scripts have a fix, which holds in plain runs and is the smallest; {hopeless} have draws without "
        f"one, for the right reason. Not so: {len(faulty)}."
    )
    print(f"\n{len(results)} scripts, {runs:,} runs, {seconds:.0f} s", file=sys.stderr)
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(_data(results, against), indent=1) + "\n", encoding="utf-8")
    return 1 if scripts[Judgement.WRONG] or agreeing < len(results) or faulty else 0


def _say(result: Result) -> None:
    said = "; ".join(f"{draw.label}: {draw.judgement.value} ({draw.why})" for draw in result.draws if draw.why)
    told = said or result.judgement.value
    print(f"{result.name}: {told}, {result.runs} runs, {result.seconds:.1f} s {result.problem}", file=sys.stderr)


def _data(results: list[Result], against: dict[str, list[str]]) -> dict[str, object]:
    return {
        "scripts": {
            result.name: {
                "judgement": result.judgement.value,
                "runs": result.runs,
                "seconds": result.seconds,
                "against fixed entropy": against[result.name],
                "fix": _fix_data(result.influence),
                "wrong with the fix": result.fix_faults,
            }
            for result in results
        }
    }


def _fix_data(influence: Influence) -> dict[str, object]:
    fix = influence.fix
    return {
        "lines": 0 if fix is None else sum(len(edit.text.splitlines()) for edit in fix.edits),
        "settings": [] if fix is None else list(fix.settings),
        "proved": fix is not None and fix.proved,
        "none": {label: reason.code for reason in influence.no_fix for label in reason.labels},
    }


if __name__ == "__main__":
    sys.exit(main())
