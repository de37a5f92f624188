"""The files of an agency's inbox for tests: bundles of several provinces, good and bad, an addendum, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bundle.support import NOW, PDF, export, info, payload, sha256, submission
from dgdesk.bundle.addendum import Addendum, ScanItem, write_addendum
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.verify import verify_bundle

SCAN = PDF * 3


@dataclass(frozen=True)
class Parcels:
    """A folder ``inbox`` of six files, and a folder ``certificates`` of two signers who are trusted."""

    inbox: Path
    certificates: Path
    nan: Path
    nan_signer: Identity
    pems: tuple[bytes, ...]


def signer(folder: Path, person: str, province: str) -> Identity:
    start = NOW - timedelta(days=1)
    return create_identity(folder, person=person, province=province, passphrase=None, now=start)


def bundle(target: Path, by: Identity, province: str, draft: bool = False, answer: str = "yes") -> Path:
    content = submission(province=province, answers={"general.province": province, "p1.4": answer})
    return export(target, by, payload(**{"submission.json": content.to_bytes()}), draft).path


def addendum(target: Path, of: Path, by: Identity) -> Path:
    found = verify_bundle(of, trusted=[by.certificate_pem])
    scan = ScanItem(file="scans/S0001.pdf", name="ใบลงนาม.pdf", sha256=sha256(SCAN), size=len(SCAN))
    said = Addendum(
        kind="dgdesk-addendum",
        format=1,
        digest=found.digest or "",
        answers_digest=found.answers_digest or "",
        province=found.respondent or "",
        edition=found.edition or "",
        scans=(scan,),
    )
    write_addendum(target, said, {scan.file: SCAN}, info=info(), identity=by, claimed_time=NOW)
    return target


def make_parcels(folder: Path) -> Parcels:
    """Nan: verified, with an addendum. Chiang Mai: a draft. Somebody who is not enrolled. One cut short, one no zip."""
    inbox, certificates = folder / "รับเข้า ปี 2569", folder / "ใบรับรอง"
    for one in (inbox / "ภาคเหนือ", certificates):
        one.mkdir(parents=True)
    nan = signer(folder / "a", "สมชาย ใจดี", "จังหวัดน่าน")
    chiang_mai = signer(folder / "b", "สมหญิง ณ เชียงใหม่", "จังหวัดเชียงใหม่")
    stranger = signer(folder / "c", "ผู้ไม่ลงทะเบียน", "จังหวัดตาก")
    pems = (nan.certificate_pem, chiang_mai.certificate_pem)
    for name, pem in zip(("น่าน.pem", "เชียงใหม่.crt"), pems, strict=True):
        (certificates / name).write_bytes(pem)
    first = bundle(inbox / "ภาคเหนือ" / "แบบสำรวจ น่าน 2569.zip", nan, "TH-55")
    bundle(inbox / "ภาคเหนือ" / "แบบสำรวจ เชียงใหม่ ร่าง.zip", chiang_mai, "TH-50", draft=True)
    bundle(inbox / "ตาก.zip", stranger, "TH-63")
    addendum(inbox / "น่าน เพิ่มเติม.zip", first, nan)
    (inbox / "คัดลอกไม่ครบ.zip").write_bytes(first.read_bytes()[:-50])
    (inbox / "ไม่ใช่ชุดส่ง.zip").write_bytes(b"PK nothing of the kind")
    return Parcels(inbox, certificates, first, nan, pems)
