"""Makes a folder that has seedlab, a Python and all that they need, and works wherever it lies. For Linux.

uv run python packaging/make_bundle.py OUT                            with the Python at hand; half a minute
uv run python packaging/make_bundle.py OUT --python PREFIX            with the one in PREFIX/bin
uv run python packaging/make_bundle.py OUT --standalone FILE --sha256 SUM   with an archive of python-build-standalone
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bundled_packages import install
from bundled_python import BundledPython, copied_python, finish
from identity import ROOT, identity
from standalone_python import unpack

_TOOLS = {"cc": "gcc libc6-dev", "patchelf": "patchelf", "strip": "binutils"}
"""What is executed here, and the Debian packages that have it."""


def make_bundle(prefix: Path, folder: Path, *, wheel: Path | None = None, with_tensorflow: bool = False) -> None:
    """Make the bundle in ``folder``, which must not exist, of the Python in ``prefix``."""
    python = copied_python(prefix, folder)
    install(python, wheel, with_tensorflow=with_tensorflow)
    add_launcher(python)
    shutil.copy2(ROOT / "LICENSE", folder)
    finish(python)


def add_launcher(python: BundledPython) -> Path:
    """Compile the command that starts seedlab, beside the Python, and return its path."""
    command = python.executable.parent / identity().name
    hardened = ["-O2", "-D_FORTIFY_SOURCE=2", "-fstack-protector-strong", "-fPIE", "-pie", "-Wl,-z,relro,-z,now", "-s"]
    name = f'-DPYTHON="{python.executable.name}"'
    subprocess.run(["cc", *hardened, name, "-o", command, ROOT / "packaging/launcher.c"], check=True)
    return command


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to make, which must not exist")
    python = parser.add_mutually_exclusive_group()
    python.add_argument("--python", type=Path, metavar="PREFIX", help="the folder whose bin has the Python to carry")
    python.add_argument("--standalone", type=Path, metavar="FILE", help="an archive of python-build-standalone")
    parser.add_argument("--sha256", metavar="SUM", help="what the archive's SHA-256 has to be")
    parser.add_argument("--wheel", type=Path, metavar="FILE", help="seedlab's wheel; else it is built here")
    parser.add_argument("--with-tensorflow", action="store_true", help="with TensorFlow in the Python: 2 GB more")
    options = parser.parse_args()
    if not sys.platform.startswith("linux"):
        parser.error("this is for Linux")
    if options.out.exists():
        parser.error(f"{options.out} exists")
    if (options.standalone is None) != (options.sha256 is None):
        parser.error("--standalone and --sha256 belong together")
    missing = [package for tool, package in _TOOLS.items() if shutil.which(tool) is None]
    if missing:
        parser.error(f"this needs other programs. On Debian and Ubuntu: apt-get install {' '.join(missing)}")
    out = options.out.absolute()
    with tempfile.TemporaryDirectory() as folder:
        prefix = options.python or Path(sys.base_prefix)
        if options.standalone is not None:
            prefix = unpack(options.standalone, options.sha256, Path(folder))
        make_bundle(prefix, out, wheel=options.wheel, with_tensorflow=options.with_tensorflow)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{options.out}: {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
