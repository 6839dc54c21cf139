"""What an exit status means: on POSIX, and on Windows."""

from seedlab.engine.platform.interface import Exit
from seedlab.phrases import recorded

_SIGNALS = (
    "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
    "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN",
    "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
)  # fmt: skip
"""The signals of Linux in their order, from 1 on (signal(7)); a host that runs Linux tells of them wherever we are."""
_FAULTS = {"SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP"}
"""Signals that a program brings upon itself."""

_EXCEPTIONS = {
    0x40010004: (recorded("the end of its debugging"), ""),
    0x80000003: (recorded("a breakpoint"), ""),
    0xC0000005: (recorded("an access violation"), recorded("a compiled library read or wrote where it may not")),
    0xC0000006: (
        recorded("a page that could not be read"),
        recorded("perhaps the disk or the network that holds a program failed"),
    ),
    0xC0000017: (recorded("a lack of memory"), recorded("perhaps memory ran out")),
    0xC000001D: (recorded("an illegal instruction"), recorded("perhaps a library was built for another processor")),
    0xC0000094: (recorded("a division of integers by zero"), ""),
    0xC00000FD: (recorded("a stack overflow"), recorded("perhaps it called itself too often")),
    0xC0000135: (recorded("a missing DLL"), recorded("perhaps the Visual C++ Redistributable is not installed")),
    0xC0000138: (recorded("a DLL of the wrong version"), recorded("it lacks a function that is called by number")),
    0xC0000139: (recorded("a DLL of the wrong version"), recorded("it lacks a function that is called by name")),
    0xC000013A: (recorded("Ctrl+C, or its console that was closed"), ""),
    0xC0000142: (recorded("a DLL that could not start"), ""),
    0xC000012D: (recorded("a lack of memory"), recorded("perhaps the paging file is too small")),
    0xC0000374: (recorded("a damaged heap"), recorded("a compiled library wrote where it may not")),
    0xC0000409: (recorded("a damaged stack, or a call of abort"), ""),
    0xC000041D: (recorded("an exception in a callback of the system"), ""),
    0xE06D7363: (recorded("an exception of C++ that nobody caught"), ""),
}
"""What ended a process of Windows, by its status, and the likely cause as a clause.

Source: [MS-ERREF] 2.3.1, and for the last one the documentation of Visual C++.
"""
_NO_FAULTS = {0x40010004, 0xC0000017, 0xC000012D, 0xC000013A}
"""Those that a program does not bring upon itself."""


def exit_by_signal(number: int, killed: int = 0, name: str | None = None) -> Exit:
    """Return the end by the signal ``number``; ``name`` is what this system calls it, None where it has no signals."""
    if name is None:
        # Real-time signals have no names.
        name = _SIGNALS[number - 1] if 0 < number <= len(_SIGNALS) else nameless(number)
    hint = recorded("perhaps memory ran out") if name == "SIGKILL" else ""
    return Exit(-number, name, is_fault=name in _FAULTS, hint=hint, killed=killed)


def nameless(number: int) -> str:
    """Return what stands in the place of the name of a signal that has none."""
    return recorded("number {value}", value=number)


def exit_on_windows(status: int, killed: int = 0) -> Exit:
    """Return the meaning of an exit status of Windows, which has 32 bits; one that is negative is a host's signal."""
    if status < 0:
        return exit_by_signal(-status, killed)
    what, hint = _EXCEPTIONS.get(status, ("", ""))
    if not what:
        return Exit(status, killed=killed)
    is_fault = status not in _NO_FAULTS
    return Exit(status, exception=what, is_fault=is_fault, hint=hint, killed=killed)
