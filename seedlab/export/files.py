"""Writing a comparison to files: the ending of the name decides the form."""

from collections.abc import Callable
from pathlib import Path

from seedlab.errors import DocumentError
from seedlab.export.tables import to_csv, to_markdown
from seedlab.model.document import to_document, to_json
from seedlab.model.lab import Lab
from seedlab.whole_files import write_whole


def _picture(writer: str) -> Callable[[Lab], bytes]:
    """The function of `seedlab.export.picture` with that name. Qt is imported only when it is called."""

    def write(lab: Lab) -> bytes:
        from seedlab.export import picture

        data: bytes = getattr(picture, writer)(lab)
        return data

    return write


def _to_script(lab: Lab) -> bytes:
    (column,) = lab.columns
    return column.script.encode()


_WRITERS: dict[str, Callable[[Lab], bytes]] = {
    ".seedlab": to_document,
    ".png": _picture("to_png"),
    ".svg": _picture("to_svg"),
    ".pdf": _picture("to_pdf"),
    ".csv": to_csv,
    ".md": to_markdown,
    ".json": to_json,
    ".py": _to_script,
}
ENDINGS = tuple(_WRITERS)


def check_path(path: Path, columns: int = 1) -> None:
    """Raise `DocumentError` when `write_export` could not write so many ``columns`` to ``path``.

    Better now than after the runs.
    """
    ending = path.suffix.lower()
    if ending not in _WRITERS:
        raise DocumentError(
            f"{path} cannot be exported: its ending is not known.", f"End the name in one of: {', '.join(ENDINGS)}."
        )
    if ending == ".py" and columns != 1:
        raise DocumentError(
            f"{path} cannot be exported: a .py file holds one script, and there are {columns} columns.",
            "Export a single column, or choose the ending .seedlab, which holds the scripts of all.",
        )
    check_folder(path)


def check_folder(path: Path) -> None:
    """Raise `DocumentError` when there is no folder to write ``path`` into."""
    if not path.absolute().parent.is_dir():
        raise DocumentError(f"{path} cannot be written: there is no folder {path.parent}.", "Make the folder first.")


def write_export(lab: Lab, path: Path) -> None:
    """Write ``lab`` in the form that the ending of ``path`` names, whole or not at all. Raises `DocumentError`."""
    check_path(path, len(lab.columns))
    write_whole(path, _WRITERS[path.suffix.lower()](lab))
