"""Faults, shim: errors and deaths at a chosen system call, by a small library that is compiled here and preloaded."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from enum import IntEnum, IntFlag
from pathlib import Path

_VARIABLE = "DGDESK_FAULTS_SHIM"


class Call(IntFlag):
    """Kinds of calls that are counted."""

    OPEN = 1
    WRITE = 2
    SYNC = 4
    CUT = 8
    RENAME = 16
    UNLINK = 32
    READ = 64
    MKDIR = 128
    CREATE = 256
    STAT = 512


CHANGING = Call.OPEN | Call.CREATE | Call.WRITE | Call.SYNC | Call.CUT | Call.RENAME | Call.UNLINK | Call.MKDIR


class Action(IntEnum):
    """What happens at the chosen call."""

    COUNT = 0
    KILL_BEFORE = 1
    KILL_TORN = 2
    KILL_AFTER = 3
    FAIL_ONCE = 4
    FAIL_ON = 5
    SHORT = 6


class Shim:
    """The library in this process; it counts the calls that name, or work on, what lies below one folder."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.faults_seen.restype = ctypes.c_long
        self._library.faults_seen_of.restype = ctypes.c_long
        self._library.faults_arm.argtypes = [
            ctypes.c_char_p, ctypes.c_uint, ctypes.c_long, ctypes.c_int, ctypes.c_int,
        ]  # fmt: skip

    def arm(self, folder: Path, calls: Call, at: int, action: Action, error: int = 0) -> None:
        """Count from now on; at call number ``at`` (from 1) do ``action``."""
        self._library.faults_arm(os.fsencode(folder), int(calls), at, int(action), error)

    def disarm(self) -> None:
        """Count no more."""
        self._library.faults_disarm()

    @property
    def seen(self) -> int:
        """How many calls were counted."""
        seen: int = self._library.faults_seen()
        return seen

    def seen_of(self, calls: Call) -> int:
        """How many calls of these kinds were counted."""
        return sum(self._library.faults_seen_of(int(call)) for call in Call if call & calls)


def compiler() -> str | None:
    """The C compiler of this computer."""
    return shutil.which("gcc") or shutil.which("cc") if sys.platform == "linux" else None


def with_shim() -> Shim | None:
    """Return the shim; starts this command again with it loaded. None, with the reason told, where it cannot."""
    if os.environ.get(_VARIABLE):
        library = Path(os.environ.pop("LD_PRELOAD"))
        shutil.rmtree(library.parent, ignore_errors=True)
        del os.environ[_VARIABLE]
        return Shim()
    found = compiler()
    if found is None:
        print("no shim (no C compiler, or not Linux): faults at a chosen system call are skipped", flush=True)
        return None
    folder = Path(tempfile.mkdtemp(prefix="dgdesk-shim-"))
    library = folder / "shim.so"
    source = Path(__file__).with_name("shim.c")
    made = subprocess.run(
        [found, "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        print(f"no shim (it cannot be compiled): {made.stderr.strip().splitlines()[:1]}", flush=True)
        return None
    variables = {**os.environ, "LD_PRELOAD": str(library), _VARIABLE: "1"}
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], variables)
