"""An inbox of the tests: some bundles of each fate, and how a test takes them in."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from bundle.support import NOW, PDF, export, info, pack, payload, sha256, sign_again, submission, unpack
from bundle.test_inbox import make as make_addendum
from dgdesk.agency.intake.judging import Judging
from dgdesk.agency.intake.moving import Folders
from dgdesk.agency.intake.running import Intake, IntakeReport, take_in
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.schema import metadata
from dgdesk.bundle.addendum import Addendum, ScanItem, write_addendum
from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.trust_list import TrustEntry, TrustList

PROVINCES = ("TH-50", "TH-51", "TH-52", "TH-53", "TH-54", "TH-55", "TH-56", "TH-57", "TH-58", "TH-60")


def bundle_of(target: Path, by: Identity, province: str = "TH-55", **answers: str) -> ExportReport:
    said = {"G1": "yes", **answers}
    return export(target, by, payload(**{"submission.json": submission(province=province, answers=said).to_bytes()}))


def fill(folder: Path, signer: Identity, stranger: Identity) -> Path:
    """Fill a folder with bundles of every fate, and with what is no bundle; return it."""
    folder.mkdir(exist_ok=True)
    for number, province in enumerate(PROVINCES[:5]):
        bundle_of(folder / f"{number}.zip", signer, province)
    inner = folder / "ชั้นใน" / "b"
    inner.mkdir(parents=True)
    bundle_of(inner / "another of TH-50.zip", signer, "TH-50", G1="no")
    shutil.copy(folder / "0.zip", inner / "copy.zip")
    bundle_of(folder / "by a stranger.zip", stranger, "TH-56")
    content = (folder / "1.zip").read_bytes()
    (folder / "cut.zip").write_bytes(content[:-9])
    at = content.index(b"evidence one")
    (folder / "damaged copy.zip").write_bytes(content[:at] + b"X" + content[at + 1 :])
    files = unpack(content)
    name = next(one for one in files if one.endswith("E0001.pdf"))
    (folder / "false.zip").write_bytes(pack(sign_again(files | {name: b"%PDF another"}, signer)))
    (folder / "empty.zip").write_bytes(b"")
    make_addendum(folder / "addendum.zip", folder / "2.zip", signer, signer)
    # By somebody who did not sign the bundle.
    write_addendum(
        folder / "addendum of another.zip",
        Addendum(
            kind="dgdesk-addendum",
            format=1,
            digest=sha256(_tagmanifest(folder / "3.zip")),
            answers_digest=sha256(b"other"),
            province="TH-53",
            edition="th-province-2568",
            scans=(ScanItem(file="scans/S0001.pdf", name="x.pdf", sha256=sha256(PDF), size=len(PDF)),),
        ),
        {"scans/S0001.pdf": PDF},
        info=info(),
        identity=stranger,
        claimed_time=NOW,
    )
    (folder / "note.txt").write_text("สวัสดี", encoding="utf-8")
    (folder / "half.zip.part").write_bytes(content[:100])
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "packed.rar").write_bytes(b"Rar!\x1a\x07\x00" + bytes(40))
    (folder / "link.zip").symlink_to(folder / "0.zip")
    return folder


def _tagmanifest(path: Path) -> bytes:
    files = unpack(path.read_bytes())
    return next(content for name, content in files.items() if name.endswith("/tagmanifest-sha256.txt"))


def trust(*signers: Identity | tuple[Identity, str]) -> TrustList:
    entries = []
    for one in signers:
        who, whom = one if isinstance(one, tuple) else (one, None)
        entries.append(TrustEntry(who.certificate, whom))
    return TrustList(tuple(entries))


def intake_of(inboxes: Mapping[str, Path], trusted: TrustList | None, **more: Any) -> Intake:
    judging = Judging(trusted, keys=more.pop("keys", ()))
    values = {"named": "-", "verifier": "test", "lease": 5_000, "quiet": 0.0, **more}
    return Intake(inboxes=inboxes, judging=judging, **values)


def taken(
    ledger: Ledger, inbox: Path | Mapping[str, Path], trusted: TrustList | None, now: datetime = NOW, **more: Any
) -> IntakeReport:
    inboxes = {"a": inbox} if isinstance(inbox, Path) else inbox
    return take_in(ledger, intake_of(inboxes, trusted, **more), lambda: now)


def verdicts(ledger: Ledger) -> dict[str, str | None]:
    from dgdesk.agency.ledger.reading import files

    return {one.path: one.verdict for one in files(ledger) if one.state != "gone"}


def dump(ledger: Ledger, *but: str) -> dict[str, list[dict[str, object]]]:
    """All that a ledger holds, apart from what names itself."""

    def rows(table: Table) -> list[dict[str, object]]:
        found = ledger.rows(select(table).order_by(*table.primary_key.columns))
        return [{name: value for name, value in row._mapping.items() if name not in but} for row in found]

    return {name: rows(table) for name, table in metadata.tables.items() if name != "ledger"}


__all__ = ["NOW", "PROVINCES", "UTC", "Folders", "bundle_of", "dump", "fill", "intake_of", "taken", "trust", "verdicts"]
