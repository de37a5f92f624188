"""Texts about an identity: owner, issuer, validity, passphrase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from cryptography.x509.oid import NameOID

from dgdesk.bundle.report import printable
from dgdesk.bundle.respondents import find_respondent, same_respondent
from dgdesk.bundle.signing.certify import issuer_of, subject_of
from dgdesk.bundle.signing.enrolment import validity
from dgdesk.bundle.signing.identity import LONGEST_NAME, IdentityCard
from dgdesk.bundle.signing.identity_store import Kept
from dgdesk.bundle.signing.keyfile import Strength
from dgdesk.text.dates import day_text
from dgdesk.text.normalise import tidy
from dgdesk.ui.widgets.label import Texts

TextRole = Literal["text", "status", "warning", "error"]
_ROLES: dict[str, TextRole] = {"valid": "text", "ending": "warning", "expired": "error", "not_yet": "error"}
LONG_NAME = 40
"""The most letters of a name in a list; a person's name may have 64, and so may an agency's."""
_PREFIX = "จังหวัด"
"""Prefix of the name in some CAs' certificates, never in a draft."""


def usable(card: IdentityCard, now: datetime) -> bool:
    """Return whether the identity can sign at ``now`` (aware)."""
    return validity(card.certificate, now).status in ("valid", "ending")


def name_words(texts: Texts, card: IdentityCard) -> str:
    """Return "person (province)"; a CA's certificate may name no organisation."""
    person = printable(card.person) or texts.say("ui.identities.nameless")
    return (
        texts.say("ui.identities.name", person=person, province=printable(card.province)) if card.province else person
    )


def distinct_names(texts: Texts, cards: Sequence[IdentityCard]) -> list[str]:
    """Return the names of identities for a list, cut at `LONG_NAME`; equal names get the last day of each."""
    names = [name_words(texts, card) for card in cards]
    cut = [name if len(name) <= LONG_NAME else f"{name[:LONG_NAME]}…" for name in names]
    return [
        texts.say("ui.identities.name_until", name=short, last=_last_day(texts, card))
        if cut.count(short) > 1
        else short
        for short, card in zip(cut, cards, strict=True)
    ]


def origin_words(texts: Texts, card: IdentityCard) -> str:
    """Return a sentence about the certificate's issuer."""
    if issuer_of(card.certificate) == subject_of(card.certificate):
        return texts.say("ui.identities.made_here")
    return texts.say("ui.identities.made_by", issuer=printable(_issuer(card)) or texts.say("ui.identities.nameless"))


def validity_words(texts: Texts, card: IdentityCard, now: datetime) -> tuple[TextRole, str]:
    """Return text role and sentence about the certificate's validity."""
    state = validity(card.certificate, now)
    return _ROLES[state.status], texts.say(state.code, days=f"{state.days:,}", last=_last_day(texts, card)).strip()


def lock_words(texts: Texts, card: IdentityCard) -> str:
    """Return a sentence: does the key have a passphrase?"""
    return texts.say("ui.identities.locked" if card.protected else "ui.identities.open")


def elsewhere_words(texts: Texts, card: IdentityCard, respondent: str) -> str:
    """Return a warning that the signer signs for another respondent, as a receiver will see it; else nothing.

    A certificate whose organisation is no respondent's name, as a CA may write it, says nothing.
    """
    other, own = find_respondent(card.province), find_respondent(respondent)
    if other is None or own is None or same_respondent(other, own):
        return ""
    return texts.say("ui.identities.elsewhere", office=printable(card.province), respondent=printable(respondent))


def name_fault(texts: Texts, name: str) -> str:
    """Return what is wrong with the typed name of a new signer; nothing if it fits or nothing is typed."""
    count = len(tidy(" ".join(name.split())))
    return texts.say("ui.identities.name_long", count=count, most=LONGEST_NAME) if count > LONGEST_NAME else ""


def strength_words(texts: Texts, hint: Strength) -> tuple[Literal["error", "status"], str]:
    """Return text role and sentence: is a passphrase strong enough, and what does it lack?"""
    role: Literal["error", "status"] = "error" if hint.level == "weak" else "status"
    reasons = (f"• {texts.say(code).strip()}" for code in hint.reasons)
    return role, "\n".join((texts.say(hint.code).strip(), *reasons))


def usual(kept: Sequence[Kept], province: str, now: datetime) -> str | None:
    """Return the name of the identity to offer first: a usable one, of this province if possible; or None."""
    known = [(one, one.card) for one in kept if one.card is not None]
    able = [(one, card) for one, card in known if usable(card, now)]
    home = [(one, card) for one, card in able if tidy(card.province).removeprefix(_PREFIX).strip() == tidy(province)]
    return next((one.name for one, _ in (*home, *able, *known)), None)


def ending_words(texts: Texts, kept: Sequence[Kept], now: datetime) -> str:
    """Return a warning that the usual identity expires soon or has expired; empty if neither."""
    name = usual(kept, "", now)
    card = next((one.card for one in kept if one.name == name), None)
    if card is None:
        return ""
    role, words = validity_words(texts, card, now)
    return texts.say("ui.identities.ending", name=name_words(texts, card), words=words) if role != "text" else ""


def _last_day(texts: Texts, card: IdentityCard) -> str:
    return day_text(card.certificate.not_valid_after_utc.date(), texts.catalogue.language)


def _issuer(card: IdentityCard) -> str:
    try:
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
            if parts := issuer_of(card.certificate).get_attributes_for_oid(oid):
                return str(parts[0].value)
    except ValueError:  # a foreign certificate whose issuer does not parse
        pass
    return ""
