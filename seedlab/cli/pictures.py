"""Command line options for drawing a picture."""

import argparse
import re
from typing import get_args

from msgspec.structs import replace

from seedlab.errors import ChoiceError
from seedlab.phrases import enumerated, sentence
from seedlab.session.picture_options import (
    MAX_SCALE,
    MAX_SIDE,
    MIN_SCALE,
    MIN_SIDE,
    PAPERS,
    SIZES,
    PictureOptions,
    Size,
)
from seedlab.study.lab import Lab, Look


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for drawing a picture to ``parser``."""
    group = parser.add_argument_group(sentence("how a picture is drawn"))
    group.add_argument(
        "--size",
        metavar="SIZE",
        default="natural",
        help=sentence("{sizes}, or WIDTHxHEIGHT in pixels of the layout", sizes=enumerated(SIZES)),
    )
    group.add_argument(
        "--scale",
        metavar="FACTOR",
        default="2",
        help=sentence("pixels for each pixel of the layout, 1 to 4 (default 2; PNG and animations only)"),
    )
    group.add_argument("--paper", choices=PAPERS, default="light", help=sentence("what is behind"))
    group.add_argument(
        "--look", choices=get_args(Look), help=sentence("how values are drawn (default: as the document says)")
    )
    group.add_argument("--no-script", action="store_true", help=sentence("without the scripts and what each line did"))
    group.add_argument(
        "--no-data", action="store_true", help=sentence("without the data inside that would open it again")
    )


def picture_options(options: argparse.Namespace) -> PictureOptions:
    """Return the picture options in ``options``. Raise `ChoiceError` when the scale or the size is out of range."""
    try:
        scale = float(options.scale)
    except ValueError:
        scale = 0.0
    if not MIN_SCALE <= scale <= MAX_SCALE:
        advice = sentence("Give a number from {least:g} to {most:g}.", least=MIN_SCALE, most=MAX_SCALE)
        raise ChoiceError("scale", sentence("--scale cannot be “{scale}”.", scale=options.scale), advice)
    return PictureOptions(
        size=SIZES.get(options.size) or _own_size(options.size),
        scale=scale,
        paper=options.paper,
        script=not options.no_script,
        document=not options.no_data,
    )


def _own_size(text: str) -> Size:
    sides = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text)
    width, height = map(int, sides.groups()) if sides else (0, 0)
    if not (MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE):
        advice = sentence(
            "Choose {sizes}, or WIDTHxHEIGHT, each from {least} to {most}.",
            sizes=enumerated(SIZES),
            least=MIN_SIDE,
            most=MAX_SIDE,
        )
        raise ChoiceError("size", sentence("--size cannot be “{text}”.", text=text), advice)
    return Size("own", width, height)


def with_look(lab: Lab, options: argparse.Namespace) -> Lab:
    """Return ``lab``, and its scenes, with the look given in ``options``, if there is one."""
    if options.look is None:
        return lab
    scenes = tuple(replace(scene, view=replace(scene.view, look=options.look)) for scene in lab.scenes)
    return replace(lab, view=replace(lab.view, look=options.look), scenes=scenes)
