"""``seedlab sweep``, which gives a seed many values, or makes many runs, and says how the draws are distributed."""

import argparse

from seedlab.cli.choices import add_choices
from seedlab.cli.clusters import add_cluster_option
from seedlab.cli.exits import EXIT_FINISHED, EXIT_UNFINISHED, EXIT_USAGE
from seedlab.cli.programs import add_program_options
from seedlab.engine.executors.executor import Start
from seedlab.session.settings import Settings

_EXAMPLES = f"""\
examples:
  seedlab sweep train.py --seeds 0..299                       how lucky is the script's seed?
  seedlab sweep train.py --turn seed=42 --seeds random:500    where it sets 42, everywhere
  seedlab sweep train.py --turn default_rng@7 --seeds 0..99   the seed at one line
  seedlab sweep train.py --runs 200                           as it is, again and again
  seedlab sweep after-graph --seeds 0..9999 --draw op1        an experiment
  seedlab sweep train.py --seeds 0..299 --draw loss --export loss.svg   its histogram, with the script's own seed
  seedlab sweep train.py --seeds 0..99 --variant "--opt sgd" --variant "--opt adam" --draw loss
  seedlab sweep train.py --turn seed=1 --seeds 0..9 --turn seed=2 --seeds 0..9   two seeds, as a grid

The first run is of the script as it is. In all others every other source is held, and each sees the folder privately.
What has ended is kept at once: the same command goes on where it was interrupted, and makes no run twice.

exit status:
  {EXIT_FINISHED}    all runs finished, and everything was written
  {EXIT_UNFINISHED}    a run did not finish, --at-most left some out, or something could not be written
  {EXIT_USAGE}    wrong usage, a Python that cannot be used, or effects that nobody agreed to
  130  after Ctrl+C, with what there is until then; 143 after SIGTERM; 129 when the terminal was closed"""


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab sweep`` to ``parser``."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="a script.py of yours, or a preset")
    group = parser.add_argument_group("the sweep")
    group.add_argument(
        "--turn",
        metavar="WHAT",
        action="append",
        default=[],
        help="the seed that is turned: seed=42, DOOR@LINE, DOOR@FILE:LINE, or a choice of an experiment such as "
        "op-seed (default: the only one there is); twice for a grid of two",
    )
    group.add_argument(
        "--seeds",
        metavar="SEEDS",
        action="append",
        default=[],
        help="its values: 0..999, 1,2,42, or random:500, which are always the same; random:500:7 for others",
    )
    group.add_argument("--runs", metavar="N", help="in place of --seeds: as many runs of the script as it is")
    group.add_argument(
        "--draw", metavar="LABEL", action="append", default=[], help="tell of this draw; LABEL[3] is its element 3"
    )
    group.add_argument("--at-most", metavar="TIME", help="stop after 90s, 10m or 2h")
    group.add_argument(
        "--until", metavar="WIDTH", help="stop when the 95 %% interval of the mean of --draw is no wider"
    )
    group.add_argument("--better", choices=["lower", "higher"], help="which values are (default: by the draw's name)")
    group.add_argument("--keep", metavar="FOLDER", help="keep the results here (default: where seedlab keeps its data)")
    add_program_options(parser)
    add_choices(parser)
    parser.add_argument("--python", metavar="EXE", help="the Python that executes them, here or ssh://host/path")
    add_cluster_option(parser)
    parser.add_argument(
        "--timeout", metavar="SECONDS", default=str(Settings().timeout_s), help="end a run that takes longer"
    )
    parser.add_argument("--jobs", metavar="N", help="how many runs go on at the same time (default: one a core)")
    parser.add_argument(
        "--start", choices=[start.value for start in Start], default=Settings().start, help="how a run is started"
    )
    parser.add_argument("--json", metavar="FILE", help="write all runs as JSON; “-” for standard output")
    parser.add_argument(
        "--export", metavar="FILE", help="draw the histogram of --draw, with the script's own seed: .png, .svg or .pdf"
    )
    parser.epilog = _EXAMPLES
    parser.set_defaults(command=sweep)


def sweep(options: argparse.Namespace) -> int:
    """Carry out ``seedlab sweep`` and return the exit status. Raise `SeedlabError` when it cannot be carried out."""
    # Only now: what keeps its runs takes a tenth of a second to import, and 50 MB.
    from seedlab.cli.sweeping import carry_out

    return carry_out(options)
