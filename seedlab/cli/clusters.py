"""The option for a cluster that executes the runs, what does not go with it, and folders that are sent elsewhere."""

import argparse

from seedlab.engine.clusters import Cluster, check_cluster
from seedlab.engine.executors.executor import Start
from seedlab.engine.hosts import address_of, is_on_host
from seedlab.engine.request import RunRequest
from seedlab.engine.sent_folders import check_agreed
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


def check_sent(request: RunRequest, cluster: Cluster | None, *, is_agreed: bool) -> None:
    """Raise `RunRefusedError` where a folder would be sent elsewhere that is too large, or nobody agrees to."""
    if cluster is not None:
        check_agreed(request, cluster.address, is_agreed=is_agreed)
    elif is_on_host(request.executable):
        check_agreed(request, address_of(request.executable).place, is_agreed=is_agreed)
