"""All scenes of a talk, as pages, pictures and a handout."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from seedlab.documents.files import read_lab
from seedlab.documents.writing import to_document
from seedlab.errors import DocumentError
from seedlab.export.scenes import exporting_scenes
from seedlab.session.picture_options import PictureOptions
from seedlab.study.lab import Lab, Scene, View
from seedlab.work import finish
from tests.helpers.command_line import seedlab
from tests.helpers.comparisons import placement_column, three_placements
from tests.helpers.drawn_texts import drawn_texts


@pytest.fixture(autouse=True)
def application(qtbot: QtBot) -> None:
    del qtbot


@pytest.fixture
def lab() -> Lab:
    scenes = (
        Scene(title="Where did my seed go?", columns=(placement_column("before-graph"),), notes="Wait for *guesses*."),
        Scene(title="Where to set it", columns=tuple(three_placements()), view=View("values", 1), is_covered=True),
        Scene(title="Thank you", columns=(placement_column("after-op", runs=0),)),
    )
    return replace(Lab.of(three_placements()), scenes=scenes)


def pages_in(data: bytes) -> int:
    """How many pages a PDF says that it has; 0 where it is none."""
    found = re.search(rb"/Type /Pages.*?/Count (\d+)", data, re.DOTALL)
    return int(found[1]) if found is not None and data.startswith(b"%PDF") else 0


def test_a_pdf_has_a_page_for_each_scene(lab: Lab, tmp_path: Path) -> None:
    finish(exporting_scenes(lab, tmp_path / "talk.pdf", PictureOptions()))
    assert pages_in((tmp_path / "talk.pdf").read_bytes()) == 3


def test_pictures_are_numbered_and_opened_one_by_one(lab: Lab, tmp_path: Path) -> None:
    finish(exporting_scenes(lab, tmp_path / "talk.svg", PictureOptions()))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["talk-1.svg", "talk-2.svg", "talk-3.svg"]
    assert read_lab(tmp_path / "talk-2.svg").columns == lab.scenes[1].columns
    texts = drawn_texts((tmp_path / "talk-2.svg").read_bytes())
    assert "Where to set it" in [text.text for text in texts]


def test_a_handout_has_pictures_and_notes(lab: Lab, tmp_path: Path) -> None:
    finish(exporting_scenes(lab, tmp_path / "talk.md", PictureOptions(scale=1.0)))
    text = (tmp_path / "talk.md").read_text(encoding="utf-8")
    assert "## 1. Where did my seed go?\n\n![Where did my seed go?](<talk-1.png>)" in text
    assert "Wait for \\*guesses\\*." in text
    image = QImage(str(tmp_path / "talk-1.png"))
    assert (image.width(), image.height()) == (1280, 720)


def test_the_command_line_exports_all_scenes(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "talk.seedlab").write_bytes(to_document(lab))
    done = seedlab("export", str(tmp_path / "talk.seedlab"), "--to", str(tmp_path / "talk.pdf"))
    assert (done.returncode, done.stderr) == (0, "")
    assert pages_in((tmp_path / "talk.pdf").read_bytes()) == 3


def test_no_file_that_nobody_has_named_is_overwritten(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "talk-2.png").write_text("my notes")
    with pytest.raises(DocumentError, match=r"talk-2\.png is there already, and is no such picture"):
        finish(exporting_scenes(lab, tmp_path / "talk.png", PictureOptions(scale=1.0)))
    assert [path.name for path in tmp_path.iterdir()] == ["talk-2.png"]
    assert (tmp_path / "talk-2.png").read_text() == "my notes"
    (tmp_path / "talk-2.png").unlink()
    for _ in range(2):
        finish(exporting_scenes(lab, tmp_path / "talk.png", PictureOptions(scale=1.0)))


def test_each_line_of_the_notes_is_a_paragraph_of_the_handout(lab: Lab, tmp_path: Path) -> None:
    scenes = (replace(lab.scenes[0], notes="Ask first.\n\nThen wait."), *lab.scenes[1:])
    finish(exporting_scenes(replace(lab, scenes=scenes), tmp_path / "talk.md", PictureOptions(scale=1.0)))
    assert "\n\nAsk first.\n\nThen wait.\n\n" in (tmp_path / "talk.md").read_text(encoding="utf-8")
