"""Plain runs whose system gives the same entropy each time: what differs in them is no seed's doing.

Nothing of seedlab is used. Needs Linux and a C compiler.
"""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from seedlab.inquiry.holds import HASHES
from seedlab.results.influence import Influence
from tests.causes.plain import printed
from tests.causes.truth import HERE, ScriptTruth

RUNS = 3
_RACES = frozenset(("deterministic tf.data", "op determinism", "one thread"))
"""Holds that help against threads, whose order may happen to be the same in all plain runs."""


def compiled(folder: Path) -> Path:
    """Compile the library that replaces the system's entropy, into ``folder``."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler is not None, "a C compiler is needed (Debian: gcc and libc6-dev)"
    library = folder / "fixed_entropy.so"
    source = str(HERE / "fixed_entropy.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(library), source], check=True)
    return library


def differing(truth: ScriptTruth, library: Path, count: int = RUNS) -> set[str]:
    """Return the labels that differ in ``count`` plain runs of the script as it is, with ``library`` preloaded."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = list(pool.map(lambda _: printed(truth, {}, {"LD_PRELOAD": str(library)}), range(count)))
    labels = {label for run in runs for label in run}
    return {label for label in labels if len({run.get(label) for run in runs}) > 1}


def disagreements(truth: ScriptTruth, influence: Influence, library: Path, count: int = RUNS) -> list[str]:
    """Return where ``influence`` says otherwise than plain runs with fixed entropy which draws no seed decides.

    The hash secret comes from the system's entropy too, so that it is fixed in these runs.
    """
    helped = {residual.label: residual.helped_by for residual in influence.residual}
    seen = differing(truth, library, count)
    found = []
    for label in truth.draws:
        is_no_seed = label in helped and helped[label] != (HASHES.name,)
        if label in seen and not is_no_seed:
            found.append(f"{label} differs although the system's entropy is fixed")
        if is_no_seed and label not in seen and not _RACES.intersection(helped[label]):
            found.append(f"{label} repeats as soon as the system's entropy is fixed")
    return found
