"""Colours, type sizes and spacing: one grid, three sizes of type, and colour only where it has a meaning."""

from string import Template

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from seedlab.analysis.fingerprints import Fingerprint
from seedlab.resource_files import resource

SANS = ("Inter", "Segoe UI", "SF Pro Text", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Noto Sans CJK JP")
MONO = (
    "JetBrains Mono", "Cascadia Mono", "Consolas", "SF Mono", "Menlo", "Noto Sans Mono", "DejaVu Sans Mono",
    "Noto Sans Mono CJK JP",
)  # fmt: skip


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """Named colours as #rrggbb, or #aarrggbb where something shows through, and the size of everything."""

    name: str
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
    leak_line: str
    seed_note: str
    trace: str
    element_line: str
    light: str
    """The colour behind whatever explains, or is explained by, what the pointer is on."""
    keyword: str
    string: str
    number: str
    fingerprints: tuple[str, ...]
    """Neighbouring colours differ for colour-blind eyes too; letters distinguish the rest."""
    fingerprint_text: str
    zoom: float = 1.0

    def px(self, size: float) -> int:
        """Return the length of ``size`` pixels at zoom 1 in pixels at the present zoom."""
        return round(size * self.zoom)

    @property
    def unit(self) -> int:
        """The step of the grid, in pixels: all spacing is a multiple of it."""
        return self.px(8)

    @property
    def small(self) -> int:
        return self.px(13)

    @property
    def medium(self) -> int:
        return self.px(16)

    @property
    def large(self) -> int:
        return self.px(26)

    def fingerprint_colour(self, fingerprint: Fingerprint) -> str:
        if fingerprint.is_dot:
            return self.muted
        return self.fingerprints[fingerprint.colour % len(self.fingerprints)]


LIGHT = Theme(
    name="light",
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
    leak_line="#fdebe2",
    seed_note="#994000",
    trace="#0b5cad",
    element_line="#3d4656",
    light="#e6effa",
    keyword="#6f3a96",
    string="#05704f",
    number="#994000",
    fingerprints=(
        "#0069a8", "#b84a00", "#0b5a37", "#a8327a", "#4a2d7f", "#701525", "#00807a",
        "#b03040", "#5a6270", "#5b3a10", "#4a78b0", "#5d6b12", "#762a63", "#8a6200",
    ),
    fingerprint_text="#ffffff",
)  # fmt: skip
DARK = Theme(
    name="dark",
    window="#12161c",
    panel="#1a2028",
    text="#eef1f5",
    muted="#a3adba",
    hairline="#323b47",
    field="#222a34",
    accent="#6cb2ff",
    accent_text="#0a1420",
    repeats="#4fd0a5",
    differs="#ffa05c",
    seed_line="#3d3013",
    leak_line="#43251a",
    seed_note="#ffbf66",
    trace="#8cc4ff",
    element_line="#b9c2cf",
    light="#223349",
    keyword="#d3a6f5",
    string="#4fd0a5",
    number="#ffbf66",
    fingerprints=(
        "#51b9f1", "#d4a612", "#4ab98c", "#f08fdb", "#dacf47", "#8eacb9", "#bea0ea",
        "#a6bdce", "#ed8695", "#71cebf", "#d29966", "#90a1f6", "#bec15d", "#dc7cc6",
    ),
    fingerprint_text="#0a1018",
)  # fmt: skip
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def chosen(name: str, zoom: float = 1.0) -> Theme:
    """Return the theme called ``name`` or, for any other name, such as `SYSTEM_THEME`, the one like the desktop's."""
    if name not in THEMES:
        is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        name = DARK.name if is_dark else LIGHT.name
    return msgspec.structs.replace(THEMES[name], zoom=zoom)


def see_through(theme: Theme) -> Theme:
    """Return ``theme`` for somebody else's ground, which shows through all that would be a box of colour."""
    tint = "ffffff" if theme.name == DARK.name else "000000"
    return msgspec.structs.replace(
        theme,
        window="#00000000",
        panel=f"#14{tint}",
        hairline=f"#38{tint}",
        seed_line="#40f5b301",
        leak_line="#33f06a28",
        light="#333d8fe0",
    )


def font(size_px: float, *, mono: bool = False, bold: bool = False, struck: bool = False) -> QFont:
    """Return the font of that size, proportional or monospaced."""
    made = QFont(list(MONO if mono else SANS))
    made.setPixelSize(max(round(size_px), 1))
    made.setBold(bold)
    made.setStrikeOut(struck)
    return made


def apply(application: QApplication, theme: Theme) -> None:
    """Give the whole application the style, palette and style sheet of ``theme``."""
    application.setStyle("Fusion")
    application.setFont(font(theme.small))
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
    sizes = {f"px{size}": theme.px(size) for size in (3, 4, 6, 8, 10, 13, 18, 32)}
    application.setStyleSheet(
        sheet.substitute(colours, **sizes, small=theme.small, medium=theme.medium, large=theme.large)
    )
