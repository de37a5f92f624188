"""Makes, reads and changes the identity that signs: a key and its certificate (RFC 5280), two files in a folder.

The receiver enrols ``signer.pem`` once, over a trusted channel; ``signer.key`` never leaves the machine. The chain of a
CA is in a third file: if it were in ``signer.pem``, whoever enrols that would trust everybody certified by the CA.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from dgdesk.bundle.signing.certificates import read_certificate_file, read_certificates, read_small
from dgdesk.bundle.signing.certify import certify, subject_of
from dgdesk.bundle.signing.issuance import order_chain
from dgdesk.bundle.signing.keyfile import (
    NeedsPassphrase,
    SigningKey,
    WrongPassphrase,
    is_protected,
    read_key,
    write_key,
)
from dgdesk.errors import FileError, UsageError
from dgdesk.system.atomic import atomic_set, atomic_write
from dgdesk.system.bounds import UNFIT
from dgdesk.system.private import make_private_folder, write_private
from dgdesk.system.renaming import set_aside
from dgdesk.text.normalise import tidy

CERTIFICATE_FILE = "signer.pem"
KEY_FILE = "signer.key"
CHAIN_FILE = "chain.pem"
MOST_CHAIN = 7
"""Certificates above the signer's; the verifier accepts 8 in all."""
LONGEST_NAME = 64
"""Characters, the upper bound of X.520 for CN and O."""
LARGEST_FILE = 64 << 10
"""Bytes of a certificate or key."""


@dataclass(frozen=True)
class IdentityCard:
    """The part of an identity that needs no passphrase. ``chain``: the CAs above it, nearest first."""

    certificate: x509.Certificate
    protected: bool
    chain: tuple[x509.Certificate, ...] = field(default=(), kw_only=True)

    @property
    def person(self) -> str:
        """The name of the signing person (CN)."""
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

    key: SigningKey = field(repr=False)


def create_identity(
    folder: Path,
    *,
    person: str,
    province: str,
    passphrase: str | None,
    now: datetime,
    valid_days: int = 5 * 366,
) -> Identity:
    """Make a new identity in ``folder`` (made if missing), valid from ``now`` (aware); never replaces one.

    Raises:
        UsageError: ``identity.bad_name``, ``identity.empty_passphrase``, and as `prove_signer`.
        FileError: ``identity.exists``, ``identity.not_written``.
    """
    from dgdesk.bundle.signing.selection import prove_signer  # which needs `Identity`

    person, province = _clean(person), _clean(province)
    if passphrase is not None and not passphrase.strip():
        raise UsageError("identity.empty_passphrase")
    key = ec.generate_private_key(ec.SECP256R1())
    identity = Identity(certify(key, person, province, now, valid_days), passphrase is not None, key)
    prove_signer(identity, now)
    write_identity(folder, identity, passphrase)
    return identity


def write_identity(folder: Path, identity: Identity, passphrase: str | None) -> None:
    """Write an identity into ``folder`` (made if missing), its key encrypted by ``passphrase``; never replaces one.

    Raises:
        FileError: ``identity.exists``, ``identity.not_written``.
    """
    content = _lock(identity.key, passphrase)
    files = {CERTIFICATE_FILE: identity.certificate_pem, KEY_FILE: content}
    if identity.chain:
        files = {CHAIN_FILE: b"".join(one.public_bytes(Encoding.PEM) for one in identity.chain), **files}

    def prove(parts: Mapping[str, Path]) -> None:
        try:
            found = load_identity_files(parts[CERTIFICATE_FILE], parts[KEY_FILE], passphrase)
        except FileError as error:  # of what was just written
            raise FileError("identity.not_written", folder=folder) from error
        if found.fingerprint != identity.fingerprint:
            raise FileError("identity.not_written", folder=folder)

    try:
        if (folder / KEY_FILE).exists():
            raise FileError("identity.exists", folder=folder)
        make_private_folder(folder)
        for name in (CHAIN_FILE, CERTIFICATE_FILE):  # of an unfinished identity, or a person's own
            set_aside(folder / name)
        # The key last: a folder without it counts as empty if the power fails in between.
        with atomic_set(folder, replace=True, prove=prove) as make:
            for name, one in files.items():
                write_private(make(name), one)
    except OSError as error:
        raise FileError("identity.not_written", folder=folder) from error


def complete_chain(folder: Path, identity: Identity) -> None:
    """Keep the chain of ``identity`` with the same one, which is in ``folder`` with a part of the chain or none.

    Raises:
        FileError: ``identity.not_written``.
    """
    path = folder / CHAIN_FILE
    content = b"".join(one.public_bytes(Encoding.PEM) for one in identity.chain)
    atomic_write(path, content, replace=True, private=True, explain=_not_written)


def change_passphrase(folder: Path, old: str | None, new: str | None) -> Identity:
    """Encrypt the key in ``folder`` by another passphrase (None: none); the old file stays until the new one opens.

    Raises:
        UsageError: ``identity.empty_passphrase``; as `load_identity`.
        FileError: ``identity.not_written``; as `load_identity`.
    """
    if new is not None and not new.strip():
        raise UsageError("identity.empty_passphrase")
    identity = load_identity(folder, old)

    def prove(part: Path) -> None:
        try:
            load_identity_files(folder / CERTIFICATE_FILE, part, new)
        except FileError as error:  # of what was just written
            raise FileError("identity.not_written", folder=folder) from error

    atomic_write(
        folder / KEY_FILE, _lock(identity.key, new), replace=True, private=True, prove=prove, explain=_not_written
    )
    return replace(identity, protected=new is not None)


def _not_written(error: OSError, path: Path) -> FileError:
    return FileError("identity.not_written", folder=path.parent)


def load_identity(folder: Path, passphrase: str | None) -> Identity:
    """Open the identity in ``folder``; a passphrase for an unencrypted key is ignored.

    Raises:
        FileError: ``identity.missing``, ``identity.damaged``.
        UsageError: ``identity.needs_passphrase``, ``identity.wrong_passphrase``.
    """
    identity = load_identity_files(folder / CERTIFICATE_FILE, folder / KEY_FILE, passphrase)
    return replace(identity, chain=_read_chain(folder, identity.certificate))


def load_identity_files(certificate: Path, key_file: Path, passphrase: str | None) -> Identity:
    """Open an identity whose files have other names. Raises as ``load_identity``."""
    card, content = _read_card(certificate, key_file)
    return unlock(card, content, passphrase, key_file)


def unlock(card: IdentityCard, content: bytes, passphrase: str | None, key_file: Path) -> Identity:
    """Open the identity of a card with the content of its key file; ``key_file`` is only for messages.

    Raises:
        FileError: ``identity.damaged``: this is no key, or the key of another certificate.
        UsageError: ``identity.needs_passphrase``, ``identity.wrong_passphrase``.
    """
    try:
        key = read_key(content, passphrase)
    except NeedsPassphrase:
        raise UsageError("identity.needs_passphrase") from None
    except WrongPassphrase:
        raise UsageError("identity.wrong_passphrase") from None
    except (*UNFIT, UnsupportedAlgorithm) as error:
        raise FileError("identity.damaged", path=key_file) from error
    if key.public_key() != card.certificate.public_key():
        raise FileError("identity.damaged", path=key_file)
    return Identity(card.certificate, card.protected, key, chain=card.chain)


def read_card(folder: Path) -> IdentityCard:
    """Read the part of the identity in ``folder`` that needs no passphrase.

    Raises:
        FileError: ``identity.missing``, ``identity.damaged``.
    """
    card = _read_card(folder / CERTIFICATE_FILE, folder / KEY_FILE)[0]
    return replace(card, chain=_read_chain(folder, card.certificate))


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the certificate (DER), hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def common_name(certificate: x509.Certificate) -> str:
    """Return the name of the person in a certificate; empty if it has none."""
    return _name_part(certificate, NameOID.COMMON_NAME)


def _read_card(certificate_file: Path, key_file: Path) -> tuple[IdentityCard, bytes]:
    contents = []
    for path in (certificate_file, key_file):
        try:
            contents.append(read_small(path, LARGEST_FILE))
        except FileError as error:
            if error.code == "small_file.missing":
                raise FileError("identity.missing", folder=path.parent) from None
            raise FileError("identity.damaged", path=path) from error
    try:
        (certificate,) = read_certificates(contents[:1])
        certificate.public_key()  # it is parsed only here
    except (FileError, *UNFIT, UnsupportedAlgorithm) as error:
        raise FileError("identity.damaged", path=certificate_file) from error
    try:
        return IdentityCard(certificate, is_protected(contents[1])), contents[1]
    except UNFIT as error:  # asn1crypto raises many kinds of errors on damaged files
        raise FileError("identity.damaged", path=key_file) from error


def _read_chain(folder: Path, certificate: x509.Certificate) -> tuple[x509.Certificate, ...]:
    path = folder / CHAIN_FILE
    if not os.path.lexists(path):
        return ()
    try:
        found = read_certificate_file(path)
    except FileError as error:
        raise FileError("identity.damaged", path=path) from error
    chain = order_chain(certificate, found)
    if len(chain) != len(found) or len(found) > MOST_CHAIN:
        raise FileError("identity.damaged", path=path)
    return chain


def _lock(key: SigningKey, passphrase: str | None) -> bytes:
    return write_key(key, passphrase, secrets.token_bytes(16), secrets.token_bytes(16))


def _clean(name: str) -> str:
    spaced = " ".join(name.split())
    if any(unicodedata.category(char)[0] == "C" for char in spaced) or not 0 < len(tidy(spaced)) <= LONGEST_NAME:
        raise UsageError("identity.bad_name", longest=LONGEST_NAME)
    return tidy(spaced)


def _name_part(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    try:
        parts = subject_of(certificate).get_attributes_for_oid(oid)
    except UNFIT:  # the subject of a certificate from outside does not parse
        return ""
    return str(parts[0].value) if parts else ""
