"""Any question is a few keys away; problems one after the other; an answer is cleared and comes back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.ui.export.wizard import ExportWizard
from dgdesk.ui.form.wording import address_of
from dgdesk.ui.review.finder import Finder
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.wrap_delegate import MARK, TEXT
from ui.hands import click, editor, place, press, settle, type_text, visible
from ui.whole import broken_texts

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def rest() -> None:
    settle(QApplication.instance())


def focused(workspace: Workspace) -> str:
    """The address where the focus is."""
    rest()
    here = address_of(workspace.page_view.parts, QApplication.focusWidget())
    assert here is not None
    return here[0]


def open_finder(desk: MainController, key: Qt.Key = Qt.Key.Key_F) -> Finder:
    press(desk.window, key, CTRL)
    rest()
    finder = desk.workspace.top.finder
    assert finder.hasFocus() and finder.list.isVisible()
    return finder


def listed(dialog: Finder) -> list[str]:
    return [str(dialog.tree.topLevelItem(at).data(0, TEXT)) for at in range(dialog.tree.topLevelItemCount())]


def whys(workspace: Workspace) -> list[str]:
    labels = workspace.page_view.findChildren(WrapLabel, "note")
    texts = [one.plain_text() for one in labels if one.isVisible()]
    return [text for text in texts if "เพราะ" in text or "เนื่องจาก" in text]


@pytest.mark.parametrize("key", [Qt.Key.Key_F, Qt.Key.Key_K])
def test_a_code_and_enter_lead_to_the_question(desk: MainController, workspace: Workspace, key: Qt.Key) -> None:
    finder = open_finder(desk, key)
    type_text(finder, "๗.๑.๑๓")
    press(finder, Qt.Key.Key_Return)
    assert workspace.page == workspace.bridge.form.node("p7.1.13").page
    assert focused(workspace) == "p7.1.13"


def test_words_are_found_while_typing_and_arrows_choose(desk: MainController, workspace: Workspace) -> None:
    workspace.bridge.answer("p6.1.a", "yes")
    finder = open_finder(desk)
    type_text(finder, "คลาวด์")
    assert len(listed(finder)) == 5 and "ระบบคลาวด์" in listed(finder)[0]
    press(finder, Qt.Key.Key_Down)
    press(finder, Qt.Key.Key_Return)
    assert focused(workspace) == "p6.1.a.2.1"


def test_the_finder_works_from_inside_a_text(desk: MainController, workspace: Workspace) -> None:
    box = editor(workspace, "general.address").input
    type_text(box, "ศาลากลาง")
    rest()
    press(box, Qt.Key.Key_K, CTRL)
    rest()
    finder = workspace.top.finder
    assert finder.hasFocus()
    type_text(finder, "g4")
    press(finder, Qt.Key.Key_Return)
    assert focused(workspace) == "g4"
    assert workspace.bridge.value("general.address") == "ศาลากลาง"


def test_a_hidden_question_is_found_says_why_and_leads_to_what_decides(
    desk: MainController, workspace: Workspace
) -> None:
    workspace.bridge.answer("g1", "no")
    finder = open_finder(desk)
    type_text(finder, "g2")
    assert "เพราะข้อ G1 ตอบว่า “ไม่มี”" in listed(finder)[0]
    assert finder.tree.topLevelItem(0).data(0, MARK) == "skipped"
    press(finder, Qt.Key.Key_Return)
    assert focused(workspace) == "g1"


def test_nothing_found_is_said_and_escape_leaves_everything_as_it_was(
    desk: MainController, workspace: Workspace
) -> None:
    editor(workspace, "g1").buttons["yes"].setFocus()
    finder = open_finder(desk)
    type_text(finder, "ไม่มีคำนี้")
    assert finder.said.plain_text() == "ไม่พบข้อที่มีรหัสหรือคำนี้ โปรดลองใช้คำที่สั้นลง"
    press(finder, Qt.Key.Key_Return)
    assert finder.hasFocus() and finder.list.isVisible()
    press(finder, Qt.Key.Key_Escape)
    rest()
    assert focused(workspace) == "g1"


def test_f8_goes_from_problem_to_problem_and_back(desk: MainController, workspace: Workspace) -> None:
    workspace.open_page("g.page1")
    editor(workspace, "g1").buttons["yes"].setFocus()
    rest()
    stops = []
    for _ in range(3):
        press(desk.window, Qt.Key.Key_F8)
        stops.append(focused(workspace))
    assert stops == ["g2", "g3", "g4"]
    press(desk.window, Qt.Key.Key_F8, SHIFT)
    assert focused(workspace) == "g3"


def test_f8_walks_through_the_rows_of_a_table(desk: MainController, workspace: Workspace) -> None:
    workspace.go_to("p1.2a:1.1")
    rest()
    for address in ("p1.2a:1.2", "p1.2a:1.3", "p1.2a:2.1"):
        press(desk.window, Qt.Key.Key_F8)
        assert focused(workspace) == address


def test_f8_stops_at_missing_evidence(desk: MainController, workspace: Workspace) -> None:
    click(editor(workspace, "p1.4").buttons["yes"])
    workspace.go_to("p1.4")
    rest()
    press(desk.window, Qt.Key.Key_F8)
    assert QApplication.focusWidget() is place(workspace, "p1.4/yes").button


def test_f8_says_when_nothing_is_left(
    desk: MainController, full_draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "เต็ม.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    workspace = desk.workspace
    assert workspace is not None
    said: list[str] = []
    monkeypatch.setattr("dgdesk.ui.review.navigator.tell", lambda texts, message, *_: said.append(message))
    state = workspace.bridge.state
    press(desk.window, Qt.Key.Key_F8)
    assert bool(said) == (not state.problems)


def test_the_review_lists_everything_and_filters(desk: MainController, workspace: Workspace) -> None:
    workspace.bridge.answer("p1.4", "yes")
    press(desk.window, Qt.Key.Key_F8, CTRL)
    rest()
    assert workspace.on_review
    shown = workspace.review_page.list
    assert sum(item.childCount() for _, item in shown.groups()) == len(workspace.bridge.state.problems)
    shown.kind.setCurrentIndex(shown.kind.findData("evidence"))
    assert [page for page, _ in shown.groups()] == ["p1.page3"]
    shown.kind.setCurrentIndex(0)
    type_text(shown.box, "P1.4")
    assert [page for page, _ in shown.groups()] == ["p1.page3"]
    type_text(shown.box, " หลักฐาน")
    press(shown.box, Qt.Key.Key_Return)
    rest()
    assert workspace.page == "p1.page3"
    assert QApplication.focusWidget() is place(workspace, "p1.4/yes").button


def test_a_row_of_the_review_takes_enter(desk: MainController, workspace: Workspace) -> None:
    workspace.open_review()
    rest()
    tree = workspace.review_page.list.tree
    group = dict(workspace.review_page.list.groups())["p1.page3"]
    tree.setFocus()
    tree.setCurrentItem(group.child(0))
    press(tree, Qt.Key.Key_Return)
    assert focused(workspace) == "p1.3"


def test_the_list_follows_the_work_without_being_made_anew(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.side.setCurrentWidget(workspace.next)
    panel = workspace.problems
    qtbot.waitUntil(lambda: len(panel._groups()) > 5, timeout=20_000)
    kept = dict(panel._groups())["p1.page3"].child(0)
    click(editor(workspace, "g4").buttons["no"])
    qtbot.waitUntil(lambda: "g.page3" not in dict(panel._groups()), timeout=20_000)
    assert dict(panel._groups())["p1.page3"].child(0) is kept


def test_skipped_questions_leave_a_slim_line_saying_why(workspace: Workspace) -> None:
    click(editor(workspace, "g1").buttons["no"])
    assert whys(workspace) == ["ไม่ต้องกรอกข้อ G2 เพราะข้อ G1 ตอบว่า “ไม่มี”"]
    assert not visible(workspace, "g2")
    click(editor(workspace, "g1").buttons["yes"])
    assert whys(workspace) == [] and visible(workspace, "g2")
    workspace.undo()
    assert whys(workspace) != [] and not visible(workspace, "g2")


def test_a_question_with_a_condition_says_why_it_is_asked(workspace: Workspace) -> None:
    click(editor(workspace, "p4.2.2").buttons["yes"])
    assert whys(workspace) == ["ต้องตอบข้อนี้ เนื่องจากข้อ P4.2.2 ตอบว่า “มี”"]
    click(editor(workspace, "p4.2.2").buttons["no"])
    assert whys(workspace) == ["ไม่ต้องกรอกข้อ P4.2.3 เพราะข้อ P4.2.2 ตอบว่า “ไม่มี”"]


def test_the_keyboard_clears_the_answer_that_has_the_focus(
    desk: MainController, workspace: Workspace, draft: Draft
) -> None:
    click(editor(workspace, "g4").buttons["no"])
    editor(workspace, "g4").buttons["no"].setFocus()
    press(desk.window, Qt.Key.Key_Delete, CTRL | SHIFT)
    assert "g4" not in draft.session.state.facts.answers
    box = editor(workspace, "general.address").input
    type_text(box, "ศาลากลาง")
    press(box, Qt.Key.Key_Delete, CTRL | SHIFT)
    assert "general.address" not in draft.session.state.facts.answers
    workspace.undo()
    assert workspace.bridge.value("general.address") == "ศาลากลาง"


def test_the_keyboard_clears_nothing_while_the_focus_is_elsewhere(
    desk: MainController, workspace: Workspace, draft: Draft
) -> None:
    click(editor(workspace, "g4").buttons["no"])
    workspace.outline.setFocus()
    press(desk.window, Qt.Key.Key_Delete, CTRL | SHIFT)
    assert draft.session.state.facts.answers["g4"] == "no"


def test_after_a_failed_ready_the_first_problem_has_the_focus(desk: MainController, workspace: Workspace) -> None:
    workspace.open_page("p5.page1")

    def mend() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ExportWizard)
        problems = dialog.ready_page.list
        problems.box.setFocus()
        press(problems.box, Qt.Key.Key_Return)

    QTimer.singleShot(0, mend)
    press(desk.window, Qt.Key.Key_E, CTRL)
    first = workspace.bridge.state.problems[0]
    assert first.address == "general.address"
    assert focused(workspace) == first.address


@pytest.mark.parametrize("width", [640, 420])
def test_no_text_of_the_dialogs_is_cut(desk: MainController, workspace: Workspace, width: int) -> None:
    workspace.bridge.answer("g1", "no")
    dialogs: list[QDialog] = []
    finder = open_finder(desk)
    type_text(finder, "โปรดระบุ")
    dialogs.append(finder)
    workspace.finding.dialog = None
    workspace.finding.history()
    assert workspace.finding.dialog is not None
    dialogs.append(workspace.finding.dialog)
    workspace.finding.dialog = None
    for dialog in dialogs:
        dialog.resize(width, 480)
        rest()
        assert sorted(set(broken_texts(dialog))) == []
        dialog.close()
    rest()
