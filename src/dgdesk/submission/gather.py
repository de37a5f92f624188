"""Gathers what is handed in now: the answers that show and their evidence; and what is kept and not sent."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from dgdesk.bundle.archive.payload import kind_of_head
from dgdesk.bundle.export import PayloadFile
from dgdesk.bundle.submission import AnySubmission, EvidenceItem, make_submission, mark_item, place_of_fault
from dgdesk.draft.drafts import Draft, require_respondent
from dgdesk.errors import CheckFailed, FileError, UsageError
from dgdesk.evidence.highlights.geometry import PlacedMark
from dgdesk.evidence.inspection.endings import content_fits, leaving_ending, peeked, seen_name
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.values import UnreadValue, Value
from dgdesk.survey.respondents import Respondent
from dgdesk.survey.rules.codes import full_code, nearest_code
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.survey.rules.state import State
from dgdesk.survey.rules.unsent import Unsent

_SUFFIXES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/heic": "heic",
    "text/plain": "txt",
    "text/csv": "csv",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
}


class Gathered(NamedTuple):
    """What goes into a bundle: the submission, and the stored files by their path below ``data/``.

    ``marks`` has the marks of a file in all its slots, by the same path. The submission names marked copies only after
    they are made (`dgdesk.submission.export.with_copies`).
    """

    submission: AnySubmission
    respondent: Respondent
    files: Mapping[str, Attachment]
    marks: Mapping[str, tuple[PlacedMark, ...]]
    counter: int = 0
    """The state that was gathered; a draft may change while its export is written."""
    unsent: tuple[Unsent, ...] = ()
    """The rest: what the draft has in that state and the bundle does not."""


def gather(draft: Draft) -> Gathered:
    """Gather what is handed in now.

    Raises:
        UsageError: as `require_respondent`.
        CheckFailed: ``export.item_unfit``: something stored cannot be in a bundle; names the slot.
    """
    counter = draft.package.state_counter
    session, state = draft.session, draft.session.state
    respondent = require_respondent(session.form, state.facts.answers)
    files: dict[str, Attachment] = {}
    names: dict[str, str] = {}
    marks: dict[str, tuple[PlacedMark, ...]] = {}
    items = []
    for slot, attachment in handed_in(draft, state):
        path = names.get(attachment.sha256)
        if path is None:
            path = names[attachment.sha256] = f"evidence/E{len(files) + 1:04d}.{_suffix(attachment)}"
            files[path] = attachment
        code = nearest_code(session.form, session.form.nodes[session.form.slots[slot].node].address) or slot
        items.append(_item(slot, path, attachment, code))
        placed = tuple(PlacedMark(code, mark) for mark in attachment.marks)
        if placed:
            marks[path] = marks.get(path, ()) + placed
    answers = {
        node.address: _plain(state.facts.answers[node.address])
        for at, node in enumerate(session.form.nodes)
        if state.shown[at] and node.address in state.facts.answers
    }
    try:
        submission = make_submission(
            respondent,
            {
                "edition": session.form.definition.edition,
                "definition_sha256": draft.package.definition_sha256,
                "answers": answers,
                "evidence": items,
            },
        )
    except ValidationError as error:
        raise CheckFailed("export.item_unfit", place=place_of_fault(error)) from None
    return Gathered(submission, respondent, files, marks, counter, state.unsent)


def _item(slot: str, path: str, attachment: Attachment, code: str) -> EvidenceItem:
    try:
        item = EvidenceItem(
            slot=slot,
            file=path,
            name=attachment.name,
            sha256=attachment.sha256,
            size=attachment.size,
            media_type=attachment.media_type,
            pages=attachment.pages,
            passages=attachment.passages,
        )
        marks = tuple(map(mark_item, attachment.marks))
    except ValidationError:  # its text contains the values
        raise CheckFailed("export.item_unfit", place=code) from None
    later = {"marks": marks, "whole": attachment.whole}
    return item.model_copy(update={key: value for key, value in later.items() if value})


def _suffix(attachment: Attachment) -> str:
    known = _SUFFIXES.get(attachment.media_type)
    if known is not None:
        return known
    return leaving_ending(attachment.name, attachment.media_type, attachment.media_type)


def _plain(value: Value) -> object:
    match value:
        case UnreadValue():
            return {"unread": value.text}
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case tuple():
            return list(value)
    return value


_PIECE = 1 << 20


def handed_in(draft: Draft, state: State) -> Iterator[tuple[str, Attachment]]:
    """Yield the evidence of every slot that asks for evidence now, in printed order."""
    for slot in draft.session.form.slots.values():
        if asks_for_evidence(draft.session.form, state.facts.answers, state.shown, slot):
            for attachment in state.facts.evidence.get(slot.id, ()):
                yield slot.id, attachment


def checked_reader(draft: Draft, attachment: Attachment) -> Callable[[], Iterator[bytes]]:
    """Return a reader of a file; it raises FileError ``export.evidence_damaged`` at the end if it is damaged."""
    return lambda: _read(draft, attachment, checked=True)


def evidence_source(draft: Draft, attachment: Attachment) -> PayloadFile:
    """Return a stored file as the source of a bundle's file; the manifest's digest also proves the stored file.

    Reading or checking it raises FileError ``export.evidence_damaged``.
    """

    def check(digest: str) -> None:
        if digest != attachment.sha256:
            raise _damaged(draft, attachment)

    return PayloadFile(attachment.size, lambda: _read(draft, attachment, checked=False), check)


def require_kinds(draft: Draft, files: Iterable[Attachment]) -> None:
    """Check, before anything is written, that files begin as their kind does: receivers refuse others.

    Raises:
        FileError: ``export.evidence_unfit`` (values name, places); ``export.evidence_damaged``.
    """
    for attachment in files:
        with closing(_read(draft, attachment, checked=False)) as pieces:
            head, _ = peeked(pieces)
        if attachment.size and not content_fits(kind_of_head(head), attachment.media_type):
            for _ in checked_reader(draft, attachment)():  # raises its own error if the file is damaged
                pass
            places = _places(draft, attachment.sha256)
            raise FileError("export.evidence_unfit", name=seen_name(attachment.name), places=places)


def file_source(path: Path) -> PayloadFile:
    """Return a file on the disk as the source of a bundle's file. Raises OSError."""

    def read() -> Iterator[bytes]:
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece

    return PayloadFile(path.stat().st_size, read)


def _read(draft: Draft, attachment: Attachment, *, checked: bool) -> Generator[bytes, None, None]:
    try:
        yield from draft.package.read_file(attachment.sha256, checked=checked)
    except (FileError, UsageError) as error:
        if error.code not in ("package.evidence_damaged", "package.no_such_file"):
            raise
        raise _damaged(draft, attachment) from error


def _damaged(draft: Draft, attachment: Attachment) -> FileError:
    return FileError("export.evidence_damaged", name=attachment.name, places=_places(draft, attachment.sha256))


def _places(draft: Draft, sha256: str) -> str:
    """Return the names of the slots with which a file is handed in."""
    form = draft.session.form
    slots = [slot for slot, one in handed_in(draft, draft.session.state) if one.sha256 == sha256]
    codes = dict.fromkeys(full_code(form, form.nodes[form.slots[slot].node].address) for slot in slots)
    return ", ".join(code for code in codes if code)
