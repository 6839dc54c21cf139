"""The environment that a process gets."""

import os
import sys

from seedlab.engine.platform.interface import Environment


def merged(environment: Environment) -> dict[str, str]:
    """Return the variables of this process with those of ``environment`` added, or removed where they are None."""
    variables = dict(os.environ)
    for name, value in environment:
        # Windows knows them in whatever case, and Python gives them in capitals there.
        key = name.upper() if sys.platform == "win32" else name
        if value is None:
            variables.pop(key, None)
        else:
            variables[key] = value
    return variables
