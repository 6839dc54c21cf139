"""Proves with plain runs what is known: in copies of each script, one source after another gets other seeds.

uv run python -m tests.causes.plain [NAME...] [--write]

In the first copy every source has the seed 0; in the others one of them has 1, 2 and 3. What then changes is moved by
it. Runs of the script as it is say what differs. Nothing of seedlab is used. With ``--write``, what differs is written
into the file of truths.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.causes.truth import SCRIPTS, ScriptTruth, all_truths, folder_of, write_truths

_TURNS = (1, 2, 3)
_AS_IT_IS = 4
_TIMEOUT_S = 300


def main() -> int:
    names = [name for name in sys.argv[1:] if not name.startswith("--")]
    truths = all_truths()
    faults = []
    for name in names or truths:
        found = proved(name, truths[name])
        print(name, "as known" if not found else "; ".join(found), flush=True)
        faults += found
    if "--write" in sys.argv:
        write_truths(truths)
    return 1 if faults else 0


def proved(name: str, truth: ScriptTruth) -> list[str]:
    """Return what plain runs of ``name`` show otherwise than ``truth``, whose `DrawTruth.differs` is set anew."""
    places = list(truth.sources)
    seeds = [dict.fromkeys(places, 0)]
    seeds += [{**seeds[0], place: number} for place in places for number in _TURNS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        free = list(pool.map(lambda _: printed(truth, {}), range(_AS_IT_IS)))
        fixed, *turned = pool.map(lambda each: printed(truth, each), seeds)
        again = printed(truth, seeds[0])
    faults = []
    for label, known in truth.draws.items():
        known.differs = len({run.get(label) for run in free}) > 1
        if known.helped_by or known.is_not_known:
            known.differs = True
            continue
        if fixed.get(label) != again.get(label):
            faults.append(f"{label} differs although every source is seeded")
            continue
        for position, place in enumerate(places):
            runs = turned[position * len(_TURNS) : (position + 1) * len(_TURNS)]
            moves = any(run.get(label) != fixed.get(label) for run in runs)
            if moves != (place in known.moved_by) and not (known.takes_few_values and not moves):
                faults.append(f"{label} is {'' if moves else 'not '}moved by {place} of {name}")
    return faults


def printed(truth: ScriptTruth, seeds: dict[str, int], variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what a plain run prints, by label, with the sources at the places ``seeds`` given these seeds.

    ``variables`` are added to its environment.
    """

    def edit(folder: Path) -> None:
        for where, number in seeds.items():
            file, _, line = where.rpartition(":")
            path = folder / (file or Path(truth.path).name)
            _edit(path, int(line), truth.sources[where].replace("{}", str(number)))

    return printed_after(truth, edit, variables)


def copied(truth: ScriptTruth, folder: Path) -> Path:
    """Copy the script, with what stands beside it, to the new ``folder``, and return its path there."""
    if folder_of(truth) == SCRIPTS:
        folder.mkdir()
        shutil.copy(SCRIPTS / truth.path, folder)
    else:
        shutil.copytree(folder_of(truth), folder)
    return folder / Path(truth.path).name


def printed_after(
    truth: ScriptTruth, edit: Callable[[Path], None], variables: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return what a plain run prints, by label, in a copy of the script's folder that ``edit`` has changed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "copy")
        script = copied(truth, folder).name
        edit(folder)
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **(variables or {})}
        ended = subprocess.run(
            [sys.executable, script],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT_S,
        )
        if ended.returncode != 0:
            raise SystemExit(f"{truth.path}: {ended.stderr[-2000:]}")
        return dict(line.partition(":")[::2] for line in ended.stdout.splitlines() if ":" in line)


def _edit(path: Path, line: int, text: str) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    old = lines[line - 1]
    lines[line - 1] = old[: len(old) - len(old.lstrip())] + text
    path.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
