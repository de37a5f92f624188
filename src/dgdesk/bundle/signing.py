"""Bundle: detached CAdES-BES signatures (ETSI EN 319 122-1, RFC 5652), made and checked without any network.

pyHanko does the cryptography; it is imported only when needed (0.3 s). What a stranger may send is narrowed first
(`cms_form`): one signer, one form, no weak algorithm, no byte that nothing vouches for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dgdesk.bundle.certify import may_sign
from dgdesk.bundle.identity import Identity, common_name, fingerprint
from dgdesk.bundle.report import Limits, Problem, SignerFacts, printable
from dgdesk.bundle.verify_signer import signer_facts
from dgdesk.errors import CheckFailed, UsageError

if TYPE_CHECKING:
    from dgdesk.bundle.cms_form import SignedForm


@dataclass(frozen=True)
class SignatureReport:
    """What a signature says. ``intact``: it fits the content and the certificate inside it, whoever that is.

    ``signer`` and the rest are None unless it is intact; ``claimed_time`` (UTC) is the signer's own clock. The
    signature holds only if there are no problems.
    """

    intact: bool
    signer: str | None = None
    fingerprint: str | None = None
    claimed_time: datetime | None = None
    problems: tuple[Problem, ...] = ()
    facts: SignerFacts | None = field(default=None, compare=False)


def sign(content: bytes, identity: Identity, claimed_time: datetime) -> bytes:
    """Return the detached CMS signature (DER) of ``content``, SHA-256; ``claimed_time`` must be aware.

    It carries the identity's chain, and its signing-certificate-v2 names every certificate of it, so that the signature
    vouches for each of its bytes.

    Raises:
        UsageError: ``identity.expired``, ``identity.not_yet_valid`` at the claimed time.
    """
    moment = claimed_time.astimezone(UTC).replace(microsecond=0)
    if moment > identity.certificate.not_valid_after_utc:
        raise UsageError("identity.expired", day=identity.certificate.not_valid_after_utc.date().isoformat())
    if moment < identity.certificate.not_valid_before_utc:
        raise UsageError("identity.not_yet_valid", day=identity.certificate.not_valid_before_utc.date().isoformat())
    _quieten()
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner
    from pyhanko_certvalidator.registry import CertificateRegistry

    from dgdesk.bundle.cms_attributes import ChainAttributes

    own, *above = (
        asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (identity.certificate, *identity.chain)
    )
    registry = CertificateRegistry.build(above)
    signer = SimpleSigner(
        signing_cert=own,
        signing_key=keys.PrivateKeyInfo.load(
            identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=registry,
    )
    settings = PdfCMSSignedAttributes(signing_time=moment)
    if above:
        signer.signed_attr_prov_spec = ChainAttributes([own, *above], settings)
    message = asyncio.run(
        signer.async_sign_general_data(content, "sha256", use_cades=True, signed_attr_settings=settings)
    )
    return bytes(message.dump())


def check_signature(
    content: bytes, p7s: bytes, trusted: Sequence[x509.Certificate] | None, limit: int = Limits.signature
) -> SignatureReport:
    """Check a detached signature of ``content``; never raises on hostile bytes.

    The signer must be one of ``trusted`` (the same certificate, byte for byte) or have a certificate issued below a
    CA among them; certificates inside the signature are never trusted for being there. The certificate must be valid
    at the claimed time. Revocation is not checked, for that needs a network. With ``trusted`` None, only whether the
    signature fits is checked, and ``verify.origin_unchecked`` says so.
    """
    if len(p7s) > limit:
        return SignatureReport(False, problems=(Problem("signature.unreadable"),))
    try:
        _quieten()
        from dgdesk.bundle.cms_form import read_form

        form = read_form(p7s)
        return asyncio.run(_check(content, form, trusted))
    except CheckFailed as error:
        return SignatureReport(False, problems=(Problem(error.code, error.values),))
    except Exception:  # hostile bytes make asn1crypto and pyHanko raise nearly anything; all of it means the same
        return SignatureReport(False, problems=(Problem("signature.unreadable"),))


async def _check(content: bytes, form: SignedForm, trusted: Sequence[x509.Certificate] | None) -> SignatureReport:
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    encoded = form.certificate.public_bytes(Encoding.DER)
    enrolled = any(anchor.public_bytes(Encoding.DER) == encoded for anchor in trusted or ())
    # pyHanko takes any trust root for an issuer and knows it again by name and key alone: hand it no more than fits
    roots = [form.certificate] if enrolled else [anchor for anchor in trusted or () if _is_authority(anchor)]
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots],
        moment=form.claimed_time,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
    try:
        status: Any = await async_validate_detached_cms(
            content, form.signed_data, signer_validation_context=context, key_usage_settings=usage
        )
    except SignatureValidationError:  # among others: the signed attributes name another certificate
        return SignatureReport(False, problems=(Problem("signature.wrong"),))
    if not (status.intact and status.valid):
        return SignatureReport(False, problems=(Problem("signature.wrong"),))
    problems: list[Problem] = []
    start, end = form.certificate.not_valid_before_utc, form.certificate.not_valid_after_utc
    if not start <= form.claimed_time <= end:
        problems.append(Problem("signature.expired", {"start": start.date(), "end": end.date()}))
    if trusted is None:
        problems.append(Problem("verify.origin_unchecked"))
    elif enrolled:
        if not (may_sign(form.certificate) and form.others <= form.named):
            problems.append(Problem("signature.untrusted"))
    elif not (status.trusted and form.vouched(status.validation_path)):
        problems.append(Problem("signature.untrusted"))
    trust = None
    if trusted is not None and all(problem.code != "signature.untrusted" for problem in problems):
        trust = "enrolled" if enrolled else "authority"
    return SignatureReport(
        True,
        printable(common_name(form.certificate)),
        fingerprint(form.certificate),
        form.claimed_time,
        tuple(problems),
        signer_facts(form.certificate, trust),
    )


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False


def _quieten() -> None:
    """Keep the libraries' warnings, tracebacks included, off stderr; a log handler of the program still gets them."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
