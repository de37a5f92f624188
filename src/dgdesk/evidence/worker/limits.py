"""Bounds the worker's memory and time: resource limits on Linux, a job object on Windows.

Sources: "Job Objects", ``JOBOBJECT_EXTENDED_LIMIT_INFORMATION`` in Microsoft's documentation of kernel32. It bounds
committed memory. Wine accepts the calls and ends the process with the job, but does not enforce the memory limit.

On Windows the program puts it into a job object with the same limits. The program's own timer ends a worker
that takes too long; the alarm here is for one whose program was killed while it worked.
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


def job_limits(most_bytes: int) -> _Extended:
    """Return the limits of a job: so much memory, no child processes, and the process ends with the job."""
    made = _Extended()
    made.Basic.LimitFlags = _KILL_ON_JOB_CLOSE | _DIE_ON_UNHANDLED | _PROCESS_MEMORY | _ACTIVE_PROCESS
    made.Basic.ActiveProcessLimit = 1
    made.ProcessMemoryLimit = most_bytes
    return made


class WindowsJob:
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
        wanted = job_limits(most_bytes)
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


MEMORY: Final = 512 << 20
"""Bytes of address space. A colour scan of A3 at 600 dots an inch is shown and marked within it."""
LOOK_SECONDS: Final = 5.0
PAGE_SECONDS: Final = 9.5
"""Ten, with the time that ending it takes."""
START_SECONDS: Final = 20.0
"""Until a worker that was started answers: a slow disk, and a virus scanner that reads every library first."""
RETIRE_AT: Final = 320 << 20
"""Bytes: a worker that once held as much answers and ends, since libraries do not give back all they took."""
SUSPECT_AT: Final = 128 << 20
"""Bytes: damage that a library tells after it held as much may be memory that it could not have."""
_FILE: Final = 2 << 30
_GRACE: Final = 3.0

if sys.platform == "win32":

    def limit_self() -> None:
        """Does nothing: the program has set the limits."""

    def limit_written(most: int | None) -> None:
        """Does nothing: the program checks the size of the written file."""

    def alarm(seconds: float) -> None:
        """Does nothing: the job ends with the program."""

    def die_with(pipe: int, on: bool) -> None:
        """Does nothing: the job ends with the program."""

    def held_most() -> int:
        """Not known on Windows: any damage may be a lack of memory, and only the job has a limit."""
        return SUSPECT_AT + 1

else:
    import fcntl
    import os
    import resource
    import select
    import signal

    def limit_self() -> None:
        """Bound this process's memory and what it may write; it leaves no core dump."""
        for kind, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, _FILE),
        ):
            _, hard = resource.getrlimit(kind)
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (least, least))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        # Ctrl+C is for the program, which decides what it means.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def limit_written(most: int | None) -> None:
        """Bound the size in bytes of each file that this process writes from now on; None: the initial limit."""
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard if most is None else min(most, hard), hard))

    def alarm(seconds: float) -> None:
        """End this process a little later than in so many seconds, whatever it does then; 0 cancels that."""
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE if seconds > 0 else 0)

    def die_with(pipe: int, on: bool) -> None:
        """While ``on``, end this process as soon as the other end of its pipe is closed, whatever it does then.

        Any data in the pipe ends it too, so no question may be sent meanwhile.
        """
        flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
        if on:
            signal.signal(signal.SIGIO, signal.SIG_DFL)
            fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_ASYNC if on else flags & ~os.O_ASYNC)
        if on and select.select([pipe], [], [], 0)[0]:  # closed just before
            os._exit(0)

    def held_most() -> int:
        """Return the most memory that this process has held, in bytes."""
        try:
            # Not from getrusage, which starts with the memory of the parent process.
            with open("/proc/self/status", "rb") as status:
                _, _, found = status.read().partition(b"VmHWM:")
            return int(found.split(maxsplit=1)[0]) << 10
        except (OSError, ValueError, IndexError):
            pass
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak << 10
