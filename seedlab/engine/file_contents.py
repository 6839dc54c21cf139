"""Reads what is in a file as draws: arrays to the bit, text as printed text is compared, all else by its digest.

Nothing in a file is executed, and what it claims of its size is compared with what it has before memory is taken.
"""

import hashlib
import io
import math
import os
import zipfile
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.lib import format as npy_format

from seedlab.engine.protocol import ITEM_BYTES
from seedlab.phrases import recorded
from seedlab.results.printed_text import as_printed
from seedlab.results.run import TEXT

MAX_READ_BYTES: Final = 64 * 2**20
"""The size of the largest file that is read for what is in it."""
MAX_DIGESTED_BYTES: Final = 4 * 2**30
"""The size of the largest file of which a digest is made."""
MAX_UNPACKED_BYTES: Final = 256 * 2**20
"""The most bytes that the members of one file have together."""
MAX_TEXT_BYTES: Final = 2**20
"""The size of the largest text that is compared as one."""
MAX_MEMBERS: Final = 10_000
_TEXT_ENDINGS: Final = (".csv", ".tsv", ".json", ".jsonl", ".txt", ".log", ".md", ".yaml", ".yml", ".toml")
_KERAS_TIMES: Final = "metadata.json"
"""The member of a .keras file that has the time when it was saved, and nothing of the model."""
_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class Content(NamedTuple):
    """One value in a file."""

    name: str
    """Its name within the file; empty for the file as a whole."""
    dtype: str
    shape: tuple[int, ...]
    data: bytes


class Contents(NamedTuple):
    """What is in a file."""

    values: tuple[Content, ...]
    notes: tuple[str, ...] = ()
    """Clauses about the file that a reader must know."""


class _UnreadableError(Exception):
    """A file is not what its ending says; the text gives the reason as a clause."""


def contents_of(name: str, file: BufferedReader) -> Contents:
    """Return what is in ``file``, whose name, which tells what it is, is ``name``."""
    size = os.fstat(file.fileno()).st_size
    if size > MAX_DIGESTED_BYTES:
        return Contents(
            (), (recorded("is larger than {most} GB: it is not compared", most=MAX_DIGESTED_BYTES // 2**30),)
        )
    if size > MAX_READ_BYTES:
        note = recorded(
            "is larger than {most} MB: it is compared by a digest of its bytes", most=MAX_READ_BYTES // 2**20
        )
        return Contents((_digest_of_file(file),), (note,))
    data = file.read(MAX_READ_BYTES)
    try:
        return _read("", name.lower(), data)
    except _UnreadableError as error:
        return Contents(
            (_digest("", data),), (recorded("{error}: it is compared by a digest of its bytes", error=error),)
        )


def _read(inside: str, name: str, data: bytes) -> Contents:
    """Return what is in ``data``; ``inside`` is the name of what has these bytes, and ``name`` ends as a file's does.

    Raise `_UnreadableError`.
    """
    for ending, read in _READERS.items():
        if name.endswith(ending):
            try:
                return read(inside, data)
            except _UnreadableError:
                raise
            except Exception as error:
                # Readers of a format raise whatever they come across.
                reason = str(error).strip().partition("\n")[0][:200] or type(error).__name__
                raise _UnreadableError(
                    recorded("cannot be read as {ending} ({reason})", ending=ending, reason=reason)
                ) from error
    if not name.endswith(_TEXT_ENDINGS):
        return Contents((_digest(inside, data),))
    if len(data) > MAX_TEXT_BYTES:
        raise _UnreadableError(recorded("is a text larger than {most} MB", most=MAX_TEXT_BYTES // 2**20))
    return Contents((_text(inside, as_printed(data.decode("utf-8-sig", "backslashreplace"), None).strip("\n")),))


# --- what has no parts -------------------------------------------------------------------------


def _text(name: str, text: str) -> Content:
    return Content(name, TEXT, (), text.encode())


def _digest(name: str, data: bytes) -> Content:
    return _digest_text(name, len(data), hashlib.blake2b(data, digest_size=16))


def _digest_of_file(file: BufferedReader) -> Content:
    size = os.fstat(file.fileno()).st_size
    return _digest_text("", size, hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)))


def _digest_text(name: str, size: int, digest: Any) -> Content:
    # In letters alone, because digits would be taken for numbers, which are compared.
    return _text(name, f"{size:,} bytes, digest {digest.hexdigest().translate(_LETTERS)}")


# --- arrays ------------------------------------------------------------------------------------


def _array(name: str, array: np.ndarray) -> Content:
    dtype = array.dtype.name
    if dtype not in ITEM_BYTES:
        # Words, times, records: their bytes can be compared, and no more.
        digest = _digest("", array.tobytes()).data.decode()
        return _text(name, f"{dtype} {list(array.shape)}: {digest}")
    return Content(name, dtype, array.shape, array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())


def _npy(inside: str, data: bytes) -> Contents:
    stream = io.BytesIO(data)
    version = npy_format.read_magic(stream)
    if version == (1, 0):
        shape, _, dtype = npy_format.read_array_header_1_0(stream)
    else:
        shape, _, dtype = npy_format.read_array_header_2_0(stream)
    if dtype.hasobject:
        raise _UnreadableError(recorded("holds Python objects, which are not read"))
    if math.prod(shape) * dtype.itemsize > len(data) - stream.tell():
        raise _UnreadableError(recorded("claims more values than it has"))
    stream.seek(0)
    return Contents((_array(inside, np.load(stream, allow_pickle=False)),))


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each member of a zip file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise _UnreadableError(recorded("holds too much"))
        for member in members:
            # No more than the size that it claims is unpacked.
            yield member.filename, archive.read(member)


def _npz(inside: str, data: bytes) -> Contents:
    return _joined(inside, [(name.removesuffix(".npy"), name, part) for name, part in _members(data)])


def _keras(inside: str, data: bytes) -> Contents:
    parts = [(name, name, part) for name, part in _members(data) if name != _KERAS_TIMES]
    return _joined(inside, [("" if name.endswith(".weights.h5") else shown, name, part) for shown, name, part in parts])


def _joined(inside: str, parts: list[tuple[str, str, bytes]]) -> Contents:
    """Return what is in all of ``parts``: how each is called, the name that tells what it is, and its bytes."""
    values: list[Content] = []
    notes: list[str] = []
    for shown, name, data in parts:
        label = f"{inside}/{shown}".strip("/")
        try:
            found = _read(label, name.lower(), data)
        except _UnreadableError as error:
            found = Contents(
                (_digest(label or name, data),),
                (recorded("its {name} {error}: a digest of that is compared", name=name, error=error),),
            )
        values += found.values
        notes += found.notes
    return Contents(tuple(values), tuple(notes))


def _hdf5(inside: str, data: bytes) -> Contents:
    try:
        import h5py
    except ImportError:
        raise _UnreadableError(recorded("is an HDF5 file, and seedlab’s Python has no h5py to read it")) from None
    values: list[Content] = []
    left_out: list[str] = []
    left = MAX_UNPACKED_BYTES
    with h5py.File(io.BytesIO(data), "r") as root:
        waiting: list[tuple[str, Any]] = [("", root)]
        seen = set()
        while waiting:
            name, found = waiting.pop()
            address = h5py.h5o.get_info(found.id).addr
            if address in seen:
                continue
            seen.add(address)
            if len(seen) > MAX_MEMBERS:
                raise _UnreadableError(recorded("holds too much"))
            if isinstance(found, h5py.Group):
                # Other kinds of links may lead to other files.
                hard = [key for key in found if isinstance(found.get(key, getlink=True), h5py.HardLink)]
                waiting += [(f"{name}/{key}", found[key]) for key in sorted(hard, reverse=True)]
                continue
            is_elsewhere = isinstance(found, h5py.Dataset) and (found.external or found.is_virtual)
            if not isinstance(found, h5py.Dataset) or is_elsewhere or found.shape is None or found.dtype.hasobject:
                left_out.append(name.strip("/"))
                continue
            left -= found.nbytes
            if left < 0:
                raise _UnreadableError(recorded("holds too much"))
            values.append(_array(f"{inside}{name}".strip("/"), np.asarray(found[()])))
    notes = [recorded("holds {name}, which is not numbers and is not compared", name=name) for name in left_out]
    return Contents(tuple(values) or (_digest(inside, data),), tuple(notes))


_READERS: Final[dict[str, Callable[[str, bytes], Contents]]] = {
    ".npy": _npy, ".npz": _npz, ".keras": _keras, ".h5": _hdf5, ".hdf5": _hdf5,
}  # fmt: skip
