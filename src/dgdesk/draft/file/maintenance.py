"""Maintenance of a draft file: checks, safe copies, compaction.

What checks and copies is imported where it is needed: a command that only opens a draft starts without it.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from dgdesk.draft.file import compaction, journal, trial
from dgdesk.draft.file.database import Database
from dgdesk.draft.file.disk import absolute, free_name, new_place_faults, size_of
from dgdesk.draft.file.guarded import Guarded
from dgdesk.draft.file.lock import acquire, this_process
from dgdesk.draft.file.model import Compacted, Damage
from dgdesk.errors import UsageError
from dgdesk.system.progress import NO_PROGRESS, Progress

_CHECK_WAIT_SECONDS = 0.1  # between checks for a cancel


class Maintenance(Guarded):
    """Maintenance of an open draft file."""

    def check(self, *, progress: Progress = NO_PROGRESS) -> tuple[Damage, ...]:
        """Read the whole file and report what is damaged; empty when all is sound.

        Raises:
            Cancelled: the person stopped it.
        """
        from dgdesk.draft.file.inspection import check

        return check(self._database, progress=progress)

    def require_sound(self) -> None:
        """Check that the file does not hold half of a change, before its content is handed out.

        Reads the whole file with all evidence, but computes no digests: that is done when evidence is read.

        Raises:
            FileError: ``package.unfinished``; ``package.changed_underneath``, ``package.removed_underneath``.
        """
        if not self.read_only:
            self._database.require_own()
        trial.require_sound(self._database, missing_files=True)

    def damaged_files(self, *, progress: Progress = NO_PROGRESS) -> tuple[str, ...]:
        """Return the SHA-256 of every damaged stored file; for a background thread.

        Reads on a separate connection, in views of a few ms, so that nothing waits for it; it waits for a long attach.

        Raises:
            Cancelled: the person stopped it.
            UsageError: ``package.closed``.
        """
        from dgdesk.draft.file.inspection import damaged_files

        self._top()  # closed?
        with closing(Database(self._database.path, "ro", wait=_CHECK_WAIT_SECONDS)) as own:
            return damaged_files(own, progress=progress)

    def backup(
        self,
        target: Path,
        *,
        replace: bool = False,
        progress: Progress = NO_PROGRESS,
    ) -> tuple[Damage, ...]:
        """Write a checked copy of the committed state to ``target``.

        Returns the damage that the draft itself, and so the copy, has; empty if all is sound.

        Raises:
            Cancelled: the person stopped it; what lay at ``target`` is as it was.
            FileError: ``package.exists`` (unless ``replace``), ``package.held`` (the file to be replaced is open for
                writing), ``package.copy_failed``, disk errors.
            UsageError: ``package.copy_onto_itself``.
        """
        from dgdesk.draft.file.copying import copy_draft_file

        target = absolute(target)
        if target == self.path or (target.exists() and target.samefile(self.path)):
            raise UsageError("package.copy_onto_itself", name=target.name)
        if not replace:
            target = free_name(target)
        self._top()
        self._database.require_own()  # a backup of another program's content would take the place of a good one
        with new_place_faults(target), acquire(target, this_process(self._who, self._clock())):
            return copy_draft_file(self._database, target, replace=replace, progress=progress)

    def compact(
        self,
        *,
        keep_undo: bool = True,
        progress: Progress = NO_PROGRESS,
    ) -> Compacted:
        """Remove files that nothing needs, shrink the draft file, and return what that gave back.

        A file is needed if a slot refers to it now, or if undo or redo could restore it. With ``keep_undo=False`` the
        undo and redo stacks are emptied (an entry without edits, action ``compact``, records it; history stays
        readable), and only files that a slot refers to now are kept. `spare` says beforehand what either would give.
        Needs free disk space of up to twice the size of the draft; without it (``package.disk_full``) the files are
        removed and their space is used again, but the draft file keeps its size.

        Raises:
            Cancelled: the person stopped it: nothing is changed; ``package.compact_cancelled``: the files are removed,
                but the draft file keeps its size. The last part, writing the file back, cannot be stopped.
        """
        before = size_of(self.path)
        progress = progress.count(before)
        with self._database.writing() as connection:
            if not keep_undo:
                forgotten = journal.forget_undo(connection, "compact", self._author())
            dropped = compaction.drop_unneeded(connection, progress)
        self._follow(None if keep_undo else forgotten)
        self._top()
        compaction.shrink(self._database, progress)
        return Compacted(dropped, before, size_of(self.path))
