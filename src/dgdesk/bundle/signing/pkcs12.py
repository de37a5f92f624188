"""Opens an identity from a CA, a PKCS#12 file (RFC 7292), or refuses it with a plain reason."""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12

from dgdesk.bundle.signing.certificate_forms import certificate_parts, kind_code
from dgdesk.bundle.signing.certificate_rules import MOST_RSA
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.keyfile import (
    SigningKey,
    TooMuchWork,
    bound_encryption,
    bound_key,
    is_signing_key,
    key_kind,
)
from dgdesk.bundle.signing.pbe import decrypt_part
from dgdesk.bundle.signing.pkcs12_mac import bound_mac, mac_fits
from dgdesk.bundle.signing.selection import choose_signer
from dgdesk.errors import FileError, UsageError
from dgdesk.system.bounds import UNFIT
from dgdesk.text.decoding import decode_text
from dgdesk.text.passphrases import affordable, encode, forms

LARGEST = 256 << 10
"""Bytes; a key with eight certificates takes 20 KiB."""
MOST_IN_ALL = 6_000_000
"""Rounds of all parts together; several forms of a passphrase may be tried."""
_MOST_TRIED = 22_000_000
"""Rounds for all forms of one passphrase together, except for the likeliest."""
MOST_PARTS = 8
"""Parts of the file; an honest one has two."""
MOST_BAGS = 32
"""Keys and certificates in a part."""
_ARMOUR = re.compile(r"-----(?:BEGIN|END) PKCS ?#?12-----")
_BASE64 = re.compile(r"MI[A-Za-z0-9+/\s]{200,}={0,2}\s*")
_JAVA = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
"""How the key stores of Java begin that are not PKCS#12 (JKS, JCEKS)."""


@dataclass(frozen=True)
class _Opened:
    """All that a file holds: its keys that may sign, the kinds of the others, and its certificates."""

    keys: tuple[SigningKey, ...]
    others: tuple[str, ...]
    certificates: tuple[x509.Certificate, ...]


def read_pkcs12(
    content: bytes,
    passphrase: str,
    now: datetime,
    *,
    name: str = "-",
    above: Sequence[x509.Certificate] = (),
    wanted: str = "",
) -> Identity:
    """Open a PKCS#12 file called ``name`` and choose the pair that signs; ``now`` is aware.

    The identity has as much of its chain as the file and ``above`` hold; ``wanted`` as in `choose_signer`. The file may
    be in base64, as it comes by mail or from some programs.

    A Thai passphrase is tried in several `forms`: the CAs' programs differ in this.

    Raises:
        FileError: ``identity.pkcs_unreadable``, ``identity.pkcs_certificate_only``, ``identity.pkcs_bare_key``,
            ``identity.pkcs_request``, ``identity.pkcs_java``, ``identity.pkcs_no_key``,
            ``identity.pkcs_no_certificate``, ``identity.pkcs_key_kind``, and ``identity.pkcs_unsupported`` for its
            encryption.
        UsageError: ``identity.pkcs_wrong_passphrase`` (the MAC does not fit; damage looks the same), and as
            `choose_signer`.
    """
    try:
        if len(content) > LARGEST:
            raise ValueError("too large")
        der = _binary(content)
        opened = _open(asn1_pkcs12.Pfx.load(der, strict=True), der, passphrase, name)
        signer = choose_signer(opened.keys, (*above, *opened.certificates), now, wanted)
    except UnsupportedAlgorithm as error:
        raise FileError("identity.pkcs_unsupported", name=name) from error
    except (*UNFIT, x509.InvalidVersion) as error:  # asn1crypto raises many kinds of errors on damaged files
        raise FileError(_kind_of(content[:LARGEST]), name=name) from error
    if signer is None:
        raise _refusal(opened, name)
    return signer


def _binary(content: bytes) -> bytes:
    """Return a file that may be in base64, with or without armour, as binary. Raises ValueError."""
    if content[:1] == b"0":
        return content
    text = decode_text(content)
    body = _ARMOUR.split(text)[1] if len(_ARMOUR.findall(text)) > 1 else text
    if not _BASE64.fullmatch(body.strip()):
        raise ValueError("not base64")
    return base64.b64decode("".join(body.split()), validate=True)


def _kind_of(content: bytes) -> str:
    """Return the code of the sentence that says what a file is that is no PKCS#12 file."""
    if content.startswith(_JAVA):
        return "identity.pkcs_java"
    kind = kind_code(content)
    if kind == "trust.kind_private":
        return "identity.pkcs_bare_key"
    if _is_certificate(content):
        return "identity.pkcs_certificate_only"
    return "identity.pkcs_request" if kind == "trust.kind_request" else "identity.pkcs_unreadable"


def _is_certificate(content: bytes) -> bool:
    with suppress(*UNFIT, UnsupportedAlgorithm, x509.InvalidVersion):
        return any(part.certificates() for part in certificate_parts(content))
    return False


def _refusal(opened: _Opened, name: str) -> FileError:
    """Return why a file without any pair of key and certificate is of no use."""
    if opened.keys:
        code = "identity.pkcs_unreadable" if opened.certificates else "identity.pkcs_no_certificate"
        return FileError(code, name=name)
    if opened.others:
        return FileError("identity.pkcs_key_kind", name=name, kinds=", ".join(dict.fromkeys(opened.others)))
    return FileError("identity.pkcs_no_key", name=name)


def _open(frame: Any, content: bytes, passphrase: str, name: str) -> _Opened:
    refused: Exception | None = None
    try:
        work = _bound(frame)
    except TooMuchWork:
        raise FileError("identity.pkcs_unsupported", name=name) from None
    for word in forms(passphrase, affordable(work, _MOST_TRIED)):
        fits = mac_fits(frame, word)
        if fits is False:
            continue
        try:
            parts = _bound_inside(frame, word, is_right=bool(fits))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of files in BER, which many programs write
                loaded = load_pkcs12(content, encode(word))
            return _all_of(loaded, parts, encode(word))
        except TooMuchWork:
            raise FileError("identity.pkcs_unsupported", name=name) from None
        except UnsupportedAlgorithm as error:
            raise FileError("identity.pkcs_unsupported", name=name) from error
        except ValueError as error:
            if fits:
                refused = error
    if refused is not None:
        # The passphrase is right, but the library does not have the cipher.
        raise FileError("identity.pkcs_unsupported", name=name) from refused
    raise UsageError("identity.pkcs_wrong_passphrase", name=name)


def _bound(frame: Any) -> int:
    """Return a file's work in rounds, as far as its unencrypted parts show.

    Raises:
        TooMuchWork: it is not bounded.
        ValueError, TypeError, KeyError: the file is damaged.
    """
    mac, total = frame["mac_data"], 0
    if mac.native:
        total += bound_mac(mac)
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
    return total


def _all_of(opened: PKCS12KeyAndCertificates, parts: Sequence[Any], secret: bytes) -> _Opened:
    """Return all keys and certificates: the library gives only the first key, and the certificate that fits it."""
    first = () if opened.cert is None else (opened.cert.certificate,)
    certificates = [*first, *(one.certificate for one in opened.additional_certs)]
    keys: list[object] = [] if opened.key is None else [opened.key]
    for bag in (bag for part in parts for bag in part):
        kind = bag["bag_id"].native
        with suppress(TypeError, ValueError, UnsupportedAlgorithm):  # a further one that is damaged or of no known kind
            if kind == "pkcs8_shrouded_key_bag":
                keys.append(load_der_private_key(bag["bag_value"].untag().dump(), secret))
            elif kind == "key_bag":
                keys.append(load_der_private_key(bag["bag_value"].untag().dump(), None))
            elif kind == "cert_bag":
                certificates.append(x509.load_der_x509_certificate(bag["bag_value"]["cert_value"].parsed.dump()))
    able = [key for key in keys if is_signing_key(key)]
    each = {key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo): key for key in able}
    return _Opened(
        tuple(each.values()),
        tuple(key_kind(key) for key in keys if not is_signing_key(key)),
        tuple(dict.fromkeys(certificates)),
    )


def _bound_inside(frame: Any, passphrase: str, *, is_right: bool) -> list[Any]:
    """Return the parts that open, their work bounded and their keys small enough to be checked.

    ``is_right``: the passphrase is known to be right. Otherwise the library reports what does not open.

    Raises:
        TooMuchWork: they ask for too much, or cannot be read.
    """
    total = 0
    found = []
    for part in frame.authenticated_safe:
        if part["content_type"].native == "data":
            contents = part["content"].native
        else:
            info = part["content"]["encrypted_content_info"]
            try:
                contents = decrypt_part(
                    info["content_encryption_algorithm"], info["encrypted_content"].native, passphrase
                )
            except TooMuchWork:
                raise
            except (ValueError, TypeError, KeyError) as error:
                if is_right:
                    raise TooMuchWork from error
                continue
            total += _bound_bags(contents)
            if total > MOST_IN_ALL:
                raise TooMuchWork
        found.append(asn1_pkcs12.SafeContents.load(contents))
        for bag in found[-1]:
            if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                _bound_locked(bag["bag_value"].untag().dump(), encode(passphrase))
    return found


def _bound_bags(contents: bytes) -> int:
    """Return the rounds that the keys in a part ask for. Raises TooMuchWork, ValueError."""
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
        elif kind == "safe_contents":  # bags in bags: no program writes them
            raise TooMuchWork
    return total


def _bound_locked(content: bytes, passphrase: bytes) -> None:
    try:
        key = load_der_private_key(content, passphrase, unsafe_skip_rsa_key_validation=True)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return  # the library will not open it either
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size > MOST_RSA:
        raise TooMuchWork
