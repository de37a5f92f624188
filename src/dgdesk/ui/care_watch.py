"""Window, care watch: the digests of all evidence are checked again, a quiet moment after a draft was opened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer, Signal

from dgdesk.errors import DgdeskError
from dgdesk.package.store import Package

_QUIET = 3_000
"""Milliseconds after the opening: the window has its pages to build first."""
_GIVE_UP = 1.0
"""Seconds that closing waits for a check to end; one that hangs on a slow disk is left behind."""


class Watch(QObject):
    """One draft's check. ``found`` carries the SHA-256 of damaged files; it comes on the window's thread."""

    found = Signal(object)

    def __init__(self, package: Package, busy: Callable[[], bool], parent: QObject) -> None:
        """While ``busy``, nothing is begun."""
        super().__init__(parent)
        self._package, self._busy = package, busy
        self._stop = threading.Event()
        self.give_up = self._stop.set
        """Ends the check without waiting for it."""
        self._thread: threading.Thread | None = None
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self.look)

    @property
    def at_work(self) -> bool:
        """Whether files are being read."""
        return self._thread is not None and self._thread.is_alive()

    def soon(self, after: int = _QUIET) -> None:
        """Look in a moment, counted in milliseconds."""
        if not self._stop.is_set():
            self._quiet.start(after)

    def look(self) -> None:
        """Look now, unless it is being done."""
        if self.at_work or self._stop.is_set():
            return
        if self._busy():
            self.soon()
            return
        # A daemon, and no QThread: a read that hangs on a network drive must not keep the program from ending.
        self._thread = threading.Thread(target=self._read, name="dgdesk check of evidence", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the check; False when it has not ended."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.at_work

    def stop(self) -> None:
        """End the check for good; returns within a second."""
        self._quiet.stop()
        self._stop.set()
        self.wait(_GIVE_UP)

    def _read(self) -> None:
        # closed or broken meanwhile: whatever reads next tells
        with suppress(DgdeskError, RuntimeError):
            damaged = set(self._package.damaged_files(cancelled=self._stop.is_set))
            if damaged:
                # one that was attached anew or dropped while it was read is not damaged
                damaged &= set(self._package.damaged_files(cancelled=self._stop.is_set))
            if not self._stop.is_set():
                self.found.emit(frozenset(damaged))
