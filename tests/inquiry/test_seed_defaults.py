"""Where a seed that was not given gets its value, in the ways in which people ask for one."""

import pytest

from seedlab.inquiry.rewriting import SourceText
from seedlab.inquiry.seed_defaults import defaults, seed_name


def changed(text: str, value: int = 0) -> list[str]:
    source = SourceText(text)
    found = [source.spliced(splices) for splices in defaults(source, "seed", value)]
    assert None not in found
    return [each for each in found if each is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('parser.add_argument("--seed", type=int)', 'parser.add_argument("--seed", type=int, default=0)'),
        ('parser.add_argument("-s", "--seed", default=None)', 'parser.add_argument("-s", "--seed", default=0)'),
        ('parser.add_argument("--start", dest="seed")', 'parser.add_argument("--start", dest="seed", default=0)'),
        ('@click.option("--seed", type=int)\ndef f(seed): ...', '@click.option("--seed", type=int, default=0)\ndef f('),
        ('flags.DEFINE_integer("seed", None, "help")', 'flags.DEFINE_integer("seed", 0, "help")'),
        ("SEED = None", "SEED = 0"),
        ("self.seed: int | None = None  # why", "self.seed: int | None = 0  # why"),
        ("class C:\n    seed: int = field(default=None)", "class C:\n    seed: int = field(default=0)"),
        ('c = {"seed": None}', 'c = {"seed": 0}'),
        ("c = dict(seed=None)", "c = dict(seed=0)"),
        ("def f(a, seed=None): ...", "def f(a, seed=0): ..."),
        ('def f(seed: int = typer.Option(None, "--seed")): ...', 'def f(seed: int = typer.Option(0, "--seed")): ...'),
    ],
)
def test_a_seed_is_none_unless_given(text: str, expected: str) -> None:
    found = changed(text + "\n")
    assert len(found) == 1
    assert found[0].startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        'parser.add_argument("--seed", default=7)',
        'parser.add_argument("--seeds")',
        'parser.add_argument("--seed", dest="start")',
        'flags.DEFINE_integer("steps", None, "seed")',
        "seed = 3",
        "def f(seed): ...",
        'f("seed", None)',
    ],
)
def test_what_has_a_value_or_is_something_else_stays(text: str) -> None:
    assert changed(text + "\n") == []


def test_options_come_before_settings_and_these_before_parameters() -> None:
    text = 'def f(seed=None): ...\nseed = None\nadd_argument("--seed")\n'
    assert [each.split("0")[0].count("\n") for each in changed(text)] == [2, 1, 0]


def test_zero_is_not_written_where_it_is_taken_for_none() -> None:
    assert changed("def f(seed=None):\n    if seed:\n        g(seed)\n") == [
        "def f(seed=1):\n    if seed:\n        g(seed)\n"
    ]
    assert "seed=0" in changed("def f(seed=None):\n    if seed is not None:\n        g(seed)\n")[0]
    assert "seed=7" in changed("def f(seed=None):\n    if seed:\n        g(seed)\n", 7)[0]


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ("seed", "seed"),
        ("args.seed", "seed"),
        ("FLAGS.SEED", "seed"),
        ('config["seed"]', "seed"),
        ('config.get("seed", 1)', "seed"),
        ('getattr(args, "seed", None)', "seed"),
        ("int(args.seed)", "seed"),
        ("None", ""),
        ("3", ""),
        ("a + b", ""),
    ],
)
def test_the_name_of_a_seed_is_the_last_one(argument: str, name: str) -> None:
    assert seed_name(SourceText(f"seeded({argument})\n").calls_at(1)[-1]) == name
