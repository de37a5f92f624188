"""Faults, mounts: file systems that only this process sees and that end with it (Linux; root, or user namespaces)."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_READ_ONLY, _REMOUNT, _BIND, _MOVE, _ALL_BELOW, _PRIVATE = 1, 32, 4096, 8192, 16384, 1 << 18


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def enter() -> bool:
    """Give this process mounts of its own; false where it may not."""
    if sys.platform != "linux":
        return False
    user, group = os.getuid(), os.getgid()
    if _library().unshare(_NEW_MOUNTS) != 0:
        if _library().unshare(_NEW_MOUNTS | _NEW_USER) != 0:
            return False
        with suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {user} 1")
            Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    try:
        _mount(None, Path("/"), None, _ALL_BELOW | _PRIVATE)
    except OSError:
        return False
    return True


@cache
def possible() -> bool:
    """Whether `enter` works here, tried out in a process of its own."""
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(BaseException):
            code = 0 if enter() else 1
        os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def memory(at: Path, size: int) -> None:
    """A file system of some bytes, in memory."""
    at.mkdir(parents=True, exist_ok=True)
    _mount("tmpfs", at, "tmpfs", 0, f"size={size}")


def read_only(at: Path, on: bool) -> None:
    """Make a mount read-only, or writable again."""
    _mount(None, at, None, _REMOUNT | _BIND | (_READ_ONLY if on else 0))


def onto_itself(path: Path) -> None:
    """Make a mount of a file or folder, for `read_only`."""
    _mount(str(path), path, None, _BIND)


def move(here: Path, there: Path) -> None:
    """Mount somewhere else what is mounted here."""
    _mount(str(here), there, None, _MOVE)


def _mount(source: str | None, target: Path, kind: str | None, flags: int, options: str | None = None) -> None:
    def text(value: str | None) -> bytes | None:
        return None if value is None else os.fsencode(value)

    done = _library().mount(text(source), os.fsencode(target), text(kind), ctypes.c_ulong(flags), text(options))
    if done != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(target))
