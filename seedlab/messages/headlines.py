"""The words for headlines."""

from collections.abc import Sequence

import msgspec

from seedlab.analysis.causes import NOT_TRIED_YET
from seedlab.analysis.headlines import Headline, Reason
from seedlab.messages.findings import finding_text, findings_text, reason_text
from seedlab.phrases import clauses, following, listed, noted, sentence


class HeadlineText(msgspec.Struct, frozen=True):
    """A title, and the sentences below it; both may be empty."""

    title: str
    subtitle: str = ""


def below_heading(heading: str, words: HeadlineText) -> HeadlineText:
    """Return ``words`` as they stand below ``heading``; themselves where it is empty, or their own title."""
    if not heading or heading == words.title:
        return words
    return HeadlineText(heading, following(words.title, words.subtitle))


def headline_text(headline: Headline) -> HeadlineText:
    """Return ``headline`` in words."""
    if headline.title is None:
        return HeadlineText("")
    below = [findings_text(headline.subtitle), _why(headline.reasons)]
    return HeadlineText(finding_text(headline.title), following(*below))


def _why(reasons: Sequence[Reason]) -> str:
    """Return the sentence that gives ``reasons``; empty where none has words."""
    names: dict[str, dict[str, None]] = {}
    is_tried = all(reason.code != NOT_TRIED_YET.code for reason in reasons)
    for reason in reasons:
        text = reason_text(reason.code)
        if text:
            names.setdefault(text, {}).update(dict.fromkeys(reason.names))
    if not names:
        return ""
    if len(names) == 1:
        told = list(names)
    else:
        told = [sentence("{names}: {reason}", names=listed(list(ops)), reason=text) for text, ops in names.items()]
    text = noted("Why: {reasons}.") if is_tried else noted("Why, not yet tried: {reasons}.")
    return sentence(text, reasons=clauses(told))
