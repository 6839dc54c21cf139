"""The talks that come with the program."""

from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from seedlab.phrases import sentence
from seedlab.resource_files import resource

_FOLDER = "talks"


class BundledTalk(msgspec.Struct, frozen=True):
    """A talk that comes with the program: a document with scenes."""

    name: str
    """The name by which it is asked for."""
    title: str
    about: str
    """What it is about, in a few words."""

    @property
    def file(self) -> Traversable:
        """The document."""
        return resource(f"{_FOLDER}/{self.name}.seedlab")


TALKS = {
    talk.name: talk
    for talk in (
        BundledTalk(
            "where-did-my-seed-go",
            sentence("Where did my seed go?"),
            sentence("the article's experiments in eight scenes"),
        ),
        BundledTalk(
            "keras-and-still-it-changes",
            sentence("Keras, and still it changes"),
            sentence("what people ask of Keras in ten scenes"),
        ),
    )
}
"""The talks by their names."""


def is_bundled(path: Path) -> bool:
    """Return True where ``path`` is that of a talk that comes with the program."""
    return any(Path(str(talk.file)).resolve() == path.resolve() for talk in TALKS.values())
