"""Makes the README's pictures, the window's icon from its drawing, and screenshots of every state to look at.

uv run python packaging/make_pictures.py                     icon and pictures/, with real TensorFlow
uv run python packaging/make_pictures.py --gallery FOLDER    every state, half a minute
uv run python packaging/make_pictures.py --answers [NAME...] what help shows of presets: all of them, five minutes
                                         --redraw            the same of the runs that they carry: seconds

For the Japanese names of the gallery: apt-get install fonts-noto-cjk.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QTimer, SignalInstance
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from seedlab import APPLICATION_ID
from seedlab.analysis.analyst import analyse
from seedlab.documents.embedding import embed_in_png
from seedlab.documents.files import read_lab
from seedlab.documents.writing import to_document
from seedlab.export.picture import to_png
from seedlab.gui.main_window import MainWindow
from seedlab.gui.runner_thread import RunnerThread
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import compared
from seedlab.resource_files import ANSWERS
from seedlab.session.arrangement import Arrangement
from seedlab.session.picture_options import SIZES, PictureOptions, Size
from seedlab.session.settings import Settings
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column, Lab

SCREENS = ((1280, 720), (1920, 1080), (3840, 2160))
HERE = Path(__file__).parent
ROOT = HERE.parent
PICTURES = HERE / "pictures"
ICON = ROOT / "resources" / "seedlab.png"
TIME_LIMIT_MS = 300_000
ANSWER_WIDTH = 600
"""The width of a page of help, in pixels at zoom 1."""


VERSIONS = (
    ("SEEDLAB_TF1_PYTHON", "versions", "after-graph"),
    ("SEEDLAB_KERAS2_PYTHON", "keras-versions", "keras-tensorflow-seed"),
)
"""Pictures of one experiment in two Pythons: the variable that names the older one, the file, and the preset."""


def screens_file(folder: str) -> Path:
    """Offscreen screens side by side, so that the window can be full screen on each."""
    path, left, screens = Path(folder, "screens.json"), 0, []
    for width, height in SCREENS:
        place = {"x": left, "y": 0, "width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        screens.append({"name": f"{width}x{height}", **place})
        left += width
    path.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    return path


LONG_NAMES = (
    "Startwert nach dem Anlegen der Zufallszahlenoperation gesetzt",
    "Bundesausbildungsförderungsgesetz mit unveränderlichem Anfangswert",
    "乱数シードをグラフ作成後に設定した場合の再現性の比較",
)


class Studio:
    """One window after another, and what a person would do in it."""

    def __init__(self, folder: Path, *, tries_causes: bool = False) -> None:
        self._folder = folder
        self._tries_causes = tries_causes
        self._runner = RunnerThread()
        self._runner.start()
        self.window = self._window()
        self._wait_for(self._runner.interpreter_found, lambda: self._runner.ask(None))

    def _window(self) -> MainWindow:
        window = MainWindow(self._runner, Settings(theme="light"), tries_causes=self._tries_causes)
        window.resize(1280, 720)
        window.show()
        return window

    def close(self) -> None:
        self.window.documents.document.let_go()
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()

    def _wait_for(self, signal: SignalInstance, start: Callable[[], object]) -> None:
        """Call ``start`` and go on when ``signal`` came; end the program when it does not."""
        loop = QEventLoop()
        signal.connect(loop.quit)
        QTimer.singleShot(TIME_LIMIT_MS, loop, lambda: sys.exit("no answer in five minutes"))
        QTimer.singleShot(0, loop, start)
        loop.exec()
        signal.disconnect(loop.quit)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def settle(self) -> None:
        self.wait_until(lambda: self.window.is_drawn)
        for _ in range(20):
            QApplication.processEvents()

    def run(self, start: Callable[[], object]) -> None:
        start()
        self.wait_until(lambda: not self.window.session.is_busy)
        self.settle()

    def inquire_into(self, experiments: Sequence[Experiment]) -> None:
        """Run ``experiments`` side by side, and wait until it is known what moves their draws."""
        session = self.window.session
        self.run(lambda: session.lay_out(experiments))
        self.wait_for_causes()

    def wait_for_causes(self) -> None:
        """Wait until it is known of all columns what moves their draws."""
        session = self.window.session
        self.wait_until(lambda: all(lane.column.influence is not None for lane in session.arrangement.lanes))
        self.wait_until(lambda: session.inquiry is None)
        self.settle()

    def show(self, *columns: Column) -> None:
        self.window.session.arrange(Arrangement.of_columns(columns))
        self.settle()

    def save(self, name: str, widget: QWidget | None = None) -> str:
        self.settle()
        path = self._folder / f"{name}.png"
        if not (widget or self.window).grab().save(str(path)):
            sys.exit(f"{path} cannot be written")
        return name


def wide(experiment: Experiment, count: int) -> list[Experiment]:
    return [experiment.choose(graph_seed=seed) for seed in range(count)]


def gallery(studio: Studio) -> Iterator[str]:
    """Every state; gives the name of each when it was saved."""
    yield from with_real_runs(studio)
    yield from by_hand(studio)
    yield from with_many_runs(studio)


def with_real_runs(studio: Studio) -> Iterator[str]:
    window = studio.window
    before = PRESETS["before-graph"].experiment
    yield studio.save("01-first-start")
    window.panel.run_controls.runs_box.setValue(60)
    window.run()
    while len(window.session.arrangement.lane.column.runs) < 12:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    yield studio.save("02-running")
    studio.run(window.stop)
    yield studio.save("02-stopped")
    window.panel.run_controls.runs_box.setValue(3)
    window.session.choose_experiment(PRESETS["random"].experiment)
    studio.run(window.run)
    yield studio.save("03-all-equal")
    window.session.choose_experiment(before.choose(placement="none", op_seed=None))
    studio.run(window.run)
    yield studio.save("04-all-different")
    studio.run(lambda: window.session.lay_out(compared(before, "placement")))
    yield studio.save("05-three-placements")
    for look in ("values", "map", "auto"):
        window.session.set_look(look)
        if look != "auto":
            yield studio.save(f"06-{look}")
    window.set_theme("dark")
    yield studio.save("07-dark")
    window.set_theme("light")
    yield studio.save("08-light")
    window.commands["guess"].trigger()
    studio.run(window.run_all)
    yield studio.save("09-guess-covered")
    window.session.uncover()
    yield studio.save("10-guess-half")
    window.session.uncover()
    window.session.uncover()
    window.commands["guess"].trigger()
    yield from on_stage(studio)
    for position, name in enumerate(LONG_NAMES):
        window.comparison.columns_bar.rename_asked.emit(position, name)
    yield studio.save("12-long-names")


def with_many_runs(studio: Studio) -> Iterator[str]:
    window, before = studio.window, PRESETS["before-graph"].experiment
    studio.run(lambda: window.session.lay_out(wide(before.choose(placement="after-graph"), 12)))
    yield studio.save("15-twelve-columns")
    window.panel.run_controls.runs_box.setValue(200)
    window.session.arrange(Arrangement.of([before]))
    studio.run(window.run)
    yield studio.save("17-two-hundred-runs")
    window.panel.run_controls.runs_box.setValue(5)
    studio.run(lambda: window.session.lay_out(compared(before.choose(sample_size=10_000), "placement")))
    yield studio.save("18-ten-thousand-values")
    window.session.choose_experiment(before.choose(sample_size=10_000, op_seed=None))
    yield studio.save("19-earlier-choice")
    window.commands["help"].trigger()
    studio.settle()
    dialog = next(child for child in window.findChildren(QWidget) if child.windowTitle() == "Help")
    studio.save("20-help", dialog)
    dialog.close()
    window.resize(900, 560)
    yield studio.save("21-small-window")


def by_hand(studio: Studio) -> Iterator[str]:
    sys.path.insert(0, str(ROOT))
    from tests.helpers.comparisons import collision_column, failed_column, placement_column, three_placements

    window = studio.window
    studio.show(collision_column())
    yield studio.save("13-collision")
    studio.show(failed_column())
    yield studio.save("14-failed")
    studio.show(failed_column(), *three_placements())
    yield studio.save("14-failed-of-several")
    studio.show(placement_column("after-op"))
    window.session.set_look("values")
    yield studio.save("16-one-column-values")
    window.session.set_look("auto")


def on_stage(studio: Studio) -> Iterator[str]:
    window = studio.window
    for number, (width, height) in enumerate(SCREENS):
        for name in ("light", "dark") if not number else ("light",):
            window.set_theme(name)
            screen = QApplication.screens()[number]
            window.move(screen.geometry().topLeft())
            window.present(is_on=True)
            studio.settle()
            assert (window.width(), window.height()) == (width, height)
            yield studio.save(f"11-stage-{width}x{height}-{name}")
            window.present(is_on=False)
            studio.settle()
    window.set_theme("light")
    window.move(0, 0)
    window.resize(1280, 720)


def without_paths(lab: Lab) -> Lab:
    """The interpreters by name: where they lie on the machine that made the picture is nobody's business."""
    columns = []
    for column in lab.columns:
        assert column.interpreter is not None
        columns.append(replace(column, interpreter=replace(column.interpreter, executable="python3")))
    return replace(lab, columns=tuple(columns))


def picture_of_why(studio: Studio) -> None:
    """Why the numbers of a training script change, and the fix."""
    session = studio.window.session
    with tempfile.TemporaryDirectory() as folder:
        script = shutil.copytree(ROOT / "tests" / "programs" / "spam", Path(folder, "spam")) / "train.py"
        # Nobody is there to be asked about the results before.
        studio.window.documents.document.let_go()
        studio.window.documents.open(script)
        studio.wait_until(lambda: session.arrangement.lane.program is not None)
        program = session.arrangement.lane.program
        assert program is not None
        session.change_program(replace(program, arguments=("--epochs", "2", "-q")))
        session.agrees = True
        studio.run(studio.window.run)
        studio.run(studio.window.why)
        # Without the document, which says where the script lay.
        options = PictureOptions(scale=1.5, document=False)
        (PICTURES / "why.png").write_bytes(to_png(without_paths(session.lab()), options))


def picture_of_versions(studio: Studio, name: str, experiment: Experiment, python: str) -> None:
    """One experiment in the chosen Python and in ``python``, an older one."""
    window = studio.window
    session = window.session
    session.set_look("auto")
    session.arrange(Arrangement.of([experiment] * 2, session.arrangement.next_key))
    session.select(1)
    session.pythons.choose(python)
    studio.wait_until(lambda: session.arrangement.lane.interpreter is not None)
    studio.run(window.run_all)
    studio.wait_for_causes()
    options = PictureOptions(size=SIZES["slide"], scale=1.5, document=False)
    (PICTURES / f"{name}.png").write_bytes(to_png(without_paths(session.lab()), options))


def pictures_of_answer(studio: Studio, name: str) -> None:
    """What the preset ``name`` shows, light and dark, for help; the light one carries its runs."""
    studio.inquire_into([PRESETS[name].experiment])
    lab = without_paths(studio.window.session.lab())
    title = analyse(lab.columns).columns[0].summary.headline.title
    if title is None or title.code != "answer.question":
        sys.exit(f"the runs of {name} do not show its answer")
    draw_answer(name, lab)


def answer_path(name: str, paper: str) -> Path:
    return ROOT / "resources" / ANSWERS / f"{name}-{paper}.png"


def draw_answer(name: str, lab: Lab) -> None:
    for paper in ("light", "dark"):
        size = Size("help", ANSWER_WIDTH, None)
        image = QImage.fromData(to_png(lab, PictureOptions(size=size, scale=1.5, paper=paper, document=False)))
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        # Quality 0 is the smallest file; PySide6's stubs know the format as bytes only.
        with_few_colours(image).save(buffer, "PNG", 0)  # type: ignore[call-overload]
        data = bytes(buffer.data().data())
        path = answer_path(name, paper)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(embed_in_png(data, to_document(lab)) if paper == "light" else data)


def with_few_colours(image: QImage) -> QImage:
    """The image with its 256 most frequent colours, each other one as the nearest of these: a quarter of the bytes."""
    pixels = image.convertToFormat(QImage.Format.Format_RGB32)
    height, width = pixels.height(), pixels.width()
    codes = np.frombuffer(pixels.constBits(), np.uint32).reshape(height, width) & 0xFFFFFF
    colours, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(counts)[-256:])
    parts = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(int)
    nearest = np.array([np.abs(parts[kept] - part).sum(axis=1).argmin() for part in parts], np.uint8)
    data = nearest[places].reshape(height, width).tobytes()
    made = QImage(data, width, height, width, QImage.Format.Format_Indexed8)
    made.setColorTable([0xFF000000 | int(colour) for colour in colours[kept]])
    return made.copy()


def make_icon() -> None:
    image = QImage(256, 256, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(HERE / f"{APPLICATION_ID}.svg")).render(painter)
    painter.end()
    image.save(str(ICON))


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the README's pictures and the icon.")
    parser.add_argument("--gallery", type=Path, metavar="FOLDER", help="screenshots of every state instead")
    parser.add_argument("--answers", nargs="*", metavar="NAME", help="what help shows of presets instead")
    parser.add_argument("--redraw", action="store_true", help="with --answers, of the runs that the pictures carry")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens_file(folder)}"
        application = QApplication(sys.argv[:1])
    if options.gallery is not None:
        options.gallery.mkdir(parents=True, exist_ok=True)
        studio = Studio(options.gallery)
        for name in gallery(studio):
            print(name, flush=True)
    elif options.answers is not None and options.redraw:
        for name in options.answers or PRESETS:
            draw_answer(name, read_lab(answer_path(name, "light")))
            print(name, flush=True)
        return
    elif options.answers is not None:
        studio = Studio(PICTURES, tries_causes=True)
        for name in options.answers or PRESETS:
            pictures_of_answer(studio, name)
            print(name, flush=True)
    else:
        make_icon()
        studio = Studio(PICTURES, tries_causes=True)
        keras = PRESETS["keras-all-seeds"].experiment
        studio.inquire_into([keras.choose(seeded=name) for name in ("tensorflow", "numpy", "python", "keras")])
        studio.window.panel.run_controls.run_button.setFocus()
        studio.save("window")
        studio.inquire_into(compared(PRESETS["before-graph"].experiment, "placement"))
        slide = PictureOptions(size=SIZES["slide"], scale=1.5)
        (PICTURES / "figure.png").write_bytes(to_png(without_paths(studio.window.session.lab()), slide))
        picture_of_why(studio)
        for variable, name, preset in VERSIONS:
            if variable in os.environ:
                picture_of_versions(studio, name, PRESETS[preset].experiment, os.environ[variable])
            else:
                print(f"{name}.png stays as it is: {variable} names no Python", file=sys.stderr)
    studio.close()
    del application


if __name__ == "__main__":
    main()
