"""Issues and reads receipts: the office's signed confirmation (CAdES-BES) of a bundle that it has verified.

One small JSON file, ``{"receipt": "<text>", "signature": "<base64 of the p7s>"}``. The signature covers the UTF-8 bytes
of the text, which is JSON itself, so any tool can extract both and check them with OpenSSL (docs/signing.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from cryptography import x509
from pydantic import Field, StringConstraints, ValidationError, WithJsonSchema

from dgdesk.bundle.exact_json import Sha256, Strict, canonical_json, published_schema, read_json, stated_format
from dgdesk.bundle.report import Verification
from dgdesk.bundle.signed_text import (
    LARGEST,
    MOST_BYTES,
    check_moment,
    check_office,
    parse_file,
    signed_text,
    write_signed_text,
)
from dgdesk.bundle.signing.identity import Identity
from dgdesk.errors import CheckFailed, FileError, UsageError
from dgdesk.system.bounds import UNFIT

FORMAT = 1
FORMAT_TWO = 2
"""For a respondent that is no province."""
KIND = "dgdesk-receipt"
SCHEMA_FILE = "docs/receipt.schema.json"
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_BEGINNING = re.compile(rb'[\xef\xbb\xbf\xfe\xff\s]{0,8}\{\s{0,80}"receipt"\s{0,80}:')
_ENCODED = b"ewogICJyZWNlaXB0I"
"""How the base64 of a receipt begins."""
Moment = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
ReceiptLine = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029\u202a-\u202e]+$")
]


class _Receipt(Strict):
    """What every format of a receipt has."""

    kind: Annotated[str, StringConstraints(pattern=f"^{KIND}$"), WithJsonSchema({"const": KIND, "type": "string"})]
    digest: Sha256 = Field(description="SHA-256 of the bundle's tagmanifest-sha256.txt.")
    answers_digest: Sha256 = Field(description="SHA-256 of the bundle's data/submission.json.")
    signer: Sha256 = Field(description="SHA-256 of the certificate (DER) that signed the bundle.")
    edition: ReceiptLine
    draft: bool = Field(description="The bundle was marked as a draft.")
    received: Moment = Field(description="The office's clock, UTC; the signature's claimed time is the same.")
    office: ReceiptLine = Field(description="The office, in words.")
    file: ReceiptLine = Field(description="What the bundle's file was called when it came; not to be used unchecked.")

    @property
    def received_at(self) -> datetime:
        """When the office says it received the bundle."""
        return datetime.fromisoformat(self.received)


class Receipt(_Receipt):
    """What an office says it has received."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT), WithJsonSchema({"const": FORMAT, "type": "integer"})]
    province: ReceiptLine

    @property
    def respondent_key(self) -> str:
        """What tells the respondent from all others."""
        return self.province


class ReceiptTwo(_Receipt):
    """What an office says it has received from a respondent that is no province."""

    format: Annotated[
        int, Field(ge=FORMAT_TWO, le=FORMAT_TWO), WithJsonSchema({"const": FORMAT_TWO, "type": "integer"})
    ]
    respondent: ReceiptLine = Field(description="Scheme and code, with a slash between them.")

    @property
    def respondent_key(self) -> str:
        """What tells the respondent from all others."""
        return self.respondent


AnyReceipt = Receipt | ReceiptTwo


class ReceiptFile(Strict):
    """A receipt and its signature, as they lie in one file."""

    receipt: Annotated[str, StringConstraints(max_length=LARGEST)] = Field(
        description="What is signed, byte for byte in UTF-8: JSON itself, as contentSchema says.",
        json_schema_extra={
            "contentMediaType": "application/json",
            "contentSchema": {"oneOf": [Receipt.model_json_schema(), ReceiptTwo.model_json_schema()]},
        },
    )
    signature: Annotated[str, StringConstraints(max_length=LARGEST)] = Field(
        description="Detached CAdES-BES signature (CMS, DER) of the receipt by the office.",
        json_schema_extra={"contentMediaType": "application/pkcs7-signature", "contentEncoding": "base64"},
    )


def receipt_schema() -> bytes:
    """Return the JSON Schema (2020-12) of a receipt's file, as published in ``docs/receipt.schema.json``."""
    return published_schema(ReceiptFile, "dgdesk receipt")


def issue_receipt(verdict: Verification, identity: Identity, *, office: str, file: str, now: datetime) -> bytes:
    """Return the content of the receipt's file for a verified bundle; ``now`` is the receiver's clock (aware).

    Raises:
        CheckFailed: ``receipt.not_verified``: the bundle did not pass.
        UsageError: ``receipt.bad_office``; as `sign`.
    """
    if not verdict.ok:
        raise CheckFailed("receipt.not_verified", name=file)
    try:
        whose = verdict.respondent or ""
        other = {"format": FORMAT_TWO, "respondent": whose}
        named = other if "/" in whose else {"format": FORMAT, "province": whose}
        receipt = _receipt(
            {
                "kind": KIND,
                **named,
                "digest": verdict.digest,
                "answers_digest": verdict.answers_digest,
                "signer": verdict.fingerprint,
                "edition": verdict.edition,
                "draft": bool(verdict.draft),
                "received": now.astimezone(UTC).strftime(_MOMENT),
                "office": " ".join(office.split()),
                "file": re.sub(r"[\x00-\x1f\x7f\u2028-\u202e]", "_", file)[:200],
            }
        )
    except ValidationError as error:
        raise UsageError("receipt.bad_office") from error
    text = canonical_json(receipt.model_dump())
    return write_signed_text("receipt", text, identity, receipt.received_at)


def read_receipt(content: bytes, trusted: Sequence[x509.Certificate]) -> AnyReceipt:
    """Read a receipt that was signed by a trusted certificate or one below a trusted CA.

    A file that an editor or a mail program saved again is taken, as `receipt_as_written`: the signature covers the text
    inside.

    Raises:
        FileError: ``receipt.unreadable``: this is no receipt; ``receipt.resaved``: it was one, before another program
            saved it; ``receipt.cut_short``; ``zip.mail_text``: a mail's attachment that was not decoded.
        CheckFailed: ``receipt.altered`` (the signature does not fit), ``receipt.untrusted`` (the signer is unknown),
            ``receipt.wrong_time`` (its time is not the signed one, or outside the certificate's validity).
    """
    try:
        parsed = parse_file(content, ReceiptFile)
        signed = signed_text(parsed.receipt, parsed.signature)
    except UNFIT as error:  # pydantic's and base64's errors are ValueErrors
        raise FileError(_why_unreadable(content, error)) from error
    found = check_office(signed, trusted)
    try:
        receipt = _receipt(read_json(signed.text))
    except UNFIT as error:
        raise FileError("receipt.unreadable") from error
    check_moment(found, _moment(receipt))
    return receipt


def receipt_as_written(content: bytes) -> bytes:
    """Return a receipt's file with the bytes in which it was issued, whichever program saved it again since.

    A byte order mark, UTF-16, cp874, other line ends and another indent are undone. What is no receipt is returned
    unchanged.
    """
    try:
        return canonical_json(parse_file(content, ReceiptFile).model_dump())
    except UNFIT:
        return content


def is_receipt_file(content: bytes) -> bool:
    """Return whether a file is built like a receipt, valid or not."""
    try:
        parse_file(content, ReceiptFile)
    except UNFIT:
        return _was_receipt(content)
    return True


def _why_unreadable(content: bytes, error: BaseException) -> str:
    """Return the code of what became of a receipt on its way here, as far as its bytes show it."""
    if isinstance(error, ValidationError):
        return "receipt.unreadable"
    if _BEGINNING.match(content.replace(b"\0", b"")) and not content.rstrip(b"\0\x1a \t\r\n").endswith(b"}"):
        return "receipt.cut_short"
    if _was_receipt(content):
        return "receipt.resaved"
    return "zip.mail_text" if _ENCODED in content else "receipt.unreadable"


def _was_receipt(content: bytes) -> bool:
    return len(content) <= MOST_BYTES and KIND.encode() in content.replace(b"\0", b"")


def _receipt(parsed: object) -> AnyReceipt:
    """Raises ValidationError."""
    return (ReceiptTwo if stated_format(parsed) == FORMAT_TWO else Receipt).model_validate(parsed)


def _moment(receipt: AnyReceipt) -> datetime | None:
    try:
        return receipt.received_at
    except ValueError:
        return None
