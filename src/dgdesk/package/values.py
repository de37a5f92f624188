"""THE FILE, values as text: JSON values and times to the text that is stored, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from dgdesk.errors import FileError, UsageError
from dgdesk.package.model import EditKind, Json


def encode(value: Json) -> str | None:
    """Canonical JSON text of ``value`` (keys sorted, no spaces), so that equal values have equal text.

    ``None`` stays ``None`` (absent).

    Raises:
        UsageError: ``package.not_json``: the value is no JSON value (NaN, a lone surrogate, a foreign type).
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
    """Like `encode`, with the empty evidence list written as absent."""
    if kind == "evidence" and isinstance(value, Sequence) and len(value) == 0:
        return None
    return encode(value)


def decode(text: str | None) -> Json:
    """The value of stored JSON text.

    Raises:
        FileError: ``package.value_damaged``: the text is not JSON.
    """
    if text is None:
        return None
    try:
        value: Json = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise FileError("package.value_damaged", detail=type(error).__name__) from error
    return value


def stamp(moment: datetime) -> str:
    """The text of a moment: ISO 8601 in UTC, always with microseconds, so that texts sort like moments."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(text: str) -> datetime:
    """The moment that `stamp` wrote.

    Raises:
        FileError: ``package.value_damaged``: the text is not a time.
    """
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise FileError("package.value_damaged", detail="time") from error


def attached_digests(text: str | None) -> set[str]:
    """The SHA-256 of every attachment in the stored text of an evidence list."""
    attachments = decode(text)
    if not isinstance(attachments, list):
        return set()
    digests = (attachment.get("sha256") for attachment in attachments if isinstance(attachment, dict))
    return {digest for digest in digests if isinstance(digest, str)}


def _plain(value: object) -> object:
    """Let the JSON writer take read-only mappings and sequences too."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError(type(value).__name__)
