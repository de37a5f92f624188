"""What a check reports: problems by code, limits for hostile input, the verdict; and the steps of an export."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple, TypeAlias

ExportStep: TypeAlias = Literal["copies", "print", "writing", "reading", "sealing"]
"""Making marked copies, printing the survey, writing and signing the bundle, verifying it, encrypting it."""


@dataclass(frozen=True)
class BundleProblem:
    """One thing that is wrong; the message catalogue makes a sentence of ``code`` and ``values``."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Limits:
    """Upper bounds on the memory that an untrusted bundle may use; in bytes unless the name says a count."""

    bundle: int = 256 << 30
    entries: int = 20_000
    directory: int = 16 << 20
    tag_file: int = 8 << 20
    submission: int = 16 << 20
    signature: int = 64 << 10
    problems: int = 100


class SignerFacts(NamedTuple):
    """Who signed, and with what, as the certificate says; the texts may be hostile and are made printable.

    ``trust`` is ``enrolled`` (this certificate itself is trusted), ``authority`` (it was issued below a trusted CA), or
    None. ``method`` names key and digest, as in ``ECDSA secp256r1``. The days are inclusive, in UTC. ``self_signed``:
    made on the signer's own computer, without a CA.
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

    ``ok`` is True only if there are no problems and the signer is trusted. ``digest`` is the bundle digest (SHA-256 of
    tagmanifest-sha256.txt), ``answers_digest`` that of data/submission.json; both are hex, and None if the file is
    missing. ``signer``, ``fingerprint`` and ``claimed_time`` come from the signature and are None unless it fits the
    content; the time is the signer's own clock. The texts may be hostile and are made printable. ``draft`` is None if
    bag-info.txt could not be read. ``respondent`` is the code of a province (TH-50) or scheme/code of another office,
    ``respondent_name`` the name of such an office.

    ``warnings`` refuse nothing, but a person must read them: a certificate that is bound to no respondent, impossible
    times.

    ``signed_by`` says more about the signer. ``complete`` is True if every signed file is there unchanged, and also all
    evidence that the answers name; None if that could not be checked. ``files`` and ``size`` (bytes) count the payload,
    ``evidence`` the entries of the evidence list; None if not known.

    ``unsent_files`` and ``unsent_answers``: how much the sender's draft has and did not send, since it is not asked, as
    the bag says; None if bag-info.txt could not be read.
    """

    ok: bool
    digest: str | None = None
    answers_digest: str | None = None
    signer: str | None = None
    fingerprint: str | None = None
    claimed_time: datetime | None = None
    draft: bool | None = None
    respondent: str | None = None
    edition: str | None = None
    problems: tuple[BundleProblem, ...] = ()
    warnings: tuple[BundleProblem, ...] = field(default=(), kw_only=True)
    signed_by: SignerFacts | None = None
    complete: bool | None = None
    files: int | None = None
    size: int | None = None
    evidence: int | None = None
    unsent_files: int | None = None
    unsent_answers: int | None = None
    respondent_name: str = ""


def printable(text: str, longest: int = 120) -> str:
    """Make untrusted text safe to print: control, format and unassigned characters as ``\\u{...}``, cut short."""
    if len(text) <= longest and text.isprintable():  # by the same categories; blanks other than a space are not
        return text
    shown = "".join(
        f"\\u{{{ord(char):x}}}" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} else char
        for char in text[:longest]
    )
    return shown if len(text) <= longest else shown + "…"
