"""Pictures: complete, sharp at every size, the same bytes each time, and read again by other programs."""

import contextlib
import datetime
import os
import shutil
import subprocess
import sys
import time
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from seedlab import __version__
from seedlab.analysis.analyst import analyse
from seedlab.documents.embedding import extract
from seedlab.documents.reading import from_json
from seedlab.errors import DocumentError
from seedlab.export import picture as pictures
from seedlab.export.exporting import write_export
from seedlab.export.picture import MARGIN, Picture, to_pdf, to_png, to_svg
from seedlab.figure import theme as themes
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.session.picture_options import PAPERS, SIZES, PictureOptions, Size
from seedlab.study.lab import Column, Lab, View
from seedlab.work import finish
from tests.helpers.hostile import hostile_labs
from tests.helpers.interpreters import interpreter
from tests.helpers.values import draw, run, seed_set, seed_used
from tests.helpers.working import steps_of

BEFORE, AFTER = PRESETS["before-graph"].experiment, PRESETS["after-op"].experiment
INTERPRETER = interpreter("/usr/bin/python3", "3.11.7", numpy="2.4.6", tensorflow="2.21.0")


def column(name: str, shift: float, runs: int = 3) -> Column:
    """Two draws: the first differs from run to run, the second repeats."""
    trace = (
        seed_set(5, "default graph", 0),
        seed_used(7, "graph 1", None, None),
        seed_used(8, "graph 1", 1, (87654321, 1)),
    )
    made = tuple(
        run(
            index,
            draw("op1-1", [index + shift, 0.5, -1.0], line=10, events_before=3),
            draw("op2-1", [0.1, 0.2, 0.3], line=12, events_before=3),
            trace=trace,
        )
        for index in range(1, runs + 1)
    )
    experiment = BEFORE if name == "before graph" else AFTER
    script = script_of(experiment).text
    return Column(name=name, experiment=experiment, script=script, interpreter=INTERPRETER, runs=made)


@pytest.fixture
def lab() -> Lab:
    created = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    return Lab(columns=(column("before graph", 0.0), column("after op", 5.0)), created=created)


def image_of(png: bytes) -> QImage:
    image = QImage.fromData(png)
    assert not image.isNull()
    return image


def texts_of(svg: bytes) -> str:
    """All text of a drawing; what was drawn as curves is not in it."""
    root = ET.fromstring(svg)
    return " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))


def needed(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"NOT TESTED WITH ANOTHER PROGRAM: {program} is not installed (Debian: {package})")
    return found


def test_a_drawing_says_everything_as_text(lab: Lab) -> None:
    texts = texts_of(to_svg(lab))
    for said in (
        "op2 repeats everywhere.", "before graph", "after op", "op1-1", "op2-1", "3 of 3 differ", "repeats", "run 3",
        "set on the default graph: no op used it", "pair (87654321, 1)", "TensorFlow 2.21.0", "2026-01-02",
        f"seedlab {__version__}", "device auto", "started cold", "3 runs each",
    ):  # fmt: skip
        assert said in texts, f"“{said}” is not in the picture"
    letters = {letter for letter in "ABCDEFG" if letter in texts.split()}
    assert letters == set("ABCDEFG"), "six values that differ, and one that all six cells share"


def test_the_same_comparison_gives_the_same_bytes_apart_from_the_date(lab: Lab) -> None:
    assert to_png(lab) == to_png(lab)
    assert to_svg(lab) == to_svg(lab)
    tomorrow = replace(lab, created=lab.created + datetime.timedelta(days=1))
    without = PictureOptions(document=False)
    assert to_svg(tomorrow, without) == to_svg(lab, without).replace(b"2026-01-02", b"2026-01-03")


def test_other_processes_give_the_same_bytes(lab: Lab, tmp_path: Path) -> None:
    write_export(lab, tmp_path / "lab.seedlab")
    found = []
    for hash_seed in ("1", "2"):
        paths = [tmp_path / f"{hash_seed}.png", tmp_path / f"{hash_seed}.svg"]
        command = [sys.executable, "-m", "seedlab", "export", str(tmp_path / "lab.seedlab")]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([*command, *(f"--to={path}" for path in paths)], check=True, env=environment)
        found.append([path.read_bytes() for path in paths])
    assert found[0] == found[1]


@pytest.mark.parametrize("has_document", [True, False])
@given(hostile_labs())
@settings(max_examples=30)
def test_a_drawing_of_any_text_is_valid_xml(has_document: bool, lab: Lab) -> None:
    options = PictureOptions(document=has_document)
    drawn = to_svg(lab, options)
    parser = expat.ParserCreate()
    parser.Parse(drawn, True)
    if has_document:
        assert from_json(extract(drawn, "figure"), "figure").columns == lab.columns


def test_what_would_steer_is_drawn_as_its_escape() -> None:
    name = "\x1b[2Ja\ufffe\u202eb"
    steering = run(1, draw(name, 1), trace=(), problem=name, notes=(name,), details=f"{name}\n{name}")
    shown = Column(name=name, experiment=None, script=f"x = '{name}'\n", runs=(steering,), trusted=False)
    svg = to_svg(Lab.of([shown]), PictureOptions(document=False))
    assert texts_of(svg).count(r"\x1b[2Ja\ufffe\u202eb") >= 4
    assert b"\x1b" not in svg


@pytest.mark.parametrize("scale", [1.0, 2.0, 4.0])
def test_a_scaled_picture_has_more_pixels_not_larger_ones(lab: Lab, scale: float) -> None:
    once = image_of(to_png(lab, PictureOptions(scale=1.0)))
    image = image_of(to_png(lab, PictureOptions(scale=scale)))
    assert abs(image.width() - once.width() * scale) <= scale
    enlarged = once.scaled(image.size())
    if scale > 1:
        differing = sum(
            int(image.pixel(x, y) != enlarged.pixel(x, y))
            for x in range(0, image.width(), 7)
            for y in range(0, image.height(), 7)
        )
        assert differing > 200, "it is the small picture, blown up"


@pytest.mark.parametrize("name", SIZES)
def test_each_size_is_kept_and_everything_fits_into_it(lab: Lab, name: str) -> None:
    size = SIZES[name]
    image = image_of(to_png(lab, PictureOptions(size=size, scale=1.0)))
    assert size.width is None or image.width() == size.width
    assert size.height is None or image.height() == size.height
    paper = QColor(themes.LIGHT.window).rgb()
    edge = [image.pixel(x, image.height() - 1) for x in range(image.width())]
    edge += [image.pixel(image.width() - 1, y) for y in range(image.height())]
    assert set(edge) == {paper}, "something is cut off at the edge"


@pytest.mark.parametrize("paper", PAPERS)
def test_paper(lab: Lab, paper: str) -> None:
    corner = QColor.fromRgba(image_of(to_png(lab, PictureOptions(paper=paper, scale=1.0))).pixel(1, 1))
    expected = {"light": themes.LIGHT.window, "dark": themes.DARK.window}.get(paper)
    assert corner.alpha() == 0 if expected is None else corner.name() == expected


@pytest.mark.parametrize("paper", ["transparent", "transparent-dark"])
def test_on_somebody_elses_ground_no_box_is_opaque(lab: Lab, paper: str) -> None:
    image = image_of(to_png(lab, PictureOptions(paper=paper, scale=1.0)))
    theme = themes.DARK if paper.endswith("dark") else themes.LIGHT
    opaque = {theme.panel, theme.seed_line, theme.light}
    colours = [image.pixelColor(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)]
    solid = [each.name() for each in colours if each.alpha() == 255]
    assert theme.text in solid, "text is for that ground"
    assert not opaque & set(solid)
    assert any(0 < each.alpha() < 128 for each in colours), "the band behind a seed line lets the ground through"


@pytest.mark.parametrize(("size", "is_small"), [("natural", False), ("slide", True)])
def test_a_picture_knows_the_size_of_its_smallest_type(size: str, is_small: bool) -> None:
    many = Lab.of([column(f"column {n}", n) for n in range(8)])
    picture = Picture(many, analyse(many.columns), PictureOptions(size=SIZES[size]))
    finish(picture.lay_out())
    assert (picture.least_points < 7) is is_small
    assert picture.least_points <= 7.5


def test_an_svg_is_as_wide_as_its_paper(lab: Lab) -> None:
    root = ET.fromstring(to_svg(lab, PictureOptions(size=SIZES["slide"], document=False)))
    assert root.get("viewBox") == "0 0 1280 720"
    width = root.get("width") or ""
    assert width.endswith("mm")
    assert float(width[:-2]) == pytest.approx(1280 / 96 * 25.4, abs=0.2)


def test_the_scripts_can_be_left_out(lab: Lab) -> None:
    texts = texts_of(to_svg(lab, PictureOptions(script=False)))
    assert "set on the default graph" not in texts
    assert "3 of 3 differ" in texts


@pytest.mark.parametrize("write", [to_png, to_svg])
def test_a_picture_has_the_document_inside_unless_it_is_left_out(lab: Lab, write: object) -> None:
    assert callable(write)
    again = from_json(extract(write(lab), "figure"), "figure")
    assert again.columns == lab.columns
    bare = write(lab, PictureOptions(document=False))
    with pytest.raises(DocumentError, match="picture without data"):
        extract(bare, "figure")
    assert len(bare) < len(write(lab))


def test_the_view_is_drawn_and_kept(lab: Lab) -> None:
    listed = replace(lab, view=View(look="values", current=1))
    assert "0.30000001" in texts_of(to_svg(listed)) or "0.3" in texts_of(to_svg(listed)).split()
    assert from_json(extract(to_png(listed), "figure"), "figure").view == listed.view


def test_a_drawing_is_drawn_again_by_other_programs(lab: Lab, tmp_path: Path) -> None:
    options = PictureOptions(document=False, scale=1.0)
    ours = image_of(to_png(lab, options))
    renderer = QSvgRenderer(to_svg(lab, options))
    assert renderer.isValid()
    drawn = QImage(ours.size(), QImage.Format.Format_ARGB32)
    drawn.fill(QColor("white"))
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(drawn.rect()))
    painter.end()
    assert difference(ours, drawn) < 6
    (tmp_path / "figure.svg").write_bytes(to_svg(lab))
    command = [needed("rsvg-convert", "librsvg2-bin"), "-w", str(ours.width()), "-o", "figure.png", "figure.svg"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert difference(ours, QImage(str(tmp_path / "figure.png"))) < 6


def test_a_page_is_read_by_poppler(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "figure.pdf").write_bytes(to_pdf(lab))
    to_text = [needed("pdftotext", "poppler-utils"), "figure.pdf", "-"]
    found = subprocess.run(to_text, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    # A ligature is the letters that it stands for.
    text = unicodedata.normalize("NFKC", " ".join(found.split()))
    for said in ("op2 repeats everywhere.", "before graph", "3 of 3 differ", "pair (87654321, 1)"):
        assert said in text
    command = [needed("pdftoppm", "poppler-utils"), "-png", "-r", "96", "-singlefile", "figure.pdf", "page"]
    subprocess.run(command, cwd=tmp_path, check=True)
    ours = image_of(to_png(lab, PictureOptions(scale=1.0)))
    page = QImage(str(tmp_path / "page.png"))
    assert abs(page.width() - ours.width()) <= 2
    assert difference(ours, page) < 6


def difference(one: QImage, other: QImage) -> float:
    """Mean absolute difference of grey values, 0 to 255, where hinting does not count: at a quarter of the size."""
    assert not other.isNull()
    width, height = one.width() // 4, one.height() // 4
    greys = []
    for image in (one, other):
        flat = QImage(image.size(), QImage.Format.Format_RGB32)
        flat.fill(QColor("white"))
        painter = QPainter(flat)
        painter.drawImage(0, 0, image)
        painter.end()
        small = flat.scaled(width, height, mode=Qt.TransformationMode.SmoothTransformation)
        grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
        rows = np.frombuffer(grey.constBits(), np.uint8).reshape(height, grey.bytesPerLine())
        greys.append(rows[:, :width].astype(float))
    return float(np.abs(greys[0] - greys[1]).mean())


def test_the_difference_would_be_seen(lab: Lab) -> None:
    other = replace(lab, columns=lab.columns[::-1])
    options = PictureOptions(document=False, scale=1.0)
    assert difference(image_of(to_png(lab, options)), image_of(to_png(other, options))) > 0
    one_less = replace(lab, columns=lab.columns[:1])
    assert difference(image_of(to_png(lab, options)), image_of(to_png(one_less, options))) > 6


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_progress_ends_at_one_and_can_be_left(lab: Lab, ending: str) -> None:
    drawn = Picture(lab, analyse(lab.columns), PictureOptions())
    shares = [step for step in steps_of(drawn.file(ending)) if isinstance(step, float)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) > 10, "painting has steps, too"
    left = Picture(lab, analyse(lab.columns), PictureOptions())
    steps = left.file(ending)
    for step in steps_of(steps):
        if step == shares[len(shares) // 2]:
            break
    steps.close()
    assert len(finish(left.file(ending))) > 1000, "what was left can be drawn again"


@pytest.mark.parametrize(("columns", "size"), [(2, "natural"), (12, "a4"), (3, "column")])
def test_painting_bit_by_bit_gives_what_qt_paints_at_once(columns: int, size: str) -> None:
    many = Lab.of(column(f"column {n} with a long name", n) for n in range(columns))
    picture = Picture(many, analyse(many.columns), PictureOptions(paper="transparent", scale=1.5, size=SIZES[size]))
    image = finish(picture.image())
    whole = QImage(image.size(), image.format())
    whole.fill(Qt.GlobalColor.transparent)
    painter = QPainter(whole)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    margin = MARGIN * image.width() / picture.layout_size.width()
    inside = QRectF(whole.rect()).adjusted(margin, margin, -margin, -margin)
    content = picture.figure.sceneRect()
    factor = min(inside.width() / content.width(), inside.height() / content.height())
    picture.figure.render(painter, QRectF(inside.topLeft(), content.size() * factor), content)
    painter.end()
    # An edge that lies on that of a pixel is covered to 254 or to 255 parts.
    parts = [np.frombuffer(each.constBits(), np.uint8).astype(int) for each in (whole, image)]
    assert int(np.abs(parts[0] - parts[1]).max()) <= 1


def many_draws(count: int) -> Lab:
    made = tuple(
        run(index, *(draw(f"draw {number:05}", [index * 100_000 + number]) for number in range(count)))
        for index in (1, 2)
    )
    return Lab.of([Column(name="many.py", experiment=None, script="pass\n", runs=tuple(made), trusted=False)])


@pytest.mark.parametrize("ending", [".png", ".svg"])
@pytest.mark.parametrize("size", ["slide", "natural"])
def test_a_picture_of_very_many_draws_shows_the_first_in_steps(size: str, ending: str) -> None:
    lab, steps, start = many_draws(20_000), 0, time.process_time()
    picture = Picture(lab, analyse(lab.columns), PictureOptions(size=SIZES[size]))
    # A PNG in which each of them can be seen would take gigabytes.
    is_refused = (size, ending) == ("natural", ".png")
    with pytest.raises(DocumentError, match="fixed size") if is_refused else contextlib.nullcontext():
        for _ in steps_of(picture.file(ending)):
            steps += 1
    assert steps > 150
    assert time.process_time() - start < 12


def test_a_picture_says_how_many_draws_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "more draw" not in texts_of(to_svg(many_draws(4)))
    monkeypatch.setattr(pictures, "MOST_ROWS", 3)
    texts = texts_of(to_svg(many_draws(4)))
    assert "… and 1 more draw. Equal letters" in texts
    assert "00002" in texts
    assert "00003" not in texts
    assert from_json(extract(to_svg(many_draws(4)), "figure"), "figure").columns == many_draws(4).columns
    assert "… and 2 more draws. Equal" in texts_of(to_svg(many_draws(5)))


def test_an_image_that_would_take_gigabytes_is_refused(lab: Lab) -> None:
    with pytest.raises(DocumentError, match="smaller scale"):
        to_png(lab, PictureOptions(size=Size("own", 8000, 8000), scale=4.0))


@pytest.mark.parametrize("columns", [0, 1, 12])
def test_any_number_of_columns_has_a_picture(lab: Lab, columns: int) -> None:
    many = replace(lab, columns=tuple(column(f"column {n}", n) for n in range(columns)))
    for write in (to_png, to_svg, to_pdf):
        assert len(write(many)) > 500


def test_an_empty_script_has_a_picture_too() -> None:
    assert "empty.py" in texts_of(to_svg(Lab.of([Column(name="empty.py", experiment=None, script="")] * 2)))


def test_a_column_that_was_not_run_has_a_picture_too() -> None:
    empty = Column(name="before graph", experiment=BEFORE, script=script_of(BEFORE).text)
    assert "tf.Graph" in "".join(texts_of(to_svg(Lab.of([empty]))).split())


def test_columns_of_several_interpreters_each_say_theirs(lab: Lab) -> None:
    assert texts_of(to_svg(lab)).count("Python 3.11.7") == 1, "one for all: in the last line"
    old = interpreter("/usr/bin/python3.7", "3.7.16", tensorflow="1.15.5")
    mixed = replace(lab, columns=(lab.columns[0], replace(lab.columns[1], interpreter=old)))
    texts = texts_of(to_svg(mixed))
    assert texts.count("Python 3.11.7") == 2
    assert texts.count("Python 3.7.16") == 2
