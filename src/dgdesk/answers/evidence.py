"""Evidence attached to the form: which file lies at which place, and where its key passage is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dgdesk.answers.marks import Mark, marks_from_json, page_list
from dgdesk.answers.media import OCTETS
from dgdesk.bounds import (
    LARGEST_SIZE,
    LONGEST_PAGES,
    LONGEST_PASSAGES,
    MEDIA_TYPE,
    SHA256,
    is_count,
    without_piles,
)
from dgdesk.definition.form import Form
from dgdesk.shown import file_name, plain


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file at one place. ``pages`` and ``passages`` say in words where its key passage is, ``marks`` show it.

    ``sha256`` is hex, ``size`` is in bytes, ``name`` the file's name as the person knew it.
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
        """Whether anything says where the key passage is."""
        return bool(self.pages or self.passages or self.marks)

    def as_json(self) -> dict[str, Any]:
        """Return the form in which the package stores it; without marks it is what it was before there were any."""
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
    """Return the pages of the key passage: as the person wrote them, else those of the marks."""
    return attachment.pages or page_list(attachment.marks)


Evidence = Mapping[str, tuple[Attachment, ...]]


def attachment_from_json(stored: Any) -> Attachment | None:
    """Read what `Attachment.as_json` wrote; None when it is something else, or more than a bundle takes.

    Signs in texts that act, or cannot be written, are replaced; marks that are none are passed over.
    """
    if not isinstance(stored, dict):
        return None
    texts = [stored.get(key, "") for key in ("sha256", "name", "pages", "passages")]
    texts.append(stored.get("media_type", OCTETS))
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


def unreadable_slots(form: Form, stored: Mapping[str, Any]) -> frozenset[str]:
    """Return the places of which something stored is no attachment, or an attachment's mark none."""
    return frozenset(slot for slot, attached in stored.items() if slot in form.slots and not _is_readable(attached))


def _is_readable(stored: Any) -> bool:
    if stored is None:
        return True
    return isinstance(stored, list | tuple) and all(map(_is_attachment, stored))


def _is_attachment(stored: Any) -> bool:
    read = attachment_from_json(stored)
    if read is None:
        return False
    marks = stored.get("marks", ())
    return isinstance(marks, list | tuple) and len(read.marks) == len(marks)


def decode_evidence(form: Form, stored: Mapping[str, Any]) -> dict[str, tuple[Attachment, ...]]:
    """Return the attachments of all stored places that the form has."""
    found = {}
    for slot, attachments in stored.items():
        if slot in form.slots and isinstance(attachments, list | tuple):
            read = tuple(one for one in map(attachment_from_json, attachments) if one is not None)
            if read:
                found[slot] = read
    return found
