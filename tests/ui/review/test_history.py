"""Who changed what and when, in words; any earlier value comes back as an ordinary change that undo takes back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTreeWidgetItem

from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.ui.review.history_dialog import HistoryDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.wrap_delegate import TEXT
from ui.attach import file, finish
from ui.hands import click, editor, place, press, settle, type_text

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def rest() -> None:
    settle(QApplication.instance())


def open_history(desk: MainController, *, here: bool = False) -> HistoryDialog:
    press(desk.window, Qt.Key.Key_H, CTRL | SHIFT if here else CTRL)
    rest()
    dialog = desk.workspace.finding.dialog
    assert isinstance(dialog, HistoryDialog) and dialog.isVisible()
    return dialog


def rows(dialog: HistoryDialog) -> list[list[str]]:
    items = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
    return [words(item) for item in items]


def words(item: QTreeWidgetItem) -> list[str]:
    return str(item.data(0, TEXT)).split("\u2028")


def answers(draft: Draft) -> dict[str, object]:
    return dict(draft.session.state.facts.answers)


def test_it_says_who_changed_what_when_and_from_what_to_what(desk: MainController, workspace: Workspace) -> None:
    click(editor(workspace, "g4").buttons["no"])
    click(editor(workspace, "g4").buttons["yes"])
    latest, before = rows(open_history(desk))[:2]
    assert latest[0].endswith(" · สมศรี · ตอบ") and "2569" in latest[0]
    assert latest[1].startswith("G4 จังหวัดของท่านเคยหรือกำลังประสบปัญหา")
    assert latest[2:] == ["เดิม: ไม่เคย", "ใหม่: เคย"]
    assert before[2:] == ["เดิม: (ว่าง)", "ใหม่: ไม่เคย"]


def test_an_earlier_value_is_restored_and_undo_takes_that_back(
    desk: MainController, workspace: Workspace, draft: Draft
) -> None:
    click(editor(workspace, "g4").buttons["no"])
    click(editor(workspace, "g4").buttons["yes"])
    dialog = open_history(desk)
    dialog.tree.setCurrentItem(dialog.tree.topLevelItem(1))
    assert dialog.restore_new.isEnabled()
    press(dialog.restore_new, Qt.Key.Key_Space)
    assert answers(draft)["g4"] == "no"
    assert dialog.said.plain_text() == "คืนค่าแล้ว เลิกทำได้ด้วย Ctrl+Z"
    assert rows(dialog)[0][0].endswith("· คืนค่า")
    press(dialog, Qt.Key.Key_Escape)
    rest()
    assert editor(workspace, "g4").buttons["no"].isChecked()
    press(desk.window, Qt.Key.Key_Z, CTRL)
    assert answers(draft)["g4"] == "yes"


def test_the_value_that_is_there_already_cannot_be_restored(desk: MainController, workspace: Workspace) -> None:
    click(editor(workspace, "g4").buttons["no"])
    dialog = open_history(desk)
    assert not dialog.restore_new.isEnabled() and dialog.restore_old.isEnabled()


def attach_and_wait(workspace: Workspace, path: Path) -> None:
    spot = place(workspace, "p1.4/yes")
    spot.attach(path)
    assert finish(spot) == []


def test_the_history_of_one_question_has_its_follow_ups_and_evidence(
    desk: MainController, workspace: Workspace, tmp_path: Path
) -> None:
    click(editor(workspace, "g4").buttons["no"])
    click(editor(workspace, "p1.4").buttons["yes"])
    attach_and_wait(workspace, file(tmp_path, "แผน.pdf"))
    workspace.go_to("p1.4")
    rest()
    dialog = open_history(desk, here=True)
    assert dialog.which.currentText().startswith("เฉพาะข้อ P1.4 ")
    assert [row[0].rpartition(" · ")[2] for row in rows(dialog)] == ["แนบไฟล์", "ตอบ"]
    assert rows(dialog)[0][1].startswith("หลักฐาน P1.4 ") and rows(dialog)[0][3] == "ใหม่: แผน.pdf"
    dialog.which.setCurrentIndex(0)
    assert len(rows(dialog)) > 2


def test_a_list_of_evidence_comes_back_with_its_marks(
    desk: MainController, workspace: Workspace, draft: Draft, tmp_path: Path
) -> None:
    click(editor(workspace, "p1.4").buttons["yes"])
    attach_and_wait(workspace, file(tmp_path, "แผน.pdf"))
    (attached,) = draft.session.state.facts.evidence["p1.4/yes"]
    workspace.bridge.mark("p1.4/yes", attached.sha256, pages="๒-๓", passages="ย่อหน้าแรก")
    workspace.bridge.detach("p1.4/yes", attached.sha256)
    dialog = open_history(desk)
    assert rows(dialog)[0][2] == "เดิม: แผน.pdf (๒-๓, ย่อหน้าแรก)"
    press(dialog.restore_old, Qt.Key.Key_Space)
    (back,) = draft.session.state.facts.evidence["p1.4/yes"]
    assert (back.name, back.pages) == ("แผน.pdf", "๒-๓")
    workspace.undo()
    assert "p1.4/yes" not in draft.session.state.facts.evidence


def test_a_removed_item_comes_back_with_all_that_was_in_it(
    desk: MainController, workspace: Workspace, draft: Draft
) -> None:
    bridge = workspace.bridge
    bridge.answer("g1", "yes")
    bridge.answer("g3", "yes")
    bridge.add_item("g3.projects")
    bridge.set_answer_from_text("g3.projects.name#2", "โครงการน้ำสะอาด")
    bridge.remove_item("g3.projects", "2")
    assert "g3.projects.name#2" not in answers(draft)
    dialog = open_history(desk)
    first = dialog.tree.topLevelItem(0)
    assert words(first)[-1] == "และอีก 1 ช่อง" and first.childCount() == 2
    press(dialog.restore_old, Qt.Key.Key_Space)
    assert answers(draft)["g3.projects.name#2"] == "โครงการน้ำสะอาด"
    assert answers(draft)["g3.projects"] == ("1", "2")


def test_what_could_not_be_read_comes_back_as_it_was_typed(
    desk: MainController, workspace: Workspace, draft: Draft
) -> None:
    workspace.bridge.set_answer_from_text("general.email", "ไม่ใช่อีเมล")
    typed = answers(draft)["general.email"]
    workspace.bridge.answer("general.email", None)
    dialog = open_history(desk)
    assert rows(dialog)[0][2] == "เดิม: ไม่ใช่อีเมล"
    press(dialog.restore_old, Qt.Key.Key_Space)
    assert answers(draft)["general.email"] == typed


def test_undone_and_done_again_are_steps_too(desk: MainController, workspace: Workspace) -> None:
    click(editor(workspace, "g4").buttons["no"])
    workspace.undo()
    workspace.redo()
    assert [row[0].rpartition(" · ")[2] for row in rows(open_history(desk))[:3]] == [
        "ทำซ้ำ (ตอบ)",
        "เลิกทำ (ตอบ)",
        "ตอบ",
    ]


def test_going_there_closes_the_history_and_focuses_the_field(desk: MainController, workspace: Workspace) -> None:
    click(editor(workspace, "g4").buttons["no"])
    workspace.open_page("p5.page1")
    dialog = open_history(desk)
    press(dialog.go, Qt.Key.Key_Space)
    rest()
    assert workspace.page == "g.page3"
    assert QApplication.focusWidget() is editor(workspace, "g4").buttons["no"]


def test_what_was_typed_last_is_in_the_history(desk: MainController, workspace: Workspace) -> None:
    type_text(editor(workspace, "general.address").input, "ศาลากลาง")
    assert rows(open_history(desk))[0][-1] == "ใหม่: ศาลากลาง"


def test_two_people_are_told_apart(desk: MainController, workspace: Workspace, path: Path, services: Services) -> None:
    click(editor(workspace, "g4").buttons["no"])
    desk.close_draft()
    with open_draft(path, clock=services.clock, who="วิชัย") as other:
        other.session.answer("g4", "yes")
    desk.open(path)
    who = [row[0].split(" · ")[1] for row in rows(open_history(desk))[:2]]
    assert who == ["วิชัย", "สมศรี"]


def test_a_long_history_is_shown_in_parts(desk: MainController, workspace: Workspace) -> None:
    for number in range(130):
        workspace.bridge.answer("g4", "no" if number % 2 else "yes")
    dialog = open_history(desk)
    assert len(rows(dialog)) == 100 and dialog.older.isEnabled()
    press(dialog.older, Qt.Key.Key_Space)
    assert len(rows(dialog)) == len(workspace.bridge.draft.package.history(1000))
    assert not dialog.older.isEnabled()


def test_a_draft_open_for_reading_shows_its_history_and_restores_nothing(
    desk: MainController, workspace: Workspace, path: Path, services: Services
) -> None:
    click(editor(workspace, "g4").buttons["no"])
    desk.close_draft()
    desk.opening.take(lambda: open_draft(path, clock=services.clock, who="วิชัย", read_only=True))
    dialog = open_history(desk)
    assert len(rows(dialog)) >= 2
    assert not dialog.restore_old.isEnabled() and not dialog.restore_new.isEnabled()
    assert not desk.actions["clear_answer"].isEnabled()
