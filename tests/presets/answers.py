"""What comes of presets: their runs, the inquiry into them, and the answer that these bear out."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterable

import msgspec

from seedlab.analysis.analyst import analyse
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.pythons import ask_versions, find_executable
from seedlab.engine.request import Limits
from seedlab.libraries.registry import LIBRARIES, script_of
from seedlab.messages.findings import finding_text
from seedlab.results.environment import Interpreter
from seedlab.study.lab import Column
from seedlab.study.preset import Preset
from tests.helpers.inquiring import inquire
from tests.helpers.starting import request_of

RUNS = 3


class Answered(msgspec.Struct):
    """What came of one preset."""

    name: str
    code: str
    """``answer.seen`` or ``answer.not-seen``; empty where neither was said."""
    text: str
    unknown: list[str]
    """The labels of draws of which nothing is known that makes them repeat."""
    runs: int
    seconds: float
    problem: str = ""


def answers_of(presets: Iterable[Preset], on_answer: Callable[[Answered], None] = lambda _: None) -> list[Answered]:
    """Run each of ``presets`` cold, inquire into it, and return what came of it."""

    async def work() -> list[Answered]:
        interpreter = await ask_versions(find_executable(sys.executable))
        executor, found = AutoExecutor(), []
        try:
            for preset in presets:
                found.append(await _answered(executor, preset, interpreter))
                on_answer(found[-1])
        finally:
            await executor.close()
        return found

    return asyncio.run(work())


async def _answered(executor: AutoExecutor, preset: Preset, interpreter: Interpreter) -> Answered:
    experiment = preset.experiment
    script = script_of(experiment)
    environment = LIBRARIES.family_of(experiment).environment(experiment)
    request = request_of(script.text, timeout_s=120, environment=environment)
    assert isinstance(request.limits, Limits)
    started = time.monotonic()
    inquiry = await inquire(executor, request, free=RUNS)
    column = Column(
        name=preset.name,
        script=script.text,
        experiment=experiment,
        runs=inquiry.free,
        interpreter=interpreter,
        influence=inquiry.influence,
    )
    summary = analyse([column]).columns[0].summary
    answers = [each for each in summary.headline.subtitle if each.code.startswith("answer.")]
    return Answered(
        preset.name,
        answers[0].code if answers else "",
        finding_text(answers[0]) if answers else "",
        [draw.label for draw in inquiry.influence.draws if draw.unexplained],
        inquiry.runs,
        round(time.monotonic() - started, 1),
        inquiry.problem,
    )
