"""Private keys as PKCS#8 files, encrypted by a passphrase (PBES2, RFC 8018) or not.

``cryptography`` writes only 2,048 rounds of PBKDF2 and has no option for more, so the envelope is built here; OpenSSL
reads it.
"""

from __future__ import annotations

import unicodedata
from typing import TypeGuard

from asn1crypto import keys, pem
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)

from dgdesk.bundle.certificate_rules import is_strong_key
from dgdesk.bundle.key_work import bound_encryption, bound_key

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
"""The keys used for CAdES; a local identity is always P-256, RSA keys come from CAs."""

ROUNDS = 600_000
LARGEST = 64 << 10
"""Bytes of a key file; one of RSA with 8,192 bits takes 7 KiB."""
_PROTECTED, _PLAIN = "ENCRYPTED PRIVATE KEY", "PRIVATE KEY"


class NeedsPassphrase(Exception):
    """The key is encrypted and no passphrase was given."""


class WrongPassphrase(Exception):
    """The key does not open with this passphrase."""


def write_key(key: SigningKey, passphrase: str | None, salt: bytes, iv: bytes) -> bytes:
    """Return the PEM file of a key; ``salt`` and ``iv`` (16 bytes each) must be fresh random bytes."""
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    if passphrase is None:
        return bytes(pem.armor(_PLAIN, plain))
    padder = padding.PKCS7(128).padder()
    padded = padder.update(plain) + padder.finalize()
    secret = PBKDF2HMAC(hashes.SHA256(), 32, salt, ROUNDS).derive(_encode(passphrase))
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(iv)).encryptor()
    envelope = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": {
                "algorithm": "pbes2",
                "parameters": {
                    "key_derivation_func": {
                        "algorithm": "pbkdf2",
                        "parameters": {
                            "salt": ("specified", salt),
                            "iteration_count": ROUNDS,
                            "prf": {"algorithm": "sha256"},
                        },
                    },
                    "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": iv},
                },
            },
            "encrypted_data": encryptor.update(padded) + encryptor.finalize(),
        }
    )
    return bytes(pem.armor(_PROTECTED, envelope.dump()))


def is_protected(content: bytes) -> bool:
    """Return whether a key file needs a passphrase.

    Raises:
        ValueError: it is no PKCS#8 PEM file, or asks for more work than any honest one does.
    """
    if len(content) > LARGEST:
        raise ValueError("too large")
    label, _, der = pem.unarmor(content)
    if label == _PLAIN:
        return False
    if label != _PROTECTED:
        raise ValueError(f"a PEM file of {label}")
    bound_encryption(keys.EncryptedPrivateKeyInfo.load(der, strict=True)["encryption_algorithm"])
    return True


def read_key(content: bytes, passphrase: str | None) -> SigningKey:
    """Read a key file; a passphrase for an unencrypted key is ignored.

    Raises:
        NeedsPassphrase: it is encrypted and ``passphrase`` is None.
        WrongPassphrase: the passphrase is wrong; a damaged encrypted key looks the same.
        ValueError: it is no key that may sign (`is_signing_key`).
    """
    if not is_protected(content):
        bound_key(keys.PrivateKeyInfo.load(pem.unarmor(content)[2], strict=True))
        key = load_pem_private_key(content, None)
    elif passphrase is None:
        raise NeedsPassphrase
    else:
        try:
            # Its numbers are checked below, once their sizes are known.
            key = load_pem_private_key(content, _encode(passphrase), unsafe_skip_rsa_key_validation=True)
        except ValueError:
            raise WrongPassphrase from None
    if not is_signing_key(key):
        raise ValueError("not a key that may sign")
    return prove_key(key)


def prove_key(key: SigningKey) -> SigningKey:
    """Return a key that may sign (`is_signing_key`) after checking its numbers. Raises ValueError."""
    proved = load_der_private_key(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), None)
    if not is_signing_key(proved):
        raise ValueError("not a key that may sign")
    return proved


def is_signing_key(key: object) -> TypeGuard[SigningKey]:
    """Return whether the verifier accepts such a key: P-256, P-384, P-521, RSA of 2,048 to 8,192 bits."""
    return isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) and is_strong_key(key.public_key())


def _encode(passphrase: str) -> bytes:
    # น้ำ may be typed in two ways; both must open the key.
    return unicodedata.normalize("NFC", passphrase).encode()
