"""The tabs for evidence and for what to do next."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.rules.evidence_overview import place_rows
from dgdesk.ui.evidence.evidence_tab import EvidenceTab
from dgdesk.ui.evidence.file_row import FileRow
from dgdesk.ui.evidence.overview.wording import file_words
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from evidence.inspection.looking import OLD
from evidence.inspection.looking import pdf as sound
from ui.hands import click, editor, place, press, settle
from ui.whole import broken_texts


def rows(tab: EvidenceTab) -> list[str]:
    """What the list says, questions and their places."""
    found = []
    for number in range(tab.tree.topLevelItemCount()):
        item = tab.tree.topLevelItem(number)
        found += [spoken(item), *(spoken(item.child(at)) for at in range(item.childCount()))]
    return found


def spoken(item: QTreeWidgetItem) -> str:
    return str(item.data(0, Qt.ItemDataRole.AccessibleTextRole))


@pytest.fixture
def tab(workspace: Workspace, qtbot: QtBot) -> EvidenceTab:
    workspace.side.setCurrentWidget(workspace.evidence)
    qtbot.waitUntil(lambda: workspace.evidence._summary.plain_text() != "", timeout=20_000)
    return workspace.evidence


def test_a_new_form_asks_for_no_evidence(tab: EvidenceTab) -> None:
    assert tab._summary.plain_text() == "ยังไม่มีคำตอบที่ต้องแนบหลักฐาน"
    assert rows(tab) == []


def test_places_are_listed_by_question_as_they_are_asked_for(
    tab: EvidenceTab, workspace: Workspace, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    click(editor(workspace, "p1.4").buttons["yes"])
    qtbot.waitUntil(lambda: len(rows(tab)) == 2, timeout=20_000)
    assert rows(tab)[0].endswith("แนบแล้ว 0 จาก 1")
    assert rows(tab)[1] == "P1.4 มีการดำเนินการแล้วเสร็จ: ยังขาด"
    assert tab.only_missing.text() == "เฉพาะที่ยังไม่ครบ (1)"
    proof = tmp_path / "คำสั่ง.pdf"
    proof.write_bytes(b"%PDF-1.7 x")
    workspace.bridge.publish(draft.session.attach("p1.4/yes", proof))
    qtbot.waitUntil(lambda: rows(tab)[1].endswith("ยังไม่ระบุหน้าหรือใจความสำคัญ"), timeout=20_000)
    assert rows(tab)[0].endswith("แนบแล้ว 0 จาก 1") and tab.next_button.isEnabled()
    assert tab.only_missing.text() == "เฉพาะที่ยังไม่ครบ (1)"
    (there,) = draft.session.state.facts.evidence["p1.4/yes"]
    workspace.bridge.mark("p1.4/yes", there.sha256, pages="๓", passages="")
    qtbot.waitUntil(lambda: rows(tab)[1].endswith("แนบแล้ว 1 ไฟล์"), timeout=20_000)
    assert tab._summary.plain_text() == "ต้องแนบหลักฐาน 1 รายการ: แนบและระบุใจความครบแล้ว"
    workspace.undo()
    workspace.undo()
    qtbot.waitUntil(lambda: rows(tab)[1].endswith("ยังขาด"), timeout=20_000)


def test_missing_only_leaves_the_rest_out_and_a_click_leads_to_the_place(
    tab: EvidenceTab, workspace: Workspace, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    proof = tmp_path / "คำสั่ง.pdf"
    proof.write_bytes(b"%PDF-1.7 x")
    workspace.bridge.publish(draft.session.answer("p1.4", "yes"))
    workspace.bridge.publish(draft.session.answer("p1.3", "yes"))
    workspace.bridge.publish(draft.session.attach("p1.3/yes", proof, pages="1"))
    qtbot.waitUntil(lambda: len(rows(tab)) == 4, timeout=20_000)
    press(tab.only_missing, Qt.Key.Key_Space)
    assert len(rows(tab)) == 2 and "P1.4" in rows(tab)[0]
    item = tab.tree.topLevelItem(0).child(0)
    tab.tree.itemActivated.emit(item, 0)
    assert workspace.page == workspace.bridge.form.node("p1.4").page
    assert QApplication.focusWidget() is place(workspace, "p1.4/yes").button
    press(tab.only_missing, Qt.Key.Key_Space)
    assert len(rows(tab)) == 4


def test_a_hidden_tab_waits_until_it_is_seen(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.side.setCurrentWidget(workspace.score)
    click(editor(workspace, "p1.4").buttons["yes"])
    qtbot.wait(250)
    assert rows(workspace.evidence) == []
    workspace.side.setCurrentWidget(workspace.evidence)
    qtbot.waitUntil(lambda: len(rows(workspace.evidence)) == 2, timeout=20_000)


def test_what_to_do_next_is_counted_by_kind_and_leads_there(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.side.setCurrentWidget(workspace.next)
    qtbot.waitUntil(lambda: "answer" in workspace.next.kinds, timeout=20_000)
    assert list(workspace.next.kinds) == ["answer"]
    click(editor(workspace, "p1.4").buttons["yes"])
    qtbot.waitUntil(lambda: "evidence" in workspace.next.kinds, timeout=20_000)
    assert workspace.next.kinds["evidence"].plain_text == "รายการที่ยังไม่แนบหลักฐาน 1"
    workspace.open_page("p2.page1")
    press(workspace.next.kinds["evidence"], Qt.Key.Key_Space)
    assert QApplication.focusWidget() is place(workspace, "p1.4/yes").button
    qtbot.waitUntil(lambda: bool(workspace.next.gains.buttons), timeout=20_000)
    points = [one.plain_text.rpartition("+")[2] for one in workspace.next.gains.buttons]
    assert points == sorted(points, key=float, reverse=True)


def test_nothing_is_clipped_in_the_narrowest_panel(
    desk: MainController, full_draft: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    mine = tmp_path / "เต็ม.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    workspace = desk.workspace
    assert workspace is not None
    workspace.bridge.answer("p1.4", "no")
    workspace.side.setFixedWidth(230)
    for tab in (workspace.next, workspace.evidence):
        workspace.side.setCurrentWidget(tab)
        qtbot.wait(500)
        settle(QApplication.instance())
        assert sorted(set(broken_texts(workspace.side))) == []
        bar = workspace.side.tabBar()
        assert bar.sizeHint().width() <= workspace.side.width(), "the tabs stand beside each other"


def test_a_file_with_marks_only_counts_as_marked(
    tab: EvidenceTab, workspace: Workspace, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    proof = tmp_path / "คำสั่ง.pdf"
    proof.write_bytes(b"%PDF-1.7 x")
    click(editor(workspace, "p1.4").buttons["yes"])
    workspace.bridge.publish(draft.session.attach("p1.4/yes", proof))
    (there,) = draft.session.state.facts.evidence["p1.4/yes"]
    drawn = (Mark(3, (Rect(0.1, 0.1, 0.5, 0.2),)),)
    workspace.bridge.publish(draft.session.mark("p1.4/yes", there.sha256, marks=drawn))
    qtbot.waitUntil(lambda: len(rows(tab)) > 1 and rows(tab)[1].endswith("แนบแล้ว 1 ไฟล์"), timeout=20_000)
    assert "ระบุใจความครบแล้ว" in tab._summary.plain_text()
    workspace.bridge.damaged = frozenset({there.sha256})
    workspace.bridge.damage_changed.emit()
    qtbot.waitUntil(lambda: rows(tab)[1].endswith("ไฟล์เสียหาย แนบใหม่อีกครั้ง"), timeout=20_000)
    assert tab.only_missing.text() == "เฉพาะที่ยังไม่ครบ (1)"


def test_what_was_found_in_a_file_is_said_in_its_row_in_the_list_and_in_the_overview(
    tab: EvidenceTab, workspace: Workspace, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    click(editor(workspace, "g1").buttons["yes"])
    for name, content in (("ขาด.pdf", sound(3, **OLD)[:-300]), ("ดี.pdf", sound(2))):
        (tmp_path / name).write_bytes(content)
        workspace.bridge.publish(draft.session.attach("g1/yes", tmp_path / name))
    settle(QApplication.instance())
    found = workspace.page_view.parts.places["g1/yes"]
    assert isinstance(found, EvidenceSlot)
    cut, whole = (one.facts() for one in found.findChildren(FileRow))
    assert "ไฟล์ “ขาด.pdf” เสียหายหรือไม่ครบ" in cut and "เสียหาย" not in whole
    assert len(cut.splitlines()) == len(whole.splitlines()) + 1
    (row,) = (one for one in place_rows(draft.session.form, draft.session.state) if one.slot == "g1/yes")
    assert [file_words(workspace.services.texts, one) for one in row.files] == ["ขาด.pdf (ควรตรวจสอบ)", "ดี.pdf"]


def test_next_missing_and_the_overview_are_a_click_away(tab: EvidenceTab, workspace: Workspace, qtbot: QtBot) -> None:
    assert not tab.next_button.isEnabled()
    workspace.bridge.answer("p1.4", "yes")
    qtbot.waitUntil(tab.next_button.isEnabled, timeout=20_000)
    workspace.open_page("p2.page1")
    click(tab.next_button)
    assert QApplication.focusWidget() is place(workspace, "p1.4/yes").button
    click(tab.overview_button)
    window = workspace.overview.window
    assert window is not None and window.isVisible()
    assert [row.slot for row in window.rows] == ["p1.4/yes"]
    assert "8.0 GB" in tab.gauge.words.plain_text()
