"""Verifies an untrusted bundle strictly: structure, names, signature, then everything that is signed.

The signature is checked before anything it covers is read. Bytes that pass are exactly those that dgdesk would write.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from dgdesk.bundle.again import Signed, authority_of
from dgdesk.bundle.archive import bag
from dgdesk.bundle.archive.named_file import open_named
from dgdesk.bundle.archive.names import explain_name, one_bag
from dgdesk.bundle.archive.payload import (
    DEFINITION,
    SUBMISSION,
    compare_submission,
    kind_of_head,
    parse_submission,
    unfit_payload,
    unknown_payload,
)
from dgdesk.bundle.archive.zip_read import read_chunks, read_directory, read_whole
from dgdesk.bundle.archive.zip_write import Hashers, Sums, ZipEntry
from dgdesk.bundle.exact_json import read_json
from dgdesk.bundle.report import BundleProblem, Limits, Verification, printable
from dgdesk.bundle.signing.signature import SignatureReport, check_signature
from dgdesk.bundle.signing.trust_list import Trusted, TrustList, read_trusted
from dgdesk.bundle.submission import LONGEST_REASON, AnySubmission, Submission, SubmissionTwo
from dgdesk.errors import CheckFailed
from dgdesk.evidence import media
from dgdesk.system.bounds import UNFIT
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.editions import edition_heads, edition_respondents

_OTHER_MANIFEST = re.compile(r"(tag)?manifest-[^/]*\.txt")
_WORTH_A_THREAD = 2 << 20
"""Bytes of a payload; a thread takes longer to start than a smaller one takes to hash."""
_AT_ONCE = 8 << 20
"""Bytes of a bundle that is read at once: its hundreds of short reads would take longer than its digests."""
TAG_FILES = (*bag.SIGNED_TAGS, bag.TAGMANIFEST, bag.SIGNATURE)


def verify_bundle(
    path: Path,
    *,
    trusted: Trusted,
    limits: Limits | None = None,
    progress: Progress = NO_PROGRESS,
    now: datetime | None = None,
) -> Verification:
    """Check a bundle against the signers' certificates that the receiver trusts, each for its respondents.

    With ``trusted`` None everything else is checked, but the verdict is never ok. Memory stays within ``limits`` for
    files of any size. If the signature does not fit, nothing that it covers is read. ``now`` is the receiver's clock
    (aware); if it contradicts the claimed time, ``warnings`` says so.

    Raises:
        FileError: as `open_named` and `read_certificates`. No content of the file raises.
    """
    with open_bundle(path) as stream:
        return check_stream(stream, read_trusted(trusted), limits or Limits(), progress, now).verdict


@dataclass(frozen=True)
class Checked:
    """The result for one open file: the verdict, and what is needed to read more from the same file.

    ``entries`` and ``digests`` (hex SHA-256) are by path inside the bag, empty if the check did not get that far.
    ``signed`` is what `judge_again` needs; None if the signature does not fit.
    """

    verdict: Verification
    name: str = ""
    entries: Mapping[str, ZipEntry] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    submission: AnySubmission | None = None
    signed: Signed | None = None


@contextmanager
def open_bundle(path: Path) -> Iterator[BinaryIO]:
    """Open a bundle for checking. Raises FileError as `open_named`."""
    with open_named(path) as stream:
        content = _whole(stream)
        if content is None:
            _read_ahead(stream)
        yield stream if content is None else BytesIO(content)


def _whole(stream: BinaryIO) -> bytes | None:
    """Return the content of a small file; None for a large one."""
    if os.fstat(stream.fileno()).st_size > _AT_ONCE:
        return None
    content = stream.read(_AT_ONCE + 1)
    if len(content) <= _AT_ONCE:
        return content
    stream.seek(0)  # it has grown meanwhile
    return None


def _read_ahead(stream: BinaryIO) -> None:
    """Tell the system that a large bundle is read once, from its beginning to its end."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)


def check_stream(
    stream: BinaryIO,
    trust: TrustList | None,
    limits: Limits,
    progress: Progress = NO_PROGRESS,
    now: datetime | None = None,
) -> Checked:
    """Check an open bundle as ``verify_bundle`` does. Raises OSError; no content of the file raises."""
    return _Check(stream, trust, limits, progress, now).run()


def read_checked(stream: BinaryIO, checked: Checked, path: str, limit: int) -> bytes:
    """Return a file of at most ``limit`` bytes that passed the check and must not have changed since.

    Raises:
        CheckFailed: ``verify.file_changed``, ``zip.*``.
        OSError: the bundle cannot be read.
    """
    content = read_whole(stream, checked.entries[path], limit)
    if hashlib.sha256(content).hexdigest() != checked.digests[path]:
        raise CheckFailed("verify.file_changed", name=printable(path))
    return content


class _Check:
    """One run over one open file."""

    def __init__(
        self,
        stream: BinaryIO,
        trust: TrustList | None,
        limits: Limits,
        progress: Progress,
        now: datetime | None,
    ) -> None:
        self._stream = stream
        self._trust = trust
        self._limits = limits
        self._progress = progress
        self._now = now
        self._done = 0
        self._files: dict[str, ZipEntry] = {}
        self._problems: list[BundleProblem] = []
        self._digest: str | None = None
        self._signature = SignatureReport(False)
        self._draft: bool | None = None
        self._unsent: tuple[int, int] | None = None
        self._group = ""
        self._answers_digest: str | None = None
        self._submission: AnySubmission | None = None
        self._complete: bool | None = None
        self._tagmanifest = self._p7s = b""
        self._name = ""
        self._digests: dict[str, str] = {}
        self._kinds: dict[str, str] = {}

    def run(self) -> Checked:
        try:
            self._open_bag(read_directory(self._stream, self._limits))
            self._check_signature()
            before = len(self._problems)
            self._complete = False
            self._check_tags()
            self._check_payload()
            self._complete = len(self._problems) == before
            self._check_names()
        except CheckFailed as error:
            self._note(error)
        signature, submission = self._signature, self._submission
        whose = submission.respondent_key if submission is not None else None
        authority = authority_of(self._trust, signature, whose, self._now)
        problems = authority.around(self._problems)
        payload = [entry.size for name, entry in self._files.items() if name.startswith(bag.PAYLOAD)]
        verdict = Verification(
            ok=not problems and signature.intact and self._trust is not None,
            digest=self._digest,
            answers_digest=self._answers_digest,
            signer=signature.signer,
            fingerprint=signature.fingerprint,
            claimed_time=signature.claimed_time,
            draft=self._draft,
            respondent=printable(submission.respondent_key) if submission else None,
            respondent_name=_name(submission) if submission else "",
            edition=printable(submission.edition) if submission else None,
            problems=problems[: self._limits.problems],
            warnings=authority.warnings,
            signed_by=signature.facts,
            complete=self._complete,
            files=len(payload) if self._files else None,
            size=sum(payload) if self._files else None,
            evidence=len(submission.evidence) if submission else None,
            unsent_files=self._unsent[0] if self._unsent else None,
            unsent_answers=self._unsent[1] if self._unsent else None,
            draft_id=self._group or (submission.draft_id if isinstance(submission, SubmissionTwo) else ""),
            revision=submission.revision if isinstance(submission, SubmissionTwo) else 1,
            supersedes=(submission.supersedes or None) if isinstance(submission, SubmissionTwo) else None,
            reason=printable(submission.reason, LONGEST_REASON) if isinstance(submission, SubmissionTwo) else "",
            bound=authority.bound,
        )
        return Checked(verdict, self._name, self._files, self._digests, submission, self._signed())

    def _signed(self) -> Signed | None:
        if not self._signature.intact:
            return None
        return Signed(self._tagmanifest, self._p7s, tuple(self._problems[: self._limits.problems]))

    def _note(self, found: CheckFailed | BundleProblem) -> None:
        self._problems.append(found if isinstance(found, BundleProblem) else BundleProblem(found.code, found.values))

    def _open_bag(self, entries: tuple[ZipEntry, ...]) -> None:
        """Find the one bag and its files by their path inside it; an unsafe name ends the check."""
        self._name, self._files = one_bag(entries)
        for name in sorted(self._files):
            if name not in TAG_FILES and not name.startswith(bag.PAYLOAD):
                if _OTHER_MANIFEST.fullmatch(name):
                    raise CheckFailed("verify.other_manifest", name=printable(name))
                raise CheckFailed("verify.unexpected_entry", name=printable(name))
        for name in (*TAG_FILES, SUBMISSION):
            if name not in self._files:
                raise CheckFailed("verify.entry_missing", name=name)

    def _check_signature(self) -> None:
        tagmanifest = self._tagmanifest = self._read(bag.TAGMANIFEST, self._limits.tag_file)
        self._digest = hashlib.sha256(tagmanifest).hexdigest()
        signature = self._p7s = self._read(bag.SIGNATURE, self._limits.signature)
        self._digests = {bag.TAGMANIFEST: self._digest, bag.SIGNATURE: hashlib.sha256(signature).hexdigest()}
        anchors = None if self._trust is None else self._trust.certificates
        self._signature = check_signature(tagmanifest, signature, anchors, self._limits.signature)
        if not self._signature.intact:
            # Nothing else is signed then, and comparing it would only add more messages about the same.
            raise CheckFailed("verify.rest_unchecked")
        try:
            self._tags = bag.read_manifest(tagmanifest)
        except ValueError:
            raise CheckFailed("verify.manifest_invalid", name=bag.TAGMANIFEST) from None
        for name in bag.SIGNED_TAGS:
            if name not in self._tags:
                raise CheckFailed("verify.unsigned_tag", name=name)
        if len(self._tags) != len(bag.SIGNED_TAGS):
            raise CheckFailed("verify.manifest_invalid", name=bag.TAGMANIFEST)
        self._digests |= self._tags

    def _check_tags(self) -> None:
        contents = {name: self._read(name, self._limits.tag_file) for name in bag.SIGNED_TAGS}
        for name, content in contents.items():
            if hashlib.sha256(content).hexdigest() != self._tags[name]:
                raise CheckFailed("verify.file_changed", name=name)
        if contents[bag.BAGIT] != bag.BAGIT_TXT:
            self._note(BundleProblem("verify.bagit_txt"))
        try:
            info = bag.read_info(contents[bag.BAG_INFO])
            unsent = bag.count_of(info, bag.UNSENT_FILES), bag.count_of(info, bag.UNSENT_ANSWERS)
            self._group = bag.draft_of(info)
        except ValueError:
            raise CheckFailed("verify.bag_info") from None
        status = bag.values_of(info, bag.STATUS)
        if status not in ([], [bag.DRAFT]):
            raise CheckFailed("verify.bag_info")
        self._draft = bool(status)
        self._unsent = unsent
        payload = [entry for name, entry in self._files.items() if name.startswith(bag.PAYLOAD)]
        if not bag.oxum_fits(info, [entry.size for entry in payload]):
            self._note(BundleProblem("verify.oxum"))
        try:
            self._manifest = bag.read_manifest(contents[bag.MANIFEST])
        except ValueError:
            raise CheckFailed("verify.manifest_invalid", name=bag.MANIFEST) from None
        if any(not name.startswith(bag.PAYLOAD) or explain_name(name) for name in self._manifest):
            raise CheckFailed("verify.path_outside", name=bag.MANIFEST)

    def _check_payload(self) -> None:
        present = {name for name in self._files if name.startswith(bag.PAYLOAD)}
        for name in sorted(present - self._manifest.keys()):
            self._note(BundleProblem("verify.not_listed", {"name": printable(name)}))
        for name in sorted(self._manifest.keys() - present):
            self._note(BundleProblem("verify.entry_missing", {"name": printable(name)}))
        for problem in unknown_payload(present & self._manifest.keys()):
            self._note(problem)
        found = self._hash_all([name for name in self._files if name in present])  # in the order of the file
        self._answers_digest = found[SUBMISSION][0]
        self._digests |= {name: digest for name, (digest, _) in found.items()}
        wrong = [name for name in sorted(present & self._manifest.keys()) if found[name][0] != self._manifest[name]]
        for name in wrong:
            self._note(BundleProblem("verify.file_changed", {"name": printable(name)}))
        if SUBMISSION in wrong:
            return
        content = self._read(SUBMISSION, self._limits.submission)
        if hashlib.sha256(content).hexdigest() != self._answers_digest:  # the file changed between two reads
            raise CheckFailed("verify.file_changed", name=SUBMISSION)
        parsed = parse_submission(content)
        if isinstance(parsed, BundleProblem):
            self._note(parsed)
            return
        self._submission = parsed
        for problem in compare_submission(parsed, found):
            self._note(problem)
        for problem in unfit_payload(parsed, self._kinds, [problem.values.get("name") for problem in self._problems]):
            self._note(problem)

    def _check_names(self) -> None:
        """Check that the bundle names one draft and one respondent, wherever it names them."""
        if self._submission is None:
            return
        said = self._submission.draft_id if isinstance(self._submission, SubmissionTwo) else ""
        if said and self._group and said != self._group:
            self._note(BundleProblem("verify.other_draft"))
        if not self._names_itself(self._submission):
            self._note(BundleProblem("verify.respondent_differs"))

    def _names_itself(self, submission: AnySubmission) -> bool:
        """Whether the answers, and the list of an edition that the program knows, name the same respondent."""
        head = edition_heads().get(submission.edition)
        declared = head.respondent if head is not None else self._declared_field()
        said = submission.answers.get(declared) if declared else None
        if said is not None and said != submission.respondent_id:
            return False
        if head is None or isinstance(submission, Submission):
            return True
        whose = submission.respondent
        return whose.scheme == head.scheme and edition_respondents(head.id).get(whose.id) == whose.name

    def _declared_field(self) -> str:
        """The question that says who answers, by the bundle's own definition of an edition that is not known here."""
        if DEFINITION not in self._files or self._files[DEFINITION].size > self._limits.submission:
            return ""
        try:
            tree = read_json(self._read(DEFINITION, self._limits.submission))
        except UNFIT:
            return ""
        declared = tree.get("respondent") if isinstance(tree, dict) else None
        field = declared.get("field") if isinstance(declared, dict) else None
        return field if isinstance(field, str) else ""

    def _read(self, name: str, limit: int) -> bytes:
        return read_whole(self._stream, self._files[name], limit)

    def _hash_all(self, names: Sequence[str]) -> dict[str, tuple[str, int]]:
        """Return the SHA-256 and size of files; a file's last pieces are hashed while the next file is read."""
        total = sum(self._files[name].size for name in names)
        found: dict[str, tuple[str, int]] = {}
        pending: Sums | None = None
        with Hashers() as threads:
            hashers = threads if total >= _WORTH_A_THREAD else None
            for name, after in zip_longest(names, names[1:]):
                sums = self._hash(name, total, hashers) if pending is None else pending
                pending = None if after is None else self._hash(after, total, hashers)
                found[name] = sums.hexdigest(), self._files[name].size
        return found

    def _hash(self, name: str, total: int, hashers: Hashers | None) -> Sums:
        sums = Sums(hashers.next() if hashers is not None else None)
        entry = self._files[name]
        head = b""
        try:
            for chunk in read_chunks(self._stream, entry, sums):
                head = head or chunk[: media.HEAD]
                self._done += len(chunk)
                self._progress.at(self._done, total)
        except CheckFailed as error:
            self._note(error)
        self._kinds[name] = kind_of_head(head)
        return sums


def _name(submission: AnySubmission) -> str:
    """The name that a bundle gives its respondent; empty for a province, whose code names it."""
    return printable(submission.respondent.name) if isinstance(submission, SubmissionTwo) else ""
