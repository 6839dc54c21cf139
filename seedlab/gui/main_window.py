"""The main window: the panel at the left, the comparison at the right, and the status line below."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QMainWindow, QScrollArea, QVBoxLayout, QWidget

from seedlab import APPLICATION_TITLE
from seedlab.documents.talks import is_bundled
from seedlab.errors import InterpreterError
from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.gui.about_dialog import AboutDialog
from seedlab.gui.analysis_thread import AnalysisThread
from seedlab.gui.commands import Commands
from seedlab.gui.compare_menu import CompareMenu
from seedlab.gui.comparison_view import ComparisonView
from seedlab.gui.document_files import DocumentFiles, DocumentUse, local_paths
from seedlab.gui.editing import Editing
from seedlab.gui.effects_dialog import EffectsQuestions
from seedlab.gui.engine_link import EngineLink
from seedlab.gui.export_actions import ExportActions
from seedlab.gui.help_window import HelpWindow
from seedlab.gui.language_menu import LanguageMenu
from seedlab.gui.looking_closer import LookingCloser
from seedlab.gui.panel import WIDTH, Panel
from seedlab.gui.presenter_window import PresenterWindow
from seedlab.gui.presenting import Presenting
from seedlab.gui.recent_menu import RecentMenu
from seedlab.gui.runner_thread import RunnerThread
from seedlab.gui.scene_pictures import ScenePictures
from seedlab.gui.scene_strip import SceneStrip
from seedlab.gui.script_watcher import ScriptWatcher
from seedlab.gui.stage import Stage
from seedlab.gui.stage_bar import StageBar
from seedlab.gui.status_line import StatusLine
from seedlab.gui.talk_controls import TalkControls
from seedlab.gui.talk_menu import TalkMenu
from seedlab.gui.trust_dialog import TrustDialog
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES
from seedlab.messages.window import language_chosen_text, opened_text, saved_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_line
from seedlab.session import settings as saved
from seedlab.session.change import Change
from seedlab.session.running import TrustNeeded
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.session.shown import shown_columns
from seedlab.study.family import Family

if TYPE_CHECKING:
    from seedlab.gui.sweeps import Sweeps


REDRAW_INTERVAL_MS = 33
"""The time between two drawings; runs that arrive faster are drawn together."""


class MainWindow(QMainWindow):
    """Shows one session and connects the parts of the window; nothing in it waits for runs or files."""

    def __init__(
        self,
        runner: RunnerThread,
        settings: Settings | None = None,
        *,
        settings_path: Path | None = None,
        recovery_folder: Path | None = None,
        tries_causes: bool = False,
    ) -> None:
        super().__init__()
        self._runner = runner
        self._settings_path = settings_path
        self._saved_settings: saved.Settings | None = settings
        self._asks_to_save = recovery_folder is not None
        self._is_closing = False
        self.session = Session(settings or Settings(), runner, tries_causes=tries_causes)
        self._link = EngineLink(runner, self.session, self)
        self.setAcceptDrops(True)
        self.status = StatusLine(self.statusBar(), self.session)
        self.documents = DocumentFiles(self, self.session, recovery_folder)
        runner.keep = self.documents.document.keep_run
        self.documents.changed.connect(self._show_title)
        self.documents.used.connect(self._on_document_used)
        self._analysis = AnalysisThread()
        self._questions = EffectsQuestions(self, self.session)
        self.scripts = ScriptWatcher(self)
        self.scripts.found.connect(self.session.editing.on_text_found)
        self.export_actions = ExportActions(
            self, self.documents.background, self.session, self._analysis, self.status.note
        )
        self.closer = LookingCloser(self, self.session, self.status.note)
        self._sweeps: Sweeps | None = None
        self.stage = Stage(self)
        self.stage.changed.connect(self._build_if_resized)
        self.editing = Editing(self, self.session)
        self.talk_controls = TalkControls(self, self.session, self._shown_title, self._after_asking)
        self.presenting = Presenting(self, self.stage, self._make_notes, lambda: bool(self.session.talk.scenes))
        self.scene_pictures = ScenePictures(self)
        self.commands = Commands(self, self._handlers())
        self.talk_controls.show_talk(self.commands)
        self.talk_controls.blanked.connect(self._show_notes)
        self.presenting.changed.connect(self._on_notes_changed)
        self._on_notes_changed()
        self.commands["strip"].setChecked(self.session.settings.shows_scenes)
        self.commands["guess"].setChecked(self.session.settings.guess)
        for name in ("lines", "values", "map", "light", "dark", "system"):
            # Qt has turned the mark over, whether anything has changed or not.
            self.commands[name].triggered.connect(self._show_marks)
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_INTERVAL_MS)
        self._redraw.timeout.connect(self._on_redraw)
        self.session.listeners.append(self._on_change)
        self._show_title()
        self._build()
        room = self.screen().availableSize()
        wanted = self.session.settings
        self.resize(min(wanted.width, room.width()), min(wanted.height, room.height()))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_desktop_theme_changed)

    # Building. Everything built here follows from the session, and is built anew for another theme or size.

    def _handlers(self) -> dict[str, Callable[[], object]]:
        session, files, exports = self.session, self.documents, self.export_actions

        def comparing(choice: Callable[[Family], str | None]) -> Callable[[], object]:
            return lambda: self._compare(choice(FAMILIES[session.experiment.library]))

        return {
            "open": files.choose_and_open,
            "save": files.save,
            "save_as": files.save_as,
            "save_script": files.save_script,
            "export": lambda: exports.export(self._theme, files.document.folder),
            "copy_picture": self._copy_picture,
            "copy_table": lambda: exports.copy_table(self.comparison.drawn_columns, self.comparison.figure.selected()),
            "copy_command": exports.copy_command,
            "run": self.run,
            "run_all": self.run_all,
            "once_more": self.once_more,
            "why": self.why,
            "try_fix": lambda: self._after_asking(session.causes.try_fix()),
            "copy_fix": exports.copy_fix,
            "save_fix": lambda: exports.save_fix(files.document.folder),
            "stop": self.stop,
            "presets": self._pick_preset,
            "compare_placements": comparing(lambda family: family.timeline.name),
            "compare_second": comparing(lambda family: family.second),
            "compare_seeds": comparing(lambda family: family.seed),
            "edit": self.edit,
            "undo_edits": session.editing.undo_edits,
            "paste": lambda: files.paste(QGuiApplication.clipboard().mimeData()),
            "pin": lambda: session.arrange(session.arrangement.duplicate()),
            "rename": lambda: self.comparison.columns_bar.rename(session.arrangement.current),
            "remove": lambda: session.arrange(session.arrangement.remove()),
            "move_left": lambda: self._move(session.arrangement.current, session.arrangement.current - 1),
            "move_right": lambda: self._move(session.arrangement.current, session.arrangement.current + 1),
            "previous": lambda: session.select(session.arrangement.current - 1),
            "next": lambda: session.select(session.arrangement.current + 1),
            "undo": session.undo,
            "redo": session.redo,
            "lines": lambda: session.set_look("lines"),
            "values": lambda: session.set_look("values"),
            "map": lambda: session.set_look("map"),
            "distribution": self.look_closer,
            "sweep": lambda: self.sweep(""),
            "guess": self._on_guess_toggled,
            "uncover": session.uncover,
            **self.talk_controls.handlers,
            "export_talk": lambda: exports.export_talk(files.document.path, files.document.folder),
            "swap_screens": self.presenting.swap,
            "strip": lambda: session.change_settings(shows_scenes=self.commands["strip"].isChecked()),
            "present": lambda: self.present(is_on=not self.stage.is_on),
            "light": lambda: self.set_theme("light"),
            "dark": lambda: self.set_theme("dark"),
            "system": lambda: self.set_theme(saved.SYSTEM_THEME),
            "switch_theme": lambda: self.set_theme("light" if self._theme.name == "dark" else "dark"),
            "zoom_in": lambda: self._zoom(1),
            "zoom_out": lambda: self._zoom(-1),
            "zoom_reset": lambda: self._zoom(0),
            "help": self.help,
            "about": self._show_about,
            "quit": self.close,
        }

    def _pick_preset(self) -> None:
        self.panel.experiment_form.pick_preset()

    def _build(self) -> None:
        theme = self._theme = self._wanted_theme()
        beside = themes.chosen(theme.name, self.session.settings.zoom)
        self.closer.set_theme(beside)
        if self._sweeps is not None:
            self._sweeps.set_theme(beside)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        themes.apply(application, theme)
        self.panel = Panel(self.session, theme)
        self.panel.saving_asked.connect(self.documents.save_script)
        self.comparison = ComparisonView(theme, self._analysis, is_on_stage=self.stage.is_on)
        menu = self.commands.menu(self.comparison)
        self.recent_menu = RecentMenu(menu.groups["File"], self.commands["save"], self.session, self.documents.open)
        self.talk_menu = TalkMenu(menu.groups["Talk"], self.documents.open)
        self.compare_menu = CompareMenu(menu.groups["Compare"], self.commands, self.session, self._compare)
        self.language_menu = LanguageMenu(
            menu.groups["View"], self.commands["light"], self.session, self._choose_language
        )
        menu.groups["View"].insertSeparator(self.commands["light"])
        if self.menuBar().isNativeMenuBar():
            self.menuBar().clear()
            for group in menu.groups.values():
                self.menuBar().addMenu(group)
        links = ("why", "compare_placements", "guess", "present", "export", "help")
        self.comparison.add_links([self.commands[name] for name in links])
        self.comparison.add_menu(sentence("Menu"), menu)
        if not self.stage.is_on:
            self.comparison.add_fix_actions([self.commands[name] for name in ("try_fix", "copy_fix", "save_fix")])
        self._scroll = QScrollArea(objectName="panel_scroll", widgetResizable=True)
        self._scroll.setWidget(self.panel)
        # Words are longer in other languages.
        self._scroll.setFixedWidth(max(theme.px(WIDTH), self.panel.minimumSizeHint().width()))
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        middle = QWidget()
        middle.setProperty("is_stage", self.stage.is_on)
        row = QHBoxLayout(middle, spacing=0)
        row.setContentsMargins(0, 0, 0, 0)
        self.strip = SceneStrip(theme)
        self.talk_controls.connect_strip(self.strip)
        self.scene_pictures.drawn.connect(self.strip.show_picture)
        right = QVBoxLayout(spacing=0)
        right.addWidget(self.comparison, 1)
        right.addWidget(self.strip)
        row.addWidget(self._scroll)
        row.addLayout(right, 1)
        self.stage_bar = StageBar(theme, middle)
        self.stage.pointer.moved.connect(self.stage_bar.appear)
        self.stage.pointer.stilled.connect(self.stage_bar.leave)
        self.setCentralWidget(middle)
        self._connect_built()
        self._scroll.setVisible(not self.stage.is_on)
        if self.stage.pointer.is_noticed:
            self.stage_bar.appear()
        self.statusBar().setVisible(not self.stage.is_on)
        self.panel.show_interpreter()
        self._show_busy()
        self._show_choices()
        self.comparison.show_message(self.session.message)
        self._show_talk()
        self._show()
        self.editing.show_in(self.comparison, theme)

    def _connect_built(self) -> None:
        session = self.session
        for source in (self.panel.run_controls, self.stage_bar):
            source.run_requested.connect(self.run)
            source.once_more_requested.connect(self.once_more)
        self.panel.run_controls.stop_requested.connect(session.runs.stop)
        self.stage_bar.choice_made.connect(lambda name, value: session.editing.choose(**{name: value}))
        bar = self.comparison.columns_bar
        bar.currentChanged.connect(session.select)
        bar.moved.connect(self._move)
        bar.dragged.connect(lambda start, end: session.arrange(session.arrangement.move(start, end), step="drag"))
        bar.dropped.connect(session.end_step)
        bar.rename_asked.connect(lambda at, name: session.arrange(session.arrangement.rename(at, name)))
        bar.copy_asked.connect(
            lambda at: self.export_actions.copy_picture(self._theme.name, session.arrangement.columns, [at])
        )
        bar.remove_asked.connect(lambda at: session.arrange(session.arrangement.remove(at)))
        bar.duplicate_asked.connect(lambda at: session.arrange(session.arrangement.duplicate(at)))
        bar.run_asked.connect(self._run_one)
        self.comparison.edit_asked.connect(self._edit_line)
        self.comparison.closer_asked.connect(self._look_closer_at)
        self.panel.program_form.sources.sweep_asked.connect(self.sweep)
        self.panel.engine_form.environment_wanted.connect(self._ask_for_environment)
        self.comparison.canvas.addAction(self.commands["distribution"])

    def _wanted_theme(self) -> Theme:
        settings = self.session.settings
        return themes.chosen(settings.theme, settings.zoom * self.stage.magnification)

    @property
    def theme(self) -> Theme:
        return self._theme

    # Commands.

    @Slot()
    def run(self) -> None:
        """Run the current column anew."""
        self._ask_to_run(self.session.runs.run)

    @Slot()
    def run_all(self) -> None:
        """Run all columns anew."""
        self._ask_to_run(self.session.runs.run_all)

    @Slot()
    def once_more(self) -> None:
        """Add one run to each column that has runs."""
        self._ask_to_run(self.session.runs.once_more)

    @Slot()
    def why(self) -> None:
        """Find what moves the draws of the current column, or the selected ones, where that is not known; show it."""
        chosen = self.comparison.figure.chosen(self.session.arrangement.current)
        self._after_asking(self.session.causes.why(chosen))

    @Slot(int)
    def _run_one(self, position: int) -> None:
        self.session.select(position)
        self.run()

    @Slot()
    def stop(self) -> None:
        """Leave the editor; without one end the runs in progress, or leave the stage when there are none."""
        if self.editing.leave():
            return
        if self.session.is_busy:
            self.session.runs.stop()
        elif self.stage.is_on:
            self.present(is_on=False)

    def _compare(self, choice: str | None) -> None:
        self._ask_to_run(lambda: self.session.runs.compare(choice))

    def _ask_to_run(self, run: Callable[[], TrustNeeded | None]) -> None:
        # What a person has typed and sees must be what runs.
        if self.panel.may_run():
            self._after_asking(run())

    def _after_asking(self, needed: TrustNeeded | None) -> None:
        """Show the script that a person has to agree to before it runs, if there is one."""
        if needed is None:
            return
        arrangement = self.session.arrangement
        position = arrangement.position(needed.key)
        assert position is not None
        dialog = TrustDialog(arrangement.names[position], needed, self._theme, self)

        def on_agreed() -> None:
            self._after_asking(self.session.runs.trust(needed))
            # The dialog took the focus; with it on the drawing, keys are commands again.
            self.comparison.canvas.setFocus()

        dialog.accepted.connect(on_agreed)
        dialog.open()

    @Slot(int, int)
    def _move(self, start: int, end: int) -> None:
        self.session.arrange(self.session.arrangement.move(start, end))

    @Slot()
    def _copy_picture(self) -> None:
        rows, columns = self.comparison.figure.selected_part() or (None, None)
        # The positions are those of what is drawn, which others may follow that are not analysed yet.
        self.export_actions.copy_picture(self._theme.name, self.comparison.drawn_columns, columns, rows)

    @Slot()
    def edit(self) -> None:
        """Open the current column's script for editing."""
        self.editing.open()

    @Slot()
    def look_closer(self) -> None:
        """Look closer at the selected draw, at the one that the pointer is at, or at the first."""
        figure = self.comparison.figure
        rows, columns = figure.selected_part() or ((), ())
        pointed = self.comparison.pointed_label
        label = next(iter([*rows, *([pointed] if pointed else []), *figure.labels]), "")
        # One selected cell names a draw; several of them the columns, too.
        chosen = columns if len(columns) > 1 else None
        self.closer.look(label, self.comparison.drawn_alignment, chosen, self._theme, self.documents.document.folder)

    @Slot(str)
    def _look_closer_at(self, label: str) -> None:
        self.closer.look(label, self.comparison.drawn_alignment, None, self._theme, self.documents.document.folder)

    @property
    def sweeps(self) -> "Sweeps":
        """The sweeps whose windows are open."""
        if self._sweeps is None:
            # Only now: what keeps the runs of a sweep takes a tenth of a second to import.
            from seedlab.gui.sweeps import Sweeps

            thread = self.closer.thread_beside
            self._sweeps = Sweeps(self, self.session, thread, note=self.status.note, run=self.run)
        return self._sweeps

    @Slot(str)
    def sweep(self, turn: str) -> None:
        """Ask what of the current column is to be swept, ``turn`` first, and open its window."""
        if self.panel.may_run():
            theme = themes.chosen(self._theme.name, self.session.settings.zoom)
            self.sweeps.ask(theme, self.documents.document.folder, turn)

    @Slot(int, int)
    def _edit_line(self, column: int, line: int) -> None:
        session = self.session
        session.select(column)
        # Causes stand at the lines of the text that was examined, which may be another one by now.
        is_same = session.settings.look != "why" or session.next_text == session.arrangement.lane.column.script
        self.editing.open(line if is_same else None)

    @Slot()
    def _on_guess_toggled(self) -> None:
        self.session.set_guess(is_on=self.commands["guess"].isChecked())
        if self.session.uncovered is not None:
            # With the focus on the drawing, Space uncovers runs rather than presses Run.
            self.comparison.canvas.setFocus()

    @Slot()
    def help(self) -> None:
        """Show the pages of help, or bring them to the front."""
        shown = next((each for each in self.findChildren(HelpWindow) if each.isVisible()), None)
        if shown is not None:
            shown.raise_()
            shown.activateWindow()
            return
        window = HelpWindow(self.commands.all, self._theme, self)
        window.preset_asked.connect(self._open_preset)
        window.show()

    @Slot(str)
    def _open_preset(self, name: str) -> None:
        if not self.session.is_busy:
            self.session.editing.choose_experiment(PRESETS[name].experiment)
            self.activateWindow()

    def _show_about(self) -> None:
        problem = self.session.problem
        answer = problem if isinstance(problem, InterpreterError) else self.session.interpreter
        AboutDialog(answer, self._theme, self).show()

    @Slot()
    def _ask_for_environment(self) -> None:
        # Only now: installers and what asks them take a while to import.
        from seedlab.gui.environment_dialog import ask_for_environment

        ask_for_environment(self, self.session, self.theme)

    def set_theme(self, name: str) -> None:
        """Use the theme called ``name``, or the desktop's for `SYSTEM_THEME`."""
        self.session.change_settings(theme=name)
        # Saved now and not only at the end, so that the theme survives a crash.
        self._save_settings()

    def _choose_language(self, code: str) -> None:
        self.session.change_settings(language=code)
        self._save_settings()
        self.status.note(language_chosen_text())

    def _zoom(self, step: int) -> None:
        zooms = saved.ZOOMS
        at = zooms.index(self.session.settings.zoom) + step if step else zooms.index(1.0)
        if 0 <= at < len(zooms):
            self.session.change_settings(zoom=zooms[at])
            self._save_settings()

    def present(self, *, is_on: bool) -> None:
        """Fill the screen with what a talk needs, or return to the window."""
        self._keep_size()
        self.commands["present"].setChecked(is_on)
        self.presenting.set_on(is_on=is_on)
        if is_on:
            self.comparison.canvas.setFocus()

    def give_talk(self) -> None:
        """Fill the screen with the first scene of the talk that is open."""
        self.present(is_on=True)
        self._after_asking(self.session.talk.show(0))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = local_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.documents.drop(paths)

    # Showing what has changed.

    def _on_change(self, change: Change) -> None:
        if self._is_closing:
            return
        if Change.SETTINGS in change and self._wanted_theme() != self._theme:
            self._build()
            if self.stage.is_on:
                self.comparison.canvas.setFocus()
        elif Change.SETTINGS in change:
            self.panel.show_settings()
            self._show_strip()
        if Change.MESSAGE in change:
            self.comparison.show_message(self.session.message)
        if Change.INTERPRETER in change:
            self.panel.show_interpreter()
            self.status.show_interpreter()
        if Change.READINESS in change:
            self.status.show_readiness()
            self._show_notes()
        if Change.COLUMNS in change:
            self._show_choices()
            self.status.forget_what_is_gone()
        if Change.QUESTION in change:
            self._questions.show(self._theme)
        if Change.BUSY in change:
            self._show_busy()
        if change & (Change.PROGRESS | Change.QUESTION):
            self.status.show_progress()
        if change & (Change.COLUMNS | Change.LOOK | Change.INTERPRETER | Change.BUSY):
            self._redraw.stop()
            self._show()
            self._show_notes()
            if self.session.talk.scenes:
                self._show_strip()
            self.editing.follow()
        elif Change.RUNS in change and not self._redraw.isActive():
            # Runs that arrive fast are drawn together; what the user did is drawn at once.
            self._redraw.start()
        if change & (Change.RUNS | Change.EARLY):
            self.documents.note_results()
        if change & (Change.COLUMNS | Change.RUNS | Change.LOOK):
            self.closer.follow()
        if Change.TALK in change:
            self.talk_controls.show_talk(self.commands)
            self._show_talk()
            self.presenting.arrange()
            self.documents.note_results()
            self._redraw.start()
        if Change.TRUST in change:
            self._after_asking(self.session.showing.needs_trust)
        if Change.NEWS in change:
            self.status.note(self.session.news)

    def _show_talk(self) -> None:
        self._show_strip()
        self._show_notes()

    def _show_strip(self) -> None:
        session, talk = self.session, self.session.talk
        is_wanted = bool(talk.scenes) and session.settings.shows_scenes and not self.stage.is_on
        self.strip.setVisible(is_wanted)
        if is_wanted or self.presenting.has_notes:
            self.scene_pictures.show(session.lab(), self._theme.name)
        # Afterwards, so that the pictures are those of the theme.
        pictures = self.scene_pictures.picture
        self.strip.show_scenes(talk.scenes, talk.at, pictures, is_changed=session.showing.is_changed)

    def _shown_title(self) -> str:
        return self.comparison.title_label.text()

    def _make_notes(self) -> PresenterWindow:
        notes = PresenterWindow(self.session, self.scene_pictures, self.commands)
        notes.closed.connect(lambda: self.present(is_on=False))
        return notes

    @Slot()
    def _on_notes_changed(self) -> None:
        self.commands["swap_screens"].setEnabled(self.presenting.has_notes)
        if self.presenting.notes is not None and self.presenting.has_notes:
            self.presenting.notes.appear(self._theme)
            self._show_strip()

    def _show_notes(self) -> None:
        if self.presenting.notes is not None and self.presenting.has_notes:
            self.presenting.notes.set_theme(self._theme)
            self.presenting.notes.show_talk(is_blank=self.talk_controls.is_blank)

    def _show_choices(self) -> None:
        self.panel.show_choices()
        self.stage_bar.show_experiment(None if self.session.is_own_script else self.session.experiment)
        self.scripts.watch(self.session.watched_paths)

    def _show_busy(self) -> None:
        self.panel.show_busy()
        self.stage_bar.set_busy(is_busy=self.session.is_busy)
        self.status.show_busy()
        if self.session.is_busy and self.session.uncovered is not None:
            # With the focus on the drawing, Space uncovers runs rather than presses Run again.
            self.comparison.canvas.setFocus()

    @property
    def is_drawn(self) -> bool:
        """True when everything that has changed, and is in sight, is drawn."""
        return not self._redraw.isActive() and self.comparison.is_complete

    def _on_redraw(self) -> None:
        # While the last drawing is not complete, runs that arrive are collected for the next one.
        if self.comparison.is_complete:
            self._show()
        else:
            self._redraw.start()

    def _show(self) -> None:
        session = self.session
        self.comparison.show_columns(
            shown_columns(session),
            session.arrangement.current,
            look=session.settings.look,
            uncovered=session.uncovered,
            to_come=session.progress.to_come,
            planned=session.settings.runs if session.is_busy else 0,
            heading=session.showing.scene.title if session.showing.scene is not None else "",
            series=session.series,
        )
        self.panel.show_sources()
        self.commands["uncover"].setEnabled(session.uncovered is not None)
        # While runs go on, they say why not.
        self.commands["undo"].setEnabled(session.can_undo or session.is_busy)
        self.commands["redo"].setEnabled(session.can_redo or session.is_busy)
        self.commands["save_script"].setEnabled(session.is_own_script)
        self.commands["undo_edits"].setEnabled(session.arrangement.lane.is_edited)
        self._show_marks()

    def _show_marks(self) -> None:
        """Mark in the menu what is on."""
        settings = self.session.settings
        for chosen, names in (
            (settings.look, ("lines", "values", "map")),
            (settings.theme, ("light", "dark", "system")),
        ):
            for name in names:
                self.commands[name].setChecked(name == chosen)
        self.commands["guess"].setChecked(settings.guess)

    @Slot(str, DocumentUse)
    def _on_document_used(self, path: str, use: DocumentUse) -> None:
        text = opened_text if use is DocumentUse.OPENED else saved_text
        self.status.note(text(Path(path).name))
        if not is_bundled(Path(path)):
            self.session.remember(path)

    @Slot()
    def _show_title(self) -> None:
        self.setWindowTitle(window_line(self.documents.document.title) or APPLICATION_TITLE)

    @Slot()
    def _on_desktop_theme_changed(self) -> None:
        if not self._is_closing and self._wanted_theme() != self._theme:
            self._build()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stage.on_resized()
        self.talk_controls.on_resized()

    @Slot()
    def _build_if_resized(self) -> None:
        if self.comparison.is_on_stage != self.stage.is_on or self._wanted_theme() != self._theme:
            self._build()
            if self.stage.is_on:
                self.comparison.canvas.setFocus()

    # Ending.

    def _keep_size(self) -> None:
        if not self.stage.is_on:
            size = self.normalGeometry().size() if self.isMaximized() else self.size()
            self.session.change_settings(width=size.width(), height=size.height(), is_maximised=self.isMaximized())

    def _save_settings(self) -> None:
        self._keep_size()
        if self._settings_path is not None:
            settings = self.session.settings_to_save()
            saved.save(self._settings_path, settings, self._saved_settings)
            self._saved_settings = settings

    @Slot()
    def end(self) -> None:
        """Close without asking, because whoever asked for the end does not wait; the next start offers the results."""
        if not self._is_closing:
            self.documents.document.keep_for_recovery()
        self._asks_to_save = False
        self.close()
        QApplication.quit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved results; then refuse new work, end the runs, wait for the threads, and close.

        A second call only closes.
        """
        if not self._is_closing and self._asks_to_save and self.documents.is_unsettled:
            event.ignore()
            self.documents.ask_to_save(self.close)
            return
        if not self._is_closing:
            for dialog in self.findChildren(QDialog):
                dialog.close()
            self._save_settings()
            self.documents.close()
            self.scripts.close()
            if self._sweeps is not None:
                self._sweeps.close()
            self.closer.close()
            self._is_closing = True
            self.status.close()
            self._redraw.stop()
            self.stage.pointer.stop()
            self.presenting.close()
            self.scene_pictures.close()
            self.session.runs.stop()
            self._runner.close()
            self._analysis.close()
        event.accept()
