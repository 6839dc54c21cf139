"""Catalogues: whether they are whole, and what seedlab makes of one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedlab import languages
from tests.helpers.languages import maker

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue in which every text is accented and longer."""
    path = tmp_path_factory.mktemp("pseudo") / "pseudo.mo"
    assert maker.main(["pseudo", str(path)]) == 0
    return path


def _catalogue(translations: dict[str, str | tuple[str, ...]]) -> object:
    """A German catalogue of the texts that are translated here; it has two forms of plurals."""
    made = maker.Catalog(locale="de", fuzzy=False)
    for text, translation in translations.items():
        made.add((text, f"{text}s") if isinstance(translation, tuple) else text, translation)
    return made


def _problems(translations: dict[str, str | tuple[str, ...]]) -> list[str]:
    texts = _catalogue({text: (("", "") if isinstance(each, tuple) else "") for text, each in translations.items()})
    return list(maker.problems(_catalogue(translations), texts))


def test_every_catalogue_is_whole() -> None:
    assert maker.check() == []


def test_a_whole_catalogue_has_no_problems() -> None:
    assert _problems({"Run {name}": "{name} starten", "{count} run": ("{count} Lauf", "{count} Läufe")}) == []


@pytest.mark.parametrize(
    ("translations", "problem"),
    [
        ({"Run": ""}, "not translated: 'Run'"),
        ({"{count} run": ("{count} Lauf", "")}, "not translated: ('{count} run', '{count} runs')"),
        ({"Run {name}": "{Name} starten"}, "other parameters than in 'Run {name}': '{Name} starten'"),
        ({"invalid %(type)s": "falsch: %s"}, "other parameters than in 'invalid %(type)s': 'falsch: %s'"),
        ({"usage: ": "Aufruf:"}, "begins or ends with other blanks than 'usage: ': 'Aufruf:'"),
    ],
)
def test_what_is_wrong_with_a_translation_is_said(translations: dict[str, str | tuple[str, ...]], problem: str) -> None:
    assert _problems(translations) == [problem]


def test_texts_that_are_missing_and_that_are_gone_are_said() -> None:
    found = set(maker.problems(_catalogue({"old": "alt"}), _catalogue({"new": ""})))
    assert found == {"missing: 'new'", "not in the source any more: 'old'"}


def test_a_number_may_be_said_in_a_word_where_it_is_one() -> None:
    assert _problems({"{count} run": ("ein Lauf", "{count} Läufe")}) == []


def test_a_disguised_text_keeps_its_parameters() -> None:
    assert maker.disguised("{count:,} of {all} runs\n") == "{count:,} öf {all} rûñš~~\n"
    assert maker.disguised("%(prog)s: error") == "%(prog)s: érrör~~"
    assert maker.disguised("{a}: {b}") == "{a}: {b}"


def _said(catalogue: str, code: str) -> str:
    """What a Python prints that imports seedlab with ``catalogue`` as its language."""
    environment = {**os.environ, "SEEDLAB_LANGUAGE": catalogue, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


_EVERYTHING = """
import json, sys
FOREIGN = ["Too many open files", "Invalid device on GPU 3", "x failed. Try y"]
from seedlab.phrases import *
from seedlab.messages.rows import verdict_text
from seedlab.messages.runs import problem_text
from seedlab.analysis.endings import Problem
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES
from seedlab.engine.pythons import find_executable
from seedlab.errors import InterpreterError
from seedlab.results.run import Outcome
said = {}
said["sentence"] = sentence("Every key")
said["plural"] = plural("{count} run", "{count} runs", 1234)
said["kept"] = recorded("did not end within {limit:g} seconds", limit=2.5)
said["retold"] = retold(said["kept"])
said["unknown"] = retold("a text of the script's own")
said["foreign"] = [retold(text) for text in FOREIGN]
with in_english():
    said["english"] = [sentence("Every key"), plural("{count} run", "{count} runs", 2), retold(said["kept"])]
said["problem"] = problem_text(Problem(Outcome.FAILED, "ended with exit status 1: boom", (1,)))
said["preset"] = PRESETS["random"].title
said["family"] = FAMILIES["numpy"].title
try:
    find_executable("/nowhere/python")
except InterpreterError as error:
    said["error"], said["error kept"], said["retold clause"] = str(error), error.clause, retold(error.clause)
json.dump(said, sys.stdout)
"""


def test_texts_are_translated_where_they_are_shown_and_english_where_they_are_kept(pseudo: Path) -> None:
    import json

    said = json.loads(_said(str(pseudo), _EVERYTHING))
    assert said["sentence"] == "Évérý kéý~~~"
    assert said["plural"] == "1234 rûñš~~"
    assert said["kept"] == "did not end within 2.5 seconds"
    assert said["retold"] == "díd ñöt éñd wíthíñ 2.5 šéçöñdš~~~~~~~~ ~"
    assert said["unknown"] == "a text of the script's own"
    assert said["foreign"] == ["Too many open files", "Invalid device on GPU 3", "x failed. Try y"]
    assert said["english"] == ["Every key", "2 runs", "did not end within 2.5 seconds"]
    assert said["problem"] == "Rûñ 1 fáíléd: éñdéd wíth éxít štátûš 1: boom~~~~~~~~.~~~~"
    # Presets are given to programs, too, as English; what they ask is translated where it is shown.
    assert said["preset"] == "Does random.seed, set again, start over?"
    assert said["family"] != "NumPy random"
    assert said["error"].startswith("Théré íš ñö Pýthöñ çálléd “/nowhere/python”.")
    assert said["error kept"].startswith("There is no Python called “/nowhere/python”.")
    assert said["retold clause"] == said["error"], "also where its last sentence has no full stop"


def test_lists_for_programs_are_the_same_in_every_language(pseudo: Path) -> None:
    command = "import sys; from seedlab.cli.main import main; sys.exit(main(['list', '--json', '-'], None))"
    assert _said(str(pseudo), command) == _said("en", command)


def test_a_catalogue_that_cannot_be_read_leaves_the_texts_in_english(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mo"
    broken.write_bytes(b"no catalogue at all")
    assert _said(str(broken), "from seedlab.phrases import sentence; print(sentence('Every key'))") == "Every key\n"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of languages with a French and a Brazilian catalogue, and no wish of anybody's."""
    for code, name in (("fr", "français"), ("pt_BR", "português")):
        made = maker.Catalog(locale=code, fuzzy=False)
        made.add("English", name, context="the name of this language in this language")
        path = tmp_path / "languages" / code / "LC_MESSAGES" / "seedlab.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            maker.write_mo(file, made)
    monkeypatch.setattr(languages, "resource", lambda name: tmp_path / name)
    monkeypatch.setattr(languages, "settings_path", lambda: tmp_path / "settings.json")
    for variable in ("SEEDLAB_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    languages.catalogue.cache_clear()
    yield tmp_path
    languages.catalogue.cache_clear()


def test_languages_are_named_in_themselves(shipped: Path) -> None:
    assert shipped.is_dir()
    assert languages.available() == {"en": "English", "fr": "français", "pt_BR": "português"}


@pytest.mark.parametrize(
    ("variables", "settings", "spoken"),
    [
        ({}, "", "en"),
        ({"LANG": "fr_FR.UTF-8"}, "", "fr"),
        ({"LANG": "fr_CA.UTF-8@euro"}, "", "fr"),
        ({"LANG": "pt_BR.UTF-8"}, "", "pt_BR"),
        ({"LANG": "de_DE.UTF-8"}, "", "en"),
        ({"LANG": "C.UTF-8"}, "", "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "", "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "de:fr:en"}, "", "fr"),
        ({"LANG": "en_GB.UTF-8"}, '{"language": "fr"}', "fr"),
        ({"LANG": "fr_FR.UTF-8"}, '{"language": "en"}', "en"),
        ({"LANG": "fr_FR.UTF-8"}, '{"language": 3}', "fr"),
        ({"LANG": "fr_FR.UTF-8"}, "{", "fr"),
        ({"LANG": "fr_FR.UTF-8", "SEEDLAB_LANGUAGE": "en"}, '{"language": "fr"}', "en"),
        ({"SEEDLAB_LANGUAGE": "fr"}, '{"language": "en"}', "fr"),
    ],
)
def test_the_language_is_that_of_seedlab_then_of_the_settings_then_of_the_system(
    shipped: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], settings: str, spoken: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if settings:
        (shipped / "settings.json").write_text(settings, encoding="utf-8")
    assert languages.language() == spoken


_FOR_PROGRAMS = """
import sys
from pathlib import Path
from seedlab.analysis.analyst import analyse
from seedlab.cli.check import junit_report
from seedlab.documents.files import read_lab
from seedlab.documents.talks import TALKS
from seedlab.documents.writing import to_json
from seedlab.export.tables import to_csv
lab = read_lab(Path(str(TALKS["where-did-my-seed-go"].file)))
for data in (to_json(lab), to_csv(lab), junit_report(lab, analyse(lab.columns))):
    sys.stdout.buffer.write(data)
"""


def test_documents_tables_and_reports_for_programs_are_the_same_in_every_language(pseudo: Path) -> None:
    said = _said(str(pseudo), _FOR_PROGRAMS)
    assert "<failure message=" in said
    assert said == _said("en", _FOR_PROGRAMS)
