"""How a picture is drawn. Without Qt: a table is exported without loading it."""

import msgspec


class Size(msgspec.Struct, frozen=True):
    """What a picture must fit into, in pixels of the layout; a height of None is as high as it must be."""

    title: str
    width: int | None
    height: int | None


SIZES = {
    "natural": Size("as large as it must be", None, None),
    "slide": Size("16:9 slide", 1280, 720),
    "a4": Size("A4 page", 794, 1123),
    "column": Size("text column", 480, None),
}
PAPERS = ("light", "dark", "transparent")
MIN_SIDE, MAX_SIDE = 200, 8000
"""Of a size of one's own, in pixels of the layout."""
MIN_SCALE, MAX_SCALE = 1.0, 4.0


class PictureOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a comparison is drawn."""

    size: Size = SIZES["natural"]
    scale: float = 2.0
    """Pixels of the picture for each pixel of the layout, 1 to 4; PNG only."""
    paper: str = "light"
    script: bool = True
    """With the scripts and what each line did."""
    document: bool = True
    """With all data inside, so that the picture can be opened and run again; PNG and SVG."""
