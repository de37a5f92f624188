"""Bundle: what people compare and are warned of: a fingerprint in groups and as QR text, the end of a certificate.

Groups of hex digits, not words: they are what OpenSSL and Windows show too, sound alike in Thai and English, and need
no list of words that both sides must have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cryptography import x509

from dgdesk.bundle.qr import to_base32

WARN_DAYS = 60
"""Days before the end from which a person is warned: time to enrol a new certificate."""
_MARK = "TSF1"

Standing = Literal["not_yet", "valid", "ending", "expired"]


@dataclass(frozen=True)
class Validity:
    """How a certificate stands at a moment. ``days`` that are left, negative once it is over; ``last`` day in UTC."""

    standing: Standing
    days: int
    last: date

    @property
    def code(self) -> str:
        """The sentence that tells it; takes ``days`` and ``last``."""
        ends_today = self.standing == "ending" and self.days == 0
        return "validity.is_last_day" if ends_today else f"validity.is_{self.standing}"


def validity(certificate: x509.Certificate, now: datetime, warn_days: int = WARN_DAYS) -> Validity:
    """Tell how a certificate stands at ``now`` (aware)."""
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    days = (end - now).days
    if now > end:
        standing: Standing = "expired"
    elif now < start:
        standing = "not_yet"
    else:
        standing = "ending" if days < warn_days else "valid"
    return Validity(standing, days, end.date())


def groups(fingerprint: str) -> str:
    """Write a fingerprint (64 hex digits) in 16 groups of four capitals, to be read out over the telephone."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4)).upper()


def fingerprint_qr(fingerprint: str) -> str:
    """Return the text of the QR code that carries a fingerprint: ``TSF1:<base32>``."""
    return f"{_MARK}:{to_base32(fingerprint)}"
