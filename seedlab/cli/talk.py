"""``seedlab talk``: gives a talk in the window, names those that come with the program, or writes one to a file."""

import argparse
from pathlib import Path

from seedlab.cli.addresses import path_of
from seedlab.cli.documents import export
from seedlab.cli.exits import EXIT_FINISHED
from seedlab.cli.pictures import add_picture_options, picture_options
from seedlab.cli.streams import printing
from seedlab.cli.suggestions import did_you_mean
from seedlab.documents.files import read_lab
from seedlab.documents.talks import TALKS
from seedlab.errors import ChoiceError, DocumentError
from seedlab.export.exporting import SCENES_FORMS
from seedlab.messages.keys import native_keys
from seedlab.messages.talks import how_to_take_text, no_scenes_text
from seedlab.phrases import either, enumerated, following, listed, sentence

_EXAMPLES = sentence(
    "examples:\n"
    "  seedlab talk where-did-my-seed-go                   its first scene fills the screen; Page Down"
    " goes on, Esc ends\n"
    "  seedlab talk keras-and-still-it-changes --export talk.pdf\n"
    "  seedlab talk mine.seedlab                           a document of yours with scenes, taken with"
    " Ctrl+Shift+N\n"
)


def add_talk(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab talk`` to ``parser``."""
    parser.add_argument(
        "talk",
        nargs="?",
        metavar="FILE|NAME",
        help=sentence("a document with scenes, or one of: {talks}", talks=enumerated(TALKS)),
    )
    parser.add_argument(
        "--list", action="store_true", help=sentence("name the talks that come with seedlab, a line each")
    )
    parser.add_argument(
        "--python", metavar="EXE", default=argparse.SUPPRESS, help=sentence("the Python that executes the runs")
    )
    parser.add_argument(
        "--export",
        metavar="OUT",
        action="append",
        default=[],
        help=sentence(
            "write all scenes instead, without running anything: {scenes_forms}; may be repeated",
            scenes_forms=enumerated(SCENES_FORMS),
        ),
    )
    add_picture_options(parser)
    parser.epilog = _EXAMPLES
    # All of each scene is written.
    parser.set_defaults(command=talk, columns=None, rows=None)


def talk(options: argparse.Namespace) -> int | Path:
    """Carry out the command and return the exit status; the document, where it is to be given in the window."""
    if options.list:
        if options.talk is not None or options.export:
            raise ChoiceError(
                "list",
                sentence("--list names the talks, and does nothing else."),
                sentence("Leave out what stands beside it."),
            )
        width = max(map(len, TALKS))
        with printing():
            for each in TALKS.values():
                print(f"{each.name:<{width}}  {each.title} ({each.about})")
        return EXIT_FINISHED
    picture_options(options)
    if not options.talk:
        raise ChoiceError(
            "talk",
            sentence("No talk is named."),
            sentence("Name a document with scenes, or {talks}.", talks=either(list(TALKS))),
        )
    path = _path_of(options.talk)
    lab = read_lab(path)
    if not lab.scenes:
        raise DocumentError(no_scenes_text(path), how_to_take_text(native_keys("Ctrl+Shift+N")))
    if not options.export:
        return path
    for name in options.export:
        if not name.lower().endswith(SCENES_FORMS):
            advice = sentence("End the name in one of: {scenes_forms}.", scenes_forms=enumerated(SCENES_FORMS))
            raise DocumentError(sentence("{name} cannot hold the scenes of a talk.", name=name), advice)
    return export(lab, "--export", options.export, options)


def _path_of(name: str) -> Path:
    """Return the path of the document that ``name`` names: a file or, where there is none, a bundled talk."""
    path = path_of(name)
    if path.exists() or name not in TALKS:
        if not path.exists() and not path.suffix:
            advice = following(
                sentence("Name a document with scenes, or {names}.", names=listed(list(TALKS))),
                did_you_mean(name, TALKS),
            )
            raise ChoiceError("talk", sentence("There is no talk “{name}”.", name=name), advice)
        return path
    return Path(str(TALKS[name].file))
