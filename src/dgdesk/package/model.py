"""THE FILE, value types: what goes into a package and comes out of it. No SQL here, cheap to import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
"""Any JSON value. At the top of an edit ``None`` means absent; inside lists and objects it is JSON null."""

EditKind: TypeAlias = Literal["answer", "evidence"]
Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Edit:
    """One target's value before and after; ``None`` = absent.

    An "evidence" edit carries the whole list of one slot's attachments, each an object with at least ``sha256``;
    the empty list means the same as absent and is stored as such.
    """

    kind: EditKind
    target: str
    old: Json
    new: Json

    def reversed(self) -> Edit:
        """The edit that takes this one back."""
        return Edit(self.kind, self.target, self.new, self.old)


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One entry of the journal. ``undoes`` and ``redoes`` name the entry taken back or done again."""

    number: int
    at: datetime
    who: str
    action: str
    edits: tuple[Edit, ...]
    undoes: int | None
    redoes: int | None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file kept in the package: SHA-256 of its content (64 lower-case hex digits) and its size in bytes.

    ``healed``: the package had a damaged copy of it, which the storing has replaced.
    """

    sha256: str
    size: int
    healed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Room:
    """Where a package's room goes, in bytes; every file counts once.

    ``attached``: files that a place refers to now. ``stored``: all files. ``free``: pages without content, which the
    next files fill. ``size``: the package's file as a whole.
    """

    attached: int
    stored: int
    free: int
    size: int


@dataclass(frozen=True, slots=True)
class Spare:
    """What `compact` could give back, in bytes of files that no place refers to.

    ``unneeded``: nothing can bring them back. ``undoable``: undo or redo could; given up with ``keep_undo=False``.
    ``free``: pages that have no content already.
    """

    unneeded: int
    undoable: int
    free: int


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: files dropped, and the size of the package in bytes before and after it."""

    files: int
    before: int
    after: int

    @property
    def freed(self) -> int:
        """Bytes given back to the disk."""
        return max(0, self.before - self.after)


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """One line of the register of exports: what was exported, and from which state (last change number)."""

    number: int
    at: datetime
    who: str
    state: int
    record: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the package that is not as it was written.

    ``code`` is a message code (``package.check_…``) whose sentence takes ``subject`` (a SHA-256, a target, a change
    number or "") and ``detail`` (a technical remark, in English).
    """

    code: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a package open for writing, as the lock file beside it says."""

    user: str
    host: str
    pid: int
    since: str
