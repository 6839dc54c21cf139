"""A Python of python-build-standalone, unpacked for all bundles, and with seedlab in it for macOS and Windows."""

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path


def unpack(archive: Path, sha256: str, folder: Path) -> Path:
    """Unpack an "install_only" archive that has this SHA-256 in ``folder``; return the folder of the Python."""
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256.lower():
        sys.exit(f"{archive.name} is not the archive that was meant: its SHA-256 is {found}.")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "python"


def install(python: Path, wheel: Path) -> None:
    """Install ``wheel`` and what it needs into the Python whose executable is ``python``, and compile all of it."""
    isolated = [str(python), "-I"]
    subprocess.run(
        [*isolated, "-m", "pip", "install", "--no-warn-script-location", "--no-compile", str(wheel)], check=True
    )
    # By their contents, because an installer sets the times of files. What cannot be compiled is somebody's test.
    library = subprocess.check_output(
        [*isolated, "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"], text=True
    )
    compiling = ["-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash", library.strip()]
    subprocess.run([*isolated, *compiling], check=False)
