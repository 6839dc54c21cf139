"""The dialog of new environments in another language than that of recorded texts."""

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers.languages import maker

SHOWS_AN_ERROR = """
from PySide6.QtWidgets import QApplication, QWidget
application, window = QApplication([]), QWidget()
from seedlab.errors import InterpreterError
from seedlab.figure.theme import LIGHT
from seedlab.gui.environment_dialog import EnvironmentDialog
from seedlab.phrases import recorded
dialog = EnvironmentDialog(LIGHT, window)
dialog.show_work()
what = recorded("The Python of the environment “{name}” is gone: {path}.", name="study", path="/gone")
dialog.work.refused.emit(InterpreterError(what, recorded("Remove the environment, and make it again.")))
print(dialog.text_label.text(), dialog.advice_label.text())
dialog.reject()
"""


def test_what_the_engine_refuses_is_told_in_the_language_of_the_window(tmp_path: Path) -> None:
    (french,) = [path for path in maker.compile_all(tmp_path) if "fr" in path.parts]
    variables = {**os.environ, "SEEDLAB_LANGUAGE": str(french), "PYTHONIOENCODING": "utf-8"}
    ended = subprocess.run(
        [sys.executable, "-c", SHOWS_AN_ERROR], env=variables, capture_output=True, encoding="utf-8", check=True
    )
    assert "Le Python de l’environnement «\xa0study\xa0»" in ended.stdout
    assert "Supprimez l’environnement" in ended.stdout
