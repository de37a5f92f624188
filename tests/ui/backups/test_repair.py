"""A damaged draft is offered repair: what can be saved goes into a new file, which opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from dgdesk.draft.drafts import new_draft
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.report_dialog import ReportDialog
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.wrap_delegate import TEXT
from ui.modals import Modals


@pytest.fixture
def torn(path: Path, services: Services) -> Path:
    """A draft whose first page is lost."""
    with new_draft(path, clock=services.clock, who="สมศรี", respondent="TH-55") as draft:
        draft.session.answer("p1.3", "yes")
    data = path.read_bytes()
    path.write_bytes(b"\xff" * 16384 + data[16384:])
    return path


def test_what_is_saved_opens_and_what_is_lost_is_listed(
    desk: MainController, torn: Path, modals: Modals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = torn.read_bytes()
    new = tmp_path / "กู้แล้ว"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(new), ""))
    rows: list[str] = []

    def offered(dialog: object) -> None:
        assert isinstance(dialog, MessageDialog)
        assert "บันทึกข้อมูลที่ยังอ่านได้" in dialog.label.plain_text()
        dialog.buttons[0].click()

    def told(dialog: object) -> None:
        assert isinstance(dialog, ReportDialog)
        items = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
        rows.extend(item.data(0, TEXT) for item in items if item is not None)
        dialog.buttons[0].click()

    modals.then(offered, told)
    desk.open(torn)
    assert modals.done()
    assert len(rows) == 1 and "อ่านไม่ได้ 1 แห่ง" in rows[0]
    assert desk.draft is not None and desk.draft.path == new.with_name("กู้แล้ว.dgdesk").resolve()
    assert desk.draft.session.state.facts.answers["p1.3"] == "yes"
    assert torn.read_bytes() == before


def test_the_offer_may_be_declined(desk: MainController, torn: Path, modals: Modals) -> None:
    modals.then(lambda dialog: dialog.reject())
    desk.open(torn)
    assert modals.done() and modals.seen == ["MessageDialog"] and desk.draft is None


def test_what_cannot_be_repaired_is_said(
    desk: MainController, path: Path, modals: Modals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"no draft at all" * 5000)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "b.dgdesk"), ""))
    said: list[str] = []

    def failed(dialog: object) -> None:
        assert isinstance(dialog, MessageDialog)
        said.append(dialog.label.plain_text())
        dialog.reject()

    modals.then(lambda dialog: dialog.buttons[0].click(), failed)  # type: ignore[attr-defined]
    desk.open(path)
    assert modals.done() and "ไม่ใช่ไฟล์แบบสำรวจ" in said[0] and not (tmp_path / "b.dgdesk").exists()
