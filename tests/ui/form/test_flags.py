"""A flag on a question: set by its menu or by keys, its note typed in place, seen in the outline and in the review."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.ui.review.problem_list import PROBLEM
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.context_menu import MoreButton
from dgdesk.ui.widgets.services import Services
from ui.hands import click, editor, part, press, settle, type_text
from ui.whole import broken_texts


def flags(draft: Draft) -> dict[str, str]:
    return dict(draft.session.state.facts.flags)


def choose(card: object, words: str) -> None:
    assert isinstance(card, QWidget)
    click(card.findChild(MoreButton))
    settle(QApplication.instance())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(one for one in menu.actions() if words in one.text()).trigger()
    menu.close()
    settle(QApplication.instance())


def test_the_menu_flags_a_question_and_the_note_is_typed_at_once(workspace: Workspace, draft: Draft) -> None:
    workspace.open_page("g.page1")
    card = part(workspace, "g1")
    assert card.flag_line is None
    choose(card, "ปักธงว่ายังไม่แน่ใจ: G1")
    assert flags(draft) == {"g1": ""} and card.flag_line.input.hasFocus()
    type_text(card.flag_line.input, "ถามคลังจังหวัด")
    workspace.flush()
    assert flags(draft) == {"g1": "ถามคลังจังหวัด"} and list(broken_texts(card)) == []
    choose(card, "นำธงออก: G1")
    assert flags(draft) == {} and not card.flag_line.isVisible()
    workspace.undo()
    assert card.flag_line.isVisible() and card.flag_line.input.text() == "ถามคลังจังหวัด"


def test_keys_flag_the_question_around_the_focus_and_pressed_twice_leave_nothing(
    workspace: Workspace, draft: Draft
) -> None:
    made = editor(workspace, "p1.2a")
    made._rows[2].questions[0].go_here()
    workspace.toggle_flag()
    assert flags(draft) == {"p1.2a": ""}, "a row belongs to its question"
    workspace.toggle_flag()
    assert flags(draft) == {}
    workspace.open_review()
    workspace.toggle_flag()
    assert flags(draft) == {}, "there is no question on the review page"


def test_a_flag_survives_turning_the_page_and_typed_words_go_nowhere(workspace: Workspace, draft: Draft) -> None:
    workspace.open_page("g.page1")
    workspace.finding.toggle_flag("g1")
    line = part(workspace, "g1").flag_line
    type_text(line.input, "ยังไม่ได้ถาม")
    workspace.go_on()
    assert flags(draft) == {"g1": "ยังไม่ได้ถาม"}
    workspace.open_page("g.page1")
    line = part(workspace, "g1").flag_line
    assert line.input.text() == "ยังไม่ได้ถาม"
    type_text(line.input, "!")
    click(line.remove)
    assert flags(draft) == {} and not line.isVisible()
    assert part(workspace, "g1").isAncestorOf(QApplication.focusWidget())
    workspace.flush()
    assert flags(draft) == {}, "what was typed does not set the flag again"


def test_a_question_of_a_printed_table_has_its_flag_beside_its_answers(workspace: Workspace, draft: Draft) -> None:
    workspace.open_page(workspace.bridge.form.node("p4.6.1").page)
    workspace.finding.toggle_flag("p4.6.1")
    settle(QApplication.instance())
    line = part(workspace, "p4.6.1").flag_line
    assert line.isVisible() and list(broken_texts(workspace.page_view)) == []


def test_the_outline_tells_the_flags_of_a_page(workspace: Workspace, draft: Draft) -> None:
    workspace.bridge.flag("g1", "ถามคลัง")
    tip = workspace.outline.tip_of("g.page1").replace("\u200b", "")
    assert "G1" in tip and "ยังไม่แน่ใจ: ถามคลัง" in tip
    workspace.undo()
    assert "ยังไม่แน่ใจ" not in workspace.outline.tip_of("g.page1").replace("\u200b", "")


def test_the_review_counts_flags_apart_and_lists_them(workspace: Workspace, draft: Draft) -> None:
    before = workspace.bridge.state.problems
    workspace.bridge.flag("p7.1.1", "ถามสำนักงานสถิติ")
    workspace.bridge.flag("g1", "")
    workspace.open_review()
    page = workspace.review_page
    assert workspace.bridge.state.problems == before
    assert "ที่ปักธงไว้ 2" in page.kinds.plain_text()
    page.list.kind.setCurrentIndex(page.list.kind.findData("flagged"))
    rows = [item.child(at) for _, item in page.list.groups() for at in range(item.childCount())]
    listed = [page.list.words(row.data(0, PROBLEM)) for row in rows]
    assert len(listed) == 2 and "ถามสำนักงานสถิติ" in listed[1]
    assert page.list.summary.plain_text() == "ปักธงไว้ 2 ข้อ"
    page.list.box.setText("สถิติ")
    assert [name for name, _ in page.list.groups()] == [workspace.bridge.form.node("p7.1.1").page]
    press(page.list.tree, Qt.Key.Key_Down)
    page.list._take_current()
    assert workspace.page == workspace.bridge.form.node("p7.1.1").page
    workspace.bridge.flag("p7.1.1", None)
    workspace.bridge.flag("g1", None)
    page.list.box.setText("")
    page.list.fill()
    assert page.list.groups() == [] and "ยังไม่ได้ปักธง" in page.list.summary.plain_text()


def test_flags_are_listed_though_nothing_is_left_to_do(
    full_draft: Path, tmp_path: Path, services: Services, qtbot: QtBot
) -> None:
    path = tmp_path / "full.dgdesk"
    path.write_bytes(full_draft.read_bytes())
    with open_draft(path, clock=services.clock, who="x") as draft:
        made = Workspace(draft, services)
        qtbot.addWidget(made)
        made.resize(1366, 700)
        made.show()
        made.open_review()
        assert not made.review_page.list.isVisible() or made.bridge.state.problems
        made.bridge.flag("g1", "x")
        made.review_page.fill()
        assert made.review_page.list.isVisible() and made.bridge.state.ready
        made.bridge.jobs.wait()


@pytest.mark.parametrize("text", ["ก" * 3000, "<b>ไม่แน่ใจ</b>", "a\tb"])
def test_any_words_are_a_note(workspace: Workspace, draft: Draft, text: str) -> None:
    workspace.open_page("g.page1")
    workspace.finding.toggle_flag("g1")
    line = part(workspace, "g1").flag_line
    line.input.setFocus()
    QApplication.clipboard().setText(text)
    line.input.paste()
    assert workspace.flush()
    assert flags(draft)["g1"] == " ".join(text.split())[:1000]
