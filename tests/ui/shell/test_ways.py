"""Any page can be reached; skipped ones are left out, and say why; problems and gains lead to their field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.label import WrapLabel
from ui.hands import click, editor, part, place, settle, visible


def test_next_leaves_out_what_g1_skips_and_back_returns(workspace: Workspace) -> None:
    click(editor(workspace, "g1").buttons["no"])
    assert not visible(workspace, "g2")
    click(workspace.bar.next_button)
    assert workspace.page == "g.page3"
    click(workspace.bar.back_button)
    assert workspace.page == "g.page1"


def test_a_skipped_page_is_grey_says_why_and_can_still_be_opened(workspace: Workspace) -> None:
    click(editor(workspace, "g1").buttons["no"])
    assert workspace.outline.status_of("g.page2") == "skipped"
    assert "G1" in workspace.outline.tip_of("g.page2") and "ไม่มี" in workspace.outline.tip_of("g.page2")
    workspace.outline.setCurrentItem(workspace.outline._pages["g.page2"])
    assert workspace.page == "g.page2"
    said = [label.plain_text() for label in workspace.page_view.findChildren(WrapLabel) if label.isVisible()]
    assert any("ไม่ต้องกรอกหน้านี้ เพราะข้อ G1" in words for words in said)
    click(editor(workspace, "g1").buttons["yes"])
    assert workspace.outline.status_of("g.page2") != "skipped"


def test_the_outline_follows_the_answers(workspace: Workspace, draft: Draft) -> None:
    assert workspace.outline.status_of("g.page3") == "not_begun"
    click(editor(workspace, "g4").buttons["no"])
    assert workspace.outline.status_of("g.page3") == "complete"
    workspace.undo()
    assert workspace.outline.status_of("g.page3") == "not_begun"


def test_a_problem_leads_to_its_field_and_says_there_what_is_missing(workspace: Workspace) -> None:
    panel = workspace.problems
    panel.fill()
    group = next(item for page, item in panel._groups() if page == "p1.page3")
    panel.tree.itemClicked.emit(group.child(0), 0)
    assert workspace.page == "p1.page3"
    focus = QApplication.focusWidget()
    assert focus is editor(workspace, "p1.3").buttons["no"]
    view = part(workspace, "p1.3")
    assert view._problem.plain_text() == "ยังไม่ได้เลือกคำตอบ"
    click(editor(workspace, "p1.3").buttons["yes"])
    assert not view._problem.isVisible()


def test_a_new_page_is_not_full_of_reproaches(workspace: Workspace) -> None:
    workspace.open_page("p1.page3")
    assert not [one for one in workspace.page_view.findChildren(WrapLabel, "error") if one.isVisible()]


def test_a_gain_names_evidence_and_points_and_leads_to_the_place(
    desk: MainController, full_draft: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    mine = tmp_path / "เต็ม.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    workspace = desk.workspace
    assert workspace is not None
    session = workspace.bridge.session
    workspace.bridge.answer("p1.4", "yes")
    workspace.bridge.detach("p1.4/yes", session.state.facts.evidence["p1.4/yes"][0].sha256)
    workspace.score.folds["gains"].setChecked(True)
    qtbot.waitUntil(lambda: any("P1.4" in one.plain_text for one in workspace.score.buttons), timeout=20_000)
    button = next(one for one in workspace.score.buttons if "P1.4" in one.plain_text)
    assert button.plain_text.startswith("แนบหลักฐานที่ P1.4 ") and button.plain_text.endswith(" +0.75")
    button.click()
    assert workspace.page == "p1.page3"
    assert QApplication.focusWidget() is place(workspace, "p1.4/yes").button


def test_the_score_is_an_interval_and_always_called_an_estimate(workspace: Workspace, qtbot: QtBot) -> None:
    def words() -> list[str]:
        return [label.plain_text() for label in workspace.score.findChildren(WrapLabel)]

    assert "คะแนนประมาณการของโปรแกรม มิใช่ผลคะแนนอย่างเป็นทางการ" in words()
    assert "ตั้งแต่ 0.00 ถึง 100.00" in words()
    click(editor(workspace, "p1.4").buttons["no"])
    qtbot.waitUntil(lambda: "ตั้งแต่ 0.00 ถึง 99.25" in words(), timeout=20_000)


def test_the_count_of_problems_goes_down(workspace: Workspace, qtbot: QtBot) -> None:
    def count() -> int:
        return int("".join(filter(str.isdigit, workspace.bar.todo_button.text())))

    before = count()
    assert before > 0
    click(editor(workspace, "g4").buttons["no"])
    qtbot.waitUntil(lambda: count() < before, timeout=20_000)


def test_a_narrow_window_gives_the_page_the_panels_room(desk: MainController, workspace: Workspace) -> None:
    desk.window.resize(1024, 700)
    settle(QApplication.instance())
    assert workspace.side.isHidden()
    workspace.toggle_side()
    assert workspace.side.isVisible()


def test_a_code_printed_at_option_and_field_is_shown_once(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("p2.1.4", "yes")
    draft.session.answer("p2.1.4.areas", ["a"])
    workspace.open_page("p2.page4")
    from PySide6.QtWidgets import QLabel

    badges = [one.text() for one in workspace.page_view.findChildren(QLabel, "code")]
    assert "P2.1.4a" not in badges
    assert editor(workspace, "p2.1.4.areas").buttons["a"].accessibleName().startswith("P2.1.4a ")


def test_numbers_of_items_are_the_printed_ones(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("p2.1.4", "yes")
    draft.session.answer("p2.1.4.areas", ["b"])
    workspace.open_page("p2.page4")
    labels = [one.plain_text() for one in workspace.page_view.findChildren(WrapLabel) if one.isVisible()]
    assert "4. ชื่อชุดข้อมูล" in labels


@pytest.mark.parametrize("page", ["general.page1", "p8.page1"])
def test_before_the_first_page_is_nothing_and_after_the_last_the_review(workspace: Workspace, page: str) -> None:
    workspace.open_page(page)
    assert workspace.bar.back_button.isEnabled() == (page != "general.page1")
    assert ("ตรวจทาน" in workspace.bar.next_button.text()) == (page == "p8.page1")
