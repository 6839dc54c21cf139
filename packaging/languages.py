"""Makes, checks and compiles the catalogues of seedlab's texts, one for each language; needs Babel.

``python packaging/languages.py update`` brings every catalogue up to the texts in the source, ``new fr`` begins one,
``check`` says what is wrong with them, ``compile [FOLDER]`` makes what seedlab reads, ``pseudo FILE.mo`` a catalogue of
accented, longer texts, to see which texts no translation reaches and which have too little room.
"""

import argparse
import json
import re
import string
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LANGUAGES = ROOT / "resources" / "languages"
_RECORDED = "recorded"
"""The function whose texts are kept in English, and the context that they have in a catalogue."""
_FUNCTIONS = dict.fromkeys(("sentence", "plural", "noted", "noted_plural", "meaning", _RECORDED))
"""The functions of `seedlab.phrases` whose literal arguments are texts."""
_NOTE = "Translators:"
"""What a comment begins with that stands above a text, for whoever translates it."""
_WIDTH = 110
_DATES = (b'"POT-Creation-Date:', b'"PO-Revision-Date:')
_LONGER = 0.4
_GROUP = 8
_ACCENTED = str.maketrans("aceinosuyzACEINOSUYZ", "áçéíñöšûýžÁÇÉÍÑÖŠÛÝŽ")
_FIELD = re.compile(r"(\{[^{}]*\}|\{\{|\}\}|%(?:\(\w+\))?[srd%])")


@cache
def template() -> Catalog:
    """Return all texts in the source, without translations."""
    found = Catalog(project="seedlab", copyright_holder="the seedlab developers", charset="utf-8", fuzzy=False)
    for path in sorted((ROOT / "seedlab").rglob("*.py")):
        place = (path.relative_to(ROOT).as_posix(), 1)
        with path.open("rb") as file:
            for _, function, arguments, comments in extract_python(file, _FUNCTIONS, [_NOTE], {}):
                text, context = _text(str(function), arguments)
                if text:
                    found.add(text, locations=[place], auto_comments=list(comments or ()), context=context)
    article = ROOT / "resources" / "article.json"
    for preset in json.loads(article.read_bytes())["presets"].values():
        found.add(preset["claim"], locations=[(article.relative_to(ROOT).as_posix(), 1)])
    return found


def _text(function: str, arguments: object) -> tuple[Any, str | None]:
    """Return the text in a call of ``function``, two where it is a plural, and its context; None for no literal."""
    given = arguments if isinstance(arguments, tuple | list) else (arguments,)
    if function == "meaning":
        return given[1], given[0]
    if function.endswith("plural"):
        return (given[0], given[1]) if all(given[:2]) else None, None
    return given[0], _RECORDED if function == _RECORDED else None


def catalogues() -> dict[str, Path]:
    """Return the files of all catalogues, by their languages."""
    return {path.parent.parent.name: path for path in sorted(LANGUAGES.glob("*/LC_MESSAGES/seedlab.po"))}


def read(language: str, path: Path) -> Catalog:
    """Return the catalogue in ``path``."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="seedlab", abort_invalid=True)


def write(path: Path, catalogue: Catalog) -> None:
    """Write ``catalogue`` to ``path``; of places only the files, so that it changes where texts do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalogue, width=_WIDTH, include_lineno=False, ignore_obsolete=True)
    # Two that change a catalogue at once would always disagree on when.
    lines = [line for line in written.getvalue().splitlines(keepends=True) if not line.startswith(_DATES)]
    path.write_bytes(b"".join(lines))


def update() -> None:
    """Bring every catalogue up to the source. New texts are empty, and what is gone is left out."""
    texts = template()
    for language, path in catalogues().items():
        catalogue = read(language, path)
        catalogue.update(texts, no_fuzzy_matching=True)
        write(path, catalogue)


def begin(language: str) -> Path:
    """Begin the catalogue of ``language``, such as ``fr`` or ``pt_BR``, and return its file."""
    path = LANGUAGES / language / "LC_MESSAGES" / "seedlab.po"
    if path.exists():
        raise FileExistsError(path)
    locale = Locale.parse(language)
    catalogue = Catalog(
        locale=locale,
        header_comment=f"# seedlab in {locale.english_name}. Nobody who grew up with that language has read it yet.",
        project="seedlab",
        version="0",
        msgid_bugs_address="none",
        last_translator="none",
        language_team="none",
        charset="utf-8",
        fuzzy=False,
    )
    catalogue.update(template(), no_fuzzy_matching=True)
    write(path, catalogue)
    return path


def compile_all(folder: Path = LANGUAGES) -> list[Path]:
    """Compile every catalogue to a file below ``folder``, and return these files."""
    made = []
    for language, path in catalogues().items():
        target = folder / language / "LC_MESSAGES" / "seedlab.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, read(language, path))
        made.append(target)
    return made


def problems(catalogue: Catalog, texts: Catalog) -> Iterator[str]:
    """Yield what is wrong with ``catalogue``, whose source has ``texts``."""
    wanted = {(message.id, message.context) for message in texts if message.id}
    known = {(message.id, message.context): message for message in catalogue if message.id}
    for text, _ in wanted - known.keys():
        yield f"missing: {text!r}"
    for text, _ in known.keys() - wanted:
        yield f"not in the source any more: {text!r}"
    for message in catalogue.obsolete.values():
        yield f"not in the source any more: {message.id!r}"
    for message in known.values():
        yield from _problems_of(message, catalogue.num_plurals)


def _problems_of(message: Message, forms: int) -> Iterator[str]:
    if message.fuzzy:
        yield f"not certain (fuzzy): {message.id!r}"
    ids, given = _forms(message.id), _forms(message.string)
    if not all(given) or (len(ids) > 1 and len(given) != forms):
        yield f"not translated: {message.id!r}"
        return
    allowed = set().union(*map(fields, ids))
    # A form for one number alone may say it in a word.
    needed = set.intersection(*map(fields, ids)) - ({"{count}", "{count:,}"} if len(ids) > 1 else set())
    for text in given:
        if not needed <= fields(text) <= allowed:
            yield f"other parameters than in {message.id!r}: {text!r}"
        if not str(message.context or "").startswith("between ") and _blanks(text) != _blanks(ids[-1]):
            yield f"begins or ends with other blanks than {message.id!r}: {text!r}"


def _forms(text: object) -> tuple[str, ...]:
    """Return all forms of what a catalogue has: several where it is a plural."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text or ""),)


def _blanks(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def fields(text: str) -> set[str]:
    """Return the parameters of ``text``, in braces as `sentence` fills them in, or after a sign as argparse does."""
    found = {
        f"{{{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}}}"
        for _, name, form, conversion in string.Formatter().parse(text)
        if name is not None
    }
    return found | set(re.findall(r"%(?:\(\w+\))?[srd]", text))


def pseudo() -> Catalog:
    """Return a catalogue in which every text is accented and longer by two fifths, but for its parameters."""
    made = Catalog(locale=Locale.parse("en"), charset="utf-8")
    for message in template():
        if not message.id:
            continue
        strings = tuple(map(disguised, _forms(message.id)))
        made.add(message.id, strings if len(strings) > 1 else strings[0], context=message.context)
    return made


def disguised(text: str) -> str:
    """Return ``text`` with accents and more letters, and with its parameters as they are."""
    parts = _FIELD.split(text)
    words = [part if number % 2 else part.translate(_ACCENTED) for number, part in enumerate(parts)]
    letters = sum(character.isalpha() for part in parts[::2] for character in part)
    if not letters:
        return text
    count = max(round(letters * _LONGER), 1)
    # In groups, between which lines can break.
    more = " ".join("~" * min(_GROUP, count - at) for at in range(0, count, _GROUP))
    whole = "".join(words)
    end = len(whole.rstrip())
    return f"{whole[:end]}{more}{whole[end:]}"


def check() -> list[str]:
    """Return what is wrong with all catalogues."""
    texts = template()
    return [f"{lang}: {each}" for lang, path in catalogues().items() for each in problems(read(lang, path), texts)]


def main(arguments: Sequence[str]) -> int:
    """Carry out the command line ``arguments`` and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["extract", "new", "update", "check", "compile", "pseudo"])
    parser.add_argument("what", nargs="?", help="the language to begin, the file to write, or the folder to compile to")
    options = parser.parse_args(arguments)
    if options.command in ("extract", "new", "pseudo") and options.what is None:
        parser.error(f"{options.command} needs the language to begin, or the file to write")
    if options.command == "extract":
        write(Path(options.what), template())
    elif options.command == "new":
        print(begin(options.what))
    elif options.command == "update":
        update()
    elif options.command == "compile":
        for path in compile_all(LANGUAGES if options.what is None else Path(options.what)):
            print(path)
    elif options.command == "pseudo":
        with Path(options.what).open("wb") as file:
            write_mo(file, pseudo())
    else:
        found = check()
        print("\n".join(found) or "every catalogue is whole")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
