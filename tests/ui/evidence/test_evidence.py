"""Evidence is attached through a dialog, marked, and taken away."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from dgdesk.draft.drafts import Draft
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.shell.workspace import Workspace
from ui.attach import file, finish, png
from ui.hands import click, editor, press, settle, type_text


@pytest.fixture
def place(workspace: Workspace) -> EvidenceSlot:
    """The place for evidence of "G1: there is one"."""
    click(editor(workspace, "g1").buttons["yes"])
    found = workspace.page_view.parts.places["g1/yes"]
    assert isinstance(found, EvidenceSlot)
    return found


def choose(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(path) for path in paths], ""))


def attached(draft: Draft, slot: str = "g1/yes") -> list[str]:
    return [one.name for one in draft.session.state.facts.evidence.get(slot, ())]


def test_files_are_attached_shown_marked_and_taken_away(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    order, photo = file(tmp_path, "คำสั่งแต่งตั้ง PCIO.pdf"), file(tmp_path, "ภาพประชุม.png", png())
    choose(monkeypatch, order, photo)
    click(place.button)
    assert finish(place) == []
    assert attached(draft) == ["คำสั่งแต่งตั้ง PCIO.pdf", "ภาพประชุม.png"]
    row = next(iter(place.files.rows.values()))
    assert row.isVisible() and row.face.name == "คำสั่งแต่งตั้ง PCIO.pdf" and row.facts().startswith("PDF")
    type_text(row.pages, "3")
    type_text(row.passages, "ข้อ ๒")
    assert workspace.flush()
    first = draft.session.state.facts.evidence["g1/yes"][0]
    assert (first.pages, first.passages) == ("3", "ข้อ ๒")
    click(row.remove)
    assert attached(draft) == ["ภาพประชุม.png"]
    workspace.undo()
    assert len(place.files.rows) == 2
    settle(QApplication.instance())


def test_several_files_are_one_step_to_undo(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, workspace: Workspace
) -> None:
    place.attach(*(file(tmp_path, f"{number}.pdf") for number in range(3)))
    finish(place)
    assert attached(draft) == ["0.pdf", "1.pdf", "2.pdf"] and "แนบแล้ว 3 ไฟล์" in place._hint.plain_text()
    workspace.undo()
    assert attached(draft) == [] and not place.files.rows
    workspace.redo()
    assert len(place.files.rows) == 3


def test_what_was_taken_away_is_brought_back_by_a_button_that_says_so(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, workspace: Workspace
) -> None:
    place.attach(file(tmp_path, "a.pdf"))
    finish(place)
    click(next(iter(place.files.rows.values())).remove)
    assert place._removed is not None and place._removed.isVisible() and place._removed.button.hasFocus()
    assert "“a.pdf”" in place._removed.words.plain_text() and "“a.pdf”" in place._removed.button.accessibleName()
    click(place._removed.button)
    assert attached(draft) == ["a.pdf"] and place._removed.isHidden()
    click(next(iter(place.files.rows.values())).remove)
    assert workspace.bridge.answer("general.first_name", "สมศรี")
    assert place._removed.isHidden()


def test_a_file_that_is_there_already_or_gone_is_refused_in_words(
    place: EvidenceSlot, draft: Draft, tmp_path: Path
) -> None:
    order = file(tmp_path, "order.pdf")
    place.attach(order)
    finish(place)
    place.attach(order, tmp_path / "gone.pdf")
    said = "\n".join(finish(place, lambda dialog: dialog.buttons[0].click()))
    assert attached(draft) == ["order.pdf"]
    assert "แนบไว้ที่ข้อนี้อยู่แล้ว" in said and "gone.pdf" in said


def test_a_file_waits_until_its_key_passage_is_marked_or_the_whole_file_is_said_to_be_it(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, workspace: Workspace
) -> None:
    place.attach(file(tmp_path, "คำสั่ง.pdf"))
    finish(place)
    (row,) = place.files.rows.values()
    assert row.state == "unmarked" and "ยังไม่ระบุใจความสำคัญ" in row.face.facts
    assert row.face.toolTip().endswith("ยังไม่ได้ทำเครื่องหมายหรือระบุหน้าของใจความสำคัญ จึงยังส่งคำตอบข้อนี้ไม่ได้")
    assert "evidence.unmarked" in codes(workspace)
    assert row.whole.accessibleName() == "ใจความสำคัญคือทั้งไฟล์ คำสั่ง.pdf" and row.whole.accessibleDescription()
    row.whole.setFocus()
    press(row.whole, Qt.Key.Key_Space)
    assert draft.session.state.facts.evidence["g1/yes"][0].whole
    assert row.state == "marked" and row.face.status == "complete" and "evidence.unmarked" not in codes(workspace)
    workspace.undo()
    assert not row.whole.isChecked() and "evidence.unmarked" in codes(workspace)
    type_text(row.pages, "๓")
    assert workspace.flush()
    assert row.state == "marked" and not row.whole.isChecked()


def test_text_that_is_being_typed_is_kept_when_the_whole_file_is_said(
    place: EvidenceSlot, draft: Draft, tmp_path: Path
) -> None:
    place.attach(file(tmp_path, "คำสั่ง.pdf"))
    finish(place)
    (row,) = place.files.rows.values()
    type_text(row.passages, "ข้อ ๒")
    click(row.whole)
    one = draft.session.state.facts.evidence["g1/yes"][0]
    assert (one.passages, one.whole) == ("ข้อ ๒", True)


def test_one_marked_file_is_enough_and_all_others_are_said_at_once(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, workspace: Workspace
) -> None:
    place.attach(*(file(tmp_path, f"{number}.pdf") for number in range(3)))
    finish(place)
    rows = list(place.files.rows.values())
    assert place.all_whole.isVisible() and place.all_whole.text() == "ใจความสำคัญคือทั้งไฟล์ (3)"
    assert place.all_whole.accessibleName() == "ใจความสำคัญคือทั้งไฟล์ สำหรับ 3 ไฟล์ที่ยังไม่ได้ระบุ G1 มี"
    click(rows[0].whole)
    assert [row.state for row in rows] == ["marked", "annex", "annex"]
    assert "evidence.unmarked_file" in codes(workspace)
    click(place.all_whole)
    assert all(one.whole for one in draft.session.state.facts.evidence["g1/yes"]) and place.all_whole.isHidden()
    assert place._hint.plain_text() == "บันทึกว่าใจความสำคัญคือทั้งไฟล์แล้ว 2 ไฟล์" and place.button.hasFocus()
    workspace.undo()
    assert [one.whole for one in draft.session.state.facts.evidence["g1/yes"]] == [True, False, False]


def codes(workspace: Workspace) -> set[str]:
    return {problem.code for problem in workspace.bridge.state.problems}


def test_the_place_goes_with_its_option_and_the_file_is_kept(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, workspace: Workspace
) -> None:
    place.attach(file(tmp_path, "order.pdf"))
    finish(place)
    click(editor(workspace, "g1").buttons["no"])
    assert not place.isVisible() and attached(draft) == ["order.pdf"]
    click(editor(workspace, "g1").buttons["yes"])
    assert place.isVisible() and len(place.files.rows) == 1


def test_a_row_says_kind_size_marks_and_where_else_the_file_serves(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, workspace: Workspace
) -> None:
    from dgdesk.survey.answers.marks import Mark, Rect

    place.attach(file(tmp_path, "แผน.pdf"))
    finish(place)
    one = draft.session.state.facts.evidence["g1/yes"][0]
    bridge, row = workspace.bridge, place.files.rows[one.sha256]
    assert bridge.mark("g1/yes", one.sha256, marks=[Mark(1, (Rect(0.1, 0.1, 0.2, 0.2), Rect(0.3, 0.3, 0.4, 0.4)))])
    assert "PDF" in row.facts() and "2 แห่ง" in row.facts() and "ใช้ที่" not in row.facts()
    other = next(slot for slot in bridge.form.slots if slot.startswith("p1.4"))
    assert bridge.attach_again(other, [one])
    assert "ใช้ที่ข้อ P1.4 ด้วย" in row.facts()
    again = draft.session.state.facts.evidence[other][0]
    assert (again.sha256, again.marks) == (one.sha256, ())
