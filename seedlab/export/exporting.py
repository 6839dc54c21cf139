"""Writes a comparison to files, in the form that the ending of the name decides."""

from collections.abc import Callable
from pathlib import Path

from seedlab.documents.whole_files import NewFile, check_writable
from seedlab.documents.writing import to_document, to_json
from seedlab.errors import DocumentError
from seedlab.export.tables import to_csv, to_markdown
from seedlab.session.picture_options import PictureOptions
from seedlab.study.lab import Lab
from seedlab.work import Work, finish, one_step


def _to_script(lab: Lab) -> bytes:
    (column,) = lab.columns
    return column.script.encode()


_DATA: dict[str, Callable[[Lab], bytes]] = {
    ".seedlab": to_document,
    ".csv": to_csv,
    ".md": to_markdown,
    ".json": to_json,
    ".py": _to_script,
}
PICTURES = (".png", ".svg", ".pdf")
ENDINGS = (*_DATA, *PICTURES)
ENDINGS_TEXT = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
"""All endings, for a sentence."""


def check_path(path: Path, columns: int = 1) -> None:
    """Raise `DocumentError` when `write_export` could not write ``columns`` columns to ``path``.

    Calling this before the runs avoids a failure after them.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise DocumentError(
            f"{path} cannot be exported: its ending is not known.", f"End the name in one of: {', '.join(ENDINGS)}."
        )
    if ending == ".py" and columns != 1:
        raise DocumentError(
            f"{path} cannot be exported: a .py file holds one script, and there are {columns} columns.",
            "Export a single column, or choose the ending .seedlab, which holds the scripts of all.",
        )
    check_writable(path)


def exporting(lab: Lab, path: Path, options: PictureOptions | None = None) -> Work[None]:
    """Write ``lab`` to ``path`` in the form of its ending; when this fails or is cancelled, write nothing.

    ``options`` are for pictures. Raise `DocumentError` when ``path`` cannot be written or a picture is too large.
    """
    check_path(path, len(lab.columns))
    data = yield from writing(lab, path.suffix.lower(), options)
    file = NewFile(path)
    try:
        yield lambda: file.write(data)
        file.keep()
    finally:
        file.drop()


def writing(lab: Lab, ending: str, options: PictureOptions | None = None) -> Work[bytes]:
    """Return the content of a file with ``ending``, one of `ENDINGS`."""
    if ending in _DATA:
        return (yield from one_step(lambda: _DATA[ending](lab)))
    # Imported here, so that Qt is not loaded for a table.
    from seedlab.export.picture import Picture

    return (yield from Picture(lab, options or PictureOptions()).file(ending))


def write_export(lab: Lab, path: Path, options: PictureOptions | None = None) -> None:
    """Write ``lab`` to ``path`` as `exporting` does, in one go."""
    finish(exporting(lab, path, options))
