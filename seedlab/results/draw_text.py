"""A draw as text on one line."""

import re

import numpy as np

from seedlab.results.run import Draw


def brief_text(draw: Draw) -> str:
    """Return the values on one line, without the middle of a long draw.

    Each number has as many digits as it takes to tell it from its neighbours in the draw's dtype.
    """
    text = np.array2string(draw.array, threshold=6, edgeitems=2, max_line_width=1000, separator=" ", floatmode="unique")
    return re.sub(r"(?<=\[) | (?=\])", "", " ".join(text.split()))
