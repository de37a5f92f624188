"""What a verdict tells of the signer's certificate, in texts that are safe to print."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from dgdesk.bundle.certify import issuer_of, subject_of
from dgdesk.bundle.identity import common_name, fingerprint
from dgdesk.bundle.report import SignerFacts, printable


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
