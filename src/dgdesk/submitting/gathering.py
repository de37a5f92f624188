"""What is handed in now: the answers that show, the evidence of their places, its marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pydantic import ValidationError

from dgdesk.bundle.submission import FORMAT, EvidenceItem, Submission, mark_item, place_of_fault
from dgdesk.draft.drafts import PROVINCE, Draft
from dgdesk.errors import CheckFailed, UsageError
from dgdesk.evidence.highlights.geometry import PlacedMark
from dgdesk.evidence.inspection.endings import leaving_ending
from dgdesk.submitting.reading import handed_in
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.values import Unread, Value
from dgdesk.survey.rules.report import nearest_code

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


@dataclass(frozen=True, slots=True)
class Gathered:
    """What goes into a bundle: the submission, and the stored files by their path below ``data/``.

    ``marks`` has the marks of a file in all its slots, by the same path. The submission names marked copies only after
    they are made (`dgdesk.submitting.copying.with_copies`).
    """

    submission: Submission
    files: Mapping[str, Attachment]
    marks: Mapping[str, tuple[PlacedMark, ...]]
    counter: int = 0
    """The state that was gathered; a draft may change while its export is written."""


def gather(draft: Draft) -> Gathered:
    """Gather what is handed in now.

    Raises:
        UsageError: ``export.no_province``: it would be unknown whose submission this is.
        CheckFailed: ``export.item_unfit``: something stored cannot be in a bundle; names the slot.
    """
    counter = draft.package.state_counter
    session, state = draft.session, draft.session.state
    province = state.facts.answers.get(PROVINCE)
    if not isinstance(province, str):
        raise UsageError("export.no_province")
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
        submission = Submission.model_validate(
            {
                "format": FORMAT,
                "edition": session.form.definition.edition,
                "definition_sha256": draft.package.definition_sha256,
                "province": province,
                "answers": answers,
                "evidence": items,
            }
        )
    except ValidationError as error:
        raise CheckFailed("export.item_unfit", place=place_of_fault(error)) from None
    return Gathered(submission, files, marks, counter)


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
    return item.model_copy(update={"marks": marks}) if marks else item


def _suffix(attachment: Attachment) -> str:
    known = _SUFFIXES.get(attachment.media_type)
    if known is not None:
        return known
    return leaving_ending(attachment.name, attachment.media_type, attachment.media_type)


def _plain(value: Value) -> object:
    match value:
        case Unread():
            return {"unread": value.text}
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case tuple():
            return list(value)
    return value
