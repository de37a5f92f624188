"""Edition packs for the tests: a small survey of departments, its agency, and packs that are changed on purpose."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dgdesk.bundle.archive.bag import BagInfo
from dgdesk.bundle.archive.zip_read import read_directory, read_whole
from dgdesk.bundle.report import Limits
from dgdesk.bundle.signed_bag import write_signed_bag
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.editions.pack import build_pack

DEPARTMENTS = Path(__file__).parent / "data" / "th-department-2569"
DEPARTMENT_EDITION = "th-department-2569"
NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def agency(folder: Path) -> Identity:
    """The identity with which an agency signs its editions."""
    return create_identity(folder, person="วิภา ชัยดี", province="สพร.", passphrase=None, now=NOW - timedelta(days=9))


def copy_of(folder: Path, target: Path, **changes: tuple[str, str]) -> Path:
    """Copy data files; ``changes`` replace a text by another in the file of that name."""
    shutil.copytree(folder, target)
    for name, (old, new) in changes.items():
        path = target / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new), encoding="utf-8")
    return target


def pack_of(folder: Path, target: Path, signer: Identity, version: int | None = None) -> Path:
    """A signed pack of data files."""
    build_pack(folder, target, identity=signer, now=NOW, version=version)
    return target


def forged(path: Path, payload: dict[str, bytes], signer: Identity) -> Path:
    """A bag of these files (names below ``data/``) with a sound signature of theirs, whatever they are."""
    info = BagInfo("สพร.", "x", NOW.date())
    inside = {f"data/{name}": content for name, content in payload.items()}
    path.unlink(missing_ok=True)
    write_signed_bag(path, "edition-1", inside, info=info, identity=signer, claimed_time=NOW)
    return path


def payload_of(path: Path) -> dict[str, bytes]:
    """The files below ``data/`` of a pack."""
    parts = {name.partition("/")[2]: content for name, content in members(path).items()}
    return {name.removeprefix("data/"): content for name, content in parts.items() if name.startswith("data/")}


def members(path: Path) -> dict[str, bytes]:
    """The files in a pack, by their whole names."""
    with path.open("rb") as stream:
        return {one.name: read_whole(stream, one, 64 << 20) for one in read_directory(stream, Limits())}
