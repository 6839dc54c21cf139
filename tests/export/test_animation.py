"""Animated pictures: the runs are uncovered one after the other, and the letters stay."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image, ImageSequence
from pytestqt.qtbot import QtBot

from seedlab.documents.files import read_lab
from seedlab.errors import DocumentError
from seedlab.export.animation import LAST_MS, MOST_STEPS, STEP_MS
from seedlab.export.exporting import ANIMATIONS, write_export
from seedlab.session.picture_options import SIZES, PictureOptions, Size
from seedlab.study.lab import Lab, Look
from tests.helpers.comparisons import placement_column, table_column, three_placements
from tests.helpers.values import column

OPTIONS = PictureOptions(size=SIZES["slide"], scale=1.0)


@pytest.fixture(autouse=True)
def application(qtbot: QtBot) -> None:
    del qtbot


def frames_of(path: Path) -> list[np.ndarray]:
    """Return each picture of the file: height, width, red, green, blue and opacity."""
    with Image.open(path) as image:
        return [np.array(frame.convert("RGBA")) for frame in ImageSequence.Iterator(image)]


@pytest.mark.parametrize("ending", ANIMATIONS)
def test_runs_are_uncovered_one_after_the_other(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"figure{ending}"
    write_export(Lab.of(three_placements()), path, OPTIONS)
    with Image.open(path) as image:
        assert image.size == (1280, 720)
        assert image.info.get("loop", 0) == 0
        durations = []
        for frame in ImageSequence.Iterator(image):
            frame.load()
            durations.append(frame.info["duration"])
    # Nothing, one, two and three runs, and then the verdicts.
    assert durations == [STEP_MS] * 4 + [LAST_MS]
    frames = frames_of(path)
    changed = [int((one != other).any(axis=2).sum()) for one, other in itertools.pairwise(frames)]
    assert min(changed) > 1000, "each picture shows more"


def test_an_animated_png_is_opened_like_a_document(tmp_path: Path) -> None:
    lab = Lab.of(three_placements())
    write_export(lab, tmp_path / "figure.apng", OPTIONS)
    assert read_lab(tmp_path / "figure.apng").columns == lab.columns


def test_what_is_transparent_is_replaced_by_what_comes_after(tmp_path: Path) -> None:
    options = PictureOptions(size=SIZES["slide"], scale=1.0, paper="transparent")
    write_export(Lab.of(three_placements()), tmp_path / "a.apng", options)
    first, *_, last = frames_of(tmp_path / "a.apng")
    assert first[2, 2, 3] == last[2, 2, 3] == 0
    write_export(Lab.of(three_placements()), tmp_path / "a.webp", options)
    assert np.abs(frames_of(tmp_path / "a.webp")[-1].astype(int) - last).max() <= 1, "nothing of the cover is left"


@pytest.mark.parametrize("paper", ["light", "transparent", "transparent-dark"])
@pytest.mark.parametrize("look", ["lines", "map", "values"])
def test_what_is_covered_is_not_in_the_picture(tmp_path: Path, paper: str, look: Look) -> None:
    """Two comparisons that differ in what is covered have the same first pictures."""
    options = PictureOptions(size=SIZES["slide"], scale=1.0, paper=paper, document=False)
    pictures = []
    for values in ([1.0, 2.0, 2.0], [1.0, 2.0, 7.0]):
        lab = Lab.of([table_column([{"a": [value]} for value in values])])
        lab = replace(lab, view=replace(lab.view, look=look))
        write_export(lab, tmp_path / "a.apng", options)
        pictures.append(frames_of(tmp_path / "a.apng"))
    for one, other in itertools.islice(zip(*pictures, strict=True), 3):
        assert (one == other).all()
    assert (pictures[0][-1] != pictures[1][-1]).any()


def test_every_picture_is_laid_out_like_the_last(tmp_path: Path) -> None:
    """The words of the scripts stand where they stood: only the notes below their lines are new."""
    write_export(Lab.of(three_placements()), tmp_path / "a.webp", OPTIONS)
    first, *_, before, last = frames_of(tmp_path / "a.webp")
    # The names of the runs, below all rows, and the line that says where the values come from.
    changed = (first != last).any(axis=(1, 2)) | (before != last).any(axis=(1, 2))
    below = last[changed.nonzero()[0].max() + 1 :]
    inked = (below != below[-1, -1]).any(axis=(1, 2))
    begins = np.diff(inked.astype(int), prepend=0).tolist().count(1)
    assert (begins, inked.sum() >= 25) == (2, True), "two lines of text that stay where they were"


def test_causes_are_no_animation_of_their_own(tmp_path: Path) -> None:
    lab = Lab.of(three_placements())
    write_export(lab, tmp_path / "a.webp", OPTIONS)
    write_export(replace(lab, view=replace(lab.view, look="why")), tmp_path / "b.webp", OPTIONS)
    assert len(frames_of(tmp_path / "b.webp")) == len(frames_of(tmp_path / "a.webp")) == 5


def test_pictures_that_are_too_many_are_refused(tmp_path: Path) -> None:
    options = PictureOptions(size=Size("own", 4000, 4000), scale=2.0)
    with pytest.raises(DocumentError, match=r"5 pictures of 8,000 by 8,000 pixels"):
        write_export(Lab.of(three_placements()), tmp_path / "a.gif", options)


def test_of_many_runs_several_are_uncovered_at_once(tmp_path: Path) -> None:
    write_export(Lab.of([placement_column("after-op", runs=100)]), tmp_path / "a.webp", OPTIONS)
    assert len(frames_of(tmp_path / "a.webp")) == MOST_STEPS + 2


def test_without_runs_there_is_nothing_to_uncover(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="Run the columns first"):
        write_export(Lab.of([column()]), tmp_path / "a.gif", OPTIONS)
    assert not list(tmp_path.iterdir())
