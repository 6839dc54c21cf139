"""The window's analysis: in a thread of its own, the newest request first, gone with the window."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import Analysis, Analyst, analyse
from seedlab.gui.analysis_thread import AnalysisThread, Answer, Request
from seedlab.gui.main_window import MainWindow
from tests.gui.acting import figure_of, is_drawn, run_to_end, show_columns
from tests.helpers.comparisons import placement_column, three_placements


@pytest.fixture
def thread() -> Iterator[AnalysisThread]:
    made = AnalysisThread()
    yield made
    made.close()


def test_an_answer_is_the_analysis_and_is_known_from_then_on(thread: AnalysisThread, qtbot: QtBot) -> None:
    request = Request(tuple(three_placements()))
    assert thread.known(request) is None
    with qtbot.waitSignal(thread.answered) as signal:
        thread.ask(request)
    (answer,) = signal.args
    assert answer.request is request
    assert answer.result.headline == analyse(request.columns).headline
    assert thread.known(Request(request.columns)) is answer.result
    assert thread.known(Request(request.columns, 1)) is None
    assert thread.known(Request(request.columns[1:])) is None


def test_before_the_first_run_everything_is_known(thread: AnalysisThread) -> None:
    assert thread.known(Request(())) == Analysis()
    assert not thread.isRunning()


def test_only_the_newest_of_many_requests_is_answered(
    thread: AnalysisThread, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, begun = threading.Event(), threading.Event()
    update = Analyst.update

    def waiting(analyst: Analyst, columns: tuple[object, ...], uncovered: int | None, *, to_come: int) -> Analysis:
        begun.set()
        may_go_on.wait(30)
        return update(analyst, columns, uncovered, to_come=to_come)  # type: ignore[arg-type]

    monkeypatch.setattr(Analyst, "update", waiting)
    answers: list[Answer] = []
    thread.answered.connect(answers.append)
    requests = [Request((placement_column("after-op", runs=count),)) for count in range(1, 6)]
    thread.ask(requests[0])
    assert begun.wait(30)
    for request in requests[1:]:
        thread.ask(request)
    may_go_on.set()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert [answer.request for answer in answers] == [requests[0], requests[-1]]


def test_what_fails_is_told_and_the_next_request_is_answered(
    thread: AnalysisThread, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request((placement_column("after-op"),))
    with monkeypatch.context() as patched, qtbot.waitSignal(thread.answered) as signal:
        patched.setattr(Analyst, "update", lambda *_, **__: 1 / 0)
        thread.ask(request)
    assert isinstance(signal.args[0].result, ZeroDivisionError)
    assert thread.known(request) is None
    with qtbot.waitSignal(thread.answered) as signal:
        thread.ask(request)
    assert isinstance(signal.args[0].result, Analysis)


def test_a_closed_thread_takes_nothing_more(thread: AnalysisThread) -> None:
    thread.ask(Request(tuple(three_placements())))
    thread.close()
    assert not thread.isRunning()
    thread.ask(Request(()))
    thread.close()
    assert not thread.isRunning()


def test_the_window_draws_what_was_asked_last(quick_window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(quick_window.comparison.completed):
        show_columns(quick_window, three_placements(), qtbot)
    show_columns(quick_window, [placement_column("after-graph", runs=2)], qtbot)
    assert len(figure_of(quick_window).columns_at) == 1
    assert figure_of(quick_window).cell("op1-1").verdict_text == "=  repeats"


def test_the_analysis_outlives_the_widgets_and_ends_with_the_window(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    shown = figure_of(quick_window)
    quick_window.set_theme("dark")
    assert figure_of(quick_window) is not shown
    qtbot.waitUntil(lambda: is_drawn(quick_window))
    assert figure_of(quick_window).cell("1").verdict_text == "=  repeats"
    assert quick_window._analysis.isRunning()
    quick_window.documents.document.let_go()
    quick_window.close()
    assert not quick_window._analysis.isRunning()
