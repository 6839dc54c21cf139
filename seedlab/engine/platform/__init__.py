"""The parts that differ between operating systems: processes, pipes and signals."""

import sys

from seedlab.engine.platform.interface import Platform

_POSIX_MODULES = {"fcntl", "grp", "pwd", "resource", "termios"}
"""Modules that Python has on POSIX only."""


def _this_platform() -> Platform:
    if sys.platform != "win32":
        try:
            from seedlab.engine.platform.posix import PosixPlatform

            return PosixPlatform()
        except ImportError as error:
            # Without them, all else works as on Windows.
            if error.name not in _POSIX_MODULES:
                raise
    from seedlab.engine.platform.windows import WindowsPlatform

    return WindowsPlatform()


PLATFORM: Platform = _this_platform()
"""The operating system that seedlab runs on."""
