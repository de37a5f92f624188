"""Writes and verifies addenda: signed bags with scans of the signed sheet, tied to a bundle by its digest.

Bag, zip and signature are as in a bundle, with ``data/addendum.json`` instead of ``data/submission.json``; neither can
be mistaken for the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, WithJsonSchema

from dgdesk.bundle.again import Signed, authority_of
from dgdesk.bundle.archive import bag
from dgdesk.bundle.archive.named_file import open_named
from dgdesk.bundle.archive.payload import copy_fits, kind_of_head
from dgdesk.bundle.exact_json import Sha256, Strict, canonical_json, published_schema, read_json, stated_format
from dgdesk.bundle.report import BundleProblem, Limits, Verification, printable
from dgdesk.bundle.signed_bag import SignedBag, problem_of, write_signed_bag
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.signature import SignatureReport, check_signature
from dgdesk.bundle.signing.trust_list import Trusted, TrustList, read_trusted
from dgdesk.bundle.submission import Label
from dgdesk.errors import CheckFailed
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
_SCANS = "data/scans/"


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
    signed: Signed | None = None
    """What `judge_addendum_again` needs; None if the signature does not fit."""


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
    payload = {ADDENDUM: canonical_json(addendum.model_dump())}
    payload |= {bag.PAYLOAD + path: content for path, content in scans.items()}
    with atomic_file(target, replace=replace, kind="addendum") as part:
        write_signed_bag(part, name, payload, info=info, identity=identity, claimed_time=claimed_time)
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
        FileError: as `open_named` and `read_certificates`.
    """
    trust = read_trusted(trusted)
    anchors = None if trust is None else trust.certificates
    addendum: AnyAddendum | None = None
    problems: list[BundleProblem] = []
    reading = SignedBag(_LIMITS, LARGEST)

    def use(name: str, content: bytes) -> None:
        nonlocal addendum
        if name == ADDENDUM:
            addendum = read_addendum(content)
        elif not copy_fits(name, kind_of_head(content)):
            raise CheckFailed("verify.evidence_kind", name=printable(name))

    try:
        with open_named(path) as stream:
            reading.read(stream, anchors, first=ADDENDUM, allowed=lambda name: name.startswith(_SCANS), use=use)
        if addendum is not None:
            _check_scans(addendum, {name: (reading.digests[name], size) for name, size in reading.sizes.items()})
    except CheckFailed as error:
        problems.append(problem_of(error))
    signature = reading.signature
    signed = Signed(reading.tagmanifest, reading.p7s, tuple(problems)) if signature.intact else None
    return _verdict(reading.digest, signature, addendum, signed, problems, trust, bundle, now)


def judge_addendum_again(
    digest: str,
    addendum: AnyAddendum | None,
    signed: Signed,
    trust: TrustList | None,
    bundle: Verification | None = None,
    now: datetime | None = None,
) -> AddendumVerdict:
    """Return the verdict under another trust list, or beside a bundle, as `verify_addendum` would, without the scans.

    ``digest`` is that of its own tag manifest.
    """
    anchors = None if trust is None else trust.certificates
    signature = check_signature(signed.tagmanifest, signed.p7s, anchors)
    return _verdict(digest, signature, addendum, signed, signed.content, trust, bundle, now)


def _verdict(
    digest: str | None,
    signature: SignatureReport,
    addendum: AnyAddendum | None,
    signed: Signed | None,
    content: Sequence[BundleProblem],
    trust: TrustList | None,
    bundle: Verification | None,
    now: datetime | None,
) -> AddendumVerdict:
    whose = addendum.respondent_key if addendum is not None else None
    authority = authority_of(trust, signature, whose, now)
    ties = _tie(addendum, signature, bundle) if addendum is not None and not content else []
    problems = authority.around((*content, *ties))
    ok = not problems and signature.intact and trust is not None and addendum is not None
    return AddendumVerdict(ok, digest, signature, addendum, problems, authority.warnings, signed)


def read_addendum(content: bytes) -> AnyAddendum:
    """Read an untrusted data/addendum.json. Raises CheckFailed ``addendum.invalid``."""
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


def _tie(addendum: AnyAddendum, signature: SignatureReport, bundle: Verification | None) -> list[BundleProblem]:
    if bundle is None:
        return []
    if not bundle.ok:
        return [BundleProblem("addendum.bundle_not_verified")]
    if (addendum.digest, addendum.answers_digest) != (bundle.digest, bundle.answers_digest):
        return [BundleProblem("addendum.other_bundle")]
    return [] if signature.fingerprint == bundle.fingerprint else [BundleProblem("addendum.other_signer")]
