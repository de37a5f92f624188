"""THE FILE, open: the one object through which a survey in work is read and changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from types import TracebackType

from sqlalchemy import select

from dgdesk.errors import FileError
from dgdesk.package import journal, register
from dgdesk.package.care import Care
from dgdesk.package.files import Files
from dgdesk.package.model import ChangeRecord, Edit, ExportRecord, Json
from dgdesk.package.schema import DEFINITION, META, SHRINKING, STATE
from dgdesk.package.values import decode

_KINDS = ("answer", "evidence")


class Package(Files, Care):
    """An open package. Made by `dgdesk.package.opening`; a context manager.

    A change is on disk when the method that makes it returns, or has left no trace when it raises. Nothing is cached:
    what is read is what is committed, by whomever. Any thread may call; calls wait for each other. While files are
    being attached, other threads of this program read between the pieces (each waits some ms, and at the end for the
    disk) but write only afterwards; other connections, of readers in other processes too, are kept out by SQLite from
    about the second MiB to the end (``package.busy`` after seconds). `busy` tells of such work without waiting.
    Callbacks must not call the package. After `close` every call raises `UsageError` ``package.closed``. Reading a
    broken file raises `FileError` ``package.damaged`` or ``package.value_damaged``; every write may raise `FileError`
    ``package.read_only``, ``package.disk_full``, ``package.disk_error``, ``package.busy`` (a reader kept the file for
    seconds) or ``package.moved`` (the file was moved or deleted).
    """

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
            return {
                row.key: row.value
                for row in connection.execute(select(META).order_by(META.c.key))
                if row.key != SHRINKING
            }

    # -- answers and evidence, their journal ---------------------------------------------------------------------

    def answers(self) -> dict[str, Json]:
        """Every stored answer by target."""
        return dict(self._state("answer"))

    def evidence(self) -> dict[str, Json]:
        """The attachments of every slot that has any, each a list unless others have stored something else."""
        return dict(self._state("evidence"))

    def _state(self, kind: str) -> list[tuple[str, Json]]:
        # All rows are looked at: of a damaged table, a search for one kind would silently give none.
        wanted = select(STATE.c.kind, STATE.c.target, STATE.c.value).order_by(STATE.c.kind, STATE.c.target)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        if any(row.kind not in _KINDS for row in rows):
            raise FileError("package.value_damaged", detail="kind")
        return [(row.target, decode(row.value)) for row in rows if row.kind == kind]

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

    def require_growing(self) -> None:
        """See that the journal can take another entry: asked before long work that ends with one.

        Raises:
            FileError: ``package.journal_full``.
        """
        with self._database.reading() as connection:
            journal.require_growing(connection)

    def work_as(self, who: str) -> None:
        """Write later changes in another person's name."""
        self._who = who

    # -- register of exports -------------------------------------------------------------------------------------

    def register_export(self, record: Mapping[str, Json]) -> ExportRecord:
        """Note that this state was exported; the register only grows.

        Raises:
            UsageError: ``package.not_json``.
        """
        with self._database.writing() as connection:
            return register.append(connection, record, self._author())

    def register_reply(self, kind: str, record: Mapping[str, Json]) -> ExportRecord:
        """Note what came back of an export: a receipt, a scan of the signed sheet (see `dgdesk.package.register`).

        Raises:
            UsageError: ``package.not_json``.
        """
        return self.register_export({**record, register.KIND: kind})

    def exports(self) -> tuple[ExportRecord, ...]:
        """The register's exports, oldest first."""
        return register.exports(self.register())

    def register(self) -> tuple[ExportRecord, ...]:
        """The whole register, exports and what came back of them, oldest first."""
        with self._database.reading() as connection:
            return register.lines(connection)
