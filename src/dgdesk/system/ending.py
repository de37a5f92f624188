"""The end of the process without Python's own: nothing is freed that the system frees in any case."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import NoReturn


def end_now(code: int) -> NoReturn:
    """End the process with an exit code: what was registered for its end is done, and its output written if it can."""
    atexit._run_exitfuncs()
    with suppress(OSError, ValueError):
        _write_output()
    os._exit(code)


def end_command(code: int) -> None:
    """End the process of a command by `end_now`, which saves a fiftieth of a second.

    Nothing is done in a process with a window or with further threads, nor where its output cannot be written, of which
    Python tells, nor where Python's warnings are asked for: some come only when objects are freed.
    """
    import threading  # every command has it by then; a worker must not load it first

    wants_warnings = sys.warnoptions or sys.flags.dev_mode
    if wants_warnings or "PySide6" in sys.modules or threading.active_count() > 1:
        return
    try:
        _write_output()
    except (OSError, ValueError):
        return
    end_now(code)


def _write_output() -> None:
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
