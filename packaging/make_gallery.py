"""Makes pictures of every state of the window, to look at.

uv run python packaging/make_gallery.py FOLDER [NAME...]

Each state at 1024x768, 1280x720, 1920x1080 and 3840x2160, light and dark, and what changes step by step as strips:
ten minutes with real TensorFlow, or less for the states that begin with one of the names. For the Japanese and Arabic
ones: apt-get install fonts-noto-cjk fonts-noto-core.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialog
from studio import SCREENS, Studio, make_application

from seedlab.gui.distribution_window import DistributionWindow
from seedlab.gui.environment_dialog import EnvironmentDialog
from seedlab.gui.main_window import MainWindow
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import compared
from seedlab.messages.distributions import VIEWS
from seedlab.results.environment import Interpreter
from seedlab.results.environments import LookedUp, Offer, Package, Plan, Progress, Report, Step
from seedlab.session.arrangement import Arrangement
from seedlab.session.sweep_series import SweepSource

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.helpers.comparisons import (
    collision_column,
    failed_column,
    many_draws,
    placement_column,
    three_placements,
)
from tests.helpers.sweeps import sweep_results

THEMES = ("light", "dark")
LONG_NAMES = (
    "Startwert nach dem Anlegen der Zufallszahlenoperation gesetzt",
    "البذرة بعد إنشاء الرسم البياني",
    "乱数シードをグラフ作成後に設定した場合の再現性の比較",
)
SCRIPT = """import random
import numpy as np

random.seed(1)
leak = random.Random()
print("a:", random.random())
print("b:", leak.random())
print(f"accuracy {leak.random():.2f} after an epoch")
print("c:", np.random.default_rng().standard_normal(4))
"""
BEFORE = PRESETS["before-graph"].experiment


def place_of_screen(width: int, height: int) -> QRect:
    """Where the screen of that size is: Qt has them in an order of its own."""
    places = (screen.geometry() for screen in QApplication.screens())
    return next(place for place in places if (place.width(), place.height()) == (width, height))


class Gallery:
    """What is done to one window, and the pictures that are taken of it."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self._folder = folder
        self._names = names
        self.studio = Studio(folder)
        self.window = self.studio.window

    def take(self, name: str) -> None:
        """Take pictures of the window in each size, light and dark."""
        if not self._is_wanted(name):
            return
        window = self.window
        for width, height in SCREENS:
            window.setGeometry(place_of_screen(width, height))
            for theme in THEMES:
                window.set_theme(theme)
                self.studio.save(f"{name}-{width}x{height}-{theme}")
        window.set_theme("light")
        window.move(0, 0)
        window.resize(1280, 720)
        self.studio.settle()
        print(name, flush=True)

    def take_on_stage(self, name: str) -> None:
        """Take pictures of the stage on each screen, light and dark."""
        if not self._is_wanted(name):
            return
        window = self.window
        for width, height in SCREENS:
            for theme in THEMES:
                window.set_theme(theme)
                window.present(is_on=True)
                self.studio.settle()
                window.setGeometry(place_of_screen(width, height))
                self.studio.settle()
                assert (window.width(), window.height()) == (width, height)
                window.stage.pointer.timer.stop()
                window.stage_bar.hide()
                self.studio.save(f"{name}-{width}x{height}-{theme}")
                window.present(is_on=False)
                self.studio.settle()
        window.set_theme("light")
        window.move(0, 0)
        window.resize(1280, 720)
        self.studio.settle()
        print(name, flush=True)

    def take_notes(self, name: str) -> None:
        """Take pictures of the presenter's window on each screen, light and dark."""
        if not self._is_wanted(name):
            return
        for theme in THEMES:
            self.window.set_theme(theme)
            self.window.present(is_on=True)
            notes = self.window.presenting.notes
            assert notes is not None
            notes.showNormal()
            for width, height in SCREENS:
                notes.setGeometry(place_of_screen(width, height))
                self.studio.settle()
                self.studio.save(f"{name}-{width}x{height}-{theme}", notes)
            self.window.present(is_on=False)
            self.studio.settle()
        self.window.set_theme("light")
        print(name, flush=True)

    def take_closer(self, name: str, closer: DistributionWindow) -> None:
        """Take pictures of each view of a closer look, on each screen, light and dark, and in a small window."""
        if not self._is_wanted(name):
            return
        self.studio.settle()
        for theme in THEMES:
            self.window.set_theme(theme)
            closer.set_theme(self.window.theme)
            for view in VIEWS:
                if view == "course" and not closer.tabs.button_of("course").isVisible():
                    continue
                closer.show_view(view)
                for width, height in ((800, 600), *SCREENS):
                    size = QSize(width, height)
                    closer.setGeometry(QRect(place_of_screen(*SCREENS[-1]).topLeft(), size))
                    self.studio.settle()
                    self.studio.wait_until(lambda: closer.is_complete)
                    self.studio.save(f"{name}-{view}-{width}x{height}-{theme}", closer)
        self.window.set_theme("light")
        print(name, flush=True)

    def take_dialog(self, name: str, command: str) -> None:
        """Take a picture of the dialog that ``command`` opens, light and dark."""
        if not self._is_wanted(name):
            return
        for theme in THEMES:
            self.window.set_theme(theme)
            self.window.commands[command].trigger()
            self.studio.settle()
            for dialog in self.window.findChildren(QDialog):
                if dialog.isVisible():
                    self.studio.save(f"{name}-{theme}", dialog)
                    dialog.close()
            self.studio.settle()
        self.window.set_theme("light")
        print(name, flush=True)

    def take_environment(self, name: str, window: MainWindow, pose: Callable[[EnvironmentDialog], None] | None) -> None:
        """Take a picture of the dialog for a new environment after ``pose``, light and dark."""
        if not self._is_wanted(name):
            return
        for theme in THEMES:
            window.set_theme(theme)
            dialog = EnvironmentDialog(window.theme, window)
            dialog.open()
            if pose is not None:
                pose(dialog)
            self.studio.save(f"{name}-{theme}", dialog)
            dialog.reject()
            self.studio.settle()
        window.set_theme("light")
        print(name, flush=True)

    def strip(self, name: str, steps: Iterator[object]) -> None:
        """Take a picture of the window after each of the ``steps``, and lay them out side by side, half as large."""
        if not self._is_wanted(name):
            return
        images = []
        for _ in steps:
            self.studio.settle()
            images.append(self.window.grab().toImage())
        size = QSize(640, 360)
        whole = QImage(2 * size.width(), (len(images) + 1) // 2 * size.height(), QImage.Format.Format_RGB32)
        whole.fill(QColor("white"))
        painter = QPainter(whole)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, image in enumerate(images):
            shown = image.smoothScaled(size.width() - 4, size.height() - 4)
            painter.drawImage(number % 2 * size.width() + 2, number // 2 * size.height() + 2, shown)
        painter.end()
        whole.save(str(self._folder / f"{name}.png"))
        print(name, flush=True)

    def _is_wanted(self, name: str) -> bool:
        return not self._names or any(name.startswith(wanted) for wanted in self._names)


def with_runs(gallery: Gallery) -> None:
    studio, window = gallery.studio, gallery.window
    session = window.session
    gallery.take("01-first-start")
    session.change_settings(runs=60)
    window.run()
    studio.wait_until(lambda: len(session.arrangement.lane.column.runs) >= 12)
    studio.run(window.stop)
    gallery.take("02-stopped")
    session.change_settings(runs=3)
    session.editing.choose_experiment(PRESETS["random"].experiment)
    studio.run(window.run)
    gallery.take("03-all-equal")
    session.editing.choose_experiment(BEFORE.choose(placement="none", op_seed=None))
    studio.run(window.run)
    gallery.take("04-all-different")
    studio.run(lambda: session.runs.lay_out(compared(BEFORE, "placement")))
    for look in ("auto", "values", "map"):
        session.set_look(look)
        gallery.take(f"05-placements-{look}")
        gallery.take_on_stage(f"06-stage-{look}")
    session.set_look("auto")
    gallery.take_dialog("07-export", "export")
    gallery.take_dialog("07-help", "help")
    gallery.take_dialog("07-about", "about")
    window.commands["guess"].trigger()
    studio.run(window.run_all)
    gallery.take("08-guess-covered")
    session.uncover()
    gallery.take("08-guess-one")
    gallery.take_on_stage("08-guess-stage")
    session.uncover()
    session.uncover()
    session.uncover()
    window.commands["guess"].trigger()
    window.edit()
    gallery.take("09-editor")
    window.editing.leave()
    for position, name in enumerate(LONG_NAMES):
        window.comparison.columns_bar.rename_asked.emit(position, name)
    gallery.take("10-long-names")
    studio.run(lambda: session.runs.lay_out([BEFORE.choose(placement="after-graph", graph_seed=n) for n in range(12)]))
    gallery.take("11-twelve-columns")
    gallery.take_on_stage("11-twelve-on-stage")
    session.change_settings(runs=40)
    studio.run(lambda: session.runs.lay_out(compared(BEFORE, "placement")))
    gallery.take("12-forty-runs")
    gallery.take_on_stage("12-forty-on-stage")
    session.change_settings(runs=200)
    session.arrange(Arrangement.of([BEFORE]))
    studio.run(window.run)
    gallery.take("13-two-hundred-runs")
    session.change_settings(runs=5)
    studio.run(lambda: session.runs.lay_out(compared(BEFORE.choose(sample_size=10_000), "placement")))
    gallery.take("14-ten-thousand-values")
    session.editing.choose_experiment(BEFORE.choose(sample_size=10_000, op_seed=None))
    gallery.take("15-earlier-choice")
    session.change_settings(runs=3)
    keras = PRESETS["keras-all-seeds"].experiment
    studio.run(lambda: session.runs.lay_out([keras.choose(seeded=name) for name in ("tensorflow", "numpy", "keras")]))
    gallery.take("16-keras")
    gallery.take_on_stage("16-keras-on-stage")


def with_a_script(gallery: Gallery) -> None:
    """A script of one's own: text, numbers of 64 bits, and what moves them."""
    studio, window = gallery.studio, gallery.window
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "experiment.py")
        script.write_text(SCRIPT, encoding="utf-8")
        window.documents.document.let_go()
        window.documents.open(script)
        studio.wait_until(lambda: window.session.arrangement.lane.program is not None)
        window.session.runs.agrees = True
        gallery.take("20-script")
        studio.run(window.run)
        gallery.take("21-script-run")
        window.session.set_look("values")
        gallery.take("22-script-values")
        window.session.set_look("auto")
        studio.run(window.why)
        studio.wait_for_causes()
        gallery.take("23-why")
        gallery.take_on_stage("24-why-on-stage")
        window.session.set_look("auto")


def by_hand(gallery: Gallery) -> None:
    """What real runs do not show when they are asked."""
    studio, window = gallery.studio, gallery.window
    studio.show(collision_column())
    gallery.take("30-collision")
    studio.show(failed_column())
    gallery.take("31-failed")
    studio.show(failed_column(), *three_placements())
    gallery.take("32-failed-of-several")
    studio.show(placement_column("after-op"))
    window.session.set_look("values")
    gallery.take("33-one-column-values")
    window.session.set_look("auto")
    studio.show(many_draws(300, runs=3))
    gallery.take("34-many-rows")


def new_environments(gallery: Gallery) -> None:
    """The dialog for a new environment with what it would show, made up: nothing is asked for or made."""
    window = gallery.window
    python = Interpreter(executable="/usr/bin/python3.10", python="3.10.13")
    newer = Interpreter(executable="/usr/bin/python3.12", python="3.12.1")
    problem = "There is no tensorflow==2.15.1 for Python 3.12."
    found = LookedUp((Offer(python, "2.15.1"), Offer(newer, "", problem)))
    packages = [("tensorflow", "2.15.1", 475_215_357), ("numpy", "1.26.4", 18_200_000), ("own-package", "1.0", None)]
    plan = Plan(str(Path.cwd()), tuple(Package(*each) for each in packages), "uv")

    def waiting(dialog: EnvironmentDialog) -> None:
        dialog.version_edit.setText("2.15.1")
        dialog.show_work()

    def planned(dialog: EnvironmentDialog) -> None:
        waiting(dialog)
        dialog.show_offers(found)
        dialog.work.planned.emit(plan)

    def downloading(dialog: EnvironmentDialog) -> None:
        planned(dialog)
        dialog.show_work()
        dialog.work.reported.emit(Report(Step.INSTALLING, plan, Progress("numpy", ("tensorflow",))))

    def failed(dialog: EnvironmentDialog) -> None:
        waiting(dialog)
        dialog.work.looked_up.emit(LookedUp((Offer(newer, "", problem),), ("3.9", "3.10", "3.11")), True)

    for name, pose in (("ask", None), ("plan", planned), ("downloading", downloading), ("failed", failed)):
        gallery.take_environment(f"18-environment-{name}", window, pose)


def talks(gallery: Gallery) -> None:
    """A talk: its scenes in the window, and what its presenter sees."""
    window = gallery.window
    gallery.studio.open_talk("where-did-my-seed-go")
    window.session.talk.show(3)
    gallery.take("50-scenes")
    gallery.take_on_stage("51-scene")
    gallery.take_notes("52-notes")
    gallery.take_dialog("53-scene", "change_scene")


def closer(gallery: Gallery) -> None:
    """A closer look at one draw: of columns, and of the results of sweeps."""
    studio, window = gallery.studio, gallery.window
    for number, columns in enumerate(([placement_column("after-op", runs=40)], three_placements(40))):
        studio.show(*columns)
        window.look_closer()
        (opened,) = window.closer.windows
        gallery.take_closer(f"60-closer-{'columns' if number else 'column'}", opened)
        opened.close()
    generator = np.random.default_rng(0)
    loss = generator.gamma(9, 0.05, 300)
    repeats = {f"loss #{n}": loss / n**0.5 + generator.normal(0, 0.02, 300) for n in range(2, 9)}
    with tempfile.TemporaryDirectory() as folder:
        plain = sweep_results(Path(folder, "plain"), {"loss": loss, **repeats, "accuracy": 1 - loss / 2})
        adam = sweep_results(Path(folder, "adam"), {"loss": 0.9 * loss, **repeats}, name="train.py --opt adam")
        many = sweep_results(Path(folder, "many"), {"loss": generator.normal(size=200_000)})
        for name, results in (("sweep", (plain,)), ("sweeps", (plain, adam)), ("many", (many,))):
            source = SweepSource("loss", results)
            opened = DistributionWindow(source, window.theme, window.closer.thread_beside, window)
            opened.show()
            studio.wait_until(lambda shown=opened: shown.is_complete)  # type: ignore[misc]
            opened.select_range(0.3, 0.4)
            gallery.take_closer(f"61-closer-{name}", opened)
            opened.close()


def sequences(gallery: Gallery) -> None:
    studio, window = gallery.studio, gallery.window
    session = window.session

    def uncovering() -> Iterator[object]:
        window.commands["guess"].trigger()
        studio.run(lambda: session.runs.lay_out(compared(BEFORE, "placement")))
        yield None
        for _ in range(3):
            session.uncover()
            yield None
        window.commands["guess"].trigger()

    def adding() -> Iterator[object]:
        studio.run(lambda: session.runs.lay_out(compared(BEFORE, "placement")))
        yield None
        for _ in range(5):
            studio.run(window.once_more)
            yield None

    def arriving() -> Iterator[object]:
        session.change_settings(runs=6)
        session.runs.lay_out(compared(BEFORE, "placement"))
        while session.is_busy:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if window.is_drawn:
                yield None
        yield None
        session.change_settings(runs=3)

    def moving() -> Iterator[object]:
        studio.show(*three_placements())
        yield None
        for start, end in ((0, 2), (1, 0)):
            session.arrange(session.arrangement.move(start, end))
            yield None
        session.arrange(session.arrangement.remove(1))
        yield None
        session.undo()
        yield None
        session.undo()
        yield None

    def stopping() -> Iterator[object]:
        session.change_settings(runs=40)
        session.arrange(Arrangement.of([BEFORE]))
        window.run()
        studio.wait_until(lambda: len(session.arrangement.lane.column.runs) >= 5)
        yield None
        studio.run(window.stop)
        yield None
        session.change_settings(runs=3)

    def presenting() -> Iterator[object]:
        studio.show(*three_placements())
        yield None
        for is_on in (True, False, True, False):
            window.present(is_on=is_on)
            yield None

    def more_runs() -> Iterator[object]:
        for count in (1, 2, 3, 5, 8, 12, 20, 40):
            studio.show(*three_placements(count))
            yield None

    def more_columns() -> Iterator[object]:
        for count in (1, 2, 3, 4, 6, 8, 10, 12):
            studio.show(*(three_placements() * 4)[:count])
            yield None

    for steps in (uncovering, adding, arriving, moving, stopping, presenting, more_runs, more_columns):
        gallery.strip(f"40-{steps.__name__}".replace("_", "-"), steps())


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes pictures of every state of the window.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only states that begin so")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    gallery = Gallery(options.folder, options.names)
    for part in (with_runs, with_a_script, by_hand, new_environments, sequences, talks, closer):
        part(gallery)
    gallery.studio.close()
    del application


if __name__ == "__main__":
    main()
