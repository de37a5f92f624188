"""Window, printing, making: prints are made in a thread of their own, always after the newest wish.

An older wish is broken off where the print tells of its progress; its print is for nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dgdesk.errors import DgdeskError, FileError
from dgdesk.printing.survey.choices import Choices

if TYPE_CHECKING:
    from dgdesk.printing.document import Printed

Follow = Callable[[int, int], None]
"""Told of pages done and pages in all, (0, 0) while that is not known; what it raises ends the print."""
Make = Callable[[Choices, Follow], "Printed"]

_PATIENCE = 0.2


class Teller(QObject):
    """What the thread says; received in the window's. The first value is the number of the wish.

    ``progressed`` carries the percentage, -1 while it is not known; ``made`` a `Printed`, ``failed`` a `DgdeskError`.
    """

    progressed = Signal(int, int)
    made = Signal(int, object)
    failed = Signal(int, object)


class _BrokenOff(Exception):
    """Nobody wants this print any more."""


class Maker:
    """Makes prints, from the first `wish` to `stop`."""

    def __init__(self, make: Make) -> None:
        self.teller = Teller()
        self._make = make
        self._change = threading.Condition()
        self._stopped = False
        self._number = 0
        self._wanted: Choices | None = None
        self._percent = -2
        # A daemon: laying out a long form cannot be broken off, and must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="dgdesk printing", daemon=True)

    def wish(self, choices: Choices) -> int:
        """Wish for a print in place of the one before, and return the number of the wish."""
        number = self._change_wish(choices)
        if not self._thread.is_alive() and not self._stopped:
            self._thread.start()
        return number

    def cancel(self) -> None:
        """Wish for none."""
        self._change_wish(None)

    def stop(self) -> None:
        """End soon; wait a moment for it."""
        with self._change:
            self._stopped = True
            self._change.notify()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)

    @property
    def running(self) -> bool:
        """Whether the thread has not ended."""
        return self._thread.is_alive()

    def _change_wish(self, choices: Choices | None) -> int:
        with self._change:
            self._number += 1
            self._wanted = choices
            self._change.notify()
            return self._number

    def _run(self) -> None:
        while True:
            with self._change:
                while self._wanted is None and not self._stopped:
                    self._change.wait()
                if self._stopped:
                    return
                number, choices, self._wanted = self._number, self._wanted, None
            assert choices is not None
            self._percent = -2
            error: DgdeskError
            try:
                made = self._make(choices, partial(self._follow, number))
                self._follow(number, 0, 0)
            except _BrokenOff:
                continue
            except DgdeskError as known:
                error = known
            except MemoryError:
                error = FileError("ui.printing.too_large")
            except Exception as other:  # whatever goes wrong with somebody's answers must not end the program
                error = FileError("ui.printing.failed", kind=type(other).__name__)
            else:
                self.teller.made.emit(number, made)
                continue
            self.teller.failed.emit(number, error)

    def _follow(self, number: int, done: int, total: int) -> None:
        if self._stopped or number != self._number:
            raise _BrokenOff
        percent = 100 * done // total if total else -1
        if percent != self._percent:
            self._percent = percent
            self.teller.progressed.emit(number, percent)
