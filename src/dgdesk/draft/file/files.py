"""The evidence files of an open draft: stored, read, repaired, and the space they use."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from sqlalchemy import select

from dgdesk.draft.file import compaction, evidence, journal
from dgdesk.draft.file.database import TransactionStep
from dgdesk.draft.file.guarded import Guarded
from dgdesk.draft.file.model import ChangeRecord, Edit, SpaceUse, Spare, StoredFile, StoredJson
from dgdesk.draft.file.schema import FILE
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress

if TYPE_CHECKING:
    from dgdesk.draft.file.intake import Intake
    from dgdesk.system.sources import Source

_OF_THE_SOURCE = frozenset({"package.source_unreadable", "package.source_changing", "package.attach_itself"})

Taken = TypeVar("Taken")


class _NothingToEnter(Exception):
    """Rolls a transaction back: there is nothing to enter."""


class EvidenceFiles(Guarded):
    """The part of a draft file that stores evidence files."""

    def add_file(
        self,
        source: BinaryIO | Path,
        *,
        progress: Progress = NO_PROGRESS,
    ) -> StoredFile:
        """Store a file that no slot refers to yet (`compact` would remove it); see `attach_files`.

        Raises:
            Cancelled: the person stopped it; nothing is stored.
            FileError: ``package.source_unreadable``, ``package.source_changing``: another program is writing it.
            UsageError: ``package.attach_itself``: the source is this draft.
        """
        with self._taking(_size(source), progress) as (step, intake):
            stored = self._whole(source, intake.take, progress)
            with step() as connection:
                intake.enter(connection)
        self._follow_files([source], [stored])
        return stored

    def attach_file(
        self,
        source: BinaryIO | Path,
        make_edit: Callable[[StoredFile], Edit],
        action: str,
        *,
        progress: Progress = NO_PROGRESS,
    ) -> ChangeRecord:
        """Store a file and apply the edit that refers to it, both or neither; durable on return.

        Raises:
            as `add_file` and `apply` do, and what ``make_edit`` raises. A damaged copy is replaced all the same.
        """

        def make_edits(stored: Sequence[StoredFile | DgdeskError]) -> Sequence[Edit]:
            if isinstance(stored[0], StoredFile):
                return [make_edit(stored[0])]
            raise stored[0]

        record = self.attach_files([source], make_edits, action, progress=progress)
        if record is None:
            raise UsageError("package.no_edits")
        return record

    def attach_files(
        self,
        sources: Sequence[BinaryIO | Path],
        make_edits: Callable[[Sequence[StoredFile | DgdeskError]], Sequence[Edit]],
        action: str,
        *,
        progress: Progress = NO_PROGRESS,
    ) -> ChangeRecord | None:
        """Store files and apply the edits that refer to them as one change; durable on return.

        A file that cannot be read, or that another program keeps writing, is left out; the others are attached.
        ``make_edits`` gets what became of each file, in order: stored, or why not. Where it gives no edits, nothing is
        entered or stored, and None is returned. A content that is stored already is not stored twice; a damaged copy of
        it is replaced, even where the edits are refused or none (``StoredFile.healed``). ``progress`` counts over all
        files.

        Raises:
            Cancelled: the person stopped it; no file is stored.
            as `apply` does, and what ``make_edits`` raises; no file is stored.
        """
        stored: list[StoredFile | DgdeskError] = []
        try:
            with self._taking(sum(map(_size, sources)), progress) as (step, intake):
                for source in sources:
                    stored.append(self._take(intake, source, progress))
                edits = make_edits(tuple(stored))
                if not edits:
                    raise _NothingToEnter
                with step() as connection:
                    intake.enter(connection)
                    record = journal.change(connection, edits, action, self._author())
        except _NothingToEnter:
            self._heal_again(sources, stored)
            return None
        except Cancelled:
            raise
        except DgdeskError:
            self._heal_again(sources, stored)
            raise
        self._follow_files(sources, stored)
        self._follow(record)
        return record

    def heal(self, source: BinaryIO | Path, *, progress: Progress = NO_PROGRESS) -> StoredFile | None:
        """Replace a damaged copy by a sound one; ``healed`` says whether that was needed.

        None if the draft has no file with this content; then nothing is stored.

        Raises:
            as `add_file` does.
        """
        from dgdesk.system.sources import Source

        with self._taking(_size(source), progress) as (step, intake):

            def take(found: BinaryIO | Source) -> StoredFile | None:
                known = intake.knows(found.stream if isinstance(found, Source) else found)
                return intake.take(found) if known else None

            stored = self._whole(source, take, progress)
            with step() as connection:
                intake.enter(connection)
        self._follow_files([source], [stored])
        return stored

    def _take(self, intake: Intake, source: BinaryIO | Path, progress: Progress) -> StoredFile | DgdeskError:
        try:
            return self._whole(source, intake.take, progress)
        except DgdeskError as error:
            if error.code not in _OF_THE_SOURCE:
                raise
            return error

    def _whole(self, source: BinaryIO | Path, take: Callable[[BinaryIO | Source], Taken], progress: Progress) -> Taken:
        """Copy a source by ``take``, again if it changes meanwhile.

        Raises:
            FileError: ``package.source_unreadable``, ``package.source_changing``.
            UsageError: ``package.attach_itself``.
        """
        from dgdesk.system.sources import StillWritten, read_again

        def read() -> Taken:
            with self._opened(source) as found:
                return take(found)

        try:
            return read_again(read, progress.check)
        except StillWritten as error:
            name = source.name if isinstance(source, Path) else ""  # a stream does not change
            raise FileError("package.source_changing", name=name) from error

    def _heal_again(self, sources: Sequence[BinaryIO | Path], stored: Sequence[StoredFile | DgdeskError]) -> None:
        # The transaction that replaced the damaged copies was rolled back for another reason.
        for source, one in zip(sources, stored, strict=False):
            if isinstance(source, Path) and isinstance(one, StoredFile) and one.healed:
                self.heal(source)

    def _follow_files(
        self, sources: Sequence[BinaryIO | Path], stored: Sequence[StoredFile | DgdeskError | None]
    ) -> None:
        for source, one in zip(sources, stored, strict=True):
            if self._ours is not None and isinstance(one, StoredFile):
                self._ours.follow_stored(source, one)

    @contextmanager
    def _taking(self, total: int, progress: Progress) -> Iterator[tuple[TransactionStep, Intake]]:
        from dgdesk.draft.file.early_sync import syncing_early
        from dgdesk.draft.file.intake import taking  # whoever reads a draft stores no file

        with self._database.writing_in_steps() as step:
            with step() as connection:
                self._known_top = journal.top(connection)
            with syncing_early(self._database.handle) as sync, taking(step, progress.count(total), sync) as intake:
                yield step, intake

    def read_file(self, sha256: str, *, checked: bool = True) -> Iterator[bytes]:
        """Yield the content of a stored file in pieces; see `dgdesk.draft.file.evidence.read`.

        The digest is known only at the end: write the pieces with `dgdesk.system.atomic`. Without
        ``checked`` the caller computes it and compares it with ``sha256`` before using the file.

        Raises:
            UsageError: ``package.no_such_file``.
            FileError: ``package.evidence_damaged``, before the last piece at the latest.
        """
        return evidence.read(self._database.reading, sha256, checked=checked)

    def files(self) -> tuple[StoredFile, ...]:
        """Return every stored file, in the order of storing."""
        with self._database.reading() as connection:
            rows = connection.execute(select(FILE.c.sha256, FILE.c.size).order_by(FILE.c.id)).all()
        return tuple(StoredFile(row.sha256, row.size) for row in rows)

    def attached_once(self, digests: Collection[str]) -> dict[str, StoredJson]:
        """Return the last known attachments of files, by SHA-256, with their names.

        Reads the journal backwards only as far as necessary; unknown files are left out.
        """
        with self._database.reading() as connection:
            return journal.attached_once(connection, digests) if digests else {}

    @contextmanager
    def _opened(self, source: BinaryIO | Path) -> Iterator[BinaryIO | Source]:
        if not isinstance(source, Path):
            yield source
            return
        # Do not open it to find out: closing a second handle of the draft would release SQLite's locks (POSIX).
        if self._is_this(source):
            raise UsageError("package.attach_itself", name=source.name)
        from dgdesk.system.sources import opened_source

        with ExitStack() as closing:
            try:
                found = closing.enter_context(opened_source(source))
            except (OSError, ValueError) as error:
                raise _unreadable(source, error) from error
            yield found

    def _is_this(self, source: Path) -> bool:
        try:
            there = source.stat()
        except (OSError, ValueError) as error:
            raise _unreadable(source, error) from error
        try:
            return os.path.samestat(there, self.path.stat())
        except OSError:  # moved, or its disk was removed: writing reports it
            return False

    def space_use(self) -> SpaceUse:
        """Return how the space of the file is used; fast enough for a display."""
        with self._database.reading() as connection:
            return compaction.space_use(connection)

    def spare(self) -> Spare:
        """Return what `compact` could give back, and what with ``keep_undo=False``; reads the journal."""
        with self._database.reading() as connection:
            return compaction.spare(connection)


def _unreadable(path: Path, error: Exception) -> FileError:
    return FileError("package.source_unreadable", name=path.name, detail=getattr(error, "strerror", None) or str(error))


def _size(source: BinaryIO | Path) -> int:
    if not isinstance(source, Path):
        return 0
    try:
        return source.stat().st_size
    except (OSError, ValueError):
        return 0
