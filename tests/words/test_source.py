"""Whether every text that people read can be found by reading the source."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.helpers.untranslated import Literal, misused, sources, unreached

ALLOWED = {
    # Names by which programs, files and documents know something; words are made of them elsewhere.
    "analysis/*": "equal but for the last bit|nothing to equal|from (call|session|op) to (call|session|op)|one run"
    "|not comparable",
    "engine/connection.py": "no folder|no script|other script|too large|Permission denied"
    "|HOST IDENTIFICATION HAS CHANGED|Host key verification failed|import sys;.*",
    "inquiry/*": "deterministic tf.data|op determinism|one thread|hash secret",
    "libraries/*": "deterministic tf.data|op determinism|one thread|hash secret|tf (op|stateless) seed|default graph"
    "|Philox|Generator|Random",
    "messages/fixes.py": "no seed",
    "results/run.py": "timed out",
    "results/trace.py": "python global",
    "session/sweep_json.py": "seedlab sweeps",
    "documents/version2.py": "object missing required field `library`|expected `str`",
    "session/diagnostics.py": ".*",
    # Names of libraries, fonts and styles.
    "libraries/*/capabilities.py": "Keras|Python",
    "libraries/keras/family.py": r"Keras|keras\..*|np\..*",
    "figure/theme.py": "Inter|Fusion|Segoe UI|SF Pro Text|Helvetica Neue|Consolas|Menlo|.* Mono|.* Sans|Noto .* CJK JP",
    "figure/__init__.py": "Drawing|Figure|Hit",
    "engine/child_environment.py": "Contents",
    "engine/found_pythons.py": "Envs",
    "languages.py": "English|the name of this language in this language",
    # Keys, as Qt calls them.
    "gui/*": "Esc|Space|Return|Enter|Home|End|<p style=.*",
    "messages/help.py": r"[A-Z][\w+`-]*(, [A-Z`][\w+`.-]*)+",
    "session/environments.py": "Keras",
    "gui/environment_dialog.py": "tensorflow==.*",
    "study/controls.py": "{}, CPU:0, GPU:0, …",
    # What machines read, or those who change the program: reports for JUnit, names of threads, the log.
    "cli/check.py": "seedlab check|every run finishes",
    "cli/interruption.py": "work that can be left to itself",
    "session/log.py": "%.*|which came from",
    "session/kept_lab.py": "its layout is {}|the stream is (elsewhere|missing)|(a run is|lines are) missing",
    "session/recovery.py": "{} is locked",
    "engine/platform/*": "{} belongs to somebody else|{} cannot be locked: .*|There are jobs on Windows only."
    "|Affinity|Read|Write|Other",
    "command_text.py": "No closing quotation",
    "engine/protocol.py": ".*",
    # Text as a run printed it, and is compared: it is the same in every language.
    "engine/bounded_text.py": ".*left out.*",
    "engine/printed.py": "‹the middle is left out›",
    "engine/file_contents.py": "{} bytes, digest {}",
    # Programs and patterns.
    "engine/packing.py": r"start\(.*",
    "engine/executors/own_scripts.py": "Path",
    "libraries/*/family.py": r"rngs? = .*|, num_parallel_calls=.*|tf\.cast.*|# {}={} python script.py|python script.py"
    r"|shuffle, map|with tf.Graph\(\)",
    "libraries/tensorflow_data/remedies.py": "True",
    "inquiry/candidates.py": "{} if {} is None else {}",
    "inquiry/changed_texts.py": r"\\ No newline at end of file\n",
    "inquiry/rewriting.py": "from {} import {}",
    "inquiry/seed_defaults.py": "None",
    "results/printed_text.py": ".*",
    "documents/unknown_fields.py": "Parts",
}  # fmt: skip
"""Texts that look as if people read them: what they are is said above, and `session/diagnostics.py` is a report that is
copied to those who help, in English."""


def _is_allowed(file: str, text: str) -> bool:
    return any(
        fnmatchcase(file, pattern) and re.fullmatch(texts, text, re.DOTALL) is not None
        for pattern, texts in ALLOWED.items()
    )


@pytest.fixture(scope="module")
def found() -> list[Literal]:
    return [literal for path in sources() for literal in unreached(path)]


def test_every_text_for_people_goes_through_the_mechanism(found: list[Literal]) -> None:
    assert [literal for literal in found if not _is_allowed(literal.file, literal.text)] == []


def test_what_is_allowed_is_there(found: list[Literal]) -> None:
    unused = [
        pattern
        for pattern, texts in ALLOWED.items()
        if not any(fnmatchcase(each.file, pattern) and re.fullmatch(texts, each.text, re.DOTALL) for each in found)
    ]
    assert unused == []


def test_the_mechanism_is_given_literals_that_can_be_found() -> None:
    assert [literal for path in sources() for literal in misused(path)] == []


def test_a_text_that_bypasses_the_mechanism_is_found(tmp_path: Path) -> None:
    source = (
        """label.setText("Run it again")\nraise ChoiceError("a", f"There is no {name}.", sentence("Leave it out."))\n"""
    )
    path = tmp_path / "made_up.py"
    path.write_text(source, encoding="utf-8")
    texts = {text for _, _, text in unreached(path, tmp_path)}
    assert texts == {"Run it again", "There is no {}."}
    path.write_text('sentence("a" if b else "c")\nplural(f"{a} b", "c", 1)\n', encoding="utf-8")
    assert len(list(misused(path, tmp_path))) == 2
