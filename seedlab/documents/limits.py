"""The limits of a document, so that what is written can be read again, and what is read fits into memory."""

from typing import Annotated

from msgspec import Meta

from seedlab.study.experiment import MAX_RUNS, MAX_VALUES
from seedlab.study.script import MAX_SCRIPT

__all__ = ["MAX_RUNS", "MAX_SCRIPT", "MAX_VALUES"]

MAX_BYTES = 256 * 1024 * 1024
"""The most bytes of a document that is read."""
MAX_COLUMNS = 1_000
MAX_SCRIPTS = 4 * MAX_SCRIPT
"""The most characters of all scripts together."""
MAX_EXTRA = 1_000_000
"""The most fields that a newer seedlab may have added, with those in their values."""
MAX_LINE = 2**31 - 1

Count = Annotated[int, Meta(ge=0, le=MAX_LINE)]
Line = Annotated[int, Meta(ge=0, le=MAX_LINE)] | None
