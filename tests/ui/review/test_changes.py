"""What is different since an earlier export or print."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from dgdesk.draft.file.register import PRINT
from dgdesk.draft.history import by_page, edits_since
from dgdesk.ui.review.changes_dialog import ChangesDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import click
from ui.whole import broken_texts


def compared(workspace: Workspace, desk: MainController, since: int | None = None) -> ChangesDialog:
    dialog = ChangesDialog(workspace.bridge, desk.services, since, desk.window)
    dialog.show()
    return dialog


def test_without_an_export_or_print_there_is_nothing_to_compare_with(
    workspace: Workspace, desk: MainController
) -> None:
    workspace.bridge.answer("general.address", "ศาลากลาง")
    dialog = compared(workspace, desk)
    assert "ยังไม่เคยส่งออกหรือพิมพ์" in dialog.said.plain_text() and not dialog.which.isVisible()
    assert not dialog.go.isEnabled() and not dialog.copy.isEnabled()
    dialog.reject()


def test_answers_are_listed_by_page_in_words_with_a_way_there(workspace: Workspace, desk: MainController) -> None:
    bridge, package = workspace.bridge, workspace.bridge.draft.package
    bridge.answer("general.address", "เดิม")
    package.register_reply(PRINT, {"variant": "draft"})
    bridge.answer("g4", "yes")
    bridge.answer("general.address", "ใหม่")
    bridge.answer("general.address", "ใหม่กว่า")
    bridge.answer("general.first_name", "สมชาย")
    bridge.answer("general.first_name", None)  # changed back
    dialog = compared(workspace, desk)
    assert [len(one.lines) for one in dialog.changes] == [1, 1] and "2" in dialog.said.plain_text()
    assert dialog.changes[0].lines[0].old == "เดิม" and dialog.changes[0].lines[0].new == "ใหม่กว่า"
    assert "ฉบับที่พิมพ์เมื่อ 20 พ.ย. 2569" in dialog.which.currentText()
    click(dialog.copy)
    text = QGuiApplication.clipboard().text()
    assert "เดิม" in text and "ใหม่กว่า" in text and "สมชาย" not in text
    assert list(broken_texts(dialog)) == []
    led: list[tuple[str, str]] = []
    dialog.wanted.connect(lambda address, slot: led.append((address, slot)))
    click(dialog.go)
    click(dialog.go)  # twice goes once
    assert led == [("general.address", "")]


def test_the_latest_comes_first_and_an_earlier_one_can_be_chosen(workspace: Workspace, desk: MainController) -> None:
    bridge, package = workspace.bridge, workspace.bridge.draft.package
    bridge.answer("general.address", "หนึ่ง")
    first = package.register_export({"file": "หนึ่ง.zip", "draft": True, "digest": "a" * 64})
    bridge.answer("general.address", "สอง")
    package.register_export({"file": "สอง.zip", "digest": "b" * 64})
    dialog = compared(workspace, desk)
    assert dialog.changes == () and "ไม่มีคำตอบหรือหลักฐานใดต่าง" in dialog.said.plain_text()
    dialog.which.setCurrentIndex(1)
    assert dialog.which.currentText().startswith("ฉบับร่าง") and len(dialog.changes) == 1
    dialog.reject()
    chosen = compared(workspace, desk, first.number)
    assert chosen.which.currentIndex() == 1
    chosen.reject()


def test_evidence_attached_and_taken_away_is_told_at_its_place(
    workspace: Workspace, desk: MainController, tmp_path: Path
) -> None:
    bridge, package = workspace.bridge, workspace.bridge.draft.package
    package.register_reply(PRINT, {})
    file = tmp_path / "คำสั่ง.pdf"
    file.write_bytes(b"%PDF-1.7 x")
    bridge.answer("g1", "yes")
    slot = next(name for name in bridge.form.slots if name.startswith("g1"))
    bridge.session.attach(slot, file)
    found = by_page(
        bridge.form,
        bridge.state.facts.answers,
        edits_since(package.history, package.register()[-1].state),
        desk.texts.say,
    )
    assert any(line.slot == slot and "คำสั่ง.pdf" in line.new for page in found for line in page.lines)
    bridge.session.undo()
    found = by_page(
        bridge.form,
        bridge.state.facts.answers,
        edits_since(package.history, package.register()[-1].state),
        desk.texts.say,
    )
    assert not any(line.slot for page in found for line in page.lines)


@pytest.mark.parametrize("count", [0, 1, 1_200])
def test_however_long_the_journal_is_all_of_it_counts(workspace: Workspace, count: int) -> None:
    package = workspace.bridge.draft.package
    start = package.state_counter
    for number in range(count):
        workspace.bridge.answer("general.address", f"ที่ {number}")
    edits = edits_since(package.history, start)
    assert [(edit.old, edit.new) for edit in edits] == ([(None, f"ที่ {count - 1}")] if count else [])
    assert edits_since(package.history, package.state_counter) == ()


def test_the_review_page_and_the_menu_lead_to_it(workspace: Workspace, desk: MainController) -> None:
    workspace.open_review()
    click(workspace.review_page.changes)
    dialog = workspace.finding.dialog
    assert isinstance(dialog, ChangesDialog) and dialog.isVisible()
    dialog.reject()
    desk.actions["changes"].trigger()
    assert isinstance(workspace.finding.dialog, ChangesDialog)
    workspace.finding.dialog.reject()
