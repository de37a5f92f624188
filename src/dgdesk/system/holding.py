"""Takes the operating system's lock on an open file; the system releases it when the file or the process ends.

POSIX: ``flock``, which belongs to the open file, so a second window of the same process is refused too. Windows:
``LockFileEx`` on one byte. (Python's ``msvcrt.locking`` tells only ``errno``, which the C library does not always set.)

Sources: flock(2); learn.microsoft.com, LockFileEx; System Error Codes (0-499).
"""

from __future__ import annotations

import errno
import sys
from typing import Final

_REFUSED: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK})
_REFUSED_WINDOWS: Final = frozenset({32, 33, 997})
"""ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_IO_PENDING."""


def is_held(error: OSError) -> bool:
    """Return whether a lock was refused because another one is there, and not for lack of locks."""
    number = getattr(error, "winerror", None)
    return number in _REFUSED_WINDOWS if number else error.errno in _REFUSED


def says_nothing(error: OSError) -> bool:
    """Return whether the system gave no reason at all, as some C libraries on Windows do."""
    return not getattr(error, "winerror", None) and not error.errno


if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _LOCK_NOW: Final = 0x1 | 0x2  # LOCKFILE_FAIL_IMMEDIATELY | LOCKFILE_EXCLUSIVE_LOCK

    class _Overlapped(ctypes.Structure):
        _fields_ = (
            ("internal", ctypes.c_void_p),
            ("internal_high", ctypes.c_void_p),
            ("offset", wintypes.DWORD),
            ("offset_high", wintypes.DWORD),
            ("event", wintypes.HANDLE),
        )

    _lock_file = ctypes.WinDLL("kernel32", use_last_error=True).LockFileEx
    _lock_file.argtypes = (wintypes.HANDLE, *(wintypes.DWORD,) * 4, ctypes.POINTER(_Overlapped))
    _lock_file.restype = wintypes.BOOL

    def hold(handle: int, byte: int = 0) -> None:
        """Lock an open file until it is closed, without waiting; on Windows only the ``byte``.

        Raises:
            OSError: it is held (see `is_held`), or this place has no locks.
        """
        place = _Overlapped(offset=byte)
        if not _lock_file(msvcrt.get_osfhandle(handle), _LOCK_NOW, 0, 1, 0, ctypes.byref(place)):
            raise ctypes.WinError(ctypes.get_last_error())

else:
    import fcntl

    def hold(handle: int, byte: int = 0) -> None:
        """Lock an open file until it is closed, without waiting; on Windows only the ``byte``.

        Raises:
            OSError: it is held (see `is_held`), or this place has no locks.
        """
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
