"""A few of the attacks that ``python -m tests.attacks`` makes by the thousand."""

from pathlib import Path

import pytest

from seedlab.engine.executors.executor import Start
from tests.attacks import kills, opening, reporting, scripts
from tests.attacks.attack import Attack
from tests.attacks.kills import Kill
from tests.attacks.programs import Home
from tests.attacks.scripts import Case
from tests.helpers.command_line import without_privileges

ALL = [*opening.ATTACKS, *reporting.ATTACKS]
CASES = [case for cases in scripts.GROUPS.values() for case in cases if not case.is_slow]
QUICK = [(case, case.ways[number % len(case.ways)]) for number, case in enumerate(CASES)]
"""Each case in one of its ways, in turn; `python -m tests.attacks` tries all."""


@pytest.mark.parametrize("attack", ALL, ids=[attack.name for attack in ALL])
def test_mutants_do_no_harm(attack: Attack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    counts = attack.carried_out(150, seed=1)
    assert counts.faults == []
    assert counts.mutants == counts.read + counts.refused == 150
    assert counts.read > 5
    assert counts.peak_bytes < 20 * 2**20
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("way", kills.WAYS)
def test_programs_that_are_ended_at_a_random_moment_leave_nothing(way: Start, number: int) -> None:
    kill, counts = Kill.of(way, number, seed=1), kills.Counts()
    counts.add(kill, kills.killed(kill))
    assert counts.faults == []


@pytest.mark.parametrize(("case", "way"), QUICK, ids=[f"{case.name}, {way}" for case, way in QUICK])
def test_what_nobody_expects_ends_as_expected(case: Case, way: str, tmp_path: Path) -> None:
    if case.is_unprivileged and without_privileges() is None:
        pytest.skip("NOT TESTED WITH FILES THAT MAY NOT BE WRITTEN: this is root, and setpriv does not work")
    counts = scripts.Counts()
    counts.add(case, way, scripts.findings(case, way, Home(tmp_path)))
    assert counts.faults == []
