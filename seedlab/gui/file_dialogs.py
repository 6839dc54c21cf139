"""Dialogs that ask for a file or a folder: the platform's own, or Qt's, with room for all its columns."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFileDialog, QHeaderView, QTreeView, QWidget

_SIZE = QSize(940, 560)
"""The size of Qt's own dialog, in pixels."""


def file_to_open(parent: QWidget, title: str, start: str, filters: str = "") -> str:
    """Return the file that the person chose; empty for none. ``start`` is the folder, or a file, to begin at."""
    dialog = QFileDialog(parent, title, start, filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _asked(dialog)


def file_to_save(parent: QWidget, title: str, start: str, filters: str, ending: str) -> str:
    """Return the name to save under; empty for none. ``start`` is the name to begin with.

    A name without an ending gets ``ending``, before the dialog asks whether a file of that name is to be replaced.
    """
    dialog = QFileDialog(parent, title, start, filters)
    dialog.setDefaultSuffix(ending)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    return _asked(dialog)


def folder_to_use(parent: QWidget, title: str, start: str) -> str:
    """Return the folder that the person chose; empty for none."""
    dialog = QFileDialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _asked(dialog)


def make_roomy(dialog: QFileDialog) -> None:
    """Give the list of files, where it is Qt's, room for all its columns."""
    # The endings of all that can be opened have no room beside the name of their kind.
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
    files = dialog.findChild(QTreeView)
    if isinstance(files, QTreeView):
        dialog.resize(_SIZE)
        header = files.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)


def _asked(dialog: QFileDialog) -> str:
    make_roomy(dialog)
    is_chosen = dialog.exec() == QFileDialog.DialogCode.Accepted
    names = dialog.selectedFiles()
    dialog.deleteLater()
    return names[0] if is_chosen and names else ""
