"""Writes, reads and compares the QR text of the sign-off sheet: ``TSB1:<respondent>:<edition>:<digest>:<fingerprint>``.

Digest and fingerprint are SHA-256 in base32 (RFC 4648) without padding: 52 letters and digits each. The whole text is
in capital letters, so that a QR code can hold it in its alphanumeric mode, with larger modules; sheets of earlier
versions have the edition in small letters, and are read too. No pictures here.
The code in the corner of every printed page is read here too: ``TSP1:<print>:<page>:<pages>``, see docs/page-codes.md.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

_MARK = "TSB1"
_PART = re.compile(r"[^\s:]{1,64}")
_BASE32 = re.compile(r"[A-Z2-7]{52}")

_PAGE = re.compile(r"TSP1:([0-9A-Z.-]{1,40}):([1-9][0-9]{0,3}):([1-9][0-9]{0,3})")

DigestMatch = Literal["match", "other_bundle", "other_signer", "unreadable"]


class SignOffCode(NamedTuple):
    """The content of the sign-off sheet's QR code; digest and fingerprint in hex.

    The case of respondent and edition has no meaning: what is read has the respondent in capital letters and
    the edition in small ones, as their ids are.
    """

    respondent: str
    edition: str
    digest: str
    fingerprint: str

    def text(self) -> str:
        """Return the text of the code.

        Raises:
            ValueError: the respondent or edition has a colon or a space, or a digest is not a SHA-256.
        """
        if not (_PART.fullmatch(self.respondent) and _PART.fullmatch(self.edition)):
            raise ValueError("a name that does not fit into the code")
        parts = (_MARK, self.respondent, self.edition, to_base32(self.digest), to_base32(self.fingerprint))
        return ":".join(parts).upper()


def read_sign_off(text: str) -> SignOffCode | None:
    """Read the text of a code; None if it is not that of a sign-off sheet."""
    parts = text.strip().split(":")
    if len(parts) != 5 or parts[0] != _MARK or not all(_PART.fullmatch(part) for part in parts[1:3]):
        return None
    digest, fingerprint = from_base32(parts[3]), from_base32(parts[4])
    return SignOffCode(parts[1].upper(), parts[2].lower(), digest, fingerprint) if digest and fingerprint else None


class PageCode(NamedTuple):
    """The content of the code in a page's corner: what stands for the print, the page's number, how many there are."""

    name: str
    page: int
    pages: int


def read_page(text: str) -> PageCode | None:
    """Read the text of a code; None if it is not that of a printed page."""
    found = _PAGE.fullmatch(text.strip())
    if found is None or int(found[2]) > int(found[3]):
        return None
    return PageCode(found[1], int(found[2]), int(found[3]))


def compare(texts: Iterable[str], digest: str, fingerprint: str | None) -> DigestMatch:
    """Compare the codes found on a scan with a bundle's digest and signer (None: not compared), both hex.

    Sheets of several bundles may be scanned together: one code that fits is enough.
    """
    found = [one for one in map(read_sign_off, texts) if one is not None]
    if not found:
        return "unreadable"
    same = [one for one in found if one.digest == digest]
    if not same:
        return "other_bundle"
    return "match" if fingerprint is None or any(one.fingerprint == fingerprint for one in same) else "other_signer"


def to_base32(digest: str) -> str:
    """Write a SHA-256 (hex) in base32 without padding.

    Raises:
        ValueError: it is no SHA-256.
    """
    raw = bytes.fromhex(digest)
    if len(raw) != 32:
        raise ValueError("not a SHA-256")
    return base64.b32encode(raw).decode().rstrip("=")


def from_base32(text: str) -> str | None:
    """Return the hex digest of such a text; None for any other text or spelling."""
    if not _BASE32.fullmatch(text):
        return None
    try:
        digest = base64.b32decode(text + "====").hex()
    except binascii.Error:
        return None
    return digest if to_base32(digest) == text else None
