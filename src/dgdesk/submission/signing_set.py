"""The signing set of a draft: what was exported last, with the papers that are signed for it.

What is signed must be what was exported, so a draft that was changed since its export has no signing set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dgdesk.bundle.submission import LONGEST_REASON
from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import exports
from dgdesk.draft.signatories import SigningTexts
from dgdesk.draft.signing_texts import signoff_of, texts_of
from dgdesk.errors import CheckFailed, UsageError
from dgdesk.printing.document import Printed
from dgdesk.printing.signoff import Seal
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.document import print_signing_set
from dgdesk.printing.survey.signing_set import SigningPapers
from dgdesk.submission.corrections import Replaced, correction_reason, revision_of
from dgdesk.submission.signatures import with_people
from dgdesk.submission.signing_step import require_exported
from dgdesk.submission.survey_pdf import source_of
from dgdesk.survey.definition.models import SignOff
from dgdesk.survey.respondents import Respondent
from dgdesk.survey.rules.state import Facts, Rules
from dgdesk.system.bounds import SHA256, read_moment
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.messages import load_catalogue
from dgdesk.text.shown import plain_name


@dataclass(frozen=True, slots=True)
class SigningOrder:
    """A snapshot of all that a signing set is made of; any thread may print it."""

    rules: Rules
    facts: Facts
    respondent: Respondent | None
    signoff: SignOff
    seal: Seal
    texts: SigningTexts

    def print(self, choices: PrintChoices, progress: Progress = NO_PROGRESS) -> Printed:
        """Print it: the memo, the summary, the sheet and the survey, in one document.

        The survey has the day and the digest of the export, so the same draft and choices give the same bytes.

        Raises:
            UsageError: ``signing.whole``: one section only was chosen.
            Cancelled: the printing was stopped.
        """
        if choices.section is not None:
            raise UsageError("signing.whole")
        source = source_of(
            self.rules,
            self.facts,
            self.respondent,
            blank=False,
            claimed=self.seal.claimed,
            answers_digest=self.seal.answers_digest,
        )
        assert source.state is not None
        seal = with_people(self.seal, self.texts, self.rules.form, source.state, 0)
        papers = SigningPapers(self.signoff, seal, self.texts)
        return print_signing_set(source, choices, papers, load_catalogue("th"), progress=progress)


def signing_order(draft: Draft, bundle: Path | None = None) -> SigningOrder:
    """Return what the signing set of a draft is made of. ``bundle`` is the file that it must belong to.

    Raises:
        as `require_exported`; CheckFailed: ``signing.record_unfit``.
    """
    line = require_exported(draft, bundle)
    return SigningOrder(
        draft.session.rules,
        draft.session.state.facts,
        draft.respondent,
        signoff_of(draft),
        _seal(draft, line),
        texts_of(draft),
    )


def _seal(draft: Draft, line: ExportRecord) -> Seal:
    record, definition = line.record, draft.session.form.definition
    digests = [record.get(name) for name in ("answers_digest", "digest", "signer")]
    texts = [one for one in digests if isinstance(one, str) and SHA256.fullmatch(one)]
    person = record.get("person")
    if len(texts) != len(digests):
        raise CheckFailed("signing.record_unfit")
    return Seal(
        title=definition.title,
        edition=definition.edition,
        respondent=draft.respondent,
        declared=draft.session.form.respondent,
        bundle=plain_name(str(record.get("file", ""))),
        signer=plain_name(person, 200) if isinstance(person, str) else "",
        claimed=_claimed(line),
        answers_digest=texts[0],
        bundle_digest=texts[1],
        fingerprint=texts[2],
        revision=revision_of(line),
        reason=plain_name(correction_reason(line), LONGEST_REASON),
        replaced=_replaced(draft, line),
    )


def _replaced(draft: Draft, line: ExportRecord) -> datetime | None:
    """When the export that this one corrects was signed; None if it corrects none, or the register lost it."""
    before = [
        one for one in exports(draft.package.register()) if one.record.get("digest") == line.record.get("supersedes")
    ]
    return Replaced(before[-1], "", 1).claimed if before and revision_of(line) > 1 else None


def _claimed(line: ExportRecord) -> datetime:
    try:
        return read_moment(line.record.get("claimed_time"))
    except ValueError:
        raise CheckFailed("signing.record_unfit") from None
