"""A certificate authority for tests: a root, an office that issues, and people's PKCS#12 files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_REST = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")


def make_key(kind: str) -> Key:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key({"ec": ec.SECP256R1(), "ec384": ec.SECP384R1()}[kind])


def certify(
    key: Key,
    named: str,
    by: Key,
    issuer: str,
    start: datetime,
    *,
    ca: bool = False,
    days: int = 400,
    signs: bool = True,
) -> x509.Certificate:
    def name(common: str) -> x509.Name:
        parts = ((NameOID.ORGANIZATION_NAME, "จังหวัดน่าน"), (NameOID.COMMON_NAME, common))
        return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])

    usage = {"digital_signature": signs and not ca, "content_commitment": signs and not ca}
    usage |= {"key_cert_sign": ca, "crl_sign": ca, **dict.fromkeys(_REST, False)}
    if not ca and not signs:
        usage["key_encipherment"] = True
    return (
        x509.CertificateBuilder()
        .subject_name(name(named))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(by, hashes.SHA256())
    )


@dataclass(frozen=True)
class Authority:
    """A root that certified an office, which certifies people."""

    kind: str
    start: datetime
    root_key: Key
    root: x509.Certificate
    office_key: Key
    office: x509.Certificate

    @property
    def root_pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def pkcs12(
        self,
        passphrase: str,
        *,
        person: str = "สมชาย ใจดี",
        key: Key | None = None,
        with_root: bool = False,
        days: int = 300,
        signs: bool = True,
    ) -> bytes:
        key = key or make_key(self.kind)
        own = certify(key, person, self.office_key, "office", self.start, days=days, signs=signs)
        others = [self.root, self.office] if with_root else [self.office]
        lock = BestAvailableEncryption(passphrase.encode())
        return serialize_key_and_certificates(b"signer", key, own, others, lock)


def make_authority(kind: str, start: datetime) -> Authority:
    root_key, office_key = make_key(kind), make_key(kind)
    root = certify(root_key, "root", root_key, "root", start, ca=True)
    office = certify(office_key, "office", root_key, "root", start, ca=True)
    return Authority(kind, start, root_key, root, office_key, office)
