"""Writes the files that a command line names, as far as the disk and Ctrl+C let it."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from seedlab.analysis.analyst import Analysis, analyse
from seedlab.cli.interruption import Interruption
from seedlab.cli.parts import Part, part_of
from seedlab.cli.streams import complain
from seedlab.errors import DocumentError, SeedlabError
from seedlab.export.exporting import ANIMATIONS, PICTURES, SCENES_FORMS, TABLES, check_path, exporting
from seedlab.export.part import analysing_rows, with_rows
from seedlab.messages.drawing import small_type_text
from seedlab.phrases import following, listed, noted_plural, plural, sentence
from seedlab.session.picture_options import LEAST_POINTS, PictureOptions
from seedlab.study.lab import Lab
from seedlab.work import Work, finish


class File(msgspec.Struct, frozen=True):
    """A file to be written, and how."""

    path: Path
    work: Callable[[], Work[None]]

    @property
    def is_picture(self) -> bool:
        """True for what may take seconds to be made."""
        return self.path.suffix.lower() in {*PICTURES, *ANIMATIONS}


def path_named(option: str, name: str) -> Path:
    """Return the path that ``option`` names. Raise `DocumentError` when the name is empty."""
    if not name:
        raise DocumentError(
            sentence("{option} names no file: its name is empty.", option=option),
            sentence("Give the name of a file after {option}.", option=option),
        )
    return Path(name)


def checked_exports(option: str, names: Sequence[str], columns: int) -> list[Path]:
    """Return the paths that ``option`` names. Raise `DocumentError` when ``columns`` cannot be exported to each."""
    paths = [path_named(option, name) for name in names]
    for path in paths:
        check_path(path, columns)
    return paths


def analysed(lab: Lab, interruption: Interruption, patience: int) -> Analysis:
    """Return the analysis of ``lab``, for all that is written of it.

    Raise KeyboardInterrupt when Ctrl+C is pressed once more than ``patience`` says: data are left out then as well.
    """
    # Presses before it do not count: what they ask for is done.
    return interruption.result_of(lambda: analyse(lab.columns), max(interruption.times, patience) + 1)


def exports(
    lab: Lab, paths: Sequence[Path], pictures: PictureOptions, analysis: Analysis, options: argparse.Namespace
) -> list[File]:
    """Return the files that ``lab``, whose analysis is ``analysis``, is exported to: what ``options`` choose of it.

    Raise `ChoiceError` where they choose what is not there.
    """
    if not paths:
        return []
    part = part_of(lab, analysis, options)
    pictures = msgspec.structs.replace(pictures, rows=part.rows)
    return [File(path, partial(_exporting, part, path, pictures)) for path in paths]


def _exporting(part: Part, path: Path, pictures: PictureOptions) -> Work[None]:
    lab, analysis = part.lab, part.analysis
    if lab.scenes and path.suffix.lower() in SCENES_FORMS:
        # Imported here, so that Qt is not loaded for a table.
        from seedlab.export.scenes import exporting_scenes

        yield from exporting_scenes(lab, path, pictures)
        return
    # A document that is opened has all rows; pictures leave them out by themselves.
    if part.rows is not None and path.suffix.lower() in TABLES:
        lab = with_rows(lab, analysis.alignment, part.rows)
        analysis = yield from analysing_rows(lab, analysis)
    yield from exporting(lab, path, pictures, analysis, on_type=partial(_warn_of_small_type, path))


def _warn_of_small_type(path: Path, points: float) -> None:
    if points < LEAST_POINTS:
        complain(
            sentence(
                "{path}: {problem}",
                path=path,
                problem=following(
                    small_type_text(points), sentence("Choose a larger --size, or fewer --rows, or --no-script.")
                ),
            )
        )


def write_files(files: Sequence[File], interruption: Interruption, patience: int) -> bool:
    """Write ``files``, data before pictures, and return True when each of them was written.

    Data take no time, and are written unless Ctrl+C is pressed again as they are. After ``patience`` presses, pictures
    are left out. What was left out, or could not be written, is said on standard error.
    """
    is_complete, is_over = True, False
    left_out = []
    for file in sorted(files, key=lambda file: file.is_picture):
        try:
            if is_over:
                left_out.append(str(file.path))
            elif file.is_picture:
                # Between two steps, of which each is short: Qt prints exceptions that are raised while it paints.
                finish(file.work(), lambda: interruption.check(patience))
            else:
                with interruption.raising(patience + 1):
                    finish(file.work())
        except KeyboardInterrupt:
            is_over = True
            left_out.append(str(file.path))
        except SeedlabError as error:
            is_complete = False
            complain(str(error))
    if left_out:
        one, many = noted_plural("Interrupted: {names} was not written.", "Interrupted: {names} were not written.")
        complain(plural(one, many, len(left_out), names=listed(left_out)))
    return is_complete and not left_out
