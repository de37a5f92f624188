"""The printed survey and the sheet for wet signatures, made from a draft."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.drafts import Draft
from dgdesk.draft.signing_texts import signoff_of, texts_of
from dgdesk.errors import FileError, UsageError
from dgdesk.printing.document import Printed
from dgdesk.printing.signoff import Seal, print_signoff
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.context import PrintSource
from dgdesk.printing.survey.document import print_survey
from dgdesk.printing.survey.evidence import file_numbers
from dgdesk.submission.names import SIGNOFF_SUFFIX, signoff_path
from dgdesk.submission.signatures import with_people
from dgdesk.survey.respondents import Respondent
from dgdesk.survey.rules.state import Facts, Rules, State
from dgdesk.system.atomic import atomic_write
from dgdesk.system.causes import why_not_written
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.dates import thai_day
from dgdesk.text.messages import load_catalogue

__all__ = ["SIGNOFF_SUFFIX", "PrintChoices", "print_draft", "signoff_path", "source_of", "write_print", "write_signoff"]


def print_draft(
    draft: Draft,
    choices: PrintChoices,
    *,
    claimed: datetime,
    state: State | None = None,
    answers_digest: str | None = None,
    progress: Progress = NO_PROGRESS,
) -> Printed:
    """Print a draft as it would be handed in: without points entered for external indicators.

    The same answers, evidence, choices and claimed time give the same bytes; days are counted by the claimed time.
    ``state`` is what `Rules.handed_in` says for the day of ``claimed``, where that is known already. ``progress`` is
    called after each page; cancelled, the printing ends.

    Raises:
        UsageError: ``print.no_section``.
    """
    sections = [section.id for section in draft.session.form.definition.sections]
    if choices.section is not None and choices.section not in sections:
        raise UsageError("print.no_section", section=choices.section, known=", ".join(sections))
    session = draft.session
    source = source_of(
        session.rules,
        session.state.facts,
        draft.respondent,
        blank=choices.variant == "blank",
        claimed=claimed,
        state=state,
        answers_digest=answers_digest,
    )
    return print_survey(source, choices, load_catalogue("th"), progress=progress)


def source_of(
    rules: Rules,
    facts: Facts,
    respondent: Respondent | None,
    *,
    blank: bool,
    claimed: datetime,
    state: State | None = None,
    answers_digest: str | None = None,
) -> PrintSource:
    """Return what is printed of a draft's facts; see `print_draft`. Any thread may call it: it reads no draft."""
    if blank:
        return PrintSource(rules, None, claimed)
    state = state or rules.handed_in(facts, thai_day(claimed))
    return PrintSource(rules, state, claimed, respondent, file_numbers(rules.form, state), answers_digest)


def write_signoff(
    draft: Draft,
    report: ExportReport,
    identity: Identity,
    claimed: datetime,
    *,
    state: State,
    pages: int,
    unready: bool,
    replace: bool = False,
) -> Path:
    """Write the sign-off sheet of a bundle beside it and return its path.

    ``state`` is what was exported, and the survey in the bundle has ``pages`` pages. ``unready``: the form had errors,
    and the bundle is marked as a draft. ``replace`` as for `write_print`.

    Raises:
        FileError: ``print.signoff_not_written``; the bundle is not affected.
    """
    definition = draft.session.form.definition
    seal = Seal(
        title=definition.title,
        edition=definition.edition,
        respondent=draft.respondent,
        declared=draft.session.form.respondent,
        bundle=report.path.name,
        signer=identity.person,
        claimed=claimed,
        answers_digest=report.answers_digest,
        bundle_digest=report.digest,
        fingerprint=identity.fingerprint,
        draft=unready,
    )
    seal = with_people(seal, texts_of(draft), draft.session.form, state, pages)
    target = signoff_path(report.path)
    try:
        write_print(target, print_signoff(signoff_of(draft), seal, load_catalogue("th")).data, replace=replace)
    except FileError as error:
        raise FileError("print.signoff_not_written", path=target) from error
    return target


def write_print(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a PDF completely or not at all. ``replace``: it may take the place of another PDF, but of no other file.

    Raises:
        FileError: ``print.exists``, ``print.not_written``; as `atomic_file`.
    """
    atomic_write(path, content, replace=replace, kind="pdf", explain=_not_written)


def _not_written(error: OSError, path: Path) -> FileError:
    if isinstance(error, FileExistsError):
        return FileError("print.exists", path=path)
    return why_not_written(error, path, "print.not_written")
