"""Value types of a draft file, and JSON values and times as the text that is stored. Cheap to import: no SQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from dgdesk.errors import FileError, UsageError
from dgdesk.system.bounds import NO_TIME, read_moment, whole_number

StoredJson: TypeAlias = bool | int | float | str | Sequence["StoredJson"] | Mapping[str, "StoredJson"] | None
"""Any JSON value. At the top of an edit ``None`` means absent; inside lists and objects it is JSON null."""

EditKind: TypeAlias = Literal["answer", "attachment"]
Clock: TypeAlias = Callable[[], datetime]

_DECODER: Final = json.JSONDecoder(parse_int=whole_number)


class StateKey(NamedTuple):
    """The key of a stored value: an answer by its address, an attachment by its slot and the SHA-256 of its file."""

    kind: str
    target: str
    file: str = ""


class Edit(NamedTuple):
    """One value before and after; None means absent.

    The value of an attachment is an object with at least ``sha256``, which is ``file``, and ``rank``, a whole number:
    attachments of a slot are in the order of their ranks. See `dgdesk.draft.file.ranks`.
    """

    kind: EditKind
    target: str
    old: StoredJson
    new: StoredJson
    file: str = ""

    @property
    def key(self) -> StateKey:
        """Which stored value it changes."""
        return StateKey(self.kind, self.target, self.file)


class ChangeRecord(NamedTuple):
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

    ``healed``: the draft had a damaged copy of it, which was replaced. ``stamp``: size and times of change of the file
    that it was copied from; empty if it came from a stream, or was not copied now.
    """

    sha256: str
    size: int
    healed: bool = field(default=False, compare=False)
    stamp: tuple[int, ...] = field(default=(), compare=False)


class SpaceUse(NamedTuple):
    """How the space of a draft file is used, in bytes; every file counts once.

    ``attached``: files that a slot refers to now. ``stored``: all files. ``free``: pages without content, for the next
    files. ``size``: the whole draft file.
    """

    attached: int
    stored: int
    free: int
    size: int


class Spare(NamedTuple):
    """What `compact` could give back, in bytes of files that no slot refers to.

    ``unneeded``: nothing can restore them. ``undoable``: undo or redo could; removed with ``keep_undo=False``.
    ``free``: pages without content.
    """

    unneeded: int
    undoable: int
    free: int


class Compacted(NamedTuple):
    """The result of a compaction: the number of files removed, and the draft's size in bytes before and after."""

    files: int
    before: int
    after: int

    @property
    def freed(self) -> int:
        """Bytes given back to the disk."""
        return max(0, self.before - self.after)


class ExportRecord(NamedTuple):
    """One line of the register of exports: what was exported, and from which state (last change number)."""

    number: int
    at: datetime
    who: str
    state: int
    record: Mapping[str, StoredJson]


class Damage(NamedTuple):
    """Something in the draft file that is not as it was written.

    ``code`` is a message code (``package.check_…``) whose sentence uses ``subject`` (a SHA-256, a target, a change
    number or "") and ``detail`` (a technical remark, in English).
    """

    code: str
    subject: str
    detail: str


class LockHolder(NamedTuple):
    """Who has a draft open for writing, according to the lock file beside it."""

    user: str
    host: str
    pid: int
    since: str


def encode(value: StoredJson) -> str | None:
    """Return the canonical JSON text of ``value`` (sorted keys, no spaces): equal values have equal text.

    ``None`` stays ``None`` (absent).

    Raises:
        UsageError: ``package.not_json``: this is no JSON value (NaN, a lone surrogate, an unknown type).
    """
    if value is None:
        return None
    try:
        text = json.dumps(
            value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
        )
        text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError("package.not_json", detail=str(error)) from error
    return text


def decode(text: str | None) -> StoredJson:
    """Return the value of stored JSON text.

    Raises:
        FileError: ``package.value_damaged``: the text is not JSON.
    """
    if text is None:
        return None
    try:
        value: StoredJson = _DECODER.decode(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise FileError("package.value_damaged", detail=type(error).__name__) from error
    return value


def is_sound(text: str | None) -> bool:
    """Return whether a stored text is JSON."""
    try:
        decode(text)
    except FileError:
        return False
    return True


def stamp(moment: datetime) -> str:
    """Return a moment as text: ISO 8601 in UTC, always with microseconds, so that texts sort by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(text: str) -> datetime:
    """Return the moment that `stamp` wrote.

    Raises:
        FileError: ``package.value_damaged``: the text is no time within the bounds (`dgdesk.system.bounds`).
    """
    try:
        return read_moment(text)
    except ValueError as error:
        raise FileError("package.value_damaged", detail="time") from error


def moment_or_none(text: str) -> datetime:
    """Return the moment that `stamp` wrote, or ``NO_TIME``: one damaged time must not hide the rest of the journal."""
    try:
        return read_moment(text)
    except ValueError:
        return NO_TIME


def is_alike(one: StoredJson, other: StoredJson) -> bool:
    """Return whether two values are equal; also for values from damage or other programs that `encode` refuses."""
    try:
        return _alike_text(one) == _alike_text(other)
    except (TypeError, ValueError, RecursionError):
        return False


def _alike_text(value: StoredJson) -> str:
    return json.dumps(value, sort_keys=True, default=_plain)


def digest_in(value: StoredJson) -> str | None:
    """Return the SHA-256 that an attachment names; None if it names none."""
    digest = value.get("sha256") if isinstance(value, Mapping) else None
    return digest if isinstance(digest, str) else None


def _plain(value: object) -> object:
    """Let the JSON writer accept read-only mappings and sequences too."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError(type(value).__name__)
