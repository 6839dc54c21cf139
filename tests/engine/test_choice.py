"""The one rule for how a run is started, and what the libraries state for it."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from seedlab.engine.batch import Batch
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.choice import StartChoice, choose, prepared_imports
from seedlab.engine.executors.cold import ColdExecutor
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.executors.fork import ForkExecutor
from seedlab.engine.executors.prepared import PreparedState
from seedlab.engine.request import Plan, RunRequest
from seedlab.libraries.all_capabilities import cold_bytes, packages, renewals
from seedlab.libraries.registry import LIBRARIES
from seedlab.results.run import Outcome, Run
from tests.helpers.starting import request_of

NUMPY = "import numpy as np\nprint('x:', np.random.rand())\n"


@pytest.mark.parametrize(
    ("wanted", "script", "can_fork", "hindrance", "choice"),
    [
        (Start.AUTO, NUMPY, True, "", StartChoice(Start.FORK)),
        (Start.AUTO, NUMPY, False, "", StartChoice(Start.SPARE)),
        (Start.AUTO, NUMPY, True, "it died", StartChoice(Start.COLD, "it died")),
        (Start.AUTO, "import os", True, "", StartChoice(Start.COLD, "line 1: it imports os")),
        (Start.AUTO, "x = 1", True, "", StartChoice(Start.COLD, "it imports nothing that takes time")),
        (Start.FORK, "import os", True, "it died", StartChoice(Start.FORK)),
        (Start.SPARE, "import os", True, "", StartChoice(Start.SPARE)),
        (Start.COLD, NUMPY, True, "", StartChoice(Start.COLD)),
    ],
)
def test_the_way_and_the_reason(
    wanted: Start, script: str, can_fork: bool, hindrance: str, choice: StartChoice
) -> None:
    request = RunRequest(script=script, executable="")
    assert choose(wanted, request, can_fork=can_fork, hindrance=hindrance) == choice


def test_a_library_s_folder_says_what_may_be_prepared_what_it_takes_and_what_is_renewed(tmp_path: Path) -> None:
    folder = tmp_path / "dice"
    folder.mkdir()
    (folder / "capabilities.py").write_text(
        "from seedlab.study.capabilities import Capabilities\n"
        "CAPABILITIES = Capabilities(package='dice', title='Dice', distributions=('dice',), order=3,\n"
        "    prepares=('dice',), safe_modules=('dice',), cold_bytes=2**40, renews=('dice.state',))\n"
    )
    request = RunRequest(script="import dice\ndice.roll()\n", executable="")
    assert choose(Start.AUTO, request, can_fork=True) == StartChoice(Start.COLD, "line 1: it imports dice")
    with LIBRARIES.including(folder):
        assert choose(Start.AUTO, request, can_fork=True) == StartChoice(Start.FORK)
        assert prepared_imports(request) == ("dice",)
        assert cold_bytes(request.script) == 2**40
        assert renewals()[-1] == "dice.state"
        assert [stated.title for stated in packages()] == ["TensorFlow", "NumPy", "Keras", "Dice"]
    assert choose(Start.AUTO, request, can_fork=True).way is Start.COLD


def test_numpy_s_random_is_prepared_although_numpy_leaves_it_for_later() -> None:
    assert "numpy.random" in prepared_imports(request_of("import numpy as np\n"))


def test_without_tensorflow_the_status_does_not_stay_at_preparing(bare_python: str) -> None:
    async def prepare() -> tuple[tuple[Readiness, str], tuple[Readiness, str]]:
        changed = asyncio.Event()
        executor = AutoExecutor(on_readiness=changed.set)
        request = request_of("import tensorflow as tf\nprint('x:', tf.random.normal([1]))\n", bare_python)
        executor.prepare(request)
        first = executor.readiness(request)
        async with asyncio.timeout(60):
            while executor.readiness(request)[0] is Readiness.PREPARING:
                changed.clear()
                await changed.wait()
        settled = executor.readiness(request)
        # It is not tried again with each look.
        executor.prepare(request)
        assert executor.readiness(request) == settled
        await executor.close()
        return first, settled

    first, (readiness, reason) = asyncio.run(prepare())
    assert first[0] is Readiness.PREPARING
    assert readiness is Readiness.COLD
    assert "No module named 'tensorflow'" in reason


# --- what a request says of its process --------------------------------------------------------

SEEN = """
import os, sys
print("arguments", sys.argv[1:])
print("folder", os.getcwd())
print("added", os.environ.get("SEEDLAB_TEST_ADDED"))
print("removed", os.environ.get("SEEDLAB_TEST_REMOVED"))
print("file", __file__)
"""


@pytest.mark.parametrize("way", [Start.COLD, Start.SPARE, Start.FORK])
def test_arguments_folder_environment_and_path_are_those_of_the_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Start
) -> None:
    monkeypatch.setenv("SEEDLAB_TEST_REMOVED", "here")
    script, folder = tmp_path / "mine.py", tmp_path / "work"
    script.write_text(SEEN, encoding="utf-8")
    folder.mkdir()
    request = RunRequest(
        script=SEEN,
        executable=sys.executable,
        path=str(script),
        folder=str(folder),
        arguments=("-n", "two words"),
        environment=(("SEEDLAB_TEST_ADDED", "yes"), ("SEEDLAB_TEST_REMOVED", None)),
    )

    async def execute() -> Run:
        executor = AutoExecutor(way)
        try:
            return await executor.run(request)
        finally:
            await executor.close()

    run = asyncio.run(execute())
    assert run.outcome is Outcome.FINISHED, run.details or run.problem
    assert run.text.splitlines() == [
        "arguments ['-n', 'two words']",
        f"folder {folder}",
        "added yes",
        "removed None",
        f"file {script}",
    ]
    assert script.exists()


def test_the_output_that_is_kept_has_the_request_s_bound() -> None:
    request = request_of("print('a' * 1000)")
    limits = type(request.limits)(output_bytes=10)
    request = RunRequest(script=request.script, executable=sys.executable, limits=limits)
    run = asyncio.run(ColdExecutor().run(request))
    assert run.text.startswith("a" * 10 + "\n…")
    assert len(run.text) < 100


def test_one_plan_executes_several_scripts_each_with_its_own_parent() -> None:
    plan = Plan.joined(
        [
            Plan.repeat(RunRequest(script="import random\nprint('a:', 1)\n", executable=sys.executable, key=1), 2),
            Plan.repeat(RunRequest(script=NUMPY, executable=sys.executable, key=2), 2),
        ]
    )
    delivered: list[tuple[int, int, str, str]] = []

    async def execute() -> int:
        executor = ForkExecutor()
        batch = Batch(
            plan, executor, lambda request, run: delivered.append((request.key, run.index, run.start, run.problem))
        )
        await batch.run()
        parents = len(executor.parents)
        await executor.close()
        return parents

    assert asyncio.run(execute()) == 2
    assert delivered == [(key, index, "fork", "") for key in (1, 2) for index in (1, 2)]


def test_both_parents_of_a_script_of_one_s_own_are_prepared_one_after_the_other(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import random\nprint('x:', random.random())\n", encoding="utf-8")
    request = RunRequest(script=script.read_text(), executable=sys.executable, path=str(script), folder=str(tmp_path))

    async def prepare() -> tuple[list[int], list[bool]]:
        changed = asyncio.Event()
        executor = ForkExecutor(changed.set)
        seen = []
        executor.prepare(request)
        executor.prepare(request)
        while [parent.state for parent in executor.parents] != [PreparedState.READY] * 2:
            seen.append(len(executor.parents))
            changed.clear()
            await changed.wait()
        plan = Plan.repeat(request, 4)
        await Batch(plan, executor, lambda _request, _run: None).run()
        ready = [parent.state is PreparedState.READY for parent in executor.parents]
        await executor.close()
        return seen, ready

    seen, ready = asyncio.run(asyncio.wait_for(prepare(), 60))
    assert seen[0] == 1
    assert ready == [True, True], "the runs needed no other"


def test_a_megabyte_of_report_in_one_draw_arrives_whole() -> None:
    script = "import numpy as np\nprint('x:', np.arange(1_000_000))\n"
    run = asyncio.run(ColdExecutor().run(request_of(script)))
    assert run.outcome is Outcome.FINISHED, os.linesep.join(run.notes)
    (draw,) = run.draws
    assert len(draw.data) == 8_000_000
