"""Detached CAdES-BES signatures (ETSI EN 319 122-1, RFC 5652), made and checked without a network.

All of them have the narrow form of `cms_form`: one signer, one encoding, no weak algorithm, no unsigned byte. The
cryptography is OpenSSL's, by ``cryptography``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dgdesk.bundle.report import BundleProblem, Limits, SignerFacts, printable
from dgdesk.bundle.signing.certificate_rules import covers, is_authority, named
from dgdesk.bundle.signing.chains import (
    Chain,
    chain_fault,
    false_issuer,
    find_chains,
    issuer_name,
    missing_issuer,
    one_path,
)
from dgdesk.bundle.signing.cms_form import SignedForm, fits, read_form, write_form
from dgdesk.bundle.signing.enrolment import signer_facts
from dgdesk.bundle.signing.identity import Identity, common_name, fingerprint
from dgdesk.bundle.signing.issuance import is_root, is_self_issued
from dgdesk.errors import CheckFailed, UsageError


@dataclass(frozen=True)
class SignatureReport:
    """The result of checking a signature. ``intact``: it fits the content and the certificate inside it.

    ``signer`` and the rest are None unless it is intact; ``claimed_time`` (UTC) is the signer's own clock. The
    signature is valid only if there are no problems.
    """

    intact: bool
    signer: str | None = None
    fingerprint: str | None = None
    claimed_time: datetime | None = None
    problems: tuple[BundleProblem, ...] = ()
    facts: SignerFacts | None = field(default=None, compare=False)
    chains: tuple[Chain, ...] = field(default=(), compare=False)
    """From the signer's certificate to a trusted one; empty if there is none."""


def sign(content: bytes, identity: Identity, claimed_time: datetime) -> bytes:
    """Return the detached CMS signature (DER) of ``content``, SHA-256; ``claimed_time`` must be aware.

    It contains one way up of the identity's chain (`one_path`) without its root, and its signing-certificate-v2
    attribute names every certificate there, so that all of their bytes are signed. Who trusts the root has it, perhaps
    in another edition with the same key: one named here would shut that out.

    Raises:
        UsageError: ``identity.expired``, ``identity.not_yet_valid`` at the claimed time.
    """
    moment = claimed_time.astimezone(UTC).replace(microsecond=0)
    if moment >= identity.certificate.not_valid_after_utc:  # the last second no longer counts
        raise UsageError("identity.expired", day=identity.certificate.not_valid_after_utc.date().isoformat())
    if moment < identity.certificate.not_valid_before_utc:
        raise UsageError("identity.not_yet_valid", day=identity.certificate.not_valid_before_utc.date().isoformat())
    path = one_path(identity.certificate, identity.chain, moment)
    carried = path[:-1] if len(path) > 1 and is_root(path[-1]) else path
    return write_form(content, identity.key, [one.public_bytes(Encoding.DER) for one in carried], moment)


def check_signature(
    content: bytes, p7s: bytes, trusted: Sequence[x509.Certificate] | None, limit: int = Limits.signature
) -> SignatureReport:
    """Check a detached signature of ``content``; never raises on hostile bytes.

    The signer must be one of ``trusted`` (the same certificate, byte for byte) or have a certificate issued below a
    CA among them; certificates inside the signature are not trusted by themselves. All certificates up to the trusted
    one must be valid at the claimed time and respect each other's limits (`chains`). Revocation is not checked: that
    would need a network. With ``trusted`` None, only whether the signature fits is checked, and
    ``verify.origin_unchecked`` says so.
    """
    if len(p7s) > limit:
        return SignatureReport(False, problems=(BundleProblem("signature.unreadable"),))
    try:
        return _check(content, read_form(p7s), trusted)
    except CheckFailed as error:
        return SignatureReport(False, problems=(BundleProblem(error.code, error.values),))
    except Exception:  # hostile bytes make asn1crypto raise nearly anything; it all means the same
        return SignatureReport(False, problems=(BundleProblem("signature.unreadable"),))


def _check(content: bytes, form: SignedForm, trusted: Sequence[x509.Certificate] | None) -> SignatureReport:
    if not fits(content, form):
        return SignatureReport(False, problems=(BundleProblem("signature.wrong"),))
    chains: tuple[Chain, ...] = ()
    if trusted is None:
        problems = [BundleProblem("verify.origin_unchecked")]
        if not covers(form.certificate, form.claimed_time):
            start, end = form.certificate.not_valid_before_utc.date(), form.certificate.not_valid_after_utc.date()
            problems.insert(0, BundleProblem("signature.expired", {"start": start, "end": end}))
    else:
        chains, problem = _origin(form, trusted)
        problems = [] if problem is None else [problem]
    trust = None
    if chains:
        trust = "enrolled" if form.certificate in (trusted or ()) else "authority"
    return SignatureReport(
        True,
        printable(common_name(form.certificate)),
        fingerprint(form.certificate),
        form.claimed_time,
        tuple(problems),
        signer_facts(form.certificate, trust),
        chains,
    )


def _origin(form: SignedForm, trusted: Sequence[x509.Certificate]) -> tuple[tuple[Chain, ...], BundleProblem | None]:
    """Return the chains that lead to a trusted certificate; or no chains, and why the signer is not trusted.

    If several chains are valid at the claimed time, all must be acceptable: another program may find any of them.
    """
    others = [x509.load_der_x509_certificate(one) for one in sorted(form.others)]
    found = find_chains(form.certificate, others, trusted)
    if not found:
        return (), _why_untrusted(form.certificate, others, trusted)
    current = [chain for chain in found if all(covers(one, form.claimed_time) for one in chain)]
    for chain in current or found[:1]:
        if fault := chain_fault(chain, form.claimed_time):
            return (), fault
    vouched = form.named | {one.public_bytes(Encoding.DER) for chain in current for one in chain}
    if not form.others <= vouched:  # unsigned bytes
        return (), BundleProblem("signature.untrusted")
    fault = _other_root(form, current or found[:1])
    return ((), fault) if fault else (tuple(current), None)


def _other_root(form: SignedForm, chains: Sequence[Chain]) -> BundleProblem | None:
    """Return why the certificates named in a signature lead past each root that is trusted; None if they do not.

    OpenSSL wants every one of them on the way to the root. It takes a lower certificate that is trusted as it is.
    """
    beside: list[x509.Certificate] = []
    for chain in chains:
        passed = form.named - {one.public_bytes(Encoding.DER) for one in chain}
        if len(chain) == 1 or not is_root(chain[-1]) or not passed:
            return None
        beside = beside or [x509.load_der_x509_certificate(min(passed)), chain[-1]]
    other, root = beside
    return BundleProblem("signature.other_root", {"name": named(other), "root": named(root)})


def _why_untrusted(
    signer: x509.Certificate, others: Sequence[x509.Certificate], trusted: Sequence[x509.Certificate]
) -> BundleProblem:
    last = missing_issuer(signer, others)
    if fault := false_issuer(last, (*trusted, *others)):
        return fault
    if is_self_issued(last):
        unknown = BundleProblem("signature.root_unknown", {"name": named(last)})
        return BundleProblem("signature.untrusted") if last == signer else unknown
    if not any(is_authority(one) for one in trusted):
        return BundleProblem("signature.untrusted")
    return BundleProblem("signature.issuer_missing", {"issuer": issuer_name(last)})
