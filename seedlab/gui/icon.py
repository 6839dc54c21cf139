"""The application's icon."""

from PySide6.QtGui import QIcon, QPixmap

from seedlab.resource_files import resource


def application_icon() -> QIcon:
    """Return the icon from the package's resources."""
    pixmap = QPixmap()
    pixmap.loadFromData(resource("seedlab.png").read_bytes())
    return QIcon(pixmap)
