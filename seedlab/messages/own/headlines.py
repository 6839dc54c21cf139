"""The words for the findings in headlines."""

from collections.abc import Callable, Sequence

from seedlab.evidence.finding import Finding, Parameter, Wording
from seedlab.phrases import clauses, enumerated, listed, noted, noted_plural, plural, retold, sentence


def _names(value: Parameter) -> list[str]:
    return [str(name) for name in value] if isinstance(value, tuple) else []


def _number(finding: Finding, name: str) -> int:
    value = finding[name]
    assert isinstance(value, int)
    return value


def _no_values_unfinished(finding: Finding) -> str:
    outcomes = {
        "failed": noted("No values: the run failed."),
        "timed out": noted("No values: the run timed out."),
        "cancelled": noted("No values: the run was cancelled."),
    }
    return sentence(outcomes[str(finding["outcome"])])


def _problem(finding: Finding) -> str:
    return retold(str(finding["problem"]))


def _nothing_finished(finding: Finding) -> str:
    return plural("The run did not finish.", "None of the {count} runs finished.", _number(finding, "runs"))


def _some_differ(finding: Finding) -> str:
    names = _names(finding["differing"])
    return plural("{names} differs.", "{names} differ.", len(names), names=listed(names))


def _some_repeat(finding: Finding) -> str:
    repeating, differing = _names(finding["repeating"]), _names(finding["differing"])
    if len(differing) == 1:
        one, many = noted_plural(
            "{repeating} repeats, {differing} does not.", "{repeating} repeat, {differing} does not."
        )
    else:
        one, many = noted_plural("{repeating} repeats, {differing} do not.", "{repeating} repeat, {differing} do not.")
    return plural(one, many, len(repeating), repeating=listed(repeating), differing=listed(differing))


def _only_with(finding: Finding) -> str:
    one, many = noted_plural("{ops} repeats only with: {columns}.", "{ops} repeat only with: {columns}.")
    columns = _columns_listed(_names(finding["columns"]))
    return _of_ops(finding, noted("Every draw repeats only with: {columns}."), one, many, columns=columns)


def _columns_listed(names: Sequence[str]) -> str:
    """Return the names of columns in a row; of those that differ in several choices, what they share stands once."""
    if not any(", " in name for name in names):
        return enumerated(names)
    # By the first choice or by the last, whichever more of them share.
    groupings = [
        _grouped(names, lambda name: name.partition(", ")[::2]),
        _grouped(names, lambda name: name.rpartition(", ")[::-2]),
    ]
    groups = min(groupings, key=len)
    return clauses(
        [
            sentence("{shared}: {names}", shared=shared, names=listed(rest))
            if len(whole) > 1 and shared and all(rest)
            else enumerated(whole)
            for shared, (rest, whole) in groups.items()
        ]
    )


def _grouped(names: Sequence[str], parted: Callable[[str], tuple[str, str]]) -> dict[str, tuple[list[str], list[str]]]:
    """Return the names by what ``parted`` says that they share: the rest of each, and the whole names."""
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for name in names:
        shared, rest = parted(name)
        found = groups.setdefault(shared, ([], []))
        found[0].append(rest)
        found[1].append(name)
    return groups


def _nothing_finished_in(finding: Finding) -> str:
    return sentence("Nothing finished in {columns}.", columns=listed(_names(finding["columns"])))


def _of_ops(finding: Finding, all_draws: str, one: str, many: str, **more: str) -> str:
    """Return the sentence ``all_draws`` where the only op has no name, else ``one`` or ``many`` with ``{ops}``."""
    ops = _names(finding["ops"])
    if ops == [""]:
        return sentence(all_draws, **more)
    names = [op or sentence("the draws without a name") for op in sorted(ops, key=lambda op: not op)]
    return plural(one, many, len(ops), ops=listed(names), **more)


def _everywhere(finding: Finding) -> str:
    return _of_ops(
        finding,
        noted("Every draw repeats everywhere."),
        *noted_plural("{ops} repeats everywhere.", "{ops} repeat everywhere."),
    )


def _so_far(finding: Finding) -> str:
    return _of_ops(
        finding, noted("Every draw repeats so far."), *noted_plural("{ops} repeats so far.", "{ops} repeat so far.")
    )


def _nowhere(finding: Finding) -> str:
    return _of_ops(
        finding, noted("No draw repeats anywhere."), *noted_plural("{ops} repeats nowhere.", "{ops} repeat nowhere.")
    )


def _texts(finding: Finding) -> str:
    names = _names(finding["names"])
    return plural(
        "{names} is compared as text: equal to the printed digits.",
        "{names} are compared as text: equal to the printed digits.",
        len(names),
        names=listed(names),
    )


SENTENCES: dict[str, Wording] = {
    "headline.no-values": noted("No values."),
    "headline.no-values-unfinished": _no_values_unfinished,
    "headline.nothing-printed": noted("No values: the script printed nothing."),
    "headline.problem": _problem,
    "headline.nothing-finished": _nothing_finished,
    "headline.some-unfinished": noted("{unfinished} of {runs} runs did not finish."),
    "headline.no-counterpart": noted("No draw has a counterpart in another run."),
    "headline.one-run": noted("One run: run again to see what repeats."),
    "headline.run-again": noted("Run again to see what repeats."),
    "headline.what-several-runs-drew-repeats": noted("What several runs drew repeats."),
    "headline.all-repeats": noted("Every draw repeats in every run."),
    "headline.all-repeats-where-it-is": noted("Every draw repeats in every run that has it."),
    "headline.nothing-repeats": noted("Nothing repeats."),
    "headline.reads-clock": noted(
        "The script reads the clock: at another time, what repeats here may be something else."
    ),
    "headline.all-are-texts": noted("All that was printed is text: it is equal to the printed digits."),
    "headline.texts": _texts,
    "headline.not-comparable": noted("Some draws cannot be compared."),
    "headline.some-differ": _some_differ,
    "headline.some-repeat": _some_repeat,
    "across.nothing-finished": _nothing_finished_in,
    "across.only-with": _only_with,
    "across.everywhere": _everywhere,
    "across.so-far": _so_far,
    "across.nowhere": _nowhere,
}
