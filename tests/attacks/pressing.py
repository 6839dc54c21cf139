"""The real window, in which somebody seems to press Run at once, as ``python -m tests.attacks.pressing SCRIPT``.

Nothing is imported before the program itself begins, so that it is hit by signals as it always is.
"""

import sys


class _Watch:
    """Has `press_run` called once the application exists, which is before its main window does."""

    def __init__(self, script: str) -> None:
        self._script = script

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        del path, target
        if name == "seedlab.gui.main_window":
            sys.meta_path.remove(self)
            press_run(self._script)


def press_run(path: str) -> None:
    """Have the script at ``path`` run as soon as the window is shown and knows its interpreter."""
    from pathlib import Path

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    execute = QApplication.exec

    def begin() -> None:
        from seedlab.gui.main_window import MainWindow
        from seedlab.study.lab import Column
        from tests.helpers.real_window import when

        (window,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
        session = window.session

        def run() -> None:
            column = Column(name="own", experiment=None, script=Path(path).read_text(encoding="utf-8"))
            lane = session.arrangement.lane
            own = type(lane)(key=lane.key, column=column, chosen=None, title="own")
            session.arrange(session.arrangement.with_lane(0, own))
            session.runs.run()

        when(window, lambda: session.interpreter is not None, run)

    def begin_and_execute(*_: object) -> int:
        QTimer.singleShot(0, begin)
        return execute()

    QApplication.exec = begin_and_execute  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.meta_path.insert(0, _Watch(sys.argv.pop()))
    from seedlab.__main__ import main

    sys.exit(main())
