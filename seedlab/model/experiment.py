"""An experiment: the frozen set of choices; and the kinds of control by which a choice is made."""

import msgspec

MAX_RUNS = 10_000
MAX_SAMPLE_SIZE = 1_000_000
MAX_DRAWS = 100
MAX_VALUES = 50_000_000
"""Values that all runs of a batch may draw together: about 400 MB."""
AUTO_DEVICE = "auto"


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one script does. Choices that a library's family has no control for keep the family's default."""

    library: str
    """Name of the family, as in `seedlab.model.families.FAMILIES`."""
    placement: str
    """Where the graph-level seed is set: one of the family's placements."""
    graph_seed: int = 0
    """The graph-level seed; for the Python and NumPy families, their one seed."""
    op_seed: int | None = None
    """Seed of the second op alone; None sets none."""
    device: str = AUTO_DEVICE
    """``"auto"`` leaves the choice to the library; else a device as TensorFlow names it: ``"CPU:0"``."""
    sample_size: int = 3
    """Values in one draw."""
    draws_per_op: int = 2
    """Draws of each op in each session; for the Python and NumPy families, draws in each half."""
    sessions: int = 1
    distribution: str = "normal"


class Placement(msgspec.Struct, frozen=True):
    """One place for the seed. ``name`` is what the command line takes, ``title`` what a person reads."""

    name: str
    title: str
    about: str
    """One sentence: what setting the seed here means."""
    also: tuple[str, ...] = ()
    """Names of the earlier placements at which the seed is set as well."""


class Station(msgspec.Struct, frozen=True):
    """A step of the script between placements on the timeline, such as ``with tf.Graph()``."""

    title: str


class IntegerControl(msgspec.Struct, frozen=True, kw_only=True):
    """A whole number within limits that the library, or reason, sets. ``optional`` allows None as well."""

    field: str
    title: str
    about: str
    minimum: int
    maximum: int
    optional: bool = False


class ChoiceControl(msgspec.Struct, frozen=True, kw_only=True):
    """One of a few named choices."""

    field: str
    title: str
    about: str
    choices: tuple[str, ...]


class DeviceControl(msgspec.Struct, frozen=True, kw_only=True):
    """A device of the interpreter; which there are is known only once it was asked."""

    field: str
    title: str
    about: str


Control = IntegerControl | ChoiceControl | DeviceControl
