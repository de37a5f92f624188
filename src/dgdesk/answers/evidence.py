"""Evidence attached to the form: which file lies at which place, and where its key passage is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dgdesk.answers.marks import Mark, marks_from_json, page_list
from dgdesk.definition.form import Form


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
    """Read what `Attachment.as_json` wrote; None when it is something else."""
    if not isinstance(stored, dict):
        return None
    texts = [stored.get(key, "") for key in ("sha256", "name", "media_type", "pages", "passages")]
    size = stored.get("size")
    if not all(isinstance(text, str) for text in texts) or not isinstance(size, int) or isinstance(size, bool):
        return None
    sha256, name, media_type, pages, passages = texts
    if not sha256:
        return None
    return Attachment(sha256, name, size, media_type, pages, passages, marks_from_json(stored.get("marks")))


def decode_evidence(form: Form, stored: Mapping[str, Any]) -> dict[str, tuple[Attachment, ...]]:
    """Return the attachments of all stored places that the form has."""
    found = {}
    for slot, attachments in stored.items():
        if slot in form.slots and isinstance(attachments, list | tuple):
            read = tuple(one for one in map(attachment_from_json, attachments) if one is not None)
            if read:
                found[slot] = read
    return found
