"""Evidence, worker, Windows job: bounds a process's memory and ends it with the program.

Sources: "Job Objects", ``JOBOBJECT_EXTENDED_LIMIT_INFORMATION`` in Microsoft's documentation of kernel32. It bounds
committed memory. Wine accepts the calls and ends the process with the job, but does not enforce the memory limit.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_KILL_ON_JOB_CLOSE: Final = 0x2000
_DIE_ON_UNHANDLED: Final = 0x400
_PROCESS_MEMORY: Final = 0x100
_ACTIVE_PROCESS: Final = 0x8
_EXTENDED_LIMITS: Final = 9


class _Basic(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _Extended(ctypes.Structure):
    _fields_ = (
        ("Basic", _Basic),
        ("Io", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def limits(most_bytes: int) -> _Extended:
    """Return the limits of a job: so much memory, no child processes, and the process ends with the job."""
    made = _Extended()
    made.Basic.LimitFlags = _KILL_ON_JOB_CLOSE | _DIE_ON_UNHANDLED | _PROCESS_MEMORY | _ACTIVE_PROCESS
    made.Basic.ActiveProcessLimit = 1
    made.ProcessMemoryLimit = most_bytes
    return made


class Job:
    """A job with one process. The object must exist as long as the process; `close` ends the process."""

    def __init__(self, handle: int, most_bytes: int) -> None:
        """Put the process with this ``handle`` into a new job. Until then it runs only the program's own code.

        Raises:
            OSError: Windows refuses.
        """
        if sys.platform != "win32":
            raise OSError("jobs are Windows' own")
        kernel = self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p)
        kernel.SetInformationJobObject.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32)
        kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        kernel.CloseHandle.argtypes = (ctypes.c_void_p,)
        self._job = kernel.CreateJobObjectW(None, None)
        if not self._job:
            raise ctypes.WinError(ctypes.get_last_error())
        wanted = limits(most_bytes)
        taken = kernel.SetInformationJobObject(
            self._job, _EXTENDED_LIMITS, ctypes.byref(wanted), ctypes.sizeof(wanted)
        ) and kernel.AssignProcessToJobObject(self._job, handle)
        if not taken:
            error = ctypes.WinError(ctypes.get_last_error())
            self.close()
            raise error

    def close(self) -> None:
        """End the process; a second call does nothing."""
        if sys.platform == "win32" and self._job:
            self._kernel.CloseHandle(self._job)
            self._job = None
