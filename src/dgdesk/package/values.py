"""Converts JSON values and times to the stored text and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from dgdesk.errors import FileError, UsageError
from dgdesk.package.model import EditKind, Json
from dgdesk.system.bounds import NO_TIME, read_moment, whole_number


def encode(value: Json) -> str | None:
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


def encode_state(kind: EditKind, value: Json) -> str | None:
    """Return `encode` of a value; an empty list of evidence counts as absent."""
    if kind == "evidence" and isinstance(value, Sequence) and len(value) == 0:
        return None
    return encode(value)


def decode(text: str | None) -> Json:
    """Return the value of stored JSON text.

    Raises:
        FileError: ``package.value_damaged``: the text is not JSON.
    """
    if text is None:
        return None
    try:
        value: Json = json.loads(text, parse_int=whole_number)
    except (TypeError, ValueError, RecursionError) as error:
        raise FileError("package.value_damaged", detail=type(error).__name__) from error
    return value


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


def is_alike(one: Json, other: Json) -> bool:
    """Return whether two values are equal; also for values from damage or other programs that `encode` refuses."""
    try:
        return _alike_text(one) == _alike_text(other)
    except (TypeError, ValueError, RecursionError):
        return False


def _alike_text(value: Json) -> str:
    return json.dumps(value, sort_keys=True, default=_plain)


def attached_digests(text: str | None) -> set[str]:
    """Return the SHA-256 of every attachment in the stored text of an evidence list."""
    attachments = decode(text)
    if not isinstance(attachments, list):
        return set()
    digests = (attachment.get("sha256") for attachment in attachments if isinstance(attachment, dict))
    return {digest for digest in digests if isinstance(digest, str)}


def _plain(value: object) -> object:
    """Let the JSON writer accept read-only mappings and sequences too."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError(type(value).__name__)
