"""Checks the digests of all evidence again, a quiet moment after a draft was opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from dgdesk.draft.file.store import DraftFile
from dgdesk.ui.widgets.latest import LatestWins, Task

_QUIET = 3_000
"""Milliseconds after the opening: the window has its pages to build first."""
_GIVE_UP = 1.0
"""Seconds that closing waits for a check to end; one that hangs on a slow disk is left behind."""


class Watch(QObject):
    """One draft's check. ``found`` carries the SHA-256 of damaged files; it comes on the window's thread."""

    found = Signal(object)

    def __init__(self, package: DraftFile, busy: Callable[[], bool], parent: QObject) -> None:
        """While ``busy``, nothing is begun."""
        super().__init__(parent)
        self._package, self._busy = package, busy
        self._latest = LatestWins("dgdesk check of evidence", self)

    @property
    def at_work(self) -> bool:
        """Whether files are being read."""
        return self._latest.running

    def soon(self, after: int = _QUIET) -> None:
        """Look in a moment, counted in milliseconds."""
        if not self.at_work:
            self._latest.soon(after, self.look)

    def look(self) -> None:
        """Look now, unless it is being done."""
        if self.at_work:
            return
        if self._busy():
            self.soon()
        else:
            self._latest.request(self._read, self.found.emit)

    def stop(self) -> None:
        """End the check for good; returns within a second."""
        self._latest.stop(_GIVE_UP)

    def _read(self, task: Task) -> frozenset[str]:
        progress = task.progress()
        damaged = set(self._package.damaged_files(progress=progress))
        if damaged:
            # one that was attached anew or dropped while it was read is not damaged
            damaged &= set(self._package.damaged_files(progress=progress))
        return frozenset(damaged)
