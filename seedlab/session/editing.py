"""What the columns execute, and how a person changes it: choices of experiments, and scripts of their own."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from seedlab.documents.programs import current_script
from seedlab.documents.whole_files import write_whole
from seedlab.engine.private_views import encoded
from seedlab.errors import ChoiceError, DocumentError, SeedlabError
from seedlab.libraries.registry import FAMILIES, check, script_of
from seedlab.messages.programs import (
    changed_beside_error,
    own_file_error,
    text_back_text,
    text_missing_text,
    text_outdated_text,
    text_shown_text,
)
from seedlab.messages.session import added_text, no_room_text, script_too_long_error
from seedlab.session.arrangement import MAX_COLUMNS, Lane
from seedlab.session.change import Change
from seedlab.session.texts_on_disk import TextState
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.lab import Column
from seedlab.study.program import Program
from seedlab.study.script import MAX_SCRIPT

if TYPE_CHECKING:
    from seedlab.session.session import Session


class Editing:
    """Part of a session: what concerns the current column's choices and its text."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    # The choices of experiments.

    def choose(self, **choices: Choice) -> None:
        """Change choices of the current column's experiment; its runs stay until it is run again."""
        self.choose_experiment(self._session.experiment.choose(**choices))

    def choose_library(self, name: str) -> None:
        """Give the current column the default experiment of the library ``name``."""
        if name != self._session.experiment.library or self._session.is_own_script:
            self.choose_experiment(FAMILIES[name].default)

    def choose_experiment(self, experiment: Experiment) -> None:
        """Give the current column another experiment. Replacing the user's own script can be undone."""
        session = self._session
        if experiment == session.arrangement.lane.chosen:
            return
        try:
            check(experiment)
        except ChoiceError as error:
            session.refuse(error)
            # What shows the choices is to show those that stand.
            session.notify(Change.COLUMNS)
            return
        session.say("")
        lane = session.arrangement.lane
        chosen = session.arrangement.choose(experiment, gets_runs=session.runs.gets_runs(lane))
        if session.is_own_script:
            session.arrange(chosen)
        else:
            session.show(chosen, Change.COLUMNS)

    # The user's own programs.

    def change_program(self, program: Program, *, step: str = "") -> None:
        """Have the next runs of the current column, an own script, execute ``program``; its runs stay until then.

        What prevents that is shown in `Session.message`. Changes in succession with the same ``step``, such as the
        letters of a field, are undone together; a process is prepared for them once `Session.end_step` is called.
        """
        session = self._session
        lane = session.arrangement.lane
        if lane.chosen is not None or program == lane.program:
            return
        script = lane.column.script
        if lane.program is None or program.path != lane.program.path:
            # Another file is executed as it is.
            program = replace(program, changes=())
            try:
                script = current_script(program)
            except DocumentError as error:
                session.refuse(error)
                return
            session.texts.note(program.path, script)
        session.say("")
        self._put(lane.given(program, script, has_runs=self._has_runs(lane)), step and f"{lane.key} {step}")

    def edit_script(self, text: str) -> None:
        """Have the next runs of the current column execute ``text``; its runs stay until then.

        An experiment becomes the user's own script. The file of a program stays as it is: a changed copy of it runs,
        where it lies, in a view of its own. Changes in succession are undone together until `Session.end_step` is
        called.
        """
        session = self._session
        lane = session.arrangement.lane
        if text == session.next_text:
            return
        if len(text) > MAX_SCRIPT:
            session.refuse(script_too_long_error(MAX_SCRIPT))
            return
        session.say("")
        on_disk = None if lane.program is None else session.texts.on_disk(lane.program.path)
        self._put(lane.written(text, on_disk, has_runs=self._has_runs(lane)), f"{lane.key} text")

    def undo_edits(self) -> None:
        """Return to the choices of the current column's experiment, or to the text that its file has."""
        session = self._session
        lane = session.arrangement.lane
        # What was typed last is a step of its own, which can be brought back.
        session.end_step()
        if lane.program is not None and lane.program.changed_script is not None:
            changes = tuple(each for each in lane.program.changes if each.file is not None)
            try:
                text = current_script(replace(lane.program, changes=()))
            except DocumentError as error:
                session.refuse(error)
                return
            session.texts.note(lane.program.path, text)
            program = replace(lane.program, changes=changes)
            self._put(lane.given(program, text, has_runs=self._has_runs(lane)))
        elif lane.origin is not None:
            self.edit_script(script_of(lane.origin).text)
            session.end_step()

    def save_script(self, path: Path) -> bool:
        """Write the next text of the current column, a script of one's own, to ``path``, and execute it there.

        A file that a column executes is never written. Return True where it was written; what prevents that is shown
        in `Session.message`.
        """
        session = self._session
        lane, text = session.arrangement.lane, session.next_text
        session.end_step()
        try:
            programs = [each.program for each in session.arrangement.lanes if each.program is not None]
            # However it is spelled, and whether it may be executed yet or not.
            if os.path.realpath(path) in {os.path.realpath(each.path) for each in programs}:
                raise own_file_error()
            changed = () if lane.program is None else [each for each in lane.program.changes if each.file is not None]
            if lane.program is not None and changed and os.path.realpath(path.parent) != lane.program.root:
                raise changed_beside_error(lane.program.root)
            write_whole(path, encoded(str(path), text))
        except SeedlabError as error:
            session.refuse(error)
            return False
        session.texts.note(str(path), text)
        if lane.program is None:
            program = Program(path=str(path), name=str(path), folder=str(path.parent))
        else:
            program = replace(lane.program, path=str(path), name=str(path), is_module=False, changes=tuple(changed))
        session.say("")
        self._put(lane.given(program, text, has_runs=self._has_runs(lane)))
        return True

    def add_scripts(self, columns: Sequence[Column]) -> None:
        """Put columns of persons' own scripts, without runs, to the right of the current one, where there is room."""
        session = self._session
        if len(session.arrangement.lanes) + len(columns) > MAX_COLUMNS:
            session.say(no_room_text(MAX_COLUMNS))
            return
        for column in columns:
            if column.program is not None:
                session.texts.note(column.program.path, column.script)
        session.arrange(session.arrangement.with_columns(columns))
        first = session.arrangement.current
        session.say(added_text([session.arrangement.names[first + n] for n in range(len(columns))]))

    def on_text_found(self, path: str, text: str | None) -> None:
        """Take note of the text that the file ``path`` has now, or that it cannot be read, and say so as news."""
        session = self._session
        lanes = [lane for lane in session.arrangement.lanes if lane.program is not None and lane.program.path == path]
        before = {lane.key: session.texts.state(lane) for lane in lanes}
        if not session.texts.note(path, text):
            return
        found: dict[Callable[[Sequence[str]], str], list[str]] = {}
        for lane in lanes:
            was, state = before[lane.key], session.texts.state(lane)
            name = session.arrangement.name_of(lane.key)
            if state is TextState.OTHER and not lane.column.runs and not session.is_busy:
                column = replace(lane.column, script=session.texts.next_text(lane), influence=None)
                session.arrangement = session.arrangement.update(lane.key, column)
                found.setdefault(text_shown_text, []).append(name)
            elif state is TextState.OTHER and was is not state and not lane.is_stale:
                found.setdefault(text_outdated_text, []).append(name)
            elif state is TextState.MISSING and was is not state:
                found.setdefault(text_missing_text, []).append(name)
            elif state is TextState.SAME and was in {TextState.OTHER, TextState.MISSING}:
                found.setdefault(text_back_text, []).append(name)
        if found:
            session.news = " · ".join(words(names) for words, names in found.items())
        session.notify(Change.COLUMNS | Change.NEWS if found else Change.COLUMNS)
        session.preparing.prepare()

    def _has_runs(self, lane: Lane) -> bool:
        """Return True where ``lane`` has runs, or is getting some of what it was given before."""
        return bool(lane.column.runs) or self._session.runs.gets_runs(lane)

    def _put(self, lane: Lane, step: str = "") -> None:
        """Have ``lane`` in the place of the current one; `Session.arrange` has what ``step`` means."""
        arrangement = self._session.arrangement
        self._session.arrange(arrangement.with_lane(arrangement.current, lane), step=step)
