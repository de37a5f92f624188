"""Decides which certificates may take part in a signature, by their form, strength and intended use.

Pure functions. The rules are those of RFC 5280, never laxer than `openssl cms -verify` (docs/integrators.md), and
stricter where a certificate was issued for another use: integrators run OpenSSL with ``-purpose any``, which ignores
that.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

from dgdesk.bundle.certify import issuer_of, subject_of
from dgdesk.bundle.report import Problem, printable

LEAST_RSA, MOST_RSA = 2048, 8192
"""Bits."""
LEAST_EXPONENT, MOST_EXPONENT = 3, 1 << 64
CURVES: Final = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)

_SIGNING_USES: Final = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
        "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
        "1.3.6.1.4.1.311.10.3.12",  # document signing, Microsoft's
        "1.2.840.113583.1.1.5",  # authentic documents, Adobe's
    }
)
_UNDERSTOOD: Final = frozenset(
    {
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.NAME_CONSTRAINTS,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.POLICY_CONSTRAINTS,
        ExtensionOID.POLICY_MAPPINGS,
        ExtensionOID.INHIBIT_ANY_POLICY,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
    }
)
"""Extensions that may be critical: those that are obeyed, and addresses of revocation lists, not used offline."""
_BARRED: Final = {
    "1.3.6.1.5.5.7.1.14",  # a proxy certificate (RFC 3820)
    "1.3.6.1.5.5.7.1.7",  # IP addresses and AS numbers (RFC 3779): OpenSSL checks them along the chain
    "1.3.6.1.5.5.7.1.8",
}
_USES: Final = {
    ExtendedKeyUsageOID.SERVER_AUTH: "TLS server",
    ExtendedKeyUsageOID.CLIENT_AUTH: "TLS client",
    ExtendedKeyUsageOID.CODE_SIGNING: "code signing",
    ExtendedKeyUsageOID.TIME_STAMPING: "time stamping",
    ExtendedKeyUsageOID.OCSP_SIGNING: "OCSP",
}
_DAMAGE: Final = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""The errors that the library raises for malformed certificates."""


def named(certificate: x509.Certificate) -> str:
    """Return the holder's name in a form that is safe to print: the common name, else the whole subject."""
    try:
        subject = subject_of(certificate)
        parts = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return printable(str(parts[0].value) if parts else subject.rfc4514_string()) or "-"
    except _DAMAGE:
        return "-"


def form_fault(certificate: x509.Certificate) -> Problem | None:
    """Return why a certificate cannot be used anywhere in a chain: damaged, weak, or not understood."""
    name = named(certificate)
    try:
        if certificate.version is not x509.Version.v3:
            return Problem("signature.certificate_damaged", {"name": name})
        subject_of(certificate).rfc4514_string()
        issuer_of(certificate).rfc4514_string()
        extensions = certificate.extensions
        strong = is_strong_key(certificate.public_key())
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except _DAMAGE:
        return Problem("signature.certificate_damaged", {"name": name})
    if begins > ends:
        return Problem("signature.certificate_damaged", {"name": name})
    for one in extensions:
        if one.oid.dotted_string in _BARRED or (one.critical and one.oid not in _UNDERSTOOD):
            return Problem("signature.critical_extension", {"name": name, "oid": one.oid.dotted_string})
    return None if strong else Problem("signature.chain_weak", {"name": name})


def is_strong_key(key: object) -> bool:
    """Return whether a public key is accepted: RSA of 2,048 to 8,192 bits, P-256, P-384, P-521."""
    if isinstance(key, rsa.RSAPublicKey):
        exponent = key.public_numbers().e
        return (
            LEAST_RSA <= key.key_size <= MOST_RSA and LEAST_EXPONENT <= exponent <= MOST_EXPONENT and exponent % 2 == 1
        )
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES)


def is_strongly_signed(certificate: x509.Certificate) -> bool:
    """Return whether a certificate's own signature uses SHA-2."""
    try:
        return isinstance(certificate.signature_hash_algorithm, hashes.SHA256 | hashes.SHA384 | hashes.SHA512)
    except _DAMAGE:
        return False


def covers(certificate: x509.Certificate, moment: datetime) -> bool:
    """Return whether a moment (aware) is within a certificate's validity; as in OpenSSL, its last second is not."""
    return certificate.not_valid_before_utc <= moment < certificate.not_valid_after_utc


def is_authority(certificate: x509.Certificate) -> bool:
    """Return whether a certificate belongs to a CA."""
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, *_DAMAGE):
        return False


def signer_fault(certificate: x509.Certificate) -> Problem | None:
    """Return why a certificate may not sign documents; one that does not restrict its use may sign."""
    name = named(certificate)
    if is_authority(certificate):
        return Problem("signature.use_authority", {"name": name})
    try:
        usage = _usage(certificate)
        other = other_uses(certificate)
    except _DAMAGE:
        return Problem("signature.certificate_damaged", {"name": name})
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        return Problem("signature.use_key", {"name": name})
    return Problem("signature.use_other", {"name": name, "uses": other}) if other else None


def issuer_fault(certificate: x509.Certificate) -> Problem | None:
    """Return why a certificate may not issue signers' certificates."""
    name = named(certificate)
    try:
        usage = _usage(certificate)
        other = other_uses(certificate)
    except _DAMAGE:
        return Problem("signature.certificate_damaged", {"name": name})
    if not is_authority(certificate) or (usage is not None and not usage.key_cert_sign):
        return Problem("signature.chain_authority", {"name": name})
    return Problem("signature.chain_use", {"name": name, "uses": other}) if other else None


def other_uses(certificate: x509.Certificate) -> str:
    """Return the uses a certificate is restricted to if signing documents is not among them, else an empty text."""
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return ""
    if any(one.dotted_string in _SIGNING_USES for one in uses):
        return ""
    return ", ".join(_USES.get(one, one.dotted_string) for one in uses)[:200] or "-"


def path_length(certificate: x509.Certificate) -> int | None:
    """Return how many CAs may be between this one and a signer; None means any number."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    except x509.ExtensionNotFound:
        return None


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
