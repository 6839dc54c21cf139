"""What a run did outside its own process, as far as it was seen: files, connections, programs."""

from typing import Literal

import msgspec

EffectKind = Literal["written", "removed", "connected", "started"]


class Effect(msgspec.Struct, frozen=True):
    """One effect of a run."""

    kind: EffectKind
    what: str
    """The path of the file or folder, the address, or the program."""


class Effects(msgspec.Struct, frozen=True):
    """The effects of a run that was watched."""

    changed_folder: bool = False
    """True when files in its folder came, went or changed, or when that could not be seen."""
    changed: tuple[str, ...] = ()
    """The first of these files by their names, relative to the folder, as far as they are known."""
    outside: tuple[Effect, ...] = ()
    """What went outside the folder."""
    is_complete: bool = True
    """False where not all could be watched: on a Python before 3.8, or where there was too much."""
