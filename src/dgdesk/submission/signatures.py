"""What the sign-off sheet says of those who sign it, and of what they sign for."""

from __future__ import annotations

from dgdesk.draft.signatories import SigningTexts
from dgdesk.printing.signoff import Counts, Seal
from dgdesk.printing.survey.evidence import handed_in
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.state import State


def with_people(seal: Seal, texts: SigningTexts, form: Form, state: State, pages: int) -> Seal:
    """Return a seal with those who sign it and the counts of what they sign for: a survey of ``pages`` pages."""
    files = {attachment.sha256 for _, attachment in handed_in(form, state)}
    whole = state.whole
    counts = Counts(pages, len(files), whole.answers_done, whole.answers_asked)
    return seal._replace(signatories=texts.signatories, counts=counts)
