"""The open draft file's guard: what another program does to the file is noticed, and nobody's work is lost by it."""

from __future__ import annotations

import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dgdesk.draft.file.database import Database, require_shape, version_of
from dgdesk.draft.file.faults import file_error
from dgdesk.draft.file.model import ChangeRecord
from dgdesk.draft.file.opened import Opened
from dgdesk.draft.file.ours import Ours, marks_in
from dgdesk.draft.file.underneath import CHANGED, Verdict, stamp_of
from dgdesk.errors import DgdeskError, FileError
from dgdesk.system.progress import NO_PROGRESS, Progress

if TYPE_CHECKING:
    from dgdesk.draft.file.kept_copy import KeptCopy

_ELSEWHERE = ("package.busy", "package.disk_error", "package.disk_full", "package.cannot_open")
"""Errors that say nothing of the content."""
_MOST_READS = 5


class Guarded(Opened):
    """The part of a draft file that watches over it."""

    _ours: Ours | None = None
    _changed: FileError | None = None
    _target: Path | None = None
    _still_open = False
    _kept: KeptCopy | None = None
    _stamp: tuple[int, ...] | None = None

    def _begin_guard(self) -> None:
        self._keeping = threading.Lock()
        if self.read_only:
            self._stamp = stamp_of(self.path)
            return
        for _ in range(_MOST_READS):
            # A damaged draft can be worked on, but not be recognised.
            with suppress(DgdeskError), self._database.reading() as connection:
                self._ours = Ours.read(connection)
            with suppress(DgdeskError), self._database.reading() as connection:
                if self._ours is not None:
                    self._ours.marks = marks_in(connection)
            if self._database.guard.is_untouched:  # else another program wrote meanwhile: it may be half of each
                break
            self._database.require_own()
        if self._ours is not None:
            self._database.guard.judge = self._judge

    @property
    def changed_underneath(self) -> FileError | None:
        """The error that says what another program did to the draft, if that was noticed: nothing more is saved in it.

        Never waits.
        """
        return self._changed

    def look_underneath(self) -> bool:
        """Return whether another program has changed or replaced the draft; for a reader, whether anybody has.

        During a long operation, which checks for itself, this does not check.

        Raises:
            UsageError: ``package.closed``.
        """
        if self.read_only:
            return stamp_of(self.path) not in (None, self._stamp)
        if self._changed is None and not self.busy:
            try:
                self._database.require_own()
            except FileError as error:
                if error.code not in (*CHANGED, *_ELSEWHERE):
                    raise
        return self._changed is not None

    def keep_ours(self, *, progress: Progress = NO_PROGRESS) -> KeptCopy | None:
        """Make the copy that `changed_underneath` names, with all that was saved here; closing the draft does it too.

        None if nothing happened to the draft. A second call returns the same copy.

        Raises:
            Cancelled: the person stopped it; there is no copy yet.
            FileError: the copy cannot be written, as on a full disk.
        """
        if self._changed is None or self._target is None or self._ours is None:
            return None
        from dgdesk.draft.file.kept_copy import keep_open, keep_ours

        with self._keeping:
            if self._kept is None and self._still_open:
                self._kept = keep_open(self._database, self._ours, self._target, progress)
            if self._kept is None:
                who, clock = self._who, self._clock
                self._kept = keep_ours(self._database, self._ours, self._target, who, clock, progress)
            return self._kept

    def _follow(self, record: ChangeRecord | None) -> None:
        if self._ours is not None and record is not None:
            self._ours.follow(record)

    def _judge(self, verdict: Verdict) -> None:
        if self._changed is None:
            if verdict == "touched" and self._is_ours():
                return
            from dgdesk.draft.file.kept_copy import free_name_beside

            self._target = free_name_beside(self.path, self._clock())
            self._still_open = verdict in ("replaced", "removed")
            code = "package.removed_underneath" if verdict == "removed" else "package.changed_underneath"
            self._changed = file_error(self.path, code, kept=self._target.name)
        raise FileError(self._changed.code, **self._changed.values)

    def _is_ours(self) -> bool:
        """Return whether the draft's content is what was read and saved here, so that it was only touched.

        Raises:
            FileError: the file cannot be read at this moment.
        """
        assert self._ours is not None
        try:
            with closing(Database(self.path, "ro")) as fresh:
                require_shape(fresh, version_of(fresh))
                with fresh.reading() as connection:
                    return self._ours.is_in(connection)
        except FileError as error:
            if error.code in _ELSEWHERE:
                raise
            return False
