"""The forms in which programs write certificates, and what a file holds that is none.

Read are DER, PEM and bare base64; X.509, PKCS#7 (.p7b) and OpenSSL's TRUSTED CERTIFICATE; in UTF-8 and UTF-16, with any
line ends and any text around, such as that of ``openssl x509 -text`` and the "Bag Attributes" of ``openssl pkcs12``.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from dgdesk.text.decoding import decode_text

_BEGIN: Final = re.compile(r"-----BEGIN ([A-Z0-9 #]{1,60})-----")
_BLOCK: Final = re.compile(r"-----BEGIN ([A-Z0-9 #]{1,60})-----((?:(?!-----).)*)-----END \1-----", re.DOTALL)
_CERTIFICATE: Final = ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")
_PKCS7: Final = ("PKCS7", "PKCS #7 SIGNED DATA", "CMS")
_BARE: Final = re.compile(r"MI[A-Za-z0-9+/\s]{100,}={0,2}\s*")
_SEQUENCE: Final = 0x30
_SHORT_HEAD: Final = 2
"""Bytes before the content of a small value; a certificate has more, and text never looks so."""
_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_PKCS12: Final = bytes.fromhex("020103")
_LABELS: Final = {
    "CERTIFICATE REQUEST": "trust.kind_request",
    "NEW CERTIFICATE REQUEST": "trust.kind_request",
    "X509 CRL": "trust.kind_revocations",
    "PUBLIC KEY": "trust.kind_public",
    "RSA PUBLIC KEY": "trust.kind_public",
    "PGP PUBLIC KEY BLOCK": "trust.kind_public",
}
_PRIVATE: Final = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|AGE-SECRET-KEY-1")
_SSH: Final = re.compile(r"\s*(ssh-|ecdsa-sha2-|sk-ssh-|---- BEGIN SSH2 PUBLIC KEY|age1)")
_DAMAGE: Final = (ValueError, TypeError, UnsupportedAlgorithm)


class CertificatePart(NamedTuple):
    """One piece of a file that claims to hold certificates, in DER; None if its armour is damaged."""

    der: bytes | None
    is_pkcs7: bool = False

    def certificates(self) -> list[x509.Certificate]:
        """Parse it.

        Raises:
            ValueError, TypeError, KeyError, UnsupportedAlgorithm, x509.InvalidVersion: it is damaged.
        """
        if self.der is None:
            raise ValueError("the armour is damaged")
        if self.is_pkcs7:
            return [x509.load_der_x509_certificate(one) for one in _in_pkcs7(self.der)]
        return [x509.load_der_x509_certificate(_without_trust(self.der))]


def certificate_parts(content: bytes) -> Iterator[CertificatePart]:
    """Yield the pieces of a file that claim to be certificates, in order; none if it claims nothing of the kind."""
    if content[:1] == b"0" and _head(content)[0] > _SHORT_HEAD:
        yield CertificatePart(content if _is_whole(content) else None, _is_pkcs7(content))
        return
    text = _text(content)
    blocks = {match.start(): match for match in _BLOCK.finditer(text)}
    begun = False
    for begin in _BEGIN.finditer(text):
        is_pkcs7 = begin[1] in _PKCS7
        if is_pkcs7 or begin[1] in _CERTIFICATE:
            begun = True
            block = blocks.get(begin.start())
            yield CertificatePart(None if block is None else _decoded(block[2]), is_pkcs7)
    if not begun and _BARE.fullmatch(text.strip()):
        der = _decoded(text)
        if der is not None and _is_whole(der):
            yield CertificatePart(der, _is_pkcs7(der))


def kind_code(content: bytes) -> str | None:
    """Return the code of a sentence that says what a file without certificates holds; None if that is unknown."""
    if _is_whole(content):
        return _kind_of_der(content)
    text = _text(content)
    if _PRIVATE.search(text):
        return "trust.kind_private"
    if label := next((match[1] for match in _BEGIN.finditer(text) if match[1] in _LABELS), None):
        return _LABELS[label]
    if _SSH.match(text):
        return "trust.kind_public"
    der = _decoded(text) if _BARE.fullmatch(text.strip()) else None
    return None if der is None or not _is_whole(der) else _kind_of_der(der)


def _kind_of_der(content: bytes) -> str | None:
    if content[_head(content)[0] :].startswith(_PKCS12):
        return "trust.kind_pair"
    kinds: tuple[tuple[str, Callable[[bytes], object]], ...] = (
        ("trust.kind_request", x509.load_der_x509_csr),
        ("trust.kind_revocations", x509.load_der_x509_crl),
        ("trust.kind_public", load_der_public_key),
    )
    for code, load in kinds:
        with suppress(*_DAMAGE):
            load(content)
            return code
    try:
        load_der_private_key(content, None, unsafe_skip_rsa_key_validation=True)
    except TypeError:  # it is encrypted
        return "trust.kind_private"
    except _DAMAGE:
        return None
    return "trust.kind_private"


def _text(content: bytes) -> str:
    try:
        return decode_text(content)
    except ValueError:  # armour is ASCII, whatever the remarks around it are
        return content.decode("latin-1")


def _decoded(body: str) -> bytes | None:
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except ValueError:
        return None


def _is_whole(content: bytes) -> bool:
    """Return whether some bytes are DER from begin to end, or a certificate with what OpenSSL appends to it."""
    if content[:1] != bytes([_SEQUENCE]):
        return False
    head, size = _head(content)
    rest = content[head + size :]
    return head > 0 and (not rest or (rest[0] == _SEQUENCE and sum(_head(rest)) == len(rest)))


def _head(content: bytes) -> tuple[int, int]:
    """Return the sizes of the head and of the content of the first value; zeros if that is not DER."""
    if len(content) < 2:
        return 0, 0
    first = content[1]
    if first < 0x80:
        return 2, first
    count = first & 0x7F
    if not 1 <= count <= 4 or len(content) < 2 + count:
        return 0, 0
    return 2 + count, int.from_bytes(content[2 : 2 + count], "big")


def _is_pkcs7(content: bytes) -> bool:
    return content[_head(content)[0] :].startswith(_SIGNED_DATA)


def _in_pkcs7(der: bytes) -> list[bytes]:
    """Return the certificates of a PKCS#7 file; OpenSSL does not sort them as DER wants, and cryptography warns."""
    from asn1crypto import cms, core

    found = cms.ContentInfo.load(der, strict=True)["content"]["certificates"]
    if isinstance(found, core.Void):
        return []
    return [one.chosen.dump() for one in found if one.name == "certificate"]


def _without_trust(der: bytes) -> bytes:
    """Return a certificate without what ``openssl x509 -trustout`` appends: uses and a name for OpenSSL alone."""
    size = sum(_head(der))
    return der[:size] if 0 < size < len(der) and sum(_head(der[size:])) == len(der) - size else der
