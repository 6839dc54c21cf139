"""A person's own script where it lies: finding it, and reading it."""

import ast
import os
from collections.abc import Sequence
from pathlib import Path

from seedlab.documents.files import read_script, text_of_name
from seedlab.engine.child_environment import child_environment
from seedlab.errors import DocumentError
from seedlab.study.lab import Column
from seedlab.study.program import Program
from seedlab.study.script import MAX_SCRIPT


def is_script(name: str) -> bool:
    """Return True when the file ``name`` is a person's own script, by its ending."""
    return name.lower().endswith((".py", ".pyw"))


def column_of_script(
    name: str,
    *,
    folder: str | None = None,
    arguments: Sequence[str] = (),
    environment: Sequence[tuple[str, str]] = (),
    compares: Sequence[str] = (),
) -> Column:
    """Return a column without runs that executes the file ``name`` where it lies.

    ``folder`` is the working directory; None for the current one. Raise `DocumentError` when it cannot be read.
    """
    path = Path(name).absolute()
    program = Program(
        path=str(path),
        # A script finds the name that was typed only where that means the same file.
        name=name if folder is None else str(path),
        folder=_folder(folder),
        arguments=tuple(arguments),
        environment=tuple(environment),
        compares=tuple(compares),
    )
    # Without its folders, which are private and must not appear in an exported picture.
    return Column(name=text_of_name(path), experiment=None, script=read_script(path), program=program)


def column_of_text(text: str, name: str) -> Column:
    """Return a column without runs that executes ``text``, which is in no file. Raise `DocumentError` for no Python."""
    text = "\n".join(text.splitlines()) + "\n"
    if len(text) > MAX_SCRIPT:
        what = f"A script has at most {MAX_SCRIPT:,} characters, and this has {len(text):,}."
        raise DocumentError(what, "Take a shorter one.")
    try:
        is_empty = not ast.parse(text).body
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        why = error.msg if isinstance(error, SyntaxError) else str(error)
        raise DocumentError(f"That is no Python{line}: {why}.", "Copy a whole script, or open its file.") from error
    if is_empty:
        raise DocumentError("There is no script to paste.", "Copy one, or its file, first.")
    return Column(name=name, experiment=None, script=text)


def column_of_module(
    name: str,
    *,
    folder: str | None = None,
    arguments: Sequence[str] = (),
    environment: Sequence[tuple[str, str]] = (),
    compares: Sequence[str] = (),
) -> Column:
    """Return a column without runs that executes the module ``name`` as ``python -m`` does, in ``folder``.

    It is looked for in ``folder`` and in the folders of PYTHONPATH, in ``environment`` or seedlab's own. Raise
    `DocumentError` when it is not found or cannot be read.
    """
    # As Python knows it, which asks the system where it is.
    place = os.path.realpath(_folder(folder))
    python_path = dict(environment).get("PYTHONPATH", child_environment().get("PYTHONPATH", ""))
    places = [place, *(os.path.join(place, part) for part in python_path.split(os.pathsep) if part)]
    for parent in places:
        base = Path(parent, *name.split("."))
        for path in (base / "__main__.py", base.with_name(base.name + ".py")):
            if path.is_file():
                program = Program(
                    path=str(path),
                    name=name,
                    is_module=True,
                    folder=place,
                    arguments=tuple(arguments),
                    environment=tuple(environment),
                    compares=tuple(compares),
                )
                return Column(name=name, experiment=None, script=read_script(path), program=program)
    raise DocumentError(
        f"There is no module “{name}” in {place}, and none on PYTHONPATH.",
        "Name it as for “python -m”, and its folder with --folder.",
    )


def current_script(program: Program) -> str:
    """Return the text of the program's file as it is now, or that of a changed copy.

    Raise `DocumentError` when it cannot be read.
    """
    changed = program.changed_script
    return changed if changed is not None else read_script(Path(program.path))


def _folder(name: str | None) -> str:
    folder = os.path.abspath(os.getcwd() if name is None else os.path.expanduser(name))
    if not os.path.isdir(folder):
        raise DocumentError(f"There is no folder {folder}.", "Name the folder in which the script is to run.")
    return folder
