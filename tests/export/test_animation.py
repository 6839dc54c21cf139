"""Animated pictures: the runs are uncovered one after the other, and the letters stay."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from pytestqt.qtbot import QtBot

from seedlab.documents.files import read_lab
from seedlab.errors import DocumentError
from seedlab.export.animation import LAST_MS, MOST_STEPS, STEP_MS
from seedlab.export.exporting import ANIMATIONS, write_export
from seedlab.session.picture_options import SIZES, PictureOptions
from seedlab.study.lab import Lab
from tests.helpers.comparisons import placement_column, three_placements
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


def test_of_many_runs_several_are_uncovered_at_once(tmp_path: Path) -> None:
    write_export(Lab.of([placement_column("after-op", runs=100)]), tmp_path / "a.webp", OPTIONS)
    assert len(frames_of(tmp_path / "a.webp")) == MOST_STEPS + 2


def test_without_runs_there_is_nothing_to_uncover(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="Run the columns first"):
        write_export(Lab.of([column()]), tmp_path / "a.gif", OPTIONS)
    assert not list(tmp_path.iterdir())
