"""The folders of a person's own script as they are sent to another host: bounded, without what can be made again."""

import hashlib
import io
import os
import tarfile
from typing import NamedTuple

from seedlab.engine.clusters import is_on_cluster, named_cluster
from seedlab.engine.hosts import address_of, is_on_host
from seedlab.engine.private_views import folders_of
from seedlab.engine.request import RunRequest
from seedlab.errors import RunRefusedError
from seedlab.phrases import recorded

MAX_SENT_BYTES = 10_000_000
MAX_SENT_FILES = 5_000
LEFT_OUT = frozenset({"__pycache__", ".git", ".hg", ".svn"})
"""Folders that are not sent, beside virtual environments."""
_THERE = recorded("name the folder there that holds the script, with --folder")


class SentFolders(NamedTuple):
    """What would be sent for a script."""

    folders: tuple[str, ...]
    """The folder that it works in, and that of the script where it lies elsewhere."""
    files: tuple[tuple[str, str], ...]
    """Each file and folder by its name in the tar, with its path."""
    size: int
    """The bytes of the files."""

    def describe(self) -> str:
        """Return the folders with the number of files and their size, for a person."""
        count = sum(1 for _, path in self.files if not os.path.isdir(path) or os.path.islink(path))
        files = recorded("1 file") if count == 1 else recorded("{count:,} files", count=count)
        return recorded(
            "{folders} ({files}, {max:,.3g} MB)",
            folders=" and ".join(self.folders),
            files=files,
            max=max(self.size, 1000) / 1e6,
        )


def folders_to_send(request: RunRequest) -> SentFolders:
    """Return what has to be sent for ``request``. Raise `RunRefusedError` where that is too much."""
    folders = tuple(folders_of(request))
    found: list[tuple[str, str]] = []
    size = 0
    for number, folder in enumerate(folders):
        found.append((str(number), folder))
        for place, names, files in os.walk(folder):
            names[:] = sorted(name for name in names if not _is_left_out(os.path.join(place, name)))
            for name in (*names, *sorted(files)):
                path = os.path.join(place, name)
                there = os.path.relpath(path, folder).replace(os.sep, "/")
                found.append((f"{number}/{there}", path))
                if name not in names:
                    try:
                        size += os.lstat(path).st_size
                    except OSError:
                        continue
            if size > MAX_SENT_BYTES or len(found) > MAX_SENT_FILES:
                raise RunRefusedError(
                    recorded(
                        "{folder} has more than {most:.0f} MB or {most_2:,} files, too much to be sent to another "
                        "host.",
                        folder=folder,
                        most=MAX_SENT_BYTES / 1e6,
                        most_2=MAX_SENT_FILES,
                    ),
                    recorded(
                        "Work in a folder with the script and what it needs alone, or copy it there and {there}.",
                        there=_THERE,
                    ),
                )
    return SentFolders(folders, tuple(found), size)


SentKey = tuple[str, str | None, str | None]
"""What a person agrees to: that the folders of a script, executed in a folder, are sent to where a Python is."""


def is_sent(request: RunRequest) -> bool:
    """Return True where ``request`` can be executed only once folders were sent to where its Python is."""
    is_elsewhere = is_on_host(request.executable) or is_on_cluster(request.executable)
    return is_elsewhere and request.path is not None and request.host_folder is None


def place_of(request: RunRequest) -> str:
    """Return the host or the cluster that the Python of ``request`` is on. Raise `SeedlabError` where that is none."""
    if is_on_host(request.executable):
        return address_of(request.executable).place
    return named_cluster(request.executable).address


def sent_key(request: RunRequest) -> SentKey:
    """Return what a person agrees to so that ``request`` may be executed elsewhere."""
    return request.executable, request.path, request.folder


def check_agreed(request: RunRequest, place: str, *, is_agreed: bool) -> None:
    """Raise `RunRefusedError` where the folder of a script would be sent to ``place`` and nobody has agreed to that."""
    if request.path is None or request.host_folder is not None:
        return
    sent = folders_to_send(request)
    if not is_agreed:
        name = os.path.basename(request.path)
        raise RunRefusedError(
            recorded(
                "To execute {name} on {place}, {what} would be sent there.",
                name=name,
                place=place,
                what=sent.describe(),
            ),
            recorded("Agree on the command line with --yes, or {there}.", there=_THERE),
        )


def tar_of(sent: SentFolders) -> tuple[bytes, str]:
    """Return the files as a tar, and a digest of it: equal ones are the same files with the same times."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8") as packed:
        for name, path in sent.files:
            try:
                member = packed.gettarinfo(path, arcname=name)
            except OSError:
                continue
            # Whose they are is nothing to the host.
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            if member.isreg():
                try:
                    with open(path, "rb") as file:
                        packed.addfile(member, file)
                except OSError as error:
                    raise RunRefusedError(
                        recorded("{path} cannot be sent: {reason}.", path=path, reason=error.strerror),
                        recorded("See whether you may read it."),
                    ) from error
            elif member.isdir() or member.issym():
                packed.addfile(member)
    return data.getvalue(), hashlib.sha256(data.getvalue()).hexdigest()


def _is_left_out(path: str) -> bool:
    return os.path.basename(path) in LEFT_OUT or os.path.exists(os.path.join(path, "pyvenv.cfg"))
