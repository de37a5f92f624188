"""Bundle: what a check says: problems by code, limits for hostile input, the verdict."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold, worded by the message catalogue from ``code`` and ``values``."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Limits:
    """Upper bounds on what a stranger's bundle may make this program hold in memory; bytes unless said otherwise."""

    bundle: int = 256 << 30
    entries: int = 20_000
    directory: int = 16 << 20
    tag_file: int = 8 << 20
    submission: int = 16 << 20
    signature: int = 64 << 10
    problems: int = 100


@dataclass(frozen=True)
class SignerFacts:
    """Who signed, and with what, as the certificate says; texts may come from a stranger and are made printable.

    ``trust`` is ``enrolled`` (this very certificate was handed in as trusted), ``authority`` (it was issued below a CA
    that was), or None. ``method`` names key and digest, as in ``ECDSA secp256r1``. The days are inclusive, in UTC.
    ``self_signed``: made on the signer's own computer, with no CA behind it.
    """

    name: str
    organisation: str
    issuer: str
    fingerprint: str
    method: str
    valid_from: date
    valid_until: date
    trust: str | None
    self_signed: bool = False


@dataclass(frozen=True)
class Verification:
    """The verdict on one bundle.

    ``ok`` is True only if nothing was found and the signer is one of those trusted. ``digest`` is the bundle digest
    (SHA-256 of tagmanifest-sha256.txt), ``answers_digest`` that of data/submission.json; both are hex, and None if
    the file is absent. ``signer``, ``fingerprint`` and ``claimed_time`` come from the signature and are None unless
    it fits the content; the time is the signer's own clock. The texts may come from a stranger and are made
    printable. ``draft`` is None as long as bag-info.txt could not be read.

    ``warnings`` refuse nothing, but a person must read them: a certificate that is bound to no respondent, times that
    cannot be right.

    ``signed_by`` tells more of the signer. ``complete`` is True when every file that was signed is there and as it was
    signed, and every piece of evidence that the answers name; None if that could not be looked at. ``files`` and
    ``size`` (bytes) count the payload, ``evidence`` the entries of the evidence list; None if not known.
    """

    ok: bool
    digest: str | None = None
    answers_digest: str | None = None
    signer: str | None = None
    fingerprint: str | None = None
    claimed_time: datetime | None = None
    draft: bool | None = None
    province: str | None = None
    edition: str | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = field(default=(), kw_only=True)
    signed_by: SignerFacts | None = None
    complete: bool | None = None
    files: int | None = None
    size: int | None = None
    evidence: int | None = None


def printable(text: str, longest: int = 120) -> str:
    """Make a stranger's text safe to print: control, format and unassigned characters as ``\\u{...}``, cut short."""
    shown = "".join(
        f"\\u{{{ord(char):x}}}" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} else char
        for char in text[:longest]
    )
    return shown if len(text) <= longest else shown + "…"
