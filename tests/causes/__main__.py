"""Inquires into the corpus, prints what came of it, and writes it as data."""

import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

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
    print(f"\n{len(results)} scripts, {runs:,} runs, {seconds:.0f} s", file=sys.stderr)
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(_data(results, against), indent=1) + "\n", encoding="utf-8")
    return 1 if scripts[Judgement.WRONG] or agreeing < len(results) else 0


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
            }
            for result in results
        }
    }


if __name__ == "__main__":
    sys.exit(main())
