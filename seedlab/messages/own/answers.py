"""The words for the answers of presets."""

from seedlab.evidence.finding import Finding, Wording
from seedlab.libraries.presets import PRESETS
from seedlab.phrases import sentence


def _question(finding: Finding) -> str:
    return sentence(PRESETS[str(finding["preset"])].title)


def _seen(finding: Finding) -> str:
    return sentence(PRESETS[str(finding["preset"])].answer)


def _not_seen(finding: Finding) -> str:
    return sentence(
        "The usual answer is not seen here: {draw} is otherwise than expected ({versions}).", **finding.parameters
    )


SENTENCES: dict[str, Wording] = {
    "answer.question": _question,
    "answer.seen": _seen,
    "answer.not-seen": _not_seen,
}
