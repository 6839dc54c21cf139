"""What somebody may have meant by a name that does not exist."""

import difflib
from collections.abc import Iterable

from seedlab.phrases import sentence


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a question that names the one of ``names`` that is most like ``name``; or nothing."""
    # Names are case-sensitive, and a wrong case is a likely mistake.
    by_lower = {known.lower(): known for known in names}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return sentence("Did you mean “{name}”?", name=by_lower[close[0]]) if close else ""
