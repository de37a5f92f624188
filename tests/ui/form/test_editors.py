"""Every kind of question takes an answer, stores it and shows what is stored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.model import StateKey
from dgdesk.survey.answers.values import UnreadValue
from dgdesk.ui.form import pending
from dgdesk.ui.form.field_view import FieldView
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import click, click_at, compose, editor, part, place, press, settle, type_text, visible


def value(draft: Draft, address: str) -> object:
    return draft.session.state.facts.answers.get(address)


def leave(workspace: Workspace) -> None:
    workspace.outline.setFocus()


def test_text_is_stored_a_moment_after_typing_and_shown_tidied_when_left(
    workspace: Workspace, draft: Draft, qtbot: QtBot
) -> None:
    box = editor(workspace, "general.first_name").input
    type_text(box, "  สมศรี   น้ำใจ ")
    assert value(draft, "general.first_name") is None
    qtbot.waitUntil(lambda: value(draft, "general.first_name") == "สมศรี น้ำใจ", timeout=20_000)
    assert box.text() == "  สมศรี   น้ำใจ "
    leave(workspace)
    assert box.text() == "สมศรี น้ำใจ"


def test_text_from_an_input_method_is_stored_too(workspace: Workspace, draft: Draft) -> None:
    box = editor(workspace, "general.address").input
    compose(box, "ศาลากลางจังหวัดน่าน\nชั้น ๒")
    leave(workspace)
    assert value(draft, "general.address") == "ศาลากลางจังหวัดน่าน\nชั้น ๒"


def test_both_ways_of_typing_nam_are_stored_the_same(workspace: Workspace, draft: Draft) -> None:
    box = editor(workspace, "general.position").input
    type_text(box, "น\u0e49\u0e4d\u0e32")
    leave(workspace)
    assert value(draft, "general.position") == box.text() == "น้ำ"


@pytest.mark.parametrize(
    ("address", "typed", "stored", "shown"),
    [
        ("general.office_phone", "๐๕๔-๗๑๖๔๖๗", "054-716467", "054-716467"),
        ("general.email", "nan@example.go.th ", "nan@example.go.th", "nan@example.go.th"),
        ("p4.1.count", "๑๒", Decimal(12), "12"),
        ("p4.2.2.2", "๘๗.๕", Decimal("87.5"), "87.5"),
        ("p4.5.1.2", "nan.go.th", "https://nan.go.th", "https://nan.go.th"),
    ],
)
def test_one_line_kinds_store_what_is_meant(
    workspace: Workspace, draft: Draft, address: str, typed: str, stored: object, shown: str
) -> None:
    open_ways(draft)
    box = editor(workspace, address).input
    type_text(box, typed)
    leave(workspace)
    if isinstance(value(draft, address), UnreadValue):
        pytest.fail(f"unread: {value(draft, address)}")
    assert (value(draft, address), box.text()) == (stored, shown)


def open_ways(draft: Draft) -> None:
    session = draft.session
    session.answer("p4.1", "known")
    session.answer("p4.2.2", "yes")
    session.answer("p4.2.2.satisfaction", "percent")
    session.answer("p4.5.1", "yes")
    session.answer("p1.3", "doing")


def test_what_cannot_be_read_stays_as_typed_with_the_reason_under_it(
    workspace: Workspace, draft: Draft, qtbot: QtBot
) -> None:
    box = editor(workspace, "general.email").input
    type_text(box, "ไม่มี")
    leave(workspace)
    assert value(draft, "general.email") == UnreadValue("ไม่มี", "email.no_at")
    assert box.text() == "ไม่มี"
    view = part(workspace, "general.email")
    assert isinstance(view, FieldView) and view._problem is not None and view._problem.isVisible()
    assert "ต้องมีเครื่องหมาย @" in view._problem.plain_text()
    box.clear()
    type_text(box, "a@b.go.th")
    leave(workspace)
    assert not view._problem.isVisible()


def test_a_month_is_chosen_and_the_year_typed_in_either_era(workspace: Workspace, draft: Draft) -> None:
    open_ways(draft)
    dates = editor(workspace, "p1.3.2")
    dates.month.setCurrentIndex(10)
    dates.month.activated.emit(10)
    type_text(dates.year, "๒๐๒๗")
    leave(workspace)
    assert value(draft, "p1.3.2") == "2027-10"
    assert (dates.month.currentText(), dates.year.text()) == ("ตุลาคม", "2570")


@pytest.mark.parametrize("pasted", ["30/9/2568", "30 ก.ย. 68", "2025-09-30", "กันยายน ๒๕๖๘"])
@pytest.mark.parametrize("chosen", [0, 10])
def test_a_date_pasted_into_the_year_box_gives_month_and_year(
    workspace: Workspace, draft: Draft, pasted: str, chosen: int
) -> None:
    open_ways(draft)
    dates = editor(workspace, "p1.3.2")
    dates.month.setCurrentIndex(chosen)
    type_text(dates.year, pasted)
    leave(workspace)
    assert value(draft, "p1.3.2") == "2025-09"
    assert (dates.month.currentText(), dates.year.text()) == ("กันยายน", "2568")


def test_a_day_that_is_not_there_is_told_in_the_window(workspace: Workspace, draft: Draft) -> None:
    open_ways(draft)
    type_text(editor(workspace, "p1.3.2").year, "29/2/2568")
    leave(workspace)
    view = part(workspace, "p1.3.2")
    assert isinstance(view, FieldView) and view._problem is not None
    assert "กุมภาพันธ์ 2568 ไม่มีวันที่ 29" in view._problem.plain_text()


def test_a_month_without_its_year_is_kept_and_reported(workspace: Workspace, draft: Draft) -> None:
    open_ways(draft)
    dates = editor(workspace, "p1.3.2")
    dates.month.setCurrentIndex(3)
    dates.month.activated.emit(3)
    assert value(draft, "p1.3.2") == UnreadValue("มีนาคม", "month.no_year")
    workspace.open_page("g.page1")
    dates = editor(workspace, "p1.3.2")
    assert (dates.month.currentText(), dates.year.text()) == ("มีนาคม", "")


def test_a_follow_up_comes_under_its_option_goes_and_keeps_its_answer(workspace: Workspace, draft: Draft) -> None:
    single = editor(workspace, "g1")
    assert not visible(workspace, "g1.reason")
    click(single.buttons["no"])
    assert visible(workspace, "g1.reason")
    reason = part(workspace, "g1.reason")
    no, yes = single.buttons["no"], single.buttons["yes"]
    assert no.y() < reason.mapTo(single, QPoint(0, 0)).y() < yes.y()
    box = editor(workspace, "g1.reason").input
    type_text(box, "ยังไม่มีงบประมาณ")
    click(single.buttons["yes"])
    assert not visible(workspace, "g1.reason")
    assert workspace.flush() and value(draft, "g1.reason") == "ยังไม่มีงบประมาณ"
    click(single.buttons["no"])
    assert visible(workspace, "g1.reason") and box.toPlainText() == "ยังไม่มีงบประมาณ"


def test_the_whole_row_of_an_option_is_a_target_and_the_keys_work(workspace: Workspace, draft: Draft) -> None:
    single = editor(workspace, "g1")
    yes = single.buttons["yes"]
    click_at(yes, yes.width() - 5, yes.height() // 2)
    assert value(draft, "g1") == "yes"
    yes.setFocus()
    press(yes, Qt.Key.Key_Up)
    assert value(draft, "g1") == "no" and single.buttons["no"].hasFocus()
    assert single.buttons["no"].accessibleName() == "ไม่มี (ข้ามไปข้อ G4)"


def test_several_are_chosen_and_an_exclusive_one_stands_alone(workspace: Workspace, draft: Draft) -> None:
    several = editor(workspace, "p5.3")
    click(several.buttons["1"])
    press(several.buttons["3"], Qt.Key.Key_Space)
    assert value(draft, "p5.3") == ("1", "3")
    click(several.buttons["none"])
    assert value(draft, "p5.3") == ("none",)
    assert [name for name, button in several.buttons.items() if button.isChecked()] == ["none"]
    assert "ไม่มีในแบบพิมพ์" in several.buttons["none"].accessibleName()


def test_a_table_takes_one_choice_per_row_and_opens_its_evidence(workspace: Workspace, draft: Draft) -> None:
    workspace.open_page("p1.page2")
    row = part(workspace, "p1.2a:1.1")
    click(row.cells["yes"])
    assert value(draft, "p1.2a:1.1") == "yes"
    assert place(workspace, "p1.2a:1.1/yes").isVisible()
    click_at(row.cells["no"], 2, 2)
    assert value(draft, "p1.2a:1.1") == "no"
    assert not place(workspace, "p1.2a:1.1/yes").isVisible()
    name = row.cells["no"].accessibleName()
    assert name.startswith("1.1 การกำกับดูแล") and name.endswith(": ไม่มีการดำเนินการ")


def test_a_table_with_two_questions_keeps_them_apart(workspace: Workspace, draft: Draft) -> None:
    workspace.open_page("p3.page1")
    click(part(workspace, "p3.1.table:1:train").cells["yes"])
    click(part(workspace, "p3.1.table:1:measure").cells["no"])
    assert (value(draft, "p3.1.table:1:train"), value(draft, "p3.1.table:1:measure")) == ("yes", "no")


def test_items_are_added_moved_removed_and_brought_back(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g3", "yes")
    items = editor(workspace, "g3.projects")
    assert list(items.items) == ["1"]
    click(items.add)
    assert value(draft, "g3.projects") == ("1", "2")
    type_text(editor(workspace, "g3.projects.name#2").input, "ระบบจองคิว")
    click(items.items["2"].up)
    assert value(draft, "g3.projects") == ("2", "1")
    settle(QApplication.instance())
    assert items.items["2"].y() < items.items["1"].y()
    click(items.items["2"].remove)
    assert value(draft, "g3.projects.name#2") is None and not items.items["2"].isVisible()
    workspace.undo()
    assert value(draft, "g3.projects.name#2") == "ระบบจองคิว"
    assert visible(workspace, "g3.projects.name#2")
    assert editor(workspace, "g3.projects.name#2").input.text() == "ระบบจองคิว"


def test_a_repeat_takes_no_more_than_the_form_prints(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g3", "yes")
    items = editor(workspace, "g3.projects")
    for _ in range(4):
        click(items.add)
    assert len(items.items) == 5 and not items.add.isEnabled()


def test_the_province_is_found_by_a_part_of_its_name(workspace: Workspace, draft: Draft) -> None:
    combo = editor(workspace, "general.province").combo
    assert combo.count() == 76 and combo.currentText() == "น่าน"
    combo.box.selectAll()
    type_text(combo.box, "ใหม่")
    matches = combo.completer().completionModel()
    assert [matches.index(row, 0).data() for row in range(matches.rowCount())] == ["เชียงใหม่"]
    combo.completer().activated[str].emit("เชียงใหม่")
    assert value(draft, "general.province") == "TH-50"


@pytest.mark.parametrize(
    ("typed", "by_enter"),
    [("ล\u0e4dาพูน", True), ("ล\u0e4dาพูน", False), ("ล\u0e4d\u200bาพูน", False), ("พูน", True)],
)
def test_the_province_is_found_in_whatever_order_its_name_was_typed(
    workspace: Workspace, draft: Draft, typed: str, by_enter: bool
) -> None:
    combo = editor(workspace, "general.province").combo
    combo.box.selectAll()
    type_text(combo.box, typed)
    matches = combo.completer().completionModel()
    assert "ลำพูน" in [matches.index(row, 0).data() for row in range(matches.rowCount())]
    if by_enter:
        combo.box.returnPressed.emit()
    else:
        combo.completer().popup().hide()
        leave(workspace)
    assert value(draft, "general.province") == "TH-51" and combo.box.text() == "ลำพูน"


def test_a_name_that_is_no_province_is_kept_and_reported(workspace: Workspace, draft: Draft) -> None:
    combo = editor(workspace, "general.province").combo
    combo.box.selectAll()
    type_text(combo.box, "กรุงเก่า")
    leave(workspace)
    assert value(draft, "general.province") == UnreadValue("กรุงเก่า", "value.unknown_option")
    assert combo.box.text() == "กรุงเก่า"


def test_the_wheel_changes_no_answer(workspace: Workspace, draft: Draft) -> None:
    open_ways(draft)
    for box in (editor(workspace, "general.province").combo, editor(workspace, "p1.3.2").month):
        before = box.currentIndex()
        event = QWheelEvent(
            QPointF(5, 5),
            box.mapToGlobal(QPointF(5, 5)),
            QPoint(0, -120),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, event)
        assert box.currentIndex() == before and not event.isAccepted()


def test_a_click_is_not_lost_when_leaving_a_box_moves_what_lies_below(
    workspace: Workspace, draft: Draft, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "PAUSE", 600_000)  # what is written here is written because the box was left
    draft.session.answer("g1", "no")
    reason = editor(workspace, "g1.reason")
    draft.session.set_answer_from_text("g1.reason", "ก")
    reason.refresh()
    reason.input.setFocus()
    reason.input.selectAll()
    type_text(reason.input, "\n".join("กขค" for _ in range(9)))
    button = editor(workspace, "g1").buttons["yes"]
    settle(QApplication.instance())
    QTest.mousePress(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, button.rect().center())
    assert reason.pending.dirty
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, button.rect().center())
    assert value(draft, "g1") == "yes"
    qtbot.waitUntil(lambda: str(value(draft, "g1.reason")).startswith("กขค"), timeout=20_000)


def test_an_extension_is_moved_when_the_box_is_left_not_while_it_is_typed(
    workspace: Workspace, draft: Draft, qtbot: QtBot
) -> None:
    phone, extension = editor(workspace, "general.office_phone").input, editor(workspace, "general.extension").input
    type_text(phone, "0 2123 4567 ต่อ 1")
    qtbot.wait(2 * pending.PAUSE)
    type_text(phone, "234")
    assert extension.text() == "" and phone.text() == "0 2123 4567 ต่อ 1234"
    leave(workspace)
    assert (phone.text(), extension.text()) == ("0 2123 4567", "1234")
    assert value(draft, "general.extension") == "1234"
    assert workspace.bridge.undo()
    assert (phone.text(), extension.text()) == ("", "")


def test_an_extension_that_is_there_is_not_overwritten_and_the_reason_stands_beside_the_number(
    workspace: Workspace, draft: Draft
) -> None:
    assert workspace.bridge.answer("general.extension", "99")
    phone, extension = editor(workspace, "general.office_phone").input, editor(workspace, "general.extension").input
    type_text(phone, "0 2123 4567 กด 12")
    leave(workspace)
    assert (phone.text(), extension.text()) == ("0 2123 4567 ต่อ 12", "99")
    view = part(workspace, "general.office_phone")
    assert isinstance(view, FieldView) and view._problem is not None and view._problem.isVisible()
    assert "99" in view._problem.plain_text() and "12" in view._problem.plain_text()


PASTED = {
    "lines": "0 5311 2233\n0 5311 2244\r\n08 1234 5678",
    "two e-mails": "a@b.go.th\nc@d.go.th",
    "a unit": "12 บริการ\n",
    "html": "<b>12</b>\n<i>x</i>",
    "marks": "\u202e12\u202c\u200b\x07",
    "long": "ก" * 100_000,
}


@pytest.mark.parametrize("name", PASTED)
@pytest.mark.parametrize(
    "address",
    ["general.first_name", "general.office_phone", "general.email", "p4.1.count", "p4.5.1.2", "general.address"],
)
def test_what_is_pasted_into_a_box_is_stored_whole_or_normalised(
    workspace: Workspace, draft: Draft, address: str, name: str
) -> None:
    open_ways(draft)
    box = editor(workspace, address).input
    box.setFocus()
    QApplication.clipboard().setText(PASTED[name])
    box.paste()
    leave(workspace)
    stored = value(draft, address)
    if isinstance(stored, UnreadValue):
        kept = draft.session.stored[StateKey("answer", address)]["unread"]
        assert kept.replace("\r\n", "\n") == PASTED[name].strip().replace("\r\n", "\n")
        view = part(workspace, address)
        assert isinstance(view, FieldView) and view._problem is not None and view._problem.isVisible()
    elif address == "p4.1.count":
        assert stored == 12
    else:
        assert [sign for sign in str(stored) if sign.isalnum()] == [sign for sign in PASTED[name] if sign.isalnum()]


def test_a_year_pasted_with_a_line_end_and_a_month_too_are_kept(workspace: Workspace, draft: Draft) -> None:
    open_ways(draft)
    dates = editor(workspace, "p1.3.2")
    dates.year.setFocus()
    QApplication.clipboard().setText("ตุลาคม ๒๕๗๐\n")
    dates.year.paste()
    leave(workspace)
    assert value(draft, "p1.3.2") == "2027-10"
    assert (dates.month.currentText(), dates.year.text()) == ("ตุลาคม", "2570")
