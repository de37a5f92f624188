"""Exports the signed bundle, with marked copies; enters it into the register; writes the sign-off sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from dgdesk.bundle.archive.bag import BagInfo
from dgdesk.bundle.exact_json import canonical_json
from dgdesk.bundle.export import ExportReport, PayloadSource, export_bundle
from dgdesk.bundle.report import BundleProblem, ExportStep
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.submission import AnySubmission, EvidenceItem
from dgdesk.draft.drafts import Draft, require_respondent
from dgdesk.draft.session import FormSession
from dgdesk.draft.unsent import count_unsent
from dgdesk.errors import CheckFailed, FileError, UsageError
from dgdesk.evidence.highlights.batch import CopyOrder, MarkedCopies, make_copies, scratch_folder
from dgdesk.evidence.highlights.copies import marked_suffix
from dgdesk.submission.corrections import Correction, correction_again, correction_of, replaced_next
from dgdesk.submission.gather import Gathered, checked_reader, evidence_source, file_source, gather, require_kinds
from dgdesk.submission.handed_over import require_not_handed_over
from dgdesk.submission.since_export import exported_state, last_edit
from dgdesk.survey.rules.report import score_report
from dgdesk.survey.rules.state import State
from dgdesk.system.atomic import explain_write
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.dates import thai_day


class _Order(NamedTuple):
    """The parameters of one export; as in `export_draft`."""

    target: Path
    identity: Identity
    claimed_time: datetime
    replace: bool
    progress: Progress
    unready: bool
    """The form has errors: the bundle is marked as a draft."""
    correction: Correction | None

    def begin(self, step: ExportStep) -> None:
        """Report that a step begins."""
        self.progress.step(step)

    def after(self, before: int) -> Progress:
        """Return the progress of the bundle, after so many bytes of the copies."""

        def bundle(done: int, total: int) -> tuple[int, int]:
            if 2 * done > total:  # everything is counted twice: written and read back
                self.begin("reading")
            return before + done, before + total

        return self.progress.mapped(bundle)


def check_exportable(draft: Draft, target: Path, *, as_draft: bool = False) -> None:
    """Check that an export is possible before anything is made for it; `export_draft` checks this too.

    Raises:
        CheckFailed: ``export.not_ready`` with the number of errors, unless ``as_draft``.
        UsageError: ``export.onto_draft``: the target is the draft itself; as `gather`.
        FileError: ``package.journal_full``: the draft cannot record the export; as `require_not_handed_over`.
    """
    _check_exportable(draft, draft.session.state_today(), target, as_draft=as_draft)


def _check_exportable(draft: Draft, state: State, target: Path, *, as_draft: bool) -> None:
    if _same_file(target, draft.path):
        raise UsageError("export.onto_draft", name=target.name)
    require_not_handed_over(draft.package.register(), target)
    if not draft.package.read_only:
        draft.package.require_growing()  # the register records the export at the end
    errors = count_errors(state)
    if errors and not as_draft:
        raise CheckFailed("export.not_ready", count=errors)
    require_respondent(draft.session.form, state.facts.answers)


def export_draft(
    draft: Draft,
    target: Path,
    *,
    identity: Identity,
    claimed_time: datetime,
    as_draft: bool = False,
    replace: bool = False,
    progress: Progress = NO_PROGRESS,
    scratch: Path | None = None,
    settle: Callable[[ExportReport], ExportReport] | None = None,
    reason: str = "",
    never_sent: bool = False,
) -> ExportReport:
    """Export a signed bundle, enter it into the draft's register, and write its sign-off sheet beside it.

    A form that is not ready is exported only ``as_draft``, and the bag says so. Marked copies are made in a temporary
    folder inside ``scratch``, else beside the target. If a marked copy cannot be made, the report says so and the
    export goes on. ``settle`` gets the bundle before it enters the register and returns what to enter instead
    (`dgdesk.submission.encrypted`).

    A complete export after another one is a correction: ``reason`` says why, unless ``never_sent`` (see
    `replaced_next`) leaves nothing to replace.

    Everything in the bundle is evaluated once, for the day of ``claimed_time`` in Thailand.

    Raises:
        FileError: ``package.unfinished``: the draft holds half of a change, or has damage outside of evidence;
            ``export.evidence_unfit``.
        as `check_exportable`, `replaced_next`, `correction_of`, `export_bundle` and `write_signoff`.
    """
    from dgdesk.submission.survey_pdf import write_signoff  # takes 0.3 s, which opening a dialog need not

    session = draft.session
    state = session.rules.handed_in(session.state.facts, thai_day(claimed_time))
    _check_exportable(draft, state, target, as_draft=as_draft)
    unready = count_errors(state) > 0
    replaced = None if unready else replaced_next(draft.package.register(), never_sent=never_sent)
    correction = correction_of(replaced, reason)
    draft.package.require_sound()
    order = _Order(target, identity, claimed_time, replace, progress, unready, correction)
    gathered = gather(draft, correction)
    require_kinds(draft, gathered.files.values())
    wanted = wanted_copies(draft, gathered)
    if wanted and target.exists() and not replace:  # report it before copies are made
        raise FileError("bundle.exists", path=target)
    before = sum(one.size for one in wanted)
    with _copies(order, gathered, wanted, scratch or target.parent, session) as copies:
        report, pages = _write(draft, state, gathered, copies, order._replace(progress=order.after(before)))
        if settle:
            report = settle(report)
        if not draft.package.read_only:
            _register(draft, gathered, report, order)
        signoff = write_signoff(
            draft,
            report,
            identity,
            claimed_time,
            state=state,
            pages=pages,
            unready=unready,
            replace=replace,
            correction=correction,
        )
    report = report._replace(unmarked=unmarked(gathered, copies), unsigned=unsigned(gathered, copies))
    return report._replace(signoff=signoff, unsent=gathered.unsent)


@contextmanager
def _copies(
    order: _Order, gathered: Gathered, wanted: list[CopyOrder], scratch: Path, session: FormSession
) -> Iterator[MarkedCopies]:
    """Make the marked copies; they are removed at the end of the block."""
    if not wanted:
        yield MarkedCopies({}, {})
        return
    copied = sum(one.size for one in wanted)
    # Copies are about as large as their originals; everything is written once and read back once.
    guess = copied + 2 * (copied + sum(attachment.size for attachment in gathered.files.values()))

    def marked(done: int) -> None:
        order.progress.report(done, guess)

    order.begin("copies")
    try:
        with scratch_folder(scratch) as folder:
            yield make_copies(wanted, folder, session.documents.mark, progress=marked, check=order.progress.check)
    except OSError as error:
        raise explain_write(error, order.target) from error


def _write(
    draft: Draft, state: State, gathered: Gathered, copies: MarkedCopies, order: _Order
) -> tuple[ExportReport, int]:
    """Print the survey and write the bundle; return the report and the number of pages of the survey."""
    from dgdesk.submission.survey_pdf import PrintChoices, print_draft  # takes 0.3 s, which opening a dialog need not

    submission = with_copies(gathered.submission, copies)
    content = submission.to_bytes()

    order.begin("print")
    survey = print_draft(
        draft,
        PrintChoices(variant="draft" if order.unready else "final"),
        claimed=order.claimed_time,
        state=state,
        answers_digest=sha256(content).hexdigest(),
        progress=order.progress.silent(),
    )
    payload: dict[str, PayloadSource] = {
        "submission.json": content,
        "definition.json": draft.package.definition,
        "score.json": canonical_json(score_report(draft.session.rules, state)),
        "survey.pdf": survey.data,
    }
    payload |= {path: evidence_source(draft, attachment) for path, attachment in gathered.files.items()}
    payload |= {f"marked/{copy.name}": file_source(copy) for copy in copies.files.values()}
    order.begin("writing")
    unsent = count_unsent(gathered.unsent)
    report = export_bundle(
        order.target,
        name=f"{submission.edition}-{gathered.respondent.id}",
        payload=payload,
        info=BagInfo(
            source_organization=gathered.respondent.name,
            external_identifier=f"{submission.edition}:{gathered.respondent.key}",
            bagging_date=order.claimed_time.date(),
            draft=order.unready,
            unsent_files=unsent.files,
            unsent_answers=unsent.answers,
            draft_id=draft.package.draft_id,
        ),
        identity=order.identity,
        claimed_time=order.claimed_time,
        replace=order.replace,
        progress=order.progress,
    )
    return report, survey.pages


def _register(draft: Draft, gathered: Gathered, report: ExportReport, order: _Order) -> None:
    draft.package.register_export(
        {
            "digest": report.digest,
            "answers_digest": report.answers_digest,
            "signer": order.identity.fingerprint,
            "person": order.identity.person,
            "claimed_time": order.claimed_time.isoformat(),
            "draft": order.unready,
            "file": report.path.name,
            "counter": gathered.counter,
            **(order.correction.record() if order.correction else {}),
        }
    )


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one is missing or unreadable: writing reports it
        return False


def with_copies(submission: AnySubmission, copies: MarkedCopies) -> AnySubmission:
    """Return the submission with the names of the marked copies that were made."""

    def named(item: EvidenceItem) -> EvidenceItem:
        copy = copies.files.get(_stem(item.file)) if item.marks else None
        return item if copy is None else item.model_copy(update={"marked_file": f"marked/{copy.name}"})

    return submission.model_copy(update={"evidence": tuple(map(named, submission.evidence))})


def digest_for_signature(
    draft: Draft, scratch: Path | None = None, *, check: Callable[[], None] = lambda: None
) -> str | None:
    """Return the answers digest of an export made now; marked copies are made for it and removed.

    None where nobody can know it: after an earlier export and a change, since the reason of a correction counts.

    ``check`` is called regularly and may raise to stop.

    Raises:
        CheckFailed: ``print.not_ready``: only a form that is ready is printed for signature.
        UsageError: as `gather`.
        FileError: as `export_bundle`, if copies cannot be made.
    """
    if errors := count_errors(draft.session.state_today()):
        raise CheckFailed("print.not_ready", count=errors)
    register = draft.package.register()
    replaced = replaced_next(register)
    if replaced is None:
        gathered = gather(draft)
    elif last_edit(draft.package) > exported_state(replaced.line):
        return None
    else:
        gathered = gather(draft, correction_again(replaced.line, register))
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


def unsigned(gathered: Gathered, copies: MarkedCopies) -> tuple[BundleProblem, ...]:
    """Return the files whose digital signature is not in the marked copy."""
    return tuple(
        BundleProblem("marking.unsigned", {"name": attachment.name})
        for path, attachment in gathered.files.items()
        if _stem(path) in copies.unsigned
    )


def _stem(path: str) -> str:
    """Return the name that an evidence file and its marked copy share."""
    return path.rpartition("/")[2].partition(".")[0]


def count_errors(state: State) -> int:
    """Return the number of errors to correct before the form is ready."""
    return sum(problem.severity == "error" for problem in state.problems)
