"""Pictures of a distribution, opened again by other programs."""

import io
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor
from PySide6.QtGui import QColor

from seedlab.analysis.distribution_views import Choice, Distribution, distribution_of, pairs_of
from seedlab.errors import DocumentError
from seedlab.export.distribution import (
    DistributionPicture,
    export_distribution,
    sweep_provenance,
    to_pdf,
    to_png,
    to_svg,
)
from seedlab.figure import theme as themes
from seedlab.messages.distributions import VIEWS
from seedlab.session.sweep_series import SweepSource
from seedlab.session.sweep_store import SweepResults
from tests.helpers.sweeps import sweep_results

WIDTH, HEIGHT = 900, 560


@pytest.fixture
def results(tmp_path: Path) -> SweepResults:
    base = np.random.default_rng(0).gamma(9, 0.05, 120)
    return sweep_results(tmp_path / "sweep", {"loss": base, "loss #2": base / 2, "loss #3": base / 3})


@pytest.fixture
def found(results: SweepResults) -> Distribution:
    return distribution_of(SweepSource("loss", (results,)))


def picture_of(found: Distribution, view: str, results: SweepResults, paper: str = "light") -> DistributionPicture:
    pairs = pairs_of(SweepSource("loss", (results,)), 0, Choice(0, "loss #2"))
    line = sweep_provenance([results], found)
    return DistributionPicture(
        found=found, view=view, pairs=pairs, width=WIDTH, height=HEIGHT, paper=paper, provenance=line
    )


def has_colour(image: Image.Image, colour: str) -> bool:
    wanted = QColor(colour)
    pixels = np.asarray(image.convert("RGB"))
    return bool((pixels == [wanted.red(), wanted.green(), wanted.blue()]).all(axis=2).any())


@pytest.mark.parametrize("paper", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_png(view: str, paper: str, found: Distribution, results: SweepResults) -> None:
    image = Image.open(io.BytesIO(to_png(picture_of(found, view, results, paper))))
    assert image.size == (2 * WIDTH, 2 * HEIGHT)
    theme = themes.THEMES[paper]
    assert image.convert("RGB").getpixel((1, 1)) == ImageColor.getrgb(theme.window)
    # The script's own seed is there in every view.
    assert has_colour(image, theme.accent)


@pytest.mark.parametrize("view", VIEWS)
def test_svg(view: str, found: Distribution, results: SweepResults) -> None:
    data = to_svg(picture_of(found, view, results))
    root = ET.fromstring(data)
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    texts = " ".join(each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "seed 42" in texts
    assert "is better (lower) than" in texts
    assert "seed=42 turned to 0..119" in texts
    # A reader that draws lines as wide as their axes are stretched has a page full of ink.
    drawn = subprocess.run(["rsvg-convert"], input=data, capture_output=True, check=True).stdout
    image = Image.open(io.BytesIO(drawn)).convert("L")
    # Qt writes millimetres.
    assert image.size == pytest.approx((WIDTH, HEIGHT), abs=1)
    assert (np.asarray(image) < 128).mean() < 0.2


@pytest.mark.parametrize("view", VIEWS)
def test_pdf(view: str, found: Distribution, results: SweepResults, tmp_path: Path) -> None:
    path = tmp_path / "view.pdf"
    path.write_bytes(to_pdf(picture_of(found, view, results)))
    made = subprocess.run(["pdftoppm", "-r", "96", "-png", str(path)], capture_output=True, check=True).stdout
    page = Image.open(io.BytesIO(made))
    assert page.size == (WIDTH, HEIGHT)
    told = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "seed 42" in told
    # Numbers at the axes are as large as elsewhere.
    assert told.split()
    assert (np.asarray(page.convert("L")) < 128).mean() < 0.2


def test_many_values_are_a_picture_of_squares(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=60_000)
    results = sweep_results(tmp_path / "many", {"loss": values})
    found = distribution_of(SweepSource("loss", (results,)))
    image = Image.open(io.BytesIO(to_png(picture_of_one(found, "runs"))))
    dark = np.asarray(image.convert("L")) < 200
    assert 0.05 < dark.mean() < 0.9


def picture_of_one(found: Distribution, view: str) -> DistributionPicture:
    return DistributionPicture(found=found, view=view, width=WIDTH, height=HEIGHT, scale=1.0)


def test_a_file_is_written_whole_or_refused(found: Distribution, tmp_path: Path) -> None:
    picture = picture_of_one(found, "histogram")
    for name in ("a.png", "a.svg", "a.pdf"):
        export_distribution(picture, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1_000
    with pytest.raises(DocumentError, match="ending"):
        export_distribution(picture, tmp_path / "a.gif")
    with pytest.raises(DocumentError):
        export_distribution(picture, tmp_path / "missing" / "a.png")
    with pytest.raises(DocumentError, match="pixels"):
        to_png(DistributionPicture(found=found, width=8_000, height=300, scale=4.0))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.pdf", "a.png", "a.svg"]
