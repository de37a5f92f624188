"""Evidence attached to the form: which file is at which slot, and where its key passage is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dgdesk.survey.answers.marks import Mark, marks_from_json, page_list
from dgdesk.system.bounds import (
    LARGEST_SIZE,
    LONGEST_PAGES,
    LONGEST_PASSAGES,
    MEDIA_TYPE,
    SHA256,
    is_count,
    without_piles,
)
from dgdesk.text.shown import file_name, plain

UNKNOWN_TYPE = "application/octet-stream"
"""The media type of a file whose kind is not known."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file at one slot. ``pages`` and ``passages`` describe its key passage in words, ``marks`` are its highlights.

    ``sha256`` is hex, ``size`` is in bytes, ``name`` is the name that the file had when it was attached.
    """

    sha256: str
    name: str
    size: int
    media_type: str
    pages: str = ""
    passages: str = ""
    marks: tuple[Mark, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether pages, a passage or highlights say where the key passage is."""
        return bool(self.pages or self.passages or self.marks)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON that the draft stores; without marks it has no such key, as before marks existed."""
        stored: dict[str, Any] = {
            "sha256": self.sha256,
            "name": self.name,
            "size": self.size,
            "media_type": self.media_type,
            "pages": self.pages,
            "passages": self.passages,
        }
        return {**stored, "marks": [mark.as_json() for mark in self.marks]} if self.marks else stored


def pages_of(attachment: Attachment) -> str:
    """Return the pages of the key passage as the person wrote them, else those of the marks."""
    return attachment.pages or page_list(attachment.marks)


Evidence = Mapping[str, tuple[Attachment, ...]]


def attachment_from_json(stored: Any) -> Attachment | None:
    """Read what `Attachment.as_json` wrote; None if it is something else, or more than a bundle accepts.

    Control characters, and characters that cannot be written, are replaced; invalid marks are left out.
    """
    if not isinstance(stored, dict):
        return None
    texts = [stored.get(key, "") for key in ("sha256", "name", "pages", "passages")]
    texts.append(stored.get("media_type", UNKNOWN_TYPE))
    size = stored.get("size")
    if not all(isinstance(text, str) for text in texts) or not is_count(size, LARGEST_SIZE):
        return None
    sha256, name, pages, passages, media_type = texts
    if not name or not SHA256.fullmatch(sha256) or not MEDIA_TYPE.fullmatch(media_type):
        return None
    if len(pages) > LONGEST_PAGES or len(passages) > LONGEST_PASSAGES:
        return None
    pages, passages = (without_piles(plain(text)) for text in (pages, passages))
    return Attachment(sha256, file_name(name), size, media_type, pages, passages, marks_from_json(stored.get("marks")))


def is_whole(stored: Any, read: Attachment | None) -> bool:
    """Return whether what was read of a stored attachment is all of it, with each of its marks."""
    if read is None:
        return False
    marks = stored.get("marks", ())
    return isinstance(marks, list | tuple) and len(read.marks) == len(marks)
