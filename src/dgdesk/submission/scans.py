"""Scans of the signed sheet: checked by their QR code, stored in the draft, sent as an addendum."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from dgdesk.bundle.addendum import MOST_SCANS, AddendumVerdict, ScanItem, make_addendum, write_addendum
from dgdesk.bundle.archive.bag import BagInfo
from dgdesk.bundle.qr import DigestMatch, compare, read_sign_off
from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.drafts import Draft, require_respondent
from dgdesk.draft.file.model import ExportRecord, StoredJson
from dgdesk.draft.file.register import KIND as LINE_KIND
from dgdesk.draft.file.register import SCAN
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import CheckFailed, UsageError
from dgdesk.evidence.documents import Documents, own_documents
from dgdesk.evidence.pages.scan_code import read_scan
from dgdesk.submission.scanned_pages import NO_PAGES, ScannedPages, scanned_pages
from dgdesk.text.shown import plain_name

_LONGEST_LABEL = 200

_SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif"}


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan in the register, for the export ``digest``; ``code`` says whether its QR code could be read and fits.

    ``pages`` says which pages of the print it has.
    """

    digest: str
    code: DigestMatch
    line: ExportRecord
    new: bool
    pages: ScannedPages = NO_PAGES


def attach_scan(
    package: DraftFile, path: Path, chosen: str | None = None, documents: Documents | None = None
) -> Scanned:
    """Store a scan of the signed sheet with the export that its QR code names.

    Without a readable code it belongs to the export with the digest ``chosen``, else to the last one.

    Raises:
        CheckFailed: ``scan.no_export`` (nothing was exported yet), ``scan.unknown_export`` (no export has the digest
            ``chosen``), ``scan.other_bundle`` (the code is of another bundle), ``scan.other_signer``,
            ``scan.too_many``.
        FileError: as `read_scan`, and of the draft file.
    """
    content, media_type = read_scan(path)
    lines = package.register()
    exports = [line for line in lines if LINE_KIND not in line.record]
    if not exports:
        raise CheckFailed("scan.no_export")
    if chosen is not None and all(line.record.get("digest") != chosen for line in exports):
        raise CheckFailed("scan.unknown_export", digest=chosen)
    texts = (documents or own_documents()).codes(path, media_type)
    about = choose_export(exports, texts, chosen)
    digest, signer = str(about.record.get("digest")), about.record.get("signer")
    found = scanned_pages(texts, str(about.record.get("answers_digest") or ""))
    match = compare(texts, digest, signer if isinstance(signer, str) else None)
    if match == "other_bundle":
        raise CheckFailed("scan.other_bundle", name=path.name)
    if match == "other_signer":
        raise CheckFailed("scan.other_signer", name=path.name)
    sha256 = hashlib.sha256(content).hexdigest()
    before = scans_for(lines, digest)
    for line in before:
        if line.record.get("sha256") == sha256:
            if not package.read_only:
                package.add_file(io.BytesIO(content))  # replaces a lost or damaged one
            return Scanned(digest, match, line, False, found)
    if len(before) >= MOST_SCANS:
        raise CheckFailed("scan.too_many", most=MOST_SCANS)
    stored = package.add_file(io.BytesIO(content))
    record: dict[str, StoredJson] = {
        "digest": digest,
        "sha256": stored.sha256,
        "size": stored.size,
        "name": plain_name(path.name, _LONGEST_LABEL),
        "media_type": media_type,
        "code": match,
    }
    return Scanned(digest, match, package.register_reply(SCAN, record), True, found)


def choose_export(exports: Sequence[ExportRecord], texts: Sequence[str], chosen: str | None = None) -> ExportRecord:
    """Return the newest export that a scan's codes name; without codes the one ``chosen``, else the last.

    ``exports`` is not empty.
    """
    found = [one for one in map(read_sign_off, texts) if one is not None]
    newest = tuple(reversed(exports))
    # The same state exported by two people has one digest; the signer distinguishes them.
    both = {(one.digest, one.fingerprint) for one in found}
    for line in newest:
        if (line.record.get("digest"), line.record.get("signer")) in both:
            return line
    digests = {one.digest for one in found}
    wanted: set[object] = {*digests} or {chosen}
    return next((line for line in newest if line.record.get("digest") in wanted), newest[0])


def scans_for(lines: Sequence[ExportRecord], digest: str) -> tuple[ExportRecord, ...]:
    """Return the scans stored for an export, oldest first."""
    return tuple(line for line in lines if line.record.get(LINE_KIND) == SCAN and line.record.get("digest") == digest)


def export_addendum(
    draft: Draft,
    target: Path,
    *,
    identity: Identity,
    claimed_time: datetime,
    digest: str | None = None,
    replace: bool = False,
) -> AddendumVerdict:
    """Write the scans of an export as an addendum, signed by the signer of that export.

    The export is the one with ``digest``, else the last with a scan.

    Raises:
        CheckFailed: ``addendum.no_scan``, ``addendum.record_unfit``: its line in the register cannot be handed in.
        UsageError: ``addendum.not_your_export``: this identity did not sign the export; as `require_respondent`.
        FileError: as `write_addendum`, and of the draft file.
    """
    lines = draft.package.register()
    exports = [line for line in lines if LINE_KIND not in line.record]
    newest = reversed([line for line in exports if digest is None or line.record.get("digest") == digest])
    about = next((line for line in newest if scans_for(lines, str(line.record.get("digest")))), None)
    if about is None:
        raise CheckFailed("addendum.no_scan")
    same = [line.record for line in exports if line.record.get("digest") == about.record.get("digest")]
    if all(one.get("signer") != identity.fingerprint for one in same):
        raise UsageError("addendum.not_your_export")
    respondent = require_respondent(draft.session.form, draft.session.state.facts.answers)
    edition = draft.session.form.definition.edition
    contents, items = {}, []
    for number, line in enumerate(scans_for(lines, str(about.record["digest"])), 1):
        sha256 = line.record.get("sha256")
        if not isinstance(sha256, str):
            raise CheckFailed("addendum.record_unfit", number=line.number)
        content = b"".join(draft.package.read_file(sha256))
        item = _scan_item(number, line, content)
        contents[item.file] = content
        items.append(item)
    try:
        addendum = make_addendum(
            respondent.key,
            {
                "digest": str(about.record.get("digest")),
                "answers_digest": str(about.record.get("answers_digest")),
                "edition": edition,
                "scans": items,
            },
        )
    except ValidationError:  # its text contains the values
        raise CheckFailed("addendum.record_unfit", number=about.number) from None
    info = BagInfo(
        source_organization=respondent.name,
        external_identifier=f"{edition}:{respondent.key}:addendum",
        bagging_date=claimed_time.date(),
    )
    return write_addendum(
        target, addendum, contents, info=info, identity=identity, claimed_time=claimed_time, replace=replace
    )


def _scan_item(number: int, line: ExportRecord, content: bytes) -> ScanItem:
    try:
        return ScanItem(
            file=f"scans/S{number:04d}.{_SUFFIXES.get(str(line.record.get('media_type')), '-')}",
            name=plain_name(str(line.record.get("name", "-")), _LONGEST_LABEL),
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
    except ValidationError:
        raise CheckFailed("addendum.record_unfit", number=line.number) from None
