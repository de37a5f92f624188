"""Bundle: an identity from a CA, as a PKCS#12 file (RFC 7292): opened, or refused with the plain reason."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from datetime import datetime
from typing import Any

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12

from dgdesk.bounds import UNFIT
from dgdesk.bundle.certificate_rules import MOST_RSA, form_fault, signer_fault
from dgdesk.bundle.certify import order_chain
from dgdesk.bundle.identity import MOST_CHAIN, Identity
from dgdesk.bundle.key_work import TooMuchWork, bound_encryption, bound_key, bound_rounds
from dgdesk.bundle.keyfile import is_signing_key
from dgdesk.bundle.pbe import decrypt, derive
from dgdesk.errors import FileError, UsageError

LARGEST = 256 << 10
"""Bytes; a key with eight certificates takes 20 KiB."""
MOST_IN_ALL = 6_000_000
"""Rounds of all parts together; several forms of a passphrase may be tried."""
MOST_PARTS = 8
"""Parts of the file; an honest one has two."""
MOST_BAGS = 32
"""Keys and certificates in a part."""
_DIGESTS = ("sha1", "sha224", "sha256", "sha384", "sha512")


def read_pkcs12(content: bytes, passphrase: str, now: datetime) -> Identity:
    """Open a PKCS#12 file; the identity has its chain as far as the file holds it. ``now`` is aware.

    A Thai passphrase is tried composed (NFC), decomposed (NFD) and as typed, for programs of CAs differ in this.

    Raises:
        FileError: ``identity.pkcs_unreadable``, ``identity.pkcs_no_key``, ``identity.pkcs_no_certificate``,
            ``identity.pkcs_unsupported`` (its encryption, or the kind of key).
        UsageError: ``identity.pkcs_wrong_passphrase`` (the MAC does not fit; damage looks the same),
            ``identity.expired``, ``identity.not_yet_valid``, ``identity.pkcs_not_for_signing``, and as `form_fault`.
    """
    try:
        if len(content) > LARGEST:
            raise ValueError("too large")
        frame = asn1_pkcs12.Pfx.load(content, strict=True)
        try:
            _bound(frame)
        except TooMuchWork:
            raise FileError("identity.pkcs_unsupported") from None
        opened = _open(frame, content, passphrase)
        return _identity(opened, now)
    except UnsupportedAlgorithm as error:
        raise FileError("identity.pkcs_unsupported") from error
    except (*UNFIT, x509.InvalidVersion) as error:  # asn1crypto raises of everything on damaged files
        raise FileError("identity.pkcs_unreadable") from error


def _identity(opened: PKCS12KeyAndCertificates, now: datetime) -> Identity:
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
    if fault := form_fault(certificate):  # no verifier takes it
        raise UsageError(fault.code, **fault.values)
    if signer_fault(certificate) is not None:
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
            _bound_inside(frame, word, is_right=bool(fits))
            return load_pkcs12(content, word.encode())
        except TooMuchWork:
            raise FileError("identity.pkcs_unsupported") from None
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
    size = hashlib.new(name).digest_size
    key = derive(name, 3, secret, found["mac_salt"].native, found["iterations"].native, size)
    made = hmac.new(key, frame["auth_safe"]["content"].native, name).digest()
    return hmac.compare_digest(made, found["mac"]["digest"].native)


def _bound(frame: Any) -> None:
    """Let a file pass whose work is bounded, as far as that can be seen from outside.

    Raises:
        TooMuchWork: it is not.
        ValueError, TypeError, KeyError: it is damaged.
    """
    mac, total = frame["mac_data"], 0
    if mac.native:
        # a MAC of another kind (PBMAC1, RFC 9579) has rounds of its own inside
        if mac["mac"]["digest_algorithm"]["algorithm"].native not in _DIGESTS:
            raise TooMuchWork
        total += bound_rounds(int(mac["iterations"].native))
    parts = frame.authenticated_safe
    if len(parts) > MOST_PARTS:
        raise TooMuchWork
    for part in parts:
        kind = part["content_type"].native
        if kind == "encrypted_data":
            total += bound_encryption(part["content"]["encrypted_content_info"]["content_encryption_algorithm"])
        elif kind == "data":
            total += _bound_bags(part["content"].native)
        else:
            raise TooMuchWork
    if total > MOST_IN_ALL:
        raise TooMuchWork


def _bound_inside(frame: Any, passphrase: str, *, is_right: bool) -> None:
    """Let a file pass whose encrypted parts ask for no more, and whose locked keys are not too large to be proved.

    ``is_right``: the passphrase is known to be right. If it is not, what does not open is the library's to tell.

    Raises:
        TooMuchWork: they do, or cannot be looked at.
    """
    total = 0
    for part in frame.authenticated_safe:
        if part["content_type"].native == "data":
            contents = part["content"].native
        else:
            info = part["content"]["encrypted_content_info"]
            try:
                contents = decrypt(info["content_encryption_algorithm"], info["encrypted_content"].native, passphrase)
            except TooMuchWork:
                raise
            except (ValueError, TypeError, KeyError) as error:
                if is_right:
                    raise TooMuchWork from error
                continue
            total += _bound_bags(contents)
            if total > MOST_IN_ALL:
                raise TooMuchWork
        for bag in asn1_pkcs12.SafeContents.load(contents):
            if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                _bound_locked(bag["bag_value"].untag().dump(), passphrase.encode())


def _bound_bags(contents: bytes) -> int:
    """Return the rounds that keys in a part ask for. Raises TooMuchWork, ValueError."""
    total = 0
    bags = asn1_pkcs12.SafeContents.load(contents)
    if len(bags) > MOST_BAGS:
        raise TooMuchWork
    for bag in bags:
        kind = bag["bag_id"].native
        if kind == "pkcs8_shrouded_key_bag":
            total += bound_encryption(bag["bag_value"]["encryption_algorithm"])
        elif kind == "key_bag":
            bound_key(bag["bag_value"])
        elif kind == "safe_contents":  # bags in bags: nobody writes them
            raise TooMuchWork
    return total


def _bound_locked(content: bytes, passphrase: bytes) -> None:
    try:
        key = load_der_private_key(content, passphrase, unsafe_skip_rsa_key_validation=True)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return  # nor will it open for the library
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size > MOST_RSA:
        raise TooMuchWork
