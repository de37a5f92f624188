"""From the window to a signed bundle: who signs, ready or a draft, what came out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.identity import create_identity
from dgdesk.bundle.report import Problem
from dgdesk.bundle.verify import verify_bundle
from dgdesk.ui import export_dialog
from dgdesk.ui.desk import Desk
from dgdesk.ui.export_dialog import ExportDialog
from dgdesk.ui.services import Services
from dgdesk.ui.workspace import Workspace
from ui.hands import click, editor, type_text
from ui.whole import broken_texts


@pytest.fixture
def full(desk: Desk, full_draft: Path, tmp_path: Path) -> Workspace:
    """A complete form in the window."""
    mine = tmp_path / "ครบ.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    assert desk.workspace is not None
    return desk.workspace


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the dialog says in message boxes."""
    found: list[str] = []
    monkeypatch.setattr(export_dialog, "tell", lambda texts, message, *_: found.append(message))
    yield found


def dialog_for(workspace: Workspace, services: Services) -> ExportDialog:
    dialog = ExportDialog(workspace.bridge.draft, services, workspace.window())
    dialog.show()
    return dialog


def save_to(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path) if path else "", ""))


def test_the_first_export_makes_a_signer_and_shows_digest_and_place(
    full: Workspace, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    target = tmp_path / "ส่ง สพร.zip"
    save_to(monkeypatch, target)
    dialog = dialog_for(full, services)
    assert "พร้อมส่ง" in dialog.state.plain_text() and not dialog.as_draft.isVisible()
    type_text(dialog.signer.passphrase, "dek-kamnan")
    type_text(dialog.signer.again, "dek-kamnon")
    click(dialog.go)
    assert "ไม่ตรงกัน" in said[-1] and not services.profile.identity.exists()
    dialog.signer.again.setText("dek-kamnan")
    click(dialog.go)
    assert dialog.report is not None and said == said[:1]
    shown = dialog.outcome.plain_text()
    assert str(target) in shown and dialog.report.digest in shown.replace(" ", "")
    certificate = (services.profile.identity / "signer.pem").read_bytes()
    checked = verify_bundle(target, trusted=[certificate])
    assert checked.ok and checked.draft is False and checked.digest == dialog.report.digest
    click(dialog.copy)
    assert QGuiApplication.clipboard().text() == dialog.report.digest
    dialog.close()


def test_doing_without_a_passphrase_is_said_plainly(
    full: Workspace, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    save_to(monkeypatch, tmp_path / "a")
    dialog = dialog_for(full, services)
    click(dialog.go)
    assert "โปรดตั้งรหัสผ่าน หรือเลือกไม่ใช้รหัสผ่าน" in said[-1]
    assert "ทุกคนจะลงนามแทนท่านได้" in dialog.signer.without.accessibleName()
    click(dialog.signer.without)
    click(dialog.go)
    assert dialog.report is not None and dialog.report.path.name == "a.zip"
    dialog.close()


def test_a_known_signer_is_asked_only_for_the_passphrase(
    full: Workspace, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    now = services.clock()
    create_identity(services.profile.identity, person="สมศรี", province="เชียงใหม่", passphrase="abc", now=now)
    save_to(monkeypatch, tmp_path / "a.zip")
    dialog = dialog_for(full, services)
    assert not dialog.signer.person.isVisible()
    type_text(dialog.signer.passphrase, "abd")
    click(dialog.go)
    assert "รหัสผ่านไม่ถูกต้อง" in said[-1]
    dialog.signer.passphrase.setText("abc")
    click(dialog.go)
    assert dialog.report is not None
    dialog.close()


def test_a_form_that_is_not_ready_goes_out_only_as_a_draft(
    full: Workspace, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full.bridge.answer("g4", None)
    target = tmp_path / "a.zip"
    save_to(monkeypatch, target)
    dialog = dialog_for(full, services)
    assert "ยังไม่พร้อมส่ง มี 1 จุด" in dialog.state.plain_text()
    assert not dialog.go.isEnabled()
    click(dialog.as_draft)
    click(dialog.signer.without)
    click(dialog.go)
    assert "ฉบับร่าง" in dialog.outcome.plain_text()
    assert verify_bundle(target, trusted=None).draft is True
    dialog.close()


def test_one_can_go_and_mend_instead(full: Workspace, services: Services) -> None:
    full.bridge.answer("g4", None)
    dialog = dialog_for(full, services)
    dialog.problems_wanted.connect(full.show_problems)
    click(dialog.mend)
    assert not dialog.isVisible() and full.page == "g.page3"
    assert full.window().focusWidget() is editor(full, "g4").buttons["no"]


def test_no_place_chosen_exports_nothing(
    full: Workspace, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_to(monkeypatch, None)
    dialog = dialog_for(full, services)
    click(dialog.signer.without)
    click(dialog.go)
    assert dialog.report is None and not list(tmp_path.glob("*.zip"))
    dialog.close()


def test_a_place_that_cannot_be_written_is_said(
    full: Workspace, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    save_to(monkeypatch, tmp_path / "no such folder" / "a.zip")
    dialog = dialog_for(full, services)
    click(dialog.signer.without)
    click(dialog.go)
    assert "ไม่พบโฟลเดอร์" in said[-1] and dialog.go.isVisible()
    dialog.close()


def test_files_without_a_marked_copy_are_named(full: Workspace, services: Services) -> None:
    dialog = dialog_for(full, services)
    flaws = tuple(Problem("marking.password", {"name": f"คำสั่งลับ {number}.pdf"}) for number in range(7))
    dialog._show_report(ExportReport(Path("ส่ง.zip"), "a" * 64, "b" * 64, 1, unmarked=flaws))
    shown = dialog.outcome.plain_text()
    assert "คำสั่งลับ 4.pdf" in shown and "มีรหัสผ่าน" in shown and "คำสั่งลับ 5.pdf" not in shown
    assert "และอีก 2 ไฟล์" in shown and list(broken_texts(dialog)) == []
