"""A wrong value has a red border, an icon and its true cause, seen and heard; numbers are easy to read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.ui.form.problem_line import ProblemLine
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.wrong import WrongBorder, wrong_cause
from ui.hands import editor, part, press, settle, type_text


def colour_at(widget: QWidget, x: int, y: int) -> str:
    return QColor(widget.grab().toImage().pixel(x, y)).name()


def red(widget: QWidget) -> bool:
    """Whether both pixels of the border in the middle of the upper edge are red."""
    middle = widget.width() // 2
    return all(colour_at(widget, middle, y) == colours.in_use().error for y in (0, 1))


@pytest.fixture
def counted(workspace: Workspace) -> Workspace:
    """A draft that asks for the number of services."""
    workspace.bridge.answer("p4.1", "known")
    return workspace


def fill(workspace: Workspace, address: str, text: str) -> QWidget:
    box = editor(workspace, address).input
    box.setFocus()
    box.selectAll()
    press(box, Qt.Key.Key_Delete)
    type_text(box, text)
    press(box, Qt.Key.Key_Tab)
    settle(QApplication.instance())
    return box


CAUSES = {
    "a digit is missing": ("general.mobile", "081 234 567", "10 หลัก", "มี 9 หลัก"),
    "words": ("general.mobile", "ไม่มีค่ะ", "ข้อความอื่น", ""),
    "no @": ("general.email", "somsri.go.th", "@", ""),
    "a name in the extension": ("general.extension", "abc", "เบอร์ต่อต้องเป็นตัวเลข", "เว้นว่าง"),
}


@pytest.mark.parametrize("case", sorted(CAUSES))
def test_a_wrong_text_has_border_icon_and_cause(workspace: Workspace, case: str) -> None:
    address, typed, *words = CAUSES[case]
    box = fill(workspace, address, typed)
    line = part(workspace, address).findChild(ProblemLine)
    assert line is not None and line.isVisible() and all(one in line.plain_text() for one in words)
    assert red(box)
    assert wrong_cause(box) == line.plain_text()
    assert box.accessibleDescription().startswith(line.plain_text())  # before the hint: it is heard first
    icon = line.grab().toImage()
    assert QColor(icon.pixel(line.fontMetrics().lineSpacing() // 2, 3)).isValid()
    fill(workspace, address, "")
    assert not red(box) and wrong_cause(box) == "" and line.isHidden()
    assert box.accessibleDescription() == ""


def test_the_cause_of_a_web_address(workspace: Workspace, draft: Draft) -> None:
    workspace.bridge.answer("p2.1.1.1", "yes")
    url = "p2.1.1.2"
    for typed, words in (("htp:/", "https://"), ("https://a.go.th https://b.go.th", "1 รายการ")):
        box = fill(workspace, url, typed)
        if not box.isVisible():
            pytest.fail("the field is not asked")
        assert red(box) and words in wrong_cause(box)


def test_a_month_with_a_wrong_year_marks_both_its_boxes(workspace: Workspace) -> None:
    workspace.bridge.answer("p1.4", "doing")
    settle(QApplication.instance())
    both = editor(workspace, "p1.4.1")
    both.month.setCurrentIndex(3)
    type_text(both.year, "25x")
    press(both.year, Qt.Key.Key_Tab)
    settle(QApplication.instance())
    assert red(both.month) and red(both.year)
    assert wrong_cause(both.month) == wrong_cause(both.year) != ""


def test_a_choice_that_cannot_be_read_has_a_border_around_its_options(workspace: Workspace) -> None:
    workspace.bridge.set_answer_from_text("g1", "maybe")
    choices = editor(workspace, "g1")
    settle(QApplication.instance())
    border = choices.findChild(WrongBorder)
    assert border is not None and border.isVisible() and border.geometry() == choices.rect()
    assert wrong_cause(choices.focus_target())
    workspace.bridge.answer("g1", "no")
    settle(QApplication.instance())
    assert border.isHidden() and not wrong_cause(choices.focus_target())


def test_a_row_of_a_table_that_cannot_be_read_has_a_border_too(workspace: Workspace) -> None:
    workspace.bridge.set_answer_from_text("p3.1.table:1:measure", "perhaps")
    workspace.go_to("p3.1.table:1:measure")
    settle(QApplication.instance())
    row = part(workspace, "p3.1.table:1:measure")
    assert all(wrong_cause(cell) for cell in row.inputs)
    assert any(one.isVisible() for one in workspace.page_view.findChildren(WrongBorder))


def test_what_is_only_missing_is_not_marked_as_wrong(workspace: Workspace) -> None:
    workspace.go_to("general.mobile")  # says that it is not answered yet
    settle(QApplication.instance())
    box = editor(workspace, "general.mobile").input
    assert part(workspace, "general.mobile").findChild(ProblemLine).isVisible()
    assert not red(box) and wrong_cause(box) == ""


def test_numbers_have_commas_until_they_are_changed_and_stay_exact(counted: Workspace, draft: Draft) -> None:
    box = fill(counted, "p4.1.count", "๑2345 บริการ")
    assert box.text() == "12,345" and draft.session.state.facts.answers["p4.1.count"] == Decimal(12345)
    box.setFocus(Qt.FocusReason.TabFocusReason)
    assert box.text() == "12345" and box.selectedText() == "12345"
    press(box, Qt.Key.Key_End)
    type_text(box, "6")
    press(box, Qt.Key.Key_Tab)
    settle(QApplication.instance())
    assert box.text() == "123,456" and draft.session.state.facts.answers["p4.1.count"] == Decimal(123456)


def test_looking_at_a_number_changes_nothing(counted: Workspace, draft: Draft) -> None:
    box = fill(counted, "p4.1.count", "9876543")
    before = len(tuple(draft.package.history()))
    for reason in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.MouseFocusReason):
        box.setFocus(reason)
        press(box, Qt.Key.Key_Tab)
        settle(QApplication.instance())
    assert box.text() == "9,876,543" and len(tuple(draft.package.history())) == before


def test_a_wrong_number_stays_as_it_was_typed(counted: Workspace) -> None:
    box = fill(counted, "p4.1.count", "1,23")
    assert box.text() == "1,23" and red(box)
    box.setFocus(Qt.FocusReason.TabFocusReason)
    assert box.text() == "1,23"
