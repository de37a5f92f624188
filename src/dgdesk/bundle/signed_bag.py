"""Small signed bags: written in one form, and read as strictly as a bundle; for addenda and edition packs.

The signature is checked before anything that it covers is read. Files are read one after the other, so that only one is
in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cryptography import x509

from dgdesk.bundle.archive import bag
from dgdesk.bundle.archive.names import is_safe_part, one_bag
from dgdesk.bundle.archive.zip_read import read_directory, read_whole
from dgdesk.bundle.archive.zip_write import ZipEntry, ZipWriter
from dgdesk.bundle.report import BundleProblem, Limits, printable
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.signature import SignatureReport, check_signature, sign
from dgdesk.errors import CheckFailed, UsageError

_TAG_FILES = (*bag.SIGNED_TAGS, bag.TAGMANIFEST, bag.SIGNATURE)


def write_signed_bag(
    part: Path,
    name: str,
    payload: Mapping[str, bytes],
    *,
    info: bag.BagInfo,
    identity: Identity,
    claimed_time: datetime,
) -> None:
    """Write a bag of this name with its payload (paths inside the bag, as ``data/…``) into the new file ``part``.

    The same payload gives the same bytes, apart from the signature.

    Raises:
        UsageError: ``bundle.bad_name``, ``bundle.bad_info``; as `sign`.
    """
    if not is_safe_part(name):
        raise UsageError("bundle.bad_name", name=name)
    try:
        text = info.text(sum(map(len, payload.values())), len(payload))
    except ValueError as error:
        raise UsageError("bundle.bad_info") from error
    tags = bag.make_tags(text, {path: hashlib.sha256(content).hexdigest() for path, content in payload.items()})
    files = tags | {bag.SIGNATURE: sign(tags[bag.TAGMANIFEST], identity, claimed_time)}
    with part.open("x+b") as stream:
        writer = ZipWriter(stream)
        for path, content in sorted({**files, **payload}.items()):
            writer.add(f"{name}/{path}", len(content), [content], lambda count: None)
        writer.finish()


class SignedBag:
    """One reading of an untrusted bag; what was found stays known if the reading ends early.

    ``name`` is that of the bag, ``digest`` the SHA-256 (hex) of its tag manifest, ``signature`` who signed it, and
    ``sizes`` the bytes of each file of the payload, by path. ``tagmanifest`` and ``p7s`` are what was signed and the
    signature itself.
    """

    def __init__(self, limits: Limits, largest: int) -> None:
        """``largest``: most bytes of one file of the payload."""
        self._limits, self._largest = limits, largest
        self.name = ""
        self.digest: str | None = None
        self.signature = SignatureReport(False)
        self.tagmanifest = self.p7s = b""
        self.sizes: dict[str, int] = {}
        self.digests: dict[str, str] = {}

    def read(
        self,
        stream: BinaryIO,
        anchors: Sequence[x509.Certificate] | None,
        *,
        first: str,
        allowed: Callable[[str], bool],
        use: Callable[[str, bytes], None],
    ) -> None:
        """Read a bag to its end; every file of the payload that holds goes to ``use``, in the order of paths.

        ``first`` is the file of the payload that must be there; others are those that are ``allowed``. A signer who is
        not trusted is no failure: ``signature`` says so.

        Raises:
            CheckFailed: what does not hold; a signature that does not fit is ``verify.rest_unchecked``.
            OSError: it cannot be read.
        """
        files = self._files(read_directory(stream, self._limits), first, allowed)
        tagmanifest = self.tagmanifest = read_whole(stream, files[bag.TAGMANIFEST], self._limits.tag_file)
        self.digest = hashlib.sha256(tagmanifest).hexdigest()
        p7s = self.p7s = read_whole(stream, files[bag.SIGNATURE], self._limits.signature)
        self.signature = check_signature(tagmanifest, p7s, anchors)
        if not self.signature.intact:
            raise CheckFailed("verify.rest_unchecked")
        tags = _listed(tagmanifest, bag.TAGMANIFEST)
        contents = {name: read_whole(stream, files[name], self._limits.tag_file) for name in bag.SIGNED_TAGS}
        _compare(tags, contents)
        if contents[bag.BAGIT] != bag.BAGIT_TXT:
            raise CheckFailed("verify.bagit_txt")
        payload = {name: entry for name, entry in files.items() if name.startswith(bag.PAYLOAD)}
        _check_info(contents[bag.BAG_INFO], payload)
        manifest = _listed(contents[bag.MANIFEST], bag.MANIFEST)
        for name in sorted(payload.keys() | manifest.keys()):
            held = {name: read_whole(stream, payload[name], self._largest)} if name in payload else {}
            _compare({name: manifest[name]} if name in manifest else {}, held)
            use(name, held[name])
        self.sizes = {name: entry.size for name, entry in payload.items()}
        self.digests = dict(manifest)

    def _files(self, entries: Sequence[ZipEntry], first: str, allowed: Callable[[str], bool]) -> dict[str, ZipEntry]:
        """Return the entries by their path inside the one bag. Raises CheckFailed as the verifier of bundles does."""
        self.name, files = one_bag(entries)
        for name in files:
            if name not in _TAG_FILES and name != first and not allowed(name):
                raise CheckFailed("verify.unexpected_entry", name=printable(name))
        for name in (*_TAG_FILES, first):
            if name not in files:
                raise CheckFailed("verify.entry_missing", name=name)
        return files


def problem_of(error: CheckFailed) -> BundleProblem:
    """Return why a reading ended, as a problem of the verdict."""
    return BundleProblem(error.code, error.values)


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
