""" "No" to what is left on a page: one press, told in words, taken back in place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from dgdesk.draft.drafts import Draft
from dgdesk.ui.form import page_foot
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import click, press, settle
from ui.modals import Modals
from ui.whole import broken_texts


def answers(draft: Draft) -> dict[str, object]:
    return dict(draft.session.state.facts.answers)


def open_at(workspace: Workspace, address: str) -> page_foot.PageFoot:
    workspace.open_page(workspace.bridge.form.node(address).page)
    settle(QApplication.instance())
    foot = workspace.page_view.foot
    assert foot is not None
    return foot


def test_one_press_answers_what_is_left_and_one_takes_it_back(
    workspace: Workspace, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_foot, "ask", lambda *_: 0)
    foot = open_at(workspace, "p7.1.1")
    workspace.bridge.answer("p7.1.1", "yes")
    before = answers(draft)
    words = foot.button.text()
    click(foot.button)
    done = {address: value for address, value in answers(draft).items() if address not in before}
    assert str(len(done)) in words and set(done.values()) == {"no"} and answers(draft)["p7.1.1"] == "yes"
    assert f"ตอบ “ไม่มี” แล้ว {len(done)} รายการ" in foot.done.words.plain_text()
    assert not foot.button.isVisible() and foot.done.button.hasFocus()
    assert list(broken_texts(workspace.page_view)) == []
    click(foot.done.button)
    assert answers(draft) == before and foot.button.isVisible() and not foot.done.isVisible()


def test_keys_do_it_too_and_the_line_is_brought_into_view(
    workspace: Workspace, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_foot, "ask", lambda *_: 0)
    foot = open_at(workspace, "p5.1.table")
    workspace.answer_no()
    settle(QApplication.instance())
    assert len([one for one in answers(draft) if one.startswith("p5.1.table:")]) == 12
    assert not foot.done.visibleRegion().isEmpty()
    workspace.answer_no()
    assert "ไม่มีรายการว่าง" in foot.done.words.plain_text() and not foot.done.button.isVisible()
    workspace.undo()
    assert not foot.done.isVisible()


def test_much_at_once_is_asked_first_and_escape_changes_nothing(
    workspace: Workspace, draft: Draft, modals: Modals
) -> None:
    foot = open_at(workspace, "p5.1.table")
    before = answers(draft)
    modals.then(lambda dialog: press(dialog, Qt.Key.Key_Escape))
    click(foot.button)
    assert modals.done() and answers(draft) == before and not foot.done.isVisible()


def test_what_would_hide_an_answer_is_left_and_named(workspace: Workspace, draft: Draft) -> None:
    foot = open_at(workspace, "g1")
    workspace.bridge.answer("g2", "yes")
    workspace.answer_no()
    assert "g1" not in answers(draft) and answers(draft)["g2"] == "yes"
    assert "เว้น G1 ไว้" in foot.done.words.plain_text()


def test_a_page_without_such_questions_offers_nothing(workspace: Workspace, draft: Draft) -> None:
    foot = open_at(workspace, "general.first_name")
    assert not foot.button.isVisible()
    before = answers(draft)
    workspace.answer_no()
    assert answers(draft) == before and "ต้องกรอกเอง" in foot.done.words.plain_text()
    workspace.open_review()
    workspace.answer_no()
    assert answers(draft) == before
