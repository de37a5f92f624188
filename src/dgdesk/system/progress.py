"""Progress and cancellation of a long job: one object, passed on to everything that the job calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from dgdesk.errors import DgdeskError

OnProgress = Callable[[int, int], None]
"""Called with (done, total), mostly in bytes, from any thread; the total is 0 if unknown."""


class Cancelled(DgdeskError):
    """The person cancelled a long job; unless the code says otherwise, nothing is changed."""

    exit_code = 1

    def __init__(self, code: str = "package.cancelled") -> None:
        super().__init__(code)


class Progress:
    """Counts the finished part of one job, reports it, and says whether the person has cancelled the job.

    Without arguments it reports nothing and is never cancelled.
    """

    def __init__(
        self,
        report: OnProgress | None = None,
        is_cancelled: Callable[[], bool] | None = None,
        stepped: Callable[[str], None] | None = None,
        *,
        total: int = 0,
        every: int = 0,
    ) -> None:
        """``stepped`` is called when a step begins, and may be called again during it.

        ``total``: bytes in all, 0 if unknown. ``every``: bytes between two reports.
        """
        self._report, self._is_cancelled, self._stepped = report, is_cancelled, stepped
        self._total, self._every = total, every
        self._done = 0
        self._end = 0
        self._odd = 0
        self._reported = 0

    @property
    def cancelled(self) -> bool:
        """Return whether the person has cancelled the job."""
        return self._is_cancelled is not None and self._is_cancelled()

    def check(self) -> None:
        """Raise `Cancelled` if the person has cancelled the job."""
        if self.cancelled:
            raise Cancelled

    def report(self, done: int, total: int) -> None:
        """Report ``done`` of ``total`` without counting."""
        if self._report is not None:
            self._report(done, total)

    def step(self, name: str) -> None:
        """Report that a step of the work begins."""
        if self._stepped is not None:
            self._stepped(name)

    def at(self, done: int, total: int) -> None:
        """Check, then report."""
        self.check()
        self.report(done, total)

    def count(self, total: int, *, every: int = 0) -> Progress:
        """Return a new count for the same listener."""
        return Progress(self._report, self._is_cancelled, self._stepped, total=total, every=every)

    def mapped(self, change: Callable[[int, int], tuple[int, int]]) -> Progress:
        """Return the progress of a part of the job; ``change`` turns its figures into those of the whole."""
        return Progress(lambda done, total: self.report(*change(done, total)), self._is_cancelled, self._stepped)

    def silent(self) -> Progress:
        """Return a progress that reports nothing but is cancelled together with this one."""
        return Progress(None, self._is_cancelled)

    def begin(self, size: int) -> None:
        """Begin a part of ``size`` bytes."""
        self._end = self._done + size
        self._odd = 0

    def end(self) -> None:
        """Finish the part, even if not all of it was read."""
        if self._done < self._end:
            self.reach(self._end)

    def add(self, count: int) -> None:
        """Check, then count bytes."""
        self.check()
        self.advance(count)

    def advance(self, count: int) -> None:
        """Count bytes."""
        self.reach(self._done + count)

    def within(self, count: int) -> None:
        """Count about ``count`` bytes, but not beyond the end of the part."""
        self.advance(max(0, min(count, self._end - self._done)))

    def half(self, count: int) -> None:
        """Check, then count bytes that are read twice."""
        self.check()
        done, self._odd = divmod(self._odd + count, 2)
        self.within(done)

    def reach(self, done: int) -> None:
        """Set the count, unless it is higher already."""
        self._done = max(self._done, done)
        if self._done - self._reported >= self._every or self._done >= self._total:
            self._reported = self._done
            self.report(self._done, max(self._total, self._done) if self._total else 0)


NO_PROGRESS = Progress()
"""Reports nothing and is never cancelled. Use `Progress.count` to count with it."""


def each_file(paths: Sequence[Path], progress: Progress) -> Iterator[tuple[Path, Progress]]:
    """Yield each file with its own progress; together they report the bytes of all files.

    Raises:
        Cancelled: the person stopped it, after a file or before the first.
    """
    sizes = [_size(path) for path in paths]
    whole, before = sum(sizes), 0
    progress.check()
    for path, size in zip(paths, sizes, strict=True):
        yield path, progress.mapped(partial(_in_file, before, size, whole))
        before += size
        progress.at(before, whole)


def _in_file(before: int, size: int, whole: int, done: int, total: int) -> tuple[int, int]:
    return before + (size * done // total if total else 0), whole


def _size(path: Path) -> int:
    try:
        return max(path.stat().st_size, 1)
    except OSError:
        return 1


def by_percent(tell: Callable[[int], None]) -> OnProgress:
    """Return a report that gives ``tell`` the percentage (-1: unknown) each time it changes."""
    last = -2

    def report(done: int, total: int) -> None:
        nonlocal last
        percent = 100 * done // total if total else -1
        if percent != last:
            last = percent
            tell(percent)

    return report
