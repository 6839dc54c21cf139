"""The parts that differ between operating systems: processes, pipes and signals."""

from seedlab.engine.platform.interface import Platform

_POSIX_MODULES = {"fcntl", "grp", "pwd", "resource", "termios"}
"""Modules that Python has on POSIX only."""


def _this_platform() -> Platform:
    try:
        from seedlab.engine.platform.posix import PosixPlatform
    except ImportError as error:
        if error.name not in _POSIX_MODULES:
            raise
        from seedlab.engine.platform.windows import WindowsPlatform

        return WindowsPlatform()
    return PosixPlatform()


PLATFORM: Platform = _this_platform()
"""The operating system that seedlab runs on."""
