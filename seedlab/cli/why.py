"""``seedlab why``, which finds by experiment what moves each draw of a script."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from seedlab.cli.choices import add_choices
from seedlab.cli.exits import EXIT_DIFFERS, EXIT_FINISHED, EXIT_NOT_RUN, EXIT_USAGE
from seedlab.cli.interruption import Interruption
from seedlab.cli.numbers import seconds, whole_number
from seedlab.cli.programs import add_program_options, complain_of_effects
from seedlab.cli.run import columns_from, jobs_from
from seedlab.cli.running import Made, run_columns
from seedlab.cli.streams import complain, printing
from seedlab.cli.writing import File, path_named, write_files
from seedlab.documents.whole_files import check_writable, write_whole
from seedlab.documents.writing import to_json
from seedlab.engine.engine import interruptions
from seedlab.errors import ChoiceError
from seedlab.inquiry.influence import LEAST_PROOF, PROOF
from seedlab.phrases import sentence
from seedlab.results.influence import Influence
from seedlab.results.run import Outcome
from seedlab.session.fixed_copy import check_fix_path, fix_bytes
from seedlab.session.settings import Settings
from seedlab.study.lab import Column
from seedlab.work import one_step

_RUNS = 2
_PATIENCE = 2
_EXAMPLES = sentence(
    "examples:\n"
    "  seedlab why train.py                        what moves each of its draws\n"
    "  seedlab why train.py --draw loss            what moves this one\n"
    "  seedlab why train.py -- --epochs 1          with what you would give it\n"
    "  seedlab why train.py --fix train.diff       the smallest change that makes all repeat, for git apply\n"
    "  seedlab why after-graph --json why.json     an experiment of the article, as a document\n"
    "\n"
    "Each source of randomness gets another value, three times, while all others are held; the draws"
    " that change are moved\n"
    "by it. The fix is executed {proof} times, each in a new Python, before it is shown. All runs see"
    " the folder of the\n"
    "script privately; your files are never written.\n"
    "\n"
    "exit status:\n"
    "  {exit_finished}    every draw repeats\n"
    "  {exit_differs}    a draw differs\n"
    "  {exit_usage}    wrong usage, or a Python that cannot be used\n"
    "  {exit_not_run}    a run did not finish\n"
    "  130  after Ctrl+C; 143 after SIGTERM; 129 when the terminal was closed",
    proof=PROOF,
    exit_finished=EXIT_FINISHED,
    exit_differs=EXIT_DIFFERS,
    exit_usage=EXIT_USAGE,
    exit_not_run=EXIT_NOT_RUN,
)


def add_why(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab why`` to ``parser``."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=sentence("a script.py of yours, or a preset"))
    add_program_options(parser)
    add_choices(parser)
    parser.add_argument(
        "--runs", metavar="N", default=str(_RUNS), help=sentence("runs as they are, first (default {runs})", runs=_RUNS)
    )
    parser.add_argument(
        "--draw", metavar="LABEL", action="append", default=[], help=sentence("look at this draw alone")
    )
    parser.add_argument("--python", metavar="EXE", help=sentence("the Python that executes them"))
    parser.add_argument(
        "--timeout", metavar="SECONDS", default=str(Settings().timeout_s), help=sentence("end a run that takes longer")
    )
    parser.add_argument(
        "--jobs", metavar="N", help=sentence("how many runs go on at the same time (default: one a core)")
    )
    parser.add_argument(
        "--proof",
        metavar="N",
        default=str(PROOF),
        help=sentence("cold runs in which a fix must repeat (default {proof}); 0 for no fix", proof=PROOF),
    )
    parser.add_argument(
        "--fix", metavar="FILE", help=sentence("write the fix: as a script where it ends in .py, else as a diff")
    )
    parser.add_argument("--json", metavar="FILE", help=sentence("write the document; “-” for standard output"))
    parser.epilog = _EXAMPLES
    parser.set_defaults(command=why)


def why(options: argparse.Namespace) -> int:
    """Carry out ``seedlab why`` and return the exit status. Raise `SeedlabError` when it cannot be carried out."""
    runs = whole_number("runs", options.runs)
    if runs < 2:
        raise ChoiceError(
            "runs", sentence("--runs cannot be {runs}: one run cannot differ.", runs=runs), sentence("Give 2 or more.")
        )
    proof = whole_number("proof", options.proof)
    if proof < LEAST_PROOF and proof != 0:
        hint = sentence("Give {least_proof} or more, or 0 to look for no fix.", least_proof=LEAST_PROOF)
        raise ChoiceError("proof", sentence("--proof cannot be {proof}: one run cannot differ.", proof=proof), hint)
    timeout_s = seconds("timeout", options.timeout)
    settings = Settings(runs=runs, jobs=jobs_from(options.jobs), timeout_s=timeout_s, proof=proof)
    columns = columns_from(options)
    fix_path = None if options.fix is None else _checked_fix_path(options.fix, columns, proof)
    json = None if options.json in (None, "-") else path_named("--json", options.json)
    if json is not None:
        check_writable(json)
    interruption = Interruption()
    with interruptions(interruption.press):
        made = asyncio.run(
            run_columns(
                columns,
                settings,
                options.python,
                interruption,
                agrees=options.yes,
                is_private=True,
                inquires=options.draw,
            )
        )
        if interruption.times and not any(column.influence for column in made.lab.columns):
            return interruption.status
        if made.questions:
            complain_of_effects(made.questions)
            return EXIT_USAGE
        files = []
        if json is not None:
            files.append(File(json, lambda: one_step(lambda: write_whole(json, to_json(made.lab)))))
        refused = ""
        influence = made.lab.columns[0].influence if made.lab.columns else None
        if fix_path is not None and influence is not None:
            try:
                content = _fix_to_write(made.lab.columns[0], influence, fix_path)
            except ChoiceError as error:
                # What was found is worth more than where it was to be written.
                refused = str(error)
            else:
                files.append(File(fix_path, lambda: one_step(lambda: write_whole(fix_path, content))))
        is_written = write_files(files, interruption, _PATIENCE)
        with printing():
            if options.json == "-":
                sys.stdout.buffer.write(to_json(made.lab))
            else:
                _print(made)
        if refused:
            complain(refused)
    if interruption.times:
        return interruption.status
    return max(_status(made), EXIT_FINISHED if is_written else EXIT_DIFFERS)


def _checked_fix_path(name: str, columns: Sequence[Column], proof: int) -> Path:
    """Return the path that ``--fix`` names. Raise `SeedlabError` where no fix can be written there."""
    path = path_named("--fix", name)
    if len(columns) > 1:
        raise ChoiceError("fix", sentence("--fix takes one script or preset at a time."), sentence("Name one of them."))
    if proof == 0:
        raise ChoiceError(
            "fix", sentence("With --proof 0 no fix is looked for."), sentence("Leave out --proof 0, or --fix.")
        )
    if name == "-":
        raise ChoiceError(
            "fix", sentence("--fix takes a file: the diff is in the report already."), sentence("Name one.")
        )
    check_fix_path(columns[0], path)
    check_writable(path)
    return path


def _fix_to_write(column: Column, influence: Influence, path: Path) -> bytes:
    """Return what is written to ``path``. Raise `ChoiceError` where there is nothing to write."""
    if influence.fix is not None:
        return fix_bytes(column, influence.fix, path)
    if influence.is_partial:
        raise ChoiceError(
            "fix", sentence("There is no fix to write: not all was tried."), sentence("Let it go on to its end.")
        )
    if all(draw.repeats for draw in influence.draws):
        raise ChoiceError(
            "fix", sentence("There is no fix to write: every draw repeats."), sentence("Nothing is missing.")
        )
    raise ChoiceError(
        "fix", sentence("There is no fix to write: none was found."), sentence("What was tried is told above.")
    )


def _print(made: Made) -> None:
    from seedlab.cli.sources_table import print_influence

    for column, found in zip(made.lab.columns, made.inquiries, strict=False):
        if column.influence is not None:
            print_influence(column, column.influence, found.notes)


def _status(made: Made) -> int:
    runs = [run for column in made.lab.columns for run in column.runs]
    if any(run.outcome is not Outcome.FINISHED for run in runs) or any(found.problem for found in made.inquiries):
        return EXIT_NOT_RUN
    found = [column.influence for column in made.lab.columns if column.influence is not None]
    return EXIT_DIFFERS if any(not draw.repeats for each in found for draw in each.draws) else EXIT_FINISHED
