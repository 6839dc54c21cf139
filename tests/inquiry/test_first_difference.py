"""Where two runs part, on a source that moves a draw."""

from pathlib import Path

from seedlab.inquiry.first_difference import first_difference
from tests.helpers.inquiring import draw_of, inquired


def test_what_moves_nothing_is_passed_over(tmp_path: Path) -> None:
    script = """
    import os, random
    os.urandom(4)
    def build():
        return random.Random()
    def main():
        generator = build()
        print("a:", generator.random())
    main()
    random.seed(3)
    print("b:", random.random())
    """
    inquiry = inquired(tmp_path, script)
    first, second = inquiry.free
    found = first_difference(first, second, draw_of(inquiry.influence, "a"), inquiry.influence)
    assert found is not None
    assert (found.event.line, found.number) == (5, 2)
    assert [(line, function) for _, line, function in found.event.stack] == [
        (5, "build"),
        (7, "main"),
        (9, "<module>"),
    ]
    assert first_difference(first, second, draw_of(inquiry.influence, "b"), inquiry.influence) is None


def test_other_seeds_are_a_difference(tmp_path: Path) -> None:
    script = "import random, time\nrandom.seed(time.time_ns())\nprint('a:', random.random())\n"
    inquiry = inquired(tmp_path, script)
    first, second = inquiry.free
    found = first_difference(first, second, draw_of(inquiry.influence, "a"), inquiry.influence)
    assert found is not None
    assert found.other is not None
    assert found.event.line == 2
    assert found.event.seed != found.other.seed
