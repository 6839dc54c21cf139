"""All attacks, with tables of what came of them.

uv run python -m tests.attacks            everything: 10,000 mutants of each kind, 100 kills in each way, nasty scripts
uv run python -m tests.attacks 500 png    as many mutants of those kinds whose name has the word
uv run python -m tests.attacks 20 kills   programs that are ended at random moments, as many in each way
uv run python -m tests.attacks scripts    scripts and command lines that nobody expects
"""

import os
import sys
from collections.abc import Iterable
from tempfile import TemporaryDirectory

from tests.attacks import kills, opening, reporting, scripts
from tests.attacks.attack import Attack, Counts
from tests.helpers.signals import heed_signals

_MUTANTS, _KILLS = 10_000, 100
_HEADS = ("mutants of", "made", "read", "refused", "foreign exceptions", "files half-written", "executions on opening",
          "peak memory")  # fmt: skip
_KILL_HEADS = ("way", "kills", *kills.KINDS)
_SCRIPT_HEADS = ("nasty scripts and command lines", "cases", "as expected", "tracebacks of seedlab", "orphans",
                 "folders left", "peak memory of the command line")  # fmt: skip


def _mutants(attacks: Iterable[Attack], count: int) -> list[str]:
    """Print what came of ``count`` mutants of each kind, and return what was wrong."""
    rows, faults = [], []
    # A script that were executed would leave its file here.
    with TemporaryDirectory(prefix="seedlab-attacks-") as folder:
        os.chdir(folder)
        for attack in attacks:
            _say(attack.name)
            counts = attack.carried_out(count)
            rows.append(_mutant_row(attack.name, counts))
            faults += counts.faults
        os.chdir("/")
    _print_table(_HEADS, rows)
    return faults


def _mutant_row(name: str, counts: Counts) -> list[str]:
    peak = f"{counts.peak_bytes / 1e6:.1f} MB, of at most {counts.largest / 1e6:.2f} MB"
    numbers = (counts.mutants, counts.read, counts.refused, len(counts.foreign), len(counts.half_written),
               len(counts.executions))  # fmt: skip
    return [name, *(f"{number:,}" for number in numbers), peak]


def _kills(count: int) -> list[str]:
    """Print what came of ``count`` kills in each way, and return what was wrong."""
    rows, faults, late = [], [], 0
    for way in kills.WAYS:
        counts = kills.carried_out(way, count, said=lambda kill: _say(str(kill)))
        rows.append([way.value, *(f"{number:,}" for number in (counts.kills, *counts.found.values()))])
        faults += counts.faults
        late += counts.late
    _print_table(_KILL_HEADS, rows)
    print(f"{late} of the programs had ended before they were to be ended.", file=sys.stderr)
    return faults


def _scripts() -> list[str]:
    """Print what came of the nasty scripts, and return what was wrong."""
    rows, faults = [], []
    for group, cases in scripts.GROUPS.items():
        counts = scripts.carried_out(cases, said=_say)
        numbers = (counts.cases, counts.as_expected, len(counts.tracebacks), len(counts.orphans), len(counts.folders))
        rows.append([group, *(f"{number:,}" for number in numbers), f"{counts.peak_bytes / 1e6:.0f} MB"])
        faults += counts.faults
    _print_table(_SCRIPT_HEADS, rows)
    return faults


def _print_table(heads: Iterable[str], rows: Iterable[list[str]]) -> None:
    heads = list(heads)
    for row in (heads, ["---"] * len(heads), *rows):
        print(f"| {' | '.join(row)} |")
    print(flush=True)


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Carry out the attacks, and return 1 where one of them did harm."""
    heed_signals()
    words = sys.argv[1:]
    count = int(words.pop(0)) if words and words[0].isdigit() else None
    word = words[0].lower() if words else ""
    faults: list[str] = []
    mutants = [attack for attack in (*opening.ATTACKS, *reporting.ATTACKS) if word in attack.name.lower()]
    if mutants:
        faults += _mutants(mutants, count or _MUTANTS)
    if word in ("", "kills"):
        faults += _kills(count or _KILLS)
    if word in ("", "scripts"):
        faults += _scripts()
    for fault in dict.fromkeys(faults):
        print(f"\n{fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
