"""What can be done with a question where it stands: its menu, clearing what lies inside it, whole columns, numbers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.ui.form.editors import matrix as matrix_room
from dgdesk.ui.review.history_dialog import HistoryDialog
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.context_menu import MoreButton
from dgdesk.ui.widgets.label import WrapLabel
from ui.hands import click, editor, press, settle, type_text

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def answers(draft: Draft) -> dict[str, object]:
    return dict(draft.session.state.facts.answers)


def open_menu() -> QMenu:
    settle(QApplication.instance())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu), "no menu came"
    return menu


def entry(menu: QMenu, words: str):
    return next(one for one in menu.actions() if words in one.text())


def by_mouse(widget: QWidget) -> QMenu:
    """Click with the right button in the middle."""
    place: QPoint = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    return open_menu()


def test_the_dots_of_a_card_clear_it_and_show_its_history(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g1", "yes")
    workspace.open_page("g.page1")
    settle(QApplication.instance())
    card = workspace.page_view.parts.by_address["g1"]
    more = card.findChild(MoreButton)
    assert more is not None and more.accessibleName() and more.focusPolicy() == Qt.FocusPolicy.NoFocus
    click(more)
    entry(open_menu(), "ล้างคำตอบ: G1").trigger()
    QApplication.activePopupWidget().close()
    assert "g1" not in answers(draft)
    click(more)
    menu = open_menu()
    assert not any("ล้างคำตอบ" in one.text() for one in menu.actions()), "there is nothing to clear"
    entry(menu, "ประวัติ: G1").trigger()
    menu.close()
    assert isinstance(workspace.finding.dialog, HistoryDialog)
    assert workspace.finding.dialog.which.currentData() == "g1"
    workspace.finding.dialog.close()


def test_keys_open_the_menu_on_options_cells_and_boxes(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g1", "no")
    draft.session.answer("g1.reason", "ยังไม่พร้อม")
    g1 = editor(workspace, "g1")
    for widget, where in (
        (g1.buttons["no"], "G1"),
        (editor(workspace, "g1.reason").input, "G1"),
        (editor(workspace, "p5.1.table")._rows[0].cells[0], "P5.1"),
    ):
        if widget is not None and not widget.isVisible():
            editor(workspace, "g1")
            continue
        widget.setFocus()
        press(widget, Qt.Key.Key_F10, SHIFT)
        menu = open_menu()
        assert where in entry(menu, "ประวัติ: ").text()
        menu.close()
        settle(QApplication.instance())


def test_a_row_and_a_nested_box_are_cleared_alone(workspace: Workspace, draft: Draft) -> None:
    table = editor(workspace, "p5.1.table")
    for row in table._rows[:2]:
        click(row.cells[0])
    first, second = (row.questions[0].node.address for row in table._rows[:2])
    entry(by_mouse(table._rows[0].cells[1]), "ล้างคำตอบ").trigger()
    QApplication.activePopupWidget().close()
    assert first not in answers(draft) and second in answers(draft)
    table._rows[1].cells[0].setFocus()
    press(table._rows[1].cells[0], Qt.Key.Key_Delete, CTRL_SHIFT)
    assert second not in answers(draft)
    draft.session.answer("g1", "no")
    reason = editor(workspace, "g1.reason").input
    type_text(reason, "ยังไม่พร้อม")
    menu = by_mouse(reason.viewport())
    assert len(menu.actions()) > 4, "Qt's own entries stand there as well"
    entry(menu, "ล้างคำตอบ").trigger()
    menu.close()
    assert "g1.reason" not in answers(draft) and answers(draft)["g1"] == "no" and reason.toPlainText() == ""
    workspace.undo()
    assert answers(draft)["g1.reason"] == "ยังไม่พร้อม"


def test_a_stacked_table_offers_whole_columns_too(
    workspace: Workspace, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = editor(workspace, "p1.2a")
    monkeypatch.setattr(matrix_room, "ask", lambda *_: 0)
    assert table.fill_button is None
    workspace.window().resize(900, 700)
    workspace.show_side(False)
    workspace.splitter.setSizes([430, 430])
    settle(QApplication.instance())
    assert table.stacked and table.fill_button is not None and table.fill_button.isVisible()
    assert table.fill_button.accessibleName().startswith("ตอบทุกแถวพร้อมกัน: ")
    workspace._focus_order.follow()
    table.fill_button.setFocus()
    press(table.fill_button, Qt.Key.Key_Space)
    menu = open_menu()
    assert len(menu.actions()) == len(table.head.buttons) == 2
    menu.actions()[0].trigger()
    menu.close()
    rows = [row.questions[0].node.address for row in table._rows]
    assert {answers(draft).get(row) for row in rows} == {"no"}
    workspace.undo()
    assert not any(row in answers(draft) for row in rows)


def test_numbers_of_items_follow_their_order(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g3", "yes")
    items = editor(workspace, "g3.projects")
    click(items.add)
    settle(QApplication.instance())
    boxes = {key: editor(workspace, f"g3.projects.name#{key}").input for key in ("1", "2")}
    assert boxes["2"].accessibleName().startswith("2. ")

    def heads() -> list[str]:
        return [one.plain_text() for one in items.findChildren(WrapLabel, "itemhead") if one.isVisible()]

    assert set(heads()) == {"รายการที่ 1", "รายการที่ 2"}
    click(items.items["2"].up)
    settle(QApplication.instance())
    assert items.items["2"]._head.plain_text() == "รายการที่ 1" and items.items["1"].number == 2
    assert boxes["2"].accessibleName().startswith("1. ") and boxes["1"].accessibleName().startswith("2. ")
    assert "รายการที่ 1" in items.items["2"].remove.accessibleName()
    assert workspace.page_view.parts.by_address["g3.projects.name#2"]._said.plain_text().startswith("1. ")
    # opened again it is the same
    workspace.open_page("general.page1")
    assert editor(workspace, "g3.projects.name#2").input.accessibleName().startswith("1. ")
    workspace.undo()
    assert editor(workspace, "g3.projects.name#2").input.accessibleName().startswith("2. ")


def test_the_dots_of_a_table_clear_it_in_one_step(workspace: Workspace, draft: Draft) -> None:
    workspace.open_page(workspace.bridge.form.node("p1.2a").page)
    more = dots(workspace, "p1.2a")
    assert more.isHidden(), "there is nothing to clear"
    workspace.bridge.answer("p1.2a:1.1", "yes")
    workspace.bridge.answer("p1.2a:1.2", "no")
    assert more.isVisible()
    click(more)
    entry(open_menu(), "ล้างคำตอบ").trigger()
    QApplication.activePopupWidget().close()
    assert not [one for one in answers(draft) if one.startswith("p1.2a")]
    assert more.isHidden()
    workspace.undo()
    assert answers(draft)["p1.2a:1.2"] == "no"


def test_a_table_right_below_the_head_of_a_question_is_cleared_by_the_dots_there(
    workspace: Workspace, draft: Draft
) -> None:
    workspace.open_page(workspace.bridge.form.node("p5.1").page)
    workspace.bridge.answer("p5.1.table:1", "yes")
    settle(QApplication.instance())
    assert [one for one in workspace.page_view.findChildren(MoreButton) if one.isVisible()] == [dots(workspace, "p5.1")]
    click(dots(workspace, "p5.1"))
    entry(open_menu(), "ล้างคำตอบ").trigger()
    QApplication.activePopupWidget().close()
    assert not [one for one in answers(draft) if one.startswith("p5.1.table")]


def test_a_choice_inside_a_question_has_dots_of_its_own_while_it_is_answered(
    workspace: Workspace, draft: Draft
) -> None:
    workspace.open_page("p1.page3")
    click(editor(workspace, "p1.3").buttons["doing"])
    more = dots(workspace, "p1.3.2")
    assert more.isHidden()
    workspace.bridge.answer("p1.3.2", "2027-05")
    assert more.isVisible()
    click(more)
    entry(open_menu(), "ล้างคำตอบ: P1.3.2").trigger()
    QApplication.activePopupWidget().close()
    assert "p1.3.2" not in answers(draft) and answers(draft)["p1.3"] == "doing"


def dots(workspace: Workspace, address: str) -> MoreButton:
    """The three dots of a field itself, not those of the fields inside it."""
    settle(QApplication.instance())
    card = workspace.page_view.parts.by_address[address]
    return next(one for one in card.findChildren(MoreButton) if one.parentWidget() is card)
