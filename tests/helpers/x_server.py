"""A real X server without a screen to look at, with a window manager, monitors to plug in, and keys to press."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from PIL import Image, ImageGrab

WIDTH, HEIGHT = 1280, 720
"""The size of a monitor, in pixels; two of them stand side by side."""
_PROGRAMS = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "xrandr": "x11-xserver-utils"}


class XServer:
    """What is on the screens of a server, and who sits at its keyboard."""

    def __init__(self, display: str) -> None:
        self.display = display
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self.environment.pop("WAYLAND_DISPLAY", None)

    def _do(self, *command: str) -> str:
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=60)
        return done.stdout

    @property
    def is_managed(self) -> bool:
        """True once there is a window manager."""
        return bool(self._do("xdotool", "get_desktop").strip())

    def plug(self, number: int) -> None:
        """Plug in the monitor ``number``, 0 or 1."""
        output = "none" if number else "screen"
        self._do("xrandr", "--setmonitor", f"m{number}", f"{WIDTH}/338x{HEIGHT}/190+{number * WIDTH}+0", output)

    def unplug(self, number: int) -> None:
        self._do("xrandr", "--delmonitor", f"m{number}")

    def press(self, key: str) -> None:
        """Press a key by its name in X, such as ``Next`` for Page Down."""
        self._do("xdotool", "key", key)

    def windows(self) -> dict[str, int]:
        """The titles of the visible windows, each with the number of the monitor that it is on."""
        found = {}
        for window in self._do("xdotool", "search", "--onlyvisible", "--name", ".").split():
            title = self._do("xdotool", "getwindowname", window).strip()
            place = dict(
                line.split("=") for line in self._do("xdotool", "getwindowgeometry", "--shell", window).split()
            )
            if place:
                found[title] = int(place["X"]) // WIDTH
        return found

    def own_windows(self, name: str) -> list[int]:
        """The processes that have visible windows of the class ``name``, each once."""
        found = self._do("xdotool", "search", "--onlyvisible", "--class", f"^{name}$").split()
        return sorted({int(each) for window in found for each in self._do("xdotool", "getwindowpid", window).split()})

    def picture(self, number: int = 0) -> Image.Image:
        """What is seen on the monitor ``number``."""
        left = number * WIDTH
        return ImageGrab.grab((left, 0, left + WIDTH, HEIGHT), xdisplay=self.display)


@contextmanager
def x_server(monitors: int) -> Iterator[XServer]:
    """Run a server with ``monitors`` monitors, 1 or 2, for as long as the block lasts."""
    missing = [package for program, package in _PROGRAMS.items() if shutil.which(program) is None]
    if missing:
        pytest.fail(f"NOT TESTED ON A REAL SCREEN: the packages {', '.join(missing)} are not installed")
    with ExitStack() as stack:
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-noreset", "-screen", "0", f"{2 * WIDTH}x{HEIGHT}x24"]
        _start(stack, command, pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as told:
            server = XServer(f":{told.readline().strip()}")
        server.plug(0)
        if monitors > 1:
            server.plug(1)
        _start(stack, ["openbox", "--sm-disable"], env=server.environment)
        yield server


def _start(stack: ExitStack, command: list[str], **more: object) -> None:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)  # type: ignore[call-overload]

    def end() -> None:
        process.terminate()
        process.wait()

    stack.callback(end)
