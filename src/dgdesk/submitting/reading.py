"""Reads evidence from the draft; an error about a damaged file names the file and its slots."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from dgdesk.bundle.archive.payload import kind_of_head
from dgdesk.bundle.export import PayloadFile
from dgdesk.draft.drafts import Draft
from dgdesk.errors import FileError, UsageError
from dgdesk.evidence.inspection.endings import content_fits, peeked, seen_name
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.rules.evidence_overview import full_code
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.survey.rules.state import State

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
