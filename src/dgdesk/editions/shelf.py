"""The editions that a person has installed: every version in a folder of its own, and whose packs are taken.

A version never goes back and has one content, also after an edition was removed: the highest stays written down.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dgdesk.bundle.signing.certificates import read_certificates, read_small
from dgdesk.editions.contents import EDITION_FILE, EditionFile, check_files, read_edition_file
from dgdesk.editions.meaning import require_meaning
from dgdesk.editions.pack import PackVerdict, check_pack, write_files
from dgdesk.errors import CheckFailed, DgdeskError, FileError
from dgdesk.survey.definition.load import load_definition
from dgdesk.survey.definition.models import Definition
from dgdesk.system.atomic import NameTaken, atomic_folder, atomic_write, explain_write, sync
from dgdesk.system.private import make_private_folder
from dgdesk.system.profile import Profile
from dgdesk.text.editions import EditionHead, edition_versions, read_editions_again, require_whole

_HIGHEST: Final = "highest.txt"
_MOST_TRUSTED: Final = 256 << 10


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation did: the edition, and whether it was there already."""

    edition: EditionFile
    already: bool


def signers(profile: Profile) -> tuple[x509.Certificate, ...]:
    """Return the certificates whose packs are taken.

    Raises:
        FileError: as `read_small` and `read_certificates`.
    """
    if not profile.edition_signers.is_file():
        return ()
    return tuple(read_certificates([read_small(profile.edition_signers, _MOST_TRUSTED)], signers=True))


def enrol(profile: Profile, certificates: Sequence[x509.Certificate]) -> None:
    """Take packs of these signers from now on. Raises FileError as `atomic_write` and `signers`."""
    known = dict.fromkeys((*signers(profile), *certificates))
    try:
        make_private_folder(profile.root)
    except OSError as error:
        raise explain_write(error, profile.edition_signers) from error
    content = b"".join(one.public_bytes(Encoding.PEM) for one in known)
    atomic_write(profile.edition_signers, content, replace=True)


def install(pack: Path, profile: Profile, trust: Sequence[x509.Certificate] = ()) -> Installed:
    """Install a pack; ``trust`` are signers that a person names now, and who are enrolled if the pack holds.

    Raises:
        CheckFailed: ``edition.refused`` with the problems in ``details``; ``edition.older``, ``edition.other_content``:
            a version that is older than one that was installed, or the same with other files; as `require_meaning`,
            of the newest version that is there.
        FileError: ``edition.in_the_way``; as `check_pack`, `signers` and `explain_write`. Nothing is changed then.
    """
    verdict = check_pack(pack, (*signers(profile), *trust))
    if not verdict.ok or verdict.edition is None:
        raise refusal(pack, verdict)
    edition, folder = verdict.edition, profile.editions / verdict.edition.id
    there = _there(folder / str(edition.version))
    if there is not None:
        if there.files != edition.files:
            raise CheckFailed("edition.other_content", edition=edition.id, version=edition.version)
        if not list(damage(folder / str(edition.version))):
            if trust:
                enrol(profile, trust)
            return Installed(edition, already=True)
        _clear(folder / str(edition.version))
    noted, content = _highest(folder)
    highest = max(noted, *(head.version for head in edition_versions().get(edition.id, ())), 0)
    if edition.version < highest:
        raise CheckFailed("edition.older", edition=edition.id, version=edition.version, highest=highest)
    if edition.version == noted and content not in ("", _content(edition)):
        raise CheckFailed("edition.other_content", edition=edition.id, version=edition.version)
    _require_unlike_shipped(edition)
    if verdict.definition is not None:
        for older in forms_before(edition.id):
            require_meaning(older, verdict.definition)
    _write(folder / str(edition.version), edition, verdict)
    try:
        if trust:
            enrol(profile, trust)
        _note_highest(folder, edition.version, _content(edition))
    except DgdeskError:  # a full disk: nothing is changed
        shutil.rmtree(folder / str(edition.version), ignore_errors=True)
        raise
    finally:
        read_editions_again()
    return Installed(edition, already=False)


def remove(edition: str, profile: Profile) -> int:
    """Remove every installed version of an edition and return how many there were.

    Raises:
        CheckFailed: ``edition.not_installed``; ``edition.shipped``: it is a part of the program.
        FileError: as `explain_write`.
    """
    found = edition_versions().get(edition, ())
    installed = [head for head in found if not head.shipped]
    if not installed:
        raise CheckFailed("edition.shipped" if found else "edition.not_installed", edition=edition)
    _note_highest(profile.editions / edition, max(head.version for head in installed))
    try:
        for head in installed:
            shutil.rmtree(head.folder)
    except OSError as error:
        raise explain_write(error, profile.editions) from error
    finally:
        read_editions_again()
    return len(installed)


def damage(folder: Path) -> Sequence[str]:
    """Return the names of data files of an installed version that are not as they were installed."""
    edition = _there(folder)
    if edition is None:
        return (EDITION_FILE,)
    contents = {}
    for one in edition.files:
        with suppress(OSError):
            contents[one.path] = (folder / one.path).read_bytes()
    return tuple(str(problem.values["name"]) for problem in check_files(edition, contents))


def listed() -> tuple[EditionHead, ...]:
    """Return every version that the program knows, by edition and then newest first."""
    return tuple(head for _, heads in sorted(edition_versions().items()) for head in heads)


def refusal(pack: Path, verdict: PackVerdict) -> CheckFailed:
    """Return why a pack is refused, as an error with its problems as details."""
    error = CheckFailed("edition.refused", name=pack.name, count=len(verdict.problems))
    error.details = tuple((one.code, dict(one.values)) for one in verdict.problems[:20])
    return error


def forms_before(edition: str) -> tuple[Definition, ...]:
    """Return the form of the newest version of an edition that is there and whole; none if there is none."""
    for head in edition_versions().get(edition, ()):
        with suppress(DgdeskError):
            require_whole(head.folder)
            return (load_definition(head.folder),)
    return ()


def _clear(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise explain_write(error, folder) from error


def _there(folder: Path) -> EditionFile | None:
    try:
        return read_edition_file((folder / EDITION_FILE).read_bytes())
    except (OSError, CheckFailed):
        return None


def _require_unlike_shipped(edition: EditionFile) -> None:
    """Refuse a pack that has the number of a shipped version: nothing would say which of them counts."""
    if any(head.shipped and head.version == edition.version for head in edition_versions().get(edition.id, ())):
        raise CheckFailed("edition.other_content", edition=edition.id, version=edition.version)


def _write(target: Path, edition: EditionFile, verdict: PackVerdict) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_folder(target) as inside:
            write_files(inside, {**verdict.contents, EDITION_FILE: edition.to_bytes()})
            for path in inside.iterdir():
                with path.open("rb+") as stream:
                    sync(stream)
    except NameTaken as error:
        raise FileError("edition.in_the_way", path=target) from error
    except OSError as error:
        raise explain_write(error, target) from error


def _highest(folder: Path) -> tuple[int, str]:
    """Return the highest version that was ever installed, and what it held: see `_content`; empty if not noted."""
    try:
        number, _, content = (folder / _HIGHEST).read_text("ascii").strip().partition(" ")
    except (OSError, UnicodeDecodeError):
        return 0, ""
    return (int(number), content) if number.isdigit() and len(number) < 8 else (0, "")


def _note_highest(folder: Path, version: int, content: str = "") -> None:
    if version > _highest(folder)[0]:
        atomic_write(folder / _HIGHEST, f"{version} {content}".strip().encode() + b"\n", replace=True)


def _content(edition: EditionFile) -> str:
    """Return what tells the data files of a version from all others: a SHA-256 over their names and digests."""
    lines = sorted(f"{one.path} {one.sha256}" for one in edition.files)
    return sha256("\n".join(lines).encode()).hexdigest()
