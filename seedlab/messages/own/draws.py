"""The words for findings on a draw of any library."""

from seedlab.evidence.finding import Wording

SENTENCES: dict[str, Wording] = {
    "unknown": "Where it comes from was not observed.",
    "seeded-but-differs": "Yet the values differ: equal seeds are not enough for this op on this device.",
    "unseeded-but-repeats": "Yet the values repeat: this may not be a random value.",
    "row.mismatch": "run {run} has {form}, run {first_run} {first_form}",
}
