"""Sweeps in the window: one is asked for, its runs are made beside everything else, and its draws are looked at."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from seedlab.engine.sent_folders import is_sent, sent_key
from seedlab.errors import SeedlabError
from seedlab.figure.theme import Theme
from seedlab.gui.distribution_window import DistributionWindow
from seedlab.gui.latest_thread import LatestThread
from seedlab.gui.sweep_dialog import SweepDialog
from seedlab.gui.sweep_view import SweepView
from seedlab.messages.session import no_interpreter_error
from seedlab.messages.sweeps import busy_text, full_text, send_first_text, stopped_text, untrusted_text
from seedlab.messages.window import exported_text
from seedlab.session.asked_sweep import AskedSweep
from seedlab.session.running import first_untrusted, lacking, request_of
from seedlab.session.session import Session
from seedlab.session.sweep_choices import turnables
from seedlab.session.sweep_column import column_of_point
from seedlab.session.sweep_series import SweepSource


class Sweeps(QObject):
    """Has a window for each sweep that was asked for."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        thread: LatestThread,
        *,
        note: Callable[[str], object],
        run: Callable[[], object],
        folder: Path | None = None,
    ) -> None:
        """``note`` is told what was exported; ``run`` runs the current column; ``folder`` is for the results."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._thread = thread
        self._note, self._run = note, run
        self._folder = folder
        self._values = ""
        """The values that were asked for last."""
        self.open: list[SweepView] = []
        """The sweeps whose windows are open."""

    def ask(self, theme: Theme, exports: Path | None, turn: str = "") -> None:
        """Ask what of the current column is to be swept, and begin.

        ``exports`` is where pictures are offered to go; ``turn`` is what is offered first.
        """
        session = self._session
        lane, interpreter = session.arrangement.lane, session.arrangement.lane.interpreter or session.interpreter
        if interpreter is None:
            session.refuse(no_interpreter_error())
            return
        if first_untrusted([lane], adds_one=False) is not None:
            session.say(untrusted_text())
            return
        for error in lacking([lane], interpreter).values():
            session.refuse(error)
            return
        # What runs is what stands there now, whatever the runs of the column have executed.
        column = replace(lane.cleared(), name=session.arrangement.name_of(lane.key), script=session.next_text)
        request = request_of(lane, column, interpreter.executable, session.settings)
        if is_sent(request) and sent_key(request) not in session.runs.sent:
            session.say(send_first_text())
            return
        dialog = SweepDialog(column.name, turnables(lane), theme, self._window, turn)
        if self._values:
            dialog.values_edit.setText(self._values)
            dialog.values_edit.selectAll()

        def begin() -> None:
            self._values = dialog.values_edit.text()
            if dialog.sweep is not None:
                asked = AskedSweep(
                    column=column,
                    request=request,
                    interpreter=interpreter,
                    sweep=dialog.sweep,
                    settings=session.settings,
                    folder=self._folder,
                )
                self._begin(asked, theme, exports)

        dialog.accepted.connect(begin)
        dialog.open()

    def close(self) -> None:
        """Close all windows, and end the runs of their sweeps."""
        for view in [*self.open]:
            view.window.close()

    def set_theme(self, theme: Theme) -> None:
        """Have the colours and sizes of ``theme`` in all windows."""
        for view in self.open:
            view.window.set_theme(theme)

    def _begin(self, asked: AskedSweep, theme: Theme, exports: Path | None) -> None:
        try:
            sweeping = asked.sweeping(agrees=False)
        except SeedlabError as error:
            self._session.refuse(error)
            return
        window = DistributionWindow(
            SweepSource("", ()),
            theme,
            self._thread,
            self._window,
            choices=self._session.settings.export,
            folder=exports,
        )
        view = SweepView(window, asked, sweeping, theme, self._thread)
        self.open.append(view)
        window.column_wanted.connect(lambda point: self._make_column(view, point))
        window.choices_changed.connect(lambda choices: self._session.change_settings(export=choices))
        window.exported.connect(lambda name: self._note(exported_text(name)))
        window.closed.connect(lambda _: self._forget(view))
        window.show()

    def _make_column(self, view: SweepView, point: tuple[int, ...]) -> None:
        """Put a column with the seeds of ``point`` beside the others, and run it."""
        session = self._session
        if session.is_busy or session.arrangement.is_full:
            view.say(busy_text() if session.is_busy else full_text())
            return
        assert view.results is not None
        try:
            made = column_of_point(view.asked.column, view.results.about, point)
        except SeedlabError as error:
            view.say(str(error))
            return
        session.arrange(session.arrangement.with_columns([made]))
        self._window.activateWindow()
        self._run()

    def _forget(self, view: SweepView) -> None:
        if view in self.open:
            self.open.remove(view)
            if not view.is_over:
                self._note(stopped_text(view.made))
            view.close()
