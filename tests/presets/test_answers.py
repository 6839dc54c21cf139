"""A sample of the presets; `python -m tests.presets` tries all of them."""

from seedlab.libraries.presets import PRESETS
from tests.presets.answers import answers_of

SAMPLE = ("hash-seed-too-late", "function-seed-after-tracing")


def test_a_sample_of_the_answers_is_borne_out() -> None:
    found = answers_of(PRESETS[name] for name in SAMPLE)
    assert [(each.name, each.code, each.unknown, each.problem) for each in found] == [
        (name, "answer.seen", [], "") for name in SAMPLE
    ]
    assert [each.text for each in found] == [PRESETS[name].answer for name in SAMPLE]
