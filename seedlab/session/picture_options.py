"""The options for drawing a picture. No Qt, so that a table is exported without loading it."""

import msgspec

from seedlab.phrases import sentence


class Size(msgspec.Struct, frozen=True):
    """The size that a picture must fit into, in pixels of the layout; None for as large as it needs to be."""

    title: str
    width: int | None
    height: int | None


SIZES = {
    "natural": Size(sentence("as large as it needs"), None, None),
    "slide": Size(sentence("16:9 slide"), 1280, 720),
    "a4": Size(sentence("A4 page"), 794, 1123),
    "column": Size(sentence("text column"), 480, None),
}
PAPERS = ("light", "dark", "transparent", "transparent-dark")
"""What is behind a picture; the last two are for grounds of somebody else's, which are light or dark."""
LEAST_POINTS = 7.0
"""The size of type, in points, below which print is hard to read."""
MIN_SIDE, MAX_SIDE = 200, 8000
"""The limits of the sides of a size that the user gives, in pixels of the layout."""
MIN_SCALE, MAX_SCALE = 1.0, 4.0
"""The limits of the scale, in pixels of the picture for each pixel of the layout."""


class PictureOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options for drawing a comparison."""

    size: Size = SIZES["natural"]
    scale: float = 2.0
    """The number of pixels of the picture for each pixel of the layout, from 1 to 4; of pictures of pixels only."""
    paper: str = "light"
    """The background, one of `PAPERS`."""
    script: bool = True
    """True to include the scripts and what each line did."""
    rows: tuple[str, ...] | None = None
    """The labels of the rows that are in it; None for all."""
    document: bool = True
    """True to embed all data, so that the picture can be opened and run again; PNG, APNG and SVG only."""
