"""Bundle: the identity that signs: a P-256 key and a self-signed certificate (RFC 5280), two files in a folder.

The receiver enrols ``signer.pem`` once, over a way that is trusted; ``signer.key`` never leaves the machine.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from dgdesk.bundle.keyfile import NeedsPassphrase, WrongPassphrase, is_protected, read_key, write_key
from dgdesk.errors import FileError, UsageError

CERTIFICATE_FILE = "signer.pem"
KEY_FILE = "signer.key"
LONGEST_NAME = 64
"""Characters, the upper bound of X.520 for CN and O."""
_LARGEST_FILE = 64 << 10


@dataclass(frozen=True)
class IdentityCard:
    """What may be known of an identity without its passphrase."""

    certificate: x509.Certificate
    protected: bool

    @property
    def person(self) -> str:
        """The name of the person who signs (CN)."""
        return common_name(self.certificate)

    @property
    def province(self) -> str:
        """The province the person signs for (O)."""
        return _name_part(self.certificate, NameOID.ORGANIZATION_NAME)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate (DER), hex."""
        return fingerprint(self.certificate)

    @property
    def certificate_pem(self) -> bytes:
        """The certificate to hand to the receiver."""
        return self.certificate.public_bytes(Encoding.PEM)


@dataclass(frozen=True)
class Identity(IdentityCard):
    """An identity opened for signing; its key does not show in ``repr``."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)


def create_identity(
    folder: Path,
    *,
    person: str,
    province: str,
    passphrase: str | None,
    now: datetime,
    valid_days: int = 5 * 366,
) -> Identity:
    """Make a new identity in ``folder`` (made if absent), valid from ``now`` (aware); never replaces one.

    Raises:
        UsageError: ``identity.bad_name``, ``identity.empty_passphrase``.
        FileError: ``identity.exists``, ``identity.not_written``.
    """
    person, province = _clean(person), _clean(province)
    if passphrase is not None and not passphrase.strip():
        raise UsageError("identity.empty_passphrase")
    key = ec.generate_private_key(ec.SECP256R1())
    identity = Identity(_certify(key, person, province, now, valid_days), passphrase is not None, key)
    content = write_key(key, passphrase, secrets.token_bytes(16), secrets.token_bytes(16))
    parts = []
    try:
        if (folder / KEY_FILE).exists():
            raise FileError("identity.exists", folder=folder)
        folder.mkdir(parents=True, exist_ok=True)
        # the key last: a folder without it counts as empty, should the power fail in between
        for name, text in ((CERTIFICATE_FILE, identity.certificate_pem), (KEY_FILE, content)):
            part = folder / f"{name}.part"
            parts.append((part, folder / name))
            _write_private(part, text)
        if load_identity_files(parts[0][0], parts[1][0], passphrase).fingerprint != identity.fingerprint:
            raise FileError("identity.not_written", folder=folder)
        for part, path in parts:
            os.replace(part, path)
    except OSError as error:
        raise FileError("identity.not_written", folder=folder) from error
    finally:
        for part, _ in parts:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    return identity


def load_identity(folder: Path, passphrase: str | None) -> Identity:
    """Open the identity in ``folder``; the passphrase is not looked at if the key has none.

    Raises:
        FileError: ``identity.missing``, ``identity.damaged``.
        UsageError: ``identity.needs_passphrase``, ``identity.wrong_passphrase``.
    """
    return load_identity_files(folder / CERTIFICATE_FILE, folder / KEY_FILE, passphrase)


def load_identity_files(certificate: Path, key_file: Path, passphrase: str | None) -> Identity:
    """Open an identity whose files have other names; raises as ``load_identity``."""
    card, content = _read_card(certificate, key_file)
    try:
        key = read_key(content, passphrase)
    except NeedsPassphrase:
        raise UsageError("identity.needs_passphrase") from None
    except WrongPassphrase:
        raise UsageError("identity.wrong_passphrase") from None
    except ValueError as error:
        raise FileError("identity.damaged", path=key_file) from error
    if key.public_key() != card.certificate.public_key():
        raise FileError("identity.damaged", path=key_file)
    return Identity(card.certificate, card.protected, key)


def read_card(folder: Path) -> IdentityCard:
    """Read what is known of the identity in ``folder`` without its passphrase.

    Raises:
        FileError: ``identity.missing``, ``identity.damaged``.
    """
    return _read_card(folder / CERTIFICATE_FILE, folder / KEY_FILE)[0]


def read_certificates(pems: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    """Read the certificates of PEM files, each of which may hold several.

    Raises:
        FileError: ``identity.not_certificate``, one holds none or is damaged.
    """
    found: list[x509.Certificate] = []
    for content in pems:
        try:
            found.extend(x509.load_pem_x509_certificates(content))
        except ValueError as error:
            raise FileError("identity.not_certificate") from error
    return tuple(found)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return SHA-256 of the certificate (DER), hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def common_name(certificate: x509.Certificate) -> str:
    """Return the name of the person a certificate is made out to; empty if it names none."""
    return _name_part(certificate, NameOID.COMMON_NAME)


def _read_card(certificate_file: Path, key_file: Path) -> tuple[IdentityCard, bytes]:
    contents = []
    for path in (certificate_file, key_file):
        try:
            with path.open("rb") as stream:
                contents.append(stream.read(_LARGEST_FILE + 1))
        except FileNotFoundError:
            raise FileError("identity.missing", folder=path.parent) from None
        except OSError as error:
            raise FileError("identity.damaged", path=path) from error
    try:
        certificate = x509.load_pem_x509_certificate(contents[0])
    except ValueError as error:
        raise FileError("identity.damaged", path=certificate_file) from error
    try:
        return IdentityCard(certificate, is_protected(contents[1])), contents[1]
    except (ValueError, TypeError, KeyError) as error:  # what asn1crypto raises on damaged files
        raise FileError("identity.damaged", path=key_file) from error


def _certify(
    key: ec.EllipticCurvePrivateKey, person: str, province: str, now: datetime, valid_days: int
) -> x509.Certificate:
    start = now.astimezone(UTC).replace(microsecond=0)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TH"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, province),
            x509.NameAttribute(NameOID.COMMON_NAME, person),
        ]
    )
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
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


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    path.unlink(missing_ok=True)
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _clean(name: str) -> str:
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy or len(tidy) > LONGEST_NAME or any(unicodedata.category(char)[0] == "C" for char in tidy):
        raise UsageError("identity.bad_name", longest=LONGEST_NAME)
    return tidy


def _name_part(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    try:
        parts = certificate.subject.get_attributes_for_oid(oid)
    except ValueError:  # a stranger's certificate whose subject does not parse
        return ""
    return str(parts[0].value) if parts else ""
