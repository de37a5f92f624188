"""Every file that a draft stores: its name, its kind, where it is used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol

from dgdesk.draft.file.model import StoredFile
from dgdesk.evidence import media
from dgdesk.survey.answers.attachments import Attachment, attachment_from_json
from dgdesk.survey.answers.values import Json
from dgdesk.survey.rules.evidence_overview import OverviewRow
from dgdesk.text.collation import collation_key
from dgdesk.text.normalise import fold

FileKind = Literal["pdf", "picture", "text_document", "sheet", "slides", "plain", "other"]
FileOrder = Literal["name", "newest", "size", "uses"]
ORDERS: Final[tuple[FileOrder, ...]] = ("name", "newest", "size", "uses")

_KINDS: Final[Mapping[str, FileKind]] = {
    media.PDF: "pdf",
    media.DOC: "text_document",
    media.DOCX: "text_document",
    media.ODT: "text_document",
    media.XLS: "sheet",
    media.XLSX: "sheet",
    media.ODS: "sheet",
    media.CSV: "sheet",
    media.PPT: "slides",
    media.PPTX: "slides",
    media.ODP: "slides",
    media.TEXT: "plain",
}


class Library(Protocol):
    """The part of a draft file that knows files which are not attached now."""

    def files(self) -> Sequence[StoredFile]:
        """Every stored file, in the order of storing."""

    def attached_once(self, digests: Collection[str]) -> Mapping[str, Json]:
        """The last attachment that the journal has for each of the files."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the draft. ``file`` describes it, without marks; ``names`` are all its names, ``uses`` the slots where
    it is attached; ``number`` grows with the order of storing.
    """

    file: Attachment
    names: tuple[str, ...]
    uses: tuple[OverviewRow, ...]
    number: int

    @property
    def kind(self) -> FileKind:
        """What kind of file it is."""
        return kind_of(self.file.media_type)

    @property
    def codes(self) -> tuple[str, ...]:
        """The printed codes of where it is used, each once, in the form's order."""
        return tuple(dict.fromkeys(use.code for use in self.uses))


def kind_of(media_type: str) -> FileKind:
    """Return the kind of file, in the terms that people use."""
    return _KINDS.get(media_type) or ("picture" if media_type.startswith("image/") else "other")


def attached_files(rows: Iterable[OverviewRow]) -> tuple[KeptFile, ...]:
    """Return the files that are attached, in the form's order; needs no draft file."""
    found: dict[str, list[tuple[Attachment, OverviewRow]]] = {}
    for row in rows:
        for one in row.files:
            found.setdefault(one.sha256, []).append((one.attachment, row))
    return tuple(
        KeptFile(
            there[0][0].bare(),
            tuple(dict.fromkeys(one.name for one, _ in there)),
            tuple(row for _, row in there),
            number,
        )
        for number, there in enumerate(found.values())
    )


def all_files(rows: Iterable[OverviewRow], shelf: Library) -> tuple[KeptFile, ...]:
    """Return the files that are attached, then those that are only stored; their numbers are as stored.

    Raises:
        FileError: the draft cannot be read.
    """
    numbers = {one.sha256: number for number, one in enumerate(shelf.files())}
    attached = tuple(replace(one, number=numbers.get(one.file.sha256, -1)) for one in attached_files(rows))
    spare = numbers.keys() - {one.file.sha256 for one in attached}
    known = ((sha256, attachment_from_json(stored)) for sha256, stored in shelf.attached_once(spare).items())
    removed = [KeptFile(one.bare(), (one.name,), (), numbers[sha256]) for sha256, one in known if one is not None]
    return (*attached, *sorted(removed, key=lambda one: one.number))


def found(files: Iterable[KeptFile], query: str, kind_words: Callable[[FileKind], str]) -> tuple[KeptFile, ...]:
    """Return the files whose names, kind or codes contain every word of ``query``, however its Thai was typed."""
    words = [fold(word) for word in query.split()]
    return tuple(one for one in files if all(word in _searched(one, kind_words) for word in words))


def in_order(files: Iterable[KeptFile], order: FileOrder) -> tuple[KeptFile, ...]:
    """Return the files sorted by ``order``, and equal ones by name."""
    keys: dict[FileOrder, Callable[[KeptFile], int]] = {
        "name": lambda one: 0,
        "newest": lambda one: -one.number,
        "size": lambda one: -one.file.size,
        "uses": lambda one: -len(one.uses),
    }
    return tuple(
        sorted(files, key=lambda one: (keys[order](one), collation_key(one.file.name, numbers=True), one.number))
    )


def _searched(one: KeptFile, kind_words: Callable[[FileKind], str]) -> str:
    # joined by a character that nobody types, so that no word is found across two texts
    return "\n".join(map(fold, (*one.names, kind_words(one.kind), *one.codes)))
