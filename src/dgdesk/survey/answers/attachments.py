"""Evidence attached to the form: which file is at which slot, and where its key passage is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from dgdesk.survey.answers.marks import LAST_PAGE, Mark, marks_from_json, page_list
from dgdesk.system.bounds import (
    LARGEST_SIZE,
    LONGEST_PAGES,
    LONGEST_PASSAGES,
    MEDIA_TYPE,
    SHA256,
    is_count,
    without_piles,
)
from dgdesk.system.patterns import late
from dgdesk.text.shown import file_name, plain

UNKNOWN_TYPE = "application/octet-stream"
"""The media type of a file whose kind is not known."""


_CODE = late(r"[a-z]+\.[a-z_]{1,40}")
_MOST_CODES = 20


def is_marked(pages: str, passages: str, marks: Collection[Mark] = (), *, whole: bool = False) -> bool:
    """Tell whether the key passage is marked: by pages, in words, by highlights, or as the whole file.

    A text without a letter or digit, such as "-", says nothing.
    """
    # Most files have no words; the rules ask this of each file many times.
    return whole or bool(marks) or (pages + passages != "" and any(one.isalnum() for one in pages + passages))


class Inspected(NamedTuple):
    """What the inspection of a file found when it was attached, so that it need not be inspected again.

    ``found`` are the message codes of what the person was asked about, ``pages`` how many pages a document has (0: not
    known), ``signed`` whether it has a digital signature.
    """

    found: tuple[str, ...] = ()
    pages: int = 0
    signed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the JSON that the draft stores."""
        return {"found": list(self.found), "pages": self.pages, "signed": self.signed}


def inspected_from_json(stored: Any) -> Inspected | None:
    """Read what `Inspected.as_json` wrote; None if it is something else."""
    if not isinstance(stored, dict):
        return None
    found, pages = stored.get("found"), stored.get("pages")
    if not isinstance(found, list | tuple) or len(found) > _MOST_CODES or not is_count(pages, LAST_PAGE):
        return None
    if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in found):
        return None
    return Inspected(tuple(found), pages, stored.get("signed") is True)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file at one slot. ``pages`` and ``passages`` describe its key passage in words, ``marks`` are its highlights.

    ``whole``: a person said that the whole file is the key passage; it is never assumed. ``sha256`` is hex, ``size`` is
    in bytes, ``name`` is the name that the file had when it was attached. ``inspected``
    is None for a file that was attached before outcomes were stored.
    """

    sha256: str
    name: str
    size: int
    media_type: str
    pages: str = ""
    passages: str = ""
    marks: tuple[Mark, ...] = ()
    whole: bool = False
    inspected: Inspected | None = None

    @property
    def missing_pages(self) -> tuple[int, ...]:
        """The pages that are marked and that the file is known not to have."""
        count = self.inspected.pages if self.inspected is not None else 0
        return tuple(sorted({mark.page for mark in self.marks if mark.page > count})) if count else ()

    @property
    def marked(self) -> bool:
        """See `is_marked`."""
        return is_marked(self.pages, self.passages, self.marks, whole=self.whole)

    def bare(self) -> Attachment:
        """Return the file without what was said of its key passage, which belongs to one slot."""
        return replace(self, pages="", passages="", marks=(), whole=False)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON that the draft stores. What came later than 0.1.0 is left out if empty."""
        stored: dict[str, Any] = {
            "sha256": self.sha256,
            "name": self.name,
            "size": self.size,
            "media_type": self.media_type,
            "pages": self.pages,
            "passages": self.passages,
        }
        if self.marks:
            stored["marks"] = [mark.as_json() for mark in self.marks]
        if self.whole:
            stored["whole"] = True
        return {**stored, "inspected": self.inspected.as_json()} if self.inspected is not None else stored


def pages_of(attachment: Attachment) -> str:
    """Return the pages of the key passage as the person wrote them, else those of the marks."""
    return attachment.pages or page_list(attachment.marks)


def marked_words(attachment: Attachment) -> str:
    """Return what the marks say in words: the marked text, or else the note, of each; empty if they have neither."""
    words = (" ".join((mark.text or mark.note).split()) for mark in attachment.marks)
    return " … ".join(dict.fromkeys(word for word in words if word))


Evidence = Mapping[str, tuple[Attachment, ...]]


class Uses:
    """At which slots each file is attached. It follows the evidence: slots that did not change are not read again."""

    def __init__(self) -> None:
        self._followed: dict[str, tuple[Attachment, ...]] = {}
        self._slots: dict[str, dict[str, None]] = {}

    def follow(self, evidence: Evidence) -> None:
        """Take the evidence as it is now. Slots whose files are the same object as before count as unchanged."""
        before, self._followed = self._followed, dict(evidence)
        for slot, files in before.items():
            if evidence.get(slot) is not files:
                now = {one.sha256 for one in evidence.get(slot, ())}
                for one in files:
                    if one.sha256 not in now:
                        self._slots[one.sha256].pop(slot, None)
        for slot, files in evidence.items():
            if before.get(slot) is not files:
                for one in files:
                    self._slots.setdefault(one.sha256, {})[slot] = None

    def of(self, sha256: str) -> tuple[str, ...]:
        """Return the slots of a file; none if it is not attached."""
        return tuple(self._slots.get(sha256, ()))


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
    return Attachment(
        sha256,
        file_name(name),
        size,
        media_type,
        pages,
        passages,
        marks_from_json(stored.get("marks")),
        stored.get("whole") is True,
        inspected_from_json(stored.get("inspected")),
    )


def is_all_read(stored: Any, read: Attachment | None) -> bool:
    """Return whether what was read of a stored attachment is all of it, with each of its marks."""
    if read is None:
        return False
    marks = stored.get("marks", ())
    return (
        isinstance(stored.get("whole", False), bool)
        and isinstance(marks, list | tuple)
        and len(read.marks) == len(marks)
    )
