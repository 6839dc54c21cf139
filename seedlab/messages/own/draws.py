"""The words for findings on a draw of any library."""

from seedlab.evidence.finding import Finding, Parameter, Wording
from seedlab.phrases import sentence


def _mismatch(finding: Finding) -> str:
    return sentence(
        "run {run} has {form}, run {first_run} {first_form}",
        run=finding["run"],
        form=_form(finding["dtype"], finding["shape"]),
        first_run=finding["first_run"],
        first_form=_form(finding["first_dtype"], finding["first_shape"]),
    )


def _form(dtype: Parameter, shape: Parameter) -> str:
    """Return ``float32 [2, 3]`` for the dtype and shape of a draw."""
    assert isinstance(shape, tuple)
    return sentence("{dtype} {shape}", dtype=dtype, shape=list(shape))


SENTENCES: dict[str, Wording] = {
    "unknown": "Where it comes from was not observed.",
    "seeded-but-differs": "Yet the values differ: equal seeds are not enough for this op on this device.",
    "unseeded-but-repeats": "Yet the values repeat: this may not be a random value.",
    "row.mismatch": _mismatch,
}
