"""The end of the process without Python's own: nothing is freed that the system frees in any case."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import NoReturn


def end_now(code: int) -> NoReturn:
    """End the process with an exit code: what was registered for its end is done, and its output written."""
    atexit._run_exitfuncs()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def end_command(code: int) -> None:
    """End the process of a command by `end_now`, which saves a fiftieth of a second.

    Nothing is done in a process with a window or with further threads, nor where Python's warnings are asked for: some
    come only when objects are freed.
    """
    import threading  # every command has it by then; a worker must not load it first

    wants_warnings = sys.warnoptions or sys.flags.dev_mode
    if not wants_warnings and "PySide6" not in sys.modules and threading.active_count() == 1:
        end_now(code)
