"""The texts that Qt makes itself, such as those of its file dialogs, in the language of all others."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from seedlab.languages import ENGLISH, language


def translate_qt(application: QApplication) -> QTranslator | None:
    """Have Qt speak the language of seedlab, for as long as ``application`` lives; None where it does not know it."""
    if language() == ENGLISH:
        return None
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    is_known = translator.load(QLocale(language()), "qtbase", "_", folder) and application.installTranslator(translator)
    return translator if is_known else None
