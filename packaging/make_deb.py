"""Makes a Debian package of a bundle: seedlab under /opt, its command, and what desktops need to know.

uv run python packaging/make_deb.py BUNDLE FOLDER                     as it is published: compressing takes minutes
uv run python packaging/make_deb.py BUNDLE FOLDER --compress gzip --level 1   where it is only tried
"""

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bundled_packages import needed_by
from bundled_python import BundledPython
from debian_copyright import copyright_file
from desktop_files import changelog_entry, debian_version, write_desktop_files
from identity import ROOT, identity

_OPTIONAL = {"libqgtk3.so": "libgtk-3-0 | libgtk-3-0t64"}
"""Plugins of Qt that are left unused where what they need is missing, and the package that has it."""
_RECOMMENDS = ("fonts-dejavu-core | fonts-liberation | fonts-noto-core", "xkb-data")
_SUGGESTS = ("openssh-client",)
_OF_C = ("ld-linux", "libc.so", "libm.so", "libpthread.so", "libdl.so", "librt.so", "libgcc_s.so", "libstdc++.so")
_TOOLS = ("dpkg-deb", "dpkg-shlibdeps", "patchelf")
_DESCRIPTION = """\
You set a random seed in TensorFlow, and your numbers still change. seedlab
executes the very script that you see in fresh processes, puts what was drawn
side by side, to the bit, and finds by experiment what moves each draw.
.
It lies with a Python of its own in /opt/seedlab. That Python has NumPy and no
TensorFlow: scripts of TensorFlow and Keras run in any other Python from 3.6 on
that has it, here or on another host."""


def make_deb(bundle: Path, folder: Path, *, maintainer: str, revision: str, compression: list[str]) -> Path:
    """Make the package of ``bundle`` in ``folder``, and return its path."""
    about = identity()
    with tempfile.TemporaryDirectory(dir=folder) as name:
        root = Path(name) / "root"
        place = root / "opt" / about.name
        place.parent.mkdir(parents=True)
        shutil.copytree(bundle, place, symlinks=True)
        python = _python_in(place)
        _command(root, place, about.name)
        write_desktop_files(root / "usr/share")
        _documents(root, python, changelog_entry(about, revision, maintainer))
        _set_modes(root)
        control = root / "DEBIAN"
        control.mkdir()
        depends = _depends(root)
        architecture = _said("dpkg", "--print-architecture")
        version = debian_version(about.version, revision)
        size = sum(_kilobytes(file) for file in root.rglob("*"))
        (control / "control").write_text(
            f"Package: {about.name}\nVersion: {version}\nArchitecture: {architecture}\n"
            f"Maintainer: {maintainer}\nInstalled-Size: {size}\n"
            f"Depends: {depends}\n"
            f"Recommends: {', '.join(_RECOMMENDS)}\nSuggests: {', '.join((*_SUGGESTS, *_OPTIONAL.values()))}\n"
            f"Section: science\nPriority: optional\nHomepage: {about.homepage}\n"
            f"Description: {_synopsis(about.summary)}\n" + "".join(f" {line}\n" for line in _DESCRIPTION.splitlines()),
            encoding="utf-8",
        )
        (control / "md5sums").write_text(_sums(root), encoding="utf-8")
        package = folder / f"{about.name}_{version}_{architecture}.deb"
        subprocess.run(["dpkg-deb", "--build", "--root-owner-group", *compression, root, package], check=True)
    return package


def _python_in(place: Path) -> BundledPython:
    found = sorted(place.glob("lib/python3.*/site-packages"))
    if len(found) != 1 or not (place / "bin" / identity().name).exists():
        sys.exit(f"{place.name} is no bundle: make one by packaging/make_bundle.py.")
    return BundledPython(place, place / "bin" / found[0].parent.name, found[0])


def _command(root: Path, place: Path, name: str) -> None:
    """Put the command on the path, and with it what the bundle has for shells and man."""
    binaries = root / "usr/bin"
    binaries.mkdir(parents=True)
    (binaries / name).symlink_to(f"/{(place / 'bin' / name).relative_to(root)}")
    share = place / "share"
    for page in share.glob("man/man*/*"):
        target = root / "usr/share/man" / page.parent.name / f"{page.name}.gz"
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_zipped(target, page.read_bytes())
    for folder, there in (
        ("bash-completion/completions", "bash-completion/completions"),
        ("zsh/site-functions", "zsh/vendor-completions"),
        ("fish/vendor_completions.d", "fish/vendor_completions.d"),
    ):
        if (share / folder).is_dir():
            shutil.copytree(share / folder, root / "usr/share" / there)


def _documents(root: Path, python: BundledPython, changelog: str) -> None:
    about = identity()
    documents = root / "usr/share/doc" / about.name
    documents.mkdir(parents=True)
    place = str(python.folder.relative_to(root))
    (documents / "copyright").write_text(copyright_file(about, python, place), encoding="utf-8")
    _write_zipped(documents / "changelog.gz", (ROOT / "CHANGELOG.md").read_bytes())
    _write_zipped(documents / "changelog.Debian.gz", changelog.encode())
    overrides = root / "usr/share/lintian/overrides" / about.name
    overrides.parent.mkdir(parents=True)
    text = (ROOT / "packaging/lintian-overrides").read_text(encoding="utf-8")
    if not (root / "usr/share/man/man1").exists():
        text += "\n# The wheel that this was made of has no man page.\nno-manual-page\n"
    overrides.write_text(text, encoding="utf-8")


def _write_zipped(path: Path, data: bytes) -> None:
    # Without name and time, so that the same text is the same file.
    path.write_bytes(gzip.compress(data, 9, mtime=0))


def _set_modes(root: Path) -> None:
    """Let everybody read, root write, and execute only what is a command."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def _depends(root: Path) -> str:
    """Return the packages that have the libraries that the bundle's files are linked to, by Debian's own tool."""
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)]
    # A package whose files want C alone wants an older one than Qt does (manylinux says which); asking takes a while.
    plain = {file.name for file in files} | {
        name for file in files for name in needed_by(file) if name.startswith(_OF_C)
    }
    qt = set(root.glob("opt/*/lib/*/site-packages/PySide6/**/*.so*"))
    asked = [
        file for file in files if file.name not in _OPTIONAL and (file in qt or not plain.issuperset(needed_by(file)))
    ]
    folders = sorted({f"-l{file.parent}" for file in files})
    with tempfile.TemporaryDirectory() as name:
        # It wants the sources of a package.
        source = Path(name) / "debian"
        source.mkdir()
        (source / "control").write_text("Source: seedlab\n\nPackage: seedlab\nArchitecture: any\n", encoding="utf-8")
        command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", f"-S{root}", *folders]
        command += [f"-e{file}" for file in asked]
        done = subprocess.run(command, cwd=name, check=False, capture_output=True, text=True)
    found = re.search(r"^shlibs:Depends=(.+)$", done.stdout, re.MULTILINE)
    if done.returncode or found is None:
        said = "\n".join(line for line in done.stderr.splitlines() if "error:" in line)
        sys.exit(f"dpkg-shlibdeps could not say what is needed; is all installed here?\n{said}")
    return found[1]


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _kilobytes(path: Path) -> int:
    return 1 if path.is_symlink() or path.is_dir() else -(-path.stat().st_size // 1024)


def _sums(root: Path) -> str:
    lines = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.is_relative_to(root / "DEBIAN"):
            with path.open("rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'md5').hexdigest()}  {path.relative_to(root)}\n")
    return "".join(lines)


def _synopsis(summary: str) -> str:
    # Debian wants a phrase without a capital or a full stop.
    return (summary[:1].lower() + summary[1:]).rstrip(".")


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    about = identity()
    owner = about.application_id.split(".")[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="what packaging/make_bundle.py made")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the package is put")
    parser.add_argument("--maintainer", default=f"{about.developers} <{owner}@users.noreply.github.com>")
    parser.add_argument("--revision", default="1", help="the number of this package of the release")
    parser.add_argument("--compress", choices=("xz", "zstd", "gzip"), default="xz", help="what all Debians read: xz")
    parser.add_argument("--level", type=int, help="how hard it tries; its default where left out")
    options = parser.parse_args()
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        parser.error(f"{', '.join(missing)}: not here. On Debian and Ubuntu: apt-get install dpkg-dev patchelf")
    compression = [f"-Z{options.compress}", *([] if options.level is None else [f"-z{options.level}"])]
    options.folder.mkdir(parents=True, exist_ok=True)
    os.umask(0o022)
    package = make_deb(
        options.bundle,
        options.folder,
        maintainer=options.maintainer,
        revision=options.revision,
        compression=compression,
    )
    print(f"{package}: {package.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
