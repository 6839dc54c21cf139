"""The dialog for a new environment: what it is to have, what would be downloaded, and how far it is."""

import shutil
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from seedlab.engine.environments import check_name, environments, has_python
from seedlab.engine.new_environments import SourcesNeededError
from seedlab.errors import EnvironmentRefusedError, SeedlabError
from seedlab.figure.theme import Theme
from seedlab.gui.boxes import ChoiceBox, let_shrink
from seedlab.gui.environment_work import EnvironmentWork
from seedlab.messages.environments import (
    about_new_text,
    chosen_here_text,
    fetch_text,
    listed_title,
    looking_up_text,
    made_here_text,
    nothing_possible_text,
    offer_text,
    place_text,
    plan_text,
    question_of_removal,
    removed_text,
    removing_text,
    size_text,
    step_text,
)
from seedlab.phrases import retold, sentence
from seedlab.plain_text import window_line, window_lines
from seedlab.results.environment import Interpreter
from seedlab.results.environments import Environment, LookedUp, Offer, Plan, Report
from seedlab.session.environments import LIBRARIES, Asked, requirements_of, wanted_of
from seedlab.session.session import Session

_WIDTH, _HEIGHT = 600, 440
_PACKAGES = ""
"""The library of who names packages alone."""


class State(Enum):
    """What the dialog shows."""

    ASKING = "asking"
    WORKING = "working"
    AGREEING = "agreeing"
    REMOVING = "removing"
    ENDED = "ended"


class EnvironmentDialog(QDialog):
    """Asks for an environment and has it made, or removes one; whatever it closes in, nothing goes on afterwards."""

    made = Signal(object, object)
    """An `Environment`, and the `Interpreter` that it has."""
    removed = Signal(object)
    """An `Environment`."""

    def __init__(
        self, theme: Theme, parent: QWidget, is_chosen: Callable[[Environment], bool] = lambda _: False
    ) -> None:
        """``is_chosen`` returns True for what makes the runs of a column."""
        super().__init__(parent)
        self.setObjectName("new_environment")
        self.setWindowTitle(sentence("New environment"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme, self._is_chosen = theme, is_chosen
        self.state = State.ASKING
        self._requirements: tuple[str, ...] = ()
        self._found = LookedUp(())
        self._removing: Environment | None = None
        self._is_removing = False
        self._offer: Offer | None = None
        self._builds = False
        self.work = EnvironmentWork()
        self.pages = QStackedWidget()
        for page in (self._ask_page(), self._work_page(), self._plan_page(), self._text_page()):
            self.pages.addWidget(page)
        self.cancel_button = QPushButton(sentence("Cancel"))
        self.back_button = QPushButton(sentence("Back"))
        self.fetch_button = QPushButton()
        self.fetch_button.setToolTip(
            sentence("uv would download it from where it has its Pythons. This was never tried.")
        )
        self.build_button = QPushButton(sentence("Download and build it"))
        self.build_button.setToolTip(sentence("Programs that come with the packages are executed."))
        self.go_button = QPushButton(objectName="run", autoDefault=True, default=True)
        buttons = QHBoxLayout(spacing=theme.unit)
        buttons.addStretch()
        for button in (self.fetch_button, self.build_button, self.cancel_button, self.back_button, self.go_button):
            buttons.addWidget(button)
        layout = QVBoxLayout(self, spacing=2 * theme.unit)
        layout.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        layout.addWidget(self.pages, 1)
        layout.addLayout(buttons)
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self._connect()
        self.work.start()
        self._show_environments()
        self._show(State.ASKING)

    # The pages.

    def _ask_page(self) -> QWidget:
        theme = self._theme
        self.library_box = ChoiceBox(accessibleName=sentence("Library"))
        for library, title in LIBRARIES.items():
            self.library_box.addItem(title, library)
        self.library_box.addItem(sentence("Packages of your own"), _PACKAGES)
        self.version_edit = QLineEdit(accessibleName=sentence("Version"))
        self.version_edit.setPlaceholderText(sentence("the newest; or 2.15, 2.15.1, <2.16"))
        self.packages_edit = QLineEdit(accessibleName=sentence("Packages"))
        self.name_edit = QLineEdit(accessibleName=sentence("Name"))
        self.name_edit.setPlaceholderText(sentence("by what it has"))
        self.note_label = _label(role="muted")
        form = QFormLayout(spacing=theme.unit)
        form.addRow(sentence("&Library"), self.library_box)
        form.addRow(sentence("&Version"), self.version_edit)
        form.addRow(sentence("&Packages"), self.packages_edit)
        form.addRow(sentence("&Name"), self.name_edit)
        self.list = QListWidget(accessibleName=sentence("Environments that seedlab has made"))
        self.list_label = _label(sentence("Made by seedlab:"), role="muted")
        self.remove_button = QPushButton(sentence("Remove…"))
        self.remove_button.setProperty("role", "link")
        head = QHBoxLayout()
        head.addWidget(self.list_label, 1)
        head.addWidget(self.remove_button)
        page, layout = _page(theme)
        layout.addLayout(form)
        layout.addWidget(self.note_label)
        layout.addWidget(_hairline())
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        # Where there is no list.
        layout.addStretch()
        return page

    def _work_page(self) -> QWidget:
        theme = self._theme
        self.step_label = _label()
        self.bar: QProgressBar = QProgressBar(textVisible=False, accessibleName=sentence("How much is downloaded"))
        self.bar.setFixedHeight(theme.px(4))
        self.bar.setStyleSheet(
            f"QProgressBar {{ border: none; background: {theme.hairline}; }}"
            f"QProgressBar::chunk {{ background: {theme.accent}; }}"
        )
        page, layout = _page(theme)
        layout.addWidget(self.step_label)
        layout.addWidget(self.bar)
        layout.addStretch()
        return page

    def _plan_page(self) -> QWidget:
        theme = self._theme
        self.python_box = ChoiceBox(accessibleName=sentence("Python"))
        let_shrink(self.python_box)
        self.place_label = _label(role="muted")
        self.table = QTableWidget(0, 3, accessibleName=sentence("Packages that are downloaded"))
        self.table.setHorizontalHeaderLabels([sentence("Package"), sentence("Version"), sentence("Size")])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.table.fontMetrics().lineSpacing() + theme.unit // 2)
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setTabKeyNavigation(False)
        self.total_label = _label()
        form = QFormLayout(spacing=theme.unit)
        form.addRow(sentence("&Python"), self.python_box)
        page, layout = _page(theme)
        layout.addLayout(form)
        layout.addWidget(self.place_label)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.total_label)
        return page

    def _text_page(self) -> QWidget:
        self.text_label, self.advice_label = _label(), _label(role="muted")
        page, layout = _page(self._theme)
        layout.addWidget(self.text_label)
        layout.addWidget(self.advice_label)
        layout.addStretch()
        return page

    def _connect(self) -> None:
        work = self.work
        for edit in (self.version_edit, self.packages_edit, self.name_edit):
            edit.textChanged.connect(self._read)
        self.library_box.currentIndexChanged.connect(self._read)
        self.python_box.activated.connect(lambda _: self._make(self.python_box.currentData()))
        self.list.currentRowChanged.connect(lambda row: self.remove_button.setEnabled(row >= 0))
        self.remove_button.clicked.connect(self._ask_to_remove)
        self.cancel_button.clicked.connect(self.reject)
        self.back_button.clicked.connect(self._go_back)
        self.fetch_button.clicked.connect(self._fetch)
        self.build_button.clicked.connect(lambda: self._make(self._offer, builds=True))
        self.go_button.clicked.connect(self._go_on)
        work.asking.connect(self._on_asking)
        work.looked_up.connect(self._on_looked_up)
        work.planned.connect(self._on_planned)
        work.reported.connect(self._on_reported)
        work.made.connect(self._on_made)
        work.measured.connect(self._on_measured)
        work.removed.connect(self._on_removed)
        work.refused.connect(self._on_refused)

    # What a person does.

    def _read(self) -> None:
        """Read the fields, and say what is wrong with them, if anything is."""
        problem, library = "", self.library_box.currentData()
        self.version_edit.setEnabled(library != _PACKAGES)
        placeholder = sentence("more packages, such as scipy<1.12") if library else "tensorflow==2.15.1 numpy<2"
        self.packages_edit.setPlaceholderText(placeholder)
        version = self.version_edit.text() if library else ""
        self._requirements = ()
        try:
            if library or self.packages_edit.text().strip():
                self._requirements = requirements_of(Asked(library, version, self.packages_edit.text()))
            if self.name_edit.text().strip():
                check_name(self.name_edit.text().strip())
        except EnvironmentRefusedError as error:
            problem = str(error)
        self.note_label.setText(window_line(problem or about_new_text()))
        _set_role(self.note_label, "problem" if problem else "muted")
        self.go_button.setEnabled(bool(self._requirements) and not problem)

    def _go_on(self) -> None:
        if self.state is State.ASKING:
            self._builds = False
            self._show(State.WORKING)
            self._say(sentence("Looking for the Pythons of this machine…"))
            self.work.look_up(self._requirements)
        elif self.state is State.AGREEING:
            self._show(State.WORKING)
            self.work.agree()
        elif self.state is State.REMOVING and self._removing is not None:
            self._show(State.WORKING)
            self._is_removing = True
            self.cancel_button.setEnabled(False)
            self._say(removing_text(self._removing))
            self.work.remove(self._removing)
        else:
            self.accept()

    def _go_back(self) -> None:
        self.work.cancel()
        self._show_environments()
        self._show(State.ASKING)

    def _fetch(self) -> None:
        minor = self._found.elsewhere[-1]
        self._show(State.WORKING)
        self._say(fetch_text(minor))
        self.work.look_up(self._requirements, minor)

    def _make(self, offer: Offer | None, *, builds: bool = False) -> None:
        if offer is not None and not offer.problem:
            self._offer, self._builds = offer, builds or self._builds
            self._show(State.WORKING)
            wanted = wanted_of(self._requirements, offer, self.name_edit.text().strip())
            self.work.make(offer, wanted, builds=self._builds)

    def _ask_to_remove(self) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        self._removing = self._environments[row]
        if self._is_chosen(self._removing):
            self._end(*chosen_here_text(self._removing), is_problem=True)
            return
        self._show(State.WORKING)
        self._say(sentence("Looking how large it is…"))
        self.work.measure(self._removing)

    # What comes of it.

    @Slot(str, object)
    def _on_asking(self, tool: str, minors: Sequence[str]) -> None:
        if self.state is State.WORKING:
            self._say(looking_up_text(tool, minors))

    @Slot(object, bool)
    def _on_looked_up(self, found: LookedUp, has_uv: bool) -> None:
        if self.state is not State.WORKING:
            return
        self._found = found
        if found.best is None:
            self._end(*nothing_possible_text(self._requirements[0], found), is_problem=True)
            self.fetch_button.setVisible(has_uv and bool(found.elsewhere))
            if found.elsewhere:
                self.fetch_button.setText(sentence("Let uv fetch Python {minor}", minor=found.elsewhere[-1]))
            return
        self.show_offers(found)
        self._make(found.best)

    @Slot(object)
    def _on_planned(self, plan: Plan) -> None:
        if self.state is not State.WORKING:
            return
        self.place_label.setText(window_line(place_text(plan.folder)))
        self.table.setRowCount(len(plan.packages))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, package in enumerate(plan.packages):
            for column, text in enumerate((package.name, package.version, size_text(package.size))):
                item = QTableWidgetItem(window_line(text))
                if column == 2:
                    item.setTextAlignment(right)
                self.table.setItem(row, column, item)
        self.total_label.setText(window_line(plan_text(plan, shutil.disk_usage(Path(plan.folder)).free)))
        self._show(State.AGREEING)

    @Slot(object)
    def _on_reported(self, report: Report) -> None:
        if self.state is State.WORKING:
            self._say(step_text(report), report.share)

    @Slot(object, object)
    def _on_made(self, environment: Environment, interpreter: Interpreter) -> None:
        self.made.emit(environment, interpreter)
        self._end(*made_here_text(environment, interpreter))

    @Slot(object, object)
    def _on_measured(self, environment: Environment, size: int) -> None:
        if self.state is State.WORKING:
            self.text_label.setText(window_line(question_of_removal(environment, size)))
            self.advice_label.setText("")
            self._show(State.REMOVING)

    @Slot(object, object)
    def _on_removed(self, environment: Environment, size: int) -> None:
        self._is_removing = False
        self.removed.emit(environment)
        self._end(removed_text(environment, size))

    @Slot(object)
    def _on_refused(self, error: SeedlabError) -> None:
        if self.state is State.WORKING:
            self._is_removing = False
            self._end(retold(error.what), retold(error.advice), is_problem=True)
            self.build_button.setVisible(isinstance(error, SourcesNeededError))

    # What is shown.

    def show_offers(self, found: LookedUp) -> None:
        """Offer the Pythons of ``found``, and choose the best."""
        self.python_box.clear()
        for number, offer in enumerate(found.offers):
            self.python_box.addItem(window_line(offer_text(offer)), offer)
            if offer.problem:
                item = self.python_box.model().item(number)  # type: ignore[attr-defined]
                item.setEnabled(False)
            elif offer == found.best:
                self.python_box.setCurrentIndex(number)

    def show_work(self) -> None:
        """Show that something goes on."""
        self._show(State.WORKING)

    def _say(self, text: str, share: float | None = None) -> None:
        self.step_label.setText(window_line(text))
        # Without an end that is known, it moves to and fro.
        self.bar.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.bar.setValue(round(1000 * share))

    def _end(self, text: str, advice: str = "", *, is_problem: bool = False) -> None:
        self.text_label.setText(window_line(text))
        _set_role(self.text_label, "problem" if is_problem else "")
        self.advice_label.setText(window_line(advice))
        self._show(State.ENDED)

    def _show(self, state: State) -> None:
        self.state = state
        pages = {State.ASKING: 0, State.WORKING: 1, State.AGREEING: 2, State.REMOVING: 3, State.ENDED: 3}
        goes = {
            State.ASKING: sentence("See what it needs"),
            State.AGREEING: sentence("Download and make"),
            State.REMOVING: sentence("Remove"),
            State.ENDED: sentence("Close"),
        }
        self.pages.setCurrentIndex(pages[state])
        if state is State.REMOVING:
            _set_role(self.text_label, "")
        self.go_button.setText(goes.get(state, ""))
        self.go_button.setVisible(state in goes)
        self.go_button.setEnabled(True)
        self.cancel_button.setVisible(state is not State.ENDED)
        self.cancel_button.setEnabled(True)
        self.back_button.setVisible(state not in {State.ASKING, State.WORKING})
        self.fetch_button.hide()
        self.build_button.hide()
        if state is State.ASKING:
            self._read()
            self.version_edit.setFocus()
        elif state in goes:
            # What removes is not what Enter does.
            (self.back_button if state is State.REMOVING else self.go_button).setFocus()
            self.go_button.setDefault(state is not State.REMOVING)

    def _show_environments(self) -> None:
        self._environments: Sequence[Environment] = environments()
        self.list.clear()
        titles = [listed_title(each, has_python=has_python(each)) for each in self._environments]
        self.list.addItems([window_lines(each) for each in titles])
        has_any = bool(self._environments)
        self.remove_button.setEnabled(False)
        self.remove_button.setVisible(has_any)
        self.list.setVisible(has_any)
        self.list_label.setText(sentence("Made by seedlab:") if has_any else sentence("seedlab has made none so far."))

    def reject(self) -> None:
        """Close, unless an environment is being removed, which is ended once it is begun."""
        if not self._is_removing:
            super().reject()

    def done(self, result: int) -> None:
        """End what goes on, and close."""
        self.work.close()
        super().done(result)


def ask_for_environment(window: QWidget, session: Session, theme: Theme) -> None:
    """Open the dialog over ``window``; what is made there makes the runs of the current column of ``session``."""
    dialog = EnvironmentDialog(theme, window, session.pythons.is_chosen)
    dialog.made.connect(session.pythons.add)
    dialog.removed.connect(session.pythons.forget)
    dialog.open()


def _page(theme: Theme) -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    layout = QVBoxLayout(page, spacing=theme.unit)
    layout.setContentsMargins(0, 0, 0, 0)
    return page, layout


def _label(text: str = "", *, role: str = "") -> QLabel:
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label


def _hairline() -> QFrame:
    line = QFrame()
    line.setProperty("role", "hairline")
    line.setFixedHeight(1)
    return line


def _set_role(label: QLabel, role: str) -> None:
    label.setProperty("role", role)
    label.style().unpolish(label)
    label.style().polish(label)
