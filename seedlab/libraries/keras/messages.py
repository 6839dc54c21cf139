"""The words for what differs between versions of Keras."""

from seedlab.evidence.finding import Finding, Wording
from seedlab.phrases import listed, sentence


def _own_seeds(finding: Finding) -> str:
    ops = finding["ops"]
    assert isinstance(ops, tuple)
    return sentence(
        "The seed of tf.random.set_seed moves {ops} with Keras 2 alone: from Keras 3 on a layer without a seed "
        "gets its own, which Python's random draws.",
        ops=listed(list(map(str, ops))),
    )


SENTENCES: dict[str, Wording] = {"keras.own-seeds": _own_seeds}
