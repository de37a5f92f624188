"""Which certificates may take part in a signature: form, strength, use, name constraints (RFC 5280).

Pure functions. The rules are those of RFC 5280, never laxer than `openssl cms -verify` (docs/integrators.md), and
stricter where a certificate was issued for another use: integrators run OpenSSL with ``-purpose any``, which ignores
that.

Where the standard can be read in two ways, the stricter reading counts: a permitted name must match letter by letter,
an excluded one also matches whatever looks the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID, PublicKeyAlgorithmOID

from dgdesk.bundle.report import BundleProblem, printable
from dgdesk.bundle.signing.certify import issuer_of, subject_of

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


def form_fault(certificate: x509.Certificate) -> BundleProblem | None:
    """Return why a certificate cannot be used anywhere in a chain: damaged, weak, or not understood."""
    name = named(certificate)
    try:
        if certificate.version is not x509.Version.v3:
            return BundleProblem("signature.certificate_damaged", {"name": name})
        subject_of(certificate).rfc4514_string()
        issuer_of(certificate).rfc4514_string()
        extensions = certificate.extensions
        strong, plain = is_strong_key(certificate.public_key()), has_named_curve(certificate)
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except _DAMAGE:
        return BundleProblem("signature.certificate_damaged", {"name": name})
    if begins > ends:
        return BundleProblem("signature.certificate_damaged", {"name": name})
    for one in extensions:
        if one.oid.dotted_string in _BARRED or (one.critical and one.oid not in _UNDERSTOOD):
            return BundleProblem("signature.critical_extension", {"name": name, "oid": one.oid.dotted_string})
    if not plain:
        return BundleProblem("signature.key_parameters", {"name": name})
    return None if strong else BundleProblem("signature.chain_weak", {"name": name})


def is_strong_key(key: object) -> bool:
    """Return whether a public key is accepted: RSA of 2,048 to 8,192 bits, P-256, P-384, P-521."""
    if isinstance(key, rsa.RSAPublicKey):
        exponent = key.public_numbers().e
        return (
            LEAST_RSA <= key.key_size <= MOST_RSA and LEAST_EXPONENT <= exponent <= MOST_EXPONENT and exponent % 2 == 1
        )
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES)


def has_named_curve(certificate: x509.Certificate) -> bool:
    """Return whether the key names its curve (RFC 5480, 2.1.1), if it has one.

    OpenSSL refuses a certificate that spells its curve out by its numbers; the library reads both alike.
    """
    if certificate.public_key_algorithm_oid != PublicKeyAlgorithmOID.EC_PUBLIC_KEY:
        return True
    from asn1crypto import x509 as asn1_x509

    tbs = asn1_x509.TbsCertificate.load(certificate.tbs_certificate_bytes)
    return bool(tbs["subject_public_key_info"]["algorithm"]["parameters"].name == "named")


def is_bound_to_pss(certificate: x509.Certificate) -> bool:
    """Return whether the key may only make RSASSA-PSS signatures (RFC 4055, 1.2), which the form of CMS has not."""
    return certificate.public_key_algorithm_oid == PublicKeyAlgorithmOID.RSASSA_PSS


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


def signer_fault(certificate: x509.Certificate) -> BundleProblem | None:
    """Return why a certificate may not sign documents; one that does not restrict its use may sign."""
    name = named(certificate)
    if is_authority(certificate):
        return BundleProblem("signature.use_authority", {"name": name})
    if is_bound_to_pss(certificate):
        return BundleProblem("signature.use_pss", {"name": name})
    try:
        usage = _usage(certificate)
        other = other_uses(certificate)
    except _DAMAGE:
        return BundleProblem("signature.certificate_damaged", {"name": name})
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        return BundleProblem("signature.use_key", {"name": name})
    return BundleProblem("signature.use_other", {"name": name, "uses": other}) if other else None


def issuer_fault(certificate: x509.Certificate) -> BundleProblem | None:
    """Return why a certificate may not issue signers' certificates."""
    name = named(certificate)
    try:
        usage = _usage(certificate)
        other = other_uses(certificate)
    except _DAMAGE:
        return BundleProblem("signature.certificate_damaged", {"name": name})
    if not is_authority(certificate) or (usage is not None and not usage.key_cert_sign):
        return BundleProblem("signature.chain_authority", {"name": name})
    return BundleProblem("signature.chain_use", {"name": name, "uses": other}) if other else None


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


_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+\.?")
_MAIL_IN_UTF8 = "1.3.6.1.5.5.7.8.9"


def within_limits(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Return whether all names of a certificate are within the name constraints of a CA above it.

    Raises:
        ValueError, x509.UnsupportedGeneralNameType: one of them does not parse.
    """
    try:
        limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return True
    permitted, excluded = limits.permitted_subtrees or [], limits.excluded_subtrees or []
    limited = {type(one) for one in (*permitted, *excluded)}
    for name in _names(certificate, x509.DNSName in limited):
        if isinstance(name, x509.OtherName) and name.type_id.dotted_string == _MAIL_IN_UTF8 and _MAIL & limited:
            return False
        if type(name) not in limited:
            continue
        match = _MATCHES.get(type(name))
        if match is None:  # a kind of name that is not supported
            return False
        wanted = [one for one in permitted if type(one) is type(name)]
        if any(match(name.value, one.value, True) for one in excluded if type(one) is type(name)):
            return False
        if wanted and not any(match(name.value, one.value, False) for one in wanted):
            return False
    return True


def has_subtree_bounds(limits: Any) -> bool:
    """Return whether name constraints (asn1crypto's) bound the depth of subtrees, which is not supported."""
    trees = (limits[key] for key in ("permitted_subtrees", "excluded_subtrees") if limits[key].native is not None)
    return any(one["minimum"].native or one["maximum"].native is not None for tree in trees for one in tree)


def _names(certificate: x509.Certificate, with_hosts: bool) -> Iterator[Any]:
    subject = subject_of(certificate)
    if list(subject):
        yield x509.DirectoryName(subject)
    for part in subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS):
        yield _mail(str(part.value))
    others: list[x509.GeneralName] = []
    with suppress(x509.ExtensionNotFound):
        others = list(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    yield from others
    if with_hosts and not any(isinstance(one, x509.DNSName) for one in others):
        for part in subject.get_attributes_for_oid(NameOID.COMMON_NAME):
            if _HOST.fullmatch(str(part.value)):
                yield x509.DNSName(str(part.value))


def _mail(text: str) -> x509.GeneralName:
    return x509.RFC822Name(text) if text.isascii() else x509.RFC822Name._init_without_validation(text)


def _directory(name: x509.Name, base: x509.Name, loosely: bool) -> bool:
    found, wanted = [_part(one, loosely) for one in name.rdns], [_part(one, loosely) for one in base.rdns]
    return found[: len(wanted)] == wanted


def _part(part: Iterable[x509.NameAttribute[Any]], loosely: bool) -> frozenset[tuple[str, Any]]:
    def value(one: x509.NameAttribute[Any]) -> Any:
        if not loosely or not isinstance(one.value, str):
            return one.value
        return " ".join(unicodedata.normalize("NFKC", one.value).casefold().split())

    return frozenset((one.oid.dotted_string, value(one)) for one in part)


def _domain(name: str, base: str, loosely: bool) -> bool:
    host, limit = name.lower().rstrip("."), base.lower().rstrip(".")
    if not limit.strip("."):
        return True
    return host == limit or host.endswith(limit if limit.startswith(".") else f".{limit}")


def _host(name: str, base: str, loosely: bool) -> bool:
    """Match a host name: a base that begins with a dot means all hosts below it, any other base that host alone."""
    host, limit = name.lower(), base.lower()
    if loosely:
        return _domain(host, limit.lstrip("."), True)
    return host.endswith(limit) and host != limit if limit.startswith(".") else host == limit


def _address(name: str, base: str, loosely: bool) -> bool:
    local, at, host = name.rpartition("@")
    if not at:
        return loosely
    wanted, with_local, domain = base.rpartition("@")
    if with_local:
        same = local.casefold() == wanted.casefold() if loosely else local == wanted
        return same and host.lower() == domain.lower()
    return _host(host, base, loosely)


def _link(name: str, base: str, loosely: bool) -> bool:
    try:
        host = urlsplit(name).hostname or ""
    except ValueError:
        host = ""
    return _host(host, base, loosely) if host else loosely


def _network(
    name: IPv4Address | IPv6Address | IPv4Network | IPv6Network, base: IPv4Network | IPv6Network, loosely: bool
) -> bool:
    return isinstance(name, IPv4Address | IPv6Address) and name.version == base.version and name in base


_MATCHES: dict[type, Any] = {
    x509.DirectoryName: _directory,
    x509.DNSName: _domain,
    x509.RFC822Name: _address,
    x509.UniformResourceIdentifier: _link,
    x509.IPAddress: _network,
}
_MAIL = {x509.RFC822Name}
