"""Colours that can be read, by everybody, and sizes that follow the zoom."""

import itertools

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from seedlab.analysis.fingerprints import COLOURS, DOT, Fingerprint
from seedlab.figure import theme as themes
from seedlab.figure.highlight import highlighted
from seedlab.figure.theme import DARK, LIGHT, THEMES, Theme
from seedlab.libraries.registry import FAMILIES, script_of
from seedlab.session.settings import ZOOMS

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)

VISION = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""Linear sRGB as such eyes see it: Machado, Oliveira and Fernandes 2009, severity 1."""
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> np.ndarray:
    """Linear sRGB from 0 to 1, shape (3,)."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    lights = sorted((float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def distance(one: str, other: str, eyes: str) -> float:
    """In OKLab (Ottosson 2020): 1 from black to white, some 0.02 where a difference is just seen."""
    labs = [_TO_LAB @ np.cbrt(_TO_CONES @ np.clip(VISION[eyes] @ linear(colour), 0, 1)) for colour in (one, other)]
    return float(np.linalg.norm(labs[0] - labs[1]))


def test_the_measures_measure() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert distance("#000000", "#ffffff", "usual") == pytest.approx(1, abs=1e-3)
    assert distance("#ff0000", "#00a000", "usual") > 0.3
    assert distance("#b06000", "#6f7a00", "deuteranopia") < 0.05, "red and green of equal lightness look alike"


@BOTH
def test_all_text_stands_at_4_5_to_1(theme: Theme) -> None:
    words = ("text", "muted", "differs", "seed_note", "trace", "keyword", "string", "number")
    grounds = ("window", "seed_line", "light", "panel")
    pairs = [(getattr(theme, word), getattr(theme, ground)) for word in words for ground in grounds]
    pairs += [
        (theme.accent, theme.window),
        (theme.accent, theme.panel),
        (theme.accent, theme.light),
        (theme.accent_text, theme.accent),
        (theme.accent_text, theme.trace),
        (theme.repeats, theme.window),
        (theme.repeats, theme.light),
        (theme.text, theme.field),
        (theme.muted, theme.field),
        (theme.muted, theme.hairline),
        *((theme.fingerprint_text, colour) for colour in (*theme.fingerprints, theme.muted)),
    ]
    assert {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5} == {}


@BOTH
def test_a_scripts_words_have_the_colours_that_were_measured(theme: Theme) -> None:
    measured = {theme.text, theme.muted, theme.keyword, theme.string, theme.number}
    for family in FAMILIES.values():
        source = script_of(family.default).text + "# a remark"
        assert {colour for line in highlighted(source, theme) for _, colour in line} <= measured


@BOTH
def test_dots_letters_and_lines_stand_out_at_3_to_1(theme: Theme) -> None:
    signs = (*theme.fingerprints, theme.muted, theme.element_line, theme.accent, theme.differs)
    grounds = (theme.window, theme.light)
    pairs = [(sign, ground) for sign in signs for ground in grounds]
    assert {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 3} == {}


@pytest.mark.parametrize("eyes", list(VISION))
@BOTH
def test_neighbouring_letters_look_apart_to_everybody(theme: Theme, eyes: str) -> None:
    colours = theme.fingerprints
    neighbours = {pair: distance(*pair, eyes) for pair in itertools.pairwise((*colours, colours[0]))}
    assert {pair: found for pair, found in neighbours.items() if found < 0.05} == {}
    first = {pair: distance(*pair, eyes) for pair in itertools.combinations(colours[:6], 2)}
    assert {pair: found for pair, found in first.items() if found < 0.04} == {}


@pytest.mark.parametrize("eyes", list(VISION))
@BOTH
def test_what_repeats_and_what_differs_look_apart_to_everybody(theme: Theme, eyes: str) -> None:
    assert distance(theme.repeats, theme.differs, eyes) > 0.08


@BOTH
def test_fingerprints_have_colours_of_their_own_and_the_dot_has_none(theme: Theme) -> None:
    assert len(set(theme.fingerprints)) == len(theme.fingerprints) == COLOURS
    assert theme.fingerprint_colour(DOT) == theme.muted
    assert theme.fingerprint_colour(Fingerprint(25, "Z", len(theme.fingerprints))) == theme.fingerprints[0]


@BOTH
def test_no_two_letters_have_nearly_one_colour_for_usual_eyes(theme: Theme) -> None:
    apart = {pair: distance(*pair, "usual") for pair in itertools.combinations(theme.fingerprints, 2)}
    assert {pair: found for pair, found in apart.items() if found < 0.055} == {}


def test_sizes_grow_with_the_zoom(qtbot: QtBot) -> None:
    del qtbot
    sizes = [
        (theme.px(12), theme.unit, theme.small, theme.medium, theme.large)
        for theme in (themes.chosen("light", zoom) for zoom in ZOOMS)
    ]
    for smaller, larger in itertools.pairwise(sizes):
        assert all(one <= other for one, other in zip(smaller, larger, strict=True))
        assert smaller != larger
    assert themes.chosen("dark").px(8) == 8


def test_themes_are_found_by_their_names(qtbot: QtBot) -> None:
    del qtbot
    assert {name: themes.chosen(name).name for name in THEMES} == {"light": "light", "dark": "dark"}
