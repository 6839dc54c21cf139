"""The drawing, compared with pictures of it that somebody has looked at.

To renew them, after looking at the difference images that a failure names:

    SEEDLAB_RENEW_PICTURES=1 uv run pytest tests/gui/test_reference_pictures.py
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import analyse
from seedlab.figure import Figure, FigureState
from seedlab.figure import theme as themes
from seedlab.figure.theme import DARK, LIGHT, Theme
from seedlab.session.shown import ShownColumn
from seedlab.study.lab import Column
from seedlab.study.script import Script
from tests.helpers.comparisons import placement_column, three_placements

REFERENCE = Path(__file__).parent / "reference"
RENEW = "SEEDLAB_RENEW_PICTURES"
FONTS = ("DejaVu Sans", "DejaVu Sans Mono")
WIDTH, HEIGHT = 900, 560
SMALLER = 4
"""Compared at a quarter of the size: how a font is hinted is not to be seen there, a colour or a row is."""
BLOCK = 15
"""Likewise in squares of so many small pixels, so that something missing is not lost in an average of everything."""
MOST = 6.5
"""Mean absolute difference, of 255, that a square may have."""


@pytest.fixture(autouse=True)
def dejavu_alone(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    """The same fonts on every machine, and nothing of how it hints them: that moves whole words."""
    del qtbot
    missing = set(FONTS) - set(QFontDatabase.families())
    assert not missing, f"not installed: {', '.join(missing)} (fonts-dejavu-core)"
    monkeypatch.setattr(themes, "SANS", (FONTS[0],))
    monkeypatch.setattr(themes, "MONO", (FONTS[1],))
    hint(monkeypatch, QFont.HintingPreference.PreferNoHinting)


def hint(monkeypatch: pytest.MonkeyPatch, preference: QFont.HintingPreference) -> None:
    plain = themes.font

    def hinted(size_px: float, *, mono: bool = False, bold: bool = False, struck: bool = False) -> QFont:
        made = plain(size_px, mono=mono, bold=bold, struck=struck)
        made.setHintingPreference(preference)
        return made

    monkeypatch.setattr(themes, "font", hinted)


def drawn(columns: Sequence[Column], theme: Theme = LIGHT, look: str = "auto", lit: str = "") -> QImage:
    figure = Figure(theme, names=True, title=True)
    states = tuple(ShownColumn(name=column.name, column=column, script=Script(column.script)) for column in columns)
    figure.set_size(WIDTH, HEIGHT)
    figure.show_state(FigureState(columns=states, analysis=analyse(columns), look=look))
    figure.fill()
    if lit:
        figure.light(figure.hit(figure.cell(lit).sceneBoundingRect().center()))
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.window))
    painter = QPainter(image)
    figure.render(painter, image.rect(), image.rect())
    painter.end()
    return image


PICTURES: dict[str, Callable[[], QImage]] = {
    "one-column": lambda: drawn([placement_column("after-op")], lit="op1-1"),
    "three-columns": lambda: drawn(three_placements()),
    "values": lambda: drawn(three_placements(), look="values"),
    "dark": lambda: drawn(three_placements(), DARK),
    "map": lambda: drawn([placement_column("after-op", runs=40, size=20)]),
}


def small(image: QImage) -> np.ndarray:
    """RGB at the size at which pictures are compared."""
    size = (WIDTH // SMALLER, HEIGHT // SMALLER)
    scaled = image.convertToFormat(QImage.Format.Format_RGB32).scaled(
        *size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    pixels = np.frombuffer(scaled.constBits(), np.uint8).reshape(size[1], size[0], 4)
    return pixels[..., 2::-1].astype(int)


def differences(one: QImage, other: QImage) -> np.ndarray:
    """Mean absolute difference of each square."""
    apart = np.abs(small(one) - small(other)).mean(axis=2)
    rows, columns = (length // BLOCK for length in apart.shape)
    squares: np.ndarray = apart[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    return np.asarray(squares.mean(axis=(1, 3)))


def difference_image(one: QImage, other: QImage) -> QImage:
    image = one.copy()
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, other)
    painter.end()
    return image


@pytest.mark.parametrize("name", list(PICTURES))
def test_the_drawing_looks_as_it_did(name: str, tmp_path: Path) -> None:
    image, path = PICTURES[name](), REFERENCE / f"{name}.png"
    if os.environ.get(RENEW):
        assert image.save(str(path))
    reference = QImage(str(path))
    assert not reference.isNull(), f"{path} is missing: see the head of this file"
    assert image.size() == reference.size()
    apart = differences(image, reference)
    if apart.max() > MOST:
        image.save(str(tmp_path / f"{name}-now.png"))
        difference_image(image, reference).save(str(tmp_path / f"{name}-difference.png"))
    assert apart.max() <= MOST, f"square {np.unravel_index(apart.argmax(), apart.shape)}; see {tmp_path}"


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("three-columns", lambda: drawn(three_placements()[:2])),
        ("three-columns", lambda: drawn([*three_placements()[:2], placement_column("after-graph")])),
        ("values", lambda: drawn(three_placements())),
        ("dark", lambda: drawn(three_placements(), LIGHT)),
        ("one-column", lambda: drawn([placement_column("after-op", runs=2)], lit="op1-1")),
        ("one-column", lambda: drawn([placement_column("after-op")])),
        ("map", lambda: drawn([placement_column("before-graph", runs=40, size=20)])),
    ],
)
def test_a_picture_of_something_else_is_noticed(name: str, changed: Callable[[], QImage]) -> None:
    assert differences(changed(), QImage(str(REFERENCE / f"{name}.png"))).max() > MOST


def test_another_colour_of_one_letter_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = QImage(str(REFERENCE / "three-columns.png"))
    colours = ("#c0c0c0", *LIGHT.fingerprints[1:])
    monkeypatch.setattr(Theme, "fingerprint_colour", lambda _, mark: colours[mark.colour % len(colours)])
    assert differences(drawn(three_placements()), reference).max() > MOST


def test_other_edges_of_letters_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hinting moves and thickens strokes by parts of a pixel."""
    reference = QImage(str(REFERENCE / "three-columns.png"))
    hint(monkeypatch, QFont.HintingPreference.PreferVerticalHinting)
    image = drawn(three_placements())
    assert image != reference
    assert differences(image, reference).max() <= MOST
