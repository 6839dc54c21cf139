"""A copy of a column whose script has the fix that was found for it, in the lab or as a file."""

import io
import tokenize
from pathlib import Path

from msgspec.structs import replace

from seedlab.documents.files import read_script
from seedlab.errors import ChoiceError, DocumentError
from seedlab.inquiry.edits import applied, newline_of
from seedlab.messages.fixes import folder_text, settings_text
from seedlab.phrases import following, sentence
from seedlab.results.influence import Fix
from seedlab.study.lab import Column
from seedlab.study.program import ChangedFile, Program


def fixed_column(column: Column) -> Column | None:
    """Return ``column`` without runs, with its fix in the script and in the modules beside it.

    None where there is no fix, where a module cannot be read, where a setting would be needed that a script without
    a file cannot be given, or where only the folder is to be seen to, which runs of an unchanged script write to.
    """
    fix = None if column.influence is None else column.influence.fix
    if fix is None or (column.program is None and fix.settings) or (fix.same_folder and not fix.edits):
        return None
    script = applied(column.script, [edit for edit in fix.edits if edit.file is None])
    program = column.program
    if program is not None:
        try:
            program = _changed(program, fix, script, column.script)
        except DocumentError:
            return None
    return replace(
        column,
        experiment=None,
        script=script,
        program=program,
        next_program=None,
        next_script=None,
        runs=(),
        influence=None,
    )


def _changed(program: Program, fix: Fix, script: str, before: str) -> Program:
    changes: dict[str | None, str] = {each.file: each.text for each in program.changes}
    if script != before:
        changes[None] = script
    for file in dict.fromkeys(edit.file for edit in fix.edits if edit.file is not None):
        if not Path(program.root, file).resolve().is_relative_to(Path(program.root).resolve()):
            raise DocumentError(
                sentence("{file} lies outside of the script's folder.", file=file),
                sentence("Look for the fix again, with W."),
            )
        text = changes.get(file)
        text = read_script(Path(program.root, file)) if text is None else text
        changes[file] = applied(text, [edit for edit in fix.edits if edit.file == file])
    settings = tuple((name, value) for name, _, value in (setting.partition("=") for setting in fix.settings))
    return replace(
        program,
        environment=(*program.environment, *settings),
        changes=tuple(ChangedFile(file=file, text=text) for file, text in changes.items()),
    )


def check_fix_path(column: Column, path: Path) -> None:
    """Raise `ChoiceError` where ``path`` is the person's own file."""
    if column.program is not None and path.absolute() == Path(column.program.path).absolute():
        raise ChoiceError(
            "fix", sentence("Your script itself is never written."), sentence("Give the changed one another name.")
        )


def fix_bytes(column: Column, fix: Fix, path: Path) -> bytes:
    """Return what is written to ``path``: the changed script where it ends in ``.py``, else the diff.

    Raise `ChoiceError` where the fix is more than a change of the script, or ``path`` is the person's own file.
    """
    check_fix_path(column, path)
    if not fix.edits:
        folder = "" if column.influence is None else folder_text(column.influence)
        raise ChoiceError(
            "fix", sentence("The fix changes no file."), following(settings_text(fix, column.command), folder)
        )
    if path.suffix != ".py":
        return fix.diff.encode()
    if any(edit.file is not None for edit in fix.edits):
        raise ChoiceError(
            "fix",
            sentence("The fix changes other files than the script."),
            sentence("Name a diff: {stem}.diff.", stem=path.stem),
        )
    text = applied(column.script, fix.edits)
    if column.program is not None:
        text = text.replace("\n", newline_of(column.program.path))
    encoding, _ = tokenize.detect_encoding(io.BytesIO(text.encode()).readline)
    return text.encode(encoding)
