"""What a receiver makes of verified bundles: a workbook, receipts, unpacked folders; and encrypted ones opened."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from bundle.support import NOW
from dgdesk.agency.receipts import Office
from dgdesk.bundle.encryption.age_keys import read_key_file, read_recipients
from dgdesk.bundle.encryption.encrypt import encrypt_file
from dgdesk.bundle.receipt import read_receipt
from dgdesk.bundle.report import BundleProblem, Limits
from dgdesk.bundle.returned import read_return
from dgdesk.bundle.signing.identity import create_identity
from dgdesk.errors import UsageError
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress
from dgdesk.text.messages import load_catalogue
from dgdesk.ui.agency import jobs
from dgdesk.ui.agency.dialogs import DecryptDialog, KeyDialog, ReceiptsDialog
from dgdesk.ui.agency.reception import Reception
from dgdesk.ui.agency.trust import read_trust
from dgdesk.ui.agency.window import AgencyWindow
from dgdesk.ui.identities import new_dialog
from dgdesk.ui.widgets.report_dialog import ReportDialog
from dgdesk.ui.widgets.services import Services
from ui.agency.conftest import Choose
from ui.agency.parcels import Parcels, bundle
from ui.agency.test_inbox import choose_row, entry, files_in, statuses, take_in
from ui.hands import click, press, settle, type_text
from ui.modals import Modals
from ui.whole import broken_texts

WORD = "ช้างเดินผ่านตลาดน้ำ"


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a dialog that asks says when it cannot do it."""
    found: list[str] = []
    monkeypatch.setattr(new_dialog, "tell", lambda texts, message, *_: found.append(message))
    return found


def told(said: list[str]) -> Callable[[QDialog], None]:
    """Read what a report says, its rows too, and close it."""

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ReportDialog) and list(broken_texts(dialog)) == []
        rows = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
        said.append(dialog.said.plain_text())
        said.extend(str(row.data(0, Qt.ItemDataRole.AccessibleTextRole)) for row in rows if row is not None)
        dialog.reject()

    return act


def test_a_workbook_is_made_and_what_was_left_out_is_named_with_the_reason(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, tmp_path: Path, modals: Modals
) -> None:
    take_in(receiving, choose, parcels)
    folder, said = tmp_path / "ตาราง", []
    folder.mkdir()
    modals.then(lambda dialog: click(dialog.buttons[0]), told(said))
    choose("getExistingDirectory", folder)
    click(receiving.buttons.collate)
    assert "ผ่าน 2 ไฟล์ (ในจำนวนนี้เป็นชุดซ้ำ 0) ไม่ผ่าน 3 ไฟล์" in said[0] and len(said) == 4
    assert any("ตาก.zip" in row and "ไม่อยู่ในรายชื่อที่ท่านเชื่อถือ" in row for row in said[1:])
    (path,) = folder.glob("*.xlsx")
    assert "20 พ.ย. 2569" in path.name
    book = openpyxl.load_workbook(path)
    answers = [dict(zip(*rows, strict=True)) for rows in pairs(list(book["answers"].values))]
    # What counts is in the table; that a draft came is in the table of submissions.
    assert {(row["file"], row["province"], row["draft"]) for row in answers} == {
        ("ภาคเหนือ/แบบสำรวจ น่าน 2569.zip", "TH-55", "no")
    }
    assert {row[0] for row in list(book["rejected"].values)[1:]} == {"คัดลอกไม่ครบ.zip", "ตาก.zip", "ไม่ใช่ชุดส่ง.zip"}
    with path.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream))) == 7  # all six files, the addendum too
    assert {one.suffix for one in folder.iterdir()} == {".xlsx", ".csv"}


def pairs(rows: list[tuple[object, ...]]) -> list[tuple[tuple[object, ...], tuple[object, ...]]]:
    return [(rows[0], row) for row in rows[1:]]


def test_a_workbook_that_was_stopped_leaves_nothing(parcels: Parcels, tmp_path: Path) -> None:
    folder = tmp_path / "ตาราง"
    folder.mkdir()
    reception = reception_on(tmp_path / "ทะเบียน.ledger", parcels)

    def word(problem: BundleProblem) -> str:
        return problem.code

    stopped = Progress(lambda *_: stop(), lambda: False)
    with reception.open() as ledger:
        made = jobs.collate_into(folder, "x", ledger, forms=(), word=word, edition=str, every=True, progress=stopped)
    assert made is None and not list(folder.iterdir())


def stop() -> None:
    raise Cancelled


def reception_on(path: Path, parcels: Parcels) -> Reception:
    """A reception on a ledger that has taken the parcels in."""
    reception = Reception(str(path), load_catalogue(), lambda: NOW, read_trust([parcels.certificates])[0])
    reception.open(make=True).close()
    _, reception.view = reception.take_in([parcels.inbox], NO_PROGRESS)
    return reception


def test_without_a_verified_bundle_there_is_no_workbook(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, modals: Modals
) -> None:
    take_in(receiving, choose, parcels, trusted=False)
    said: list[str] = []
    modals.then(lambda dialog: (said.append(dialog.label.plain_text()), dialog.reject()))
    click(receiving.buttons.collate)
    assert "ยังไม่มีชุดข้อมูลแบบสำรวจที่ผ่านการตรวจสอบ" in said[0]


def test_receipts_are_signed_by_the_office_and_can_be_sent_back(
    receiving: AgencyWindow,
    services: Services,
    choose: Choose,
    parcels: Parcels,
    tmp_path: Path,
    modals: Modals,
) -> None:
    office = create_identity(
        services.profile.identity, person="สมศรี", province="สพร.", passphrase=WORD, now=services.clock()
    )
    take_in(receiving, choose, parcels)
    folder, said = tmp_path / "ใบรับ", []
    folder.mkdir()
    receiving.tabs.setCurrentWidget(receiving.received)
    receiving.received.table.selectAll()

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, ReceiptsDialog) and not dialog.go.isEnabled()
        assert dialog.office.text() == "สพร." and list(broken_texts(dialog)) == []
        type_text(dialog.signer.passphrase, WORD)
        dialog.office.selectAll()
        type_text(dialog.office, "สำนักงานพัฒนารัฐบาลดิจิทัล")
        dialog.folder.box.setText(str(folder))
        click(dialog.go)

    modals.then(fill, told(said))
    entry(receiving.buttons.receipts, 0)
    assert "เขียนใบรับแล้ว 2 ไฟล์" in said[0] and len(said) == 1
    names = sorted(one.name for one in folder.iterdir())
    assert [name.split()[0] for name in names] == ["น่าน", "เชียงใหม่"]
    assert all(name.endswith(".receipt.json") for name in names)
    receipts = [read_receipt((folder / name).read_bytes(), [office.certificate]) for name in names]
    assert [(one.province, one.draft) for one in receipts] == [("TH-55", False), ("TH-50", True)]
    assert {one.office for one in receipts} == {"สำนักงานพัฒนารัฐบาลดิจิทัล"}
    digests = {one.bundle.key.digest for one in files_in(receiving) if one.is_bundle and one.bundle}
    assert {one.digest for one in receipts} == digests == receiving.reception.view.overview.answered
    modals.then(lambda dialog: (said.append(dialog.label.plain_text()), dialog.reject()))
    entry(receiving.buttons.receipts, 1)
    assert "ทุกชุดที่ผ่านการตรวจสอบมีใบรับแล้ว" in said[1]


def test_a_receipt_is_of_what_was_checked_and_each_bundle_gets_one(parcels: Parcels, tmp_path: Path) -> None:
    reception = reception_on(tmp_path / "ทะเบียน.ledger", parcels)
    digest = next(
        one.bundle.key.digest for one in reception.view.overview.files if one.place == parcels.nan and one.bundle
    )
    parcels.nan.unlink()
    bundle(parcels.nan, parcels.nan_signer, "TH-55", answer="no")  # another one by now, which nobody has looked at
    given = jobs.Answering(Office(parcels.nan_signer, "สพร."), tmp_path, {digest: "น่าน"}, lambda: NOW)
    with reception.open() as ledger:
        first = jobs.issue(ledger, frozenset({digest}), given, NO_PROGRESS)
        again = jobs.issue(ledger, frozenset({digest}), given, NO_PROGRESS)
    (path,) = first.done
    assert path.name.startswith("น่าน ") and path.name.endswith(".receipt.json") and again.done == ()
    assert read_receipt(path.read_bytes(), [parcels.nan_signer.certificate]).digest == digest


def test_a_file_is_returned_with_a_reason_whatever_it_is(
    receiving: AgencyWindow,
    services: Services,
    choose: Choose,
    parcels: Parcels,
    tmp_path: Path,
    modals: Modals,
) -> None:
    office = create_identity(
        services.profile.identity, person="สมศรี", province="สพร.", passphrase=WORD, now=services.clock()
    )
    take_in(receiving, choose, parcels)
    choose_row(receiving, "คัดลอกไม่ครบ.zip")
    said: list[str] = []

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, ReceiptsDialog) and list(broken_texts(dialog)) == []
        type_text(dialog.signer.passphrase, WORD)
        assert not dialog.go.isEnabled()
        type_text(dialog.reason, "ไฟล์ขาดตอนท้าย โปรดส่งใหม่")
        click(dialog.go)

    modals.then(fill, told(said))
    entry(receiving.buttons.receipts, 2)
    assert "เขียนการส่งคืนแล้ว 1 ไฟล์ ข้างไฟล์ที่ได้รับ" in said[0]
    written = parcels.inbox / "คัดลอกไม่ครบ.zip.receipt"
    found = read_return(written.read_bytes(), [office.certificate])
    assert found.reason == "ไฟล์ขาดตอนท้าย โปรดส่งใหม่" and found.file == "คัดลอกไม่ครบ.zip"


def test_a_verified_bundle_is_unpacked_all_or_nothing(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, tmp_path: Path, modals: Modals
) -> None:
    take_in(receiving, choose, parcels)
    folder, said = tmp_path / "แตก", []
    folder.mkdir()
    choose("getExistingDirectory", folder)
    choose_row(receiving, "ตาก.zip")
    assert not receiving.buttons.extract.isEnabled()
    choose_row(receiving, parcels.nan.name)
    modals.then(told(said))
    click(receiving.buttons.extract)
    (bag,) = folder.iterdir()
    assert str(bag) in said[0] and (bag / "data" / "submission.json").is_file()
    modals.then(lambda dialog: (said.append(dialog.label.plain_text()), dialog.reject()))
    click(receiving.buttons.extract)
    assert "มีโฟลเดอร์" in said[1]
    parcels.nan.write_bytes(parcels.nan.read_bytes()[:-1])
    bag.rename(folder / "เก่า")
    modals.then(lambda dialog: (said.append(dialog.label.plain_text()), dialog.reject()))
    click(receiving.buttons.extract)
    assert "ไม่ได้แตกไฟล์ใด" in said[2] and [one.name for one in folder.iterdir()] == ["เก่า"]
    assert statuses(receiving)[parcels.nan.name] == "refused"


def test_a_key_pair_is_made_and_what_it_was_encrypted_with_is_opened_and_checked(
    receiving: AgencyWindow,
    choose: Choose,
    parcels: Parcels,
    tmp_path: Path,
    modals: Modals,
    refusals: list[str],
    quick_age: None,
) -> None:
    key, said = tmp_path / "กุญแจลับ.txt", []

    def make(dialog: QDialog) -> None:
        assert isinstance(dialog, KeyDialog) and list(broken_texts(dialog)) == []
        choose("getSaveFileName", key)
        click(dialog.key.button)
        type_text(dialog.passphrase, WORD)
        type_text(dialog.again, WORD)
        click(dialog.go)

    modals.then(make, lambda dialog: (said.append(dialog.label.plain_text()), dialog.reject()))
    entry(receiving.buttons.sealed, 1)
    public = tmp_path / "กุญแจสาธารณะ กุญแจลับ.pub"
    assert str(key) in said[0] and str(public) in said[0]
    assert b"AGE-SECRET-KEY" not in key.read_bytes()
    with pytest.raises(UsageError, match=r"sealed\.key_wrong_passphrase"):
        read_key_file(key.read_bytes(), "ผิด")
    recipients = read_recipients(public.read_text())

    sealed = tmp_path / "เข้ารหัส"
    sealed.mkdir()
    encrypt_file(parcels.nan, sealed / "น่าน.zip.age", recipients)
    (sealed / "ไม่ใช่.zip.age").write_bytes(b"age-encryption.org/v1\nnothing")
    opened = tmp_path / "ถอดแล้ว"
    opened.mkdir()

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, DecryptDialog) and list(broken_texts(dialog)) == []
        dialog.key.box.setText(str(key))
        dialog.folder.box.setText(str(opened))
        type_text(dialog.passphrase, "ผิด")
        click(dialog.go)
        assert dialog.outcome is None and "รหัสผ่านนี้เปิดไฟล์กุญแจลับ" in refusals[-1]
        dialog.passphrase.setText(WORD)
        click(dialog.go)

    choose("getExistingDirectory", parcels.certificates)
    entry(receiving.buttons.trust, 1)
    choose("getExistingDirectory", sealed)
    modals.then(lambda dialog: click(dialog.buttons[0]), fill, told(said))
    click(receiving.buttons.add_folder)
    assert "ถอดรหัสแล้ว 1 ไฟล์" in said[-2] and "ไม่ใช่.zip.age" in said[-1]
    assert statuses(receiving) == {"น่าน.zip.age": "verified", "ไม่ใช่.zip.age": "refused"}
    assert [one.name for one in opened.iterdir()] == ["น่าน.zip"]
    settle(QApplication.instance())
    press(receiving.received.table, Qt.Key.Key_End)
    assert receiving.received.table.current is not None


def test_passphrases_that_differ_make_no_key(
    receiving: AgencyWindow, tmp_path: Path, modals: Modals, refusals: list[str]
) -> None:
    key = tmp_path / "key.txt"

    def make(dialog: QDialog) -> None:
        assert isinstance(dialog, KeyDialog)
        dialog.key.box.setText(str(key))
        dialog.passphrase.setText("ก")
        dialog.again.setText("ข")
        click(dialog.go)
        dialog.reject()

    modals.then(make)
    entry(receiving.buttons.sealed, 1)
    assert "ไม่ตรงกัน" in refusals[0] and not key.exists()


def test_eighty_bundles_and_more_stand_in_the_table(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, tmp_path: Path
) -> None:
    folder = tmp_path / "แปดสิบ"
    folder.mkdir()
    content = parcels.nan.read_bytes()
    for number in range(80):
        (folder / f"{number:02}.zip").write_bytes(content if number % 8 else content[:-3])
    choose("getExistingDirectory", parcels.certificates)
    entry(receiving.buttons.trust, 1)
    choose("getExistingDirectory", folder)
    click(receiving.buttons.add_folder)
    counts = receiving.reception.view.file_counts
    assert (counts["all"], counts["good"], counts["bad"]) == (80, 70, 10)
    assert len(choose_row(receiving, "01.zip")) < 5000
    assert Limits().problems == 100
