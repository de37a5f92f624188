"""Builds and verifies edition packs: a signed bag with ``edition.json`` and the data files of one version."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from dgdesk.bundle.archive import bag
from dgdesk.bundle.archive.named_file import open_named
from dgdesk.bundle.report import BundleProblem, Limits
from dgdesk.bundle.signed_bag import SignedBag, problem_of, write_signed_bag
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.signature import SignatureReport
from dgdesk.editions.contents import (
    DATA_FILE,
    EDITION_FILE,
    LARGEST_FILE,
    MOST_FILES,
    EditionFile,
    check_described,
    check_files,
    describe,
    needs_newer,
    read_edition_file,
)
from dgdesk.editions.meaning import require_meaning
from dgdesk.errors import CheckFailed
from dgdesk.survey.definition.models import Definition
from dgdesk.system.atomic import atomic_file

SUFFIX: Final = ".dgedition"
_DATA: Final = re.compile(bag.PAYLOAD + DATA_FILE)
_HEAD: Final = f"{bag.PAYLOAD}{EDITION_FILE}"
_LIMITS: Final = Limits(entries=MOST_FILES + 8, directory=256 << 10, tag_file=256 << 10)
_MOST_BYTES: Final = 32 << 20


@dataclass(frozen=True)
class PackVerdict:
    """The verdict on an edition pack; ``ok`` only without problems and with a trusted signer.

    ``digest`` is that of the tag manifest; ``contents`` the data files by name and ``definition`` the form in them,
    both only if ``ok``.
    """

    ok: bool
    digest: str | None
    signature: SignatureReport
    edition: EditionFile | None
    problems: tuple[BundleProblem, ...]
    contents: Mapping[str, bytes] = field(default_factory=dict)
    definition: Definition | None = None


def build_pack(
    folder: Path,
    target: Path,
    *,
    identity: Identity,
    now: datetime,
    version: int | None = None,
    earlier: Callable[[str], Sequence[Definition]] = lambda _: (),
    replace: bool = False,
) -> EditionFile:
    """Write a folder of data files as a pack; it is verified before it gets its name.

    ``earlier`` returns the forms that an edition (by its id) follows: their ids keep their meaning.

    Raises:
        CheckFailed: as `describe` and `require_meaning`; ``bundle.not_sound``.
        FileError: as `describe` and `atomic_file`.
        UsageError: as `write_signed_bag`.
    """
    edition, definition = describe(folder, version)
    for one in earlier(edition.id):
        require_meaning(one, definition)
    payload = {_HEAD: edition.to_bytes()}
    payload |= {bag.PAYLOAD + one.path: (folder / one.path).read_bytes() for one in edition.files}
    info = bag.BagInfo(
        source_organization=identity.province,
        external_identifier=f"{edition.id}:{edition.version}",
        bagging_date=now.date(),
        external_description=edition.name.th,
    )
    with atomic_file(target, replace=replace, kind="edition") as part:
        name = f"{edition.id}-{edition.version}"
        write_signed_bag(part, name, payload, info=info, identity=identity, claimed_time=now)
        verdict = check_pack(part, [identity.certificate])
        if not verdict.ok:
            codes = ", ".join(problem.code for problem in verdict.problems[:3])
            raise CheckFailed("bundle.not_sound", problems=codes)
    return edition


def check_pack(path: Path, trusted: Sequence[x509.Certificate]) -> PackVerdict:
    """Check an untrusted pack; its data files are not parsed unless the signer is one of those ``trusted``.

    Raises:
        FileError: as `open_named`. No content of the file raises.
    """
    reading = SignedBag(_LIMITS, LARGEST_FILE)
    contents: dict[str, bytes] = {}
    problems: list[BundleProblem] = []
    edition: EditionFile | None = None

    def use(name: str, content: bytes) -> None:
        if sum(map(len, contents.values())) + len(content) > _MOST_BYTES:
            raise CheckFailed("edition.invalid", name=EDITION_FILE)
        contents[name.removeprefix(bag.PAYLOAD)] = content

    try:
        with open_named(path) as stream:
            reading.read(stream, trusted, first=_HEAD, allowed=_is_data, use=use)
        edition = read_edition_file(contents.pop(EDITION_FILE))
        problems += check_files(edition, contents)
        if needs_newer(edition):
            problems.append(BundleProblem("edition.needs_newer", {"program": edition.program}))
    except CheckFailed as error:
        problems.append(problem_of(error))
    problems[:0] = reading.signature.problems
    definition: Definition | None = None
    if edition is not None and not problems:
        definition, found = _described(edition, contents)
        problems += found
    signature, digest = reading.signature, reading.digest
    if problems or not signature.intact or edition is None:
        return PackVerdict(False, digest, signature, edition, tuple(problems))
    return PackVerdict(True, digest, signature, edition, (), contents, definition)


def write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write data files into a folder of the program's own."""
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def _described(
    edition: EditionFile, contents: Mapping[str, bytes]
) -> tuple[Definition | None, tuple[BundleProblem, ...]]:
    with tempfile.TemporaryDirectory(prefix="dgdesk-edition-") as folder:
        write_files(Path(folder), contents)
        return check_described(edition, Path(folder))


def _is_data(name: str) -> bool:
    return _DATA.fullmatch(name) is not None
