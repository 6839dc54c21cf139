"""The words for findings: those of the libraries, and those that belong to no library."""

from collections.abc import Iterable, Mapping, Sequence

from seedlab.analysis.summary import Grouped
from seedlab.evidence.finding import Finding, Wording
from seedlab.libraries.registry import LIBRARIES
from seedlab.messages.own import answers, article, causes, draws, headlines
from seedlab.phrases import enumerated, following, sentence

_OWN: dict[str, Wording] = {
    **draws.SENTENCES,
    **article.SENTENCES,
    **headlines.SENTENCES,
    **causes.SENTENCES,
    **answers.SENTENCES,
}


def finding_text(finding: Finding) -> str:
    """Return ``finding`` in words: a sentence, or a clause where it is for a note at a line.

    A finding whose code has no words yet gives a sentence that says so.
    """
    wording = _OWN.get(finding.code) or _from_libraries("SENTENCES", finding.code)
    if wording is None:
        return sentence("Found “{code}”, for which there are no words yet.", code=finding.code)
    if isinstance(wording, str):
        return sentence(wording, **finding.parameters)
    return wording(finding)


def findings_text(findings: Iterable[Finding]) -> str:
    """Return ``findings`` in words, one sentence after the other."""
    return following(*map(finding_text, findings))


def labels_text(labels: Sequence[str]) -> str:
    """Return ``labels`` as `grouped_text` begins with them."""
    return enumerated(labels)


def grouped_text(group: Grouped) -> str:
    """Return the findings of ``group`` in words, after the labels that they hold for."""
    return sentence("{labels}: {findings}", labels=labels_text(group.labels), findings=findings_text(group.findings))


def reason_text(code: str) -> str:
    """Return the reason that the finding ``code`` gives, in a few words; empty where it has none."""
    wording = causes.REASONS.get(code) or _from_libraries("REASONS", code)
    return sentence(wording) if isinstance(wording, str) else ""


def _from_libraries(table: str, code: str) -> Wording | None:
    for library in LIBRARIES.libraries:
        words: Mapping[str, Wording] = getattr(library.part("messages"), table, {})
        if code in words:
            return words[code]
    return None
