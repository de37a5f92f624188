"""Whether one certificate was issued by another: by name, as OpenSSL compares names, and by its signature.

A CA may write its name as PrintableString in one certificate and as UTF8String in another; RFC 5280, 7.1 compares
what is written, without regard to case and to spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from dgdesk.bundle.signing.certificate_rules import is_strongly_signed
from dgdesk.bundle.signing.certify import issuer_of, subject_of

CanonicalName = tuple[tuple[tuple[str, Any], ...], ...]

_SPACES: Final = re.compile(r"[ \t\n\v\f\r]+")
_SMALL: Final = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def canonical(name: x509.Name) -> CanonicalName:
    """Return a name in the form in which OpenSSL compares it: ASCII letters small, spaces single, of any encoding."""
    return tuple(
        tuple(sorted(((one.oid.dotted_string, _folded(one.value)) for one in part), key=repr)) for part in name.rdns
    )


def name_of(read: Callable[[x509.Certificate], x509.Name], certificate: x509.Certificate) -> CanonicalName | None:
    """Return the subject or issuer of a certificate (`subject_of`, `issuer_of`); None if it does not parse."""
    try:
        return canonical(read(certificate))
    except ValueError:
        return None


def is_self_issued(certificate: x509.Certificate) -> bool:
    """Return whether issuer and subject are the same. Raises ValueError: one of them does not parse."""
    return canonical(issuer_of(certificate)) == canonical(subject_of(certificate))


def is_root(certificate: x509.Certificate) -> bool:
    """Return whether a certificate is self-issued; one that does not parse is not."""
    return (name := name_of(subject_of, certificate)) is not None and name == name_of(issuer_of, certificate)


def order_chain(certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Return those of ``others`` that are above ``certificate``, each after one that it signed; several ways up count.

    A chain comes back in the order in which it was given.
    """
    left = list(dict.fromkeys(one for one in others if one != certificate))
    chain = [certificate]
    while above := next((one for one in left if any(_is_issued_by(below, one) for below in chain)), None):
        chain.append(above)
        left.remove(above)
    return tuple(chain[1:])


def is_signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Return whether the key of ``issuer``, whose name is that of the issuer, signed a certificate.

    A method that is not checked here, such as MD5, counts as signed: `chain_fault` refuses it as weak. Otherwise the
    issuer would be said to be missing.
    """
    try:
        _verify(certificate, issuer)
    except InvalidSignature:
        return False
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return not is_strongly_signed(certificate) and not is_root(certificate)
    return True


def _verify(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    """Check a certificate's signature, and that the method outside is the one that was signed (RFC 5280, 4.1.1.2).

    Raises:
        InvalidSignature: it is another's.
        ValueError, TypeError, UnsupportedAlgorithm: the method is not for this key, or is not known.
    """
    from asn1crypto import x509 as asn1_x509

    read = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    if read["tbs_certificate"]["signature"].dump() != read["signature_algorithm"].dump():
        raise InvalidSignature
    key = issuer.public_key()
    how, digest = certificate.signature_algorithm_parameters, certificate.signature_hash_algorithm
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(how, ec.ECDSA):
        key.verify(certificate.signature, certificate.tbs_certificate_bytes, how)
    elif (
        isinstance(key, rsa.RSAPublicKey)
        and isinstance(how, padding.PKCS1v15 | padding.PSS)
        and isinstance(digest, hashes.HashAlgorithm)
    ):
        key.verify(certificate.signature, certificate.tbs_certificate_bytes, how, digest)
    else:  # a kind of key that `chain_fault` refuses, such as DSA, or a method for another one
        certificate.verify_directly_issued_by(issuer)


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    wanted = name_of(issuer_of, certificate)
    return wanted is not None and wanted == name_of(subject_of, issuer) and is_signed_by(certificate, issuer)


def _folded(value: object) -> object:
    return _SPACES.sub(" ", value.strip(" \t\n\v\f\r")).translate(_SMALL) if isinstance(value, str) else value
