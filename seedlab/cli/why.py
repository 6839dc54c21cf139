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
from seedlab.results.influence import Influence
from seedlab.results.run import Outcome
from seedlab.session.fixed_copy import check_fix_path, fix_bytes
from seedlab.session.settings import Settings
from seedlab.study.lab import Column
from seedlab.work import one_step

_RUNS = 2
_PATIENCE = 2
_EXAMPLES = f"""\
examples:
  seedlab why train.py                        what moves each of its draws
  seedlab why train.py --draw loss            what moves this one
  seedlab why train.py -- --epochs 1          with what you would give it
  seedlab why train.py --fix train.diff       the smallest change that makes all repeat, for git apply
  seedlab why after-graph --json why.json     an experiment of the article, as a document

Each source of randomness gets another value, three times, while all others are held; the draws that change are moved
by it. The fix is executed {PROOF} times, each in a new Python, before it is shown. All runs but the first {_RUNS} see
the folder of the script privately; your files are never written.

exit status:
  {EXIT_FINISHED}    every draw repeats
  {EXIT_DIFFERS}    a draw differs
  {EXIT_USAGE}    wrong usage, or a Python that cannot be used
  {EXIT_NOT_RUN}    a run did not finish
  130  after Ctrl+C; 143 after SIGTERM; 129 when the terminal was closed"""


def add_why(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab why`` to ``parser``."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="a script.py of yours, or a preset")
    add_program_options(parser)
    add_choices(parser)
    parser.add_argument("--runs", metavar="N", default=str(_RUNS), help=f"runs as they are, first (default {_RUNS})")
    parser.add_argument("--draw", metavar="LABEL", action="append", default=[], help="look at this draw alone")
    parser.add_argument("--python", metavar="EXE", help="the Python that executes them")
    parser.add_argument(
        "--timeout", metavar="SECONDS", default=str(Settings().timeout_s), help="end a run that takes longer"
    )
    parser.add_argument("--jobs", metavar="N", help="how many runs go on at the same time (default: one a core)")
    parser.add_argument(
        "--proof",
        metavar="N",
        default=str(PROOF),
        help=f"cold runs in which a fix must repeat (default {PROOF}); 0 for no fix",
    )
    parser.add_argument("--fix", metavar="FILE", help="write the fix: as a script where it ends in .py, else as a diff")
    parser.add_argument("--json", metavar="FILE", help="write the document; “-” for standard output")
    parser.epilog = _EXAMPLES
    parser.set_defaults(command=why)


def why(options: argparse.Namespace) -> int:
    """Carry out ``seedlab why`` and return the exit status. Raise `SeedlabError` when it cannot be carried out."""
    runs = whole_number("runs", options.runs)
    if runs < 2:
        raise ChoiceError("runs", f"--runs cannot be {runs}: one run cannot differ.", "Give 2 or more.")
    proof = whole_number("proof", options.proof)
    if proof < LEAST_PROOF and proof != 0:
        hint = f"Give {LEAST_PROOF} or more, or 0 to look for no fix."
        raise ChoiceError("proof", f"--proof cannot be {proof}: one run cannot differ.", hint)
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
            run_columns(columns, settings, options.python, interruption, agrees=options.yes, inquires=options.draw)
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
        raise ChoiceError("fix", "--fix takes one script or preset at a time.", "Name one of them.")
    if proof == 0:
        raise ChoiceError("fix", "With --proof 0 no fix is looked for.", "Leave out --proof 0, or --fix.")
    if name == "-":
        raise ChoiceError("fix", "--fix takes a file: the diff is in the report already.", "Name one.")
    check_fix_path(columns[0], path)
    check_writable(path)
    return path


def _fix_to_write(column: Column, influence: Influence, path: Path) -> bytes:
    """Return what is written to ``path``. Raise `ChoiceError` where there is nothing to write."""
    if influence.fix is not None:
        return fix_bytes(column, influence.fix, path)
    if influence.is_partial:
        raise ChoiceError("fix", "There is no fix to write: not all was tried.", "Let it go on to its end.")
    if all(draw.repeats for draw in influence.draws):
        raise ChoiceError("fix", "There is no fix to write: every draw repeats.", "Nothing is missing.")
    raise ChoiceError("fix", "There is no fix to write: none was found.", "What was tried is told above.")


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
