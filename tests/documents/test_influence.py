"""The influence in a document: its form, and what is refused of it."""

import json
import re
from typing import Any

import pytest

from seedlab.documents.reading import from_json
from seedlab.documents.writing import to_json
from seedlab.errors import DocumentError
from tests.helpers.documents import influenced_lab, plain, whole_lab

PATH = "$.experiments[0].influence"


def influence() -> tuple[dict[str, Any], dict[str, Any]]:
    """The document of `influenced_lab`, and the influence in it."""
    document = plain(influenced_lab())
    found = document["experiments"][0]["influence"]
    assert isinstance(found, dict)
    return document, found


def test_the_influence_has_the_documented_form() -> None:
    _, found = influence()
    assert list(found) == ["sources", "draws", "residual", "fix", "runs", "trials", "no_fix"]
    assert found["sources"][1] == {
        "id": "s2",
        "kind": "taken",
        "library": "numpy",
        "state": "global",
        "door": "numpy.random.seed",
        "file": None,
        "line": None,
        "seed": None,
        "count": 1,
        "parts": [],
    }
    part = {"library": "python", "state": "global", "door": "random.seed", "file": None, "line": 3}
    assert found["sources"][0]["parts"][0] == part
    assert found["sources"][0]["seed"] == 2**128
    assert found["draws"][0] == {"label": "x", "repeats": False, "moved_by": ["s2", "s1"], "unexplained": False}
    assert found["residual"] == [{"label": "x", "helped_by": ["one thread", "deterministic tf.data"]}]
    assert list(found["fix"]) == ["edits", "settings", "diff", "repeated", "of", "proved", "labels"]
    assert found["no_fix"] == [{"code": "uuid", "labels": ["Würfel"], "source": "s2"}]
    assert list(found["fix"]["edits"][0]) == ["file", "line", "replaces", "text"]
    assert found["runs"] == 9


def test_without_influence_nothing_is_written() -> None:
    assert all("influence" not in written for written in plain(whole_lab())["experiments"])


def test_what_need_not_be_there_is_at_its_default() -> None:
    document, _ = influence()
    source = {"id": "s1", "kind": "set", "library": "python", "state": "global", "door": "random.seed"}
    document["experiments"][0]["influence"] = {"sources": [source], "runs": 3}
    (read,) = from_json(json.dumps(document).encode(), "x").columns
    assert read.influence is not None
    assert (read.influence.draws, read.influence.residual, read.influence.fix) == ((), (), None)
    assert (read.influence.sources[0].count, read.influence.sources[0].parts) == (1, ())
    document["experiments"][0]["influence"] = None
    assert from_json(json.dumps(document).encode(), "x").columns[0].influence is None


def test_text_can_be_inserted_after_the_last_line() -> None:
    document, found = influence()
    found["fix"]["edits"] = [{"line": 5, "text": "", "replaces": 0}, {"line": 1, "text": "", "replaces": 4}]
    lab = from_json(json.dumps(document).encode(), "x")
    assert from_json(to_json(lab), "again") == lab


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sources", {}),
        ("sources[0]", None),
        ("sources[0].id", ""),
        ("sources[0].id", "s" * 101),
        ("sources[1].id", "s1"),
        ("sources[0].kind", "lost"),
        ("sources[0].line", 0),
        ("sources[0].line", -3),
        ("sources[0].line", 2**31),
        ("sources[0].count", -1),
        ("sources[0].seed", 1.5),
        ("sources[0].file", 3),
        ("sources[0].parts[0].line", 0),
        ("sources[0].parts[1]", "numpy"),
        ("draws[0].repeats", 1),
        ("draws[0].moved_by[1]", "s3"),
        ("no_fix[0].source", "s3"),
        ("draws[1].unexplained", None),
        ("residual[0].helped_by", "one thread"),
        ("fix", []),
        ("fix.repeated", 6),
        ("fix.of", -1),
        ("fix.settings[0]", None),
        ("fix.edits[0].line", 0),
        ("fix.edits[0].line", 6),
        ("fix.edits[0].replaces", 3),
        ("fix.edits[0].replaces", -1),
        ("fix.edits[0].text", None),
        ("runs", -1),
        ("runs", None),
    ],
)
def test_what_cannot_be_is_refused_with_its_path(path: str, value: object) -> None:
    document, found = influence()
    *steps, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]
    holder: Any = found
    for step in steps:
        holder = holder[step]
    holder[last] = value
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(document).encode(), "x")
    assert f"at {PATH}.{path}, " in caught.value.what


@pytest.mark.parametrize(
    ("repeated", "of", "said"),
    [(2, 1, "there was 1 run."), (6, 5, "there were 5 runs."), (0, 1, "0 of 1 run proves nothing.")],
)
def test_one_run_is_counted_as_one(repeated: int, of: int, said: str) -> None:
    document, found = influence()
    found["fix"].update(repeated=repeated, of=of)
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(document).encode(), "x")
    assert caught.value.what.endswith(f", {said}")


def test_one_line_is_counted_as_one() -> None:
    document, found = influence()
    document["experiments"][0]["script"] = "pass\n"
    found["fix"]["edits"][0].update(line=3)
    with pytest.raises(DocumentError, match="the script has 1 line\\."):
        from_json(json.dumps(document).encode(), "x")


@pytest.mark.parametrize(("repeated", "of"), [(4, 5), (0, 0)])
def test_what_did_not_repeat_is_not_proved(repeated: int, of: int) -> None:
    document, found = influence()
    found["fix"].update(repeated=repeated, of=of)
    with pytest.raises(DocumentError, match="prove nothing"):
        from_json(json.dumps(document).encode(), "x")
    found["fix"]["proved"] = False
    assert from_json(json.dumps(document).encode(), "x").columns[0].influence is not None
