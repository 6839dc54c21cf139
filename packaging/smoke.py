"""Starts a bundle or an installed package as a person would, and ends with an error where something is amiss.

uv run python packaging/smoke.py --bundle FOLDER              a bundle: copied to another place first
uv run python packaging/smoke.py --installed                  /usr/bin/seedlab, as it is in a menu
uv run python packaging/smoke.py --installed --root FOLDER    the same in another system, such as debootstrap makes

As root, seedlab is started as another user, who has nothing yet. --pictures FOLDER keeps what was seen and exported.
"""

import argparse
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from identity import MIME_TYPE, identity

from tests.helpers.x_server import XServer, x_server

_Found = TypeVar("_Found")
_SOMEBODY = 61234
"""The number of a user who exists nowhere else."""
_PATIENCE_S = 60.0
_STRANGE = {"a.b": "kept", "BASH_FUNC_loaded%%": "() {  echo kept\n}", "PYTHONHASHSEED": "7"}
"""Variables of a person that a shell would drop, and one that is for scripts and not for seedlab."""
_PRESET = "numpy-global-seed"
_SCRIPT = """\
import json, os, sys
import numpy as np

print("drawn:", np.random.default_rng(0).random(2))
with open("seen.json", "w") as file:
    json.dump({"python": sys.executable, "variables": dict(os.environ), "numpy": np.__file__}, file)
"""


def check(holds: object, what: str, detail: object = "") -> None:
    """End with ``what``, and ``detail``, unless it ``holds``."""
    if not holds:
        sys.exit(f"NOT AS IT SHOULD BE: {what} {detail}")
    print(f"ok: {what}", flush=True)


class Person:
    """Somebody at the computer, with a folder of their own, who starts a command."""

    def __init__(self, command: Path, home: Path, root: Path | None, variables: Mapping[str, str]) -> None:
        self.command = command
        self.home = home
        self._root = root
        self.variables = {
            "HOME": self.inside(home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            **variables,
        }
        self.is_other = os.geteuid() == 0

    def inside(self, path: Path) -> str:
        """Return ``path`` as the command sees it."""
        return str(path if self._root is None else Path("/") / path.relative_to(self._root))

    def own(self, path: Path) -> None:
        """Let the person have ``path``."""
        if self.is_other:
            os.chown(path, _SOMEBODY, _SOMEBODY)

    def words(self, *arguments: str, program: str | None = None, folder: Path | None = None) -> list[str]:
        """Return the command line, as the other user where that can be, in ``folder``."""
        words = ["env", "-C", self.inside(folder or self.home), program or self.inside(self.command), *arguments]
        if self.is_other:
            ids = [f"--reuid={_SOMEBODY}", f"--regid={_SOMEBODY}", "--clear-groups", "--no-new-privs"]
            words = ["setpriv", *ids, "--", *words]
        return words if self._root is None else ["/usr/sbin/chroot", str(self._root), *words]

    def run(
        self, *arguments: str, program: str | None = None, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Carry out the command, or another ``program``, with ``arguments`` and wait for it."""
        return subprocess.run(
            self.words(*arguments, program=program, folder=folder),
            env=self.variables,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    @contextmanager
    def started(self, *words: str, screen: XServer) -> Iterator[subprocess.Popen[bytes]]:
        """Start the command line ``words`` on ``screen``; end it with the block, if it has not ended."""
        display = {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
        process = subprocess.Popen(words, env={**self.variables, **display})
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_for(what: str, look: Callable[[], _Found]) -> _Found:
    """Return what ``look`` finds, once it finds something that is true. End with ``what`` where it does not."""
    until = time.monotonic() + _PATIENCE_S
    while not (found := look()):
        if time.monotonic() > until:
            sys.exit(f"NOT AS IT SHOULD BE: {what}, in {_PATIENCE_S:.0f} s")
        time.sleep(0.05)
    print(f"ok: {what}", flush=True)
    return found


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of each file below ``folder``."""
    return {
        str(path.relative_to(folder)): ((about := path.lstat()).st_size, about.st_mtime_ns)
        for path in folder.rglob("*")
    }


def trap(folder: Path) -> Path:
    """Make modules in ``folder`` that would end any seedlab that imports them."""
    folder.mkdir()
    for name in ("seedlab", "PySide6", "msgspec", "sitecustomize"):
        text = "raise SystemExit('seedlab imported what belongs to the person')\n"
        # A person's own sitecustomize is for their runs.
        (folder / f"{name}.py").write_text("" if name == "sitecustomize" else text)
    return folder


def try_commands(person: Person, bundle: Path, version: str) -> None:
    """Try what needs no screen."""
    said = person.run("--version")
    check((said.returncode, said.stdout.strip()) == (0, f"seedlab {version}"), f"the command is release {version}")
    presets = person.run("list", "--json", "-")
    names = presets.stdout
    check("after-graph" in names and "keras-dropout-seed" in names, "libraries and presets are found")
    doctor = person.run("doctor")
    python = person.inside(next((bundle / "bin").glob("python3.*")))
    check(python in doctor.stdout, f"the Python for runs is the bundle's own, {python}")
    talks = person.run("talk", "--list")
    check("where-did-my-seed-go" in talks.stdout, "resources are found")

    folder = person.home / "a folder with scripts"
    trap(folder)
    (folder / "draw.py").write_text(_SCRIPT)
    person.own(folder)
    done = person.run("run", "draw.py", "--runs", "1", "--yes", folder=folder)
    check(done.returncode == 0, "a script of one's own is run, beside modules called like seedlab's", done.stderr)
    seen = json.loads((folder / "seen.json").read_text())
    check(seen["python"] == python, "it is run by that Python")
    check(seen["numpy"].startswith(person.inside(bundle)), "with the NumPy of that Python")
    kept = {name: value for name, value in seen["variables"].items() if name not in ("PWD", "_", "SHLVL")}
    differing = {name for name in {*kept, *person.variables} if kept.get(name) != person.variables.get(name)}
    check(
        not differing, f"it sees the person's variables and no others ({', '.join(sorted(differing)) or 'none differ'})"
    )

    document, picture = person.home / "räum lich 100 %.seedlab", person.home / "picture.png"
    exported = person.run("run", _PRESET, "--runs", "1", "--export", str(document.name), "--export", picture.name)
    check(exported.returncode == 0 and document.exists(), "a preset is run and exported", exported.stderr)
    check(picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n", "also as a picture")
    swept = person.run("sweep", "draw.py", "--seeds", "0..4", "--yes", folder=folder)
    check(swept.returncode == 0, "a sweep is made and kept, with pyarrow and SciPy", swept.stderr)


def runs_in(document: Path) -> list[dict[str, Any]]:
    """Return the runs that ``document`` has."""
    try:
        lab = json.loads(document.read_text(encoding="utf-8"))
    except ValueError:
        return []
    return [run for experiment in lab["experiments"] for run in experiment["runs"]]


def titled(screen: XServer, part: str) -> str | None:
    """Return the title of a window with ``part`` in it."""
    return next((title for title in screen.windows() if part in title), None)


def try_window(person: Person, screen: XServer, pictures: Path | None, opener: Sequence[str]) -> None:
    """Open a document by ``opener``, run, save, look, close."""
    document = person.home / "räum lich 100 %.seedlab"
    before = len(runs_in(document))
    with person.started(*opener, person.inside(document), screen=screen) as process:
        wait_for("the window opens with the document", lambda: titled(screen, document.stem))
        own = screen.own_windows("seedlab")
        check(own, "desktops know the window as seedlab's")
        look_at_libraries(own[0])

        def is_run() -> bool:
            # The keys go on until the window takes them.
            screen.press("ctrl+r")
            time.sleep(1)
            screen.press("ctrl+s")
            time.sleep(0.5)
            return len(runs_in(document)) > before

        wait_for("more runs are made in it, and saved", is_run)
        if pictures is not None:
            screen.picture().save(pictures / "window.png")
        screen.press("ctrl+s")
        wait_for("it closes when it is asked to", lambda: close(screen, process))
        check(all(run["outcome"] == "finished" for run in runs_in(document)), "all its runs have finished")


def close(screen: XServer, process: "subprocess.Popen[bytes]") -> bool:
    """Ask for the end, and return True once that is so."""
    screen.press("ctrl+s")
    screen.press("ctrl+q")
    try:
        status = process.wait(1)
    except subprocess.TimeoutExpired:
        return False
    check(status == 0, "with status 0", status)
    return not screen.own_windows("seedlab")


def look_at_libraries(process: int) -> None:
    """Check where the libraries come from that the ``process`` has loaded."""
    lines = Path(f"/proc/{process}/maps").read_text().splitlines()
    files = {line.split(maxsplit=5)[5] for line in lines if len(line.split(maxsplit=5)) == 6}
    bundle = Path(os.readlink(f"/proc/{process}/exe")).parent.parent
    system = ("/usr/", "/lib", "/dev/", "/memfd:", "[", "/SYSV", "anon_inode:")
    # In a chroot all lies below its root.
    foreign = {
        file
        for file in files
        if ".so" in file and not file.startswith((f"{bundle}/", *system)) and "/usr/lib/" not in file
    }
    check(not foreign, "all libraries are the bundle's or the system's", foreign)


def try_desktop(person: Person, screen: XServer, pictures: Path | None) -> None:
    """Open documents as a file manager does, by the entry in the menu."""
    for name in ("zwei äöü", "drei 'quoted' & more"):
        document = person.home / f"{name}.seedlab"
        shutil.copyfile(person.home / "räum lich 100 %.seedlab", document)
        person.own(document)
    first, second = person.home / "zwei äöü.seedlab", person.home / "drei 'quoted' & more.seedlab"
    entry = f"/usr/share/applications/{identity().application_id}.desktop"
    told = person.run("info", "-a", "standard::content-type", person.inside(first), program="gio")
    check(MIME_TYPE in told.stdout, "a document has its type", told)
    handler = person.run("mime", MIME_TYPE, program="gio")
    check(Path(entry).name in handler.stdout, "seedlab is what opens it", handler)
    broken = person.home / "broken.seedlab"
    broken.write_text('{"format": "seedlab", "version": 2')
    person.own(broken)
    address = f"file://{quote(person.inside(first))}"
    both = [person.inside(first), person.inside(second)]
    for what, words, stems in (
        ("a double press", ["open", person.inside(first)], [first.stem]),
        ("an address", ["open", address], [first.stem]),
        ("two at once", ["launch", entry, *both], [first.stem, second.stem]),
        ("one that is broken", ["launch", entry, person.inside(broken)], [identity().name]),
    ):
        with person.started(*person.words(*words, program="gio"), screen=screen):
            for stem in stems:
                wait_for(f"{what} opens “{stem}”", lambda stem=stem: titled(screen, stem))  # type: ignore[misc]
            if pictures is not None:
                time.sleep(2)
                screen.picture().save(pictures / f"desktop, {what}.png")
            for process in screen.own_windows("seedlab"):
                os.kill(process, 15)
            wait_for("and it is closed again", lambda: not screen.own_windows("seedlab"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--bundle", type=Path, metavar="FOLDER")
    which.add_argument("--installed", action="store_true")
    parser.add_argument("--root", type=Path, metavar="FOLDER", help="the root of the system where it is installed")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="where pictures of what was seen are put")
    options = parser.parse_args()
    if options.pictures is not None:
        options.pictures.mkdir(parents=True, exist_ok=True)
    if os.geteuid():
        print("NOT STARTED AS ANOTHER USER: only root can do that", flush=True)
    with tempfile.TemporaryDirectory(dir=None if options.root is None else options.root / "tmp") as name:
        place = Path(name)
        place.chmod(0o755)
        if options.bundle is not None:
            bundle = place / "an other place" / "Säämling"
            shutil.copytree(options.bundle, bundle, symlinks=True)
            command = place / "command"
            command.symlink_to(bundle / "bin" / identity().name)
            for path in [bundle, *bundle.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)
        else:
            bundle = (options.root or Path("/")) / "opt" / identity().name
            command = (options.root or Path("/")) / "usr/bin" / identity().name
        home = place / "home"
        home.mkdir()
        variables = {**_STRANGE, "PYTHONPATH": ""}
        person = Person(command, home, options.root, variables)
        person.variables["PYTHONPATH"] = person.inside(trap(place / "modules"))
        person.own(home)
        before = state_of(bundle)
        try_commands(person, bundle, identity().version)
        with x_server(1) as screen:
            try_window(person, screen, options.pictures, person.words("--from-desktop"))
            if options.installed:
                try_desktop(person, screen, options.pictures)
        check(state_of(bundle) == before, "nothing was written into its folder")
        if options.pictures is not None:
            shutil.copy(home / "picture.png", options.pictures / "exported.png")
        if options.bundle is not None:
            for path in [bundle, *bundle.rglob("*")]:
                if path.is_dir() and not path.is_symlink():
                    path.chmod(0o755)


if __name__ == "__main__":
    main()
