"""``seedlab run``, which runs experiments and scripts in fresh processes and compares what they draw."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from seedlab.cli.choices import add_choices, experiment_from
from seedlab.cli.exits import EXIT_FINISHED, EXIT_UNFINISHED
from seedlab.cli.numbers import seconds, whole_number
from seedlab.cli.pictures import add_picture_options, picture_options, with_look
from seedlab.documents.files import read_script, text_of_name
from seedlab.documents.whole_files import write_whole
from seedlab.documents.writing import to_json
from seedlab.engine.engine import Engine
from seedlab.engine.executors.executor import Start
from seedlab.engine.platform import PLATFORM
from seedlab.engine.pythons import ask_versions, find_executable
from seedlab.engine.request import DEFAULT_TIMEOUT_S
from seedlab.errors import ChoiceError, SeedlabError
from seedlab.export.exporting import ENDINGS_TEXT, check_folder, check_path, write_export
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.results.run import Outcome
from seedlab.session.arrangement import Arrangement, numbered
from seedlab.session.picture_options import PictureOptions
from seedlab.session.session import Change, Session
from seedlab.session.settings import Settings
from seedlab.study.lab import Column, Lab


def add_run(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab run`` to ``parser``."""
    names = ", ".join(PRESETS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"a preset ({names}), or a script.py of yours")
    add_choices(parser)
    parser.add_argument("--runs", default="3", help="how many fresh processes execute each script (default 3)")
    parser.add_argument("--python", metavar="EXE", default=argparse.SUPPRESS, help="the Python that executes them")
    parser.add_argument(
        "--timeout", default=str(DEFAULT_TIMEOUT_S), metavar="SECONDS", help="end a run that takes longer"
    )
    parser.add_argument(
        "--jobs", default=str(PLATFORM.cores()), help="how many runs go on at the same time (default: one a core)"
    )
    parser.add_argument(
        "--start", choices=[start.value for start in Start], default="auto", help="how a run gets its fresh process"
    )
    parser.add_argument("--json", metavar="FILE", help="write the document; “-” for standard output, without the table")
    parser.add_argument(
        "--export", metavar="FILE", action="append", default=[], help=f"write {ENDINGS_TEXT}; may be repeated"
    )
    add_picture_options(parser)
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
    for path in options.export:
        check_path(Path(path), len(columns))
    if options.json not in (None, "-"):
        check_folder(Path(options.json))
    session, interrupted = asyncio.run(_run_all(columns, settings, options.python))
    lab = with_look(session.lab(), options)
    problem = _write_files(lab, options, pictures)
    if options.json == "-":
        sys.stdout.buffer.write(to_json(lab))
    else:
        from seedlab.analysis.analyst import analyse
        from seedlab.cli.terminal import print_columns

        print_columns(lab.columns, analyse(lab.columns))
    if problem is not None:
        raise problem
    if interrupted is not None:
        return interrupted
    finished = all(run.outcome is Outcome.FINISHED for column in lab.columns for run in column.runs)
    return EXIT_FINISHED if finished else EXIT_UNFINISHED


def _jobs(text: str) -> int:
    jobs = whole_number("jobs", text)
    if jobs < 1:
        raise ChoiceError("jobs", f"--jobs cannot be {jobs}.", "Choose 1 or more.")
    return jobs


def columns_from(options: argparse.Namespace) -> list[Column]:
    """Return a column without runs for each name on the command line, or for ``--library`` if there is no name."""
    names: list[str | None] = list(options.names)
    if not names and options.library is None:
        raise ChoiceError("preset", "No experiment is named.", f"Name a preset ({', '.join(PRESETS)}) or a --library.")
    columns = []
    for name in names or [None]:
        if name is not None and name.endswith(".py"):
            # Without its folders, which are private and must not appear in an exported picture.
            columns.append(Column(name=text_of_name(Path(name)), experiment=None, script=read_script(Path(name))))
            continue
        experiment = experiment_from(name, options)
        shown = name or str(experiment["placement"])
        columns.append(Column(name=shown, experiment=experiment, script=script_of(experiment).text))
    names_shown = numbered(column.name for column in columns)
    return [msgspec.structs.replace(column, name=shown) for column, shown in zip(columns, names_shown, strict=True)]


def _write_files(lab: Lab, options: argparse.Namespace, pictures: PictureOptions) -> SeedlabError | None:
    """Write all requested files; return the first problem after trying to write all, or None.

    The files are written before the table is printed, because the reader of the table may close the pipe early.
    """
    writers: list[Callable[[], None]] = [partial(write_export, lab, Path(path), pictures) for path in options.export]
    if options.json not in (None, "-"):
        writers.append(lambda: write_whole(Path(options.json), to_json(lab)))
    problem: SeedlabError | None = None
    for write in writers:
        try:
            write()
        except SeedlabError as error:
            problem = problem or error
    return problem


async def _run_all(columns: list[Column], settings: Settings, python: str | None) -> tuple[Session, int | None]:
    """Run ``columns`` one after the other with ``python``, and return the session that holds their runs.

    With it comes the exit status, when somebody has asked for the end meanwhile.
    """
    engine = Engine(Start(settings.start), spares=settings.jobs or 1)
    session = Session(settings, engine, arrangement=Arrangement.of_columns(columns), keeps_cancelled=True)
    engine.listener = session
    try:
        session.check()
        executable = find_executable(python)
        # The import begins now and goes on while the interpreter is asked for its versions.
        session.prepare(executable)
        session.on_interpreter_found(await ask_versions(executable))
        # Whoever asks for the end ends only the current runs; those that have finished are still compared.
        with PLATFORM.interruptions(session.stop) as interruption, _progress(session):
            session.run_all()
            if session.problem is not None:
                raise session.problem
            await engine.until_idle()
    finally:
        await engine.close()
    return session, interruption.status


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
