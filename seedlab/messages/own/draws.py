"""The words for findings on a draw of any library."""

from seedlab.evidence.finding import Finding, Parameter, Wording
from seedlab.phrases import noted, noted_plural, plural, sentence
from seedlab.results.run import TEXT


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
    if dtype == TEXT:
        return sentence("a text")
    return sentence("{dtype} {shape}", dtype=dtype, shape=list(shape))


def _number(finding: Finding, name: str) -> int:
    value = finding[name]
    assert isinstance(value, int)
    return value


def _numbers_differ(finding: Finding) -> str:
    numbers, differing, largest = _number(finding, "numbers"), _number(finding, "differing"), finding["largest"]
    if largest is None and numbers == 1:
        return sentence("as text: its number differs")
    if largest is None:
        return plural(
            "as text: {count} of {all} numbers differ",
            "as text: {count} of {all} numbers differ",
            differing,
            all=numbers,
        )
    if numbers == 1:
        return sentence("as text: its number differs by up to {largest:.3g}", largest=largest)
    return plural(
        "as text: {count} of {all} numbers differs, by up to {largest:.3g}",
        "as text: {count} of {all} numbers differ, by up to {largest:.3g}",
        differing,
        all=numbers,
        largest=largest,
    )


def _numbers_differ_in_lines(finding: Finding) -> str:
    one, many = noted_plural(
        "as text: numbers in line {line} differ", "as text: numbers in {count} lines differ, first in line {line}"
    )
    if finding["largest"] is not None:
        one, many = noted_plural(
            "as text: numbers in line {line} differ, by up to {largest:.3g}",
            "as text: numbers in {count} lines differ, first in line {line}, by up to {largest:.3g}",
        )
    return plural(one, many, _number(finding, "lines_differing"), line=finding["line"], largest=finding["largest"])


def _lines_differ(finding: Finding) -> str:
    return plural(
        "as text: line {line} differs",
        "as text: {count} lines differ, first line {line}",
        _number(finding, "lines_differing"),
        line=finding["line"],
    )


SENTENCES: dict[str, Wording] = {
    "unknown": noted("Where it comes from was not observed."),
    "seeded-but-differs": noted("Yet the values differ, and why is not known."),
    "unseeded-but-repeats": noted("Yet the values repeat: this may not be a random value."),
    "row.mismatch": _mismatch,
    "text.equal": noted("equal as text"),
    "text.equal-digits": noted("equal to the printed digits"),
    "text.numbers-differ": _numbers_differ,
    "text.numbers-differ-in-lines": _numbers_differ_in_lines,
    "text.differs": noted("as text: its words differ"),
    "text.lines-differ": _lines_differ,
}
