"""A text and its signature in one small JSON file, as receipts, returns and addresses of offices have it.

``{"<name>": "<text>", "signature": "<base64 of the p7s>"}``: the signature (CAdES-BES) covers the UTF-8 bytes of the
text, so any tool can extract both and check them with OpenSSL. The file itself may have been saved again by an editor.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from cryptography import x509

from dgdesk.bundle.exact_json import Strict, canonical_json, read_json
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.signature import SignatureReport, check_signature, sign
from dgdesk.errors import CheckFailed

LARGEST: Final = 256 << 10
"""Letters of the text, and of its signature."""
MOST_BYTES: Final = 3 * LARGEST
"""Of a file that another program saved again: UTF-16, indented, with escapes."""
_EXPIRED: Final = "signature.expired"

FileModel = TypeVar("FileModel", bound=Strict)


class SignedText(NamedTuple):
    """The bytes that are signed, and the signature."""

    text: bytes
    p7s: bytes

    def check(self, trusted: Sequence[x509.Certificate], altered: str) -> SignatureReport:
        """Return whose signature it is.

        Raises:
            CheckFailed: with the code ``altered``: the signature does not fit.
        """
        found = check_signature(self.text, self.p7s, trusted)
        if not found.intact:
            raise CheckFailed(altered)
        return found


def write_signed_text(name: str, text: bytes, identity: Identity, moment: datetime) -> bytes:
    """Return the content of the file. Raises UsageError as `sign`."""
    signature = base64.b64encode(sign(text, identity, moment)).decode()
    return canonical_json({name: text.decode(), "signature": signature})


def parse_file(content: bytes, model: type[FileModel]) -> FileModel:
    """Read the file's two texts, whichever program saved it again. Raises one of `UNFIT`."""
    if len(content) > MOST_BYTES:
        raise ValueError("too large")
    return model.model_validate(read_json(_decoded(content).strip("\ufeff \t\r\n\0").encode()))


def signed_text(text: str, signature: str) -> SignedText:
    """Return the text with its decoded signature. Raises ValueError for base64 that is not as it was written."""
    p7s = base64.b64decode(signature, validate=True)
    if base64.b64encode(p7s).decode() != signature:
        raise ValueError("not as it was written")
    return SignedText(text.encode(), p7s)


def check_office(signed: SignedText, trusted: Sequence[x509.Certificate]) -> SignatureReport:
    """Return whose signature a receipt or return has, which may be outside the certificate's days: see `check_moment`.

    Raises:
        CheckFailed: ``receipt.altered``; ``receipt.untrusted``: the signer is unknown.
    """
    found = signed.check(trusted, "receipt.altered")
    if {problem.code for problem in found.problems} - {_EXPIRED}:
        raise CheckFailed("receipt.untrusted")
    return found


def check_moment(found: SignatureReport, moment: datetime | None) -> None:
    """Check that what is signed names the moment of its signature, in the days of the signer's certificate.

    Raises:
        CheckFailed: ``receipt.wrong_time``.
    """
    if found.problems or found.claimed_time != moment:
        raise CheckFailed("receipt.wrong_time")


def _decoded(content: bytes) -> str:
    """Return a file's text, in the encodings in which editors of Windows save: UTF-8, UTF-16, cp874."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp874")
