"""Makes the folder that the installer for Windows packs. For Windows, where it was never run.

    python packaging/windows/make_folder.py OUT --standalone FILE --sha256 SUM --wheel FILE
    iscc /DVersion=VERSION /DSource=OUT packaging\\windows\\seedlab.iss

It needs PySide6-Essentials and Pillow; `iscc` is the compiler of Inno Setup 6.3 or newer. FILE is an archive
"install_only" of python-build-standalone for x86_64-pc-windows-msvc. To give the installer away, sign it:

    signtool sign /fd SHA256 /tr TIMESTAMP-SERVER /td SHA256 /a Output\\seedlab-VERSION.exe
"""

import argparse
import platform
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from icons import write_ico
from identity import ROOT, identity
from standalone_python import install, unpack

COMMAND = '@"%~dp0python\\python.exe" -I -B -m seedlab %*\r\n'
"""seedlab.cmd, for those who type the command. What seedlab starts is not isolated: options are not inherited."""


def make_folder(out: Path, archive: Path, sha256: str, wheel: Path) -> None:
    """Make the folder ``out``, with a Python, the command and the icon."""
    out.mkdir(parents=True)
    python = unpack(archive, sha256, out)
    install(python / "python.exe", wheel)
    write_command(out)
    write_ico(out / f"{identity().name}.ico")
    shutil.copy2(ROOT / "LICENSE", out / "LICENSE.txt")


def write_command(out: Path) -> None:
    """Write the command into ``out``."""
    (out / "seedlab.cmd").write_bytes(COMMAND.encode("ascii"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to make, which must not exist")
    parser.add_argument("--standalone", type=Path, metavar="FILE", required=True)
    parser.add_argument("--sha256", metavar="SUM", required=True, help="what the archive's SHA-256 has to be")
    parser.add_argument("--wheel", type=Path, metavar="FILE", required=True, help="seedlab's wheel")
    options = parser.parse_args()
    if platform.system() != "Windows":
        parser.error("this is for Windows")
    make_folder(options.out.absolute(), options.standalone, options.sha256, options.wheel.absolute())


if __name__ == "__main__":
    main()
