"""What a newer seedlab has added comes back when the lab is written again."""

import json
import re
from typing import Any

import pytest

from seedlab.documents import limits
from seedlab.documents.reading import from_json
from seedlab.documents.writing import to_json
from seedlab.errors import DocumentError
from seedlab.results.extra import Extra
from seedlab.study.lab import Lab
from tests.helpers.documents import influenced_lab, plain, talk, whole_lab

VALUE = rb'{"red" : [1e300, -0E-0,' + b'\n -0E-0\n], "\\u00fc": "-0E-0,\\n\xc3\xbc\\ud83c\\udfb2", "values": []}'
"""Written as no encoder of seedlab would."""
PLACES = [
    "",
    "view",
    "experiments[0]",
    "experiments[0].interpreter",
    "experiments[0].interpreter.devices[1]",
    "experiments[0].runs[0]",
    "experiments[0].runs[0].draws[2]",
    "experiments[0].runs[0].trace[0]",
    "experiments[0].runs[0].trace[4]",
    "experiments[2].influence",
    "experiments[2].influence.sources[0]",
    "experiments[2].influence.sources[0].parts[1]",
    "experiments[2].influence.draws[1]",
    "experiments[2].influence.residual[0]",
    "experiments[2].influence.fix",
    "experiments[2].influence.fix.edits[1]",
]


def lab() -> Lab:
    whole = whole_lab()
    columns = (*whole.columns, *influenced_lab().columns)
    return Lab(columns=columns, created=whole.created, view=whole.view, scenes=talk().scenes)


def at(value: Any, path: str) -> Any:
    for step in re.findall(r"\w+", path):
        value = value[int(step) if step.isdigit() else step]
    return value


def extra_at(lab: Lab, path: str) -> Extra:
    value: Any = lab
    for step in re.findall(r"\w+", path.replace("experiments", "columns")):
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    extra: Extra = value.extra
    return extra


def with_unknown(*paths: str, value: bytes = VALUE) -> bytes:
    document = plain(lab())
    for path in paths:
        at(document, path)['a "new" field'] = "here"
        at(document, path)["another"] = None
    return json.dumps(document).encode().replace(b'"here"', value)


@pytest.mark.parametrize("path", PLACES)
def test_an_unknown_field_is_kept_to_the_byte_where_it_was(path: str) -> None:
    data = with_unknown(path)
    read = from_json(data, "newer")
    assert extra_at(read, path) == (('a "new" field', VALUE), ("another", b"null"))
    written = to_json(read)
    assert written.count(b'"a \\"new\\" field": ' + VALUE) == 1
    assert json.loads(written) == {**json.loads(data), "seedlab": json.loads(written)["seedlab"]}
    assert from_json(written, "again") == read
    assert to_json(from_json(written, "again")) == written


def test_unknown_fields_everywhere_come_back_each_in_its_place() -> None:
    data = with_unknown(*PLACES)
    read = from_json(data, "newer")
    assert all(len(extra_at(read, path)) == 2 for path in PLACES)
    assert json.loads(to_json(read)) == json.loads(data)
    assert from_json(to_json(read), "again") == read


def test_without_them_the_lab_is_the_same() -> None:
    assert from_json(to_json(lab()), "x") == lab()
    assert from_json(with_unknown(), "x") == lab()


@pytest.mark.parametrize("path", ["experiments[0].experiment", "experiments[1].experiment"])
def test_choices_are_not_open(path: str) -> None:
    with pytest.raises(DocumentError, match=r"experiment\.a .new. field, .* has no a .new. field to choose"):
        from_json(with_unknown(path, value=b"1"), "newer")


def test_an_unknown_field_beside_what_is_wrong_helps_nobody() -> None:
    data = with_unknown(*PLACES).replace(b'"dtype": "uint8"', b'"dtype": 8')
    with pytest.raises(DocumentError, match=r"\$\.experiments\[0\]\.runs\[0\]\.draws\[1\]\.dtype, expected `str`"):
        from_json(data, "newer")


def test_what_cannot_be_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_EXTRA", 5 * len(PLACES))
    assert from_json(with_unknown(*PLACES), "newer").extra
    monkeypatch.setattr(limits, "MAX_EXTRA", 5 * len(PLACES) - 1)
    with pytest.raises(DocumentError, match="unknown fields"):
        from_json(with_unknown(*PLACES), "newer")
