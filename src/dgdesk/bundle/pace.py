"""Bundle: long work on bytes: how far it is, and whether the person wants it stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dgdesk.bundle.report import Progress
from dgdesk.errors import DgdeskError


class ExportCancelled(DgdeskError):
    """The person stopped the export; nothing is left of it."""


@dataclass
class Pace:
    """Counts bytes, tells the person, and listens for a stop: whenever it hears, or ``every`` so many bytes."""

    total: int
    progress: Progress | None
    cancelled: Callable[[], bool] | None
    every: int = 0
    done: int = 0
    told: int = 0

    def add(self, count: int) -> None:
        """Hear of ``count`` more bytes. Raises ExportCancelled: ``bundle.cancelled``."""
        self.at(self.done + count)

    def at(self, done: int) -> None:
        """Hear that so many bytes are done. Raises ExportCancelled: ``bundle.cancelled``."""
        self.done = done
        if done - self.told < self.every and done < self.total:
            return
        self.told = done
        if self.cancelled and self.cancelled():
            raise ExportCancelled("bundle.cancelled")
        if self.progress:
            self.progress(min(done, self.total), self.total)
