"""The limits of a document, so that what is written can be read again, and what is read fits into memory."""

from typing import Annotated

from msgspec import Meta

from seedlab.study.experiment import MAX_RUNS, MAX_VALUES
from seedlab.study.script import MAX_SCRIPT

__all__ = ["MAX_RUNS", "MAX_SCRIPT", "MAX_VALUES"]

MAX_BYTES = 256 * 1024 * 1024
"""The most bytes of a document that is read."""
MAX_COLUMNS = 1_000
MAX_SCENES = 1_000
MAX_SCRIPTS = 4 * MAX_SCRIPT
"""The most characters of all scripts together."""
MAX_PACKAGES = 1_000
MAX_DEVICES = 1_000
"""The most packages and devices of an interpreter: its packages are named in one line."""
MAX_EXTRA = 1_000_000
"""The most fields that a newer seedlab may have added, with those in their values."""
MAX_LINE = 2**31 - 1
MAX_STACK = 100

# A document within a picture is packed, up to a thousand times, and each object or text in it takes many times the
# memory of its bytes. So only this much may come of a small picture; of a larger one more, in proportion.
UNPACKED_BYTES = 64 * 1024 * 1024
UNPACKED_TIMES = 20
"""The most bytes of the document for each byte of what is packed, from there on."""
UNPACKED_OBJECTS = 250_000
BYTES_PER_OBJECT = 12
"""The least bytes of what is packed for each object, from there on."""
UNPACKED_TEXTS = 2_500_000
BYTES_PER_TEXT = 1

Count = Annotated[int, Meta(ge=0, le=MAX_LINE)]
Line = Annotated[int, Meta(ge=0, le=MAX_LINE)] | None
