"""Where the number stands in a field for numbers, which must be seen whatever version of Qt draws it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QDoubleSpinBox, QFormLayout, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from seedlab.figure.theme import Theme, apply, chosen
from seedlab.gui.boxes import ChoiceBox, spin_box, without_buttons
from seedlab.gui.main_window import MainWindow

LARGEST = "9223372036854775807"


@pytest.fixture(params=[1.0, 1.5])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    theme = chosen("dark", request.param)
    apply(qapp, theme)
    yield theme
    apply(qapp, chosen("light"))


def check_place(box: QAbstractSpinBox, inset: int) -> None:
    """The line is as wide as the box inside its border, and what is drawn of the number is all of it."""
    line = box.lineEdit()
    assert line.isVisible()
    left, right = line.mapTo(box, line.rect().topLeft()).x(), line.mapTo(box, line.rect().topRight()).x()
    assert left <= inset + 2
    assert right >= box.width() - inset - 3
    margins = line.textMargins()
    drawn = line.width() - margins.left() - margins.right() - 4
    assert drawn >= line.fontMetrics().horizontalAdvance(line.text()), (box.accessibleName(), line.text())
    assert line.height() >= line.fontMetrics().height()


def test_the_fields_of_the_window_show_their_numbers(quick_window: MainWindow) -> None:
    boxes = [box for box in quick_window.findChildren(QAbstractSpinBox) if box.isVisible()]
    assert len(boxes) >= 2
    for box in boxes:
        check_place(box, quick_window.theme.px(6))


def test_each_kind_of_field_shows_its_largest_number_beside_its_border(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    form = QFormLayout(parent)
    large = spin_box("Seed", 0, int(LARGEST), "any seed")
    large.setValue(int(LARGEST))
    whole = without_buttons(QSpinBox(maximum=10**9, value=10**9))
    with_point = without_buttons(QDoubleSpinBox(maximum=10**6, value=10**6))
    choice = ChoiceBox()
    choice.addItem("a choice")
    for widget in (large, whole, with_point, choice):
        form.addRow(widget)
    parent.resize(theme.px(260), theme.px(200))
    with qtbot.waitExposed(parent):
        parent.show()
    assert large.lineEdit().text() == LARGEST
    for box in (large, whole, with_point):
        check_place(box, theme.px(6))
        assert box.height() == choice.height()
        box.lineEdit().home(False)
        first = box.lineEdit().mapTo(box, box.lineEdit().cursorRect().center()).x()
        assert theme.px(6) - 2 <= first <= theme.px(6) + 8, "as far from the border as in a list of choices"


def test_the_keys_count_up_and_down_and_no_button_is_pressed(qtbot: QtBot) -> None:
    box = without_buttons(QSpinBox(maximum=10, value=5))
    qtbot.addWidget(box)
    with qtbot.waitExposed(box):
        box.show()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 6
    for corner in (box.rect().topRight(), box.rect().bottomRight(), box.rect().topLeft()):
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=corner)
    assert box.value() == 6
