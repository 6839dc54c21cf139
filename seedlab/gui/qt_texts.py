"""The texts that Qt makes itself, such as those of its file dialogs, in the language of all others."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from seedlab.languages import ENGLISH, language


def translate_qt(application: QApplication) -> bool:
    """Have Qt speak the language of seedlab, for as long as ``application`` lives; return whether it knows it."""
    if language() == ENGLISH:
        return True
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator.load(QLocale(language()), "qtbase", "_", folder) and application.installTranslator(translator)
