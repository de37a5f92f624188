"""The address book: what an office says of itself in a signed ``agency.json``, so that nobody types an address.

One small JSON file, ``{"agency": "<text>", "signature": "<base64 of the p7s>"}``, as a receipt: the signature (CAdES)
covers the UTF-8 bytes of the text. It is imported once; docs/receiving-server.md tells an office how to make it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from cryptography import x509
from pydantic import Field, StringConstraints, ValidationError, WithJsonSchema, field_validator

from dgdesk.bundle.encryption.age_keys import read_recipients
from dgdesk.bundle.exact_json import Strict, canonical_json, read_json, stated_format
from dgdesk.bundle.signed_text import LARGEST, MOST_BYTES, SignedText, parse_file, signed_text, write_signed_text
from dgdesk.bundle.signing.certificates import read_certificates, read_small
from dgdesk.bundle.signing.identity import Identity
from dgdesk.errors import CheckFailed, DgdeskError, FileError
from dgdesk.outbox.folder import OutboxFolder
from dgdesk.system.atomic import atomic_write
from dgdesk.system.bounds import UNFIT

FORMAT: Final = 1
KIND: Final = "dgdesk-agency"
MOST_AGENCIES: Final = 20

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\u2028-\u202e]+$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$", max_length=60)]


class NameItem(Strict):
    """What people call the office."""

    th: Line
    en: Annotated[str, StringConstraints(max_length=200)] = ""


class Agency(Strict):
    """Where an office takes bundles, for whom they are encrypted, and who signs its receipts."""

    kind: Annotated[str, StringConstraints(pattern=f"^{KIND}$"), WithJsonSchema({"const": KIND, "type": "string"})]
    format: Annotated[int, Field(ge=FORMAT, le=FORMAT), WithJsonSchema({"const": FORMAT, "type": "integer"})]
    id: Id
    version: int = Field(ge=1, le=1_000_000, description="Never goes back.")
    name: NameItem
    url: Annotated[str, StringConstraints(max_length=500)] = Field(description="For new uploads (tus 1.0.0); https.")
    recipients: Annotated[tuple[Line, ...], Field(strict=False, max_length=20)] = Field(
        default=(), description="age recipients for whom bundles are encrypted."
    )
    certificates: Annotated[str, StringConstraints(min_length=1, max_length=100_000)] = Field(
        description="PEM: who signs receipts, or the CA above."
    )
    editions: Annotated[tuple[Id, ...], Field(strict=False, max_length=50)] = Field(
        default=(), description="Editions that are taken; none named: all."
    )
    opens: Day | None = Field(default=None, description="The first day for sending.")
    closes: Day | None = Field(default=None, description="The last day for sending.")
    unencrypted: bool = Field(default=False, description="Bundles are taken without encryption too.")

    @field_validator("url")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        parts = urlsplit(value)
        host = parts.hostname
        if not host or parts.username or parts.fragment or not value.isascii() or not value.isprintable():
            raise ValueError("no address of a server")
        _ = parts.port
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_pc(host)):
            raise ValueError("not encrypted on its way")
        return value

    @field_validator("opens", "closes")
    @classmethod
    def _a_day(cls, value: str | None) -> str | None:
        if value is not None:
            date.fromisoformat(value)
        return value

    @field_validator("recipients")
    @classmethod
    def _for_somebody(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return read_recipients("\n".join(value)) if value else ()
        except DgdeskError as error:
            raise ValueError(error.code) from error

    @property
    def offices(self) -> tuple[x509.Certificate, ...]:
        """The certificates whose receipts count. Raises FileError as `read_certificates`."""
        return read_certificates([self.certificates.encode()], self.id)

    def takes(self, edition: str) -> bool:
        """Whether bundles of this edition may be sent here."""
        return not self.editions or edition in self.editions

    def called(self, language: str) -> str:
        """Return the office's name in a language."""
        return self.name.en if language == "en" and self.name.en else self.name.th


class _AgencyFile(Strict):
    agency: Annotated[str, StringConstraints(max_length=LARGEST)]
    signature: Annotated[str, StringConstraints(max_length=LARGEST)]


def _is_this_pc(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def write_agency(agency: Agency, identity: Identity, now: datetime) -> bytes:
    """Return the content of a signed agency.json. Raises UsageError as `sign`."""
    text = canonical_json(agency.model_dump(exclude_defaults=True))
    return write_signed_text("agency", text, identity, now)


def check_agency(content: bytes, trusted: Sequence[x509.Certificate]) -> Agency:
    """Read an untrusted agency.json; it counts only with a signature of somebody ``trusted``.

    Raises:
        FileError: ``agency.unreadable``: this is none; ``agency.newer_format``.
        CheckFailed: ``agency.altered``: the signature does not fit; ``agency.untrusted``: by nobody trusted.
    """
    signed = _signed(content)
    found = signed.check(trusted, "agency.altered")
    if found.problems:
        raise CheckFailed("agency.untrusted", signer=found.signer or "-")
    return _agency(signed.text)


def read_agency(content: bytes) -> Agency:
    """Read an agency.json that was checked when it came. Raises FileError as `check_agency`."""
    return _agency(_signed(content).text)


def import_agency(content: bytes, trusted: Sequence[x509.Certificate], folder: OutboxFolder) -> Agency:
    """Check an agency.json and remember it; a newer version takes the place of an older one.

    Raises:
        FileError, CheckFailed: as `check_agency` and `atomic_write`; ``agency.older``; ``agency.too_many``.
    """
    agency = check_agency(content, trusted)
    known = {one.id: one for one in agencies(folder)}
    if agency.id in known and known[agency.id].version > agency.version:
        raise CheckFailed("agency.older", version=agency.version, highest=known[agency.id].version)
    if agency.id not in known and len(known) >= MOST_AGENCIES:
        raise CheckFailed("agency.too_many", most=MOST_AGENCIES)
    folder.make()
    atomic_write(folder.agency_file(agency.id), content, replace=True, private=True)
    if agency.recipients:
        recipients = "".join(f"{one}\n" for one in agency.recipients).encode()
        atomic_write(folder.recipients_file(agency.id), recipients, replace=True)
    return agency


def agencies(folder: OutboxFolder) -> tuple[Agency, ...]:
    """Return the offices of the address book and those that came with an edition, by id, the newest version of each.

    What is damaged is left out, and has to be imported again.
    """
    found: dict[str, Agency] = {}
    for path in folder.agency_files():
        try:
            one = read_agency(read_small(path, MOST_BYTES))
        except DgdeskError:
            continue
        if one.id not in found or found[one.id].version < one.version:
            found[one.id] = one
    return tuple(found[id] for id in sorted(found))


def agency_for(folder: OutboxFolder, edition: str) -> Agency:
    """Return the office that takes an edition's bundles.

    Raises:
        CheckFailed: ``outbox.no_agency``: the address book has none; the sentence says how to send by file.
    """
    for one in agencies(folder):
        if one.takes(edition):
            return one
    raise CheckFailed("outbox.no_agency")


def known_agency(folder: OutboxFolder, id: str) -> Agency:
    """Return an office by its id. Raises CheckFailed as `agency_for`."""
    for one in agencies(folder):
        if one.id == id:
            return one
    raise CheckFailed("outbox.no_agency")


def require_open(agency: Agency, today: date) -> None:
    """Check the days for sending.

    Raises:
        CheckFailed: ``outbox.not_open_yet``, ``outbox.closed``.
    """
    day = today.isoformat()
    if agency.opens is not None and day < agency.opens:
        raise CheckFailed("outbox.not_open_yet", day=agency.opens)
    if agency.closes is not None and day > agency.closes:
        raise CheckFailed("outbox.closed", day=agency.closes)


def _signed(content: bytes) -> SignedText:
    try:
        parsed = parse_file(content, _AgencyFile)
        return signed_text(parsed.agency, parsed.signature)
    except UNFIT as error:
        raise FileError("agency.unreadable") from error


def _agency(text: bytes) -> Agency:
    try:
        parsed = read_json(text)
        if (stated_format(parsed) or 0) > FORMAT:
            raise FileError("agency.newer_format")
        agency = Agency.model_validate(parsed)
        _ = agency.offices
    except (ValidationError, *UNFIT) as error:
        raise FileError("agency.unreadable") from error
    except DgdeskError as error:
        raise FileError("agency.unreadable" if error.code != "agency.newer_format" else error.code) from error
    return agency


def read_agency_file(path: Path) -> bytes:
    """Return the content of a file that may be an agency.json. Raises FileError as `read_small`."""
    return read_small(path, MOST_BYTES)
