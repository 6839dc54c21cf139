"""Keys in texts, as the platform writes them: Ctrl+Shift+N is ⇧⌘N on macOS."""

import re
import sys

_ON_MAC = sys.platform == "darwin"
_MODIFIERS = {"Alt": "⌥", "Shift": "⇧", "Ctrl": "⌘"}
"""In the order of Apple's Human Interface Guidelines. Qt takes ⌘ for Ctrl there."""
_KEYS = {"Backspace": "⌫", "Delete": "⌦", "Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "PgUp": "⇞", "PgDown": "⇟"}
_COMBINATION = re.compile(r"\b((?:(?:Ctrl|Shift|Alt)\+)+)(\w+|`?[^\w\s`]`?)", re.ASCII)
"""Letters of other writing systems may stand right beside a key."""
_ALONE = re.compile(r"\bCtrl\b(?!\+)", re.ASCII)


def native_keys(text: str, *, on_mac: bool = _ON_MAC) -> str:
    """Return ``text`` with the keys in it as the platform writes them."""
    if not on_mac:
        return text

    def written(found: re.Match[str]) -> str:
        held = found[1].split("+")
        return "".join(sign for name, sign in _MODIFIERS.items() if name in held) + _KEYS.get(found[2], found[2])

    return _ALONE.sub("⌘", _COMBINATION.sub(written, text))
