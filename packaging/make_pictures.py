"""Makes the README's pictures, those of help, and the window's icon from its drawing.

uv run python packaging/make_pictures.py                     icon and pictures/, with real TensorFlow
uv run python packaging/make_pictures.py --answers [NAME...] what help shows of presets: all of them, five minutes
                                         --redraw            the same of the runs that they carry: seconds
                                         --luck              a fit over 300 seeds alone, which else is the last
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from studio import Studio, make_application

from seedlab import APPLICATION_ID
from seedlab.analysis.analyst import analyse
from seedlab.documents.embedding import embed_in_png
from seedlab.documents.files import read_lab
from seedlab.documents.writing import to_document
from seedlab.export.picture import to_png
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import compared
from seedlab.resource_files import ANSWERS
from seedlab.session.arrangement import Arrangement
from seedlab.session.picture_options import SIZES, PictureOptions, Size
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Lab

HERE = Path(__file__).parent
ROOT = HERE.parent
PICTURES = HERE / "pictures"
ICON = ROOT / "resources" / "seedlab.png"
ANSWER_WIDTH = 600
"""The width of a page of help, in pixels at zoom 1."""


VERSIONS = (
    ("SEEDLAB_TF1_PYTHON", "versions", "after-graph"),
    ("SEEDLAB_KERAS2_PYTHON", "keras-versions", "keras-tensorflow-seed"),
)
"""Pictures of one experiment in two Pythons: the variable that names the older one, the file, and the preset."""


def without_paths(lab: Lab) -> Lab:
    """The interpreters by name: where they lie on the machine that made the picture is nobody's business."""
    columns = []
    for column in lab.columns:
        assert column.interpreter is not None
        columns.append(replace(column, interpreter=replace(column.interpreter, executable="python3")))
    return replace(lab, columns=tuple(columns))


def picture_of_luck() -> None:
    """The test loss of `lucky_fit.py` over 300 seeds, with 42 marked: some minutes."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(HERE / "lucky_fit.py", folder)
        command = [sys.executable, "-m", "seedlab", "sweep", "lucky_fit.py", "--draw", "test loss"]
        command += [
            "--turn",
            "seed=42",
            "--seeds",
            "0..299",
            "--keep",
            str(Path(folder, "results")),
            "--export",
            str(PICTURES / "luck.png"),
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
        subprocess.run(command, cwd=folder, check=True, env=environment)


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
        session.editing.change_program(replace(program, arguments=("--epochs", "2", "-q")))
        session.runs.agrees = True
        studio.run(studio.window.run)
        studio.run(studio.window.why)
        # Without the document, which says where the script lay.
        options = PictureOptions(scale=1.5, document=False)
        (PICTURES / "why.png").write_bytes(to_png(without_paths(session.lab()), options))


def picture_of_notes(studio: Studio) -> None:
    """What the presenter of a talk sees."""
    studio.open_talk("where-did-my-seed-go")
    window = studio.window
    window.present(is_on=True)
    window.session.talk.show(3)
    studio.settle()
    notes = window.presenting.notes
    assert notes is not None
    notes.elapsed.setText("4:20")
    notes.time.setText("14:05")
    studio.save("notes", notes)
    window.present(is_on=False)


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
    parser.add_argument("--answers", nargs="*", metavar="NAME", help="what help shows of presets instead")
    parser.add_argument("--redraw", action="store_true", help="with --answers, of the runs that the pictures carry")
    parser.add_argument("--luck", action="store_true", help="a fit over 300 seeds instead")
    options = parser.parse_args()
    if options.luck:
        picture_of_luck()
        return
    application = make_application()
    if options.answers is not None and options.redraw:
        for name in options.answers or PRESETS:
            draw_answer(name, read_lab(answer_path(name, "light")))
            print(name, flush=True)
        return
    if options.answers is not None:
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
        picture_of_notes(studio)
        for variable, name, preset in VERSIONS:
            if variable in os.environ:
                picture_of_versions(studio, name, PRESETS[preset].experiment, os.environ[variable])
            else:
                print(f"{name}.png stays as it is: {variable} names no Python", file=sys.stderr)
        picture_of_luck()
    studio.close()
    del application


if __name__ == "__main__":
    main()
