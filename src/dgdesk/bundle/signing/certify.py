"""Certificates (RFC 5280): one made for a local identity; the names in others read."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NOT_FOR = (
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def certify(
    key: ec.EllipticCurvePrivateKey, person: str, province: str, now: datetime, valid_days: int
) -> x509.Certificate:
    """Make a self-signed certificate, for signing only, of a person (CN) in a province (O)."""
    start = now.astimezone(UTC).replace(microsecond=0)
    with _thai_names():
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "TH"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, province),
                x509.NameAttribute(NameOID.COMMON_NAME, person, _validate=False),
            ]
        )
    usage = dict.fromkeys(_NOT_FOR, False)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=valid_days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def subject_of(certificate: x509.Certificate) -> x509.Name:
    """Return the subject of a certificate; names of more than 21 Thai letters are accepted without a warning.

    Raises:
        ValueError: it does not parse.
    """
    with _thai_names():
        return certificate.subject


def issuer_of(certificate: x509.Certificate) -> x509.Name:
    """Return the issuer of a certificate; see `subject_of`."""
    with _thai_names():
        return certificate.issuer


@contextmanager
def _thai_names() -> Iterator[None]:
    """Accept names of up to 64 Thai letters.

    X.520 and RFC 5280 (ub-common-name) count characters. The library counts bytes of UTF-8, three for a Thai letter;
    it refuses to make a name of more than 64 bytes and warns when it reads one.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Attribute's length must be")
        yield
