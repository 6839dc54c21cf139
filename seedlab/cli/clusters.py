"""The option for a cluster that executes the runs, what does not go with it, and folders that are sent elsewhere."""

import argparse

from seedlab.engine.clusters import Cluster, check_cluster
from seedlab.engine.executors.executor import Start
from seedlab.engine.request import RunRequest
from seedlab.engine.sent_folders import check_agreed, is_sent, place_of
from seedlab.errors import ChoiceError
from seedlab.phrases import sentence


def add_cluster_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--cluster`` to ``parser``."""
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help=sentence(
            "the Dask cluster that executes the runs, such as tcp://host:8786; --python is then a path on its workers"
        ),
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
        what = sentence("--start cannot be “{start}” on a cluster: runs there are all cold.", start=start)
        raise ChoiceError("start", what, sentence("Leave it out."))
    return Cluster(options.cluster)


def window_python(options: argparse.Namespace) -> str | None:
    """Return the Python that the window begins with, which may be one of a cluster's workers. Raise `ChoiceError`."""
    cluster = None if options.cluster is None else cluster_from(options)
    python: str | None = options.python
    return python if cluster is None else cluster.executable(python)


def check_sent(request: RunRequest, cluster: Cluster | None, *, is_agreed: bool) -> None:
    """Raise `RunRefusedError` where a folder would be sent elsewhere that is too large, or nobody agrees to."""
    if is_sent(request):
        check_agreed(request, place_of(request) if cluster is None else cluster.address, is_agreed=is_agreed)
