"""Who signs a draft on paper, what is certified, and the memo: by the draft, else by its edition."""

from __future__ import annotations

from contextlib import suppress

from dgdesk.draft.drafts import Draft, contact_of, issued_of, load_form
from dgdesk.draft.signatories import SigningTexts, signing_texts
from dgdesk.errors import FileError
from dgdesk.survey.definition.models import SignOff
from dgdesk.text.messages import load_catalogue


def signoff_of(draft: Draft) -> SignOff:
    """Return roles and sentence of the draft's edition; a draft older than these uses the current ones."""
    signoff = draft.session.form.definition.signoff
    if signoff is None:
        with suppress(FileError):  # the edition may be removed while its draft is open
            signoff = load_form(draft.session.form.definition.edition).definition.signoff
    return signoff or SignOff(certification="", roles=())


def texts_of(draft: Draft, *, stored: bool = True) -> SigningTexts:
    """Return who signs for a draft, and its memo; what was never written is suggested.

    Without ``stored`` all of it is suggested.
    """
    facts = draft.session.state.facts
    return signing_texts(
        draft.session.form,
        signoff_of(draft).roles,
        contact_of(draft.session.form),
        issued_of(draft.session.form),
        facts.answers,
        facts.signing if stored else {},
        load_catalogue("th").text,
    )
