"""Notes on the page by their kind, and P4.6 as the table that the form prints."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from dgdesk.ui.form.field_parts import NotesBox
from dgdesk.ui.form.two_columns import TwoColumns, TwoHeads
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from ui.hands import editor, part, settle, visible


def label(inside: QWidget, words: str) -> WrapLabel:
    """The text below a widget that begins with these words."""
    (found,) = [one for one in inside.findChildren(WrapLabel) if one.plain_text().startswith(words)]
    return found


def is_in_box(one: QLabel) -> bool:
    parent = one.parentWidget()
    while parent is not None and not isinstance(parent, NotesBox):
        parent = parent.parentWidget()
    return parent is not None


@pytest.mark.parametrize(
    ("address", "words", "role", "boxed"),
    [
        ("p4.3", "(ตามที่พระราชบัญญัติ", "label", False),
        ("p4.3", "หมายเหตุ การแนบเอกสาร", "note", True),
        ("p4.4", "หมายเหตุ 2 กลุ่มเปราะบาง หมายถึง", "text", True),
        ("p2.3.1.3", "- ช่องชุดข้อมูลเปิด", "text", True),
        ("p2.3.1.3", "ตัวอย่าง:", "note", True),
        ("p6.2.2.table", "6) Security Engineering", "label", False),
        ("p6.2.2.table", "1.6 Security Engineering", "note", True),
        ("p4.6", "การมีส่วนร่วมของประชาชน", "rowheader", False),
    ],
)
def test_a_note_looks_like_what_it_is(workspace: Workspace, address: str, words: str, role: str, boxed: bool) -> None:
    workspace.bridge.answer("p2.3.1.1", "yes")
    editor(workspace, address)
    found = label(part(workspace, address), words)
    assert found.objectName() == role
    assert is_in_box(found) is boxed


def test_p4_6_is_a_table_with_heads(workspace: Workspace, desk: MainController) -> None:
    desk.window.resize(1366, 768)
    table = editor(workspace, "p4.6")
    settle(QApplication.instance())
    (heads,) = table.findChildren(TwoHeads)
    assert [one.plain_text() for one in heads.findChildren(WrapLabel)] == ["ประเภทของการมีส่วนร่วม", "การดำเนินการ"]
    question, answers = label(part(workspace, "p4.6.1"), "e-Information"), part(workspace, "p4.6.1").editor
    assert not any(columns.stacked for columns in table.findChildren(TwoColumns))
    left, right = question.mapTo(table, question.rect().topLeft()), answers.mapTo(table, answers.rect().topLeft())
    assert left.x() + question.width() <= right.x()
    assert abs(heads.findChildren(WrapLabel)[1].mapTo(table, answers.rect().topLeft()).x() - right.x()) <= 4


def test_the_channels_say_for_whom_they_are_where_they_open(workspace: Workspace) -> None:
    editor(workspace, "p4.6")
    assert not visible(workspace, "p4.6.2.channels")
    workspace.bridge.answer("p4.6.2", "yes")
    assert visible(workspace, "p4.6.2.channels")
    assert label(part(workspace, "p4.6.2.channels"), "(เฉพาะเรื่องที่ตอบว่า “มี”) ช่องทางบริการ")
    workspace.bridge.answer("p4.6.2", "no")
    assert not visible(workspace, "p4.6.2.channels")


def test_where_there_is_little_room_the_answers_are_below_the_question(services: Services, qtbot: QtBot) -> None:
    row = TwoColumns(None)
    qtbot.addWidget(row)
    for column, words in ((row.left, "e-Information คือ"), (row.right, "ไม่มี")):
        column.addWidget(WrapLabel(services.texts, words, "label", row))
    question, answers = row.findChildren(WrapLabel)
    row.show()
    for width, stacked in ((300, True), (1100, False), (300, True)):
        row.resize(width, 200)
        settle(QApplication.instance())
        assert row.stacked is stacked
        below = answers.mapTo(row, answers.rect().topLeft()).y() >= question.geometry().bottom()
        assert below is stacked
