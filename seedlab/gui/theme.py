"""Colours, type sizes and spacing: one grid, three sizes of type, colour only for meaning."""

from string import Template

import msgspec
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from seedlab.model.fingerprints import Fingerprint
from seedlab.resource_files import resource

UNIT = 8
"""All spacing is a multiple of this, in pixels."""
SMALL, MEDIUM, LARGE = 13, 16, 26
"""The three sizes of type, in pixels."""

SANS = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")
MONO = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Noto Sans Mono", "DejaVu Sans Mono")


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """Named colours as #rrggbb."""

    window: str
    panel: str
    text: str
    muted: str
    hairline: str
    field: str
    accent: str
    accent_text: str
    repeats: str
    differs: str
    seed_line: str
    seed_note: str
    trace: str
    element_line: str
    fingerprints: tuple[str, ...]
    fingerprint_text: str

    def fingerprint_colour(self, fingerprint: Fingerprint) -> str:
        if fingerprint.is_dot:
            return self.muted
        return self.fingerprints[fingerprint.number % len(self.fingerprints)]


LIGHT = Theme(
    window="#ffffff",
    panel="#f4f6f8",
    text="#14181f",
    muted="#5b6472",
    hairline="#dde1e7",
    field="#ffffff",
    accent="#0b5cad",
    accent_text="#ffffff",
    repeats="#05704f",
    differs="#a84300",
    seed_line="#fff2d3",
    seed_note="#994000",
    trace="#0b5cad",
    element_line="#3d4656",
    # From the palette of Okabe and Ito, darkened until white letters stand at 4.5:1, then widened by
    # lightness so that neighbours in the alphabet also differ without hue.
    fingerprints=(
        "#0069a8", "#b84a00", "#007a5a", "#a83a7e", "#806000", "#3d74a8", "#6f4a96",
        "#5a6270", "#9b2346", "#1c665c", "#7c4413", "#3b4a9c", "#666600", "#a3357c",
    ),
    fingerprint_text="#ffffff",
)  # fmt: skip


def font(size_px: int, *, mono: bool = False, bold: bool = False, struck: bool = False) -> QFont:
    made = QFont(list(MONO if mono else SANS))
    made.setPixelSize(size_px)
    made.setBold(bold)
    made.setStrikeOut(struck)
    return made


def apply(application: QApplication, theme: Theme) -> None:
    """Give the whole application ``theme``: style, palette and style sheet, all set explicitly."""
    application.setStyle("Fusion")
    application.setFont(font(SMALL))
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.window),
        (roles.Base, theme.field),
        (roles.AlternateBase, theme.panel),
        (roles.Button, theme.panel),
        (roles.ToolTipBase, theme.field),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.accent_text),
        (roles.Link, theme.accent),
        (roles.Accent, theme.accent),
        (roles.PlaceholderText, theme.muted),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.ToolTipText):
        palette.setColor(role, QColor(theme.text))
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    application.setPalette(palette)
    sheet = Template(resource("style.qss").read_text(encoding="utf-8"))
    colours = {name: getattr(theme, name) for name in theme.__struct_fields__ if isinstance(getattr(theme, name), str)}
    application.setStyleSheet(sheet.substitute(colours, small=SMALL, medium=MEDIUM, large=LARGE))
