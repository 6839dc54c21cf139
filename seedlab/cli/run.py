"""``seedlab run``, which runs experiments and scripts in fresh processes and compares what they draw."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from seedlab.analysis.analyst import Analysis
from seedlab.cli.choices import add_choices, experiment_from, no_experiment
from seedlab.cli.clusters import add_cluster_option, cluster_from
from seedlab.cli.exits import EXIT_FINISHED, EXIT_UNFINISHED, EXIT_USAGE, EXITS_HELP
from seedlab.cli.interruption import Interruption
from seedlab.cli.numbers import seconds, whole_number
from seedlab.cli.parts import add_part_options, check_part, column_positions
from seedlab.cli.pictures import add_picture_options, picture_options, with_look
from seedlab.cli.programs import add_program_options, complain_of_effects, program_columns
from seedlab.cli.running import run_columns
from seedlab.cli.streams import complain, printing
from seedlab.cli.writing import File, analysed, checked_exports, exports, path_named, write_files
from seedlab.documents.programs import is_script
from seedlab.documents.whole_files import check_writable, write_whole
from seedlab.documents.writing import to_json
from seedlab.engine.engine import interruptions
from seedlab.engine.executors.executor import Start
from seedlab.errors import ChoiceError, SeedlabError
from seedlab.export.exporting import ENDINGS_TEXT
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES, script_of
from seedlab.phrases import sentence
from seedlab.results.run import Outcome
from seedlab.session.picture_options import PictureOptions
from seedlab.session.settings import MAX_JOBS, Settings
from seedlab.study.lab import Column, Lab
from seedlab.work import Work, one_step

_EXAMPLES = sentence(
    "examples:\n"
    "  seedlab run after-op                                         one experiment of the article,"
    " three times\n"
    "  seedlab run before-graph after-graph --sessions 1            two of them side by side\n"
    "  seedlab run after-op --runs 20 --op-seed none --json -       without the seed of the op, as JSON\n"
    "  seedlab run random --export figure.png --export values.csv   as a picture and as a table\n"
    "  seedlab run train.py --python ~/venv/bin/python              a script of yours, by a Python of yours\n"
    "  seedlab run after-op --runs 100 --cluster tcp://host:8786    on the workers of a Dask cluster\n"
    "  seedlab run train.py -- --epochs 2                           with what you would give it\n"
    '  seedlab run train.py --compare "out/*.npz" losses.csv        with the files that it writes\n'
    '  seedlab run -m package.train --variant "--lr 1" --variant "--lr 2"   a module, with two sets of'
    " arguments\n"
)
_PATIENCE = 2
"""The first Ctrl+C ends the runs, and what they have drawn is shown; the second one ends what takes time."""


def add_run(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab run`` to ``parser``."""
    names = ", ".join(PRESETS)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=sentence("a preset ({names}), or a script.py of yours", names=names)
    )
    add_program_options(parser)
    add_choices(parser)
    defaults = Settings()
    parser.add_argument(
        "--runs",
        metavar="N",
        default=str(defaults.runs),
        help=sentence("how many fresh processes execute each script (default {runs})", runs=defaults.runs),
    )
    parser.add_argument(
        "--python",
        metavar="EXE",
        action="append",
        help=sentence("the Python that executes them, also ssh://user@host/path/to/python; repeated, columns for each"),
    )
    add_cluster_option(parser)
    parser.add_argument(
        "--timeout", default=str(defaults.timeout_s), metavar="SECONDS", help=sentence("end a run that takes longer")
    )
    parser.add_argument(
        "--jobs", metavar="N", help=sentence("how many runs go on at the same time (default: one a core)")
    )
    parser.add_argument(
        "--start",
        choices=[start.value for start in Start],
        default=defaults.start,
        help=sentence("how a run gets its fresh process"),
    )
    parser.add_argument(
        "--json", metavar="FILE", help=sentence("write the document; “-” for standard output, without the table")
    )
    parser.add_argument(
        "--export",
        metavar="FILE",
        action="append",
        default=[],
        help=sentence("write {endings_text}; may be repeated", endings_text=ENDINGS_TEXT),
    )
    add_picture_options(parser)
    add_part_options(parser)
    parser.epilog = f"{_EXAMPLES}\n{EXITS_HELP}"
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Carry out ``seedlab run`` and return the exit status. Raise `SeedlabError` when it cannot be carried out."""
    cluster = cluster_from(options)
    settings = Settings(
        runs=whole_number("runs", options.runs),
        jobs=jobs_from(options.jobs),
        timeout_s=seconds("timeout", options.timeout),
        start=options.start if cluster is None else Start.COLD.value,
    )
    columns = columns_from(options)
    pictures = picture_options(options)
    check_part(options, is_exported=bool(options.export))
    # Several Pythons make more columns of them, which have no names yet.
    is_known = len(options.python or ()) < 2
    count = len(column_positions(options, [column.name for column in columns])) if is_known else len(columns)
    exported = checked_exports("--export", options.export, count if is_known or options.columns is None else 1)
    json = None if options.json in (None, "-") else path_named("--json", options.json)
    if json is not None:
        check_writable(json)
    interruption = Interruption()
    with interruptions(interruption.press):
        made = asyncio.run(
            run_columns(columns, settings, options.python, interruption, agrees=options.yes, cluster=cluster)
        )
        if interruption.times and not any(column.runs for column in made.lab.columns):
            if exported or options.json is not None:
                complain(sentence("Interrupted before the first run: nothing was written."))
            return interruption.status
        lab = with_look(made.lab, options)
        analysis = analysed(lab, interruption, _PATIENCE)
        files, is_chosen = _exports(lab, exported, pictures, analysis, options)
        if json is not None:
            files.insert(0, File(json, lambda: _write_json(lab, analysis, json)))
        is_written = write_files(files, interruption, _PATIENCE) and is_chosen
        is_written = _print(lab, analysis, interruption, as_json=options.json == "-") and is_written
    if interruption.times:
        return interruption.status
    if made.questions:
        complain_of_effects(made.questions)
        return EXIT_USAGE
    finished = all(run.outcome is Outcome.FINISHED for column in lab.columns for run in column.runs)
    return EXIT_FINISHED if finished and is_written else EXIT_UNFINISHED


def _exports(
    lab: Lab, paths: Sequence[Path], pictures: PictureOptions, analysis: Analysis, options: argparse.Namespace
) -> tuple[list[File], bool]:
    """Return the exports, and whether there is what ``options`` choose: names of draws are known only now."""
    try:
        return exports(lab, paths, pictures, analysis, options), True
    except ChoiceError as error:
        complain(str(error))
        return [], False


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
        from seedlab.cli.terminal import columns_text

        with printing():
            text = interruption.result_of(lambda: columns_text(lab.columns, analysis), _PATIENCE)
        # Whoever reads it may be slow.
        with interruption.raising(_PATIENCE), printing():
            sys.stdout.write(text)
    except SeedlabError as error:
        complain(str(error))
        return False
    except KeyboardInterrupt:
        return False
    return True


def jobs_from(text: str | None) -> int | None:
    if text is None:
        return None
    jobs = whole_number("jobs", text)
    if not 1 <= jobs <= MAX_JOBS:
        raise ChoiceError(
            "jobs",
            sentence("--jobs cannot be {jobs}.", jobs=jobs),
            sentence("Choose from 1 to {most} jobs.", most=MAX_JOBS),
        )
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
    return columns
