"""Sources of randomness in real processes: each is seen, with its line; held, it repeats; turned, it alone changes."""

import asyncio
import sys
import textwrap

import pytest

from seedlab.engine.executors.cold import ColdExecutor
from seedlab.engine.request import RunRequest
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Source

TAKEN = {
    "random": ("import random", "random.random()"),
    "random.seed": ("import random; random.seed()", "random.random()"),
    "random.Random": ("import random", "random.Random().random()"),
    "random.SystemRandom": ("import secrets", "secrets.randbelow(2**60)"),
    "os.urandom": ("import uuid", "uuid.uuid4().int % 2**60"),
    "numpy.random": ("import numpy as np", "np.random.rand()"),
    "numpy.random.seed": ("import numpy as np; np.random.seed()", "np.random.rand()"),
    "numpy.random.RandomState": ("import numpy as np", "np.random.RandomState().rand()"),
    "numpy.random.RandomState.seed": (
        "import numpy as np; r = np.random.RandomState(1); r.seed()",
        "r.rand()",
    ),
    "numpy.random.default_rng": ("import numpy as np", "np.random.default_rng().random()"),
    "numpy.random.PCG64": ("import numpy as np", "np.random.Generator(np.random.PCG64()).random()"),
    "numpy.random.SeedSequence": ("import numpy as np", "np.random.SeedSequence().entropy % 2**60"),
}
SET = {
    "random.seed": ("import random; random.seed(5)", "random.random()"),
    "random.Random": ("import random", "random.Random(5).random()"),
    "random.setstate": (
        "import random; state = random.Random(5).getstate(); random.setstate(state)",
        "random.random()",
    ),
    "numpy.random.seed": ("import numpy as np; np.random.seed(5)", "np.random.rand()"),
    "numpy.random.RandomState": ("import numpy as np", "np.random.RandomState(5).rand()"),
    "numpy.random.RandomState.seed": (
        "import numpy as np; r = np.random.RandomState(1); r.seed(5)",
        "r.rand()",
    ),
    "numpy.random.default_rng": ("import numpy as np", "np.random.default_rng(5).random()"),
    "numpy.random.Philox": ("import numpy as np", "np.random.Generator(np.random.Philox(key=5)).random()"),
    "numpy.random.MT19937": ("import numpy as np", "np.random.Generator(np.random.MT19937(seed=5)).random()"),
    "numpy.random.SeedSequence": ("import numpy as np", "np.random.SeedSequence(5).generate_state(1)[0]"),
}


def made(script: str, *, holds: tuple[str, ...] = (), turns: tuple[str, ...] = ()) -> Run:
    """Return a cold run of ``script``, which must finish without a note."""
    request = RunRequest(script=textwrap.dedent(script), executable=sys.executable, holds=holds, turns=turns)
    run = asyncio.run(ColdExecutor().run(request))
    assert (run.outcome, run.notes) == (Outcome.FINISHED, ()), run.details
    return run


def sources(run: Run) -> list[tuple[str, str, int | None]]:
    """Return each source once: how often entropy is asked for may depend on what came of it."""
    found = [(event.kind, event.door, event.line) for event in run.trace if isinstance(event, Source)]
    return list(dict.fromkeys(found))


def values(run: Run) -> list[object]:
    return [draw.array.tolist() for draw in run.draws]


@pytest.mark.parametrize("door", TAKEN)
def test_entropy_is_seen_where_it_is_taken_and_repeats_while_it_is_held(door: str) -> None:
    before, drawing = TAKEN[door]
    script = f"{before}\nprint('x:',\n      {drawing})\n"
    free = made(script)
    line = 1 if ".seed()" in before else 3
    assert ("taken", door, line) in sources(free)
    held = [made(script, holds=("sources",)) for _ in range(2)]
    assert sources(held[0]) == sources(free)
    assert values(held[0]) == values(held[1]) != values(free)
    turned = made(script, holds=("sources",), turns=(f"1 taken {door} :{line}",))
    assert values(turned) not in (values(free), values(held[0]))


@pytest.mark.parametrize("door", SET)
def test_a_seed_is_seen_where_it_is_set_and_stays_unless_it_is_turned(door: str) -> None:
    before, drawing = SET[door]
    script = f"{before}\nprint('x:', {drawing})\n"
    free = made(script)
    line = next(line for kind, each, line in sources(free) if (kind, each) == ("set", door))
    held = made(script, holds=("sources",))
    assert values(free) == values(held)
    turned = [made(script, holds=("sources",), turns=(f"{number} set {door} :{line}",)) for number in (1, 1, 2)]
    assert values(turned[0]) == values(turned[1])
    assert values(turned[0]) not in (values(free), values(turned[2]))


def test_numpys_state_is_seen_where_a_library_asks_for_it() -> None:
    """As scikit-learn does, which is given no seed (sklearn/utils/validation.py, check_random_state)."""
    script = """
    import types, numpy as np
    state = np.random.mtrand._rand
    print("x:", state.rand())
    print("same:", np.random.mtrand._rand is state, isinstance(np.random.mtrand, types.ModuleType))
    print("type:", type(np.random.mtrand), np.random.mtrand)
    np.random.mtrand._rand = other = np.random.RandomState(1)
    print("set:", np.random.mtrand._rand is other)
    """
    free = made(script)
    assert ("taken", "numpy.random", 3) in sources(free)
    assert "same: True True" in free.text
    assert "type: <class 'module'> <module 'numpy.random.mtrand'" in free.text
    assert "set: True" in free.text
    held = [made(script, holds=("sources",)) for _ in range(2)]
    assert values(held[0]) == values(held[1]) != values(free)
    turned = made(script, holds=("sources",), turns=("1 taken numpy.random :3",))
    assert values(turned) not in (values(free), values(held[0]))
    seeded = [made(script.replace("state =", "np.random.seed(5); state =")) for _ in range(2)]
    assert values(seeded[0]) == values(seeded[1])
    assert sources(seeded[0])[:1] == [("set", "numpy.random.seed", 3)]
    assert "taken" not in {kind for kind, _, _ in sources(seeded[0])}


def test_each_source_is_turned_alone() -> None:
    script = """
    import random, numpy as np
    random.seed(1)
    generator = np.random.default_rng()
    print("a:", random.random())
    print("b:", generator.random())
    """
    held = made(script, holds=("sources",))
    for turn, moved in (("set random.seed :3", 0), ("taken numpy.random.default_rng :4", 1)):
        turned = made(script, holds=("sources",), turns=(f"1 {turn}",))
        assert [mine != other for mine, other in zip(values(held), values(turned), strict=True)] == [
            moved == 0,
            moved == 1,
        ]


def test_the_stack_and_the_function_of_the_library_are_told() -> None:
    script = """
    import random, uuid
    def seed_everything(seed):
        random.seed(seed)
    def main():
        seed_everything(3)
        return uuid.uuid4()
    main()
    """
    seeded, taken = (event for event in made(script).trace if isinstance(event, Source))
    assert seeded.stack == ((None, 4, "seed_everything"), (None, 6, "main"), (None, 8, "<module>"))
    assert (taken.line, taken.through) == (7, "uuid.uuid4")


def test_what_libraries_take_for_themselves_is_neither_told_nor_held() -> None:
    script = """
    import tempfile, ssl, multiprocessing
    tempfile.mkdtemp()
    ssl.RAND_bytes(4)
    multiprocessing.current_process().authkey
    """
    assert sources(made(script, holds=("sources",))) == []


def test_a_clock_that_the_script_reads_ticks_where_it_is_held() -> None:
    script = "import time\nfor _ in range(3):\n    print('t:', time.time())\nprint('n:', time.time_ns())\n"
    assert sources(made(script)) == [("taken", "time.time", 3), ("taken", "time.time_ns", 4)]
    assert values(made(script)) != values(made(script))
    first, second = (made(script, holds=("clock",)) for _ in range(2))
    assert values(first) == values(second)
    assert len(set(map(str, values(first)))) == 4


def test_classes_stay_classes() -> None:
    script = """
    import copy, inspect, pickle
    import numpy as np
    class Mine(np.random.RandomState):
        def rand(self):
            return super().rand()
    state = np.random.RandomState(3)
    print("is class:", inspect.isclass(np.random.RandomState))
    print("instance:", isinstance(state, np.random.RandomState), isinstance(Mine(3), np.random.RandomState))
    print("subclass:", issubclass(Mine, np.random.RandomState), issubclass(int, np.random.RandomState))
    print("equal:", type(state) == np.random.RandomState, Mine.__mro__[1] == np.random.RandomState)
    print("pickled:", pickle.loads(pickle.dumps(state)).rand() == Mine(3).rand())
    print("class pickled:", pickle.loads(pickle.dumps(np.random.RandomState)) == np.random.RandomState)
    print("type:", type(state) is np.random.RandomState, pickle.loads(pickle.dumps(state)).seed(3) is None)
    print("state copied:", copy.deepcopy(np.random.RandomState(3)).rand() == np.random.RandomState(3).rand())
    print("copied:", copy.deepcopy(np.random.RandomState) == np.random.RandomState)
    print("name:", repr(np.random.RandomState), np.random.RandomState.__name__, np.random.RandomState.__module__)
    print("union:", isinstance(None, np.random.RandomState | None), isinstance(state, np.random.RandomState | None))
    """
    run = made(script)
    assert "False" not in run.text.replace("subclass: True False", "")
    assert "<class 'numpy.random.mtrand.RandomState'> RandomState numpy.random.mtrand" in run.text


def test_seeds_between_two_whole_numbers_are_told_apart() -> None:
    """Two seeds from the clock in one second were told as the same, and so as one that does not vary."""
    run = made("import random\nrandom.seed(1.25)\nrandom.seed(1.5)\nrandom.seed(2.0)\n")
    assert [event.seed for event in run.trace if isinstance(event, Source)] == ["1.25", "1.5", 2]


def test_in_a_plain_run_nothing_is_observed_but_what_is_printed() -> None:
    script = (
        "import random\nrandom.seed(1)\nprint('a:', random.random())\nprint('kind', type(random.random).__name__)\n"
    )
    request = RunRequest(script=script, executable=sys.executable, is_plain=True)
    run = asyncio.run(ColdExecutor().run(request))
    assert run.trace == ()
    assert [draw.label for draw in run.draws][:1] == ["a"]
    assert "kind builtin_function_or_method" in run.text
    assert "kind builtin_function_or_method" not in made(script).text
