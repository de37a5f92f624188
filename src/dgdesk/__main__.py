"""The entry point: opens the window, or runs a command without one."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from dgdesk.system.arguments import apart, lacks_display, leave_folder, opens_window
from dgdesk.system.startup import (
    clock_fault,
    forbid_dumps,
    forbid_plugins,
    show_words,
    speak,
    spoken,
    take_environment,
    tell_clock,
    this_year,
)

_NEW_OBJECTS: Final = 100_000
"""New objects of a command before the garbage collector runs: more than a print leaves. Python's own value is 700."""


def main(arguments: Sequence[str] | None = None, *, year: Callable[[], int | None] = this_year) -> int:
    """Open the window (no arguments, or only files), or run a command; return the exit code.

    ``year`` returns the year C.E. of the PC's clock; if it is out of bounds, nothing else is imported.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--document-worker"]:  # before anything else is loaded: it sets its own limits first
        from dgdesk.evidence.worker.child import serve

        return serve()
    now, console = year(), sys.stderr is not None
    wants_window = opens_window(given, console=console)
    if fault := clock_fault(now):
        speak(os.environ)
        tell_clock(now, fault, None if wants_window or not console else spoken(given))
        return 3
    forbid_dumps()
    environment = take_environment(os.environ)
    forbid_plugins(os.environ)
    from dgdesk.system.postponed import postpone_imports

    postpone_imports()
    if given[:1] == ["--intake-worker"]:
        from dgdesk.agency.intake.children import serve as work

        return work()
    if given[:1] == ["--selftest"]:
        from dgdesk.selftest import run as test

        speak(os.environ)
        with _heard():
            return test(given[1:], sys.stdout, sys.stderr)
    if wants_window:
        if lacks_display(given, os.environ, sys.platform):
            from dgdesk.text.messages import load_catalogue

            print(load_catalogue().text("main.no_display"), file=sys.stderr)
            return 3
        try:
            from dgdesk.ui.shell.app import run
        except ImportError as error:  # a library is missing, so no window can be shown
            from dgdesk.ui.support.failures import say_cannot_start

            say_cannot_start(error)
            return 3
        files, options = apart(given)
        return run(leave_folder(files, os.environ, os.path.expanduser("~")), options)
    speak(os.environ)
    with _collector_waiting(), _heard():
        from dgdesk.cli.main import main as command

        return command(given, sys.stdout, sys.stderr, environment, imported=_collect_again)


@contextmanager
def _heard() -> Iterator[None]:
    """Show in a box what a command prints where there is no console, as in Windows' program for the window."""
    if sys.stdout is not None and sys.stderr is not None:
        yield
        return
    kept, usual = io.StringIO(), (sys.stdout, sys.stderr)
    sys.stdout, sys.stderr = sys.stdout or kept, sys.stderr or kept
    try:
        yield
    finally:
        sys.stdout, sys.stderr = usual
        show_words(kept.getvalue())


@contextmanager
def _collector_waiting() -> Iterator[None]:
    """Stop Python's garbage collector during the imports of a command, which never make garbage.

    It would take a quarter of a short command's time. It is turned on again for the command's own work, which may be
    long; when the process ends, the remaining objects are not collected.
    """
    usual, was_on = gc.get_threshold(), gc.isenabled()
    gc.disable()
    gc.set_threshold(_NEW_OBJECTS, *usual[1:])
    atexit.register(gc.freeze)
    try:
        yield
    finally:
        gc.freeze()  # and back: all objects count as old, so none is looked at only because the process ends
        gc.unfreeze()
        gc.set_threshold(*usual)
        if was_on:
            gc.enable()
        else:
            gc.disable()


def _collect_again() -> None:
    gc.freeze()
    gc.enable()


def run() -> int:
    """Do as `main` with the arguments of this process, whose end it is; return the exit code where Python ends it."""
    code = main()
    from dgdesk.system.ending import end_command

    end_command(code)
    return code


if __name__ == "__main__":
    sys.exit(run())
