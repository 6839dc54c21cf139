"""Which source moves which draw, found in real runs."""

from pathlib import Path

from seedlab.inquiry.influence import NOT_REACHED
from seedlab.messages.influence import cause_texts
from seedlab.results.influence import Influence
from tests.helpers.inquiring import draw_of, helping, inquired, lines_moving


def test_each_draw_is_moved_by_its_own_sources(tmp_path: Path) -> None:
    script = """
    import random
    import numpy as np
    random.seed(1)
    generator = np.random.default_rng()
    def seed_everything(seed):
        random.seed(seed)
        np.random.seed(seed)
    print("a:", random.random())
    print("b:", generator.random())
    seed_everything(4)
    print("c:", np.random.rand(3))
    print("d:", random.random() + generator.random())
    """
    found = inquired(tmp_path, script).influence
    assert [(source.kind, source.line, len(source.parts)) for source in found.sources] == [
        ("set", 4, 0),
        ("taken", 5, 0),
        ("set", 11, 2),
    ]
    assert [lines_moving(found, label) for label in "abcd"] == [[4], [5], [11], [5, 11]]
    assert [draw_of(found, label).repeats for label in "abcd"] == [True, False, True, False]
    assert found.residual == ()
    assert found.runs == 2 + 2 + 3 * 3


def test_what_is_found_is_known_as_soon_as_a_source_was_turned(tmp_path: Path) -> None:
    script = """
    import random
    random.seed(1)
    generator = random.Random()
    print("a:", random.random())
    print("b:", generator.random())
    """
    seen: list[Influence] = []
    found = inquired(tmp_path, script, on_more=seen.append).influence
    first, last = seen
    assert sorted(source.untried for source in first.sources) == ["", "it was not tried yet"]
    assert len([draw for draw in first.draws if draw.moved_by]) == 1
    assert [draw.moved_by for draw in last.draws] == [draw.moved_by for draw in found.draws] == [("s1",), ("s2",)]


def test_a_seed_that_is_made_from_another_is_followed(tmp_path: Path) -> None:
    script = """
    import random
    import numpy as np
    np.random.seed(random.randint(0, 2**31))
    print("a:", np.random.rand())
    """
    found = inquired(tmp_path, script).influence
    taken, derived = found.sources
    assert (taken.kind, derived.kind, derived.varies, derived.made_from) == ("taken", "set", True, (taken.id,))
    assert draw_of(found, "a").moved_by == (taken.id, derived.id)
    assert not draw_of(found, "a").repeats


def test_what_no_seed_decides_is_tried_by_holding_the_surroundings(tmp_path: Path) -> None:
    script = """
    import random, time
    random.seed(time.time_ns())
    print("clock:", random.random())
    print("hashes:", [hash(str(number)) % 1000 for number in range(5)])
    print("addresses:", id(object()) // 16)
    print("both:", hash("a") + time.time_ns())
    print("none:", 5)
    """
    inquiry = inquired(tmp_path, script)
    found = inquiry.influence
    assert helping(found, "clock") == ("clock",)
    assert helping(found, "hashes") == ("hash secret",)
    # Where a process may not choose its addresses, they could not be tried, and that is said.
    if "addresses" not in inquiry.could_not_be_tried:
        assert helping(found, "addresses") == ("addresses",)
    assert set(helping(found, "both") or ()) == {"clock", "hash secret"}
    assert helping(found, "none") is None
    assert lines_moving(found, "clock") == [3]


def test_what_nothing_explains_is_not_known(tmp_path: Path) -> None:
    # No door sees what the system's files give.
    script = """
    with open("/dev/urandom", "rb") as file:
        print("a:", list(file.read(8)))
    import random
    random.seed(1)
    print("b:", random.random())
    """
    found = inquired(tmp_path, script).influence
    assert draw_of(found, "a").unexplained
    assert draw_of(found, "a").moved_by == ()
    assert helping(found, "a") == ()
    assert lines_moving(found, "b") == [5]


def test_few_values_are_not_taken_for_unmoved(tmp_path: Path) -> None:
    script = """
    import random
    random.seed(1)
    generator = random.Random()
    print("coin:", generator.random() < 0.5)
    print("seeded:", random.random() < 0.5)
    print("fixed:", 7)
    """
    found = inquired(tmp_path, script).influence
    first, second = (source.id for source in found.sources)
    coin, seeded, fixed = (draw_of(found, label) for label in ("coin", "seeded", "fixed"))
    # By chance a coin may stay the same in all turns: then it is not said that it does not move.
    assert second in (*coin.moved_by, *coin.not_seen)
    assert first in (*seeded.moved_by, *seeded.not_seen)
    assert (fixed.moved_by, fixed.not_seen) == ((), (first, second))


def test_draws_that_a_turn_makes_appear_or_vanish_are_said(tmp_path: Path) -> None:
    script = """
    import random
    random.seed(1)
    for number in range(random.randint(1, 1000)):
        print(f"x{number}:", number)
    """
    found = inquired(tmp_path, script).influence
    (source,) = found.sources
    assert any(draw.missing == (source.id,) for draw in found.draws)
    assert all(source.id in draw.moved_by or not draw.missing for draw in found.draws if draw.label == "x130")


def test_many_sources_are_turned_in_halves(tmp_path: Path) -> None:
    lines = "".join(f"r{number} = random.Random({number})\n" for number in range(40))
    script = f"import random\n{lines}print('a:', r7.random())\nprint('b:', r7.random() + r31.random())\n"
    inquiry = inquired(tmp_path, script)
    found = inquiry.influence
    assert (lines_moving(found, "a"), lines_moving(found, "b")) == ([9], [9, 33])
    assert found.runs < 2 + 2 + 3 * 40 / 1.5


def test_generators_that_a_loop_makes_are_one_source(tmp_path: Path) -> None:
    script = """
    import numpy as np
    total = sum(np.random.default_rng().random() for _ in range(300))
    print("total:", total)
    """
    found = inquired(tmp_path, script).influence
    (source,) = found.sources
    assert (source.line, source.count, lines_moving(found, "total")) == (3, 300, [3])


def test_a_source_whose_turn_breaks_the_script_is_said_to_be_untried(tmp_path: Path) -> None:
    script = """
    import random
    import numpy as np
    np.random.seed(3)
    random.seed(5)
    assert 0.6 < random.random() < 0.63
    print("a:", np.random.rand())
    """
    found = inquired(tmp_path, script).influence
    first, second = found.sources
    assert (first.untried, lines_moving(found, "a")) == ("", [4])
    assert "did not finish" in second.untried


def test_an_inquiry_that_is_stopped_says_what_was_not_tried(tmp_path: Path) -> None:
    script = "import random\nrandom.seed(1)\nprint('a:', random.random())\n"
    found = inquired(tmp_path, script, most_plans=1).influence
    assert [source.untried for source in found.sources] == ["it was not tried yet"]
    assert draw_of(found, "a").moved_by == ()


def test_only_the_draws_that_are_asked_for_are_looked_at(tmp_path: Path) -> None:
    script = "import os\nprint('a:', list(os.urandom(8)))\nprint('b:', hash('x'))\n"
    found = inquired(tmp_path, script, labels=["a"]).influence
    assert [draw.label for draw in found.draws] == ["a"]
    assert found.residual == ()


def test_the_folder_of_the_script_is_left_as_the_free_runs_left_it(tmp_path: Path) -> None:
    script = """
    import random
    with open("log.txt", "a") as file:
        file.write("run\\n")
    with open("log.txt") as file:
        print("lines:", len(file.readlines()))
    print("a:", random.random())
    """
    found = inquired(tmp_path, script, is_private=False).influence
    assert (tmp_path / "log.txt").read_text(encoding="utf-8") == "run\n" * 2
    assert lines_moving(found, "a") == [7]
    # Each of the other runs starts from the same folder; that the free ones did not is no seed's doing.
    assert draw_of(found, "lines").moved_by == ()
    assert helping(found, "lines") == ("folder",)


def test_threads_that_draw_from_one_state_are_seen(tmp_path: Path) -> None:
    script = """
    import random, threading
    random.seed(1)
    found = []
    def work(name, mine, other):
        for _ in range(20):
            mine.wait()
            mine.clear()
            found.append((name, random.random()))
            other.set()
    events = [threading.Event(), threading.Event()]
    threads = [threading.Thread(target=work, args=(n, events[n], events[1 - n])) for n in range(2)]
    events[0].set()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("mine:", sum(value for name, value in found if name == 0))
    """
    found = inquired(tmp_path, script).influence
    # Here they take turns, which nobody sees from outside.
    assert [(each.library, each.state, each.threads) for each in found.shared] == [("python", "global", 2)]
    assert lines_moving(found, "mine") == [3]
    text = " ".join(cause_texts(["mine"], draw_of(found, "mine"), found.sources, (), found.shared))
    assert "2 threads draw from Python's random: unless they take turns, that can differ." in text


def test_a_seed_from_the_clock_is_none_though_all_runs_were_made_in_one_second(tmp_path: Path) -> None:
    script = """
    import random, time
    # So coarse that all runs of this test see the same.
    random.seed(int(time.time()) // 500000)
    print("a:", random.random())
    started = time.time()
    print("took:", time.time() - started < 60)
    """
    found = inquired(tmp_path, script).influence
    assert helping(found, "a") == ("later-clock",)
    assert not draw_of(found, "a").repeats
    assert draw_of(found, "took").repeats
    assert [source.varies for source in found.sources] == [True]
    (text, *_) = cause_texts(["a"], draw_of(found, "a"), found.sources, ("later-clock",))
    assert text == (
        "a was the same in the runs as they are, but comes from the clock, by the seed at line 4: "
        "at another time it is another one."
    )


def test_a_source_that_only_the_first_run_came_to_is_not_said_to_move_nothing(tmp_path: Path) -> None:
    script = """
    import os, random
    if not os.path.exists("split.txt"):
        with open("split.txt", "w") as file:
            file.write(str(random.random()))
    print("split:", float(open("split.txt").read()))
    """
    inquiry = inquired(tmp_path, script, is_private=False)
    found = inquiry.influence
    (source,) = found.sources
    assert source.untried == NOT_REACHED
    (text,) = cause_texts(["split"], draw_of(found, "split"), found.sources, ())
    assert text == "split was the same in the runs as they are; not all sources were tried."
