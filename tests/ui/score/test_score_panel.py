"""The score panel: figures that add up, bars told apart without colour, details, points from outside."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.survey.rules.figures import figures_of
from dgdesk.ui.score.score_paint import PARTS, paint_part
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.label import WrapLabel
from ui.hands import click, editor, place, press, settle, type_text
from ui.whole import broken_texts

ESTIMATE = "คะแนนประมาณการของโปรแกรม มิใช่ผลคะแนนอย่างเป็นทางการ"


def words(workspace: Workspace) -> list[str]:
    return [one.plain_text() for one in workspace.score.findChildren(WrapLabel) if one.isVisible()]


def begin(workspace: Workspace) -> None:
    """Answer enough for a score to be shown, and show all of it."""
    workspace.bridge.answer_all({"general.first_name": "ก", "general.last_name": "ข", "g1": "yes", "g4": "no"})
    wait_for_fill(workspace)
    for fold in workspace.score.folds.values():
        fold.setChecked(True)


def wait_for_fill(workspace: Workspace) -> None:
    workspace.score.later.want()
    workspace.score.later.now()


def test_claimed_stands_beside_defensible_with_interval_and_p_nought(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("p1.4", "yes")
    draft.session.answer("p1.3", "doing")
    draft.session.answer("p1.3.2", "ต.ค. 2570")
    wait_for_fill(workspace)
    assert words(workspace) == ["คะแนนประมาณการจะแสดงเมื่อตอบแล้วอย่างน้อย 5 ข้อ"]
    draft.session.answer("general.first_name", "ก")
    wait_for_fill(workspace)
    assert words(workspace) == ["มีหลักฐานแล้ว 1.50 – เป็นไปได้ถึง 98.50", ESTIMATE]
    workspace.score.folds["figures"].click()
    shown = words(workspace)[2:]
    assert shown[:4] == ["มีหลักฐานแล้ว", "1.50", "ตามคำตอบ", "2.25"]
    assert shown[4:6] == ["ช่วงคะแนนที่เป็นไปได้", "ตั้งแต่ 1.50 ถึง 98.50"]
    assert any("หากไม่นับงานที่อยู่ระหว่างดำเนินการ: มีหลักฐานแล้ว 0.00 ตามคำตอบ 0.75" in one for one in shown)


def test_the_plot_says_everything_in_words_and_adds_up(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("p1.4", "yes")
    wait_for_fill(workspace)
    how, *lines = workspace.score.plot.accessibleDescription().split("\n")
    assert "Enter" in how and len(lines) == 7
    assert "0.00 จาก 12.00 คะแนน รอหลักฐาน 0.75, ยังไม่ได้ตอบ 11.25" in lines[0]
    total = figures_of(draft.session.rules.rubric, draft.session.state.score).total
    assert sum((getattr(total, part) for part in PARTS), Decimal(0)) == 100
    assert "รอหลักฐาน 0.75" in workspace.score.legend.accessibleName()


def test_the_parts_of_a_bar_differ_in_black_and_white(qapp: QApplication) -> None:
    """Each part in grey, from top to bottom, is unlike every other."""
    seen = {}
    for part in PARTS:
        image = QImage(60, 8, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        paint_part(painter, QRectF(0, 0, 60, 8), part)
        painter.end()
        seen[part] = tuple(image.pixelColor(30, y).lightness() < 140 for y in range(8))
    assert len(set(seen.values())) == len(PARTS)
    assert all(seen["earned"]) and not any(seen["open"])
    assert 0 < sum(seen["lost"]) < sum(seen["waiting"]) <= 4


def test_a_pillar_opens_by_keyboard_and_every_question_leads_to_its_place(workspace: Workspace) -> None:
    begin(workspace)
    plot = workspace.score.plot
    plot.setFocus()
    press(plot, Qt.Key.Key_Down)
    press(plot, Qt.Key.Key_Up)
    press(plot, Qt.Key.Key_Return)
    details = workspace.score.details
    assert details.isVisible() and not workspace.score.overview.isVisible()
    assert list(details.folds) == ["p1.1", "p1.2a", "p1.3", "p1.4", "p1.5", "p1.6", "p1.7"]
    assert ESTIMATE in words(workspace)
    press(details.folds["p1.4"], Qt.Key.Key_Space)
    shown = words(workspace)
    assert "• ตอบ “มีการดำเนินการแล้วเสร็จ” ได้คะแนนเต็ม" in shown
    assert "เกณฑ์ที่โปรแกรมกำหนดเอง (หน่วยงานผู้ประเมินยังมิได้เผยแพร่เกณฑ์)" in shown
    assert any("คิดเป็น 0.5 ของคะแนนเต็ม" in one for one in shown)
    link = next(one for one in details.links if one.plain_text == "ไปที่ P1.4")
    press(link, Qt.Key.Key_Space)
    assert workspace.page == workspace.bridge.form.node("p1.4").page
    press(details.back_button, Qt.Key.Key_Space)
    assert workspace.score.overview.isVisible() and plot.hasFocus()


def test_what_is_missing_has_its_gain_and_goes_away_when_it_is_there(
    workspace: Workspace, draft: Draft, qtbot: QtBot
) -> None:
    begin(workspace)
    workspace.score.open_pillar("1")
    details = workspace.score.details
    details.folds["p1.4"].click()
    workspace.open_page("p1.page3")
    click(editor(workspace, "p1.4").buttons["yes"])
    qtbot.waitUntil(lambda: any("หลักฐาน" in one.plain_text for one in details.links), timeout=20_000)
    assert details.folds["p1.4"].isChecked(), "what was unfolded stays unfolded"
    link = next(one for one in details.links if "หลักฐาน" in one.plain_text)
    assert link.plain_text.endswith("+0.75")
    link.click()
    assert QApplication.focusWidget() is place(workspace, "p1.4/yes").button
    click(editor(workspace, "p1.4").buttons["no"])
    qtbot.waitUntil(lambda: not any("+0.75" in one.plain_text for one in details.links), timeout=20_000)


def test_points_from_outside_are_typed_in_thai_undone_and_cleared(workspace: Workspace, draft: Draft) -> None:
    begin(workspace)
    entry = workspace.score.entries["3.3"]
    type_text(entry.input, "๕.๕")
    press(entry.input, Qt.Key.Key_Return)
    assert draft.session.state.facts.external == {"3.3": Decimal("5.5")}
    wait_for_fill(workspace)
    assert words(workspace)[0].startswith("มีหลักฐานแล้ว 5.50 – ")
    workspace.undo()
    wait_for_fill(workspace)
    assert draft.session.state.facts.external == {} and entry.input.text() == ""
    workspace.redo()
    wait_for_fill(workspace)
    assert entry.input.text() == "5.5"
    click(entry.clear)
    assert draft.session.state.facts.external == {}
    assert entry.input.text() == "" and not entry.clear.isVisible()


@pytest.mark.parametrize("typed", ["7", "-1", "ห้า", "6.68"])
def test_points_out_of_range_are_refused_in_words_and_hold_nobody_up(
    workspace: Workspace, draft: Draft, typed: str
) -> None:
    begin(workspace)
    entry = workspace.score.entries["3.3"]
    type_text(entry.input, typed)
    press(entry.input, Qt.Key.Key_Return)
    assert entry.error.plain_text() == "กรอกได้เฉพาะตัวเลข 0 ถึง 6.67 ค่านี้ยังไม่ได้บันทึก"
    assert draft.session.state.facts.external == {}
    assert entry.input.text() == typed
    assert workspace.open_page("p1.page3")
    entry.input.clear()
    type_text(entry.input, "6.67")
    press(entry.input, Qt.Key.Key_Return)
    assert not entry.error.isVisible() and draft.session.state.facts.external == {"3.3": Decimal("6.67")}


def test_points_typed_and_not_left_are_saved_when_the_page_changes(workspace: Workspace, draft: Draft) -> None:
    begin(workspace)
    type_text(workspace.score.entries["4.2"].input, "3")
    assert workspace.open_page("p1.page3")
    assert draft.session.state.facts.external == {"4.2": Decimal(3)}


def test_an_external_question_leads_to_its_box(workspace: Workspace) -> None:
    begin(workspace)
    workspace.score.open_pillar("4")
    workspace.score.details.folds["external.4.3"].click()
    next(one for one in workspace.score.details.links if "4.3" in one.plain_text).click()
    assert workspace.score.entries["4.3"].input.hasFocus()


def test_nothing_is_clipped_in_the_narrowest_panel(desk: MainController, full_draft: Path, tmp_path: Path) -> None:
    mine = tmp_path / "เต็ม.dgdesk"
    mine.write_bytes(full_draft.read_bytes())
    desk.open(mine)
    workspace = desk.workspace
    assert workspace is not None
    workspace.side.setFixedWidth(230)
    settle(QApplication.instance())
    for each in workspace.score.folds.values():
        each.setChecked(True)
    settle(QApplication.instance())
    found = {"overview": sorted(set(broken_texts(workspace.side)))}
    for pillar in workspace.bridge.state.score.pillars:
        workspace.score.open_pillar(pillar)
        for fold in workspace.score.details.folds.values():
            if not fold.isChecked():
                fold.click()
        settle(QApplication.instance())
        assert workspace.score.plot.height() >= workspace.score.plot.heightForWidth(workspace.score.plot.width())
        found[pillar] = sorted(set(broken_texts(workspace.side)))
    assert {name: flaws for name, flaws in found.items() if flaws} == {}
