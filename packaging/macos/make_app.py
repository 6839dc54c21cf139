"""Makes seedlab.app of a Python of python-build-standalone. For macOS, where it was never run.

    python packaging/macos/make_app.py OUT --standalone FILE --sha256 SUM --wheel FILE

It needs a compiler (xcode-select --install), PySide6-Essentials and Pillow. FILE is an archive "install_only" of
python-build-standalone for this machine. To give it away, sign it and have Apple look at it; both need an account:

    codesign --force --options runtime --timestamp --sign "Developer ID Application: NAME" \\
        --entitlements packaging/macos/entitlements.plist EACH-DYLIB-SO-AND-PROGRAM, THEN OUT/seedlab.app
    ditto -c -k --keepParent OUT/seedlab.app seedlab.zip
    xcrun notarytool submit seedlab.zip --keychain-profile PROFILE --wait
    xcrun stapler staple OUT/seedlab.app
    hdiutil create -volname seedlab -srcfolder OUT -format UDZO seedlab.dmg
"""

import argparse
import platform
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from icons import write_icns
from identity import ROOT, identity
from info_plist import info_plist
from standalone_python import install, unpack


def make_app(out: Path, archive: Path, sha256: str, wheel: Path) -> Path:
    """Make the application in the folder ``out``, and return its path."""
    about = identity()
    app = out / f"{about.name}.app"
    contents, resources = app / "Contents", app / "Contents/Resources"
    resources.mkdir(parents=True)
    python = unpack(archive, sha256, resources)
    install(python / "bin/python3", wheel)
    (contents / "MacOS").mkdir()
    compile_launcher(python, contents / "MacOS" / about.name, "@executable_path/../Resources/python/lib")
    (contents / "Info.plist").write_bytes(info_plist(about))
    write_icns(resources / f"{about.name}.icns")
    shutil.copy2(ROOT / "LICENSE", resources)
    # For one's own machine; Macs with an Apple processor start nothing that is unsigned.
    subprocess.run(["codesign", "--force", "--deep", "--sign", "-", str(app)], check=True)
    return app


def compile_launcher(python: Path, program: Path, run_path: str, *defines: str) -> None:
    """Compile the launcher with the headers and the library of the Python in ``python``."""
    (headers,) = (python / "include").glob("python3.*[0-9]")
    command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", *defines, f"-I{headers}", f"-L{python / 'lib'}"]
    source = ROOT / "packaging/macos/launcher.c"
    library = [f"-l{headers.name}", f"-Wl,-rpath,{run_path}"]
    subprocess.run([*command, "-o", str(program), str(source), *library], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to make the application in")
    parser.add_argument("--standalone", type=Path, metavar="FILE", required=True)
    parser.add_argument("--sha256", metavar="SUM", required=True, help="what the archive's SHA-256 has to be")
    parser.add_argument("--wheel", type=Path, metavar="FILE", required=True, help="seedlab's wheel")
    options = parser.parse_args()
    if platform.system() != "Darwin":
        parser.error("this is for macOS")
    print(make_app(options.out.absolute(), options.standalone, options.sha256, options.wheel.absolute()))


if __name__ == "__main__":
    main()
