"""THE FILE, gauge: how far a long piece of work is, and whether it is to go on."""

from __future__ import annotations

from dgdesk.package.model import Cancelled, CancelledError, Progress


class Gauge:
    """Bytes done of bytes in all, over all parts of one piece of work."""

    def __init__(self, total: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
        """``total``: bytes in all, 0 where that is not known."""
        self._total = total
        self._progress = progress
        self._cancelled = cancelled
        self._done = 0
        self._end = 0
        self._odd = 0

    def begin(self, size: int) -> None:
        """Begin a part of ``size`` bytes."""
        self._end = self._done + size
        self._odd = 0

    def advance(self, count: int) -> None:
        """Add bytes done."""
        self._done += count
        self._tell()

    def within(self, count: int) -> None:
        """Add about so many bytes done, but not beyond the end of the part."""
        self.advance(max(0, min(count, self._end - self._done)))

    def half(self, count: int) -> None:
        """Add bytes that are gone through twice. Raises `CancelledError`."""
        self.heed()
        done, self._odd = divmod(self._odd + count, 2)
        self.within(done)

    def reach(self, done: int) -> None:
        """Set the bytes done, unless they are more already."""
        self._done = max(self._done, done)
        self._tell()

    def end(self) -> None:
        """Say that the part is done with, also if not all of it was gone through."""
        if self._done < self._end:
            self.reach(self._end)

    def heed(self) -> None:
        """Raise `CancelledError` when the person has stopped the work."""
        if self._cancelled is not None and self._cancelled():
            raise CancelledError("package.cancelled")

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._done, max(self._total, self._done) if self._total else 0)
