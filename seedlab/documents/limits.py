"""The largest document: what is written can be read again, and what is read fits into memory."""

from typing import Annotated

from msgspec import Meta

from seedlab.study.experiment import MAX_RUNS, MAX_VALUES
from seedlab.study.script import MAX_SCRIPT

__all__ = ["MAX_RUNS", "MAX_SCRIPT", "MAX_VALUES"]

MAX_BYTES = 256 * 1024 * 1024
"""The bytes of a document that is read."""
MAX_COLUMNS = 1_000
MAX_SCRIPTS = 4 * MAX_SCRIPT
"""Characters of all scripts together."""
MAX_EXTRA = 1_000_000
"""Fields that a newer seedlab has added, with those in their values."""
MAX_LINE = 2**31 - 1

Count = Annotated[int, Meta(ge=0, le=MAX_LINE)]
Line = Annotated[int, Meta(ge=0, le=MAX_LINE)] | None
