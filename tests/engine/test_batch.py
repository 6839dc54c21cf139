"""Scheduling of batches, with a launcher that ends runs when told."""

import asyncio
from collections.abc import Callable

import pytest

from seedlab.engine.batch import Batch, BatchEnd, BatchRequest
from seedlab.results.run import Outcome, Run
from tests.helpers.launching import FakeLauncher


def play(
    runs: int,
    jobs: int,
    act: Callable[[FakeLauncher, Batch, int], None],
    *,
    before: Callable[[Batch], None] | None = None,
) -> tuple[BatchEnd, list[Run], FakeLauncher]:
    """Run a batch; ``act`` is called at each start of a run, with its index."""
    launcher, ended = FakeLauncher(), list[Run]()

    async def run() -> BatchEnd:
        request = BatchRequest(script="", executable="", runs=runs, jobs=jobs)
        batch = Batch(request, launcher, ended.append)
        launcher.on_start = lambda index: act(launcher, batch, index)
        if before is not None:
            before(batch)
        async with asyncio.timeout(20):
            return await batch.run()

    return asyncio.run(run()), ended, launcher


def test_runs_are_delivered_in_order_whatever_order_they_end_in() -> None:
    def act(launcher: FakeLauncher, _batch: Batch, index: int) -> None:
        if index == 4:
            for ended in (3, 1, 4, 2):
                launcher.end(ended)

    end, runs, _ = play(4, 4, act)
    assert end is BatchEnd.COMPLETED
    assert [run.index for run in runs] == [1, 2, 3, 4]


@pytest.mark.parametrize("jobs", [1, 2, 3, 50])
def test_no_more_runs_than_jobs_go_on_at_once(jobs: int) -> None:
    def act(launcher: FakeLauncher, _batch: Batch, index: int) -> None:
        # Each run ends when the last one that fits has started.
        if launcher.at_once == min(jobs, 12 - index + launcher.at_once):
            for started in launcher.started[-launcher.at_once :]:
                launcher.end(started)

    _, runs, launcher = play(12, jobs, act)
    assert len(runs) == 12
    assert launcher.most_at_once == min(jobs, 12)


def test_cancelling_before_the_batch_starts_starts_nothing() -> None:
    end, runs, launcher = play(3, 2, lambda *_: None, before=Batch.cancel)
    assert end is BatchEnd.CANCELLED
    assert launcher.started == []
    assert [(run.index, run.outcome) for run in runs] == [(index, Outcome.CANCELLED) for index in (1, 2, 3)]


@pytest.mark.parametrize("at", [1, 2, 3, 5])
def test_cancelling_at_any_start_delivers_every_run_exactly_once(at: int) -> None:
    def act(launcher: FakeLauncher, batch: Batch, index: int) -> None:
        if index == at:
            batch.cancel()
            batch.cancel()
        else:
            launcher.end(index)

    end, runs, launcher = play(6, 1, act)
    assert end is BatchEnd.CANCELLED
    assert [run.index for run in runs] == [1, 2, 3, 4, 5, 6]
    assert [run.outcome for run in runs] == [Outcome.FINISHED] * (at - 1) + [Outcome.CANCELLED] * (7 - at)
    assert launcher.cancelled == [at]


def test_a_run_that_ended_as_the_batch_was_cancelled_keeps_its_outcome() -> None:
    def act(launcher: FakeLauncher, batch: Batch, index: int) -> None:
        launcher.end(index)
        batch.cancel()

    _, runs, _ = play(3, 1, act)
    assert runs[0].outcome in {Outcome.FINISHED, Outcome.CANCELLED}
    assert [run.outcome for run in runs[1:]] == [Outcome.CANCELLED, Outcome.CANCELLED]


def test_a_launcher_that_breaks_fails_its_run_and_no_other() -> None:
    def act(launcher: FakeLauncher, _batch: Batch, index: int) -> None:
        if index == 2:
            launcher.break_down(index, RuntimeError("broken"))
        else:
            launcher.end(index)

    end, runs, _ = play(3, 1, act)
    assert end is BatchEnd.COMPLETED
    assert [run.outcome for run in runs] == [Outcome.FINISHED, Outcome.FAILED, Outcome.FINISHED]
    assert "broken" in runs[1].problem


def test_failed_and_timed_out_runs_do_not_end_the_batch() -> None:
    outcomes = {1: Outcome.FAILED, 2: Outcome.TIMED_OUT, 3: Outcome.FINISHED}
    _, runs, _ = play(3, 3, lambda launcher, _batch, index: launcher.end(index, outcomes[index]))
    assert [run.outcome for run in runs] == list(outcomes.values())


def test_added_runs_go_on_counting() -> None:
    launcher, ended = FakeLauncher(), list[Run]()
    launcher.on_start = launcher.end

    async def run() -> None:
        request = BatchRequest(script="", executable="", runs=2, first_index=4)
        await Batch(request, launcher, ended.append).run()

    asyncio.run(run())
    assert [run.index for run in ended] == [4, 5]


def test_ending_the_task_of_a_batch_ends_its_runs() -> None:
    launcher = FakeLauncher()

    async def run() -> None:
        started = asyncio.Event()
        launcher.on_start = lambda _index: started.set()
        batch = Batch(BatchRequest(script="", executable="", runs=2, jobs=1), launcher, lambda _run: None)
        task = asyncio.create_task(batch.run())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert launcher.cancelled == [1]
    assert launcher.at_once == 0
