"""What can be measured of every state: no text is cut, too small, too pale, or in the way of another."""

from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from seedlab.export.picture import to_svg
from seedlab.gui.main_window import MainWindow
from seedlab.study.lab import Column, Lab, Look
from tests.gui.acting import figure_of, is_drawn, present_at, show_columns
from tests.gui.conftest import RUN_TIMEOUT_MS
from tests.helpers.comparisons import (
    collision_column,
    failed_column,
    many_draws,
    placement_column,
    table_column,
    three_placements,
)
from tests.helpers.drawn_texts import contrast_of, drawn_texts, image_of, overlapping, texts_of
from tests.helpers.values import runs

WINDOWS = ((1024, 768, "light"), (1280, 720, "dark"), (1920, 1080, "light"))
STAGES = ((1024, 768), (1280, 720))
LEAST_TYPE, LEAST_CODE = 9.0, 11.0
"""The smallest type of listed values, and of code, in pixels at zoom 1."""
LEAST_CONTRAST = 4.5
"""WCAG 2.1, level AA."""


def numbers_of_64_bits() -> Column:
    tables: list[dict[str, Sequence[float]]] = [
        {"a": [0.1 + run / 3, -2.0 / 3 - run], "b": [1e-12 / 3, 12345.678901234567]} for run in range(5)
    ]
    return replace(table_column(tables, script="print('a:', a)\n"), runs=runs(*tables, dtype="float64"))


STATES: dict[str, tuple[Callable[[], Sequence[Column]], Look]] = {
    "none": (lambda: [placement_column("after-op", runs=0)], "auto"),
    "one": (lambda: [placement_column("before-graph")], "auto"),
    "one-values": (lambda: [placement_column("before-graph")], "values"),
    "three": (three_placements, "auto"),
    "three-values": (three_placements, "values"),
    "three-maps": (three_placements, "map"),
    "wide-numbers": (lambda: [numbers_of_64_bits()] * 3, "values"),
    "forty-runs": (lambda: three_placements(40), "auto"),
    "twelve": (lambda: three_placements() * 4, "auto"),
    "failed": (lambda: [failed_column(), *three_placements()], "auto"),
    "collision": (lambda: [collision_column()], "auto"),
    "many-rows": (lambda: [many_draws(40)], "auto"),
}


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, quick_window: MainWindow, qtbot: QtBot) -> str:
    columns, look = STATES[request.param]
    show_columns(quick_window, [replace(each, name=f"{n} {each.name}") for n, each in enumerate(columns())], qtbot)
    quick_window.session.set_look(look)
    qtbot.waitUntil(lambda: is_drawn(quick_window), timeout=RUN_TIMEOUT_MS)
    return str(request.param)


def faults_of(window: MainWindow) -> list[str]:
    """What is wrong with the texts of ``window``, in words."""
    texts, image, zoom = texts_of(window), image_of(window), window.theme.zoom
    faults = [f"“{one}” and “{other}” overlap" for one, other in overlapping(texts)]
    faults += [f"“{text.text}” is cut" for text in texts if "…" in text.text and text.text != "…"]
    faults += [f"“{text.text}” has {text.size:.1f} px" for text in texts if text.size < LEAST_TYPE * zoom - 0.5]
    pale = [(text, contrast_of(text, image)) for text in texts]
    return faults + [f"“{text.text}” has a contrast of {found:.1f}" for text, found in pale if found < LEAST_CONTRAST]


@pytest.mark.parametrize("shown", WINDOWS, ids="{0[0]}x{0[1]}-{0[2]}".format)
def test_texts_of_the_window(state: str, quick_window: MainWindow, qtbot: QtBot, shown: tuple[int, int, str]) -> None:
    width, height, theme = shown
    quick_window.set_theme(theme)
    quick_window.resize(width, height)
    qtbot.waitUntil(lambda: is_drawn(quick_window), timeout=RUN_TIMEOUT_MS)
    assert faults_of(quick_window) == [], state
    labels = [each for each in quick_window.findChildren(QLabel) if each.isVisible() and not each.wordWrap()]
    assert [each.text() for each in labels if each.sizeHint().width() > each.width() + 1] == []


@pytest.mark.parametrize(("width", "height"), STAGES)
def test_texts_on_stage(state: str, quick_window: MainWindow, qtbot: QtBot, width: int, height: int) -> None:
    present_at(quick_window, width, height, qtbot)
    quick_window.stage_bar.hide()
    QApplication.processEvents()
    qtbot.waitUntil(lambda: is_drawn(quick_window), timeout=RUN_TIMEOUT_MS)
    assert faults_of(quick_window) == [], state
    figure = figure_of(quick_window)
    cells = [figure.cell(label, column) for label in figure.labels for column in range(len(figure.columns_at))]
    shown = [cell for cell in cells if cell.state is not None and cell.state.look in {"lines", "map"}]
    assert min((cell.plot_height for cell in shown), default=50.0) >= 50, state
    quick_window.present(is_on=False)


def test_code_is_never_under_its_size(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements() * 4, qtbot)
    for width, height, _ in WINDOWS:
        quick_window.resize(width, height)
        qtbot.waitUntil(lambda: is_drawn(quick_window))
        blocks = [figure_of(quick_window).script_block(column) for column in range(12)]
        assert min(block.size for block in blocks) >= LEAST_CODE * quick_window.theme.zoom


def test_a_strip_of_many_runs_has_its_letters_and_a_legend() -> None:
    stairs: list[dict[str, Sequence[float]]] = [
        {"x": [float(run // 10)], "y": [10.0 + run % 6], "z": [100.0 + run]} for run in range(60)
    ]
    lab = Lab.of([table_column(stairs), table_column(stairs[:59])])
    texts = [each.text for each in drawn_texts(to_svg(lab))]
    letters = [text for text in texts if len(text) == 1 and text.isupper()]
    assert letters[:6] == list("ABCDEF"), "in the parts that have room"
    assert letters.count("G") == 2, "beside it, where no part has room"
    assert "…" in texts, "more than a legend names"
    alone = Lab.of([table_column(stairs), table_column([{"x": [-1.0 - run]} for run in range(60)])])
    assert "each once" in [each.text for each in drawn_texts(to_svg(alone))]
