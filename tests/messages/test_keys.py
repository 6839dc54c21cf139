"""Keys in texts, as macOS has them."""

import re

import pytest

from seedlab.messages.help import KEYS
from seedlab.messages.keys import native_keys


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ctrl+R runs this text, Esc leaves", "⌘R runs this text, Esc leaves"),
        ("Ctrl+Shift+N, Ctrl+1", "⇧⌘N, ⌘1"),
        ("Ctrl+T, Ctrl+`+`, Ctrl+`-`, Ctrl+=", "⌘T, ⌘`+`, ⌘`-`, ⌘="),
        ("Ctrl+Shift+Left or Ctrl+Backspace", "⇧⌘← or ⌘⌫"),
        ("choose one; with Ctrl: move it", "choose one; with ⌘: move it"),
        ("W, F and PgDown", "W, F and PgDown"),
        ("再実行はCtrl+Rです、Ctrlと一緒に", "再実行は⌘Rです、⌘と一緒に"),
    ],
)
def test_keys_are_written_as_on_macos(text: str, shown: str) -> None:
    assert native_keys(text, on_mac=True) == shown
    assert native_keys(text, on_mac=False) == text


def test_no_page_of_keys_speaks_of_ctrl_there() -> None:
    shown = " ".join(native_keys(keys, on_mac=True) for keys, _ in KEYS)
    assert not re.search("Ctrl|Shift", shown)
    assert "⌘R" in shown
