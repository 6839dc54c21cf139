"""Judges the fix of a script by plain runs of changed copies, in which nothing of seedlab is at work.

It has to make all repeat that it says, and no smaller set of what could be written instead may do so.
"""

import itertools
import os
import subprocess
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from seedlab.engine.request import RunRequest
from seedlab.inquiry.candidates import Candidate, Candidates
from seedlab.inquiry.changed_texts import changed_texts, edits_of
from seedlab.inquiry.edits import applied
from seedlab.inquiry.fixing import needs_of
from seedlab.inquiry.influence import Inquiry
from seedlab.results.influence import Fix
from tests.causes.plain import printed_after
from tests.causes.truth import ScriptTruth

RUNS = 3
MOST_CANDIDATES = 6
"""The number of candidates up to which all smaller sets are tried."""


def fix_faults(truth: ScriptTruth, request: RunRequest, inquiry: Inquiry) -> list[str]:
    """Return what is wrong with the fix that ``inquiry`` has found, or with the reasons for having none."""
    influence = inquiry.influence
    faults = []
    reasons = {label: reason.code for reason in influence.no_fix for label in reason.labels}
    if reasons != truth.no_fix:
        faults.append(f"no fix is said to be for {reasons}, and is for {truth.no_fix}")
    differing = {
        label for label, draw in truth.draws.items() if draw.differs or draw.helped_by or draw.is_not_known
    } - truth.no_fix.keys()
    fix = influence.fix
    if fix is None:
        return [*faults, f"there is no fix for {sorted(differing)}"] if differing else faults
    if not differing:
        faults.append("there is a fix, and nothing to mend")
    if differing - set(fix.labels):
        faults.append(f"the fix leaves out {sorted(differing - set(fix.labels))}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        if not _repeats(pool, truth, lambda folder: _apply(fix, folder), _variables(fix.settings), fix.labels):
            faults.append("the fix does not hold in plain runs")
        faults += _misapplied(truth, request, fix)
        faults += _smaller(pool, truth, request, inquiry, fix)
    return faults


def _smaller(
    pool: ThreadPoolExecutor, truth: ScriptTruth, request: RunRequest, inquiry: Inquiry, fix: Fix
) -> list[str]:
    """Return the sets of candidates that are smaller than ``fix`` and repeat as well."""
    candidates = Candidates(request, inquiry.free, inquiry.sources, inquiry.influence)
    needs = {need for need in needs_of(inquiry.influence) if need.label in fix.labels}
    found = candidates.for_needs(needs | candidates.needs_of_holds(needs))
    if len(found) > MOST_CANDIDATES:
        return []
    sets = [chosen for count in range(len(found) + 1) for chosen in itertools.combinations(found, count)]
    texts = [changed_texts((each.splices for each in chosen), candidates.texts) for chosen in sets]
    pairs = list(zip(sets, texts, strict=True))
    sizes = [_size(chosen) for chosen, changed in pairs if _is_fix(fix, chosen, changed, candidates)]
    if not sizes:
        # It is a larger one, tried after the smallest did not hold.
        return []
    faults = []
    for chosen, changed in pairs:
        if _size(chosen) < min(sizes) and changed is not None:
            edit = _writing(changed, Path(truth.path).name)
            variables = dict(setting for each in chosen for setting in each.settings)
            if _repeats(pool, truth, edit, variables, fix.labels):
                faults.append(f"smaller, and enough: {[each.what for each in chosen]}")
    return faults


def _size(candidates: Iterable[Candidate]) -> tuple[bool, int]:
    """Return whether a place of the script's own for a seed is passed by, which outweighs all else, and the edits."""
    chosen = tuple(candidates)
    return any(each.passes_by for each in chosen), sum(each.edits for each in chosen)


def _is_fix(
    fix: Fix, chosen: Iterable[Candidate], texts: Mapping[str | None, str] | None, candidates: Candidates
) -> bool:
    settings = {f"{name}={value}" for each in chosen for name, value in each.settings}
    return texts is not None and tuple(edits_of(texts, candidates.texts)) == fix.edits and settings == set(fix.settings)


def _writing(texts: Mapping[str | None, str], script: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for file, text in texts.items():
            (folder / (file or script)).write_text(text, encoding="utf-8")

    return write


def _apply(fix: Fix, folder: Path) -> None:
    if fix.diff:
        subprocess.run(["git", "apply", "-"], cwd=folder, input=fix.diff.encode(), check=True)


def _misapplied(truth: ScriptTruth, request: RunRequest, fix: Fix) -> list[str]:
    """Return where the diff, taken by git, does not come to what the edits come to: nothing else may change."""
    files = {edit.file for edit in fix.edits}
    expected = {
        file: applied(_read(request, file), [edit for edit in fix.edits if edit.file == file]) for file in files
    }
    found: dict[str | None, str] = {}

    def look(folder: Path) -> None:
        _apply(fix, folder)
        for file in files:
            found[file] = (folder / (file or Path(truth.path).name)).read_bytes().decode()

    printed_after(truth, look, _variables(fix.settings))
    return [f"the diff of {file or 'the script'} is no such edits" for file in files if found[file] != expected[file]]


def _read(request: RunRequest, file: str | None) -> str:
    return request.script if file is None else Path(request.root, file).read_bytes().decode()


def _variables(settings: Iterable[str]) -> dict[str, str]:
    return {name: value for name, _, value in (setting.partition("=") for setting in settings)}


def _repeats(
    pool: ThreadPoolExecutor,
    truth: ScriptTruth,
    edit: Callable[[Path], None],
    variables: Mapping[str, str],
    labels: Iterable[str],
) -> bool:
    """Return True where ``labels`` repeat in plain runs; False where a run does not finish."""
    try:
        runs = list(pool.map(lambda _: printed_after(truth, edit, variables), range(RUNS)))
    except SystemExit:
        return False
    return all(len({run.get(label) for run in runs}) == 1 for label in labels)
