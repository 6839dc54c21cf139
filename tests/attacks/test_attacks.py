"""A few of the attacks that ``python -m tests.attacks`` makes by the thousand."""

from pathlib import Path

import pytest

from tests.attacks import opening, reporting
from tests.attacks.attack import Attack

ALL = [*opening.ATTACKS, *reporting.ATTACKS]


@pytest.mark.parametrize("attack", ALL, ids=[attack.name for attack in ALL])
def test_mutants_do_no_harm(attack: Attack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    counts = attack.carried_out(150, seed=1)
    assert counts.faults == []
    assert counts.mutants == counts.read + counts.refused == 150
    assert counts.read > 5
    assert counts.peak_bytes < 20 * 2**20
    assert list(tmp_path.iterdir()) == []
