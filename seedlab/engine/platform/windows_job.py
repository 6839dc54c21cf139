"""A job object of Windows. Nothing here has ever been executed on Windows: it is written by the documentation.

packaging/windows/job_check.c compares the numbers with the system's headers and makes the same calls; Wine 8 executed
it.

Sources, on learn.microsoft.com: "Job Objects", "Nested Jobs", CreateJobObjectW, AssignProcessToJobObject,
SetInformationJobObject, QueryInformationJobObject, TerminateJobObject, JOBOBJECT_BASIC_LIMIT_INFORMATION,
JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JOBOBJECT_BASIC_PROCESS_ID_LIST, "Process Creation Flags"; of psutil 7,
psutil/_psutil_windows.c and psutil/arch/windows/proc.c.
"""

import contextlib
import ctypes
import sys
from collections.abc import Mapping
from typing import Any

import psutil

CREATE_SUSPENDED = 0x00000004
CREATE_NO_WINDOW = 0x08000000

_LIMIT_ACTIVE_PROCESS = 0x00000008
_LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x00000400
_LIMIT_KILL_ON_JOB_CLOSE = 0x00002000
_LIMITS = _LIMIT_DIE_ON_UNHANDLED_EXCEPTION | _LIMIT_KILL_ON_JOB_CLOSE
"""Neither of the two that let processes break away. No dialog asks about an exception, for which a run would wait."""
_BASIC_PROCESS_ID_LIST, _EXTENDED_LIMIT_INFORMATION = 3, 9  # JOBOBJECTINFOCLASS
_PROCESS_TERMINATE, _PROCESS_SET_QUOTA = 0x0001, 0x0100
_ERROR_MORE_DATA = 234
_ENDED = 1
"""The exit status of processes that are ended; nobody looks at it."""
_CONSOLE = "conhost.exe"
"""The program of a console without a window, which the system starts beside the first process that has one."""
_MOST_LISTED = 1024

# By their sizes on Windows, where a long has 32 bits, so that their layout can be looked at elsewhere.
_DWORD = ctypes.c_uint32


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION of winnt.h."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", _DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", _DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", _DWORD),
        ("SchedulingClass", _DWORD),
    )


class IoCounters(ctypes.Structure):
    """IO_COUNTERS of winnt.h."""

    _fields_ = tuple((name + kind, ctypes.c_uint64) for kind in ("OperationCount", "TransferCount") for name in
                     ("Read", "Write", "Other"))  # fmt: skip


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION of winnt.h."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", IoCounters),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class ProcessIds(ctypes.Structure):
    """JOBOBJECT_BASIC_PROCESS_ID_LIST of winnt.h, with room for many."""

    _fields_ = (
        ("NumberOfAssignedProcesses", _DWORD),
        ("NumberOfProcessIdsInList", _DWORD),
        ("ProcessIdList", ctypes.c_size_t * _MOST_LISTED),
    )


if sys.platform == "win32":
    from ctypes import wintypes

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
    _kernel32.CreateJobObjectW.restype = wintypes.HANDLE
    _kernel32.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
    _kernel32.SetInformationJobObject.restype = wintypes.BOOL
    _kernel32.QueryInformationJobObject.argtypes = (
        wintypes.HANDLE,
        ctypes.c_int,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.c_void_p,
    )
    _kernel32.QueryInformationJobObject.restype = wintypes.BOOL
    _kernel32.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    _kernel32.AssignProcessToJobObject.restype = wintypes.BOOL
    _kernel32.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
    _kernel32.TerminateJobObject.restype = wintypes.BOOL
    _kernel32.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
    _kernel32.OpenProcess.restype = wintypes.HANDLE
    _kernel32.CloseHandle.argtypes = (wintypes.HANDLE,)
    _kernel32.CloseHandle.restype = wintypes.BOOL

    class WindowsJob:
        """A job that ends with its last handle, and so with this process. Nothing breaks away from it.

        A process starts suspended and goes on once it is in the job, so that whatever it starts is in it, too. It has a
        console without a window, which is not that of this process: Ctrl+C there does not reach it, and it cannot be
        asked to end by Ctrl+Break either, so it is ended at once.
        """

        options: Mapping[str, Any] = {"creationflags": CREATE_SUSPENDED | CREATE_NO_WINDOW}

        def __init__(self) -> None:
            # Without attributes of security, the handle is not inherited: no child keeps the job alive.
            self._handle: int | None = _checked(_kernel32.CreateJobObjectW(None, None))
            self._limits(_LIMITS, 0)

        def adopt(self, process: int) -> None:
            # Its number is not given to another one, as the handle that asyncio has of it is open.
            opened = _checked(_kernel32.OpenProcess(_PROCESS_SET_QUOTA | _PROCESS_TERMINATE, False, process))
            try:
                _checked(_kernel32.AssignProcessToJobObject(self._handle, opened))
            finally:
                _kernel32.CloseHandle(opened)
            try:
                # Python closes the handle of the thread that ResumeThread would need.
                psutil.Process(process).resume()
            except psutil.Error as error:
                raise OSError(0, str(error)) from error

        def limit(self, processes: int) -> None:
            self._limits(_LIMITS | _LIMIT_ACTIVE_PROCESS, processes)

        def count(self) -> int:
            if self._handle is None:
                return 0
            listed = ProcessIds()
            size = ctypes.sizeof(listed)
            if (
                not _kernel32.QueryInformationJobObject(
                    self._handle, _BASIC_PROCESS_ID_LIST, ctypes.byref(listed), size, None
                )
                and ctypes.get_last_error() != _ERROR_MORE_DATA
            ):
                raise ctypes.WinError(ctypes.get_last_error())
            ids = listed.ProcessIdList[: listed.NumberOfProcessIdsInList]
            # A console ends by itself when nobody has it any more.
            return int(listed.NumberOfAssignedProcesses) - sum(_is_console(each) for each in ids)

        def end(self) -> None:
            if self._handle is not None:
                _kernel32.TerminateJobObject(self._handle, _ENDED)

        def close(self) -> None:
            handle, self._handle = self._handle, None
            if handle is not None:
                _kernel32.CloseHandle(handle)

        def _limits(self, flags: int, processes: int) -> None:
            limits = ExtendedLimits()
            limits.BasicLimitInformation.LimitFlags = flags
            limits.BasicLimitInformation.ActiveProcessLimit = processes
            _checked(
                _kernel32.SetInformationJobObject(
                    self._handle, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
                )
            )

    def _checked(result: int | None) -> int:
        if not result:
            raise ctypes.WinError(ctypes.get_last_error())
        return result

    def _is_console(process: int) -> bool:
        with contextlib.suppress(psutil.Error, OSError):
            return psutil.Process(process).name().lower() == _CONSOLE
        return False
