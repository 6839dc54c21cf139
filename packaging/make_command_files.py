"""Writes the manual page and the completions of the shells, made from the parser of the command line: FOLDER.

They are laid out as they are installed, below ``share``. `packaging/build_hook.py` has this done for each wheel.
"""

import argparse
import re
import shlex
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import shtab
from argparse_manpage.manpage import Manpage

from seedlab import APPLICATION_NAME, __version__
from seedlab.cli.main import make_parser
from seedlab.documents.talks import TALKS
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES

PLACES = {
    "bash": f"share/bash-completion/completions/{APPLICATION_NAME}",
    "zsh": f"share/zsh/site-functions/_{APPLICATION_NAME}",
    "fish": f"share/fish/vendor_completions.d/{APPLICATION_NAME}.fish",
}
"""Where each shell looks for the completions of a command."""
MANUAL = f"share/man/man1/{APPLICATION_NAME}.1"

_ABOUT = "see why seeded numbers still change"
_EXAMPLES, _STATUSES = "examples", "exit status"
_FOLDERS = {"FOLDER"}
_FILES = {"EXE", "FILE", "OUT", "SCRIPT"}


def manual(parser: argparse.ArgumentParser) -> str:
    """Return the manual page: the commands with their options, then examples and exit statuses of all."""
    sections, _ = _read(parser.epilog or "")
    parser.epilog = None
    statuses = defaultdict[str, list[str]](list)
    for name, command in _commands(parser).items():
        for group in command._action_groups:
            group.title = f"{(group.title or '').removesuffix(':')}:"
        own, command.description = _read(command.epilog or "")
        sections[_EXAMPLES] += f"\n\n{own[_EXAMPLES]}" if _EXAMPLES in own else ""
        if own.get(_STATUSES, sections[_STATUSES]) != sections[_STATUSES]:
            statuses[own[_STATUSES]].append(name)
    sections[_STATUSES] += "".join(f"\n\n{' and '.join(names)}:\n{text}" for text, names in statuses.items())
    page = Manpage(
        parser,
        _data={
            "project_name": APPLICATION_NAME,
            "version": __version__,
            "description": _ABOUT,
            "manual_title": "User commands",
            # The same sources make the same page on every day.
            "date": " ",
        },
        format="single-commands-section",
    )
    for title, text in sections.items():
        page.add_section(title, ">", _as_written(text))
    heading, _, rest = str(page).partition("\n")
    # Names are to be copied: none is hyphenated, and words are not moved apart.
    return f"{heading}\n.nh\n.ad l\n{rest}"


def completions(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return what ``shell`` sources: options, and the names and kinds of file that they take."""
    for command in (parser, *_commands(parser).values()):
        _complete(command)
    text = shtab.complete(parser, shell=shell)
    # As shtab has it, zsh completes the first of several names alone.
    return text.replace('"(*)::', '"*:') + "\n"


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = (action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(next(found))


def _complete(parser: argparse.ArgumentParser) -> None:
    """Say of each argument of ``parser`` what it may be, where no list of choices says so."""
    for action in parser._actions:
        if action.choices or action.nargs == 0:
            continue
        takes = _taken(action)
        if takes is not None:
            action.complete = takes  # type: ignore[attr-defined]
        if takes is not None and "preamble" in takes:
            # What is offered need not be listed beside each of it.
            action.help = "library" if action.dest == "library" else re.split(r":| \(", action.help or "")[0]


def _taken(action: argparse.Action) -> dict[str, object] | None:
    values = [
        suggestion.text
        for family in FAMILIES.values()
        for control in family.controls
        if control.option in action.option_strings
        for suggestion in control.suggestions(None)
    ]
    if values:
        return _words(action.dest, values)
    if action.dest == "library":
        return _words("library", FAMILIES)
    if action.metavar == "FILE|NAME":
        return _words("talk", TALKS, or_files=True)
    if action.metavar == "NAME" and not action.option_strings:
        return _words("preset", PRESETS, or_files=action.nargs == "*")
    if action.metavar in _FOLDERS:
        return dict(shtab.DIRECTORY)
    return dict(shtab.FILE) if action.metavar in _FILES else None


def _words(what: str, words: Iterable[str], *, or_files: bool = False) -> dict[str, object]:
    """Return how each shell completes ``words``, or the names of files."""
    name = f"_{APPLICATION_NAME}_{what}{'_or_file' if or_files else ''}"
    given = shlex.join(dict.fromkeys(words))
    bash = f"{name}() {{\n  compgen -W {shlex.quote(given)} -- $1\n{'  compgen -f -- $1' if or_files else ''}\n}}"
    files = f"\n  _alternative '{what}s:{what}:compadd -a words_of' 'files:file:_files'"
    zsh = f"{name}() {{\n  local -a words_of=({given}){files if or_files else f'{chr(10)}  compadd -a words_of'}\n}}"
    also = "\n  __fish_complete_path (commandline -ct)" if or_files else ""
    fish = f"function {name}\n  printf '%s\\n' {given}{also}\nend"
    return {"bash": name, "zsh": name, "fish": f"({name})", "preamble": {"bash": bash, "zsh": zsh, "fish": fish}}


def _read(epilog: str) -> tuple[dict[str, str], str]:
    """Return what stands below each heading of ``epilog``, and its sentences."""
    sections = defaultdict[str, list[str]](list)
    heading, sentences = "", list[str]()
    for line in epilog.splitlines():
        if line.startswith(" "):
            sections[heading].append(line)
        elif line.endswith(":"):
            heading = line[:-1]
        else:
            sentences.append(line)
    return {title: "\n".join(lines) for title, lines in sections.items()}, " ".join(sentences).strip()


def _as_written(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f".nf\n{escaped}\n.fi"


def main(folder: Path) -> None:
    """Write all of them below ``folder``."""
    texts = {MANUAL: manual(make_parser())}
    texts |= {place: completions(make_parser(), shell) for shell, place in PLACES.items()}
    for place, text in texts.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
