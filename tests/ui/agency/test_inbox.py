"""The agency inbox: received files are listed, verified and reported; nothing is verified without trust."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QPushButton

from bundle.authority import make_authority
from bundle.hostile import cases
from bundle.support import NOW, export
from dgdesk.agency.overview import FileLine
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.ui.agency.statuses import FILTERS, file_status
from dgdesk.ui.agency.trust import Trust, remembered
from dgdesk.ui.agency.window import AgencyWindow
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.widgets.services import Services
from ui.agency.conftest import Choose
from ui.agency.parcels import Parcels, bundle, signer
from ui.hands import click, press, settle
from ui.modals import Modals, until
from ui.whole import broken_texts


def statuses(window: AgencyWindow) -> dict[str, str]:
    return {one.place.name: file_status(one) for one in files_in(window)}


def files_in(window: AgencyWindow) -> list[FileLine]:
    return [row.of for row in window.reception.view.files]


def take_in(window: AgencyWindow, choose: Choose, parcels: Parcels, *, trusted: bool = True) -> None:
    """Choose certificates, then the folder of bundles, as a person does."""
    if trusted:
        choose("getExistingDirectory", parcels.certificates)
        entry(window.buttons.trust, 1)
    choose("getExistingDirectory", parcels.inbox)
    click(window.buttons.add_folder)


def entry(button: QPushButton, number: int) -> None:
    menu = button.menu()
    assert menu is not None
    menu.actions()[number].trigger()


def choose_row(window: AgencyWindow, file: str) -> str:
    window.tabs.setCurrentWidget(window.received)
    rows = window.received.table.listed.rows
    window.received.table.go_to_row(next(at for at, row in enumerate(rows) if row.of.place.name == file))
    settle(QApplication.instance())
    pane = window.pane
    return "\n".join(part.plain_text() for part in (pane.verdict, pane.details, pane.technical))


def test_the_inbox_is_reached_from_the_start_page_without_a_draft(desk: MainController, modals: Modals) -> None:
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage)

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, AgencyWindow) and desk.draft is None
        assert "ลากไฟล์หรือโฟลเดอร์" in dialog.pane.verdict.plain_text()
        dialog.reject()

    modals.then(look)
    desk.actions["receive"].trigger()
    assert modals.seen == ["AgencyWindow"] and desk.actions["receive"].isEnabled()


def test_closing_the_desk_loses_nothing_that_was_checked(
    desk: MainController, choose: Choose, parcels: Parcels, modals: Modals
) -> None:
    found: list[dict[str, str]] = []

    def work_on(dialog: QDialog) -> None:
        assert isinstance(dialog, AgencyWindow)
        if not found:
            take_in(dialog, choose, parcels)
        found.append(statuses(dialog))
        press(dialog.received.table, Qt.Key.Key_Escape)

    modals.then(work_on)
    desk.actions["receive"].trigger()
    modals.then(work_on)
    desk.actions["receive"].trigger()
    assert found[0] == found[1] and found[0][parcels.nan.name] == "verified"


def test_without_trust_nothing_is_verified_and_it_is_said_why(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels
) -> None:
    take_in(receiving, choose, parcels, trusted=False)
    found = statuses(receiving)
    assert len(found) == 6 and not {"verified", "draft", "tied"} & set(found.values())
    assert found["แบบสำรวจ น่าน 2569.zip"] == found["น่าน เพิ่มเติม.zip"] == "unchecked"
    assert "ยังไม่ทราบว่าผู้ใดลงนามจริง" in receiving.trust_said.plain_text()
    receiving.tabs.setCurrentIndex(0)
    assert "“ไฟล์ที่ได้รับ”" in receiving.pane.verdict.plain_text()  # the empty list says why, and where to look
    said = choose_row(receiving, "แบบสำรวจ น่าน 2569.zip")
    assert "ยังไม่ทราบว่าผู้ใดลงนามจริง" in said and "ยังไม่มีเหตุให้เชื่อถือผู้ลงนาม" in said
    assert [one.isEnabled() for one in receiving.buttons.receipts.menu().actions()] == [False, False, True]
    assert not receiving.buttons.extract.isEnabled()


def test_with_the_enrolled_certificates_every_file_has_its_verdict(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels
) -> None:
    take_in(receiving, choose, parcels)
    assert statuses(receiving) == {
        "คัดลอกไม่ครบ.zip": "refused",
        "ตาก.zip": "stranger",
        "น่าน เพิ่มเติม.zip": "tied",
        "แบบสำรวจ เชียงใหม่ ร่าง.zip": "draft",
        "แบบสำรวจ น่าน 2569.zip": "verified",
        "ไม่ใช่ชุดส่ง.zip": "refused",
    }
    assert "ใบรับรองที่ลงทะเบียน 2 ใบ" in receiving.trust_said.plain_text()
    assert "ผ่าน 2 · ฉบับร่าง 1 · ยังยืนยันไม่ได้ 0 · ไม่ผ่าน 3" in receiving.said.plain_text()
    said = choose_row(receiving, "แบบสำรวจ น่าน 2569.zip")
    for words in (
        "ลงนามโดยผู้ที่ระบุ",
        "ผู้ตอบแบบสำรวจ: น่าน",
        "สถานะ: ฉบับส่ง",
        "ครบถ้วน: 5 ไฟล์",
        "ผู้ลงนาม: สมชาย ใจดี (จังหวัดน่าน)",
        "ใบรับรองที่สร้างในเครื่องของผู้ลงนาม (ECDSA secp256r1)",
        "เชื่อถือได้เพราะใบรับรองนี้ลงทะเบียนไว้",
        "20 พ.ย. 2569",
    ):
        assert words in said
    assert "ฉบับร่าง (DRAFT)" in choose_row(receiving, "แบบสำรวจ เชียงใหม่ ร่าง.zip")
    assert "ในตารางนี้คือไฟล์: แบบสำรวจ น่าน 2569.zip" in choose_row(receiving, "น่าน เพิ่มเติม.zip")
    assert "ขาดตอนท้าย" in choose_row(receiving, "คัดลอกไม่ครบ.zip")
    assert list(broken_texts(receiving)) == []


def test_the_table_is_filtered_and_sorted_and_says_all_in_words(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels
) -> None:
    take_in(receiving, choose, parcels)
    receiving.resize(1240, 690)
    receiving.tabs.setCurrentWidget(receiving.received)
    settle(QApplication.instance())
    boxes, rows = receiving.received.controls, receiving.received.table.listed
    counts = {one: boxes.wanted_box.itemText(at) for at, one in enumerate(FILTERS)}
    assert counts["good"].endswith("(2)") and counts["bad"].endswith("(3)") and counts["doubt"].endswith("(0)")
    pick(boxes.wanted_box, "bad")
    assert {file_status(row.of) for row in rows.rows} == {"stranger", "refused"}
    pick(boxes.wanted_box, "doubt")
    assert not rows.rows and "ไม่มีรายการตามที่เลือก" in receiving.pane.verdict.plain_text()
    pick(boxes.wanted_box, "all")
    names = [row.cells["respondent"] for row in rows.rows]
    assert names == ["เชียงใหม่", "ตาก", "น่าน", "น่าน", "", ""]  # เ comes after its ช
    receiving.received.table.sort_wanted.emit("problems")
    assert [row.cells["problems"] for row in rows.rows] == ["0", "0", "0", "1", "1", "1"]
    receiving.received.table.sort_wanted.emit("problems")
    assert [row.cells["problems"] for row in rows.rows] == ["1", "1", "1", "0", "0", "0"]
    said = rows.data(rows.index(5, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "ผลการตรวจ ผ่าน" in said and "ปัญหา 0" in said and "ไฟล์" in said


def pick(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))


def test_no_verdict_outlives_the_trust_under_which_it_was_found(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels
) -> None:
    take_in(receiving, choose, parcels)
    assert statuses(receiving)["แบบสำรวจ น่าน 2569.zip"] == "verified"
    choose("getOpenFileNames", [parcels.certificates / "เชียงใหม่.crt"])
    entry(receiving.buttons.trust, 0)
    assert statuses(receiving)["แบบสำรวจ น่าน 2569.zip"] == "stranger"
    assert statuses(receiving)["น่าน เพิ่มเติม.zip"] == "stranger"
    entry(receiving.buttons.trust, 2)
    assert statuses(receiving)["แบบสำรวจ เชียงใหม่ ร่าง.zip"] == "unchecked_draft"


def test_an_addendum_stays_untied_until_its_bundle_is_here(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, modals: Modals
) -> None:
    choose("getExistingDirectory", parcels.certificates)
    entry(receiving.buttons.trust, 1)
    choose("getOpenFileNames", [parcels.inbox / "น่าน เพิ่มเติม.zip"])
    click(receiving.buttons.add_files)
    assert statuses(receiving) == {"น่าน เพิ่มเติม.zip": "untied"}
    assert "ยังไม่พบชุดข้อมูลแบบสำรวจ" in choose_row(receiving, "น่าน เพิ่มเติม.zip")
    choose("getOpenFileNames", [parcels.nan])
    click(receiving.buttons.add_files)
    assert statuses(receiving)["น่าน เพิ่มเติม.zip"] == "tied"
    choose_row(receiving, parcels.nan.name)
    modals.then(lambda dialog: click(dialog.buttons[0]))
    click(receiving.buttons.remove)
    assert parcels.nan.exists()
    assert statuses(receiving) == {"น่าน เพิ่มเติม.zip": "untied"}


def test_a_ca_is_trusted_for_those_below_it(receiving: AgencyWindow, choose: Choose, tmp_path: Path) -> None:
    authority = make_authority("ec", NOW)
    person = read_pkcs12(authority.pkcs12("รหัส"), "รหัส", NOW)
    export(tmp_path / "น่าน.zip", person)
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    choose("getOpenFileNames", [tmp_path / "root.pem"])
    entry(receiving.buttons.trust, 0)
    assert "(CA) 1 ราย: root" in receiving.trust_said.plain_text()
    choose("getOpenFileNames", [tmp_path / "น่าน.zip"])
    click(receiving.buttons.add_files)
    said = choose_row(receiving, "น่าน.zip")
    assert statuses(receiving) == {"น่าน.zip": "verified"}
    assert "ใบรับรองจากผู้ให้บริการออกใบรับรอง (CA) (ECDSA secp256r1)" in said and "ออกโดย" in said


def test_who_is_trusted_is_known_the_next_day_as_they_were_chosen(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, desk: MainController, services: Services
) -> None:
    kept = services.profile.trusted
    choose("getExistingDirectory", parcels.certificates)
    entry(receiving.buttons.trust, 1)
    said = receiving.trust_said.plain_text()
    assert receiving.reception.trust.signers and kept.read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
    shutil.rmtree(parcels.certificates)
    tomorrow = AgencyWindow(services, desk.window)
    assert tomorrow.trust_said.plain_text() == said
    assert sorted(tomorrow.reception.trust.signers) == sorted(receiving.reception.trust.signers)
    tomorrow.deleteLater()
    entry(receiving.buttons.trust, 2)
    assert not kept.exists() and remembered(kept) == Trust()


def test_who_may_sign_for_whom_is_kept_too_and_the_unbound_is_told(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, services: Services, tmp_path: Path
) -> None:
    take_in(receiving, choose, parcels)
    said = choose_row(receiving, "แบบสำรวจ น่าน 2569.zip")
    assert "ยังไม่มีรายการใดระบุ" not in said and "ยังไม่ระบุ" not in receiving.trust_said.plain_text()
    choose("getOpenFileNames", [parcels.certificates / "น่าน.pem"])
    entry(receiving.buttons.trust, 0)
    assert statuses(receiving)["แบบสำรวจ น่าน 2569.zip"] == "verified"
    assert "ยังไม่มีรายการใดระบุ" in choose_row(receiving, "แบบสำรวจ น่าน 2569.zip")
    assert "ยังไม่ระบุ" in receiving.trust_said.plain_text()
    table = tmp_path / "รายการ.csv"
    table.write_text(f"respondent,certificate\nเชียงใหม่,{parcels.certificates / 'น่าน.pem'}\n", encoding="utf-8-sig")
    choose("getOpenFileNames", [table])
    entry(receiving.buttons.trust, 0)
    assert statuses(receiving)["แบบสำรวจ น่าน 2569.zip"] == "refused"
    assert "ลงนามให้ TH-50 เชียงใหม่ เท่านั้น" in choose_row(receiving, "แบบสำรวจ น่าน 2569.zip")
    assert remembered(services.profile.trusted).listed == receiving.reception.trust.listed


def test_certificates_that_were_kept_and_do_not_read_are_trusted_by_nobody(services: Services) -> None:
    kept = services.profile.trusted
    kept.parent.mkdir(parents=True, exist_ok=True)
    for content in (b"", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", b"\xff" * 99):
        kept.write_bytes(content)
        assert remembered(kept) == Trust()


def test_that_nothing_could_be_kept_is_said(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, services: Services, modals: Modals
) -> None:
    services.profile.root.parent.mkdir(parents=True, exist_ok=True)
    services.profile.trusted.mkdir(parents=True)
    said: list[str] = []
    modals.then(lambda dialog: (said.append(dialog.label.plain_text()), dialog.reject()))
    choose("getExistingDirectory", parcels.certificates)
    entry(receiving.buttons.trust, 1)
    assert "บันทึกไว้ใช้ครั้งต่อไปไม่ได้" in said[0] and receiving.reception.trust.signers


def test_files_that_are_no_certificates_are_named_and_not_trusted(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, modals: Modals
) -> None:
    (parcels.certificates / "เสีย.pem").write_text("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n")

    def look(dialog: QDialog) -> None:
        assert "ใช้ใบรับรองได้ 2 ใบ" in dialog.said.plain_text()
        assert dialog.tree.topLevelItemCount() == 1
        dialog.reject()

    modals.then(look)
    choose("getExistingDirectory", parcels.certificates)
    entry(receiving.buttons.trust, 1)
    assert len(receiving.reception.trust.pems) == 2


def test_what_is_dropped_is_taken_in_and_what_is_no_bundle_is_named(
    receiving: AgencyWindow, parcels: Parcels, modals: Modals, tmp_path: Path
) -> None:
    other = tmp_path / "อ่านฉัน.txt"
    other.write_text("x")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(one)) for one in (parcels.nan, parcels.inbox / "ตาก.zip", other)])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

    def look(dialog: QDialog) -> None:
        assert "อ่านฉัน.txt" in dialog.label.plain_text()
        dialog.reject()

    modals.then(look)
    receiving.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, buttons, keys))
    until(lambda: modals.done() and len(files_in(receiving)) == 2)
    assert set(statuses(receiving).values()) == {"unchecked"}


def test_hostile_archives_are_refused_with_their_reasons_and_the_window_lives_on(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, tmp_path: Path
) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    good = export(tmp_path / "good.zip", parcels.nan_signer).path.read_bytes()
    stranger: Identity = signer(tmp_path / "stranger", "สมชาย ใจดี", "จังหวัดน่าน")
    wanted = list(cases(good, parcels.nan_signer, stranger))[::4]
    for number, case in enumerate(wanted):
        (folder / f"{number:02}.zip").write_bytes(case.content)
    choose("getExistingDirectory", parcels.certificates)
    entry(receiving.buttons.trust, 1)
    choose("getExistingDirectory", folder)
    click(receiving.buttons.add_folder)
    assert len(files_in(receiving)) == len(wanted) >= 15
    for one, case in zip(files_in(receiving), wanted, strict=True):
        assert file_status(one) in ("stranger", "refused", "unread") and one.problems, case.name
        assert choose_row(receiving, one.place.name).count("•") >= 1, case.name
    press(receiving.received.table, Qt.Key.Key_Home)
    settle(QApplication.instance())
    assert receiving.received.table.current is not None and list(broken_texts(receiving)) == []


def test_the_same_bundle_twice_and_two_of_one_province_are_told(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels
) -> None:
    shutil.copy(parcels.nan, parcels.inbox / "น่าน สำเนา.zip")
    bundle(parcels.inbox / "น่าน แก้ไข.zip", parcels.nan_signer, "TH-55", answer="no")
    take_in(receiving, choose, parcels)
    said = choose_row(receiving, "น่าน สำเนา.zip")
    assert "เป็นชุดเดียวกันกับ แบบสำรวจ น่าน 2569.zip" in said and "อีกชุดคือ น่าน แก้ไข.zip" in said
    assert "ต้องเลือกชุดที่ใช้" in said
    said = choose_row(receiving, "น่าน แก้ไข.zip")
    assert "เป็นชุดเดียวกัน" not in said and "ส่งมามากกว่าหนึ่งชุด" in said
    assert "มากกว่าหนึ่งชุด" not in choose_row(receiving, "แบบสำรวจ เชียงใหม่ ร่าง.zip")


def test_a_file_that_went_away_is_told_and_the_others_are_checked(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels
) -> None:
    choose("getOpenFileNames", [parcels.inbox / "หายไป.zip", parcels.nan])
    click(receiving.buttons.add_files)
    assert statuses(receiving) == {"หายไป.zip": "unread", parcels.nan.name: "unchecked"}
    assert "เปิดไฟล์ไม่ได้" in choose_row(receiving, "หายไป.zip")


def test_what_is_no_bundle_has_a_line_and_what_systems_leave_is_counted(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels
) -> None:
    for name in (".DS_Store", "._ตาก.zip", "บันทึก.docx", "ชุดใหม่.zip.part"):
        (parcels.inbox / name).write_bytes(b"x")
    arriving = parcels.inbox / "มาช้า.zip"
    arriving.touch()
    half = parcels.inbox / "มาช้า.zip.crdownload"
    half.write_bytes(b"PK")
    (parcels.inbox / "ลิงก์.zip").symlink_to(parcels.nan)
    take_in(receiving, choose, parcels)
    found = statuses(receiving)
    assert {name: found[name] for name in ("บันทึก.docx", "ชุดใหม่.zip.part", "มาช้า.zip", "ลิงก์.zip")} == {
        "บันทึก.docx": "foreign",
        "ชุดใหม่.zip.part": "arriving",
        "มาช้า.zip": "arriving",
        "ลิงก์.zip": "link",
    }
    there = sum(1 for path in parcels.inbox.rglob("*") if not path.is_dir())
    assert len(files_in(receiving)) + receiving.reception.view.overview.litter == there
    counts = receiving.reception.view.file_counts
    assert counts["all"] == sum(count for one, count in counts.items() if one not in ("all", "attention")) == there - 2
    assert "ไฟล์อื่น 1" in receiving.said.plain_text() and "ไฟล์ของระบบอีก 2" in receiving.said.plain_text()
    assert "ไม่ได้ตรวจสอบ" in choose_row(receiving, "บันทึก.docx")
    half.unlink()
    arriving.write_bytes(parcels.nan.read_bytes())
    click(receiving.buttons.check)
    assert statuses(receiving)["มาช้า.zip"] == "verified"


def test_an_empty_folder_is_said(receiving: AgencyWindow, choose: Choose, tmp_path: Path, modals: Modals) -> None:
    folder = tmp_path / "ว่าง"
    folder.mkdir()

    def look(dialog: QDialog) -> None:
        assert "ไม่มีไฟล์ใดในโฟลเดอร์" in dialog.label.plain_text()
        dialog.reject()

    modals.then(look)
    choose("getExistingDirectory", folder)
    click(receiving.buttons.add_folder)
    assert not files_in(receiving)


@pytest.mark.parametrize("many", [False, True])
def test_the_report_is_copied_and_saved(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, tmp_path: Path, many: bool
) -> None:
    take_in(receiving, choose, parcels)
    choose_row(receiving, parcels.nan.name)
    if many:
        receiving.received.table.selectAll()
        assert "เลือกไว้ 6 รายการ" in receiving.pane.verdict.plain_text()
    entry(receiving.buttons.report, 0)
    copied = QGuiApplication.clipboard().text()
    assert copied.count("ไฟล์: ") >= (6 if many else 1) and "\u200b" not in copied
    assert "เชื่อถือใบรับรองที่ลงทะเบียน 2 ใบ" in copied and "20 พ.ย. 2569 09:30 น." not in copied.split("\n")[0]
    choose("getSaveFileName", tmp_path / "รายงาน")
    entry(receiving.buttons.report, 1)
    assert (tmp_path / "รายงาน.txt").read_text(encoding="utf-8-sig") == copied
    assert "รายงาน.txt" in receiving.said.plain_text()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="such names cannot be made there")
def test_names_that_no_text_can_hold_are_shown_and_harm_nothing(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, tmp_path: Path
) -> None:
    folder = tmp_path / "ชื่อแปลก"
    folder.mkdir()
    content = parcels.nan.read_bytes()
    for name in (b"\xff\xfe.zip", "กลับ\u202egpj.zip".encode(), b"line\nbreak.zip"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(content)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xfe cut.zip")).write_bytes(content[:-1])
    choose("getExistingDirectory", parcels.certificates)
    entry(receiving.buttons.trust, 1)
    choose("getExistingDirectory", folder)
    receiving.commands.add([folder])
    assert sorted(statuses(receiving).values()) == ["refused", "verified", "verified", "verified"]
    receiving.tabs.setCurrentWidget(receiving.received)
    receiving.received.table.selectAll()
    entry(receiving.buttons.report, 0)
    copied = QGuiApplication.clipboard().text()
    assert "\\u{202e}" in copied and "\u202e" not in copied and "\\u{a}" in copied
    assert list(broken_texts(receiving)) == []
