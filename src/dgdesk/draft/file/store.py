"""The open draft file: the one object through which a draft is read and changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

from sqlalchemy import select

from dgdesk.draft.file import journal, register, stacks
from dgdesk.draft.file.database import Database
from dgdesk.draft.file.files import EvidenceFiles
from dgdesk.draft.file.maintenance import Maintenance
from dgdesk.draft.file.model import ChangeRecord, Clock, Edit, ExportRecord, StateKey, StoredJson, decode
from dgdesk.draft.file.ranks import rank_of, without_rank
from dgdesk.draft.file.schema import DEFINITION, DRAFT_ID, META, SHRINKING, STATE
from dgdesk.errors import DgdeskError, FileError

_KINDS = ("answer", "attachment")
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class DraftFile(EvidenceFiles, Maintenance):
    """An open draft file, made by `dgdesk.draft.file.opening`; a context manager.

    A change is on disk when the method that makes it returns, or has left no trace if it raises. Nothing is cached:
    reads return what is committed, by any connection. Any thread may call; calls wait for each other. While files are
    being attached, other threads of this program read between the pieces (each waits a few ms, and at the end for the
    disk) but write only afterwards; SQLite keeps out other connections, also of readers in other processes, from about
    the second MiB to the end (``package.busy`` after seconds). `busy` says without waiting if such work is under way.
    Callbacks must not call the draft file. After `close` every call raises `UsageError` ``package.closed``. Reading a
    damaged file raises `FileError` ``package.damaged`` or ``package.value_damaged``; every write may raise `FileError`
    ``package.read_only``, ``package.disk_full``, ``package.disk_error``, ``package.busy`` (a reader held the file for
    seconds), ``package.moved`` (the file was moved or deleted), ``package.changed_underneath`` or
    ``package.removed_underneath`` (value kept): another program wrote over it, put another file in its place or removed
    it. Then nothing more is saved in it, and what was saved is in the copy of that name (`keep_ours`).
    """

    def __init__(self, path: Path, database: Database, resources: ExitStack, clock: Clock, who: str) -> None:
        """As `Opened`; what the file holds now counts as read."""
        super().__init__(path, database, resources, clock, who)
        self._closed = False
        self._begin_guard()

    def __enter__(self) -> DraftFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and release the writer's lock; a second call does nothing.

        Raises:
            FileError: another program has changed the draft, and the copy of the work could not be made (`keep_ours`).
        """
        try:
            if not self._closed:
                if self._ours is not None and self._ours.saved:
                    # What was saved here may have been written over since, which nobody has noticed yet.
                    with suppress(DgdeskError):
                        self.look_underneath()
                self.keep_ours()
        finally:
            self._closed = True
            self._resources.close()

    # -- the definition, and facts about the draft ---------------------------------------------------------------

    @property
    def definition(self) -> bytes:
        """Return the frozen definition, byte for byte.

        Raises:
            FileError: ``package.definition_damaged``: it differs from its digest.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(DEFINITION.c.sha256, DEFINITION.c.content)).first()
        if row is None or hashlib.sha256(row.content).hexdigest() != row.sha256:
            raise FileError("package.definition_damaged", name=self.path.name)
        return bytes(row.content)

    @property
    def definition_sha256(self) -> str:
        """Return the SHA-256 of the frozen definition, 64 hex digits."""
        with self._database.reading() as connection:
            digest: str = connection.execute(select(DEFINITION.c.sha256)).scalar_one()
        return digest

    @property
    def meta(self) -> Mapping[str, str]:
        """Return facts about the draft (edition, province …), which have no undo and no history."""
        with self._database.reading() as connection:
            return {
                row.key: row.value
                for row in connection.execute(select(META).order_by(META.c.key))
                if row.key not in (SHRINKING, DRAFT_ID)
            }

    @property
    def draft_id(self) -> str:
        """Return which draft this is: a random UUID that every copy of the file keeps, as it keeps the register.

        Empty in a file of before there were any that nobody has opened for writing since, or that is damaged.
        """
        with self._database.reading() as connection:
            found = connection.execute(select(META.c.value).where(META.c.key == DRAFT_ID)).scalar_one_or_none()
        return found if found is not None and _UUID.fullmatch(found) else ""

    # -- answers and evidence, their journal ---------------------------------------------------------------------

    def answers(self) -> dict[str, StoredJson]:
        """Return every stored answer by target."""
        return {key.target: value for key, value in self._state("answer").items()}

    def attachments(self) -> dict[StateKey, StoredJson]:
        """Return every stored attachment as it is stored, in the order of its key."""
        return self._state("attachment")

    def evidence(self) -> dict[str, list[StoredJson]]:
        """Return the attachments of every slot that has any, in their order, without their ranks."""
        found: dict[str, list[StoredJson]] = {}
        for key, value in sorted(self.attachments().items(), key=lambda row: (rank_of(row[1]), row[0].file)):
            found.setdefault(key.target, []).append(without_rank(value))
        return dict(sorted(found.items()))

    def stored(self) -> dict[StateKey, StoredJson]:
        """Return every stored answer and attachment, in one reading."""
        return {key: decode(text) for key, text in self._texts()}

    def _state(self, kind: str) -> dict[StateKey, StoredJson]:
        return {key: decode(text) for key, text in self._texts() if key.kind == kind}

    def _texts(self) -> list[tuple[StateKey, str | None]]:
        # Read all rows: in a damaged table, a search for one kind would silently find none.
        wanted = select(STATE).order_by(STATE.c.kind, STATE.c.target, STATE.c.file)
        with self._database.reading() as connection:
            rows = [(StateKey(*key), text) for *key, text in connection.execute(wanted)]
        if any(key.kind not in _KINDS for key, _ in rows):
            raise FileError("package.value_damaged", detail="kind")
        return rows

    def apply(self, edits: Sequence[Edit], action: str) -> ChangeRecord:
        """Apply ``edits``, in order, as one change with one undo; durable on return.

        ``action`` is a code of the caller for what the person did.

        Raises:
            UsageError: ``package.stale`` (an edit's ``old`` is not the stored value), ``package.no_edits``,
                ``package.not_json``, ``package.unknown_file`` (the draft does not have the file of an attachment).
        """
        with self._database.writing() as connection:
            record = journal.change(connection, edits, action, self._author())
        self._follow(record)
        return record

    def undo(self) -> ChangeRecord | None:
        """Undo the last change that is not undone yet; None if there is none."""
        with self._database.writing() as connection:
            record = journal.undo(connection, self._author())
        self._follow(record)
        return record

    def redo(self) -> ChangeRecord | None:
        """Redo the change that was undone last; None if there is none."""
        with self._database.writing() as connection:
            record = journal.redo(connection, self._author())
        self._follow(record)
        return record

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return not self.read_only and self._top().undo is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return not self.read_only and self._top().redo is not None

    @property
    def steps_there(self) -> tuple[bool, bool]:
        """`can_undo` and `can_redo`, in one reading of the file."""
        top = self._top()
        return not self.read_only and top.undo is not None, not self.read_only and top.redo is not None

    @property
    def state_counter(self) -> int:
        """The number of the last change, 0 in a new draft. Equal counters of one draft mean equal state."""
        return self._top().number

    def history(
        self, limit: int = 100, before: int | None = None, target: str | None = None
    ) -> tuple[ChangeRecord, ...]:
        """Return the last ``limit`` changes, newest first; only numbers below ``before``, and only with ``target``."""
        with self._database.reading() as connection:
            return journal.history(connection, limit, before, target)

    def undo_stack(self, limit: int = 100) -> tuple[ChangeRecord, ...]:
        """Return up to ``limit`` changes that `undo` would take back, the next one first."""
        with self._database.reading() as connection:
            return stacks.undo_stack(connection, limit)

    def redo_stack(self, limit: int = 100) -> tuple[ChangeRecord, ...]:
        """Return up to ``limit`` changes that `redo` would do again, the next one first."""
        with self._database.reading() as connection:
            return stacks.redo_stack(connection, limit)

    def require_growing(self) -> None:
        """Check that the journal can take another entry, before long work that ends with one.

        Raises:
            FileError: ``package.journal_full``.
        """
        with self._database.reading() as connection:
            journal.require_growing(connection)

    def work_as(self, who: str) -> None:
        """Make later changes in another person's name."""
        self._who = who

    # -- register of exports -------------------------------------------------------------------------------------

    def register_export(self, record: Mapping[str, StoredJson]) -> ExportRecord:
        """Record that this state was exported; the register only grows.

        Raises:
            UsageError: ``package.not_json``.
        """
        with self._database.writing() as connection:
            line = register.append(connection, record, self._author())
        if self._ours is not None:
            self._ours.follow_line(line, record)
        return line

    def register_reply(self, kind: str, record: Mapping[str, StoredJson]) -> ExportRecord:
        """Record a reply to an export: a receipt, a scan of the signed sheet (see `dgdesk.draft.file.register`).

        Raises:
            UsageError: ``package.not_json``.
        """
        return self.register_export({**record, register.KIND: kind})

    def exports(self) -> tuple[ExportRecord, ...]:
        """Return the register's exports, oldest first."""
        return register.exports(self.register())

    def register(self) -> tuple[ExportRecord, ...]:
        """Return the whole register, exports and their replies, oldest first."""
        with self._database.reading() as connection:
            return register.lines(connection)
