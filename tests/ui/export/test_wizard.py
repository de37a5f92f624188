"""From the window to a signed bundle: ready or a draft, who signs, where to, what came out, and what may go wrong."""

from __future__ import annotations

import errno
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from dgdesk.bundle.archive.zip_write import ZipWriter
from dgdesk.bundle.encryption.age_keys import make_key
from dgdesk.bundle.encryption.encrypt import decrypt_file
from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.ui.export import folder_page
from dgdesk.ui.export.choices import MOST_ON_FAT, Remembered
from dgdesk.ui.export.done_page import DonePage, Exported
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.services import Services
from ui.export.acts import PASSPHRASE, export_to, sign_with, sign_without
from ui.export.conftest import MakeWizard
from ui.hands import click, editor, press, settle, type_text
from ui.modals import Modals, until
from ui.whole import broken_texts


def left_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_ready_survey_goes_out_signed_and_the_last_page_says_all_about_it(
    full: Workspace,
    services: Services,
    thai_path: Path,
    make_wizard: MakeWizard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wizard = make_wizard()
    assert "พร้อมส่งอย่างเป็นทางการ" in wizard.ready_page.state.plain_text()
    assert wizard.ready_page.as_draft.isHidden() and "ยังไม่เคยส่งออก" in wizard.ready_page.since.plain_text()
    click(wizard.next)
    new = wizard.signer_page.picker.new
    assert not wizard.next.isEnabled() and "20 พ.ย. 2569" in wizard.signer_page.time.plain_text()
    type_text(new.first, "dek-kamnan")
    type_text(new.again, "dek-kamnon")
    click(wizard.next)
    assert wizard.stage == "signer" and "ไม่ตรงกัน" in wizard.fault.plain_text()
    assert not services.profile.identity.exists()
    new.again.setText("dek-kamnan")
    assert wizard.fault.isHidden()
    click(wizard.next)
    target = thai_path / "ส่ง สพร.zip"
    export_to(wizard, target)
    assert wizard.stage == "done" and wizard.made is not None
    report, page = wizard.made.report, wizard.done_page
    assert str(target) in page.file.plain_text() and "สมศรี" in page.signer.plain_text()
    assert report.digest in page.digest.plain_text().replace(" ", "") and report.digest[:8] + " " in (
        page.digest.plain_text()
    )
    assert "อ่านไฟล์กลับมาทั้งหมด" in page.proved.plain_text() and "ครบถ้วน" in page.verdict.plain_text()
    assert [one.plain_text()[:3] for one in page.steps] == ["1. ", "2. ", "3. ", "4. ", "5. ", "6. "]
    certificate = services.profile.identity / "signer.pem"
    checked = verify_bundle(target, trusted=[certificate.read_bytes()])
    assert checked.ok and checked.draft is False and checked.digest == report.digest
    assert [line.record["digest"] for line in full.bridge.draft.package.register()] == [report.digest]
    assert not page.copy_digest.isVisible()
    click(page.digest.button)
    click(page.copy_digest)
    assert QGuiApplication.clipboard().text() == report.digest
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    click(page.save_certificate)  # cancelled
    assert page.register.isHidden()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(thai_path / "ไม่มี" / "s.pem"), ""))
    told: list[str] = []
    monkeypatch.setattr("dgdesk.ui.widgets.saving.tell", lambda _, text, *more: told.append(text))
    click(page.save_certificate)
    assert "ไม่มีโฟลเดอร์" in told[0] and page.register.isHidden()
    copy = thai_path.parent / "s.pem"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(copy), ""))
    monkeypatch.setattr("dgdesk.ui.widgets.saving.ask", lambda *_, **__: 0)  # the second time it is replaced
    for _ in range(2):
        click(page.save_certificate)
    assert copy.read_bytes() == certificate.read_bytes()
    led: list[bool] = []
    wizard.register_wanted.connect(lambda: led.append(True))
    click(page.copy_path)
    assert QGuiApplication.clipboard().text() == str(target)
    assert left_in(thai_path) == ["ส่ง สพร.signoff.pdf", "ส่ง สพร.zip"]
    assert list(broken_texts(wizard)) == []
    click(page.open_register)
    assert led == [True] and not wizard.isVisible()


def test_a_survey_that_is_not_ready_goes_out_only_as_a_draft_on_the_persons_word(
    full: Workspace, services: Services, thai_path: Path, make_wizard: MakeWizard
) -> None:
    full.bridge.answer("g4", None)
    wizard = make_wizard()
    page = wizard.ready_page
    assert "ยังไม่พร้อมส่ง มี 1 รายการ" in page.state.plain_text() and "ไม่ถือว่าได้ส่งแบบสำรวจแล้ว" in page.means.plain_text()
    assert not wizard.next.isEnabled()
    wizard.go_on()
    assert wizard.stage == "ready" and "ยังไม่พร้อมส่ง" in wizard.fault.plain_text()
    click(page.as_draft)
    sign_without(wizard)
    export_to(wizard, thai_path / "ร่าง")
    assert "ฉบับร่าง" in wizard.done_page.verdict.plain_text() and wizard.made is not None and wizard.made.draft
    assert wizard.done_page.send.isHidden()
    assert "ส่งออกอีกครั้งเพื่อส่งอย่างเป็นทางการ" in wizard.done_page.steps[1].plain_text()
    assert verify_bundle(thai_path / "ร่าง.zip", trusted=None).draft is True


def test_a_line_of_the_list_leaves_the_wizard_and_leads_to_the_question(
    desk: MainController, full: Workspace, make_wizard: MakeWizard
) -> None:
    full.bridge.answer("g4", None)
    wizard = make_wizard()
    wizard.wanted.connect(full.go_to)
    tree = wizard.ready_page.list.tree
    (_, group), *others = wizard.ready_page.list.groups()
    assert others == []
    tree.setFocus()
    tree.setCurrentItem(group.child(0))
    press(tree, Qt.Key.Key_Return)
    settle(QApplication.instance())
    assert not wizard.isVisible() and wizard.stage == "ready" and full.page == "g.page3"
    assert full.window().focusWidget() is editor(full, "g4").buttons["no"]


def test_what_was_changed_since_the_last_export_is_told_first(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    export_to(wizard, thai_path / "แรก.zip")
    assert "ไม่มีการแก้ไขหลังจากนั้น" in make_wizard().ready_page.since.plain_text()
    full.bridge.answer("general.first_name", "น้ำฝน")
    told = make_wizard().ready_page.since.plain_text()
    assert "แรก.zip" in told and "แก้ไข 1 ครั้ง" in told and "20 พ.ย. 2569" in told


def test_a_correction_says_what_it_replaces_and_what_differs_and_asks_why(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard
) -> None:
    wizard = make_wizard()
    assert wizard.ready_page.correction.isHidden()
    sign_with(wizard)
    export_to(wizard, thai_path / "แรก.zip")
    full.bridge.answer("general.first_name", "น้ำฝน")
    wizard = make_wizard()
    asked = wizard.ready_page.correction
    assert "ชุดที่ 2" in asked.said.plain_text() and "20 พ.ย. 2569" in asked.said.plain_text()
    assert "น้ำฝน" in asked.different.plain_text() and not wizard.next.isEnabled()
    click(asked.never_sent)  # nothing left this office: it is the first again
    assert asked.asks.isHidden() and wizard.next.isEnabled()
    click(asked.never_sent)
    type_text(asked.reason, "พิมพ์ชื่อผิด")
    sign_with(wizard)
    export_to(wizard, thai_path / "แก้ไข.zip")
    assert wizard.stage == "done"
    found = verify_bundle(thai_path / "แก้ไข.zip", trusted=[signer.certificate_pem])
    assert (found.revision, found.reason) == (2, "พิมพ์ชื่อผิด")
    assert found.supersedes == full.bridge.draft.package.register()[0].record["digest"]


def test_an_encrypted_bundle_opens_with_the_agencys_key_alone(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard
) -> None:
    secret, public = make_key()
    keys = thai_path / "กุญแจ สพร.txt"
    keys.write_text(f"# สพร.\n{public}\n", encoding="utf-8")
    wizard = make_wizard()
    sign_with(wizard)
    place = wizard.place_page
    assert not place.recipients.isVisible()
    click(place.sealed)
    assert (
        place.recipients.isVisible()
        and place.path.text().endswith("เชียงใหม่-2568.zip.age")
        and not wizard.next.isEnabled()
    )
    place.recipients.setText(str(thai_path / "ไม่มี.txt"))
    click(wizard.next)
    assert "ไม่มี.txt" in wizard.fault.plain_text() and wizard.stage == "signer"
    keys.write_text(secret)
    place.recipients.setText(str(keys))
    click(wizard.next)
    assert "กุญแจลับ" in wizard.fault.plain_text() and secret not in wizard.fault.plain_text()
    keys.write_text(f"# สพร.\n{public}\n", encoding="utf-8")
    target = thai_path / "ส่ง.zip.age"
    export_to(wizard, target)
    assert wizard.stage == "done" and wizard.made is not None, wizard.work_page.state.plain_text()
    assert "(1 ราย)" in wizard.done_page.file.plain_text() and "ถอดรหัสได้" in wizard.done_page.proved.plain_text()
    inside = thai_path / "เปิด.zip"
    decrypt_file(target, inside, [secret])
    checked = verify_bundle(inside, trusted=[signer.certificate_pem])
    assert checked.ok and checked.digest == wizard.made.report.digest
    assert "ส่ง.zip" not in left_in(thai_path)
    assert wizard.remembered == Remembered(str(thai_path), str(keys))
    again = make_wizard(wizard.remembered)
    sign_with(again)
    assert again.place_page.recipients.text() == str(keys) and again.place_page.plain.isChecked()
    assert again.place_page.path.text() == str(thai_path / "เชียงใหม่-2568.zip")


def test_a_wrong_passphrase_is_told_on_the_page_and_typed_anew(
    full: Workspace, signer: Identity, make_wizard: MakeWizard
) -> None:
    wizard = make_wizard()
    sign_with(wizard, "น้ำใจ abd")
    click(wizard.next)
    assert wizard.stage == "signer" and "รหัสผ่านไม่ถูกต้อง" in wizard.fault.plain_text()
    box = wizard.signer_page.picker.passphrase
    assert wizard.focusWidget() is box and box.hasSelectedText()
    type_text(box, PASSPHRASE)
    assert wizard.fault.isHidden()
    press(box, Qt.Key.Key_Return)
    until(lambda: not wizard.busy)
    assert wizard.stage == "done" and wizard.made is not None
    assert wizard.made.report.path.name == "เชียงใหม่-2568.zip"


def test_a_signer_who_was_opened_stays_open_until_another_is_chosen(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    wizard.place_page.path.setText(str(thai_path / "ไม่มี" / "ส่ง.zip"))
    click(wizard.next)
    assert wizard.stage == "signer" and wizard.signer_page.picker.passphrase.text() == ""
    assert wizard.signer_page.identity is not None and wizard.next.isEnabled()
    click(wizard.back)
    click(wizard.next)
    assert wizard.signer_page.identity is not None
    who = wizard.signer_page.picker.who
    who.setCurrentIndex(who.count() - 1)  # a new one
    assert wizard.signer_page.identity is None and not wizard.next.isEnabled()


def test_a_later_export_asks_signer_and_place_on_one_page_and_takes_no_name_twice(
    full: Workspace, signer: Identity, make_wizard: MakeWizard
) -> None:
    names = []
    for _ in range(2):
        wizard = make_wizard()
        assert wizard.asked == ("ready", "signer", "work") and "3" in wizard.head.plain_text()
        sign_with(wizard)
        assert wizard.place_page.path.isVisible()
        click(wizard.next)
        until(lambda wizard=wizard: not wizard.busy)
        assert wizard.stage == "done" and wizard.made is not None, wizard.fault.plain_text()
        names.append(wizard.made.report.path.name)
    assert names == ["เชียงใหม่-2568.zip", "เชียงใหม่-2568 (2).zip"]


def test_the_suggested_name_of_a_draft_says_so_until_another_is_typed(
    full: Workspace, signer: Identity, make_wizard: MakeWizard
) -> None:
    full.bridge.answer("g4", None)
    wizard = make_wizard()
    click(wizard.ready_page.as_draft)
    click(wizard.next)
    assert wizard.place_page.path.text().endswith("เชียงใหม่-ฉบับร่าง.zip") and "ฉบับร่าง" in wizard.next.text()
    wizard.place_page.path.setText("ของฉัน")
    click(wizard.back)
    click(wizard.next)
    assert wizard.place_page.path.text() == "ของฉัน"


def test_stopped_in_the_middle_nothing_is_left_and_it_can_be_begun_anew(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    finish = ZipWriter.finish
    wrote: list[list[str]] = []

    def stop(self: ZipWriter) -> None:
        """All is written, nothing read back yet."""
        finish(self)
        wrote.append(left_in(thai_path))
        wizard._exporting.stop()

    monkeypatch.setattr(ZipWriter, "finish", stop)
    export_to(wizard, thai_path / "ส่ง.zip")
    (left,) = wrote
    assert [re.sub("[0-9a-f]{8}", "", name) for name in left] == [".dgdesk-.part"] and left_in(thai_path) == []
    assert wizard.stage == "work" and "ยกเลิกการส่งออกแล้ว" in wizard.work_page.state.plain_text()
    assert "หยุดส่งออกแล้ว" in wizard.head.plain_text()
    assert wizard.work_page.at in ("writing", "reading") and full.bridge.draft.package.register() == ()
    monkeypatch.setattr(ZipWriter, "finish", finish)
    click(wizard.next)
    until(lambda: not wizard.busy)
    assert wizard.stage == "done" and "ส่ง.zip" in left_in(thai_path)


def test_while_it_is_at_work_closing_means_stopping(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    wizard.place_page.path.setText(str(thai_path / "ส่ง.zip"))
    click(wizard.next)
    assert wizard.busy and not wizard.back.isVisible() and not wizard.next.isVisible()
    assert "หยุดการส่งออก" in wizard.leave.text()
    wizard.close()
    assert wizard.isVisible() and not wizard.leave.isEnabled()
    assert "กำลังหยุด" in wizard.work_page.state.plain_text()
    until(lambda: not wizard.busy)
    assert wizard.stage == "work" and left_in(thai_path) == []
    click(wizard.leave)
    assert not wizard.isVisible()


def test_a_full_disk_is_told_in_words_and_another_place_tried(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    finish = ZipWriter.finish

    def fail(self: ZipWriter) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(ZipWriter, "finish", fail)
    export_to(wizard, thai_path / "ส่ง.zip")
    assert wizard.stage == "work" and "ที่ว่างไม่พอ" in wizard.work_page.state.plain_text()
    assert left_in(thai_path) == []
    monkeypatch.setattr(ZipWriter, "finish", finish)
    click(wizard.back)
    assert wizard.stage == "signer" and wizard.place_page.path.text() == str(thai_path / "ส่ง.zip")
    other = thai_path / "ที่อื่น"
    other.mkdir()
    export_to(wizard, other / "ส่ง.zip")
    assert wizard.stage == "done" and left_in(other) == ["ส่ง.signoff.pdf", "ส่ง.zip"]


def test_after_what_nobody_expected_the_wizard_can_still_be_used(
    full: Workspace,
    signer: Identity,
    thai_path: Path,
    make_wizard: MakeWizard,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    finish = ZipWriter.finish

    def fail(self: ZipWriter) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(ZipWriter, "finish", fail)
    with qtbot.capture_exceptions() as raised:
        export_to(wizard, thai_path / "ส่ง.zip")
        settle(QApplication.instance())
    assert [str(one[1]) for one in raised] == ["a mistake of ours"]
    assert wizard.stage == "work" and "ข้อผิดพลาดของโปรแกรม" in wizard.work_page.state.plain_text()
    monkeypatch.setattr(ZipWriter, "finish", finish)
    click(wizard.next)
    until(lambda: not wizard.busy)
    assert wizard.stage == "done"


def test_a_place_that_cannot_be_is_told_before_anything_is_made(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    for typed, words in (
        (str(thai_path / "ไม่มี" / "ส่ง.zip"), "ไม่พบโฟลเดอร์"),
        (f"{thai_path / 'ไม่มี'}/", "ชื่อไฟล์ที่ใช้ได้"),
        ("   ไม่มี/..", "ชื่อไฟล์ที่ใช้ได้"),
    ):
        wizard.place_page.path.setText(typed)
        wizard.go_on()
        assert wizard.stage == "signer" and words in wizard.fault.plain_text(), typed
    (thai_path / "โฟลเดอร์.zip").mkdir()
    wizard.place_page.path.setText(str(thai_path / "โฟลเดอร์"))
    wizard.go_on()
    assert wizard.stage == "signer" and "เป็นชื่อของโฟลเดอร์" in wizard.fault.plain_text()
    wizard.place_page.path.clear()
    assert not wizard.next.isEnabled()


@pytest.mark.parametrize("ending", ["", "/", "/.", "/ย่อย/.."])
def test_a_folder_gets_the_suggested_name_and_is_looked_at_first(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard, ending: str
) -> None:
    (thai_path / "ย่อย").mkdir()
    (thai_path / "เชียงใหม่-2568.zip").touch()
    wizard = make_wizard()
    sign_with(wizard)
    wizard.place_page.path.setText(f"{thai_path}{ending}")
    wizard.go_on()
    name = wizard.place_page.path.text()
    assert wizard.stage == "signer" and "ที่ระบุไว้คือโฟลเดอร์" in wizard.fault.plain_text()
    assert Path(name).parent == thai_path and Path(name).name.startswith("เชียงใหม่-2568") and not Path(name).exists()
    assert wizard.place_page.path.hasFocus() or wizard.signer_page.picker.passphrase.hasFocus()
    wizard.go_on()
    until(lambda: not wizard.busy)
    assert wizard.stage == "done" and Path(name).stat().st_size > 0


def test_a_file_that_is_there_goes_only_when_the_person_says_so(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = thai_path / "ส่ง.zip"
    with zipfile.ZipFile(target, "w") as older:
        older.writestr("2568-TH-50/bag-info.txt", b"an older bundle")
    old = target.read_bytes()
    asked: list[str] = []
    answers = [1, 0]
    monkeypatch.setattr(folder_page, "ask", lambda texts, words, *_, **__: asked.append(words) or answers.pop(0))
    wizard = make_wizard()
    sign_with(wizard)
    wizard.place_page.path.setText(str(target))
    click(wizard.next)
    assert wizard.stage == "signer" and "ไฟล์เดิม “ส่ง.zip” ยังอยู่" in wizard.fault.plain_text()
    assert target.read_bytes() == old and "ส่ง.zip" in asked[0]
    notes = thai_path / "บันทึก.zip"
    notes.write_bytes(b"my notes")
    wizard.place_page.path.setText(str(notes))
    click(wizard.next)
    assert wizard.stage == "signer" and "ไม่ใช่ไฟล์ชนิดที่จะเขียน" in wizard.fault.plain_text() and len(asked) == 1
    export_to(wizard, target)
    assert wizard.stage == "done" and len(asked) == 2 and verify_bundle(target, trusted=[signer.certificate_pem]).ok


def test_the_system_dialogs_fill_in_place_and_keys(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    place = wizard.place_page
    chosen = ["", str(thai_path / "ก")]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (chosen.pop(0), ""))
    before = place.path.text()
    click(place.browse)
    assert place.path.text() == before
    click(place.browse)
    assert place.path.text() == str(thai_path / "ก.zip") and "MB" in place.space.plain_text()
    click(place.sealed)
    assert place.path.text() == str(thai_path / "ก.zip.age")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(thai_path / "k.txt"), ""))
    click(place.find_keys)
    assert place.recipients.text() == str(thai_path / "k.txt")


def test_little_space_and_an_old_stick_are_warned_of(
    full: Workspace, signer: Identity, make_wizard: MakeWizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_page, "_space_at", lambda folder: (1 << 20, "FAT32"))
    monkeypatch.setattr(folder_page, "space_needed", lambda evidence: MOST_ON_FAT + 1)
    wizard = make_wizard()
    sign_with(wizard)
    words = wizard.place_page.space.plain_text()
    settle(QApplication.instance())
    assert "4.0 GB" in words and "1 MB" in words and "FAT32" in words
    assert wizard.place_page.space.objectName() == "warning" and list(broken_texts(wizard)) == []


def test_a_clock_that_goes_wrong_is_doubted(
    full: Workspace, services: Services, make_wizard: MakeWizard, thai_path: Path
) -> None:
    now = services.clock()
    create_identity(services.profile.identity, person="สมศรี", province="น่าน", passphrase=None, now=now)
    slow = replace(services, clock=lambda: now - timedelta(days=400))
    wizard = make_wizard(with_services=slow)
    click(wizard.next)
    warned = wizard.signer_page.warning.plain_text()
    assert "วันและเวลาของเครื่องอาจย้อนหลัง" in warned and "ใบรับรอง" in warned
    settle(QApplication.instance())
    assert list(broken_texts(wizard)) == []
    fast = make_wizard(with_services=replace(services, clock=lambda: now + timedelta(days=900)))
    click(fast.next)
    assert "ซึ่งนานกว่าสองปี" in fast.signer_page.warning.plain_text()
    right = make_wizard()
    click(right.next)
    assert right.signer_page.warning.isHidden()


def test_under_a_clock_that_cannot_be_right_nothing_is_signed_unless_the_person_says_so(
    full: Workspace, services: Services, make_wizard: MakeWizard, modals: Modals, qtbot: QtBot
) -> None:
    lost = replace(services, clock=lambda: datetime(2001, 1, 1, tzinfo=UTC))
    create_identity(services.profile.identity, person="สมศรี", province="น่าน", passphrase=None, now=lost.clock())
    wizard = make_wizard(with_services=lost)
    click(wizard.next)
    assert wizard.stage == "signer"
    modals.then(lambda message: click(message.buttons[1]))
    click(wizard.next)
    assert modals.done() and wizard.stage == "signer" and wizard.signer_page.identity is None
    assert "โปรดตั้งวันและเวลาของเครื่อง" in wizard.fault.plain_text()
    modals.then(lambda message: click(message.buttons[0]))
    click(wizard.next)
    assert modals.done()
    qtbot.waitUntil(lambda: wizard.stage == "done", timeout=20_000)


def test_a_survey_that_may_only_be_read_is_exported_and_not_registered(
    desk: MainController,
    full_draft: Path,
    signer: Identity,
    thai_path: Path,
    make_wizard: MakeWizard,
    services: Services,
) -> None:
    import shutil

    from dgdesk.draft.drafts import open_draft

    mine = thai_path / "อ่าน.dgdesk"
    shutil.copy(full_draft, mine)
    desk.opening.take(lambda: open_draft(mine, clock=services.clock, who="x", read_only=True))
    assert desk.workspace is not None and desk.workspace.bridge.read_only
    before = mine.read_bytes()
    wizard = make_wizard()
    sign_with(wizard)
    target = thai_path / "ส่ง.zip"
    export_to(wizard, target)
    assert wizard.stage == "done" and verify_bundle(target, trusted=[signer.certificate_pem]).ok
    page = wizard.done_page
    assert "อ่านอย่างเดียว" in page.register.plain_text() and len(page.steps) == 4
    assert desk.workspace.bridge.draft.package.register() == () and mine.read_bytes() == before


def test_files_without_a_marked_copy_are_named(
    full: Workspace, services: Services, signer: Identity, make_wizard: MakeWizard
) -> None:
    flaws = tuple(BundleProblem("marking.password", {"name": f"คำสั่งลับ {number}.pdf"}) for number in range(7))
    report = ExportReport(Path("ส่ง.zip"), "a" * 64, "b" * 64, 1, unmarked=flaws)
    made = Exported(report, signer, None, services.clock(), draft=False, receivers=0, registered=True)
    page = DonePage(services, made, full)
    page.resize(700, 900)
    page.show()
    settle(QApplication.instance())
    shown = page.unmarked.plain_text()
    assert "คำสั่งลับ 4.pdf" in shown and "มีรหัสผ่าน" in shown and "คำสั่งลับ 5.pdf" not in shown
    assert "และอีก 2 ไฟล์" in shown and list(broken_texts(page)) == []
    assert page.sheet_print.isHidden() and not page.sheet.isVisible()
    page.close()
    page.deleteLater()


def test_the_last_page_leads_to_sending_unless_it_is_a_draft(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    export_to(wizard, thai_path / "ส่ง.zip")
    assert wizard.made is not None and not wizard.done_page.send.isHidden()
    wanted: list[tuple[str, str]] = []
    wizard.send_wanted.connect(lambda digest, name: wanted.append((digest, name)))
    click(wizard.done_page.send)
    assert wanted == [(wizard.made.report.digest, "ส่ง.zip")] and not wizard.isVisible()


def test_the_folder_is_shown_or_it_is_said_that_it_cannot_be(
    full: Workspace, signer: Identity, thai_path: Path, make_wizard: MakeWizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = make_wizard()
    sign_with(wizard)
    export_to(wizard, thai_path / "ส่ง.zip")
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: bool(opened.append(url.toLocalFile())) or not opened[1:]
    )
    page = wizard.done_page
    click(page.show_file)
    assert [Path(one) for one in opened] == [thai_path] and page.register.isHidden()
    click(page.show_file)
    assert str(thai_path) in page.register.plain_text()


def test_by_the_menu_and_what_was_chosen_is_remembered_for_the_next_time(
    desk: MainController, full: Workspace, signer: Identity, thai_path: Path
) -> None:
    from PySide6.QtCore import QTimer

    from dgdesk.ui.export.wizard import ExportWizard

    def go() -> None:
        wizard = QApplication.activeModalWidget()
        assert isinstance(wizard, ExportWizard)
        try:
            sign_with(wizard)
            export_to(wizard, thai_path / "ส่ง.zip")
        finally:
            wizard.reject()

    QTimer.singleShot(0, desk.window, go)
    desk.actions["export"].trigger()
    assert desk.settings.now.export_folder == str(thai_path) and (thai_path / "ส่ง.zip").exists()
