"""Where two runs part, on a source that moves a draw."""

from pathlib import Path

from msgspec.structs import replace

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


def test_runs_do_not_part_on_a_draw_that_repeats_though_threads_reach_its_seeds_in_another_order(
    tmp_path: Path,
) -> None:
    script = """
    import random
    drawn = [random.Random(number).random() for number in range(2)]
    print("sum:", sum(drawn))
    """
    inquiry = inquired(tmp_path, script)
    draw = draw_of(inquiry.influence, "sum")
    assert draw.repeats
    assert draw.moved_by
    first, second = inquiry.free
    swapped = replace(second, trace=second.trace[::-1])
    assert first_difference(first, swapped, draw, inquiry.influence) is None
