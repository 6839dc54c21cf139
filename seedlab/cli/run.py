"""``seedlab run``, which runs experiments and scripts in fresh processes and compares what they draw."""

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from seedlab.analysis.analyst import Analysis
from seedlab.cli.choices import add_choices, experiment_from, no_experiment
from seedlab.cli.exits import EXIT_FINISHED, EXIT_UNFINISHED, EXIT_USAGE, EXITS_HELP
from seedlab.cli.interruption import Interruption
from seedlab.cli.numbers import seconds, whole_number
from seedlab.cli.pictures import add_picture_options, picture_options, with_look
from seedlab.cli.programs import add_program_options, effects_lines, is_script, program_columns
from seedlab.cli.streams import complain, printing
from seedlab.cli.writing import File, analysed, checked_exports, exports, path_named, write_files
from seedlab.documents.whole_files import check_writable, write_whole
from seedlab.documents.writing import to_json
from seedlab.engine.engine import Engine, interruptions
from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.outcome import runs_at_once
from seedlab.engine.pythons import ask_versions, find_executable
from seedlab.errors import ChoiceError, SeedlabError
from seedlab.export.exporting import ENDINGS_TEXT
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES, script_of
from seedlab.results.run import Outcome
from seedlab.session.arrangement import Arrangement, numbered
from seedlab.session.session import Change, Session
from seedlab.session.settings import MAX_JOBS, Settings
from seedlab.session.stages import EffectsQuestion
from seedlab.study.lab import Column, Lab
from seedlab.work import Work, one_step

T = TypeVar("T")
_EXAMPLES = """\
examples:
  seedlab run after-op                                         one experiment of the article, three times
  seedlab run before-graph after-graph --sessions 1            two of them side by side
  seedlab run after-op --runs 20 --op-seed none --json -       without the seed of the op, as JSON
  seedlab run random --export figure.png --export values.csv   as a picture and as a table
  seedlab run train.py --python ~/venv/bin/python              a script of yours, by a Python of yours
  seedlab run train.py -- --epochs 2                           with what you would give it
  seedlab run -m package.train --variant "--lr 1" --variant "--lr 2"   a module, with two sets of arguments
"""
_PATIENCE = 2
"""The first Ctrl+C ends the runs, and what they have drawn is shown; the second one ends what takes time."""


def add_run(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab run`` to ``parser``."""
    names = ", ".join(PRESETS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"a preset ({names}), or a script.py of yours")
    add_program_options(parser)
    add_choices(parser)
    defaults = Settings()
    parser.add_argument(
        "--runs",
        metavar="N",
        default=str(defaults.runs),
        help=f"how many fresh processes execute each script (default {defaults.runs})",
    )
    parser.add_argument("--python", metavar="EXE", default=argparse.SUPPRESS, help="the Python that executes them")
    parser.add_argument(
        "--timeout", default=str(defaults.timeout_s), metavar="SECONDS", help="end a run that takes longer"
    )
    parser.add_argument("--jobs", metavar="N", help="how many runs go on at the same time (default: one a core)")
    parser.add_argument(
        "--start",
        choices=[start.value for start in Start],
        default=defaults.start,
        help="how a run gets its fresh process",
    )
    parser.add_argument("--json", metavar="FILE", help="write the document; “-” for standard output, without the table")
    parser.add_argument(
        "--export", metavar="FILE", action="append", default=[], help=f"write {ENDINGS_TEXT}; may be repeated"
    )
    add_picture_options(parser)
    parser.epilog = f"{_EXAMPLES}\n{EXITS_HELP}"
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Carry out ``seedlab run`` and return the exit status. Raise `SeedlabError` when it cannot be carried out."""
    settings = Settings(
        runs=whole_number("runs", options.runs),
        jobs=_jobs(options.jobs),
        timeout_s=seconds("timeout", options.timeout),
        start=options.start,
    )
    columns = columns_from(options)
    pictures = picture_options(options)
    exported = checked_exports("--export", options.export, len(columns))
    json = None if options.json in (None, "-") else path_named("--json", options.json)
    if json is not None:
        check_writable(json)
    interruption = Interruption()
    with interruptions(interruption.press):
        session, asked = asyncio.run(_run_all(columns, settings, options.python, interruption, agrees=options.yes))
        if interruption.times and not session.has_runs:
            if exported or options.json is not None:
                complain("Interrupted before the first run: nothing was written.")
            return interruption.status
        lab = with_look(session.lab(), options)
        analysis = analysed(lab, interruption, _PATIENCE)
        files = exports(lab, exported, pictures, analysis)
        if json is not None:
            files.insert(0, File(json, lambda: _write_json(lab, analysis, json)))
        is_written = write_files(files, interruption, _PATIENCE)
        is_written = _print(lab, analysis, interruption, as_json=options.json == "-") and is_written
    if interruption.times:
        return interruption.status
    for question in asked:
        complain("\n".join(effects_lines(question)))
    if asked:
        return EXIT_USAGE
    finished = all(run.outcome is Outcome.FINISHED for column in lab.columns for run in column.runs)
    return EXIT_FINISHED if finished and is_written else EXIT_UNFINISHED


def _write_json(lab: Lab, analysis: Analysis, path: Path) -> Work[None]:
    return one_step(lambda: write_whole(path, to_json(lab, analysis.rows)))


def _print(lab: Lab, analysis: Analysis, interruption: Interruption, *, as_json: bool) -> bool:
    """Print ``lab`` as JSON or as a table, and return True when all of it was written.

    JSON is never left in the middle; there is no table once somebody has pressed Ctrl+C twice.
    """
    try:
        if as_json:
            data = to_json(lab, analysis.rows)
            with printing():
                sys.stdout.buffer.write(data)
            return True
        from seedlab.cli.terminal import print_columns

        interruption.check(_PATIENCE)
        with interruption.raising(_PATIENCE), printing():
            print_columns(lab.columns, analysis)
    except SeedlabError as error:
        complain(str(error))
        return False
    except KeyboardInterrupt:
        return False
    return True


def _jobs(text: str | None) -> int | None:
    if text is None:
        return None
    jobs = whole_number("jobs", text)
    if not 1 <= jobs <= MAX_JOBS:
        raise ChoiceError("jobs", f"--jobs cannot be {jobs}.", f"Choose from 1 to {MAX_JOBS} jobs.")
    return jobs


def columns_from(options: argparse.Namespace) -> list[Column]:
    """Return a column without runs for each name on the command line, or for ``--library`` if there is no name."""
    names: list[str | None] = list(options.names)
    if not names and not options.module and options.library is None:
        raise no_experiment()
    columns = []
    for name in names or ([] if options.module else [None]):
        if name is not None and is_script(name):
            columns += program_columns([name], options, modules=())
            continue
        experiment = experiment_from(name, options)
        shown = name or str(experiment[FAMILIES[experiment.library].timeline.name])
        columns.append(Column(name=shown, experiment=experiment, script=script_of(experiment).text))
    columns += program_columns((), options, modules=options.module)
    names_shown = numbered(column.name for column in columns)
    return [msgspec.structs.replace(column, name=shown) for column, shown in zip(columns, names_shown, strict=True)]


async def _run_all(
    columns: list[Column], settings: Settings, python: str | None, interruption: Interruption, *, agrees: bool
) -> tuple[Session, list[EffectsQuestion]]:
    """Run ``columns`` with ``python``; return the session that holds their runs, and what a person has to see first.

    Ctrl+C ends the current runs of all columns; what has finished until then is kept. Unless somebody ``agrees`` to
    whatever the first runs do outside their folders, such programs get no more runs.
    """
    asked: list[EffectsQuestion] = []
    engine = Engine(Start(settings.start), spares=settings.jobs or runs_at_once())
    session = Session(settings, engine, arrangement=Arrangement.of_columns(columns), keeps_cancelled=True)
    engine.listener = session
    stopped = asyncio.Event()

    def on_question() -> None:
        if session.question is not None:
            asked.append(session.question)
            session.answer(goes_on=False)

    def stop() -> None:
        stopped.set()
        session.stop()

    loop = asyncio.get_running_loop()
    try:
        with interruption.calling(lambda: loop.call_soon_threadsafe(stop)):
            session.check()
            executable = find_executable(python)
            # The import begins now and goes on while the interpreter is asked for its versions.
            session.prepare(executable)
            interpreter = await _unless(stopped, ask_versions(executable))
            if interpreter is None or stopped.is_set():
                return session, asked
            session.on_interpreter_found(interpreter)
            session.agrees = agrees
            session.listeners.append(lambda change: on_question() if Change.QUESTION in change else None)
            with _progress(session):
                session.run_all()
                if session.problem is not None:
                    raise session.problem
                await engine.until_idle()
    finally:
        await engine.close()
    return session, asked


async def _unless(stopped: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of ``work``; or None when ``stopped`` is set first, once what ``work`` started has ended."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stopped.wait())
    await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    working.cancel()
    await asyncio.wait((working, stopping))
    return None if working.cancelled() else working.result()


@contextmanager
def _progress(session: Session) -> Iterator[None]:
    """Show the progress of each column on standard error while the block lasts."""
    from seedlab.cli.terminal import ProgressBars

    lanes = session.arrangement.lanes
    names = {lane.key: name for lane, name in zip(lanes, session.arrangement.names, strict=True)}
    with ProgressBars(names, session.settings.runs) as bars:

        def on_change(change: Change) -> None:
            if Change.RUNS in change:
                bars.show({lane.key: len(lane.column.runs) for lane in session.arrangement.lanes})

        session.listeners.append(on_change)
        yield
        session.listeners.remove(on_change)
