"""One sweep in its window: what is made is shown as it comes."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from seedlab.analysis.distribution import better_of
from seedlab.analysis.distribution_views import Distribution
from seedlab.engine.executors.outcome import runs_at_once
from seedlab.errors import ChoiceError, SeedlabError
from seedlab.export.distribution import sweep_provenance
from seedlab.figure.theme import Theme
from seedlab.gui.distribution_window import DistributionWindow
from seedlab.gui.effects_dialog import EffectsDialog
from seedlab.gui.latest_thread import Asked, LatestThread
from seedlab.gui.sweep_head import SweepHead
from seedlab.gui.sweep_maker import SweepMaker
from seedlab.messages.sweeps import (
    choose_source_text,
    ended_text,
    looking_text,
    noisy_text,
    progress_text,
    stopped_text,
)
from seedlab.phrases import following
from seedlab.session.asked_sweep import AskedSweep
from seedlab.session.stages import EffectsQuestion
from seedlab.session.sweep_series import SweepSource
from seedlab.session.sweep_store import SweepResults
from seedlab.session.sweeping import Sweeping

_LOOK_EVERY_MS = 1_000


class SweepView(QObject):
    """Makes the runs of a sweep, and shows them in ``window``; it ends with it."""

    def __init__(
        self, window: DistributionWindow, asked: AskedSweep, sweeping: Sweeping, theme: Theme, thread: LatestThread
    ) -> None:
        """``sweeping`` makes the runs of ``asked``, which is begun again once a person has agreed to its effects.

        What is on disk is read in ``thread``: a million runs take a tenth of a second.
        """
        super().__init__(window)
        self.window = window
        self.results: SweepResults | None = None
        """What there is of it on disk; None until the first runs have shown what is turned."""
        self.asked = asked
        self._theme = theme
        self._at_once = asked.settings.jobs or runs_at_once()
        self._label = ""
        self._thread, self._place = thread, object()
        self._asked: Asked | None = None
        thread.answered.connect(self._on_answered)
        self.head = SweepHead(theme)
        self.head.stop_asked.connect(self.stop)
        self.head.go_on_asked.connect(self._go_on)
        self.head.label_chosen.connect(self._on_label_chosen)
        window.add_head(self.head)
        window.provenance = self.provenance
        window.setWindowTitle(asked.column.name)
        self._later = QTimer(self, singleShot=True, interval=_LOOK_EVERY_MS)
        self._later.timeout.connect(self._look)
        self.maker = self._begun(sweeping)

    @property
    def is_over(self) -> bool:
        """True when no more runs are being made."""
        return self.maker.run.is_over

    def stop(self) -> None:
        """End the runs under way; what has ended is kept."""
        self.maker.stop()

    def say(self, text: str) -> None:
        """Show what a person has to know."""
        self.head.show_note(text)

    def provenance(self, found: Distribution) -> str:
        """Return the line below exported pictures of ``found``."""
        return "" if self.results is None else sweep_provenance([self.results], found)

    @property
    def made(self) -> int:
        """The number of points that have their runs."""
        return self.maker.sweeping.known + self.maker.sweeping.done

    def close(self) -> None:
        """End the runs and their thread."""
        self._later.stop()
        self._thread.answered.disconnect(self._on_answered)
        self.maker.close()

    def _begun(self, sweeping: Sweeping) -> SweepMaker:
        maker = SweepMaker(sweeping, self.asked.start, self)
        maker.changed.connect(self._on_changed)
        maker.ended.connect(self._on_ended)
        self.maker = maker
        self._show_progress()
        return maker

    def _go_on(self) -> None:
        self.maker.close()
        self.say("")
        self._begun(self.asked.sweeping(agrees=True))

    @Slot()
    def _on_changed(self) -> None:
        self._show_progress()
        if not self._later.isActive():
            self._later.start()

    @Slot()
    def _on_ended(self) -> None:
        self._later.stop()
        self._show_progress()
        self._look()
        run, sweeping = self.maker.run, self.maker.sweeping
        if isinstance(run.problem, ChoiceError) and run.problem.field == "turn":
            self.say(following(run.problem.what, choose_source_text()))
        elif run.problem is not None:
            self.say(str(run.problem))
        elif sweeping.problem:
            self.say(sweeping.problem)
        elif sweeping.effects is not None:
            self._ask_about_effects(sweeping)

    def _ask_about_effects(self, sweeping: Sweeping) -> None:
        effects = sweeping.effects
        assert effects is not None
        question = EffectsQuestion((), effects.outside, effects.is_complete, sweeping.sweep.count)
        dialog = EffectsDialog([self.asked.column.name], question, self._theme, self.window)
        dialog.accepted.connect(self._go_on)
        dialog.open()

    def _show_progress(self) -> None:
        sweeping, is_over = self.maker.sweeping, self.is_over
        cost = sweeping.cost(self._at_once)
        is_known = sweeping.store is not None
        if not is_known:
            text = "" if is_over else looking_text(self.asked.column.name)
        elif not is_over:
            text = progress_text(sweeping.done, sweeping.total, cost.seconds if sweeping.is_measured else 0.0)
        elif self.maker.run.is_stopped:
            text = stopped_text(sweeping.known + sweeping.done)
        else:
            text = ended_text(sweeping.known + sweeping.done, sweeping.failed)
        can_go_on = is_over and (self.maker.run.is_stopped or sweeping.effects is not None)
        total = max(sweeping.total, 1) if is_known or is_over else 0
        done = min(sweeping.done, total) if is_known else 0
        self.head.show_progress(
            text, total if is_over and is_known else done, total, is_going=not is_over, can_go_on=can_go_on
        )
        if sweeping.noisy:
            self.say(noisy_text(sweeping.noisy))

    @Slot()
    def _look(self) -> None:
        """Show what there is by now."""
        store = self.maker.sweeping.store
        if store is None:
            return
        self.results = SweepResults(store.folder, self.maker.sweeping.sweep)
        self._asked = self._thread.ask(self._place, partial(_labels_of, self.results))

    @Slot(object, object)
    def _on_answered(self, asked: Asked, labels: object) -> None:
        if asked is not self._asked:
            return
        self._asked = None
        if isinstance(labels, SeedlabError):
            self.say(str(labels))
            return
        if isinstance(labels, Exception):
            raise labels
        assert isinstance(labels, list)
        if self._label not in labels:
            self._label = _first_shown(labels)
        self.head.show_labels(labels, self._label)
        self._show_source()

    @Slot(str)
    def _on_label_chosen(self, label: str) -> None:
        self._label = label
        self._show_source()

    def _show_source(self) -> None:
        if self.results is not None and self._label:
            self.window.show_source(SweepSource(self._label, (self.results,)))


def _labels_of(results: SweepResults) -> list[str]:
    """Return the labels of the draws of ``results`` that have numbers."""
    return [label for label in results.labels() if results.has_numbers(label)]


def _first_shown(labels: Sequence[str]) -> str:
    """Return the draw that is looked at first: what a name says to be better or worse, and of a course the last."""
    label = next((label for label in labels if better_of(label)), labels[0] if labels else "")
    repeats = [each for each in labels if each.startswith(f"{label} #")]
    return repeats[-1] if repeats else label
