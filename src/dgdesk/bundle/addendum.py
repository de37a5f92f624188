"""Writes and verifies addenda: signed bags with scans of the signed sheet, tied to a bundle by its digest.

Bag, zip and signature are as in a bundle, with ``data/addendum.json`` instead of ``data/submission.json``; neither can
be mistaken for the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, WithJsonSchema

from dgdesk.bundle.archive import bag
from dgdesk.bundle.archive.names import is_safe_part, one_bag
from dgdesk.bundle.archive.payload import copy_fits, kind_of_head
from dgdesk.bundle.archive.zip_read import read_directory, read_whole
from dgdesk.bundle.archive.zip_write import ZipEntry, ZipWriter
from dgdesk.bundle.report import BundleProblem, Limits, Verification, printable
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.signature import SignatureReport, check_signature, sign
from dgdesk.bundle.signing.trust_list import (
    Trusted,
    TrustList,
    authority_fault,
    authority_warnings,
    clock_warnings,
    read_trusted,
)
from dgdesk.bundle.submission import Label, Sha256, Strict, canonical_json, published_schema, read_json, stated_format
from dgdesk.errors import CheckFailed, FileError, UsageError
from dgdesk.evidence.pages.scan_code import LARGEST
from dgdesk.system.atomic import atomic_file
from dgdesk.system.bounds import UNFIT

FORMAT = 1
FORMAT_TWO = 2
"""For a respondent that is no province."""
KIND = "dgdesk-addendum"
ADDENDUM = "data/addendum.json"
SCHEMA_FILE = "docs/addendum.schema.json"
SCHEMA_TWO_FILE = "docs/addendum-2.schema.json"
MOST_SCANS = 10
_LIMITS = Limits(entries=MOST_SCANS + 8, directory=64 << 10, tag_file=64 << 10, submission=64 << 10)
_TAG_FILES = (*bag.SIGNED_TAGS, bag.TAGMANIFEST, bag.SIGNATURE)


class ScanItem(Strict):
    """One scan of the signed sheet."""

    file: Annotated[str, StringConstraints(pattern=r"^scans/S[0-9]{4}\.(pdf|jpg|png|tif)$")] = Field(
        description="Path below data/."
    )
    name: Label = Field(description="As the province called the file; not to be used as a path unchecked.")
    sha256: Sha256
    size: int = Field(ge=1, le=LARGEST, description="In bytes.")


class _Addendum(Strict):
    """What every format of an addendum has."""

    kind: Annotated[str, StringConstraints(pattern=f"^{KIND}$"), WithJsonSchema({"const": KIND, "type": "string"})]
    digest: Sha256 = Field(description="SHA-256 of the bundle's tagmanifest-sha256.txt.")
    answers_digest: Sha256 = Field(description="SHA-256 of the bundle's data/submission.json.")
    edition: Label
    scans: Annotated[tuple[ScanItem, ...], Field(strict=False, min_length=1, max_length=MOST_SCANS)]


class Addendum(_Addendum):
    """Scans of the signed sheet, and the bundle that they belong to."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT), WithJsonSchema({"const": FORMAT, "type": "integer"})]
    province: Label

    @property
    def respondent_key(self) -> str:
        """What tells the respondent from all others."""
        return self.province


class AddendumTwo(_Addendum):
    """Scans of the signed sheet of a respondent that is no province, and the bundle that they belong to."""

    format: Annotated[
        int, Field(ge=FORMAT_TWO, le=FORMAT_TWO), WithJsonSchema({"const": FORMAT_TWO, "type": "integer"})
    ]
    respondent: Label = Field(description="Scheme and code, with a slash between them.")

    @property
    def respondent_key(self) -> str:
        """What tells the respondent from all others."""
        return self.respondent


AnyAddendum = Addendum | AddendumTwo


def make_addendum(respondent: str, facts: Mapping[str, object]) -> AnyAddendum:
    """Make an addendum of a respondent, in the earliest format that can name it. Raises ValidationError."""
    if "/" in respondent:
        return AddendumTwo.model_validate({**facts, "kind": KIND, "format": FORMAT_TWO, "respondent": respondent})
    return Addendum.model_validate({**facts, "kind": KIND, "format": FORMAT, "province": respondent})


@dataclass(frozen=True)
class AddendumVerdict:
    """The verdict on an addendum; ``ok`` only without problems. ``digest`` is that of its own tag manifest."""

    ok: bool
    digest: str | None
    signature: SignatureReport
    addendum: AnyAddendum | None
    problems: tuple[BundleProblem, ...]
    warnings: tuple[BundleProblem, ...] = ()
    """What a person must read although nothing is refused."""


def addendum_schema() -> bytes:
    """Return the JSON Schema (2020-12) of data/addendum.json, as published in ``docs/addendum.schema.json``."""
    return published_schema(Addendum, "dgdesk addendum")


def addendum_two_schema() -> bytes:
    """Return the JSON Schema (2020-12) of format 2, as published in ``docs/addendum-2.schema.json``."""
    return published_schema(AddendumTwo, "dgdesk addendum, format 2")


def write_addendum(
    target: Path,
    addendum: AnyAddendum,
    scans: Mapping[str, bytes],
    *,
    info: bag.BagInfo,
    identity: Identity,
    claimed_time: datetime,
    replace: bool = False,
) -> AddendumVerdict:
    """Write an addendum with the content of its scans by ``file``; it is verified before it gets its final name.

    Raises:
        UsageError: ``bundle.bad_name``, ``bundle.bad_info``; as `sign`.
        FileError: ``bundle.exists``, and as `explain_write`.
        CheckFailed: ``bundle.not_sound``.
    """
    name = f"{addendum.edition}-{addendum.respondent_key.rpartition('/')[2]}-addendum"
    if not is_safe_part(name):
        raise UsageError("bundle.bad_name", name=name)
    payload = {ADDENDUM: canonical_json(addendum.model_dump())}
    payload |= {bag.PAYLOAD + path: content for path, content in scans.items()}
    try:
        text = info.text(sum(map(len, payload.values())), len(payload))
    except ValueError as error:
        raise UsageError("bundle.bad_info") from error
    tags = bag.make_tags(text, {path: hashlib.sha256(content).hexdigest() for path, content in payload.items()})
    files = tags | {bag.SIGNATURE: sign(tags[bag.TAGMANIFEST], identity, claimed_time)}
    with atomic_file(target, replace=replace, kind="addendum") as part:
        with part.open("x+b") as stream:
            writer = ZipWriter(stream)
            for path, content in sorted({**files, **payload}.items()):
                writer.add(f"{name}/{path}", len(content), [content], lambda count: None)
            writer.finish()
        verdict = verify_addendum(part, trusted=[identity.certificate_pem])
        if not verdict.ok:
            codes = ", ".join(problem.code for problem in verdict.problems[:3])
            raise CheckFailed("bundle.not_sound", problems=codes)
    return verdict


def verify_addendum(
    path: Path, *, trusted: Trusted, bundle: Verification | None = None, now: datetime | None = None
) -> AddendumVerdict:
    """Check an addendum as strictly as a bundle; with ``bundle``, a verdict, also that it belongs to that bundle.

    Only the signer of the bundle can add to it: any other signer is a problem, even a trusted one. ``now`` is the
    receiver's clock (aware), as for `verify_bundle`.

    Raises:
        FileError: ``bundle.missing``, ``bundle.unreadable``, and as `read_certificates`.
    """
    trust = read_trusted(trusted)
    anchors = None if trust is None else trust.certificates
    digest: str | None = None
    signature, addendum = SignatureReport(False), None
    problems: list[BundleProblem] = []
    try:
        if not path.is_file():
            raise FileError("bundle.missing", path=path)
        with path.open("rb") as stream:
            files = _files(read_directory(stream, _LIMITS))
            tagmanifest = read_whole(stream, files[bag.TAGMANIFEST], _LIMITS.tag_file)
            digest = hashlib.sha256(tagmanifest).hexdigest()
            p7s = read_whole(stream, files[bag.SIGNATURE], _LIMITS.signature)
            signature = check_signature(tagmanifest, p7s, anchors)
            problems += signature.problems
            if not signature.intact:
                raise CheckFailed("verify.rest_unchecked")
            tags = _listed(tagmanifest, bag.TAGMANIFEST)
            contents = {name: read_whole(stream, files[name], _LIMITS.tag_file) for name in bag.SIGNED_TAGS}
            _compare(tags, contents)
            if contents[bag.BAGIT] != bag.BAGIT_TXT:
                raise CheckFailed("verify.bagit_txt")
            payload = {name: entry for name, entry in files.items() if name.startswith(bag.PAYLOAD)}
            _check_info(contents[bag.BAG_INFO], payload)
            manifest = _listed(contents[bag.MANIFEST], bag.MANIFEST)
            # One after the other, so that only one scan is in memory.
            for name in sorted(payload.keys() | manifest.keys()):
                held = {name: read_whole(stream, payload[name], LARGEST)} if name in payload else {}
                _compare({name: manifest[name]} if name in manifest else {}, held)
                if name in held and name != ADDENDUM and not copy_fits(name, kind_of_head(held[name])):
                    raise CheckFailed("verify.evidence_kind", name=printable(name))
                if name == ADDENDUM:
                    addendum = _parse(held[name])
            if addendum is not None:
                _check_scans(addendum, {name: (manifest[name], payload[name].size) for name in payload})
                problems += _tie(addendum, signature, bundle)
                fault = None if trust is None else authority_fault(trust, signature.chains, addendum.respondent_key)
                problems += [] if fault is None else [fault]
    except CheckFailed as error:
        problems.append(BundleProblem(error.code, error.values))
    except OSError as error:
        raise FileError("bundle.unreadable", path=path) from error
    ok = not problems and signature.intact and anchors is not None and addendum is not None
    return AddendumVerdict(ok, digest, signature, addendum, tuple(problems), _warnings(addendum, signature, trust, now))


def _files(entries: Sequence[ZipEntry]) -> dict[str, ZipEntry]:
    """Return the entries by their path inside the one bag. Raises CheckFailed as the verifier of bundles does."""
    _, files = one_bag(entries)
    for name in files:
        if name not in _TAG_FILES and name != ADDENDUM and not name.startswith("data/scans/"):
            raise CheckFailed("verify.unexpected_entry", name=printable(name))
    for name in (*_TAG_FILES, ADDENDUM):
        if name not in files:
            raise CheckFailed("verify.entry_missing", name=name)
    return files


def _listed(content: bytes, name: str) -> dict[str, str]:
    try:
        found = bag.read_manifest(content)
    except ValueError:
        raise CheckFailed("verify.manifest_invalid", name=name) from None
    if name == bag.TAGMANIFEST and set(found) != set(bag.SIGNED_TAGS):
        raise CheckFailed("verify.manifest_invalid", name=name)
    return found


def _compare(listed: Mapping[str, str], contents: Mapping[str, bytes]) -> None:
    for name in listed.keys() | contents.keys():
        if name not in contents:
            raise CheckFailed("verify.entry_missing", name=printable(name))
        if name not in listed:
            raise CheckFailed("verify.not_listed", name=printable(name))
        if hashlib.sha256(contents[name]).hexdigest() != listed[name]:
            raise CheckFailed("verify.file_changed", name=printable(name))


def _check_info(content: bytes, payload: Mapping[str, ZipEntry]) -> None:
    try:
        fields = bag.read_info(content)
    except ValueError:
        raise CheckFailed("verify.bag_info") from None
    if not bag.oxum_fits(fields, [entry.size for entry in payload.values()]):
        raise CheckFailed("verify.oxum")


def _parse(content: bytes) -> AnyAddendum:
    try:
        if len(content) > _LIMITS.submission:
            raise ValueError("too large")
        parsed = read_json(content)
        return (AddendumTwo if stated_format(parsed) == FORMAT_TWO else Addendum).model_validate(parsed)
    except UNFIT:  # pydantic's errors are ValueErrors
        raise CheckFailed("addendum.invalid") from None


def _check_scans(addendum: AnyAddendum, files: Mapping[str, tuple[str, int]]) -> None:
    said = {bag.PAYLOAD + scan.file: (scan.sha256, scan.size) for scan in addendum.scans}
    there = {name: fact for name, fact in files.items() if name != ADDENDUM}
    if said != there or len(said) != len(addendum.scans):
        raise CheckFailed("addendum.scans_differ")


def _warnings(
    addendum: AnyAddendum | None, signature: SignatureReport, trust: TrustList | None, now: datetime | None
) -> tuple[BundleProblem, ...]:
    found = clock_warnings(signature.claimed_time, signature.chains, now)
    if addendum is None or trust is None or signature.facts is None:
        return found
    organisation = signature.facts.organisation
    return (*authority_warnings(trust, signature.chains, addendum.respondent_key, organisation), *found)


def _tie(addendum: AnyAddendum, signature: SignatureReport, bundle: Verification | None) -> list[BundleProblem]:
    if bundle is None:
        return []
    if not bundle.ok:
        return [BundleProblem("addendum.bundle_not_verified")]
    if (addendum.digest, addendum.answers_digest) != (bundle.digest, bundle.answers_digest):
        return [BundleProblem("addendum.other_bundle")]
    return [] if signature.fingerprint == bundle.fingerprint else [BundleProblem("addendum.other_signer")]
