"""Inquiries into the scripts of the corpus, all in one engine's executor."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.request import Limits, RunRequest
from seedlab.inquiry.influence import PROOF
from seedlab.results.influence import Influence
from tests.causes.fixes import fix_faults
from tests.causes.judging import Judged, Judgement, judged
from tests.causes.plain import copied
from tests.causes.truth import ScriptTruth, all_truths
from tests.helpers.inquiring import inquire


class Result(msgspec.Struct):
    """What came of one script."""

    name: str
    draws: list[Judged]
    runs: int
    seconds: float
    influence: Influence
    problem: str = ""
    fix_faults: list[str] = []
    """What is wrong with its fix, or with the reason for having none."""

    @property
    def judgement(self) -> Judgement:
        """The worst of its draws' judgements."""
        found = {each.judgement for each in self.draws}
        return next(each for each in (Judgement.WRONG, Judgement.NOT_KNOWN, Judgement.RIGHT) if each in found)


def results_of(names: Iterable[str], place: Path, on_result: Callable[[Result], None] = lambda _: None) -> list[Result]:
    """Inquire into the scripts ``names``, copied below the folder ``place``, and judge what was found."""
    truths = all_truths()

    async def work() -> list[Result]:
        executor, results = AutoExecutor(), []
        try:
            for name in names:
                results.append(await _result(executor, name, truths[name], place))
                on_result(results[-1])
        finally:
            await executor.close()
        return results

    return asyncio.run(work())


async def _result(executor: AutoExecutor, name: str, truth: ScriptTruth, place: Path) -> Result:
    folder = place / name
    path = copied(truth, folder)
    request = RunRequest(
        script=path.read_text(encoding="utf-8"),
        executable=sys.executable,
        path=str(path),
        name=path.name,
        folder=str(folder),
        limits=Limits(timeout_s=120),
    )
    started = time.monotonic()
    inquiry = await inquire(executor, request, proof=PROOF)
    seconds = round(time.monotonic() - started, 2)
    influence = inquiry.influence
    faults = await asyncio.to_thread(fix_faults, truth, request, inquiry)
    return Result(name, judged(influence, truth), inquiry.runs, seconds, influence, inquiry.problem, fix_faults=faults)
