"""What an import takes from the full index for one file, and what it reports of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from dgdesk.evidence.inspection.issue import FileIssue
from dgdesk.folders.index import YES, IndexRow
from dgdesk.folders.matching import SlotMatch
from dgdesk.folders.placing import Known, place_here, place_words
from dgdesk.survey.answers.attachments import Attachment, pages_of
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form

_NUMBERED = re.compile(r"E[0-9]{4,} (?=.)")


@dataclass(frozen=True)
class FromIndex:
    """Where a file goes (no slot: to be chosen among ``candidates``), and as what; ``issues`` are to be reported of it.

    ``attachment`` has the name and the key passage, ``order`` is the file's position at its slot, None elsewhere.
    """

    slot: str | None
    candidates: tuple[str, ...]
    attachment: Attachment
    order: int | None = None
    issues: tuple[FileIssue, ...] = ()


def from_index(
    form: Form, answers: Answers, path: PurePosixPath, known: Known, match: SlotMatch, row: IndexRow | None
) -> FromIndex:
    """Return what is taken for a file; ``match`` is what its present name means, ``row`` its line in the list.

    A moved file goes where its new name clearly says. A changed one keeps what was said of it in words; its highlights
    were drawn on another content and are not taken.
    """
    entry, wanted = known.entry, known.entry.attachment
    place = place_here(form, answers, entry)
    here = place.slots[0] if place.sure else None
    issues = []
    name = _name_now(path, known)
    if place.issue:
        issues.append(_issue(place.issue, name, number=place.number))
    slot, candidates = here, place.slots
    named_elsewhere = known.moved and bool(match.slots) and here not in match.slots
    if named_elsewhere or (not place.slots and match.sure):
        slot = match.slots[0] if match.sure else None
        candidates = tuple(dict.fromkeys((*match.slots, *place.slots)))
        if slot is not None and place.sure:
            issues.append(_issue("carry.moved", name, place=place_words(form, answers, entry.slot)))
    if not known.same:
        code = "carry.changed_marks" if wanted.marks else "carry.changed"
        issues += [_issue(code, name, count=len(wanted.marks))] if wanted.marked else []
        wanted = replace(wanted, marks=())
    elif row is not None and not known.moved and _differs(row, entry.attachment):
        issues.append(_issue("carry.list_differs", name))
    return FromIndex(slot, candidates, replace(wanted, name=name), entry.order if slot == here else None, tuple(issues))


def differs_here(wanted: Attachment, there: Attachment) -> FileIssue | None:
    """Say that a file which lies at its place already has another key passage there than in the index."""
    said = [(one.pages, one.passages, one.marks, one.whole) for one in (wanted, there)]
    return _issue("carry.differs_here", there.name) if wanted.marked and said[0] != said[1] else None


def _name_now(path: PurePosixPath, known: Known) -> str:
    """Return the original name, or the name that a person gave the file since, without our number before it."""
    if path.name == PurePosixPath(known.entry.path).name:
        return known.entry.attachment.name
    return _NUMBERED.sub("", path.name, count=1)


def _differs(row: IndexRow, one: Attachment) -> bool:
    """Tell whether somebody changed the key passage in the list for Excel, from which it is not taken."""
    said = (row.pages, row.passages, row.whole_file == YES)
    return _plain(*said) != _plain(pages_of(one), one.passages, one.whole)


def _plain(pages: str, passages: str, whole: bool) -> tuple[str, str, bool]:
    return pages.strip(), " ".join(passages.split()), whole


def _issue(code: str, name: str, **values: object) -> FileIssue:
    return FileIssue(code, "ask", {"name": name, **values})
