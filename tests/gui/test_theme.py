"""Colours that can be read, by everybody."""

import pytest

from seedlab.gui.theme import LIGHT, Theme
from seedlab.model.fingerprints import DOT, Fingerprint


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT])
def test_all_text_stands_at_4_5_to_1(theme: Theme) -> None:
    pairs = [
        (theme.text, theme.window),
        (theme.text, theme.panel),
        (theme.muted, theme.window),
        (theme.muted, theme.panel),
        (theme.accent, theme.window),
        (theme.accent, theme.panel),
        (theme.accent_text, theme.accent),
        (theme.repeats, theme.window),
        (theme.differs, theme.window),
        (theme.differs, theme.seed_line),
        (theme.text, theme.seed_line),
        (theme.muted, theme.seed_line),
        (theme.seed_note, theme.seed_line),
        (theme.seed_note, theme.window),
        (theme.trace, theme.seed_line),
        *((theme.fingerprint_text, colour) for colour in theme.fingerprints),
    ]
    assert {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5} == {}


def test_fingerprints_have_colours_of_their_own_and_the_dot_has_none() -> None:
    assert len(set(LIGHT.fingerprints)) == len(LIGHT.fingerprints)
    assert LIGHT.fingerprint_colour(DOT) == LIGHT.muted
    assert LIGHT.fingerprint_colour(Fingerprint(len(LIGHT.fingerprints), "Z")) == LIGHT.fingerprints[0]
