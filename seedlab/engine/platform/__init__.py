"""The parts that differ between operating systems: processes, pipes and signals."""

from seedlab.engine.platform.interface import Platform


def _this_platform() -> Platform:
    try:
        from seedlab.engine.platform.posix import PosixPlatform
    except ImportError:
        # A module that exists only on POSIX is missing, such as fcntl.
        from seedlab.engine.platform.windows import WindowsPlatform

        return WindowsPlatform()
    return PosixPlatform()


PLATFORM: Platform = _this_platform()
"""The operating system that seedlab runs on."""
