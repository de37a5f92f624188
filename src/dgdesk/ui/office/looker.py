"""Window, office, looker: looks at PC and draft's place in a thread, so that a dead network drive holds nobody up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer, Signal

from dgdesk.office.facts import Finding

Look = Callable[[], tuple[Finding, ...]]


class Looker(QObject):
    """``found`` carries the findings of the newest look; it comes on the window's thread."""

    found = Signal(object)
    _came = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._number = 0
        self._thread: threading.Thread | None = None
        self._came.connect(self._take)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._done: tuple[int, tuple[Finding, ...]] | None = None
        self._make: Callable[[], Look] | None = None
        self._quiet.timeout.connect(self._now)

    def soon(self, make: Callable[[], Look], after: int) -> None:
        """Look after some milliseconds; ``make`` is called then, on the window's thread. Drops the look before."""
        self.forget()
        self._make = make
        self._quiet.start(after)

    def look(self, job: Look) -> None:
        """Look now."""
        self.forget()
        number = self._number
        # a daemon: a read that hangs must not keep the program from ending
        self._thread = threading.Thread(
            target=self._read, args=(number, job), name="dgdesk check of this PC", daemon=True
        )
        self._thread.start()

    def wait(self, seconds: float) -> tuple[Finding, ...] | None:
        """Wait for the look and return what it found; None when it has not ended. `found` comes all the same."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._done[1] if self._done is not None and self._done[0] == self._number else None

    def forget(self) -> None:
        """Take nothing of looks that are under way."""
        self._quiet.stop()
        self._number += 1

    def _now(self) -> None:
        if self._make is not None:
            self.look(self._make())

    def _read(self, number: int, job: Look) -> None:
        found = job()
        self._done = number, found
        with suppress(RuntimeError):  # the window is gone meanwhile
            self._came.emit(number, found)

    def _take(self, number: int, found: object) -> None:
        if number == self._number:
            self.found.emit(found)
