"""From a draft to a signed bundle: what is handed in, gathered and exported.

Left out: answers and evidence of what is skipped or not asked (they stay in the draft), and points entered for external
indicators (the agency knows them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import replace as with_values
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from dgdesk.answers.evidence import Attachment
from dgdesk.answers.values import Unread, Value
from dgdesk.bundle.bag import BagInfo
from dgdesk.bundle.export import ExportCancelled, ExportReport, PayloadSource, explain_write, export_bundle
from dgdesk.bundle.identity import Identity
from dgdesk.bundle.report import Problem
from dgdesk.bundle.submission import FORMAT, EvidenceItem, Submission, canonical_json, mark_item
from dgdesk.drafts import PROVINCE, Draft
from dgdesk.errors import CheckFailed, FileError, UsageError
from dgdesk.marking.batch import Copies, Wanted, make_copies, scratch_folder
from dgdesk.marking.copies import marked_suffix
from dgdesk.marking.model import PlacedMark
from dgdesk.rules.places import full_code
from dgdesk.rules.problems import asks_for_evidence
from dgdesk.rules.report import nearest_code, score_report
from dgdesk.rules.state import State

_PAGES = 10  # of the print, after which an export listens for a stop
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

    ``marks`` are those of all places of a file, by the same path. The submission names marked copies only once they are
    made (`with_copies`).
    """

    submission: Submission
    files: Mapping[str, Attachment]
    marks: Mapping[str, tuple[PlacedMark, ...]]
    counter: int = 0
    """The state that was gathered; a draft may be worked on while its export is written."""


def gather(draft: Draft) -> Gathered:
    """Gather what is handed in now.

    Raises:
        UsageError: ``export.no_province``: nobody could tell whose submission it is.
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
    for slot, attachment in _handed_in(draft, state):
        path = names.get(attachment.sha256)
        if path is None:
            path = names[attachment.sha256] = f"evidence/E{len(files) + 1:04d}.{_suffix(attachment)}"
            files[path] = attachment
        items.append(
            EvidenceItem(
                slot=slot,
                file=path,
                name=attachment.name,
                sha256=attachment.sha256,
                size=attachment.size,
                media_type=attachment.media_type,
                pages=attachment.pages,
                passages=attachment.passages,
            )
        )
        if attachment.marks:
            items[-1] = items[-1].model_copy(update={"marks": tuple(map(mark_item, attachment.marks))})
        code = nearest_code(session.form, session.form.nodes[session.form.slots[slot].node].address) or slot
        placed = tuple(PlacedMark(code, mark) for mark in attachment.marks)
        if placed:
            marks[path] = marks.get(path, ()) + placed
    answers = {
        node.address: _plain(state.facts.answers[node.address])
        for at, node in enumerate(session.form.nodes)
        if state.shown[at] and node.address in state.facts.answers
    }
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
    return Gathered(submission, files, marks, counter)


def with_copies(submission: Submission, copies: Copies) -> Submission:
    """Return the submission with the marked copies named that were made."""

    def named(item: EvidenceItem) -> EvidenceItem:
        copy = copies.files.get(_stem(item.file)) if item.marks else None
        return item if copy is None else item.model_copy(update={"marked_file": f"marked/{copy.name}"})

    return submission.model_copy(update={"evidence": tuple(map(named, submission.evidence))})


def digest_for_signature(draft: Draft, scratch: Path | None = None, *, check: Callable[[], None] = lambda: None) -> str:
    """Return the answers digest of what would be exported now; marked copies are made for it, and thrown away.

    ``check`` is called now and then; what it raises passes through.

    Raises:
        CheckFailed: ``print.not_ready``: only a form that is ready is printed for signature.
        UsageError: as `gather`.
        FileError: as `export_bundle`, where copies cannot be made.
    """
    errors = _errors(draft.session.state)
    if errors:
        raise CheckFailed("print.not_ready", count=errors)
    gathered = gather(draft)
    folder = (scratch or draft.path.parent) / f"{draft.path.name}.marking.part"
    wanted = _wanted(draft, gathered)
    if not wanted:
        return sha256(gathered.submission.to_bytes()).hexdigest()
    try:
        with scratch_folder(folder) as place:
            return sha256(
                with_copies(gathered.submission, make_copies(wanted, place, check=check)).to_bytes()
            ).hexdigest()
    except OSError as error:
        raise explain_write(error, folder) from error


def check_exportable(draft: Draft, target: Path, *, as_draft: bool = False) -> None:
    """Say what stands against an export before anything is made for it; `export_draft` asks too.

    Raises:
        CheckFailed: ``export.not_ready`` with the number of errors, unless ``as_draft``.
        UsageError: ``export.onto_draft``: the target is the draft itself; as `gather`.
    """
    if _same_file(target, draft.path):
        raise UsageError("export.onto_draft", name=target.name)
    errors = _errors(draft.session.state)
    if errors and not as_draft:
        raise CheckFailed("export.not_ready", count=errors)
    if not isinstance(draft.session.state.facts.answers.get(PROVINCE), str):
        raise UsageError("export.no_province")


def export_draft(
    draft: Draft,
    target: Path,
    *,
    identity: Identity,
    claimed_time: datetime,
    as_draft: bool = False,
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    scratch: Path | None = None,
    settle: Callable[[ExportReport], ExportReport] | None = None,
) -> ExportReport:
    """Export a signed bundle, enter it into the draft's register, and write its sign-off sheet beside it.

    A form that is not ready is exported only ``as_draft``, and marked so in the bag. Marked copies are made in a folder
    inside ``scratch``, else beside the target, which is gone afterwards. Evidence without a copy that it should have is
    told in the report, and does not stop the export. ``settle`` is handed the bundle before it enters the register, and
    returns what to enter in its place (`dgdesk.filing.sealed`).

    Raises:
        as `check_exportable`, `export_bundle` and `write_signoff`.
    """
    check_exportable(draft, target, as_draft=as_draft)
    gathered = gather(draft)
    wanted = _wanted(draft, gathered)
    if not wanted:
        return _export(
            draft, target, gathered, Copies({}, {}), identity, claimed_time, replace, progress, cancelled, settle
        )
    if target.exists() and not replace:  # told before copies are made in vain
        raise FileError("bundle.exists", path=target)
    before = sum(one.size for one in wanted)
    # Copies are about as large as their originals, and everything is written once and read back once.
    guess = before + 2 * (before + sum(attachment.size for attachment in gathered.files.values()))

    def check() -> None:
        if cancelled and cancelled():
            raise ExportCancelled("bundle.cancelled")

    def marked(done: int) -> None:
        if progress:
            progress(done, guess)

    def exported(done: int, total: int) -> None:
        if progress:
            progress(before + done, before + total)

    try:
        with scratch_folder((scratch or target.parent) / f"{target.name}.marking.part") as folder:
            copies = make_copies(wanted, folder, progress=marked, check=check)
            return _export(
                draft, target, gathered, copies, identity, claimed_time, replace, exported, cancelled, settle
            )
    except OSError as error:
        raise explain_write(error, target) from error


def _export(
    draft: Draft,
    target: Path,
    gathered: Gathered,
    copies: Copies,
    identity: Identity,
    claimed_time: datetime,
    replace: bool,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
    settle: Callable[[ExportReport], ExportReport] | None,
) -> ExportReport:
    from dgdesk.paper import Choices, print_draft, write_signoff  # takes 0.3 s, which opening a dialog need not

    errors = _errors(draft.session.state)
    submission = with_copies(gathered.submission, copies)
    province = draft.province or submission.province
    content = submission.to_bytes()

    def printed(page: int, pages: int) -> None:
        if page % _PAGES == 1 and cancelled and cancelled():
            raise ExportCancelled("bundle.cancelled")

    survey = print_draft(
        draft,
        Choices(variant="draft" if errors else "final"),
        claimed=claimed_time,
        answers_digest=sha256(content).hexdigest(),
        progress=printed,
    )
    payload: dict[str, PayloadSource] = {
        "submission.json": content,
        "definition.json": draft.package.definition,
        "score.json": canonical_json(_score(draft)),
        "survey.pdf": survey.data,
    }
    for path, attachment in gathered.files.items():
        payload[path] = (attachment.size, _reader(draft, attachment))
    for copy in copies.files.values():
        payload[f"marked/{copy.name}"] = (copy.stat().st_size, _file_reader(copy))
    report = export_bundle(
        target,
        name=f"{submission.edition}-{submission.province}",
        payload=payload,
        info=BagInfo(
            source_organization=province,
            external_identifier=f"{submission.edition}:{submission.province}",
            bagging_date=claimed_time.date(),
            draft=bool(errors),
        ),
        identity=identity,
        claimed_time=claimed_time,
        replace=replace,
        progress=progress,
        cancelled=cancelled,
    )
    if settle:
        report = settle(report)
    if not draft.package.read_only:
        draft.package.register_export(
            {
                "digest": report.digest,
                "answers_digest": report.answers_digest,
                "signer": identity.fingerprint,
                "claimed_time": claimed_time.isoformat(),
                "draft": bool(errors),
                "file": report.path.name,
                "counter": gathered.counter,
            }
        )
    signoff = write_signoff(draft, report, identity, claimed_time)
    return with_values(report, unmarked=_unmarked(gathered, copies), signoff=signoff)


def _wanted(draft: Draft, gathered: Gathered) -> list[Wanted]:
    return [
        Wanted(
            _stem(path),
            attachment.media_type,
            attachment.size,
            _reader(draft, attachment),
            gathered.marks[path],
        )
        for path, attachment in gathered.files.items()
        if path in gathered.marks and marked_suffix(attachment.media_type)
    ]


def _unmarked(gathered: Gathered, copies: Copies) -> tuple[Problem, ...]:
    return tuple(
        Problem(copies.flaws[_stem(path)], {"name": attachment.name})
        for path, attachment in gathered.files.items()
        if _stem(path) in copies.flaws
    )


def _stem(path: str) -> str:
    """Return what an evidence file and its marked copy are both called."""
    return path.rpartition("/")[2].partition(".")[0]


def _errors(state: State) -> int:
    return sum(problem.severity == "error" for problem in state.problems)


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there, or cannot be looked at: for the writing of it to tell
        return False


def _score(draft: Draft) -> dict[str, Any]:
    """Return the preview by what is handed in: without points that were entered for external indicators."""
    state, rules = draft.session.state, draft.session.rules
    return score_report(rules, rules.evaluate(with_values(state.facts, external={}), state.today))


def _handed_in(draft: Draft, state: State) -> Iterator[tuple[str, Attachment]]:
    for slot in draft.session.form.slots.values():
        if asks_for_evidence(draft.session.form, state.facts.answers, state.shown, slot):
            for attachment in state.facts.evidence.get(slot.id, ()):
                yield slot.id, attachment


def _reader(draft: Draft, attachment: Attachment) -> Callable[[], Iterator[bytes]]:
    """Return what reads a file, and stops the export with a sentence that names it and its places if it is damaged."""

    def read() -> Iterator[bytes]:
        try:
            yield from draft.package.read_file(attachment.sha256)
        except (FileError, UsageError) as error:
            if error.code not in ("package.evidence_damaged", "package.no_such_file"):
                raise
            places = _places(draft, attachment.sha256)
            raise FileError("export.evidence_damaged", name=attachment.name, places=places) from error

    return read


def _places(draft: Draft, sha256: str) -> str:
    """Name the places that a file is handed in at."""
    form = draft.session.form
    slots = [slot for slot, one in _handed_in(draft, draft.session.state) if one.sha256 == sha256]
    codes = dict.fromkeys(full_code(form, form.nodes[form.slots[slot].node].address) for slot in slots)
    return ", ".join(code for code in codes if code)


def _file_reader(path: Path) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                yield chunk

    return read


def _suffix(attachment: Attachment) -> str:
    known = _SUFFIXES.get(attachment.media_type)
    if known is not None:
        return known
    suffix = Path(attachment.name).suffix.removeprefix(".").lower()
    return suffix if suffix.isascii() and suffix.isalnum() and len(suffix) <= 10 else "bin"


def _plain(value: Value) -> object:
    match value:
        case Unread():
            return {"unread": value.text}
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case tuple():
            return list(value)
    return value
