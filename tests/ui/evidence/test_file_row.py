"""A file at its place: one row that says what it is, what is still to do, and no more."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHoverEvent
from PySide6.QtWidgets import QApplication

from dgdesk.draft.drafts import Draft
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.ui.evidence.file_row import FileRow
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.shell.workspace import Workspace
from ui.attach import file, finish, png
from ui.hands import click, editor, press, settle, type_text

LONG = "คำสั่งจังหวัดน่าน ที่ 1234 แต่งตั้งคณะกรรมการ พ.ศ. 2568 (ฉบับแก้ไข).pdf"
AREA = (Rect(0.1, 0.1, 0.2, 0.2), Rect(0.3, 0.3, 0.4, 0.4))


@pytest.fixture
def place(workspace: Workspace) -> EvidenceSlot:
    """The place for evidence of "G1: there is one", beside the open panel."""
    workspace.show_side(True)
    click(editor(workspace, "g1").buttons["yes"])
    found = workspace.page_view.parts.places["g1/yes"]
    assert isinstance(found, EvidenceSlot)
    return found


def with_files(place: EvidenceSlot, *paths: Path) -> list[FileRow]:
    place.attach(*paths)
    finish(place)
    return list(place.files.rows.values())


def test_a_file_is_one_low_row_beside_the_open_panel(place: EvidenceSlot, tmp_path: Path) -> None:
    rows = with_files(place, file(tmp_path, LONG), file(tmp_path, "ภาพ.png", png()), file(tmp_path, "a.txt", b"a"))
    assert [row.height() <= 64 for row in rows] == [True] * 3
    assert len({(row.pages.x(), row.passages.x(), row.whole.x()) for row in rows}) == 1
    for row in rows:
        line = (row.face, row.pages, row.passages, row.whole, row.open, row.remove)
        assert all(one.isVisible() and one.x() >= 0 and one.geometry().right() < row.width() for one in line)
        assert all(left.geometry().right() < right.x() for left, right in pairwise(line))


def test_in_a_narrow_column_the_boxes_go_below_the_name(
    place: EvidenceSlot, workspace: Workspace, tmp_path: Path
) -> None:
    (row,) = with_files(place, file(tmp_path, LONG))
    workspace.window().resize(1024, 700)
    settle(QApplication.instance())
    assert row.height() <= 100
    assert row.pages.y() == row.passages.y() > row.face.geometry().bottom() - 1
    assert row.open.y() < row.pages.y()


def test_the_name_is_whole_in_the_tooltip_and_for_a_screen_reader(place: EvidenceSlot, tmp_path: Path) -> None:
    (row,) = with_files(place, file(tmp_path, LONG))
    assert row.face.name == LONG
    assert row.face.toolTip().splitlines()[0] == row.face.accessibleName().splitlines()[0] == LONG
    for widget in (row.pages, row.passages, row.whole, row.open, row.remove):
        assert widget.accessibleName().endswith(LONG)


def test_the_button_that_removes_is_seen_under_the_mouse_and_with_the_focus(
    place: EvidenceSlot, draft: Draft, tmp_path: Path
) -> None:
    (row,) = with_files(place, file(tmp_path, "a.pdf"))
    assert row.pages.hasFocus() and row.remove.seen
    place.button.setFocus()
    assert not row.remove.seen
    at = QPointF(5, 5)
    QApplication.sendEvent(row, QHoverEvent(QEvent.Type.HoverEnter, at, at, at))
    assert row.remove.seen
    QApplication.sendEvent(row, QHoverEvent(QEvent.Type.HoverLeave, at, at, at))
    assert not row.remove.seen
    row.open.setFocus()
    press(row.open, Qt.Key.Key_Tab)
    assert row.remove.hasFocus() and row.remove.seen
    press(row.remove, Qt.Key.Key_Space)
    assert not draft.session.state.facts.evidence.get("g1/yes")


def test_tab_goes_from_pages_to_passage_to_whole_to_open_to_remove(place: EvidenceSlot, tmp_path: Path) -> None:
    (row,) = with_files(place, file(tmp_path, "a.pdf"))
    order = [row.pages, row.passages, row.whole, row.open, row.remove]
    for one, after in pairwise(order):
        assert one.hasFocus()
        press(one, Qt.Key.Key_Tab)
        assert after.hasFocus()


def test_a_text_mark_fills_the_passage_until_words_are_typed(
    place: EvidenceSlot, draft: Draft, workspace: Workspace, tmp_path: Path
) -> None:
    (row,) = with_files(place, file(tmp_path, "a.pdf"))
    marks = (Mark(1, AREA[:1], text="แต่งตั้ง  ผู้บริหาร"), Mark(1, AREA[1:], note="ข้อ ๕"), Mark(1, AREA[:1]))
    assert workspace.bridge.mark("g1/yes", row.sha256, marks=marks)
    assert row.pages.placeholderText() == "1" and row.pages.accessibleDescription() == "1 (ตามเครื่องหมาย)"
    assert row.passages.placeholderText() == "แต่งตั้ง ผู้บริหาร … ข้อ ๕ (ตามเครื่องหมาย)"
    assert "3 เครื่องหมาย" in row.face.facts
    type_text(row.passages, "ทั้งหน้า")
    assert workspace.flush()
    assert row.passages.text() == "ทั้งหน้า" and row.passages.accessibleDescription() == ""
    assert workspace.bridge.undo() and workspace.bridge.undo()
    assert row.passages.placeholderText().startswith("เช่น")


def test_whole_file_is_one_click(place: EvidenceSlot, draft: Draft, tmp_path: Path) -> None:
    (row,) = with_files(place, file(tmp_path, "a.pdf"))
    click(row.whole)
    assert draft.session.state.facts.evidence["g1/yes"][0].whole
    click(row.whole)
    assert not draft.session.state.facts.evidence["g1/yes"][0].whole


def test_where_else_a_file_serves_makes_no_line_and_damage_does(
    place: EvidenceSlot, draft: Draft, workspace: Workspace, tmp_path: Path
) -> None:
    (row,) = with_files(place, file(tmp_path, "a.pdf"))
    height = row.height()
    assert workspace.bridge.attach_again("p1.4/yes", draft.session.state.facts.evidence["g1/yes"])
    settle(QApplication.instance())
    assert row.height() == height and "ใช้ที่ข้อ P1.4 ด้วย" in row.face.toolTip()
    workspace.bridge.set_damaged(frozenset({row.sha256}))
    settle(QApplication.instance())
    assert row.height() > height and row.face.status == "problems" and "แนบไฟล์เดิมอีกครั้ง" in row.facts()
    workspace.bridge.set_damaged(frozenset())
    settle(QApplication.instance())
    assert row.height() == height and row.face.status == "evidence"


def test_a_place_is_amber_only_while_something_is_to_be_done(
    place: EvidenceSlot, workspace: Workspace, tmp_path: Path
) -> None:
    assert place.objectName() == "evidence" and place.head.accessibleDescription() == "ยังไม่ได้แนบหลักฐาน"
    (row,) = with_files(place, file(tmp_path, "a.pdf"))
    assert place.objectName() == "evidence" and place.lack.isVisible()
    assert place.lack.plain_text() == "ยังไม่ได้ทำเครื่องหมายหรือระบุหน้าของใจความสำคัญ จึงยังส่งคำตอบข้อนี้ไม่ได้"
    amber = place.grab().toImage().pixelColor(20, place.height() - 3)
    click(row.whole)
    settle(QApplication.instance())
    assert place.objectName() == "evidencedone" and not place.lack.isVisible()
    assert place.head.accessibleDescription() == "หลักฐานครบแล้ว"
    assert place.grab().toImage().pixelColor(20, place.height() - 3) != amber
    workspace.bridge.set_damaged(frozenset({row.sha256}))
    assert place.objectName() == "evidence" and place.head.accessibleDescription() == "มีไฟล์ที่เสียหาย"
    workspace.bridge.set_damaged(frozenset())
    workspace.undo()
    assert place.objectName() == "evidence"


def test_every_place_of_the_form_has_the_same_heading(workspace: Workspace) -> None:
    heads = set()
    for address, option in (("g1", "yes"), ("g2", "yes"), ("p1.1", "yes"), ("p1.2a:1.1", "yes"), ("p1.4", "yes")):
        assert workspace.bridge.answer(address, option)
    assert workspace.bridge.answer("p1.1a2", ["3"])
    for page in ("g.page1", "p1.page1", "p1.page2"):
        assert workspace.open_page(page)
        workspace.page_view.finish()
        heads |= {one.head.plain_text() for one in workspace.page_view.findChildren(EvidenceSlot)}
    assert heads == {"หลักฐานของคำตอบนี้"}


def test_a_click_on_the_file_opens_it(place: EvidenceSlot, workspace: Workspace, tmp_path: Path) -> None:
    from dgdesk.ui.evidence.viewers import close_viewers, viewers_of

    (row,) = with_files(place, file(tmp_path, "a.pdf"))
    click(row.face)
    viewer = viewers_of(workspace.bridge, workspace.services).of("g1/yes")
    assert viewer is not None and viewer.isVisible()
    close_viewers(workspace.bridge)
    settle(QApplication.instance())
