"""The Pythons that can make a session's runs: those that are known, a survey for more, and which column has which."""

import os
from typing import TYPE_CHECKING

from seedlab.engine.clusters import is_on_cluster
from seedlab.engine.environments import environments, has_python
from seedlab.engine.hosts import is_on_host
from seedlab.engine.pythons import find_executable, missing_package, require
from seedlab.engine.survey import Seen
from seedlab.errors import InterpreterError
from seedlab.libraries.registry import LIBRARIES
from seedlab.messages.session import lacking_text, unusable_python_error
from seedlab.results.environment import Interpreter
from seedlab.results.environments import Environment
from seedlab.session.change import Change
from seedlab.session.known_pythons import KnownPythons

if TYPE_CHECKING:
    from seedlab.session.session import Session
    from seedlab.session.session_engine import SessionEngine


_NEW_STAMP = (1,)
"""That of an environment that was just made: the next survey asks it again."""


class ChoosingPythons:
    """Part of a session: what concerns its interpreters."""

    def __init__(self, session: "Session", engine: "SessionEngine") -> None:
        self._session = session
        self._engine = engine
        self.known = KnownPythons(session.settings.pythons)
        self.titles: dict[str, str] = {}
        """What the environments that seedlab has made are called, by the paths of their Pythons."""
        self._waiting: dict[str, int] = {}
        """The keys of the columns whose runs are to be made by Pythons that have not answered yet."""
        self.lack = ""
        """What was last said of a Python that lacks a package."""

    @property
    def usable(self) -> tuple[Interpreter, ...]:
        """Those that can be chosen: all that have answered, the one in use first."""
        session = self._session
        used = [] if session.interpreter is None else [session.interpreter]
        found: dict[tuple[str, str], Interpreter] = {}
        for each in (*used, *session.interpreters.values(), *self.known.usable):
            # Within a folder, python and python3 are names of one Python.
            found.setdefault((os.path.realpath(os.path.dirname(each.executable)), each.python), each)
        return tuple(found.values())

    def look(self) -> None:
        """Look for the Pythons of the machine; those that nobody has asked yet answer later."""
        self.titles = {each.executable: each.title for each in environments() if has_python(each)}
        lanes = self._session.arrangement.lanes
        programs = [lane.program for lane in lanes if lane.program is not None and lane.column.trusted]
        folders = [folder for program in programs for folder in (program.root, program.folder)]
        # Another host is asked only when a person has just chosen it, never because it is remembered.
        here = [each for each in self.known.chosen if not is_on_cluster(each)]
        chosen = tuple(each for each in here if not is_on_host(each) or each in self._waiting)
        chosen = tuple(dict.fromkeys([*chosen, *self.titles]))
        stamps = self.known.stamps.items()
        known = {each: stamp for each, stamp in stamps if not is_on_host(each) and not is_on_cluster(each)}
        self._engine.survey(tuple(dict.fromkeys([os.getcwd(), *folders])), chosen, known)

    def choose(self, executable: str) -> None:
        """Have ``executable`` make the runs: those of the current column, or of all where it is the only one."""
        session = self._session
        session.say("")
        lane = session.arrangement.lane
        is_only = len(session.arrangement.lanes) == 1 and lane.interpreter is None
        if is_only or session.interpreter is None:
            self.known.choose(executable)
            self._engine.ask(executable)
            return
        answered = next((each for each in self.usable if each.executable == executable), None)
        if answered is not None:
            self._give(lane.key, answered)
            return
        try:
            executable = find_executable(executable)
        except InterpreterError as error:
            session.on_interpreter_failed(error)
            return
        self.known.choose(executable)
        self._waiting[executable] = lane.key
        self.look()

    def say_lack(self) -> None:
        """Say before runs are asked for what the current column's Python lacks, and which known one has it."""
        session = self._session
        lane = session.arrangement.lane
        interpreter = lane.interpreter or session.interpreter
        if lane.chosen is None or interpreter is None:
            return
        family = LIBRARIES.family_of(lane.chosen)
        try:
            require(interpreter, family, lane.chosen)
        except InterpreterError as error:
            package = missing_package(interpreter, family, lane.chosen) or ""
            others = [each for each in self.usable if not missing_package(each, family, lane.chosen)]
            self.lack = lacking_text(error, next(iter(others), None), package)
            session.say(self.lack)

    def add(self, environment: Environment, interpreter: Interpreter) -> None:
        """Offer ``environment``, which was just made and has answered, and have it make the current column's runs."""
        self.titles[environment.executable] = environment.title
        self.known.note(Seen(environment.executable, _NEW_STAMP, interpreter))
        self._session.notify(Change.INTERPRETER)
        self.choose(environment.executable)

    def forget(self, environment: Environment) -> None:
        """Offer ``environment`` no longer, which was removed."""
        self.titles.pop(environment.executable, None)
        self.known.forget(environment.executable)
        self._session.interpreters.pop(environment.executable, None)
        self._session.notify(Change.INTERPRETER)

    def is_chosen(self, environment: Environment) -> bool:
        """Return True where the runs of any column are made by ``environment``."""
        session = self._session
        found = [session.interpreter, *(lane.interpreter for lane in session.arrangement.lanes)]
        return any(each is not None and each.executable == environment.executable for each in found)

    def on_python_seen(self, seen: Seen) -> None:
        """Take note of what a Python answered, and give it the column that waits for it."""
        self.known.note(seen)
        session = self._session
        if not seen.stamp and (session.interpreter is None or session.interpreter.executable != seen.executable):
            session.interpreters.pop(seen.executable, None)
        key = self._waiting.pop(seen.executable, None)
        if key is None:
            if self.lack and session.message == self.lack:
                self.say_lack()
            return
        if seen.interpreter is None:
            session.refuse(unusable_python_error(seen.executable))
        else:
            self._give(key, seen.interpreter)

    def _give(self, key: int, interpreter: Interpreter) -> None:
        """Have ``interpreter`` make the runs of the column ``key`` alone."""
        session, position = self._session, self._session.arrangement.position(key)
        if position is not None:
            is_usual = session.interpreter is not None and interpreter.executable == session.interpreter.executable
            session.arrange(session.arrangement.given_to(position, None if is_usual else interpreter))
