"""The value types of a draft file. No SQL here, cheap to import."""

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
    """One target's value before and after; None means absent.

    An "evidence" edit has the whole list of one slot's attachments, each an object with at least ``sha256``; an empty
    list means absent and is stored as such.
    """

    kind: EditKind
    target: str
    old: Json
    new: Json

    def reversed(self) -> Edit:
        """Return the edit that undoes this one."""
        return Edit(self.kind, self.target, self.new, self.old)


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One entry of the journal. ``undoes`` and ``redoes`` name the entry that it undoes or redoes."""

    number: int
    at: datetime
    who: str
    action: str
    edits: tuple[Edit, ...]
    undoes: int | None
    redoes: int | None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file stored in the draft: SHA-256 of its content (64 lower-case hex digits) and its size in bytes.

    ``healed``: the draft had a damaged copy of it, which was replaced.
    """

    sha256: str
    size: int
    healed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Room:
    """How the space of a draft file is used, in bytes; every file counts once.

    ``attached``: files that a slot refers to now. ``stored``: all files. ``free``: pages without content, for the next
    files. ``size``: the whole draft file.
    """

    attached: int
    stored: int
    free: int
    size: int


@dataclass(frozen=True, slots=True)
class Spare:
    """What `compact` could give back, in bytes of files that no slot refers to.

    ``unneeded``: nothing can restore them. ``undoable``: undo or redo could; removed with ``keep_undo=False``.
    ``free``: pages without content.
    """

    unneeded: int
    undoable: int
    free: int


@dataclass(frozen=True, slots=True)
class Compacted:
    """The result of a compaction: the number of files removed, and the draft's size in bytes before and after."""

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
    """Something in the draft file that is not as it was written.

    ``code`` is a message code (``package.check_…``) whose sentence uses ``subject`` (a SHA-256, a target, a change
    number or "") and ``detail`` (a technical remark, in English).
    """

    code: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a draft open for writing, according to the lock file beside it."""

    user: str
    host: str
    pid: int
    since: str
