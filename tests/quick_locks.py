"""Locks for files that open as fast as they are weak, for tests in which the strength of a passphrase is not the point.

What dgdesk writes takes a second of work for each try, on purpose; `tests/bundle/` holds that to its figures.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b64encode

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ROUNDS = 1_000
"""Rounds of PBKDF2, in place of `dgdesk.bundle.signing.keyfile.ROUNDS`."""
_WORK = 4
"""Two to this power is scrypt's N; age itself takes 18 or more."""


def lock(content: bytes, passphrase: str) -> bytes:
    """Encrypt up to 64 KiB as `pyrage.passphrase.encrypt` does (format age-encryption.org/v1), with little work."""
    assert len(content) <= 1 << 16
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    wrap = hashlib.scrypt(
        passphrase.encode(), salt=b"age-encryption.org/v1/scrypt" + salt, n=1 << _WORK, r=8, p=1, dklen=32
    )
    body = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    header = f"age-encryption.org/v1\n-> scrypt {_base64(salt)} {_WORK}\n{_base64(body)}\n---".encode()
    seal = hmac.digest(_derived(file_key, None, b"header"), header, "sha256")
    payload = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\1", content, None)
    return header + f" {_base64(seal)}\n".encode() + nonce + payload


def _derived(key: bytes, salt: bytes | None, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, use).derive(key)


def _base64(content: bytes) -> str:
    return b64encode(content).decode().rstrip("=")
