"""Reading a document of any version, as data only.

Reading executes nothing, opens nothing that the document names, and takes memory in proportion to its bytes.
"""

import codecs

import msgspec

from seedlab.documents import limits, version1, version2
from seedlab.documents.decoding import WrongError, decode
from seedlab.errors import DocumentError
from seedlab.phrases import sentence
from seedlab.plain_text import on_one_line
from seedlab.study.lab import Lab

FORMAT = "seedlab"
_VERSIONS = {1: version1.read, 2: version2.read}
NEWEST_VERSION = max(_VERSIONS)
_MAX_REASON = 200


class _Head(msgspec.Struct):
    format: str = ""
    version: int | None = None


_HEAD = msgspec.json.Decoder(_Head)


class _NewerError(Exception):
    """A document has a ``version`` that only a newer seedlab can read."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


def from_json(data: bytes, name: str) -> Lab:
    """Return the lab in the document ``data``.

    Raises `DocumentError` that says what is wrong in ``name``, and where.
    """
    try:
        # Some editors put a byte order mark before the text.
        return _lab(data.removeprefix(codecs.BOM_UTF8))
    except WrongError as error:
        shown = _shown(error.reason)
        reason = shown if error.is_sentence else sentence("{clause}.", clause=shown)
        if error.path:
            what = sentence(
                "{name} cannot be read: at {shown}, {reason}", name=name, shown=_shown(error.path), reason=reason
            )
            advice = sentence("Export it once more where it was made, or mend it there in a text editor.")
        else:
            what = sentence("{name} is not a document that can be read: {reason}", name=name, reason=reason)
            advice = sentence("Open a .seedlab file, or a picture that seedlab exported.")
        raise DocumentError(what, advice) from error
    except _NewerError as error:
        raise DocumentError(
            sentence(
                "{name} was made by a newer seedlab: its format is version {version}, and this one reads "
                "version {newest_version}.",
                name=name,
                version=error.version,
                newest_version=NEWEST_VERSION,
            ),
            sentence("Update seedlab."),
        ) from error


def _shown(text: str) -> str:
    return on_one_line(text[:_MAX_REASON])


def _lab(data: bytes) -> Lab:
    if len(data) > limits.MAX_BYTES:
        raise WrongError(sentence("it has more than {most} MB", most=limits.MAX_BYTES // 2**20))
    head = decode(_HEAD.decode, data)
    if head.format != FORMAT:
        raise WrongError(sentence("it is JSON of another kind"))
    if head.version is None or head.version < 1:
        raise WrongError(sentence("the version has to be a whole number from 1"), "$.version")
    if head.version > NEWEST_VERSION:
        raise _NewerError(head.version)
    return _VERSIONS[head.version](data)
