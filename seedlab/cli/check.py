"""``seedlab check``, for machines that build: do all draws repeat in cold runs of the script as it is?"""

import argparse
import asyncio
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from seedlab.analysis.analyst import Analysis, ColumnAnalysis
from seedlab.analysis.headlines import READS_CLOCK
from seedlab.analysis.rows import Row, Verdict
from seedlab.cli.clusters import add_cluster_option, cluster_from
from seedlab.cli.exits import EXIT_DIFFERS, EXIT_FINISHED, EXIT_NOT_RUN, EXIT_USAGE
from seedlab.cli.interruption import Interruption
from seedlab.cli.numbers import seconds, whole_number
from seedlab.cli.programs import add_program_options, complain_of_effects, program_columns
from seedlab.cli.run import jobs_from
from seedlab.cli.running import run_columns
from seedlab.cli.streams import printing
from seedlab.cli.writing import File, analysed, path_named, write_files
from seedlab.documents.programs import is_script
from seedlab.documents.whole_files import check_writable, write_whole
from seedlab.documents.writing import to_json
from seedlab.engine.engine import interruptions
from seedlab.engine.executors.executor import Start
from seedlab.errors import ChoiceError
from seedlab.messages.findings import finding_text
from seedlab.messages.rows import verdict_text
from seedlab.messages.runs import changed_folder_text, problem_text
from seedlab.phrases import in_english, noted_plural, plural, sentence
from seedlab.plain_text import on_one_line, terminal_line
from seedlab.results.run import Outcome
from seedlab.session.settings import Settings
from seedlab.study.lab import Column, Lab
from seedlab.work import one_step

_RUNS = 5
_PATIENCE = 2
_EXAMPLES = sentence(
    "examples:\n"
    "  seedlab check train.py                             {runs} cold runs, each in a private view of"
    " the folder\n"
    "  seedlab check train.py --runs 10 -- --epochs 1     with what you would give it\n"
    "  seedlab check train.py --compare weights.npz       with a file that it writes\n"
    "  seedlab check -m package.train --junit report.xml  for a build machine\n"
    "\n"
    "exit status:\n"
    "  {exit_finished}    every draw repeats\n"
    "  {exit_differs}    a draw differs\n"
    "  {exit_usage}    wrong usage, or a Python that cannot be used\n"
    "  {exit_not_run}    a run did not finish\n"
    "  130  after Ctrl+C; 143 after SIGTERM; 129 when the terminal was closed",
    runs=_RUNS,
    exit_finished=EXIT_FINISHED,
    exit_differs=EXIT_DIFFERS,
    exit_usage=EXIT_USAGE,
    exit_not_run=EXIT_NOT_RUN,
)


def add_check(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab check`` to ``parser``."""
    parser.add_argument("names", nargs="*", metavar="SCRIPT", help=sentence("a script.py of yours"))
    add_program_options(parser)
    parser.add_argument(
        "--runs", metavar="N", default=str(_RUNS), help=sentence("how many cold runs (default {runs})", runs=_RUNS)
    )
    parser.add_argument(
        "--python", metavar="EXE", default=argparse.SUPPRESS, help=sentence("the Python that executes them")
    )
    add_cluster_option(parser)
    parser.add_argument(
        "--timeout", metavar="SECONDS", default=str(Settings().timeout_s), help=sentence("end a run that takes longer")
    )
    parser.add_argument(
        "--jobs", metavar="N", help=sentence("how many runs go on at the same time (default: one a core)")
    )
    parser.add_argument("--json", metavar="FILE", help=sentence("write the document; “-” for standard output"))
    parser.add_argument(
        "--junit", metavar="FILE", help=sentence("write a report for build machines, in the form of JUnit")
    )
    parser.epilog = _EXAMPLES
    parser.set_defaults(command=check)


def check(options: argparse.Namespace) -> int:
    """Carry out ``seedlab check`` and return the exit status. Raise `SeedlabError` when it cannot be carried out."""
    runs = whole_number("runs", options.runs)
    if runs < 2:
        raise ChoiceError(
            "runs", sentence("--runs cannot be {runs}: one run cannot differ.", runs=runs), sentence("Give 2 or more.")
        )
    settings = Settings(
        runs=runs,
        jobs=jobs_from(options.jobs),
        timeout_s=seconds("timeout", options.timeout),
        start=Start.COLD.value,
    )
    foreign = next((name for name in options.names if not is_script(name)), None)
    if foreign is not None:
        raise ChoiceError(
            "script",
            sentence("“{foreign}” is no script.", foreign=foreign),
            sentence("Name a script.py, or a module with -m."),
        )
    cluster = cluster_from(options)
    columns = program_columns(options.names, options, modules=options.module)
    if not columns:
        raise ChoiceError("script", sentence("No script is named."), sentence("Name a script.py, or a module with -m."))
    junit = None if options.junit is None else path_named("--junit", options.junit)
    json = None if options.json in (None, "-") else path_named("--json", options.json)
    for path in filter(None, (junit, json)):
        check_writable(path)
    interruption = Interruption()
    with interruptions(interruption.press):
        made = asyncio.run(
            run_columns(
                columns, settings, options.python, interruption, agrees=options.yes, is_private=True, cluster=cluster
            )
        )
        if interruption.times:
            return interruption.status
        if made.questions:
            complain_of_effects(made.questions)
            return EXIT_USAGE
        analysis = analysed(made.lab, interruption, _PATIENCE)
        is_written = write_files(_files(made.lab, analysis, json, junit), interruption, _PATIENCE)
        with printing():
            if options.json == "-":
                sys.stdout.buffer.write(to_json(made.lab, analysis.rows))
            else:
                sys.stdout.write("".join(f"{on_one_line(line)}\n" for line in _lines(made.lab, analysis)))
    return max(_status(made.lab, analysis), EXIT_FINISHED if is_written else EXIT_DIFFERS)


def _files(lab: Lab, analysis: Analysis, json: Path | None, junit: Path | None) -> list[File]:
    files = []
    if json is not None:
        files.append(File(json, lambda: one_step(lambda: write_whole(json, to_json(lab, analysis.rows)))))
    if junit is not None:
        files.append(File(junit, lambda: one_step(lambda: write_whole(junit, junit_report(lab, analysis)))))
    return files


def _status(lab: Lab, analysis: Analysis) -> int:
    if any(_unfinished(column) for column in lab.columns):
        return EXIT_NOT_RUN
    differs = any(differing(row) for rows in analysis.rows for row in rows)
    return EXIT_DIFFERS if differs else EXIT_FINISHED


def differing(row: Row) -> bool:
    """Return True when the draws of ``row`` do not repeat, or are not in every run."""
    return row.verdict is not Verdict.REPEATS or row.missing > 0


def _unfinished(column: Column) -> int:
    return sum(run.outcome is not Outcome.FINISHED for run in column.runs)


def _lines(lab: Lab, analysis: Analysis) -> Iterator[str]:
    """Yield a line for each column, for each of its draws that differs, and for each of its problems."""
    for column, analysed_column in zip(lab.columns, analysis.columns, strict=True):
        rows = analysed_column.summary.comparison.rows
        wrong = [row for row in rows if differing(row)]
        if wrong:
            one, many = noted_plural("{wrong} of {all} draws differs", "{wrong} of {all} draws differ")
            told = plural(one, many, len(wrong), wrong=len(wrong), all=len(rows))
        elif rows:
            told = plural("{all} draw repeats", "all {all} draws repeat", len(rows), all=len(rows))
        else:
            told = sentence("nothing was drawn")
        yield sentence(
            "{name}: {told} in {finished} of {runs} cold runs",
            name=column.name,
            told=told,
            finished=len(column.runs) - _unfinished(column),
            runs=len(column.runs),
        )
        yield from (f"  {row.label}: {verdict_text(row)}" for row in wrong)
        if READS_CLOCK in analysed_column.summary.headline.subtitle:
            yield f"  {finding_text(READS_CLOCK)}"
        changed = changed_folder_text(next((run.effects for run in column.runs if run.effects is not None), None))
        if changed and len(wrong) < len(rows):
            yield f"  {terminal_line(changed)}"
        yield from (f"  {problem_text(problem)}" for problem in analysed_column.summary.problems)


def junit_report(lab: Lab, analysis: Analysis) -> bytes:
    """Return a report in the form that JUnit made common: a suite for each column, a case for each of its draws."""
    root = ET.Element("testsuites", name="seedlab check")
    for column, analysed_column in zip(lab.columns, analysis.columns, strict=True):
        root.append(_suite(column, analysed_column))
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _verdict(row: Row) -> str:
    """Return the verdict in English: machines read the report."""
    with in_english():
        return verdict_text(row)


def _suite(column: Column, analysed_column: ColumnAnalysis) -> ET.Element:
    rows = analysed_column.summary.comparison.rows
    problems = [f"run {run.index}: {run.problem}" for run in column.runs if run.outcome is not Outcome.FINISHED]
    took = sum(run.seconds for run in column.runs)
    wrong = [row for row in rows if differing(row)]
    name = on_one_line(column.name)
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(rows) + len(problems)),
        failures=str(len(wrong)),
        errors=str(len(problems)),
        time=f"{took:.3f}",
    )
    for row in rows:
        case = ET.SubElement(suite, "testcase", classname=name, name=on_one_line(row.label))
        if differing(row):
            ET.SubElement(case, "failure", message=on_one_line(_verdict(row)))
    for problem in problems:
        case = ET.SubElement(suite, "testcase", classname=name, name="every run finishes")
        ET.SubElement(case, "error", message=on_one_line(problem))
    return suite
