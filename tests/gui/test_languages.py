"""How the language is chosen in the window, and what Qt says in it."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from seedlab.gui import language_menu, qt_texts
from seedlab.gui.language_menu import LANGUAGE
from seedlab.session import settings as saved
from tests.gui.conftest import THIS_PYTHON, quick_settings
from tests.gui.test_main_window import MakeWindow


def test_the_language_of_the_next_start_is_chosen_in_the_menu(
    make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_menu, "available", lambda: {"en": "English", "fr": "français"})
    path = tmp_path / "settings.json"
    window = make_window(settings=quick_settings(), settings_path=path, answer=THIS_PYTHON)
    menu = window.language_menu
    by_code = {action.property(LANGUAGE): action for action in menu.actions()}
    assert {code: action.text() for code, action in by_code.items()} == {
        "": "that of the system",
        "en": "English",
        "fr": "français",
    }
    assert [code for code, action in by_code.items() if action.isChecked()] == [""]
    by_code["fr"].trigger()
    assert saved.load(path)[0].language == "fr"
    assert window.status.progress_label.text() == "the language changes with the next start"
    menu.show_chosen()
    assert [code for code, action in by_code.items() if action.isChecked()] == ["fr"]
    by_code[""].trigger()
    assert saved.load(path)[0].language == ""


@pytest.mark.parametrize(("language", "said"), [("fr", "Annuler"), ("ja", "キャンセル")])
def test_qt_says_its_own_texts_in_the_language(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setattr(qt_texts, "language", lambda: language)
    translator = qt_texts.translate_qt(qapp)
    assert translator is not None
    try:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(buttons)
        assert buttons.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "") == said
    finally:
        qapp.removeTranslator(translator)
        translator.deleteLater()


def test_qt_stays_as_it_is_in_english(qapp: QApplication) -> None:
    assert qt_texts.translate_qt(qapp) is None
