"""Scheduling of batches, with an executor that ends runs when told."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from seedlab.engine import batch as batches
from seedlab.engine.batch import MEMORY_RESERVE_BYTES, Batch, BatchEnd
from seedlab.engine.request import Plan
from seedlab.results.run import Outcome, Run
from tests.helpers.launching import FakeExecutor, fake_plan


def play(
    runs: int,
    jobs: int,
    act: Callable[[FakeExecutor, Batch, int], None],
    *,
    before: Callable[[Batch], None] | None = None,
) -> tuple[BatchEnd, list[Run], FakeExecutor]:
    """Run a batch; ``act`` is called at each start of a run, with its index."""
    executor, ended = FakeExecutor(), list[Run]()

    async def run() -> BatchEnd:
        batch = Batch(fake_plan(runs, jobs=jobs), executor, lambda _request, run: ended.append(run))
        executor.on_start = lambda index: act(executor, batch, index)
        if before is not None:
            before(batch)
        async with asyncio.timeout(20):
            return await batch.run()

    return asyncio.run(run()), ended, executor


def test_a_run_that_ends_before_one_that_precedes_it_is_told_of_at_once() -> None:
    executor, heard = FakeExecutor(), list[tuple[str, int]]()
    next_to_end = {3: 1, 1: 2}

    def hear(how: str, index: int) -> None:
        heard.append((how, index))
        if index in next_to_end:
            executor.end(next_to_end.pop(index))

    def end_the_last_first(index: int) -> None:
        if index == 3:
            executor.end_soon(index)

    async def run() -> None:
        executor.on_start = end_the_last_first
        plan = fake_plan(3, jobs=3)
        await Batch(
            plan, executor, lambda _, run: hear("ended", run.index), lambda _, run: hear("early", run.index)
        ).run()

    asyncio.run(run())
    assert heard == [("early", 3), ("ended", 1), ("ended", 2), ("ended", 3)]


def test_runs_are_delivered_in_order_whatever_order_they_end_in() -> None:
    def act(executor: FakeExecutor, _batch: Batch, index: int) -> None:
        if index == 4:
            for ended in (3, 1, 4, 2):
                executor.end(ended)

    end, runs, _ = play(4, 4, act)
    assert end is BatchEnd.COMPLETED
    assert [run.index for run in runs] == [1, 2, 3, 4]


@pytest.mark.parametrize("jobs", [1, 2, 3, 50])
def test_no_more_runs_than_jobs_go_on_at_once(jobs: int) -> None:
    def act(executor: FakeExecutor, _batch: Batch, index: int) -> None:
        # Each run ends when the last one that fits has started.
        if executor.at_once == min(jobs, 12 - index + executor.at_once):
            for started in executor.started[-executor.at_once :]:
                executor.end(started)

    _, runs, executor = play(12, jobs, act)
    assert len(runs) == 12
    assert executor.most_at_once == min(jobs, 12)


def test_cancelling_before_the_batch_starts_starts_nothing() -> None:
    end, runs, executor = play(3, 2, lambda *_: None, before=Batch.cancel)
    assert end is BatchEnd.CANCELLED
    assert executor.started == []
    assert [(run.index, run.outcome) for run in runs] == [(index, Outcome.CANCELLED) for index in (1, 2, 3)]


@pytest.mark.parametrize("at", [1, 2, 3, 5])
def test_cancelling_at_any_start_delivers_every_run_exactly_once(at: int) -> None:
    def act(executor: FakeExecutor, batch: Batch, index: int) -> None:
        if index == at:
            batch.cancel()
            batch.cancel()
        else:
            executor.end(index)

    end, runs, executor = play(6, 1, act)
    assert end is BatchEnd.CANCELLED
    assert [run.index for run in runs] == [1, 2, 3, 4, 5, 6]
    assert [run.outcome for run in runs] == [Outcome.FINISHED] * (at - 1) + [Outcome.CANCELLED] * (7 - at)
    assert executor.cancelled == [at]


def test_a_run_that_ended_as_the_batch_was_cancelled_keeps_its_outcome() -> None:
    def act(executor: FakeExecutor, batch: Batch, index: int) -> None:
        executor.end(index)
        batch.cancel()

    _, runs, _ = play(3, 1, act)
    assert runs[0].outcome in {Outcome.FINISHED, Outcome.CANCELLED}
    assert [run.outcome for run in runs[1:]] == [Outcome.CANCELLED, Outcome.CANCELLED]


def test_an_executor_that_breaks_fails_its_run_and_no_other() -> None:
    def act(executor: FakeExecutor, _batch: Batch, index: int) -> None:
        if index == 2:
            executor.break_down(index, RuntimeError("broken"))
        else:
            executor.end(index)

    end, runs, _ = play(3, 1, act)
    assert end is BatchEnd.COMPLETED
    assert [run.outcome for run in runs] == [Outcome.FINISHED, Outcome.FAILED, Outcome.FINISHED]
    assert "broken" in runs[1].problem


def test_failed_and_timed_out_runs_do_not_end_the_batch() -> None:
    outcomes = {1: Outcome.FAILED, 2: Outcome.TIMED_OUT, 3: Outcome.FINISHED}
    _, runs, _ = play(3, 3, lambda executor, _batch, index: executor.end(index, outcomes[index]))
    assert [run.outcome for run in runs] == list(outcomes.values())


def test_added_runs_go_on_counting() -> None:
    executor, ended = FakeExecutor(), list[Run]()
    executor.on_start = executor.end

    async def run() -> None:
        plan = fake_plan(2, first_index=4)
        await Batch(plan, executor, lambda _request, run: ended.append(run)).run()

    asyncio.run(run())
    assert [run.index for run in ended] == [4, 5]


def test_ending_the_task_of_a_batch_ends_its_runs() -> None:
    executor = FakeExecutor()

    async def run() -> None:
        started = asyncio.Event()
        executor.on_start = lambda _index: started.set()
        batch = Batch(fake_plan(2, jobs=1), executor, lambda *_: None)
        task = asyncio.create_task(batch.run())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert executor.cancelled == [1]
    assert executor.at_once == 0


def test_without_a_number_of_jobs_as_many_runs_go_on_as_the_executor_has_room_for() -> None:
    executor = FakeExecutor()
    executor.cores = 3
    executor.on_start = executor.end_soon
    asyncio.run(Batch(fake_plan(9), executor, lambda *_: None).run())
    assert executor.most_at_once == 3


# --- several columns ---------------------------------------------------------------------------


def two_columns(jobs: int) -> Plan:
    """Runs 1 to 3 of the column 10, then runs 4 to 6 of the column 20."""
    return Plan.joined([fake_plan(3, key=10), fake_plan(3, key=20, first_index=4)], jobs=jobs)


def play_two_columns(
    jobs: int, act: Callable[[FakeExecutor, Batch, int], None], before: Callable[[Batch], None] = lambda _: None
) -> tuple[BatchEnd, list[tuple[int, int, Outcome]], FakeExecutor]:
    """Key, index and outcome of each run as it was delivered."""
    executor, delivered = FakeExecutor(), list[tuple[int, int, Outcome]]()

    async def run() -> BatchEnd:
        batch = Batch(
            two_columns(jobs),
            executor,
            lambda request, run: delivered.append((request.key, run.index, run.outcome)),
        )
        executor.on_start = lambda index: act(executor, batch, index)
        before(batch)
        async with asyncio.timeout(20):
            return await batch.run()

    return asyncio.run(run()), delivered, executor


def test_the_runs_of_several_columns_go_on_together_and_come_one_column_after_the_other() -> None:
    def act(executor: FakeExecutor, _batch: Batch, index: int) -> None:
        if index == 6:
            for started in (6, 5, 4, 3, 2, 1):
                executor.end(started)

    end, delivered, executor = play_two_columns(6, act)
    assert end is BatchEnd.COMPLETED
    assert [(key, index) for key, index, _ in delivered] == [(10, 1), (10, 2), (10, 3), (20, 4), (20, 5), (20, 6)]
    assert executor.most_at_once == 6


def test_a_column_that_is_skipped_before_the_start_is_not_started_and_its_runs_come_as_cancelled() -> None:
    end, delivered, executor = play_two_columns(
        2, lambda executor, _batch, index: executor.end(index), lambda batch: batch.skip(10)
    )
    assert end is BatchEnd.COMPLETED
    assert executor.started == [4, 5, 6]
    assert delivered == [
        *((10, index, Outcome.CANCELLED) for index in (1, 2, 3)),
        *((20, index, Outcome.FINISHED) for index in (4, 5, 6)),
    ]


def test_a_column_that_is_skipped_while_it_runs_is_ended_and_the_other_goes_on() -> None:
    def act(executor: FakeExecutor, batch: Batch, index: int) -> None:
        if index == 2:
            batch.skip(10)
            batch.skip(10)
        else:
            executor.end(index)

    end, delivered, executor = play_two_columns(1, act)
    assert end is BatchEnd.COMPLETED
    assert executor.started == [1, 2, 4, 5, 6]
    assert executor.cancelled == [2]
    assert [outcome for _, _, outcome in delivered] == [
        Outcome.FINISHED, Outcome.CANCELLED, Outcome.CANCELLED, *[Outcome.FINISHED] * 3,
    ]  # fmt: skip


# --- memory ------------------------------------------------------------------------------------


def test_a_run_that_does_not_fit_into_memory_waits_for_others_to_end() -> None:
    executor, ended = FakeExecutor(available_bytes=MEMORY_RESERVE_BYTES + 1000), list[Run]()
    executor.on_start = executor.end_soon
    batch = Batch(fake_plan(4, jobs=4), executor, lambda _request, run: ended.append(run))
    assert asyncio.run(batch.run()) is BatchEnd.COMPLETED
    assert {run.outcome for run in ended} == {Outcome.FINISHED}
    assert executor.most_at_once == 1


def test_a_run_that_never_fits_into_memory_is_not_started() -> None:
    executor, ended = FakeExecutor(available_bytes=1000), list[Run]()
    asyncio.run(Batch(fake_plan(2), executor, lambda _request, run: ended.append(run)).run())
    assert executor.started == []
    assert [run.outcome for run in ended] == [Outcome.FAILED, Outcome.FAILED]
    assert ended[0].problem == "was not started: less than 256 MB of memory are free"


def test_no_run_takes_the_place_of_one_that_is_not_kept_yet() -> None:
    executor, order = FakeExecutor(), list[tuple[str, int]]()
    being_kept: Future[None] = Future()

    def start(index: int) -> None:
        order.append(("started", index))
        executor.end_soon(index)

    def keep(index: int) -> Future[None]:
        order.append(("kept", index))
        if index == 1:
            # Only what the event loop does next ends the wait.
            asyncio.get_running_loop().call_soon(lambda: order.append(("waited", 1)))
            asyncio.get_running_loop().call_soon(being_kept.set_result, None)
        return being_kept

    async def run() -> None:
        executor.on_start = start
        await Batch(
            fake_plan(2, jobs=1),
            executor,
            lambda _, run: order.append(("ended", run.index)),
            keep=lambda _, run: keep(run.index),
        ).run()

    asyncio.run(run())
    first = [("started", 1), ("kept", 1), ("ended", 1), ("waited", 1)]
    assert order == [*first, ("started", 2), ("kept", 2), ("ended", 2)]


def test_a_disk_that_hangs_does_not_end_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "KEPT_WITHIN_S", 0.01)
    executor, ended = FakeExecutor(), list[int]()

    async def run() -> None:
        executor.on_start = executor.end_soon
        plan = fake_plan(3, jobs=1)
        await Batch(plan, executor, lambda _, run: ended.append(run.index), keep=lambda *_: Future()).run()

    asyncio.run(run())
    assert ended == [1, 2, 3]
