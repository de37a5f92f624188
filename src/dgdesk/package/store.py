"""THE FILE, open: the one object through which a survey in work is read and changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert_into

from dgdesk.errors import FileError, UsageError
from dgdesk.package import compaction, copying, evidence, inspection, journal, register
from dgdesk.package.database import Database
from dgdesk.package.disk import absolute, free_name, size_of
from dgdesk.package.journal import Author
from dgdesk.package.lock import acquire, this_process
from dgdesk.package.model import (
    Cancelled,
    ChangeRecord,
    Clock,
    Damage,
    Edit,
    ExportRecord,
    Json,
    Progress,
    StoredFile,
)
from dgdesk.package.schema import DEFINITION, FILE, META, STATE
from dgdesk.package.values import decode

_SET_META = upsert_into(META)
_SET_META = _SET_META.on_conflict_do_update(index_elements=[META.c.key], set_={"value": _SET_META.excluded.value})


class Package:
    """An open package. Made by `dgdesk.package.opening`; a context manager.

    A change is on disk when the method that makes it returns, or has left no trace when it raises. Nothing is cached:
    what is read is what is committed, by whomever. Any thread may call; calls wait for each other, so storing a large
    file makes the others wait, and callbacks must not call the package. After `close` every call raises `UsageError`
    ``package.closed``. Reading a broken file raises `FileError` ``package.damaged`` or ``package.value_damaged``;
    every write may raise `FileError` ``package.read_only``, ``package.disk_full``, ``package.disk_error``,
    ``package.busy`` (a reader kept the file for seconds) or ``package.moved`` (the file was moved or deleted).
    """

    def __init__(self, path: Path, database: Database, resources: ExitStack, clock: Clock, who: str) -> None:
        """``resources`` is closed with the package: connection, lock, temporary copy."""
        self.path = path
        self.read_only = database.read_only
        self._database = database
        self._resources = resources
        self._clock = clock
        self._who = who

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let the next writer in; a second call does nothing."""
        self._resources.close()

    # -- what was asked, and facts about the package -------------------------------------------------------------

    @property
    def definition(self) -> bytes:
        """The frozen definition, byte for byte.

        Raises:
            FileError: ``package.definition_damaged``: it is not what was stored.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(DEFINITION.c.sha256, DEFINITION.c.content)).first()
        if row is None or hashlib.sha256(row.content).hexdigest() != row.sha256:
            raise FileError("package.definition_damaged", name=self.path.name)
        return bytes(row.content)

    @property
    def definition_sha256(self) -> str:
        """The SHA-256 of the frozen definition, 64 hex digits."""
        with self._database.reading() as connection:
            digest: str = connection.execute(select(DEFINITION.c.sha256)).scalar_one()
        return digest

    @property
    def meta(self) -> Mapping[str, str]:
        """Facts about the package (edition, province …); they are not part of undo and history."""
        with self._database.reading() as connection:
            return {row.key: row.value for row in connection.execute(select(META).order_by(META.c.key))}

    def set_meta(self, values: Mapping[str, str | None]) -> None:
        """Set or, with ``None``, remove facts; others stay."""
        with self._database.writing() as connection:
            for key, value in values.items():
                if value is None:
                    connection.execute(delete(META).where(META.c.key == bindparam("k")), {"k": key})
                else:
                    connection.execute(_SET_META, {"key": key, "value": value})

    # -- answers and evidence, their journal ---------------------------------------------------------------------

    def answers(self) -> dict[str, Json]:
        """Every stored answer by target."""
        return dict(self._state("answer"))

    def evidence(self) -> dict[str, list[Json]]:
        """The attachments of every slot that has any."""
        return {target: list(value) for target, value in self._state("evidence") if isinstance(value, list)}

    def _state(self, kind: str) -> list[tuple[str, Json]]:
        wanted = select(STATE.c.target, STATE.c.value).where(STATE.c.kind == kind).order_by(STATE.c.target)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [(row.target, decode(row.value)) for row in rows]

    def apply(self, edits: Sequence[Edit], action: str) -> ChangeRecord:
        """Carry out ``edits``, in order, as one change that undo takes back as one; durable on return.

        ``action`` says in a code of the caller's what the person did.

        Raises:
            UsageError: ``package.stale`` (an edit's ``old`` is not the stored value), ``package.no_edits``,
                ``package.not_json``, ``package.unknown_file``.
        """
        with self._database.writing() as connection:
            return journal.change(connection, edits, action, self._author())

    def undo(self) -> ChangeRecord | None:
        """Take the last change back that is not taken back yet; ``None`` when there is none."""
        with self._database.writing() as connection:
            return journal.undo(connection, self._author())

    def redo(self) -> ChangeRecord | None:
        """Do the last change again that was taken back; ``None`` when there is none."""
        with self._database.writing() as connection:
            return journal.redo(connection, self._author())

    @property
    def can_undo(self) -> bool:
        """Whether `undo` has something to take back."""
        return not self.read_only and self._top().undo is not None

    @property
    def can_redo(self) -> bool:
        """Whether `redo` has something to do again."""
        return not self.read_only and self._top().redo is not None

    @property
    def state_counter(self) -> int:
        """The number of the last change; 0 in a fresh package. Equal counters of one package: equal state."""
        return self._top().number

    def history(
        self, limit: int = 100, before: int | None = None, target: str | None = None
    ) -> tuple[ChangeRecord, ...]:
        """The last ``limit`` changes, newest first; only those numbered below ``before``, or touching ``target``."""
        with self._database.reading() as connection:
            return journal.history(connection, limit, before, target)

    def work_as(self, who: str) -> None:
        """Write later changes in another person's name."""
        self._who = who

    def _top(self) -> journal.Top:
        with self._database.reading() as connection:
            return journal.top(connection)

    def _author(self) -> Author:
        return Author(self._who, self._clock())

    # -- files ---------------------------------------------------------------------------------------------------

    def add_file(
        self,
        source: BinaryIO | Path,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> StoredFile:
        """Store a file that no slot refers to yet (`compact` drops it while that is so); see `attach_file`.

        Raises:
            CancelledError: ``cancelled`` returned true; nothing is stored.
            FileError: ``package.source_unreadable``.
            UsageError: ``package.attach_itself``: the source is this package.
        """
        with self._source(source) as (stream, size), self._database.writing() as connection:
            return evidence.store(connection, stream, size, progress, cancelled)

    def attach_file(
        self,
        source: BinaryIO | Path,
        make_edit: Callable[[StoredFile], Edit],
        action: str,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> ChangeRecord:
        """Store a file and carry out the edit that refers to it, both or none; durable on return.

        Raises:
            as `add_file` and `apply` do, and what ``make_edit`` raises.
        """
        with self._source(source) as (stream, size), self._database.writing() as connection:
            stored = evidence.store(connection, stream, size, progress, cancelled)
            return journal.change(connection, [make_edit(stored)], action, self._author())

    def read_file(self, sha256: str) -> Iterator[bytes]:
        """The content of a stored file, in pieces; see `dgdesk.package.evidence.read`.

        The digest is known only at the end: write the pieces to ``.part`` and rename after the iteration ended.

        Raises:
            UsageError: ``package.no_such_file``.
            FileError: ``package.evidence_damaged``, before the last piece at the latest.
        """
        return evidence.read(self._database.reading, sha256)

    def files(self) -> tuple[StoredFile, ...]:
        """Every stored file, in the order of storing."""
        with self._database.reading() as connection:
            rows = connection.execute(select(FILE.c.sha256, FILE.c.size).order_by(FILE.c.id)).all()
        return tuple(StoredFile(row.sha256, row.size) for row in rows)

    @contextmanager
    def _source(self, source: BinaryIO | Path) -> Iterator[tuple[BinaryIO, int]]:
        if not isinstance(source, Path):
            yield source, 0
            return
        try:
            # Not opened to find out: closing a second handle of the package would drop SQLite's locks (POSIX).
            if source.samefile(self.path):
                raise UsageError("package.attach_itself", name=source.name)
            stream = source.open("rb")
        except (OSError, ValueError) as error:
            raise FileError("package.source_unreadable", name=source.name, detail=str(error)) from error
        with stream:
            yield stream, os.fstat(stream.fileno()).st_size

    # -- care of the file ----------------------------------------------------------------------------------------

    def check(self) -> tuple[Damage, ...]:
        """Read the whole file and report what is damaged; empty when all is sound."""
        return inspection.check(self._database)

    def backup(self, target: Path, *, replace: bool = False) -> tuple[Damage, ...]:
        """Write a checked copy of the committed state to ``target``.

        Returns the damage that the package itself has and the copy therefore too; empty when all is sound.

        Raises:
            FileError: ``package.exists`` (unless ``replace``), ``package.held`` (somebody works in the file to be
                replaced), ``package.copy_failed``, disk errors.
            UsageError: ``package.copy_onto_itself``.
        """
        target = absolute(target)
        if target == self.path or (target.exists() and target.samefile(self.path)):
            raise UsageError("package.copy_onto_itself", name=target.name)
        if not replace:
            target = free_name(target)
        with acquire(target, this_process(self._who, self._clock())):
            return copying.copy_package(self._database, target, replace=replace)

    def compact(self, *, keep_undo: bool = True) -> int:
        """Drop files that nothing needs, shrink the package, and return the bytes freed.

        Needed is what a slot refers to now, and what undo or redo could bring back. With ``keep_undo=False`` the undo
        and redo stacks end here (an entry without edits, action ``compact``, says so; history stays readable), and
        only what a slot refers to now is kept. Needs free room of up to twice the package's size; where that is
        missing (``package.disk_full``) the files are dropped, their room is used again, but the package keeps its size.
        """
        before = size_of(self.path)
        with self._database.writing() as connection:
            if not keep_undo:
                journal.forget_undo(connection, "compact", self._author())
            compaction.drop_unneeded(connection)
        self._database.outside_transaction("VACUUM")
        return max(0, before - size_of(self.path))

    # -- register of exports -------------------------------------------------------------------------------------

    def register_export(self, record: Mapping[str, Json]) -> ExportRecord:
        """Note that this state was exported; the register only grows.

        Raises:
            UsageError: ``package.not_json``.
        """
        with self._database.writing() as connection:
            return register.append(connection, record, self._author())

    def exports(self) -> tuple[ExportRecord, ...]:
        """The register of exports, oldest first."""
        with self._database.reading() as connection:
            return register.lines(connection)
