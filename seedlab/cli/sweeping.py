"""Carries out ``seedlab sweep``: the runs of one column after the other, and what is told and written of them."""

import argparse
import asyncio
import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from seedlab.analysis.distribution_views import distribution_of
from seedlab.cli.clusters import check_sent, cluster_from
from seedlab.cli.exits import EXIT_FINISHED, EXIT_UNFINISHED, EXIT_USAGE
from seedlab.cli.interruption import Interruption
from seedlab.cli.numbers import seconds, whole_number
from seedlab.cli.programs import complain_of_effects
from seedlab.cli.run import columns_from, jobs_from
from seedlab.cli.streams import complain, printing
from seedlab.cli.sweep_text import sweep_lines
from seedlab.cli.writing import path_named
from seedlab.documents.whole_files import check_writable, write_whole
from seedlab.engine.engine import Engine, interruptions
from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.outcome import runs_at_once
from seedlab.errors import ChoiceError, DocumentError, SeedlabError
from seedlab.export.exporting import PICTURES
from seedlab.messages.sweeps import (
    cost_text,
    enough_text,
    left_out_text,
    missed_text,
    noisy_text,
    not_begun_text,
    refused_text,
    turned_text,
)
from seedlab.phrases import enumerated, sentence
from seedlab.results.environment import Interpreter
from seedlab.session.arrangement import Arrangement
from seedlab.session.asked_sweep import AskedSweep
from seedlab.session.running import lacking, request_of
from seedlab.session.settings import MAX_TIMEOUT_S, Settings
from seedlab.session.stages import EffectsQuestion
from seedlab.session.sweep_json import json_pieces
from seedlab.session.sweep_run import SweepRun
from seedlab.session.sweep_series import SweepSource
from seedlab.session.sweep_store import SweepResults
from seedlab.session.sweeping import Stopping, Sweeping
from seedlab.study.lab import Column
from seedlab.study.sweep import Axis, Seeds, Sweep

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(s|m|h)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


class Swept(msgspec.Struct, frozen=True):
    """What came of the sweep of one column."""

    name: str
    folder: Path | None
    """Where its results are; None where there are none."""
    notes: tuple[str, ...] = ()
    is_whole: bool = True
    """False where runs are missing, or something went wrong."""
    is_usage: bool = False
    """True where what was asked for makes no sense."""
    question: EffectsQuestion | None = None


def carry_out(options: argparse.Namespace) -> int:
    """Carry out ``seedlab sweep`` and return the exit status. Raise `SeedlabError` when it cannot be carried out."""
    asked = sweep_from(options)
    stopping = _stopping_from(options)
    settings = Settings(
        jobs=jobs_from(options.jobs), timeout_s=seconds("timeout", options.timeout), start=options.start
    )
    columns = columns_from(options)
    json = None if options.json in (None, "-") else path_named("--json", options.json)
    if json is not None:
        check_writable(json)
    export = _export_from(options)
    if options.keep is not None and len(columns) > 1:
        raise ChoiceError("keep", sentence("--keep takes one script or preset at a time."), sentence("Leave it out."))
    interruption = Interruption()
    with interruptions(interruption.press):
        made = asyncio.run(_Sweeper(asked, settings, stopping, options, interruption).sweep(columns))
        folders = [each.folder for each in made if each.folder is not None]
        results = [SweepResults(folder, asked) for folder in folders]
        is_told = _tell(results, options, json, export, interruption)
    for each in made:
        for note in each.notes:
            complain(note)
    if interruption.times:
        return interruption.status
    questions = [each.question for each in made if each.question is not None]
    if questions:
        complain_of_effects(questions)
        return EXIT_USAGE
    is_usage = any(each.is_usage for each in made)
    is_whole = is_told and all(each.is_whole for each in made) and not any(each.failures().count for each in results)
    return EXIT_USAGE if is_usage else EXIT_FINISHED if is_whole else EXIT_UNFINISHED


def _tell(
    results: Sequence[SweepResults],
    options: argparse.Namespace,
    json: Path | None,
    export: Path | None,
    interruption: Interruption,
) -> bool:
    """Print and write what came of it; return False where that went wrong, or was called off by another Ctrl+C."""
    try:
        if json is not None:
            write_whole(json, json_pieces(results))
        with printing():
            if options.json == "-":
                sys.stdout.buffer.writelines(json_pieces(results))
            else:
                # It may take long, and whoever reads it may be slow.
                patience = interruption.times + 1
                lines = sweep_lines(results, options.draw, options.better)
                while (line := interruption.result_of(lambda: next(lines, None), patience)) is not None:
                    sys.stdout.write(f"{line}\n")
        return export is None or _export(export, options.draw[0], results)
    except DocumentError as error:
        complain(str(error))
    except KeyboardInterrupt:
        pass
    return False


def _export_from(options: argparse.Namespace) -> Path | None:
    """Return the file that is to have the histogram. Raise `SeedlabError` where it cannot be written."""
    if options.export is None:
        return None
    if len(options.draw) != 1:
        what = sentence("--export draws one draw.") if options.draw else sentence("--export needs a draw.")
        raise ChoiceError("export", what, sentence("Name it with --draw, such as --draw loss."))
    path = path_named("--export", options.export)
    if path.suffix.lower() not in PICTURES:
        what = sentence("{path} cannot be exported: its ending is not that of a picture.", path=path)
        raise ChoiceError(
            "export", what, sentence("End the name in one of: {pictures}.", pictures=enumerated(PICTURES))
        )
    check_writable(path)
    return path


def _export(path: Path, name: str, results: Sequence[SweepResults]) -> bool:
    """Write the histogram of the draw ``name`` in ``results`` to ``path``; return False where that was not possible."""
    if not results:
        return True
    found = distribution_of(SweepSource(name, tuple(results)))
    if found.is_empty:
        complain(sentence("{path} was not written: no run drew a number under “{name}”.", path=path, name=name))
        return False
    # Imported here, so that Qt is not loaded for a table.
    from seedlab.export.distribution import DistributionPicture, export_distribution, sweep_provenance

    picture = DistributionPicture(found=found, view="histogram", provenance=sweep_provenance(results, found))
    try:
        export_distribution(picture, path)
    except SeedlabError as error:
        complain(str(error))
        return False
    return True


def sweep_from(options: argparse.Namespace) -> Sweep:
    """Return the sweep that ``options`` ask for. Raise `ChoiceError` where they make no sense together."""
    if options.runs is not None:
        if options.seeds or options.turn:
            raise ChoiceError(
                "runs",
                sentence("--runs makes runs of the script as it is."),
                sentence("Leave out --turn and --seeds, or --runs."),
            )
        asked = Sweep(runs=whole_number("runs", options.runs))
    elif not options.seeds:
        raise ChoiceError(
            "seeds",
            sentence("No seeds are named."),
            sentence("Give --seeds 0..299; or --runs 300 for runs as they are."),
        )
    elif len(options.turn) not in (len(options.seeds), 0) or (not options.turn and len(options.seeds) > 1):
        what = sentence("Each seed that is turned needs its values.")
        raise ChoiceError("seeds", what, sentence("Give --turn and --seeds the same number of times."))
    else:
        turns = options.turn or [""]
        asked = Sweep(tuple(Axis(turn, Seeds.of(text)) for turn, text in zip(turns, options.seeds, strict=True)))
    asked.check()
    return asked


def _stopping_from(options: argparse.Namespace) -> Stopping:
    stopping = Stopping()
    if options.at_most is not None:
        found = _DURATION.fullmatch(options.at_most)
        at_most = float(found[1]) * _SECONDS[found[2]] if found is not None else 0.0
        if not at_most or at_most > MAX_TIMEOUT_S:
            raise ChoiceError(
                "at_most",
                sentence("--at-most cannot be “{at_most}”.", at_most=options.at_most),
                sentence("Give it like 90s, 10m or 2h."),
            )
        stopping = replace(stopping, at_most_s=at_most)
    if options.until is not None:
        try:
            width = float(options.until)
        except ValueError:
            width = 0.0
        if not 0 < width < float("inf"):
            raise ChoiceError(
                "until",
                sentence("--until cannot be “{until}”.", until=options.until),
                sentence("Give a width above 0, such as 0.01."),
            )
        if len(options.draw) != 1:
            raise ChoiceError(
                "until", sentence("--until needs one draw whose mean is looked at."), sentence("Name it with --draw.")
            )
        stopping = replace(stopping, width=width, label=options.draw[0])
    return stopping


class _Sweeper:
    """Sweeps columns, one after the other."""

    def __init__(
        self,
        asked: Sweep,
        settings: Settings,
        stopping: Stopping,
        options: argparse.Namespace,
        interruption: Interruption,
    ) -> None:
        self._asked, self._settings, self._stopping = asked, settings, stopping
        self._options, self._interruption = options, interruption
        self._at_once = settings.jobs or runs_at_once()
        self._cluster = cluster_from(options)
        self._interpreters: dict[str, Interpreter] = {}

    async def sweep(self, columns: Sequence[Column]) -> list[Swept]:
        """Sweep each of ``columns`` until the time is over or the end is asked for; return what came of it."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._stopping.at_most_s
        made: list[Swept] = []
        for column in columns:
            if self._interruption.times or loop.time() >= deadline:
                made.append(Swept(column.name, None, (not_begun_text(column.name),), is_whole=False))
                continue
            engine = Engine(
                Start(self._settings.start),
                spares=self._at_once,
                may_send=self._options.yes,
                cluster=self._cluster,
            )
            sweeping = None
            try:
                sweeping = await self._sweeping(column, engine)
                made.append(await self._sweep_one(column, sweeping, engine, deadline))
            finally:
                await engine.close()
                # Nothing is written any more once its runs have ended.
                if sweeping is not None and sweeping.store is not None:
                    sweeping.store.close()
        return made

    async def _sweeping(self, column: Column, engine: Engine) -> Sweeping:
        """Return what makes the sweep of ``column``. Raise `SeedlabError` where its Python cannot execute it."""
        lane = Arrangement.of_columns([column]).lane
        executable = engine.find_executable(self._options.python)
        request = request_of(lane, column, executable, self._settings)
        # Before anybody is asked there.
        check_sent(request, self._cluster, is_agreed=self._options.yes)
        interpreter = self._interpreters.get(executable)
        if interpreter is None:
            interpreter = self._interpreters[executable] = await engine.ask_versions(executable)
        for error in lacking([lane], interpreter).values():
            raise error
        asked = AskedSweep(
            column=column,
            request=request,
            interpreter=interpreter,
            sweep=self._asked,
            settings=self._settings,
            folder=None if self._options.keep is None else Path(self._options.keep),
            whole=tuple(label.partition("[")[0] for label in self._options.draw),
            stopping=self._stopping,
            is_cold=self._cluster is not None,
        )
        return asked.sweeping(agrees=self._options.yes)

    async def _sweep_one(self, column: Column, sweeping: Sweeping, engine: Engine, deadline: float) -> Swept:
        from seedlab.cli.terminal import SweepBar

        loop = asyncio.get_running_loop()
        with SweepBar(column.name) as bar:
            is_told = False

            def on_change() -> None:
                nonlocal is_told
                cost = sweeping.cost(self._at_once)
                if sweeping.store is not None and sweeping.is_measured and not is_told:
                    is_told = True
                    about = sweeping.store.about
                    for sources, seeds in zip(about.sources, about.seeds, strict=False):
                        bar.say(turned_text(sources, seeds))
                    bar.say(cost_text(cost.runs, sweeping.known, cost.seconds, cost.memory_bytes))
                bar.show(sweeping.done, sweeping.total, cost.seconds)

            run = SweepRun(engine, sweeping, on_change)
            engine.listener = run
            timer = None if math.isinf(deadline) else loop.call_at(deadline, run.stop)
            try:
                with self._interruption.calling(lambda: loop.call_soon_threadsafe(run.stop)):
                    run.begin()
                    await engine.until_idle()
            finally:
                if timer is not None:
                    timer.cancel()
        return _swept(column.name, sweeping, run)


def _swept(name: str, sweeping: Sweeping, run: SweepRun) -> Swept:
    question = None
    if sweeping.effects is not None:
        question = EffectsQuestion((0,), sweeping.effects.outside, sweeping.effects.is_complete, sweeping.sweep.count)
    made = sweeping.known + sweeping.done
    is_stopped = run.is_stopped and not sweeping.is_enough
    notes = [
        "" if run.problem is None else str(run.problem),
        sweeping.problem,
        refused_text(sweeping.refused, sweeping.refusal) if sweeping.refused else "",
        left_out_text(made, max(sweeping.sweep.count, made)) if is_stopped and run.problem is None else "",
        enough_text() if sweeping.is_enough and made < sweeping.sweep.count else "",
        noisy_text(sweeping.noisy) if sweeping.noisy else "",
        missed_text([*sweeping.missed], max(sweeping.missed.values())) if sweeping.missed else "",
    ]
    return Swept(
        name,
        None if sweeping.store is None else sweeping.store.folder,
        tuple(note for note in notes if note),
        is_whole=not (is_stopped or run.problem or sweeping.problem or sweeping.refused),
        is_usage=isinstance(run.problem, ChoiceError),
        question=question,
    )
