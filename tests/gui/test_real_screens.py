"""Talks on a real X server: the program itself, in windows that a window manager manages, with a remote's keys."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from pytestqt.exceptions import TimeoutError as TooLate
from pytestqt.qtbot import QtBot

from seedlab.documents.files import read_lab
from seedlab.documents.talks import TALKS
from seedlab.study.lab import Scene
from tests.helpers.x_server import XServer, x_server

TIMEOUT_MS = 60_000
PATIENCE_MS, SETTLING_MS = 2_000, 200
BUTTONS = 60
"""The height of the bar of buttons on stage, in pixels."""
RUNS = 3
SCENES = 3
"""The scenes that are gone through on two monitors."""


@pytest.fixture
def server(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[XServer]:
    with x_server(request.param) as made:
        qtbot.waitUntil(lambda: made.is_managed, timeout=TIMEOUT_MS)
        yield made


@pytest.fixture
def give(server: XServer, tmp_path: Path, qtbot: QtBot) -> Iterator["Giving"]:
    giving = Giving(server, tmp_path, qtbot)
    yield giving
    giving.end()


class Giving:
    """A talk that is given by the program, and what is seen of it from outside."""

    def __init__(self, server: XServer, folder: Path, qtbot: QtBot) -> None:
        self.server, self._folder, self._qtbot = server, folder, qtbot
        self._process: subprocess.Popen[bytes] | None = None
        self._errors = folder / "errors.txt"

    def start(self, name: str) -> None:
        home = {f"XDG_{each}_HOME": str(self._folder / each) for each in ("CONFIG", "DATA", "STATE")}
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "seedlab", "talk", name], env={**self.server.environment, **home}, stderr=errors
            )
        self.wait(lambda: f"{name}.seedlab" in self.server.windows())

    def wait(self, is_so: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(is_so, timeout=TIMEOUT_MS)

    def press_and_see(self, key: str, room: int = 0) -> None:
        """Press ``key``, and wait until something else is seen on the monitor ``room``."""
        before = self.server.picture(room)
        self.server.press(key)
        self.wait(lambda: not is_same(self.server.picture(room), before))

    def go_on(self, room: int = 0) -> None:
        """Press what a remote presses; while runs are being made that are uncovered already, nothing happens.

        Nor is anything seen in time where the machine is slow, and then it is pressed too early the next time.
        """
        with contextlib.suppress(TooLate):
            before = self.server.picture(room)
            self.server.press("Next")
            self._qtbot.waitUntil(lambda: not is_same(self.server.picture(room), before), timeout=PATIENCE_MS)

    def press_until(self, key: str, is_so: Callable[[], bool]) -> None:
        """Press ``key`` as often as a person would: Escape, for one, stops runs first."""
        while not is_so():
            self.server.press(key)
            with contextlib.suppress(TooLate):
                self._qtbot.waitUntil(is_so, timeout=PATIENCE_MS)

    def settled(self) -> Image.Image:
        """What is seen on the first monitor once it changes no more."""
        seen = [self.server.picture()]
        while len(seen) < 2 or not is_same(*seen[-2:]):
            # Nothing tells from outside that all is drawn.
            self._qtbot.wait(SETTLING_MS)
            seen.append(self.server.picture())
        return seen[-1]

    def notes(self) -> tuple[str, int] | None:
        """The title of the presenter's window and the monitor that it is on; None without one."""
        found = [(title, at) for title, at in self.server.windows().items() if title.startswith("seedlab: ")]
        return found[0] if found else None

    def end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            assert self._process.wait(timeout=60) == 0
            assert self._errors.read_text() == ""


def is_same(one: Image.Image, other: Image.Image) -> bool:
    """Whether both are the same above the buttons, which are there for as long as somebody looks for them."""
    seen = ImageChops.difference(one, other).crop((0, 0, one.width, one.height - BUTTONS))
    return seen.getbbox() is None


def presses_of(scene: Scene) -> int:
    """The presses that it takes to see all of ``scene`` and go on."""
    return 1 + RUNS * scene.is_covered


def scenes_of(name: str) -> tuple[Scene, ...]:
    return read_lab(Path(str(TALKS[name].file))).scenes


# The first scenes of one talk are enough for the screens; each talk is gone through on one, below.
@pytest.mark.parametrize("server", [2], indirect=True)
@pytest.mark.parametrize("name", [*TALKS][:1])
def test_a_talk_is_given_on_two_screens(give: Giving, name: str) -> None:
    give.start(name)
    scenes = scenes_of(name)
    titles = [f"seedlab: scene {number} of {len(scenes)} — seedlab" for number in range(1, len(scenes) + 1)]
    give.wait(lambda: give.server.windows() == {f"{name}.seedlab": 1, titles[0]: 0})
    pressed, told = 0, [(titles[0], 0)]
    while titles.index(told[-1][0]) < SCENES:
        give.go_on(room=1)
        pressed += 1
        notes = give.notes()
        assert notes is not None
        told.append(notes)
    # What is pressed while a slow machine still draws counts as well, so that a title may have come and gone unseen.
    order = [titles.index(title) for title, _ in told]
    assert order == sorted(order)
    assert {at for _, at in told} == {0}
    assert pressed >= sum(map(presses_of, scenes[:SCENES]))
    give.server.press("Home")
    give.wait(lambda: give.notes() == (titles[0], 0))
    give.press_until("Escape", lambda: give.notes() is None)
    give.wait(lambda: give.server.windows() == {f"{name}.seedlab": 0})


@pytest.mark.parametrize("server", [1], indirect=True)
@pytest.mark.parametrize("name", TALKS)
def test_a_talk_is_given_on_one_screen(give: Giving, name: str) -> None:
    give.start(name)
    scenes = scenes_of(name)
    give.press_and_see("End")
    for _ in range(presses_of(scenes[-1]) - 1):
        give.press_and_see("Next")
    # It has the runs that were saved, and looks the same each time.
    last = give.settled()
    give.press_and_see("Home")
    pressed = 0
    while not is_same(give.settled(), last):
        give.go_on()
        pressed += 1
        assert pressed < 100
        assert give.notes() is None
    assert pressed >= sum(map(presses_of, scenes)) - 1
    assert give.settled().getextrema() != ((0, 0),) * 3
    give.press_and_see("period")
    assert give.server.picture().getextrema() == ((0, 0),) * 3, "all is black"
    give.press_and_see("Prior")
    give.press_and_see("Escape")


@pytest.mark.parametrize("server", [2], indirect=True)
def test_screens_are_swapped_and_may_come_and_go(give: Giving) -> None:
    name = "where-did-my-seed-go"
    talk, notes = f"{name}.seedlab", "seedlab: scene 1 of 8 — seedlab"
    give.start(name)
    give.wait(lambda: give.server.windows() == {talk: 1, notes: 0})
    give.server.press("x")
    give.wait(lambda: give.server.windows() == {talk: 0, notes: 1})
    give.server.press("x")
    give.wait(lambda: give.server.windows() == {talk: 1, notes: 0})
    give.server.unplug(1)
    give.wait(lambda: give.server.windows() == {talk: 0})
    give.server.press("End")
    give.server.plug(1)
    give.wait(lambda: give.server.windows() == {talk: 1, "seedlab: scene 8 of 8 — seedlab": 0})
