"""Bundle: an identity from a CA, as a PKCS#12 file (RFC 7292): opened, or refused with the plain reason."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12

from dgdesk.bounds import UNFIT
from dgdesk.bundle.certify import may_sign, order_chain
from dgdesk.bundle.identity import MOST_CHAIN, Identity
from dgdesk.bundle.keyfile import is_signing_key
from dgdesk.errors import FileError, UsageError

LARGEST = 256 << 10
"""Bytes; a key with eight certificates takes 20 KiB."""
MOST_ROUNDS = 2_000_000
"""A file asking for more would hang the program."""
_DIGESTS = ("sha1", "sha224", "sha256", "sha384", "sha512")


def read_pkcs12(content: bytes, passphrase: str, now: datetime) -> Identity:
    """Open a PKCS#12 file; the identity has its chain as far as the file holds it. ``now`` is aware.

    A Thai passphrase is tried composed (NFC), decomposed (NFD) and as typed, for programs of CAs differ in this.

    Raises:
        FileError: ``identity.pkcs_unreadable``, ``identity.pkcs_no_key``, ``identity.pkcs_no_certificate``,
            ``identity.pkcs_unsupported`` (its encryption, or the kind of key).
        UsageError: ``identity.pkcs_wrong_passphrase`` (the MAC does not fit; damage looks the same),
            ``identity.expired``, ``identity.not_yet_valid``, ``identity.pkcs_not_for_signing``.
    """
    try:
        return _read(content, passphrase, now)
    except UnsupportedAlgorithm as error:
        raise FileError("identity.pkcs_unsupported") from error
    except (*UNFIT, x509.InvalidVersion) as error:  # asn1crypto raises of everything on damaged files
        raise FileError("identity.pkcs_unreadable") from error


def _read(content: bytes, passphrase: str, now: datetime) -> Identity:
    if len(content) > LARGEST:
        raise ValueError("too large")
    frame = asn1_pkcs12.Pfx.load(content, strict=True)
    if max(_rounds(frame)) > MOST_ROUNDS:
        raise FileError("identity.pkcs_unsupported")
    opened = _open(frame, content, passphrase)
    if opened.key is None:
        raise FileError("identity.pkcs_no_key")
    if opened.cert is None:
        raise FileError("identity.pkcs_no_certificate")
    if not is_signing_key(opened.key):
        raise FileError("identity.pkcs_unsupported")
    certificate = opened.cert.certificate
    if opened.key.public_key() != certificate.public_key():
        raise FileError("identity.pkcs_unreadable")
    if now > certificate.not_valid_after_utc:
        raise UsageError("identity.expired", day=certificate.not_valid_after_utc.date().isoformat())
    if now < certificate.not_valid_before_utc:
        raise UsageError("identity.not_yet_valid", day=certificate.not_valid_before_utc.date().isoformat())
    if not may_sign(certificate):
        raise UsageError("identity.pkcs_not_for_signing")
    chain = order_chain(certificate, (one.certificate for one in opened.additional_certs))
    return Identity(certificate, True, opened.key, chain=chain[:MOST_CHAIN])


def passphrases(typed: str) -> tuple[str, ...]:
    """Return the forms in which a passphrase may have been locked in, the likeliest first, each once."""
    forms = (unicodedata.normalize("NFC", typed), unicodedata.normalize("NFD", typed), typed)
    # Sara am as its two parts, which only the compatibility forms take apart or order.
    return tuple(dict.fromkeys((*forms, unicodedata.normalize("NFKD", typed))))


def _open(frame: Any, content: bytes, passphrase: str) -> PKCS12KeyAndCertificates:
    refused: Exception | None = None
    for word in passphrases(passphrase):
        fits = _mac_fits(frame, word)
        if fits is False:
            continue
        try:
            return load_pkcs12(content, word.encode())
        except UnsupportedAlgorithm as error:
            raise FileError("identity.pkcs_unsupported") from error
        except ValueError as error:
            if fits:
                refused = error
    if refused is not None:
        # The passphrase is right, and still it does not open: a cipher that the library does not have.
        raise FileError("identity.pkcs_unsupported") from refused
    raise UsageError("identity.pkcs_wrong_passphrase")


def _mac_fits(frame: Any, passphrase: str) -> bool | None:
    """Check the MAC (RFC 7292, 4 and B); None where there is none, or of a kind that only the library knows."""
    found = frame["mac_data"]
    if not found.native:
        return None
    name = found["mac"]["digest_algorithm"]["algorithm"].native
    if name not in _DIGESTS or frame["auth_safe"]["content_type"].native != "data":
        return None
    secret = (passphrase + "\0").encode("utf-16-be", "surrogatepass")
    key = _derive(name, secret, found["mac_salt"].native, found["iterations"].native)
    made = hmac.new(key, frame["auth_safe"]["content"].native, name).digest()
    return hmac.compare_digest(made, found["mac"]["digest"].native)


def _derive(name: str, secret: bytes, salt: bytes, rounds: int) -> bytes:
    """Derive a MAC key (RFC 7292, B.2 with ID 3); one block is enough for it."""
    block = hashlib.new(name).block_size
    made = bytes([3]) * block + _fill(salt, block) + _fill(secret, block)
    for _ in range(rounds):
        made = hashlib.new(name, made).digest()
    return made


def _fill(part: bytes, block: int) -> bytes:
    size = -(-len(part) // block) * block
    return (part * (size // len(part) + 1))[:size] if part else b""


def _rounds(frame: Any) -> Iterator[int]:
    """Yield the numbers of rounds that the file asks for, as far as they can be seen from outside."""
    yield 0
    if frame["mac_data"].native:
        yield int(frame["mac_data"]["iterations"].native)
    for part in frame.authenticated_safe:
        if part["content_type"].native == "encrypted_data":
            yield _asked(part["content"]["encrypted_content_info"]["content_encryption_algorithm"])
        elif part["content_type"].native == "data":
            for bag in asn1_pkcs12.SafeContents.load(part["content"].native):
                if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                    yield _asked(bag["bag_value"]["encryption_algorithm"])


def _asked(algorithm: Any) -> int:
    parameters = algorithm["parameters"]
    if algorithm["algorithm"].native == "pbes2":
        derivation = parameters["key_derivation_func"]
        return int(derivation["parameters"]["iteration_count"].native) if _is_pbkdf2(derivation) else 0
    return int(parameters["iterations"].native)


def _is_pbkdf2(derivation: Any) -> bool:
    return bool(derivation["algorithm"].native == "pbkdf2")
