"""Notices that another program has written to an open draft, or has put another file in its place.

A program that syncs folders does not know SQLite's locks: it writes an older version over the draft, or renames another
file to its name. So what the system says of the file, and its head, are compared before each change and before it is
committed; SQLite's own check of the head would take the foreign content for the draft's.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from dgdesk.errors import FileError

Verdict = Literal["same", "touched", "written", "replaced", "removed", "moved"]
"""Touched: only its times have changed. Written: its size or head has. Replaced: another file has its name. Removed: it
has no name any more. Moved: it has another name, or is out of reach."""

CHANGED: Final = frozenset({"package.changed_underneath", "package.removed_underneath"})
"""The codes of the errors after which a session saves nothing more in its draft."""
_HEAD: Final = 100
"""Bytes; those from 24 on count the changes."""
_OPEN: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)


class _Seen(NamedTuple):
    device: int
    inode: int
    size: int
    modified: int
    changed: int
    head: bytes


class Watch:
    """Compares a file with what it was when last noted. One for each writer.

    It reads the head through a handle of its own, on the file that was opened. Closing such a handle releases SQLite's
    locks of the whole process (POSIX), so `dgdesk.draft.file.connecting` closes it after the last connection.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._path = os.fspath(path)  # text: it is looked up three times for each change
        self.handle = os.open(path, _OPEN)
        self._seen: _Seen | None = None

    def note(self) -> bool:
        """Take the file as it is now for the draft, after our own change; False if the disk does not let us see it."""
        try:
            self._seen = self._look()
        except OSError:
            return False
        return True

    def verdict(self) -> Verdict:
        """Compare; some microseconds on a local disk."""
        if self._seen is None:
            return "same"
        try:
            now = self._look()
        except FileNotFoundError:
            return "moved" if self._has_a_name() else "removed"
        except OSError:  # SQLite reports it
            return "moved"
        if now == self._seen:
            return "same"
        if now[:2] != self._seen[:2]:
            return "replaced"
        return "touched" if (now.size, now.head) == (self._seen.size, self._seen.head) else "written"

    def head_verdict(self) -> Verdict:
        """Compare while our own change is half written: only name and head, which SQLite writes last."""
        if self._seen is None:
            return "same"
        try:
            there = os.stat(self._path)
            if (there.st_dev, there.st_ino) != self._seen[:2]:
                return "replaced"
            return "same" if _steady(self._head()) == _steady(self._seen.head) else "written"
        except FileNotFoundError:
            return "moved" if self._has_a_name() else "removed"
        except OSError:
            return "moved"

    def _look(self) -> _Seen:
        there = os.stat(self._path)
        return _Seen(there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns, self._head())

    def _head(self) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self.handle, _HEAD, 0)
        os.lseek(self.handle, 0, os.SEEK_SET)
        return os.read(self.handle, _HEAD)

    def _has_a_name(self) -> bool:
        try:
            return os.fstat(self.handle).st_nlink > 0
        except OSError:
            return True


class Guard:
    """A writer's guard over the file that it has open: refuses a change over what another program wrote."""

    def __init__(self, watch: Watch | None, forget: Callable[[], None], settle: Callable[[], None]) -> None:
        """``forget`` makes SQLite read the file again, ``settle`` lets it undo a failed change of our own.

        Without a watch nothing is refused.
        """
        self._watch = watch
        self._forget, self._settle = forget, settle
        self.judge: Callable[[Verdict], None] = accept
        """Called where another program may have changed the file; raises to refuse the change. After it returns, the
        file as it is now counts as the draft's."""
        self.refused: Verdict | None = None
        self._unsettled = False
        """Whether the file is as a change of our own left it, which the disk did not let us see or undo at once."""

    @property
    def is_untouched(self) -> bool:
        """Whether nothing shows that another program has written to the file since it was last noted."""
        return self._watch is None or (not self.refused and self._watch.verdict() in ("same", "moved"))

    def require_own(self) -> None:
        """Check before a change.

        Raises:
            FileError: of `judge`.
        """
        if self._watch is None:
            return
        verdict = self.refused or self._watch.verdict()
        if verdict in ("same", "moved"):  # SQLite finds out that it was moved
            return
        if verdict in ("written", "touched") and self._unsettled and not self.refused:
            self._settle()
            verdict = "touched"  # by our own failed change, perhaps: the content decides
        self._judged(verdict)
        # What SQLite remembers of the file may be of another state, with the same count of changes in its head.
        self._forget()
        self.note()

    def require_own_head(self) -> None:
        """Check once more before the commit: until then SQLite does not write the head. Raises as `require_own`."""
        if self._watch is not None and (verdict := self._watch.head_verdict()) not in ("same", "moved"):
            self._judged(verdict)

    def note(self) -> None:
        """Take the file as it is now for the draft: this process has just read or written it."""
        if self._watch is not None and self.refused is None:
            self._unsettled = not self._watch.note()

    def note_failed(self) -> None:
        """After a change was rolled back: pages may have been written and restored."""
        if self._watch is not None and self._watch.head_verdict() == "same":
            self.note()

    def note_left(self) -> None:
        """After a change that could not be rolled back: the journal undoes it when the disk is well again."""
        self._unsettled = True

    def _judged(self, verdict: Verdict) -> None:
        try:
            self.judge(verdict)
        except FileError as error:
            if error.code in CHANGED:
                self.refused = verdict
            raise


def accept(verdict: Verdict) -> None:
    """Accept every file: nobody else can know it, or nothing of it is known."""


def _steady(head: bytes) -> bytes:
    """Return a head without what a long change may write early: the counts of pages and of free pages."""
    return head[:28] + head[40:]


def stamp_of(path: Path) -> tuple[int, ...] | None:
    """Return what changes when a file is written or replaced; None if it is out of reach. Opens nothing."""
    try:
        there = path.stat()
    except OSError:
        return None
    return there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns
