"""``seedlab talk``: what it names, opens, writes and refuses."""

import re
import subprocess
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from seedlab.cli import main as cli
from seedlab.documents.files import read_lab
from seedlab.documents.talks import TALKS
from seedlab.documents.writing import to_json
from seedlab.study.lab import Lab, Scene
from tests.helpers.command_line import seedlab
from tests.helpers.comparisons import placement_column


def opened(*arguments: str) -> list[tuple[str | None, Path, bool]]:
    windows: list[tuple[str | None, Path, bool]] = []

    def open_window(python: str | None, documents: Sequence[Path], is_talk: bool) -> int:
        (document,) = documents
        windows.append((python, document, is_talk))
        return 0

    assert cli.main(arguments, open_window) == 0
    return windows


def test_the_talks_are_listed_a_line_each_with_the_name_first() -> None:
    done = seedlab("talk", "--list")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(TALKS)


@pytest.mark.parametrize(("name", "count"), [("where-did-my-seed-go", 8), ("keras-and-still-it-changes", 10)])
def test_a_talk_that_comes_with_seedlab(name: str, count: int) -> None:
    scenes = read_lab(Path(str(TALKS[name].file))).scenes
    assert len(scenes) == count
    assert all(scene.title and scene.notes for scene in scenes)
    runs = [run for scene in scenes for column in scene.columns for run in column.runs]
    assert len(runs) >= 3 * count
    assert {run.outcome.value for run in runs} == {"finished"}
    # Where they lay is nobody's business.
    assert {column.interpreter.executable for s in scenes for column in s.columns if column.interpreter} == {"python3"}
    assert opened("talk", name, "--python", "py") == [("py", Path(str(TALKS[name].file)), True)]


def test_a_document_with_scenes_is_given(tmp_path: Path) -> None:
    path = tmp_path / "mine.seedlab"
    columns = (placement_column("after-op"),)
    lab = Lab.of(columns)
    path.write_bytes(to_json(Lab(columns=columns, created=lab.created, scenes=(Scene(title="One", columns=columns),))))
    assert opened("talk", str(path)) == [(None, path, True)]
    assert opened("open", str(path)) == [(None, path, False)]
    path.write_bytes(to_json(lab))
    done = seedlab("talk", str(path))
    assert done.returncode == 2
    assert done.stderr == (
        f"seedlab: {path} has no scenes. Open it, and take what is shown as a scene with Ctrl+Shift+N.\n"
    )


@pytest.mark.parametrize("name", TALKS)
def test_all_scenes_of_a_talk_are_exported(name: str, tmp_path: Path) -> None:
    pdf, handout = tmp_path / "talk.pdf", tmp_path / "handout.md"
    done = seedlab("talk", name, "--export", str(pdf), "--export", str(handout), "--scale", "1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    scenes = read_lab(Path(str(TALKS[name].file))).scenes
    said = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages: +(\d+)", said)[1] == str(len(scenes))  # type: ignore[index]
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    # Ligatures are letters again.
    pages = [" ".join(unicodedata.normalize("NFKC", page).split()) for page in text.split("\f")]
    assert all(scene.title in page for scene, page in zip(scenes, pages, strict=False))
    pictures = sorted(path.name for path in tmp_path.glob("*.png"))
    assert pictures == [f"handout-{n:0{len(str(len(scenes)))}}.png" for n in range(1, len(scenes) + 1)]
    assert all(picture in handout.read_text() for picture in pictures)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["talk"], "No talk is named. Name a document with scenes, or where-did-my-seed-go or"),
        (["talk", "where-did-my-sead-go"], "There is no talk “where-did-my-sead-go”."),
        (["talk", "where-did-my-sead-go"], "Did you mean “where-did-my-seed-go”?"),
        (["talk", "no/such.seedlab"], "no/such.seedlab"),
        (["talk", "--list", "x"], "--list names the talks, and does nothing else."),
        (["talk", "where-did-my-seed-go", "--export", "a.csv"], "a.csv cannot hold the scenes of a talk. End the name"),
    ],
)
def test_what_is_no_talk_is_refused(arguments: list[str], said: str) -> None:
    done = seedlab(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_without_a_screen_it_says_how_to_have_the_scenes() -> None:
    done = seedlab("talk", "where-did-my-seed-go", DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 2
    assert "There is no screen to open a window on." in done.stderr
    assert "seedlab talk NAME --export talk.pdf" in done.stderr


def test_columns_that_are_chosen_are_those_in_view_and_no_scenes(tmp_path: Path) -> None:
    talk = str(TALKS["where-did-my-seed-go"].file)
    done = seedlab("export", talk, "--to", str(tmp_path / "a.pdf"), "--columns", "1", "--rows", "op2")
    assert (done.returncode, done.stderr) == (0, "")
    said = subprocess.run(["pdfinfo", tmp_path / "a.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages: +1\n", said)
