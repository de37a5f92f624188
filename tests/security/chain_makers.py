"""Makers of certificates and chains for tests: every limit that a CA can carry, kept or broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = Any
USES = [
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
]
SIGNING, ISSUING = ("digital_signature", "content_commitment"), ("key_cert_sign", "crl_sign")


def name(person: str, organisation: str = "จังหวัดน่าน", mail: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "TH"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, person)]
    if mail:
        parts.append((NameOID.EMAIL_ADDRESS, mail))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])


@dataclass(frozen=True)
class Spec:
    """How a certificate is made; ``days`` from now, ``below`` the path length, ``more`` extensions, critical or not."""

    subject: x509.Name
    authority: bool = False
    days: tuple[float, float] = (-100, 1000)
    uses: tuple[str, ...] | None = SIGNING
    below: int | None = None
    basic: bool = True
    digest: Any = field(default_factory=hashes.SHA256)
    key: str = "ec"
    more: tuple[tuple[x509.ExtensionType, bool], ...] = ()

    def but(self, **changes: Any) -> Spec:
        return replace(self, **changes)


LEAF = Spec(name("สมชาย ใจดี"))
MIDDLE = Spec(name("Office", "CA"), authority=True, uses=ISSUING)
ROOT = Spec(name("Root", "CA"), authority=True, uses=ISSUING)


def make_key(kind: str) -> Key:
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key({"ec": ec.SECP256R1(), "k1": ec.SECP256K1()}[kind])


def make(spec: Spec, key: Key, issuer: x509.Name, issuer_key: Key, now: datetime) -> x509.Certificate:
    builder = x509.CertificateBuilder(issuer, spec.subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now + timedelta(spec.days[0])).not_valid_after(now + timedelta(spec.days[1]))
    if spec.basic:
        builder = builder.add_extension(x509.BasicConstraints(spec.authority, spec.below), critical=True)
    if spec.uses is not None:
        usage = x509.KeyUsage(**{use: use in spec.uses for use in USES})
        builder = builder.add_extension(usage, critical=True)
    for extension, critical in spec.more:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, spec.digest)


@dataclass(frozen=True)
class Made:
    """A chain: the signer's certificate first, the root last, with the signer's key."""

    certificates: tuple[x509.Certificate, ...]
    key: Key


def make_chain(specs: Sequence[Spec], now: datetime) -> Made:
    """Make a chain; ``specs`` from the signer to the root."""
    keys = [make_key(spec.key) for spec in specs]
    made = []
    for at, spec in enumerate(specs):
        above = min(at + 1, len(specs) - 1)
        made.append(make(spec, keys[at], specs[above].subject, keys[above], now))
    return Made(tuple(made), keys[0])
