"""The words for what `seedlab.libraries.generator_rules` finds, shared by the libraries that have generators."""

from seedlab.evidence.finding import Finding, Wording
from seedlab.phrases import noted, sentence


def _seeded(finding: Finding) -> str:
    if finding["line"] is None:
        text = noted("Seed {seed} was set outside the script: draw {number} after it, the same in every run.")
    else:
        text = noted("Seed {seed} was set at line {line}: draw {number} after it, the same in every run.")
    return sentence(text, **finding.parameters)


def _seeded_again(finding: Finding) -> str:
    if finding["line"] is None:
        text = noted("Seed {seed} was set again outside the script: draw {number} after it, the same in every run.")
    else:
        text = noted("Seed {seed} was set again at line {line}: draw {number} after it, the same in every run.")
    return sentence(text, **finding.parameters)


def _from_system(finding: Finding) -> str:
    if finding["line"] is None:
        return sentence(
            "A generator outside the script was given no seed: it starts from the system, anew in every run."
        )
    text = noted("The generator at line {line} was given no seed: it starts from the system, anew in every run.")
    return sentence(text, **finding.parameters)


SENTENCES: dict[str, Wording] = {
    "generator.seeded": _seeded,
    "generator.seeded-again": _seeded_again,
    "generator.from-system": _from_system,
    "generator.taken-from-system": noted("seeded from the system"),
    "generator.starts-from": noted("this generator starts from {seed}"),
}
REASONS = {
    "generator.seeded": noted("its generator was seeded"),
    "generator.seeded-again": noted("its generator was seeded"),
    "generator.from-system": noted("its generator was seeded from the system"),
}
