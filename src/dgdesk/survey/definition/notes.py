"""Printed notes by their kind: what continues the question, what has to be read, and what only remarks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from dgdesk.survey.definition.models import Field, Note, NoteKind, Section

PART_OF_QUESTION: Final[frozenset[NoteKind]] = frozenset({"question", "heading"})
"""Kinds without which a question cannot be understood; they are shown like the question, and never left out."""
REMARKS: Final[frozenset[NoteKind]] = frozenset({"note"})
"""Kinds that a print without notes leaves out."""
_REMARK: Final = "หมายเหตุ"


def resolved(notes: Iterable[Note], around: NoteKind = "note") -> tuple[Note, ...]:
    """Return notes with the true kind of each item: one that names no kind is what the text around it is."""
    return tuple(
        note.model_copy(update={"kind": kind, "items": resolved(note.items, kind)})
        for note in notes
        for kind in (around if note.kind == "note" else note.kind,)
    )


def of_kinds(notes: Iterable[Note], kinds: Collection[NoteKind]) -> tuple[Note, ...]:
    """Return what is of one of ``kinds``; where only items of a note are, its label stays above them."""
    return tuple(_kept(resolved(notes), kinds))


def without(notes: Iterable[Note], kinds: Collection[NoteKind]) -> tuple[Note, ...]:
    """Return what is of none of ``kinds``; where only items of a note are left, its label stays above them."""
    notes = tuple(notes)
    return of_kinds(notes, {note.kind for note in _flat(resolved(notes))} - set(kinds))


def without_remarks(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return what is left in a print without notes: no remarks, and no examples that the form labels as one."""
    remarks = (
        note.model_copy(update={"kind": "note"}) if note.kind == "example" and note.label.startswith(_REMARK) else note
        for note in notes
    )
    return without(remarks, REMARKS)


def parted(notes: Iterable[Note]) -> Iterator[tuple[bool, tuple[Note, ...]]]:
    """Yield runs of notes in printed order, each with whether it is part of the question."""
    for is_part, run in groupby(resolved(notes), lambda note: note.kind in PART_OF_QUESTION):
        yield is_part, tuple(run)


def noted(sections: Iterable[Section]) -> Iterator[tuple[str, Note]]:
    """Yield every note and item, with its true kind, and the id of the field or section that it is printed with."""
    for section in sections:
        yield from _with(section.id, section.notes)
        for field in section.fields():
            yield from _of_field(field)


def first_owners(sections: Iterable[Section]) -> dict[str, str]:
    """Return for every text of a note the id of the field or section that it is printed with first."""
    found: dict[str, str] = {}
    for owner, note in noted(sections):
        if note.text:
            found.setdefault(note.text, owner)
    return found


def is_repeat(notes: Iterable[Note], owner: str, first: Mapping[str, str]) -> bool:
    """Tell whether all of these notes were printed before, with another question; ``first`` is of `first_owners`."""
    texts = [note.text for note in _flat(notes) if note.text]
    return bool(texts) and all(first.get(text, owner) != owner for text in texts)


def _of_field(field: Field) -> Iterator[tuple[str, Note]]:
    yield from _with(field.id, field.notes)
    for option in field.options:
        yield from _with(field.id, option.notes)
    for row in field.rows:
        yield from _with(field.id, row.notes)
    yield from _with(field.id, field.notes_after)


def _with(owner: str, notes: Iterable[Note]) -> Iterator[tuple[str, Note]]:
    return ((owner, note) for note in _flat(resolved(notes)))


def _flat(notes: Iterable[Note]) -> Iterator[Note]:
    for note in notes:
        yield note
        yield from _flat(note.items)


def _kept(notes: Iterable[Note], kinds: Collection[NoteKind]) -> Iterator[Note]:
    for note in notes:
        items = tuple(_kept(note.items, kinds))
        if note.kind in kinds:
            yield note.model_copy(update={"items": items})
        elif items:
            yield note.model_copy(update={"text": "", "items": items})
