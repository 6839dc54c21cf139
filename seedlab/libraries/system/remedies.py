"""What keeps the process's own surroundings the same, and what no seed reaches."""

from seedlab.study.remedies import Holding, Hopeless

REMEDIES = (
    Holding(hold="hash secret", setting=("PYTHONHASHSEED", "0")),
    Holding(hold="folder", is_by_hand=True),
    Hopeless(code="uuid", doors=("os.urandom",), through=("uuid4",)),
    Hopeless(code="system-entropy", doors=("os.urandom",)),
    Hopeless(code="clock", hold="clock"),
    Hopeless(code="clock", hold="later-clock"),
    Hopeless(code="addresses", hold="addresses"),
)
