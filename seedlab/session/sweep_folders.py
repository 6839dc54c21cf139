"""Where the results of sweeps are kept, so that one that was interrupted goes on where it was."""

import hashlib
from pathlib import Path

import msgspec
import platformdirs

from seedlab import APPLICATION_NAME
from seedlab.engine.platform import PLATFORM
from seedlab.errors import DocumentError, RunRefusedError
from seedlab.phrases import sentence
from seedlab.session.private_files import make_private_folder
from seedlab.session.sweep_store import About, SweepStore, lock_path


def default_folder() -> Path:
    """Return the folder for the results of all sweeps, in the one that the platform has for an application's data."""
    return platformdirs.user_data_path(APPLICATION_NAME, appauthor=False) / "sweeps"


def key_of(*parts: object) -> str:
    """Return a digest of ``parts``, which are values of msgspec: all that the values of a sweep depend on."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:32]


def opened(about: About, folder: Path | None = None) -> SweepStore:
    """Return the store of the sweep ``about``, in ``folder`` or in one that its key names, with what it has already.

    Raise `SeedlabError` where another seedlab writes to it, it has something else, or it cannot be written.
    """
    place = default_folder() / about.key if folder is None else folder
    try:
        if folder is None:
            make_private_folder(default_folder())
        if not place.exists():
            # One that a person has made keeps its mode.
            make_private_folder(place)
        lock = PLATFORM.try_lock(str(lock_path(place)))
    except OSError as error:
        what = sentence("{place} cannot be written: {reason}.", place=place, reason=error.strerror)
        raise DocumentError(what, sentence("Name another folder with --keep.")) from error
    if lock is None:
        raise RunRefusedError(
            sentence("This sweep is being made by another seedlab."), sentence("Wait for it, or end it.")
        )
    try:
        return SweepStore.open(place, about, lock)
    except BaseException:
        lock.close()
        raise
