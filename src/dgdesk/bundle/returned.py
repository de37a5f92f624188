"""A bundle that the office returns, with its reason: signed like a receipt, in a file of the same form.

``{"return": "<text>", "signature": "<base64 of the p7s>"}``. It names the file by its SHA-256, as what cannot be opened
has no bundle digest that could be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

from cryptography import x509
from pydantic import Field, StringConstraints, ValidationError, WithJsonSchema

from dgdesk.bundle.exact_json import Sha256, Strict, canonical_json, read_json
from dgdesk.bundle.receipt import Moment, ReceiptLine
from dgdesk.bundle.signed_text import LARGEST, check_moment, check_office, parse_file, signed_text, write_signed_text
from dgdesk.bundle.signing.identity import Identity
from dgdesk.errors import FileError, UsageError
from dgdesk.system.bounds import UNFIT

FORMAT: Final = 1
KIND: Final = "dgdesk-return"
LONGEST_REASON: Final = 1000


class Returned(Strict):
    """What an office says of a bundle that it does not accept."""

    kind: Annotated[str, StringConstraints(pattern=f"^{KIND}$"), WithJsonSchema({"const": KIND, "type": "string"})]
    format: Annotated[int, Field(ge=FORMAT, le=FORMAT), WithJsonSchema({"const": FORMAT, "type": "integer"})]
    file_sha256: Sha256 = Field(description="SHA-256 of the file as it arrived.")
    returned: Moment = Field(description="The office's clock, UTC; the signature's claimed time is the same.")
    office: ReceiptLine
    reason: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REASON)] = Field(
        description="What has to be mended, for the person who sent it."
    )
    file: ReceiptLine = Field(description="What the file was called when it came.")


class _ReturnedFile(Strict):
    text: Annotated[str, StringConstraints(max_length=LARGEST)] = Field(alias="return")
    signature: Annotated[str, StringConstraints(max_length=LARGEST)]


def issue_return(file_sha256: str, identity: Identity, *, reason: str, office: str, file: str, now: datetime) -> bytes:
    """Return the content of the signed file; ``now`` is the receiver's clock (aware).

    Raises:
        UsageError: ``return.bad_reason``: no reason, or one of more than 1,000 letters; as `sign`.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)
    try:
        said = Returned(
            kind=KIND,
            format=FORMAT,
            file_sha256=file_sha256,
            returned=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            office=" ".join(office.split()),
            reason=" ".join(reason.split()),
            file=re.sub(r"[\x00-\x1f\x7f\u2028-\u202e]", "_", file)[:200],
        )
    except ValidationError as error:
        raise UsageError("return.bad_reason", most=LONGEST_REASON) from error
    text = canonical_json(said.model_dump())
    return write_signed_text("return", text, identity, moment)


def is_return(content: bytes) -> bool:
    """Whether a file is built like one, valid or not."""
    try:
        parse_file(content, _ReturnedFile)
    except UNFIT:
        return False
    return True


def read_return(content: bytes, trusted: Sequence[x509.Certificate]) -> Returned:
    """Read what an office signed.

    Raises:
        FileError: ``receipt.unreadable``; CheckFailed: ``receipt.altered``, ``receipt.untrusted``,
            ``receipt.wrong_time``.
    """
    try:
        parsed = parse_file(content, _ReturnedFile)
        signed = signed_text(parsed.text, parsed.signature)
    except UNFIT as error:
        raise FileError("receipt.unreadable") from error
    found = check_office(signed, trusted)
    try:
        said = Returned.model_validate(read_json(signed.text))
        moment = datetime.fromisoformat(said.returned)
    except UNFIT as error:
        raise FileError("receipt.unreadable") from error
    check_moment(found, moment)
    return said
