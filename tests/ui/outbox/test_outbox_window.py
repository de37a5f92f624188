"""The outbox in the window: a bundle is sent beside the work, waits, goes on, and the office's word is shown."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from cli.conftest import home
from cli.support import done
from dgdesk.system.profile import Profile
from dgdesk.ui.outbox.dialog import OutboxDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.services import Services
from outbox.conftest import Office, office, prepared, server
from outbox.tus_server import Said
from ui.hands import settle

__all__ = ["home", "office", "prepared", "server"]


@pytest.fixture
def services(loaded: Services, office: Office) -> Services:
    from dgdesk.ui.shell.app import now_here

    return replace(loaded, clock=now_here, profile=Profile(office.folder / "profile"))


def until(so: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it never came"
        settle(QApplication.instance())
        time.sleep(0.005)


@pytest.fixture
def shown(desk: MainController) -> Iterator[OutboxDialog]:
    dialog = OutboxDialog(desk.outbox, desk.services, desk.window)
    dialog.show()
    yield dialog
    dialog.close()
    dialog.deleteLater()


def test_without_an_office_the_window_says_how_to_send_by_file(shown: OutboxDialog):
    assert "agency.json" in shown.hint.plain_text() and not shown.add.isEnabled()


def test_a_bundle_is_sent_beside_the_work_and_the_receipt_reaches_the_open_draft(office: Office, desk: MainController):
    office.enrol()
    desk.open(office.draft)
    assert desk.workspace is not None
    review, bar = desk.workspace.review_page, desk.workspace.bar
    office.server.behave = lambda method, path: Said(500) if method == "PATCH" else None
    dialog = OutboxDialog(desk.outbox, desk.services, desk.window)
    dialog.show()
    bundle = desk.outbox.export_of(desk.workspace.since.checklist.digest)
    assert bundle == office.bundle
    desk.outbox.add(bundle)
    until(lambda: desk.outbox.waiting == 1 and 1 in dialog.cards)
    assert not bar.outbox_button.isHidden() and "รอส่ง 1" in bar.outbox_button.text()
    until(lambda: "ขัดข้อง" in dialog.cards[1].log.plain_text() or "ขัดข้อง" in dialog.cards[1].state.plain_text())
    card = dialog.cards[1]
    desk.outbox.pause(1)
    until(lambda: not desk.outbox.sending)
    assert "พักการส่ง" in card.state.plain_text() and not card.send_now.isHidden()
    office.server.behave = lambda method, path: None
    card.send_now.click()
    until(lambda: desk.outbox.entries[0].status == "arrived" and not desk.outbox.sending)
    assert "ส่งถึงแล้ว รอใบรับ" in card.state.plain_text() and "หน่วยงานรับแล้ว" not in card.state.plain_text()
    assert bar.outbox_button.isHidden()
    back = office.folder / "back.json"
    done("receipt", "return", office.bundle, back, "--reason", "ขาดหน้า 3", *office.signed)
    office.server.uploads["/files/1"].receipt = back.read_bytes()
    desk.outbox.go_round()
    until(lambda: desk.outbox.entries[0].entered)
    until(lambda: "ขาดหน้า 3" in review.checklist.returned.plain_text())
    assert "ขาดหน้า 3" in card.state.plain_text() and office.server.complete == [office.bundle.read_bytes()]
    dialog.close()
    dialog.deleteLater()


def test_a_file_that_is_none_of_ours_is_refused_in_the_dialog(
    office: Office, shown: OutboxDialog, desk: MainController
):
    office.enrol()
    stranger = Path(shutil.copyfile(office.folder / "office.pem", office.folder / "x.age"))
    desk.outbox.add(stranger)
    until(lambda: not shown.outcome.isHidden())
    assert "ส่งออก" in shown.outcome.plain_text() and desk.outbox.entries == ()


def test_closing_the_window_ends_the_sending_and_the_next_start_goes_on(office: Office, desk: MainController):
    office.enrol()
    waiting: list[bool] = []

    def slow(method: str, path: str) -> Said | None:
        if method == "PATCH":
            waiting.append(True)
            return Said(503, {"Retry-After": "30"})
        return None

    office.server.behave = slow
    desk.outbox.add(office.bundle)
    until(lambda: bool(waiting))
    began = time.monotonic()
    desk.outbox.end()
    assert time.monotonic() - began < 10 and not desk.outbox.sending
    office.server.behave = lambda method, path: None
    assert done("outbox", "send", "--json").json["entries"][0]["state"] == "arrived"
    assert len(office.server.uploads) == 1


def test_a_bundle_whose_correction_is_in_the_outbox_is_sent_only_after_a_question(
    office: Office, shown: OutboxDialog, desk: MainController, monkeypatch: pytest.MonkeyPatch
):
    office.enrol()
    office.server.behave = lambda method, path: Said(403) if method == "POST" else None
    desk.outbox.add(office.bundle)
    until(lambda: desk.outbox.waiting == 1 and not desk.outbox.sending)
    office.server.behave = lambda method, path: None
    correction = office.folder / "แก้ไข.zip.age"
    done("set", office.draft, "general.first_name", "กาญจนา")
    sealed = ("--encrypt-to", office.folder / "recipients.txt")
    done("export", office.draft, correction, *sealed, "--reason", "ชื่อผู้กรอก")
    desk.outbox.add(correction)
    until(lambda: len(desk.outbox.entries) == 2 and desk.outbox.entries[1].status == "arrived")
    until(lambda: not desk.outbox.sending)
    asked: list[str] = []
    answers = iter([1, 0])
    monkeypatch.setattr(
        "dgdesk.ui.outbox.dialog.ask", lambda texts, message, *_, **more: asked.append(message) or next(answers)
    )
    shown.cards[1].send_now.click()
    assert "แก้ไข.zip.age" in asked[0] and not desk.outbox.sending and len(office.server.complete) == 1
    shown.cards[1].send_now.click()
    until(lambda: desk.outbox.entries[0].status == "arrived" and not desk.outbox.sending)
    assert office.server.complete == [correction.read_bytes(), office.bundle.read_bytes()]


def test_send_opens_the_outbox_with_the_bundle_or_says_how_to_send_it_by_file(
    office: Office, desk: MainController, monkeypatch: pytest.MonkeyPatch
):
    desk.open(office.draft)
    assert desk.workspace is not None
    told: list[str] = []
    shown: list[str] = []
    monkeypatch.setattr(
        "dgdesk.ui.shell.dialogs.ask", lambda texts, message, *_, **more: told.append(message) or len(told) - 1
    )
    monkeypatch.setattr(desk.dialogs, "show_register", lambda: shown.append("register"))
    monkeypatch.setattr(desk.dialogs, "show_outbox", lambda: shown.append("outbox"))
    button = desk.workspace.review_page.checklist.buttons["send"]
    button.click()
    assert "อีเมลหรือสื่อบันทึก" in told[0] and "agency.json" in told[0] and shown == ["register"]
    office.enrol()
    button.click()
    until(lambda: office.server.complete == [office.bundle.read_bytes()] and not desk.outbox.sending)
    assert shown == ["register", "outbox"] and len(told) == 1
    office.bundle.unlink()
    button.click()
    assert "เชียงใหม่.zip.age" in told[1] and shown == ["register", "outbox"]
