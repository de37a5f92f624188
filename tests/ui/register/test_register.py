"""The register of exports: what was exported, what came back, what is refused and why, and the addendum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from dgdesk.bundle.addendum import verify_addendum
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import open_draft
from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer
from dgdesk.ui.register import dialog as register_dialog
from dgdesk.ui.register.dialog import RegisterDialog
from dgdesk.ui.register.receipt_dialog import ReceiptDialog
from dgdesk.ui.register.scans import AddendumDialog
from dgdesk.ui.shell.controller import MainController
from ui.attach import drop, files_of
from ui.hands import click, settle
from ui.modals import until
from ui.register.conftest import World
from ui.whole import broken_texts

Open = Callable[[], RegisterDialog]


def rows(dialog: RegisterDialog) -> list[str]:
    return [str(row.data(0, Qt.ItemDataRole.AccessibleTextRole)) for row in dialog.tree.rows()]


def plain(text: str) -> str:
    return text.replace(" ", "")


def enter(dialog: RegisterDialog, receipt: Path, certificate: Path | None) -> ReceiptDialog:
    """Enter a receipt through its dialog; return it as it is when the check has ended."""
    click(dialog.receipt)
    asked = dialog.findChildren(ReceiptDialog)[-1]
    asked.receipt.setText(str(receipt))
    asked.certificates.setText(str(certificate) if certificate else "")
    click(asked.go)
    until(lambda: not asked.at_work)
    return asked


# -- what is shown ---------------------------------------------------------------------------------------------------


def test_a_draft_that_was_never_exported_says_what_will_stand_here(register: Open) -> None:
    dialog = register()
    assert rows(dialog) == [] and "ยังไม่เคยส่งออก" in dialog.said.plain_text()
    assert not any(one.isEnabled() for one in (dialog.copy, dialog.receipt, dialog.scan, dialog.addendum, dialog.save))


def test_every_export_stands_there_newest_first_with_who_when_and_digests(world: World, register: Open) -> None:
    first = world.export()
    world.workspace.bridge.answer("general.province", "TH-50")
    second = world.export("เชียงใหม่.zip")
    dialog = register()
    newest, oldest = rows(dialog)
    assert "เชียงใหม่.zip" in newest and "น่าน.zip" in oldest
    assert "20 พ.ย. 2569" in newest and "ฉบับร่าง" in newest and "สมศรี" in newest
    facts = plain(dialog.technical.plain_text())
    assert second.digest in facts and second.answers_digest in facts
    assert world.signer.fingerprint.upper() in facts
    dialog.tree.setCurrentItem(dialog.tree.rows()[1])
    assert first.digest in plain(dialog.technical.plain_text())
    click(dialog.copy)
    assert QGuiApplication.clipboard().text() == first.digest


def test_a_signer_who_is_not_on_this_pc_is_told_by_the_fingerprint(world: World, register: Open) -> None:
    world.signer = world.stranger
    world.export()
    dialog = register()
    short = world.stranger.fingerprint[:8].upper()
    assert f"ใบรับรอง {short[:4]} {short[4:]}" in rows(dialog)[0]
    assert "ผู้ลงนาม:" not in dialog.facts.plain_text()


def test_the_menu_opens_it_when_a_draft_is_open(
    world: World, desk: MainController, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[RegisterDialog] = []
    monkeypatch.setattr(RegisterDialog, "exec", lambda dialog: seen.append(dialog))
    desk.actions["register"].trigger()
    assert len(seen) == 1
    world.workspace.bridge.jobs.run("น้ำ", lambda *_: None, lambda _: None, lambda _: None)
    assert not desk.actions["register"].isEnabled()
    world.rest()
    assert desk.actions["register"].isEnabled()
    desk.close_draft()
    assert not desk.actions["register"].isEnabled()


# -- receipts --------------------------------------------------------------------------------------------------------


def test_a_receipt_of_the_office_shows_at_once_and_can_be_taken_out_again(
    world: World, register: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = world.export()
    receipt, certificate = world.receipt(report), world.certificate()
    dialog = register()
    asked = enter(dialog, receipt, certificate)
    assert asked.entered is not None  # and it has closed
    assert "นำเข้าใบรับจาก สำนักงานพัฒนารัฐบาลดิจิทัล แล้ว" in dialog.outcome.plain_text()
    assert len(rows(dialog)) == 2 and "สำนักงานพัฒนารัฐบาลดิจิทัล" in rows(dialog)[1]
    assert "ใบรับ 1 ฉบับ" in rows(dialog)[0]
    assert dialog.tree.currentItem() is dialog.tree.rows()[1]
    target = world.folder / "ออก.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    click(dialog.save)
    world.rest()
    assert target.read_bytes() == receipt.read_bytes() and str(target) in dialog.outcome.plain_text()
    # the certificate is remembered: the next one needs a drop only
    settle(QApplication.instance())
    world.workspace.bridge.answer("general.province", "TH-50")
    again = world.receipt(world.export("สอง.zip"), name="s.json")
    dialog.fill()
    assert drop(dialog, files_of([again]))
    until(lambda: len(rows(dialog)) == 4)
    # the same one is not entered twice
    assert drop(dialog, files_of([again]))
    until(lambda: "อยู่แล้ว" in dialog.outcome.plain_text())
    assert len(rows(dialog)) == 4


def test_a_receipt_that_does_not_hold_is_refused_with_the_reason(world: World, register: Open) -> None:
    report = world.export()
    good, office = world.receipt(report), world.certificate()
    torn = world.folder / "t.json"
    torn.write_bytes(good.read_bytes()[:-40])
    changed = world.folder / "c.json"
    changed.write_bytes(good.read_bytes().replace("น่าน".encode(), "นาน".encode()))
    foreign = world.receipt(world.foreign(), name="f.json")
    cases = (
        (torn, office, "ใบรับนี้ขาดตอนท้าย"),
        (changed, office, "ใบรับถูกแก้ไข"),
        (world.receipt(report, world.stranger, "s.json"), office, "ไม่ได้ลงนามด้วยใบรับรองของหน่วยงาน"),
        (good, world.certificate(world.stranger), "ไม่ได้ลงนามด้วยใบรับรองของหน่วยงาน"),
        (foreign, office, "ชุดข้อมูลแบบสำรวจอื่น"),
        (good, None, "โปรดเลือกใบรับรองของหน่วยงานผู้รับก่อน"),
        (good, good, "ไม่ใช่ใบรับรอง หรือเสียหาย"),
        (good, world.folder / "no.pem", "เปิดใบรับรอง “no.pem” ไม่ได้"),
        (world.folder / "no.json", office, "เปิดไฟล์ใบรับ “no.json” ไม่ได้"),
        (world.folder, office, "เปิดไฟล์ใบรับ"),
    )
    dialog = register()
    for receipt, certificate, reason in cases:
        asked = enter(dialog, receipt, certificate)
        assert reason in asked.outcome.plain_text() and asked.isVisible(), reason
        assert asked.outcome.objectName() == "error" and list(broken_texts(asked)) == []
        asked.reject()
    assert len(rows(dialog)) == 1 and world.desk.settings.now.office_certificates == ()


def test_several_certificates_may_be_named(world: World, register: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = world.receipt(world.export())
    both = [str(world.certificate(world.stranger)), str(world.certificate())]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(receipt), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (both, ""))
    dialog = register()
    click(dialog.receipt)
    asked = dialog.findChildren(ReceiptDialog)[-1]
    for name in ("receipt_choose", "certificates_choose"):
        click(asked.findChild(type(asked.go), name))
    click(asked.go)
    until(lambda: asked.entered is not None)
    assert world.desk.settings.now.office_certificates == tuple(both)


# -- scans -----------------------------------------------------------------------------------------------------------


def test_scans_are_read_and_told_each_by_itself(world: World, register: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    report = world.export()
    files = [
        world.scan(report.digest),
        world.scan("", "พร่า.png", code=False),
        world.scan("ab" * 32, "ชุดอื่น.png"),
        world.scan(report.digest, "คนอื่น.png", world.stranger),
        world.certificate(),
    ]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in files], ""))
    dialog = register()
    click(dialog.scan)
    assert dialog.at_work and not dialog.scan.isEnabled()
    dialog.reject()  # while it works it asks the work to stop, and stays to tell
    assert dialog.isVisible()
    world.rest()
    dialog.attach(files)
    world.rest()
    settle(QApplication.instance())
    told = dialog.facts.plain_text()
    assert dialog.outcome.objectName() == "error" and "2 จาก 5" in dialog.outcome.plain_text()
    assert "คิวอาร์โค้ดใน “ชุดอื่น.png” เป็นของชุดข้อมูลแบบสำรวจอื่น จึงไม่แนบ" in told
    assert "“คนอื่น.png” ระบุใบรับรองของผู้ลงนามรายอื่น" in told
    assert "“office.pem” ไม่ใช่ไฟล์ PDF JPEG PNG หรือ TIFF" in told
    assert "เก็บ “พร่า.png” ไว้กับรหัสตรวจสอบ" in told and "อ่านคิวอาร์โค้ดไม่ได้" in told
    assert "ใบลงนาม.png" in told
    assert len(rows(dialog)) == 3
    assert any("ใบลงนาม.png · คิวอาร์โค้ดตรงกับชุดข้อมูลนี้" in row for row in rows(dialog))
    assert any("พร่า.png · อ่านคิวอาร์โค้ดไม่ได้" in row for row in rows(dialog))


def test_after_a_mistake_in_its_work_the_dialog_can_be_used_and_closed(
    world: World, register: Open, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(register_dialog, "attach_scans", lambda *_: 1 // 0)
    scan = world.scan(world.export().digest)
    dialog = register()
    with qtbot.capture_exceptions() as seen:
        dialog.attach([scan])
        assert dialog.at_work
        world.rest()
    assert [one[0] for one in seen] == [ZeroDivisionError]
    assert not dialog.at_work and dialog.scan.isEnabled()
    dialog.reject()
    assert not dialog.isVisible()


def test_a_scan_without_a_readable_code_goes_to_the_export_that_is_chosen(world: World, register: Open) -> None:
    first = world.export()
    world.workspace.bridge.answer("general.province", "TH-50")
    world.export("สอง.zip")
    dialog = register()
    dialog.tree.setCurrentItem(dialog.tree.rows()[1])
    assert drop(dialog, files_of([world.scan("", "พร่า.png", code=False)]))
    world.rest()
    assert dialog.outcome.objectName() == "warning"
    assert [entry.digest for entry in dialog.entries if entry.scans] == [first.digest]


def test_a_kept_scan_is_looked_at_and_taken_out(world: World, register: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = world.scan(world.export().digest)
    dialog = register()
    dialog.attach([scan])
    world.rest()
    click(dialog.open_button)
    viewer = next(one for one in QApplication.topLevelWidgets() if isinstance(one, EvidenceViewer))
    until(lambda: viewer.area.cache.held > 0)
    assert "ทะเบียนการส่งออก" in viewer.panel._hint.plain_text()
    viewer.close()
    target = world.folder / "no such folder" / "x.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    told: list[str] = []
    monkeypatch.setattr("dgdesk.ui.widgets.saving.tell", lambda _, text, *more: told.append(text))
    click(dialog.save)
    world.rest()
    assert "ไม่มีโฟลเดอร์" in told[0]
    target = world.folder / "x.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    click(dialog.save)
    world.rest()
    assert target.read_bytes() == scan.read_bytes() and not list(world.folder.glob("*.part"))


def test_receipts_and_scans_are_not_dropped_together(world: World, register: Open) -> None:
    report = world.export()
    dialog = register()
    assert drop(dialog, files_of([world.receipt(report), world.scan(report.digest)]))
    assert "แยกต่างหาก" in dialog.outcome.plain_text() and len(rows(dialog)) == 1


# -- the addendum ----------------------------------------------------------------------------------------------------


def test_the_scans_go_out_as_an_addendum_signed_by_the_same_person(
    world: World, register: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = world.export()
    dialog = register()
    assert not dialog.addendum.isEnabled()
    dialog.attach([world.scan(report.digest)])
    world.rest()
    click(dialog.addendum)
    asked = dialog.findChildren(AddendumDialog)[-1]
    assert asked.signer.card is not None and asked.signer.card.fingerprint == world.signer.fingerprint
    target = world.folder / "เพิ่มเติม"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    click(asked.go)
    until(lambda: asked.verdict is not None)
    settle(QApplication.instance())
    target = target.with_suffix(".zip")
    trusted = [world.signer.certificate_pem]
    bundle = verify_bundle(report.path, trusted=trusted)
    verdict = verify_addendum(target, trusted=trusted, bundle=bundle)
    told = asked.outcome.plain_text()
    assert verdict.ok and str(verdict.digest) in plain(told) and report.digest in plain(told)
    assert str(target) in told and "อ่านกลับมาตรวจสอบแล้ว" in told
    click(asked.copy)
    assert QGuiApplication.clipboard().text() == verdict.digest
    assert list(broken_texts(asked)) == []
    asked.reject()


def test_nobody_else_makes_the_addendum(world: World, register: Open) -> None:
    world.signer, known = world.stranger, world.signer
    report = world.export()
    dialog = register()
    dialog.attach([world.scan(report.digest)])
    world.rest()
    click(dialog.addendum)
    asked = dialog.findChildren(AddendumDialog)[-1]
    assert asked.signer.card is not None and asked.signer.card.fingerprint == known.fingerprint
    assert "โปรดเลือกผู้ลงนามรายเดิม" in asked.other.plain_text() and not asked.go.isEnabled()
    asked.reject()


# -- read only -------------------------------------------------------------------------------------------------------


def test_a_draft_that_is_only_read_is_shown_and_not_added_to(
    world: World, desk: MainController, register: Open
) -> None:
    report = world.export()
    dialog = register()
    dialog.attach([world.scan(report.digest)])
    world.rest()
    dialog.close()
    path, clock = world.draft.path, desk.services.clock
    desk.close_draft()
    desk.opening.take(lambda: open_draft(path, clock=clock, who="x", read_only=True))
    assert desk.workspace is not None and desk.workspace.bridge.read_only
    world = replace(world, workspace=desk.workspace)
    shown = world.register()
    assert len(rows(shown)) == 2
    shown.tree.setCurrentItem(shown.tree.rows()[1])
    assert shown.save.isEnabled() and shown.open_button.isEnabled() and shown.copy.isEnabled()
    assert not any(one.isEnabled() for one in (shown.receipt, shown.scan, shown.addendum))
    assert not drop(shown, files_of([world.scan(report.digest)]))
    shown.close()
    shown.deleteLater()
