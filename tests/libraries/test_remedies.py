"""What libraries state that a person could write: the functions are there, and the sources and holds are known."""

import subprocess
import sys

from seedlab.inquiry.holds import ALL, FOLDER, LATER
from seedlab.libraries.registry import LIBRARIES
from seedlab.messages.fixes import no_fix_text
from seedlab.results.influence import NoFix
from seedlab.study.remedies import Argument, Holding, Hopeless, Remedy, SeedArgument, Seeding

PROGRAM = """
import functools, importlib, sys
for name in sys.argv[1:]:
    package, *rest = name.split(".")
    functools.reduce(getattr, rest, importlib.import_module(package))
"""


def remedies() -> list[Remedy]:
    return [each for library in LIBRARIES.libraries for each in getattr(library.part("remedies"), "REMEDIES", ())]


def test_every_function_is_there() -> None:
    """Those that older versions alone have are never written."""
    named = {
        function
        for each in remedies()
        if isinstance(each, Seeding | SeedArgument | Holding)
        for function in each.functions
    }
    # The eager mode's function under the name that TensorFlow 1 gives to a graph's is none of TensorFlow 2's.
    named -= {"tensorflow.set_random_seed"}
    assert len(named) > 15
    subprocess.run([sys.executable, "-c", PROGRAM, *sorted(named)], check=True, capture_output=True)


def test_every_hold_has_a_remedy_or_a_reason() -> None:
    seen_to = {each.hold for each in remedies() if isinstance(each, Holding | Argument | Hopeless) and each.hold}
    assert seen_to == {hold.name for hold in (*ALL, LATER)} | {FOLDER}


def test_every_reason_has_words() -> None:
    for code in {each.code for each in remedies() if isinstance(each, Hopeless)}:
        text = no_fix_text(NoFix(code=code, labels=("a",)), ())
        assert text.startswith("a has no fix. ")
        assert text != no_fix_text(NoFix(code="unknown", labels=("a",)), ())


def test_no_state_is_seeded_by_the_same_function_twice() -> None:
    seen = [
        (function, state)
        for each in remedies()
        if isinstance(each, Seeding)
        for function in each.functions
        for state in each.states
    ]
    assert len(seen) == len(set(seen))
