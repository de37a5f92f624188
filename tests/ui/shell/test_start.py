"""The start page, the name of the person at work, and coming back to where one was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import new_draft, open_draft
from dgdesk.draft.recent import read_recent
from dgdesk.system.settings import FILE, Recent, SettingsFile, load_settings
from dgdesk.text.deadlines import deadline_words
from dgdesk.ui.shell import recent_list
from dgdesk.ui.shell.app import furnish
from dgdesk.ui.shell.bundle_dialog import CheckDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.hero_card import steps_words
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.recent_list import draft_name
from dgdesk.ui.shell.settings_dialog import NameDialog
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.services import Services
from security.hostile_files import beside, naming_journal
from ui.hands import click, press, settle, type_text
from ui.modals import Modals
from ui.whole import broken_texts


def start_page(desk: MainController) -> StartPage:
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage)
    return page


def saved(services: Services):
    return load_settings(services.profile.root / FILE)


def test_a_survey_begins_with_province_address_and_coordinator(
    desk: MainController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = start_page(desk)
    page.respondent.setCurrentText("น่าน")
    type_text(page.address, "ศาลากลางจังหวัดน่าน")
    type_text(page.first_name, "สมชาย")
    type_text(page.last_name, "ใจดี")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "น่าน"), ""))
    click(page.new_button)
    assert desk.workspace is not None
    bridge = desk.workspace.bridge
    assert bridge.value("general.address") == "ศาลากลางจังหวัดน่าน"
    assert (bridge.value("general.first_name"), bridge.value("general.last_name")) == ("สมชาย", "ใจดี")
    assert bridge.undo() and bridge.value("general.last_name") is None


def test_recent_drafts_are_listed_with_what_is_known_of_them(
    desk: MainController, workspace: Workspace, path: Path, qtbot: QtBot
) -> None:
    workspace.bridge.answer("general.address", "ศาลากลาง")
    desk.close_draft()
    page = start_page(desk)
    row = page.recents.rows[str(path.resolve())]
    assert row.title.plain_text() == f"น่าน – {path.stem}"
    figures = "คะแนนประมาณการ: มีหลักฐานแล้ว 0.00 · ตามคำตอบ 0.00 · ช่วงคะแนนที่เป็นไปได้ ตั้งแต่ 0.00 ถึง 100.00"
    assert "กรอกแล้ว" in row.line.plain_text() and figures in row.line.plain_text()
    assert "20 พ.ย. 2569" in row.line.plain_text()
    assert page.hero is not None and page.hero is row, "one card for each draft"
    assert not list(broken_texts(desk.window))
    click(row.open_button)
    assert desk.workspace is not None and desk.workspace.bridge.draft.path == path.resolve()


def test_a_missing_draft_is_grey_and_can_be_taken_off_the_list(
    desk: MainController, workspace: Workspace, path: Path, services: Services, qtbot: QtBot
) -> None:
    desk.let_go(closed=True)
    path.unlink()
    desk.show_start()
    page = start_page(desk)
    row = page.recents.rows[str(path.resolve())]
    qtbot.waitUntil(lambda: row.missing)
    assert not row.open_button.isEnabled() and "ไม่พบไฟล์" in row.line.plain_text()
    click(row.remove_button)
    assert saved(services).recents == ()


def test_a_draft_changed_by_somebody_else_is_read_again(
    desk: MainController, workspace: Workspace, path: Path, services: Services, qtbot: QtBot
) -> None:
    desk.let_go(closed=True)
    with open_draft(path, clock=services.clock, who="อื่น") as draft:
        draft.session.answer("general.province", "TH-50")
    desk.show_start()
    row = start_page(desk).recents.rows[str(path.resolve())]
    qtbot.waitUntil(lambda: row.title.plain_text().startswith("เชียงใหม่"), timeout=20_000)
    qtbot.waitUntil(lambda: saved(services).recents[0].respondent == "เชียงใหม่")
    assert start_page(desk).recents.reader.wait(10)


def test_a_journal_beside_a_recent_draft_removes_no_file_and_is_told_when_it_is_opened(
    desk: MainController,
    workspace: Workspace,
    path: Path,
    services: Services,
    modals: Modals,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only to stand in the start page's list was enough to lose a file."""
    victim = tmp_path / "victim.docx"
    victim.write_text("my own work", encoding="utf-8")
    desk.let_go(closed=True)
    with open_draft(path, clock=services.clock, who="อื่น") as draft:
        draft.session.answer("general.province", "TH-50")
    beside(path, "-journal").write_bytes(naming_journal(path, victim))
    read: list[object] = []
    monkeypatch.setattr(recent_list, "read_recent", lambda *about: read.append(read_recent(*about)))
    desk.show_start()
    qtbot.waitUntil(lambda: len(read) == 1, timeout=20_000)
    assert victim.exists() and beside(path, "-journal").exists()

    def told(dialog: object) -> None:
        assert isinstance(dialog, MessageDialog)
        assert beside(path, "-journal.set-aside").name in dialog.label.plain_text().replace("\u200b", "")
        dialog.buttons[0].click()

    modals.then(told)
    desk.open(path)
    assert modals.done() and desk.draft is None
    desk.open(path)
    assert desk.draft is not None and desk.draft.respondent_name == "เชียงใหม่" and victim.exists()


def test_the_window_opens_where_it_was_left(
    desk: MainController, workspace: Workspace, path: Path, services: Services, qapp: QApplication
) -> None:
    workspace.open_page("p1.page1")
    settle(qapp)
    assert saved(services).recents[0].page == "p1.page1", "at once: the program may be killed"
    assert saved(services).open_draft == str(path.resolve())
    desk.workspace.splitter.setSizes([300, 700, 366])
    desk.window.resize(1300, 740)
    settle(qapp)
    sizes = workspace.splitter.sizes()
    desk.window.close()
    kept = SettingsFile(services.profile.root / FILE)
    again = MainWindow(kept.now)
    room = qapp.primaryScreen().availableSize()
    assert again.width() == min(1300, room.width())
    again.resize(1300, 740)
    second = furnish(qapp, again, services, kept)
    again.show()
    page = start_page(second)
    assert page.go_on_button is not None and again.focusWidget() is page.go_on_button
    click(page.go_on_button)
    settle(qapp)
    assert second.workspace is not None
    assert second.workspace.page == "p1.page1"
    assert second.workspace.splitter.sizes() == sizes
    second.workspace.page_view.parts.drop()
    again.close()
    again.deleteLater()


KILLED = """
import sys
from PySide6.QtCore import QTimer
from dgdesk.ui.shell import app
furnish = app.furnish
def furnished(*what):
    desk = furnish(*what)
    def work():
        desk.workspace.bridge.answer("general.address", "ศาลากลาง")
        desk.workspace.open_page("g.page2")
        QTimer.singleShot(200, lambda: print("ready", flush=True))
    QTimer.singleShot(100, work)
    return desk
app.furnish = furnished
app.run(sys.argv[1:], who="สมศรี")
"""


def test_after_a_kill_the_draft_opens_at_its_page_with_nothing_lost(
    path: Path, services: Services, qapp: QApplication, desk: MainController
) -> None:
    new_draft(path, clock=services.clock, who="สมศรี", respondent="TH-55").close()
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DGDESK_HOME": str(services.profile.root)}
    variables["PYTHONPATH"] = os.pathsep.join(each for each in sys.path if each)
    variables["PYTHONIOENCODING"] = "utf-8"
    with subprocess.Popen([sys.executable, "-c", KILLED, str(path)], env=variables, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline().strip() == b"ready"
        run.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    desk.settings.change(load_settings(services.profile.root / FILE))
    desk.show_start()
    page = start_page(desk)
    assert page.go_on_button is not None
    click(page.go_on_button)
    assert desk.workspace is not None and desk.workspace.page == "g.page2"
    assert desk.workspace.bridge.value("general.address") == "ศาลากลาง"


def test_the_name_is_asked_once_and_written_into_the_history(
    desk: MainController, path: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_draft(path, clock=services.clock, who="x", respondent="TH-55").close()
    desk.services = replace(services, who="")
    asked: list[NameDialog] = []

    def answer(dialog: NameDialog) -> int:
        asked.append(dialog)
        assert not dialog.ok.isEnabled()
        type_text(dialog.box, "  สมหญิง  ")
        dialog.ok.click()
        return dialog.result()

    monkeypatch.setattr(NameDialog, "exec", answer)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    desk.opening.choose_draft()
    desk.opening.choose_draft()
    assert len(asked) == 1 and saved(services).who == "สมหญิง"
    assert desk.workspace is not None
    draft = desk.workspace.bridge.draft
    desk.workspace.bridge.answer("general.address", "ก")
    desk.take_name("สมปอง")
    desk.workspace.bridge.answer("general.address", "ข")
    assert [one.who for one in draft.package.history(limit=2)] == ["สมปอง", "สมหญิง"]


def test_who_would_rather_not_say_opens_nothing(
    desk: MainController, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.services = replace(services, who="")
    monkeypatch.setattr(NameDialog, "exec", lambda dialog: 0)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/nowhere.dgdesk", ""))
    desk.opening.choose_draft()
    assert desk.workspace is None


def test_who_holds_a_draft_is_said_with_a_thai_date(
    desk: MainController, path: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("dgdesk.ui.shell.opening.ask", lambda texts, message, *_: said.append(message) or 2)
    with new_draft(path, clock=services.clock, who="สมศรี", respondent="TH-55"):
        desk.open(path)
    assert "สมศรี" in said[0] and "พ.ย. 2569" in said[0] and "2026" not in said[0]


@pytest.fixture(scope="module")
def bundle(full_draft: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    from datetime import UTC, datetime

    from dgdesk.bundle.signing.identity import create_identity
    from dgdesk.submission.export import export_draft

    now = datetime(2026, 11, 20, tzinfo=UTC)
    folder = tmp_path_factory.mktemp("bundle")
    shutil.copy(full_draft, folder / "a.dgdesk")
    identity = create_identity(folder / "identity", person="สมศรี", province="เชียงใหม่", passphrase=None, now=now)
    with open_draft(folder / "a.dgdesk", clock=lambda: now, who="x") as draft:
        export_draft(draft, folder / "ชุดข้อมูล.zip", identity=identity, reason="แก้ไข", claimed_time=now)
    (folder / "signer.pem").write_bytes(identity.certificate_pem)
    return folder / "ชุดข้อมูล.zip", folder / "signer.pem"


def test_a_bundle_is_checked_and_the_report_is_in_words(
    desk: MainController, bundle: tuple[Path, Path], tmp_path: Path
) -> None:
    dialog = CheckDialog(desk.texts, desk.window)
    dialog.show()
    dialog.check()
    assert dialog.verdict.plain_text() == "โปรดเลือกไฟล์ชุดข้อมูลแบบสำรวจก่อน"
    dialog.bundle.setText(str(bundle[0]))
    dialog.check()
    assert "ยังไม่ทราบว่าผู้ใดลงนามจริง" in dialog.verdict.plain_text()
    dialog.certificate.setText(str(bundle[1]))
    dialog.check()
    assert dialog.verdict.plain_text().startswith("ชุดข้อมูลแบบสำรวจถูกต้อง ครบถ้วน"), dialog.details.plain_text()
    assert "เชียงใหม่" in dialog.details.plain_text() and "2569" in dialog.details.plain_text()
    broken = tmp_path / "broken.zip"
    content = bytearray(bundle[0].read_bytes())
    content[len(content) // 2] ^= 1
    broken.write_bytes(content)
    dialog.bundle.setText(str(broken))
    dialog.check()
    assert "ไม่ผ่านการตรวจสอบ" in dialog.verdict.plain_text() and dialog.details.plain_text().startswith("• ")
    dialog.certificate.setText(str(tmp_path / "no.pem"))
    dialog.check()
    assert "เปิดไฟล์ “no.pem” ไม่ได้" in dialog.verdict.plain_text()
    settle(QApplication.instance())
    assert not list(broken_texts(dialog))
    dialog.close()
    dialog.deleteLater()


def test_a_draft_is_named_once_when_its_file_has_the_name_of_its_province() -> None:
    assert draft_name(Recent("/งาน/น่าน.dgdesk", respondent="น่าน")) == "น่าน"
    assert draft_name(Recent("/งาน/ส่ง สพร.dgdesk", respondent="น่าน")) == "น่าน – ส่ง สพร"
    assert draft_name(Recent("/งาน/ยังไม่ทราบ.dgdesk")) == "ยังไม่ทราบ"


def test_how_far_a_draft_is_is_seen_and_said(desk: MainController, workspace: Workspace, path: Path) -> None:
    workspace.bridge.answer("general.address", "ศาลากลาง")
    desk.close_draft()
    row = start_page(desk).recents.rows[str(path.resolve())]
    words = row.line.plain_text()
    assert not row.filled.isHidden() and f"ร้อยละ {row.filled.value()}" in words
    assert row.filled.accessibleName() in words
    _, score, changed = words.split("\n")
    assert score.startswith("คะแนนประมาณการ") and changed.startswith("แก้ไขล่าสุด")


def test_the_card_of_the_last_draft_is_brought_up_to_date_and_stands_only_once(
    desk: MainController, workspace: Workspace, path: Path, services: Services, qtbot: QtBot
) -> None:
    workspace.open_page("p1.page1")
    settle(QApplication.instance())
    desk.let_go(closed=True)
    known = desk.settings.now.recents[0]
    desk.settings.change(desk.settings.now.with_recent(Recent(known.path, page="p1.page1"), first=False))
    desk.show_start()
    page = start_page(desk)
    hero = page.hero
    assert hero is not None and list(page.recents.rows.values()) == [hero]
    assert hero.line.plain_text() == "กำลังอ่าน…" and hero.place.isHidden()
    qtbot.waitUntil(lambda: "แก้ไขล่าสุด" in hero.line.plain_text(), timeout=20_000)
    assert "P1" in hero.place.plain_text() and hero.title.plain_text().startswith("น่าน")
    with open_draft(path, clock=services.clock, who="อื่น") as draft:
        draft.session.answer("general.address", "ศาลากลาง")
    page.recents.read_again()
    qtbot.waitUntil(lambda: hero.filled.value() > 0, timeout=20_000)
    assert page.form.isHidden() and page.unfold.isVisible()
    click(page.unfold)
    assert page.form.isVisible() and page.respondent.isVisible()
    settle(QApplication.instance())
    assert not list(broken_texts(desk.window))


@pytest.mark.parametrize(
    ("closes", "said"),
    [
        ("2026-11-30", "เหลืออีก 10 วัน"),
        ("2026-11-20", "วันสุดท้าย"),
        ("2026-11-18", "เลยกำหนดส่งแล้ว 2 วัน"),
        ("", ""),
        ("พรุ่งนี้", ""),
    ],
)
def test_the_days_to_the_end_of_the_edition(services: Services, closes: str, said: str) -> None:
    words = deadline_words(services.texts.say, closes, date(2026, 11, 20), "th")
    assert said in words and bool(words) == bool(said)


def test_what_is_left_after_an_export_stands_on_the_card_until_the_receipt_has_come(services: Services) -> None:
    known = Recent("/งาน/น่าน.dgdesk", sent="น่าน-2568.zip", steps="print,sign,ไม่มี")
    words = steps_words(known, services.texts)
    assert "น่าน-2568.zip" in words and words.count("☐") == 2 and "พิมพ์" in words
    assert steps_words(Recent("/งาน/น่าน.dgdesk"), services.texts) == ""


def test_a_new_survey_without_a_province_marks_the_box_and_opens_no_dialog(desk: MainController) -> None:
    page = start_page(desk)
    for _ in range(2):
        click(page.new_button)
    assert page.wrong.isVisible() and "จังหวัด" in page.wrong.plain_text() and desk.draft is None
    type_text(page.respondent.box, "น่าน")
    assert not page.wrong.isVisible()


def test_enter_in_the_box_of_the_province_takes_the_first_match(desk: MainController) -> None:
    page = start_page(desk)
    type_text(page.respondent.box, "เชียง")
    press(page.respondent.box, Qt.Key.Key_Return)
    names = [page.respondent.itemText(at) for at in range(page.respondent.count())]
    assert page.respondent.currentText() == next(one for one in names if one.startswith("เชียง"))
    page.respondent.box.clear()
    type_text(page.respondent.box, "ไม่มีจังหวัดนี้")
    press(page.respondent.box, Qt.Key.Key_Return)
    assert page.respondent.currentText() == "ไม่มีจังหวัดนี้"
