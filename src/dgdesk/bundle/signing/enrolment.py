"""What people compare and are warned of: fingerprints, validity, the facts of a signer's certificate.

Groups of hex digits, not words: OpenSSL and Windows show the same, they can be read out in Thai and in English, and
the two sides need no common list of words.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from dgdesk.bundle.qr import to_base32
from dgdesk.bundle.report import SignerFacts, printable
from dgdesk.bundle.signing.certify import issuer_of, subject_of
from dgdesk.bundle.signing.identity import common_name, fingerprint

WARN_DAYS = 60
"""Days before the end from which a person is warned: time to enrol a new certificate."""
_MARK = "TSF1"

ValidityStatus = Literal["not_yet", "valid", "ending", "expired"]


class Validity(NamedTuple):
    """Validity of a certificate at a moment: ``days`` left (negative once expired), ``last`` valid day in UTC."""

    status: ValidityStatus
    days: int
    last: date

    @property
    def code(self) -> str:
        """The code of the sentence that says so; its values are ``days`` and ``last``."""
        ends_today = self.status == "ending" and self.days == 0
        return "validity.is_last_day" if ends_today else f"validity.is_{self.status}"


def validity(certificate: x509.Certificate, now: datetime, warn_days: int = WARN_DAYS) -> Validity:
    """Return the validity of a certificate at ``now`` (aware)."""
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    days = (end - now).days
    if now > end:
        status: ValidityStatus = "expired"
    elif now < start:
        status = "not_yet"
    else:
        status = "ending" if days < warn_days else "valid"
    return Validity(status, days, end.date())


def groups(fingerprint: str) -> str:
    """Write a fingerprint (64 hex digits) as 16 groups of four capitals, to be read out over the telephone."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4)).upper()


def fingerprint_qr(fingerprint: str) -> str:
    """Return the text of the QR code of a fingerprint: ``TSF1:<base32>``."""
    return f"{_MARK}:{to_base32(fingerprint)}"


def signer_facts(certificate: x509.Certificate, trust: str | None) -> SignerFacts:
    """Return the facts about a signer's certificate; ``trust`` as in ``SignerFacts``."""
    return SignerFacts(
        name=printable(common_name(certificate)),
        organisation=printable(_organisation(subject_of(certificate))),
        issuer=printable(issuer_of(certificate).rfc4514_string()),
        fingerprint=fingerprint(certificate),
        method=_method(certificate),
        valid_from=certificate.not_valid_before_utc.date(),
        valid_until=certificate.not_valid_after_utc.date(),
        trust=trust,
        self_signed=issuer_of(certificate) == subject_of(certificate),
    )


def _organisation(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else ""


def _method(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return "-"
