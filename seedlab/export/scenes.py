"""Writes all scenes of a talk: pages of one PDF, numbered pictures, or a handout with pictures."""

from pathlib import Path

from msgspec.structs import replace

from seedlab.analysis.analyst import analysing
from seedlab.documents.whole_files import write_whole
from seedlab.errors import DocumentError
from seedlab.export.picture import Picture, to_pages
from seedlab.messages.headlines import headline_text
from seedlab.messages.talks import not_overwritten_text
from seedlab.phrases import sentence
from seedlab.plain_text import markdown_text
from seedlab.session.picture_options import SIZES, PictureOptions
from seedlab.study.lab import Lab
from seedlab.work import Work, one_step, within

_SIGNATURES = {".png": b"\x89PNG", ".svg": b"<svg"}
_SIGNATURE_BYTES = 4096


def exporting_scenes(lab: Lab, path: Path, options: PictureOptions) -> Work[None]:
    """Write all scenes of ``lab``, in the form of the ending of ``path``, one of `exporting.SCENES_FORMS`.

    A PDF has a page for each. Pictures stand beside ``path``, with the number of the scene after the name; a handout in
    Markdown names them. Without a size of their own they are slides. Raise `DocumentError` where one cannot be written;
    those before it stay.
    """
    if options.size is SIZES["natural"]:
        options = replace(options, size=SIZES["slide"])
    ending = path.suffix.lower()
    pictures, sentences = [], []
    for scene in lab.scenes:
        part = lab.of_scene(scene)
        analysis = yield from analysing(part.columns)
        pictures.append(Picture(part, analysis, options, heading=scene.title))
        sentences.append(headline_text(analysis.headline).title)
    if ending == ".pdf":
        data = yield from to_pages(pictures, path.stem)
        yield from one_step(lambda: write_whole(path, data))
        return
    form = ".png" if ending == ".md" else ending
    names = [numbered(path, number, len(pictures), form) for number in range(1, len(pictures) + 1)]
    for name in names:
        _check_replaceable(name)
    share = 1 / max(len(pictures), 1)
    for number, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        data = yield from within(picture.file(form), number * share, share)
        write_whole(name, data)
    if ending == ".md":
        write_whole(path, _handout(lab, names, sentences))


def numbered(path: Path, number: int, count: int, ending: str) -> Path:
    """Return the name of the file of the 1-based scene ``number`` of ``count``, beside ``path``."""
    return path.with_name(f"{path.stem}-{number:0{len(str(count))}}{ending}")


def _check_replaceable(path: Path) -> None:
    """Raise `DocumentError` where there is a file at ``path``, which nobody has named, that is no picture like it."""
    try:
        with path.open("rb") as file:
            begin = file.read(_SIGNATURE_BYTES)
    except OSError:
        # There is none, or writing will say what is wrong.
        return
    if begin and _SIGNATURES[path.suffix.lower()] not in begin:
        raise DocumentError(not_overwritten_text(str(path)), sentence("Choose another name, or move the file away."))


def _handout(lab: Lab, names: list[Path], sentences: list[str]) -> bytes:
    """Return Markdown in UTF-8 with title, picture, headline and notes of each scene."""
    lines: list[str] = []
    for number, (scene, name, said) in enumerate(zip(lab.scenes, names, sentences, strict=True), 1):
        title = _on_one_line(scene.title)
        lines += [f"## {number}. {title}", "", f"![{title}](<{name.name}>)", ""]
        paragraphs = [said, *scene.notes.splitlines()]
        lines += [part for text in paragraphs if text.strip() for part in (_on_one_line(text), "")]
    return "\n".join(lines).encode()


def _on_one_line(text: str) -> str:
    return markdown_text(" ".join(text.split()))
