"""The commands. Opening the window is left to the caller of `main`."""

import argparse
import asyncio
import re
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn, get_args

import msgspec

from seedlab import APPLICATION_NAME, __version__
from seedlab.documents.document import to_json
from seedlab.documents.reading import read_lab, read_script
from seedlab.documents.whole_files import write_whole
from seedlab.engine.batch import Batch, BatchRequest, default_jobs
from seedlab.engine.executors.auto import Start, Starter
from seedlab.engine.executors.cold import DEFAULT_TIMEOUT_S
from seedlab.engine.pythons import ask_versions, find_executable, require
from seedlab.errors import ChoiceError, SeedlabError
from seedlab.export.files import ENDINGS, check_folder, check_path, write_export
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES, check_batch, script_of
from seedlab.results.environment import Interpreter
from seedlab.results.run import Outcome, Run
from seedlab.session.arrangement import numbered
from seedlab.session.picture_options import (
    MAX_SCALE,
    MAX_SIDE,
    MIN_SCALE,
    MIN_SIDE,
    PAPERS,
    SIZES,
    PictureOptions,
    Size,
)
from seedlab.study.controls import Control
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.family import Family
from seedlab.study.lab import Column, Lab, Look

EXIT_FINISHED, EXIT_UNFINISHED, EXIT_USAGE = 0, 1, 2

_DOCUMENTS = "a .seedlab or .json document, a picture that seedlab exported, or a script.py of yours"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"seedlab: {message}. Try “{self.prog} --help”.\n")


def main(arguments: Sequence[str], open_window: Callable[[str | None, Path | None], int]) -> int:
    """Carry out the command line ``arguments`` and return the exit status: 0, 1 or 2.

    ``open_window`` is called, with the name of the interpreter or None and the path of the document or
    None, when no command is given, and by ``open``.
    """
    try:
        parser = _parser()
        options, rest = parser.parse_known_args(arguments)
        # A name may also come after an option.
        if rest and not (hasattr(options, "names") and all(name[:1] != "-" for name in rest)):
            parser.error(f"not understood: {' '.join(rest)}")
        if rest:
            options.names += rest
        if options.command is None:
            return open_window(options.python, _document(options))
        return int(options.command(options))
    except SeedlabError as error:
        print(f"{APPLICATION_NAME}: {error}", file=sys.stderr)
        return EXIT_USAGE
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        sys.stderr.close()
        return EXIT_UNFINISHED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=APPLICATION_NAME,
        description="See why seeded numbers still change. Without a command, opens the window.",
    )
    endings = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
    parser.add_argument("--version", action="version", version=f"{APPLICATION_NAME} {__version__}")
    parser.add_argument("--python", metavar="EXE", help="the Python that executes the runs")
    parser.set_defaults(command=None, document=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    listing = commands.add_parser("list", help="name the presets")
    listing.set_defaults(command=_list)

    script = commands.add_parser("script", help="print the script of an experiment")
    script.add_argument("name", nargs="?", metavar="NAME", help=f"a preset: {', '.join(PRESETS)}")
    _add_choices(script)
    script.set_defaults(command=_script)

    run = commands.add_parser("run", help="run experiments in fresh processes and compare what they draw")
    run.add_argument(
        "names", nargs="*", metavar="NAME", help=f"a preset ({', '.join(PRESETS)}), or a script.py of yours"
    )
    _add_choices(run)
    run.add_argument("--runs", default="3", help="how many fresh processes execute each script (default 3)")
    run.add_argument("--python", metavar="EXE", default=argparse.SUPPRESS, help="the Python that executes them")
    run.add_argument("--timeout", default=str(DEFAULT_TIMEOUT_S), metavar="SECONDS", help="end a run that takes longer")
    run.add_argument("--jobs", default=str(default_jobs()), help="runs at once (default: as many as there are cores)")
    run.add_argument(
        "--start", choices=[start.value for start in Start], default="auto", help="how a run gets its fresh process"
    )
    run.add_argument("--json", metavar="FILE", help="write the document; “-” for standard output instead of the table")
    run.add_argument("--export", metavar="FILE", action="append", default=[], help=f"write {endings}; may be repeated")
    _add_picture_options(run)
    run.set_defaults(command=_run)

    opening = commands.add_parser(
        "open", help="open the window with a document, a picture that has one inside, or a script"
    )
    opening.add_argument("document", metavar="FILE", help=_DOCUMENTS)
    opening.add_argument("--python", metavar="EXE", default=argparse.SUPPRESS, help="the Python that executes the runs")

    export = commands.add_parser("export", help="write a document in other forms, without running anything")
    export.add_argument("document", metavar="FILE", help=_DOCUMENTS)
    export.add_argument("--to", metavar="OUT", action="append", required=True, help=f"write {endings}; may be repeated")
    _add_picture_options(export)
    export.set_defaults(command=_export)
    return parser


def _add_picture_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how a picture is drawn")
    group.add_argument(
        "--size", metavar="SIZE", default="natural", help=f"{', '.join(SIZES)}, or WIDTHxHEIGHT in pixels of the layout"
    )
    group.add_argument("--scale", default="2", help="pixels for each pixel of the layout, 1 to 4 (default 2; PNG only)")
    group.add_argument("--paper", choices=PAPERS, default="light", help="what is behind")
    group.add_argument("--look", choices=get_args(Look), help="how values are drawn (default: as the document says)")
    group.add_argument("--no-script", action="store_true", help="without the scripts and what each line did")
    group.add_argument("--no-data", action="store_true", help="without the data inside that would open it again")


def _add_choices(parser: argparse.ArgumentParser) -> None:
    """Add an option for the library, and one for every choice of every library, as its control describes it."""
    group = parser.add_argument_group("choices of the experiment")
    group.add_argument("--library", metavar="…", help=f"one of: {', '.join(FAMILIES)}")
    controls: dict[str, list[Control]] = {}
    for family in FAMILIES.values():
        for control in family.controls:
            controls.setdefault(control.name, []).append(control)
    for same in controls.values():
        titles = " or ".join(dict.fromkeys(control.title.lower() for control in same))
        takes = "; or ".join(dict.fromkeys(control.takes for control in same if control.takes))
        about = f"{titles}: {takes}" if takes else titles
        group.add_argument(same[0].option, dest=same[0].name, metavar="…", help=about.replace("%", "%%"))


# --- experiments from options ------------------------------------------------------------------


def _experiment(name: str | None, options: argparse.Namespace) -> Experiment:
    """The preset ``name``, or the default of ``--library``, with the choices of ``options`` put in."""
    if name is not None and name not in PRESETS:
        names = ", ".join(PRESETS)
        raise ChoiceError("preset", f"There is no preset “{name}”.", f"Choose one of: {names}; or name a script.py.")
    if name is not None:
        experiment = PRESETS[name].experiment
        if options.library not in (None, experiment.library):
            raise ChoiceError(
                "library", f"The preset “{name}” has its own library.", "Leave out the preset or --library."
            )
    else:
        library = options.library or "tensorflow-graph"
        if library not in FAMILIES:
            raise ChoiceError("library", f"There is no library “{library}”.", f"Choose one of: {', '.join(FAMILIES)}.")
        experiment = FAMILIES[library].default
    return experiment.choose(**_given_choices(FAMILIES[experiment.library], options))


def _given_choices(family: Family, options: argparse.Namespace) -> dict[str, Choice]:
    """Return the choices that ``options`` give, as the controls of ``family`` read them."""
    names = dict.fromkeys(control.name for other in FAMILIES.values() for control in other.controls)
    given = {name: text for name in names if (text := getattr(options, name)) is not None}
    # What the library has no control for is refused with the library's own words.
    return {
        name: text if (control := family.control(name)) is None else control.read(text) for name, text in given.items()
    }


def _whole_number(field: str, option: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        shown = text if len(text) <= 40 else text[:40] + "…"
        raise ChoiceError(field, f"{option} must be a whole number, not “{shown}”.", "Use digits only.") from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise ChoiceError("timeout", f"--timeout cannot be “{text}”.", "Give a number of seconds above 0.")
    return seconds


def _document(options: argparse.Namespace) -> Path | None:
    """The document to open, which can be read: the window shall not open for one that cannot."""
    if options.document is None:
        return None
    path = Path(options.document)
    read_lab(path)
    return path


def _picture_options(options: argparse.Namespace) -> PictureOptions:
    try:
        scale = float(options.scale)
    except ValueError:
        scale = 0.0
    if not MIN_SCALE <= scale <= MAX_SCALE:
        advice = f"Give a number from {MIN_SCALE:g} to {MAX_SCALE:g}."
        raise ChoiceError("scale", f"--scale cannot be “{options.scale}”.", advice)
    return PictureOptions(
        size=SIZES.get(options.size) or _own_size(options.size),
        scale=scale,
        paper=options.paper,
        script=not options.no_script,
        document=not options.no_data,
    )


def _own_size(text: str) -> Size:
    sides = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text)
    width, height = map(int, sides.groups()) if sides else (0, 0)
    if not (MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE):
        advice = f"Choose {', '.join(SIZES)}, or WIDTHxHEIGHT, each from {MIN_SIDE} to {MAX_SIDE}."
        raise ChoiceError("size", f"--size cannot be “{text}”.", advice)
    return Size("own", width, height)


# --- commands ----------------------------------------------------------------------------------


def _list(_options: argparse.Namespace) -> int:
    width = max(map(len, PRESETS))
    for preset in PRESETS.values():
        print(f"{preset.name:<{width}}  {preset.title}")
    return EXIT_FINISHED


def _script(options: argparse.Namespace) -> int:
    if options.name is None and options.library is None:
        raise ChoiceError("preset", "No experiment is named.", f"Name a preset ({', '.join(PRESETS)}) or a --library.")
    sys.stdout.write(script_of(_experiment(options.name, options)).text)
    return EXIT_FINISHED


def _run(options: argparse.Namespace) -> int:
    runs = _whole_number("runs", "--runs", options.runs)
    jobs = _whole_number("jobs", "--jobs", options.jobs)
    if jobs < 1:
        raise ChoiceError("jobs", f"--jobs cannot be {jobs}.", "Choose 1 or more.")
    timeout_s = _seconds(options.timeout)
    columns = _columns(options, runs)
    pictures = _picture_options(options)
    for path in options.export:
        check_path(Path(path), len(columns))
    if options.json not in (None, "-"):
        check_folder(Path(options.json))
    executable = find_executable(options.python)
    request = BatchRequest(script="", executable=executable, runs=runs, jobs=jobs, timeout_s=timeout_s)
    columns = asyncio.run(_run_columns(columns, Start(options.start), request))
    lab = _looked_at(Lab.of(columns), options)
    problem: SeedlabError | None = None
    # First the files: who reads the table may stop reading in the middle.
    writers: list[Callable[[], None]] = [partial(write_export, lab, Path(path), pictures) for path in options.export]
    if options.json not in (None, "-"):
        writers.append(lambda: write_whole(Path(options.json), to_json(lab)))
    for write in writers:
        try:
            write()
        except SeedlabError as error:
            problem = problem or error
    if options.json == "-":
        sys.stdout.buffer.write(to_json(lab))
    else:
        from seedlab.analysis.analyst import analyse
        from seedlab.cli.terminal import print_columns

        print_columns(columns, analyse(columns))
    if problem is not None:
        raise problem
    finished = all(run.outcome is Outcome.FINISHED for column in columns for run in column.runs)
    return EXIT_FINISHED if finished else EXIT_UNFINISHED


def _export(options: argparse.Namespace) -> int:
    pictures = _picture_options(options)
    lab = _looked_at(read_lab(Path(options.document)), options)
    for path in options.to:
        check_path(Path(path), len(lab.columns))
    for path in options.to:
        write_export(lab, Path(path), pictures)
    return EXIT_FINISHED


def _looked_at(lab: Lab, options: argparse.Namespace) -> Lab:
    if options.look is None:
        return lab
    return msgspec.structs.replace(lab, view=msgspec.structs.replace(lab.view, look=options.look))


def _columns(options: argparse.Namespace, runs: int) -> list[Column]:
    names: list[str | None] = list(options.names)
    if not names and options.library is None:
        raise ChoiceError("preset", "No experiment is named.", f"Name a preset ({', '.join(PRESETS)}) or a --library.")
    columns = []
    for name in names or [None]:
        if name is not None and name.endswith(".py"):
            # Not the folders: they are nobody's business who gets the picture.
            columns.append(Column(name=Path(name).name, experiment=None, script=read_script(Path(name))))
            continue
        experiment = _experiment(name, options)
        check_batch(experiment, runs)
        columns.append(
            Column(name=name or str(experiment["placement"]), experiment=experiment, script=script_of(experiment).text)
        )
    names_shown = numbered(column.name for column in columns)
    return [msgspec.structs.replace(column, name=shown) for column, shown in zip(columns, names_shown, strict=True)]


async def _run_columns(columns: list[Column], start: Start, options: BatchRequest) -> list[Column]:
    """Run ``columns`` one after the other; ``options`` is the request of each, but for its script."""
    starter = Starter(start, spares=options.jobs)
    try:
        # Importing begins while the versions are asked.
        starter.prepare(options.executable, columns[0].script)
        interpreter = await ask_versions(options.executable)
        for column in columns:
            if column.experiment is not None:
                require(interpreter, FAMILIES[column.experiment.library])
        finished = []
        for column in columns:
            request = msgspec.structs.replace(options, script=column.script)
            finished.append(await _run_column(column, interpreter, request, starter))
        return finished
    finally:
        await starter.close()


async def _run_column(column: Column, interpreter: Interpreter, request: BatchRequest, starter: Starter) -> Column:
    from seedlab.cli.terminal import progress

    ended: list[Run] = []
    with progress(column.name, request.runs) as advance:

        def on_run(run: Run) -> None:
            ended.append(run)
            advance()

        batch = Batch(request, starter, on_run)
        loop = asyncio.get_running_loop()
        # Ctrl+C ends the runs that go on; those that have finished are still compared.
        loop.add_signal_handler(signal.SIGINT, batch.cancel)
        try:
            await batch.run()
        finally:
            loop.remove_signal_handler(signal.SIGINT)
    return msgspec.structs.replace(column, interpreter=interpreter, runs=tuple(ended))
