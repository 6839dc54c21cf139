"""The option for a cluster that executes the runs, and what cannot be asked for together with it."""

import argparse

from seedlab.engine.clusters import Cluster, check_cluster
from seedlab.engine.executors.executor import Start
from seedlab.errors import ChoiceError


def add_cluster_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--cluster`` to ``parser``."""
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="the Dask cluster that executes the runs, such as tcp://host:8786; --python is then a path on its workers",
    )


def cluster_from(options: argparse.Namespace) -> Cluster | None:
    """Return the cluster that ``options`` name; None where the runs are executed elsewhere.

    Raise `ChoiceError` where it is none, or does not go together with another option.
    """
    if options.cluster is None:
        return None
    check_cluster(options.cluster)
    start = getattr(options, "start", Start.COLD.value)
    if start not in (Start.AUTO.value, Start.COLD.value):
        what = f"--start cannot be “{start}” on a cluster: runs there are all cold."
        raise ChoiceError("start", what, "Leave it out.")
    return Cluster(options.cluster)
