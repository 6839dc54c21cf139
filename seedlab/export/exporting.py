"""Writes a comparison to files, in the form that the ending of the name decides."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from seedlab.analysis.analyst import Analysis, analysing
from seedlab.documents.whole_files import NewFile, check_writable
from seedlab.documents.writing import to_document, to_json
from seedlab.errors import DocumentError
from seedlab.export.tables import to_csv, to_markdown
from seedlab.phrases import either, enumerated, sentence
from seedlab.session.picture_options import PictureOptions
from seedlab.study.lab import Lab
from seedlab.work import Work, finish, one_step

DOCUMENTS = (".seedlab", ".json")
TABLES = (".csv", ".md")
PICTURES = (".png", ".svg", ".pdf")
ANIMATIONS = (".apng", ".gif", ".webp")
SCENES_FORMS = (".pdf", ".png", ".svg", ".md")
"""The endings of files that have all scenes of a talk."""
ENDINGS = (*DOCUMENTS, *TABLES, ".py", *PICTURES, *ANIMATIONS)
OnType: TypeAlias = Callable[[float], object]
"""Is told the size of the smallest type of a picture, in points."""
ENDINGS_TEXT = either(ENDINGS)
"""All endings, for a sentence."""


def check_path(path: Path, columns: int = 1) -> None:
    """Raise `DocumentError` when `write_export` could not write ``columns`` columns to ``path``.

    Calling this before the runs avoids a failure after them.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise DocumentError(
            sentence("{path} cannot be exported: its ending is not known.", path=path),
            sentence("End the name in one of: {endings}.", endings=enumerated(ENDINGS)),
        )
    if ending == ".py" and columns != 1:
        raise DocumentError(
            sentence(
                "{path} cannot be exported: a .py file holds one script, and there are {columns} columns.",
                path=path,
                columns=columns,
            ),
            sentence("Export a single column, or choose the ending .seedlab, which holds the scripts of all."),
        )
    check_writable(path)


def exporting(
    lab: Lab,
    path: Path,
    options: PictureOptions | None = None,
    analysis: Analysis | None = None,
    on_type: OnType | None = None,
) -> Work[None]:
    """Write ``lab`` to ``path`` in the form of its ending; when this fails or is cancelled, write nothing.

    ``options`` are for pictures. ``analysis`` is that of the columns; where it is None, what the form shows of it is
    made here. ``on_type`` is called with the size of the smallest type of a picture. Raise `DocumentError` when
    ``path`` cannot be written or a picture is too large.
    """
    check_path(path, len(lab.columns))
    data = yield from writing(lab, path.suffix.lower(), options, analysis, on_type)
    file = NewFile(path)
    try:
        yield lambda: file.write(data)
        file.keep()
    finally:
        file.drop()


def writing(
    lab: Lab,
    ending: str,
    options: PictureOptions | None = None,
    analysis: Analysis | None = None,
    on_type: OnType | None = None,
) -> Work[bytes]:
    """Return the content of a file with ``ending``, one of `ENDINGS`; the rest is as for `exporting`."""
    if ending == ".py":
        (column,) = lab.columns
        return (yield from one_step(column.script.encode))
    if ending == ".csv":
        return (yield from one_step(lambda: to_csv(lab)))
    if ending in DOCUMENTS:
        rows = None if analysis is None else analysis.rows
        write = to_document if ending == ".seedlab" else to_json
        return (yield from one_step(lambda: write(lab, rows)))
    if ending in ANIMATIONS:
        from seedlab.export.animation import to_animation

        return (yield from to_animation(lab, options or PictureOptions(), ending, on_type))
    made = yield from analysing(lab.columns, analysis)
    if ending == ".md":
        return (yield from one_step(lambda: to_markdown(lab, made)))
    # Imported here, so that Qt is not loaded for a table.
    from seedlab.export.picture import Picture

    picture = Picture(lab, made, options or PictureOptions())
    yield from picture.lay_out()
    if on_type is not None:
        on_type(picture.least_points)
    return (yield from picture.file(ending))


def write_export(lab: Lab, path: Path, options: PictureOptions | None = None, analysis: Analysis | None = None) -> None:
    """Write ``lab`` to ``path`` as `exporting` does, in one go."""
    finish(exporting(lab, path, options, analysis))
