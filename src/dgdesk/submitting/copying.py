"""Submitting, copying: the marked copies that go beside the evidence, and what the answers' digest is with them."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.submission import EvidenceItem, Submission
from dgdesk.draft.drafts import Draft
from dgdesk.errors import CheckFailed
from dgdesk.evidence.highlights.copies import CopyOrder, MarkedCopies, make_copies, marked_suffix, scratch_folder
from dgdesk.submitting.gathering import Gathered, gather
from dgdesk.submitting.reading import checked_reader
from dgdesk.survey.rules.state import State
from dgdesk.system.atomic import explain_write


def with_copies(submission: Submission, copies: MarkedCopies) -> Submission:
    """Return the submission with the names of the marked copies that were made."""

    def named(item: EvidenceItem) -> EvidenceItem:
        copy = copies.files.get(_stem(item.file)) if item.marks else None
        return item if copy is None else item.model_copy(update={"marked_file": f"marked/{copy.name}"})

    return submission.model_copy(update={"evidence": tuple(map(named, submission.evidence))})


def digest_for_signature(draft: Draft, scratch: Path | None = None, *, check: Callable[[], None] = lambda: None) -> str:
    """Return the answers digest of an export made now; marked copies are made for it and removed.

    ``check`` is called regularly and may raise to stop.

    Raises:
        CheckFailed: ``print.not_ready``: only a form that is ready is printed for signature.
        UsageError: as `gather`.
        FileError: as `export_bundle`, if copies cannot be made.
    """
    if errors := count_errors(draft.session.state_today()):
        raise CheckFailed("print.not_ready", count=errors)
    gathered = gather(draft)
    folder = scratch or draft.path.parent
    wanted = wanted_copies(draft, gathered)
    if not wanted:
        return sha256(gathered.submission.to_bytes()).hexdigest()
    try:
        with scratch_folder(folder) as place:
            copies = make_copies(wanted, place, draft.session.documents.mark, check=check)
            return sha256(with_copies(gathered.submission, copies).to_bytes()).hexdigest()
    except OSError as error:
        raise explain_write(error, folder) from error


def wanted_copies(draft: Draft, gathered: Gathered) -> list[CopyOrder]:
    """Return the files that need marked copies."""
    return [
        CopyOrder(
            _stem(path),
            attachment.media_type,
            attachment.size,
            checked_reader(draft, attachment),
            gathered.marks[path],
        )
        for path, attachment in gathered.files.items()
        if path in gathered.marks and marked_suffix(attachment.media_type)
    ]


def unmarked(gathered: Gathered, copies: MarkedCopies) -> tuple[BundleProblem, ...]:
    """Return the files whose marks are not, or not all, in a copy, and why."""
    return tuple(
        BundleProblem(copies.flaws[_stem(path)], {"name": attachment.name})
        for path, attachment in gathered.files.items()
        if _stem(path) in copies.flaws
    )


def _stem(path: str) -> str:
    """Return the name that an evidence file and its marked copy share."""
    return path.rpartition("/")[2].partition(".")[0]


def count_errors(state: State) -> int:
    """Return the number of errors to correct before the form is ready."""
    return sum(problem.severity == "error" for problem in state.problems)
