"""``seedlab sweep``, which gives a seed many values, or makes many runs, and says how the draws are distributed."""

import argparse

from seedlab.cli.choices import add_choices
from seedlab.cli.clusters import add_cluster_option
from seedlab.cli.exits import EXIT_FINISHED, EXIT_UNFINISHED, EXIT_USAGE
from seedlab.cli.programs import add_program_options
from seedlab.engine.executors.executor import Start
from seedlab.phrases import sentence
from seedlab.session.settings import Settings

_EXAMPLES = sentence(
    "examples:\n"
    "  seedlab sweep train.py --seeds 0..299                       how lucky is the script's seed?\n"
    "  seedlab sweep train.py --turn seed=42 --seeds random:500    where it sets 42, everywhere\n"
    "  seedlab sweep train.py --turn default_rng@7 --seeds 0..99   the seed at one line\n"
    "  seedlab sweep train.py --runs 200                           as it is, again and again\n"
    "  seedlab sweep after-graph --seeds 0..9999 --draw op1        an experiment\n"
    "  seedlab sweep train.py --seeds 0..299 --draw loss --export loss.svg   its histogram, with the"
    " script's own seed\n"
    '  seedlab sweep train.py --seeds 0..99 --variant "--opt sgd" --variant "--opt adam" --draw loss\n'
    "  seedlab sweep train.py --turn seed=1 --seeds 0..9 --turn seed=2 --seeds 0..9   two seeds, as a grid\n"
    "\n"
    "The first run is of the script as it is. In all others every other source is held, and each sees"
    " the folder privately.\n"
    "What has ended is kept at once: the same command goes on where it was interrupted, and makes no"
    " run twice.\n"
    "\n"
    "exit status:\n"
    "  {exit_finished}    all runs finished, and everything was written\n"
    "  {exit_unfinished}    a run did not finish, --at-most left some out, or something could not be written\n"
    "  {exit_usage}    wrong usage, a Python that cannot be used, or effects that nobody agreed to\n"
    "  130  after Ctrl+C, with what there is until then; 143 after SIGTERM; 129 when the terminal was closed",
    exit_finished=EXIT_FINISHED,
    exit_unfinished=EXIT_UNFINISHED,
    exit_usage=EXIT_USAGE,
)


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab sweep`` to ``parser``."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=sentence("a script.py of yours, or a preset"))
    group = parser.add_argument_group(sentence("the sweep"))
    group.add_argument(
        "--turn",
        metavar="WHAT",
        action="append",
        default=[],
        help=sentence(
            "the seed that is turned: seed=42, DOOR@LINE, DOOR@FILE:LINE, or a choice of an experiment "
            "such as op-seed (default: the only one there is); twice for a grid of two"
        ),
    )
    group.add_argument(
        "--seeds",
        metavar="SEEDS",
        action="append",
        default=[],
        help=sentence("its values: 0..999, 1,2,42, or random:500, which are always the same; random:500:7 for others"),
    )
    group.add_argument("--runs", metavar="N", help=sentence("in place of --seeds: as many runs of the script as it is"))
    group.add_argument(
        "--draw",
        metavar="LABEL",
        action="append",
        default=[],
        help=sentence("tell of this draw; LABEL[3] is its element 3"),
    )
    group.add_argument("--at-most", metavar="TIME", help=sentence("stop after 90s, 10m or 2h"))
    group.add_argument(
        "--until", metavar="WIDTH", help=sentence("stop when the 95 %% interval of the mean of --draw is no wider")
    )
    group.add_argument(
        "--better", choices=["lower", "higher"], help=sentence("which values are (default: by the draw's name)")
    )
    group.add_argument(
        "--keep", metavar="FOLDER", help=sentence("keep the results here (default: where seedlab keeps its data)")
    )
    add_program_options(parser)
    add_choices(parser)
    parser.add_argument(
        "--python", metavar="EXE", help=sentence("the Python that executes them, here or ssh://host/path")
    )
    add_cluster_option(parser)
    parser.add_argument(
        "--timeout", metavar="SECONDS", default=str(Settings().timeout_s), help=sentence("end a run that takes longer")
    )
    parser.add_argument(
        "--jobs", metavar="N", help=sentence("how many runs go on at the same time (default: one a core)")
    )
    parser.add_argument(
        "--start",
        choices=[start.value for start in Start],
        default=Settings().start,
        help=sentence("how a run is started"),
    )
    parser.add_argument("--json", metavar="FILE", help=sentence("write all runs as JSON; “-” for standard output"))
    parser.add_argument(
        "--export",
        metavar="FILE",
        help=sentence("draw the histogram of --draw, with the script's own seed: .png, .svg or .pdf"),
    )
    parser.epilog = _EXAMPLES
    parser.set_defaults(command=sweep)


def sweep(options: argparse.Namespace) -> int:
    """Carry out ``seedlab sweep`` and return the exit status. Raise `SeedlabError` when it cannot be carried out."""
    # Only now: what keeps its runs takes a tenth of a second to import, and 50 MB.
    from seedlab.cli.sweeping import carry_out

    return carry_out(options)
