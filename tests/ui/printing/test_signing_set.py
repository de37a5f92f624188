"""The signing set in the window: asked once who signs, one press after the export, and the step that is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.submission.export import export_draft
from dgdesk.ui.printing.dialog import PrintDialog, missing_step
from dgdesk.ui.printing.signing_dialog import SigningDialog
from dgdesk.ui.shell import paper
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import click, settle, type_text
from ui.modals import Modals
from ui.whole import broken_texts

PATIENCE = 60_000


@pytest.fixture
def full(desk: MainController, full_draft: Path, thai_path: Path) -> Workspace:
    """A complete form in the window."""
    mine = thai_path / "ครบ.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    assert desk.workspace is not None
    return desk.workspace


@pytest.fixture
def exported(full: Workspace, desk: MainController, thai_path: Path) -> Workspace:
    """It was exported, and nothing was changed since."""
    now = desk.services.clock()
    person = create_identity(thai_path / "id", person="สมหญิง", province="เชียงใหม่", passphrase=None, now=now)
    export_draft(full.bridge.draft, thai_path / "ส่ง.zip", identity=person, reason="แก้ไข", claimed_time=now)
    full.since.read()
    full.journey.follow()
    return full


@pytest.fixture
def dialog(full: Workspace, desk: MainController) -> Iterator[SigningDialog]:
    def save(values: object) -> str:
        full.bridge.set_signing(values)
        return ""

    made = SigningDialog(full.bridge.draft, desk.texts, save, desk.window)
    made.show()
    settle(QApplication.instance())
    yield made
    made.close()
    made.deleteLater()


def test_names_are_typed_once_and_stored_in_one_step(full: Workspace, dialog: SigningDialog) -> None:
    assert dialog.lines["governor.position"].text() == "ผู้ว่าราชการจังหวัดเชียงใหม่"
    type_text(dialog.lines["pcio.name"], "นางสาวกานดา ข")
    acting = dialog.acting["governor.acting"]
    acting.setCurrentIndex(acting.findData("acting"))
    assert list(broken_texts(dialog)) == []
    click(dialog.save_button)
    stored = full.bridge.state.facts.signing
    assert stored["pcio.name"] == "นางสาวกานดา ข" and stored["governor.acting"] == "acting"
    assert "memo.body" not in stored, "what is suggested follows the answers"
    full.bridge.undo()
    assert full.bridge.state.facts.signing == {}


def test_a_name_that_cannot_be_printed_is_marked_and_nothing_is_stored(full: Workspace, dialog: SigningDialog) -> None:
    dialog.lines["pcio.name"].setText("ก" * 200)
    click(dialog.save_button)
    assert dialog.isVisible() and "200" in dialog.fault.plain_text() and "120" in dialog.fault.plain_text()
    assert full.bridge.state.facts.signing == {} and list(broken_texts(dialog)) == []
    dialog.lines["pcio.name"].setText("ก")
    click(dialog.save_button)
    assert not dialog.isVisible() and full.bridge.state.facts.signing == {"pcio.name": "ก"}


def test_the_memo_can_be_changed_and_suggested_again(full: Workspace, dialog: SigningDialog) -> None:
    before = dialog.memo.toPlainText()
    dialog.memo.setPlainText("เพื่อโปรดลงนาม")
    dialog.lines["memo.to"].setText("ผวจ.")
    click(dialog.again)
    assert dialog.memo.toPlainText() == before and "ผ่าน" in dialog.lines["memo.to"].text()
    dialog.memo.setPlainText("เพื่อโปรดลงนาม")
    click(dialog.save_button)
    assert full.bridge.state.facts.signing == {"memo.body": "เพื่อโปรดลงนาม"}


def test_a_draft_that_cannot_be_written_says_so_and_the_texts_stay(full: Workspace, desk: MainController) -> None:
    made = SigningDialog(full.bridge.draft, desk.texts, lambda values: "ดิสก์เต็ม", desk.window)
    made.show()
    made.lines["pcio.name"].setText("ก")
    click(made.save_button)
    assert made.isVisible() and made.fault.plain_text() == "ดิสก์เต็ม" and made.lines["pcio.name"].text() == "ก"
    made.close()
    made.deleteLater()


def test_one_press_asks_who_signs_once_and_shows_the_set(
    exported: Workspace, desk: MainController, modals: Modals, qtbot: QtBot
) -> None:
    seen: list[str] = []

    def sign(dialog: SigningDialog) -> None:
        seen.append("asked")
        click(dialog.save_button)

    def look(dialog: PrintDialog) -> None:
        qtbot.waitUntil(lambda: dialog.printed is not None and dialog.preview.shows_page, timeout=PATIENCE)
        assert dialog.form.choices.variant == "signing" and "ผู้ตรวจสอบ" in dialog.state.plain_text()
        assert (
            dialog.signatories.isVisible() and not dialog.step.isVisible() and not dialog.form.one_section.isEnabled()
        )
        seen.append("shown")
        dialog.reject()

    assert exported.journey.act == "print"
    modals.then(sign, look)
    desk.print_signing_set()
    modals.then(look)
    desk.print_signing_set()
    assert seen == ["asked", "shown", "shown"] and modals.done()


def test_what_was_changed_since_its_export_offers_the_export(
    exported: Workspace, desk: MainController, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []
    done: list[str] = []

    def answer(texts: object, message: str, buttons: tuple[str, ...], *_: object) -> int:
        asked.append((message, buttons))
        return 0

    monkeypatch.setattr(paper, "ask", answer)
    monkeypatch.setattr(desk, "help_on", done.append)
    exported.bridge.set_answer_from_text("general.first_name", "สมศรี")
    desk.print_signing_set()
    assert "ส่งออกใหม่ก่อน" in asked[0][0] and len(asked[0][1]) == 3 and done == ["export"]


def test_a_survey_that_is_not_complete_is_led_to_what_is_left(
    workspace: Workspace, desk: MainController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "ask", lambda *_: 0)
    desk.print_signing_set()
    assert workspace.on_review
    assert [missing_step(code) for code in ("signing.changed", "signing.not_ready", "print.not_ready")] == [
        "export_now",
        "go_on",
        None,
    ]


def test_the_print_dialog_says_the_missing_step_and_offers_it(
    full: Workspace, desk: MainController, qtbot: QtBot
) -> None:
    dialog = PrintDialog(desk.draft, desk.services, desk.window, variant="signing", bridge=full.bridge)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.making, timeout=PATIENCE)
    assert dialog.printed is None and "ส่งออก" in dialog.preview.said.plain_text() and dialog.step.isVisible()
    click(dialog.step)
    assert dialog.wanted == "export_now" and not dialog.isVisible()
    qtbot.waitUntil(lambda: not dialog.prints.running, timeout=PATIENCE)
    dialog.deleteLater()
