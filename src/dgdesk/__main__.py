"""The entry point: opens the window, or runs a command without one."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from dgdesk.system.startup import (
    clock_fault,
    forbid_dumps,
    forbid_plugins,
    spoken,
    take_environment,
    tell_clock,
    this_year,
)

_NEW_OBJECTS: Final = 100_000
"""New objects of a command before the garbage collector runs: more than a print leaves. Python's own value is 700."""


def main(arguments: Sequence[str] | None = None, *, year: Callable[[], int | None] = this_year) -> int:
    """Open the window (no arguments, or the file of a draft or an edition), or run a command; return the exit code.

    ``year`` returns the year C.E. of the PC's clock; if it is out of bounds, nothing else is imported.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--document-worker"]:  # before anything else is loaded: it sets its own limits first
        from dgdesk.evidence.worker.child import serve

        return serve()
    now = year()
    if fault := clock_fault(now):
        _speak_utf8()
        tell_clock(now, fault, None if opens_window(given) else spoken(given))
        return 3
    forbid_dumps()
    environment = take_environment(os.environ)
    forbid_plugins(os.environ)
    if given[:1] == ["--intake-worker"]:
        from dgdesk.agency.intake.children import serve as work

        return work()
    if given[:1] == ["--selftest"]:
        from dgdesk.selftest import run as test

        _speak_utf8()
        return test(given[1:], sys.stdout, sys.stderr)
    if opens_window(given):
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
        return run(*_apart(given))
    _speak_utf8()
    with _collector_waiting():
        from dgdesk.cli.main import main as command

        return command(given, sys.stdout, sys.stderr, environment, imported=_collect_again)


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


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or a pipe may not be UTF-8, but Thai must be readable.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def opens_window(arguments: Sequence[str]) -> bool:
    """Return whether the arguments ask for the window: none, or only the file of a draft or of an edition."""
    rest, _ = _apart(arguments)
    return not rest or (len(rest) == 1 and rest[0].lower().endswith((".dgdesk", ".dgedition")))


def _apart(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate Qt's own option, ``-platform NAME``, from the arguments; return the rest and the option."""
    rest = list(arguments)
    at = rest.index("-platform") if "-platform" in rest[:-1] else len(rest)
    return rest[:at] + rest[at + 2 :], rest[at : at + 2]


def lacks_display(arguments: Sequence[str], environment: Mapping[str, str], platform: str) -> bool:
    """Return whether no window can be shown: there is no display, and no other Qt platform is asked for."""
    if platform in ("win32", "darwin") or "-platform" in arguments or environment.get("QT_QPA_PLATFORM"):
        return False
    return not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
