"""A whole folder is attached after a look at what would go where; all evidence is saved as folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.folders.import_folder import plan_folder
from dgdesk.folders.index import INDEX
from dgdesk.folders.labels import labels_of
from dgdesk.ui.evidence.folder_dialog import FolderDialog
from dgdesk.ui.evidence.folder_list import rows_of
from dgdesk.ui.evidence.slot_chooser import SlotChooser, find_slots
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.inputs import LineInput, LongInput
from dgdesk.ui.widgets.report_dialog import ReportDialog
from ui.attach import drop, files_of
from ui.hands import click, place, press, type_text
from ui.modals import Modals, until

ANSWERS = {"g1": "yes", "p1.1": "yes", "p1.1a2": ["1", "3"], "p1.3": "yes", "p1.5": "yes"}


@pytest.fixture
def folder(tmp_path: Path, workspace: Workspace) -> Path:
    """A folder of which one file is clear, one could go to four places, one has no code, one is a program."""
    workspace.bridge.answer_all(ANSWERS)
    made = tmp_path / "หลักฐาน จ.น่าน"
    (made / "P1.1a2").mkdir(parents=True)
    (made / "P1.3 แผน.txt").write_text("แผน", encoding="utf-8")
    (made / "P1.1a2" / "คำสั่ง.txt").write_text("คำสั่ง", encoding="utf-8")
    (made / "สแกน.txt").write_text("สแกน", encoding="utf-8")
    (made / "โปรแกรม.exe").write_bytes(b"MZ" + b"\0" * 200)
    return made


@pytest.fixture
def dialog(workspace: Workspace, folder: Path) -> Iterator[FolderDialog]:
    plan = plan_folder(workspace.bridge.session, folder)
    made = FolderDialog(workspace.bridge, workspace.services, folder.name, plan, workspace.window())
    made.show()
    QApplication.processEvents()
    yield made
    made.close()
    made.deleteLater()


def names(draft: Draft) -> dict[str, list[str]]:
    return {slot: [one.name for one in files] for slot, files in draft.session.state.facts.evidence.items() if files}


def row(dialog: FolderDialog, path: str):
    return dialog._rows[PurePosixPath(path)]


def test_the_preview_says_where_each_file_would_go_and_why_not(dialog: FolderDialog) -> None:
    told = {str(path): str(one.data(0, Qt.ItemDataRole.AccessibleTextRole)) for path, one in dialog._rows.items()}
    assert "แนบที่ข้อ P1.3" in told["P1.3 แผน.txt"]
    assert "P1.1a2-1" in told["P1.1a2/คำสั่ง.txt"] and "โปรดระบุข้อ" in told["P1.1a2/คำสั่ง.txt"]
    assert "ไม่พบรหัสข้อ" in told["สแกน.txt"] and "เป็นโปรแกรม" in told["โปรแกรม.exe"]
    assert dialog.go.text().startswith("แนบ 1 ไฟล์") and dialog.go.isEnabled()
    words = [dialog.which.itemText(at) for at in range(dialog.which.count())]
    assert words == [
        "ทุกไฟล์ (4)",
        "พบข้อแล้ว (1)",
        "อาจเป็นได้หลายข้อ (1)",
        "ยังไม่พบข้อ (1)",
        "แนบไม่ได้ (1)",
        "แนบไว้แล้ว (0)",
    ]


def test_files_are_turned_off_by_space_and_by_a_click_on_the_box(dialog: FolderDialog) -> None:
    mine = row(dialog, "P1.3 แผน.txt")
    dialog.tree.setCurrentItem(mine)
    press(dialog.tree, Qt.Key.Key_Space)
    assert not dialog.go.isEnabled() and not dialog.wanted.to_attach
    at = dialog.tree.visualItemRect(mine).topLeft() + QPoint(8, 12)
    QTest.mouseClick(dialog.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert dialog.go.isEnabled() and len(dialog.wanted.to_attach) == 1
    # a click on the words only chooses the row
    beside = at + QPoint(200, 0)
    QTest.mouseClick(dialog.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, beside)
    assert len(dialog.wanted.to_attach) == 1
    # what has no place cannot be turned on
    dialog.tree.setCurrentItem(row(dialog, "สแกน.txt"))
    press(dialog.tree, Qt.Key.Key_Space)
    assert len(dialog.wanted.to_attach) == 1


def test_only_files_of_one_standing_are_shown_if_wanted(dialog: FolderDialog) -> None:
    dialog.which.setCurrentIndex(4)
    assert [str(path) for path, one in dialog._rows.items() if not one.isHidden()] == ["โปรแกรม.exe"]
    dialog.which.setCurrentIndex(0)
    assert not any(one.isHidden() for one in rows_of(dialog.tree))


def test_a_place_is_chosen_by_its_code_for_several_files_at_once(dialog: FolderDialog, modals: Modals) -> None:
    def choose(chooser: QDialog) -> None:
        assert isinstance(chooser, SlotChooser)
        type_text(chooser.box, "๑.๕")
        press(chooser.box, Qt.Key.Key_Return)

    modals.then(choose)
    dialog.tree.setCurrentItem(row(dialog, "สแกน.txt"))
    row(dialog, "P1.1a2/คำสั่ง.txt").setSelected(True)
    dialog.choose_place()
    assert modals.done()
    chosen = {str(one.found.path): one.slot for one in dialog.wanted.to_attach}
    assert chosen == {"P1.3 แผน.txt": "p1.3/yes", "สแกน.txt": "p1.5/yes", "P1.1a2/คำสั่ง.txt": "p1.5/yes"}
    assert dialog.go.text().startswith("แนบ 3 ไฟล์")
    # a program stays refused
    dialog.tree.setCurrentItem(row(dialog, "โปรแกรม.exe"))
    assert not dialog.choose.isEnabled()


def test_places_are_found_by_code_and_words_the_likely_ones_first(workspace: Workspace) -> None:
    labels = labels_of(workspace.bridge.form, workspace.bridge.state.facts.answers)
    first = ("p1.1a2/3",)
    assert find_slots(labels, "", first, frozenset({"g1/yes"}))[:2] == ["p1.1a2/3", "g1/yes"]
    assert find_slots(labels, "P1.3", (), frozenset()) == ["p1.3/yes"]
    assert find_slots(labels, "๑.๓", (), frozenset())[0] == "p1.3/yes"
    assert "p1.3/yes" in find_slots(labels, "ข้อบังคับภายใน", (), frozenset())
    assert find_slots(labels, "ไม่มีคำนี้แน่นอน", (), frozenset()) == []


def test_a_folder_is_attached_told_and_taken_back(
    workspace: Workspace, draft: Draft, folder: Path, modals: Modals, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    said: list[str] = []

    def result(dialog: QDialog) -> None:
        assert isinstance(dialog, ReportDialog)
        said.append(dialog.said.plain_text())
        click(dialog.buttons[0])

    modals.then(lambda dialog: click(dialog.go), result)
    workspace.maintenance.attach_folder()
    until(lambda: len(said) == 1 and modals.done())
    assert "แนบแล้ว 1 ไฟล์" in said[0]
    assert names(draft) == {}  # the button took it back, in one step
    workspace.undo()
    assert names(draft) == {"p1.3/yes": ["P1.3 แผน.txt"]}
    # the whole folder again: now it is there already
    modals.then(lambda dialog: dialog.reject())
    workspace.maintenance.import_folder(folder)
    assert modals.done() and modals.seen == ["FolderDialog", "ReportDialog", "FolderDialog"]


def test_what_goes_wrong_with_one_file_is_told_and_the_others_are_attached(
    workspace: Workspace, draft: Draft, folder: Path, modals: Modals, qtbot: QtBot
) -> None:
    (folder / "P1.5 รายงาน.txt").write_text("รายงาน", encoding="utf-8")
    rows: list[str] = []

    def gone(dialog: QDialog) -> None:
        (folder / "P1.5 รายงาน.txt").unlink()
        click(dialog.go)

    def result(dialog: QDialog) -> None:
        for one in rows_of(dialog.tree):
            rows.append(str(one.data(0, Qt.ItemDataRole.AccessibleTextRole)))
        dialog.reject()

    modals.then(gone, result)
    workspace.maintenance.import_folder(folder)
    until(lambda: bool(rows) and modals.done())
    assert names(draft) == {"p1.3/yes": ["P1.3 แผน.txt"]}
    assert len(rows) == 1 and "P1.5 รายงาน.txt" in rows[0] and "ข้อ P1.5" in rows[0]


def test_a_folder_dropped_on_the_window_is_taken(
    workspace: Workspace, folder: Path, modals: Modals, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(workspace, enter)
    assert enter.isAccepted()
    modals.then(lambda dialog: dialog.reject())
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(workspace, drop)
    until(lambda: modals.seen == ["FolderDialog"] and modals.done())
    # what is not on this PC is not taken
    data.setUrls([QUrl("https://www.example.go.th/a.pdf")])
    other = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    other.ignore()
    QApplication.sendEvent(workspace, other)
    assert not other.isAccepted()


@pytest.mark.parametrize("chosen", [["P1.3 แผน.txt", "สแกน.txt"], ["P1.3 แผน.txt"], ["P1.1a2", "P1.3 แผน.txt"]])
def test_files_dropped_anywhere_on_the_window_get_places_by_their_names(
    workspace: Workspace, draft: Draft, folder: Path, modals: Modals, qtbot: QtBot, chosen: list[str]
) -> None:
    seen: list[dict[str, str | None]] = []

    def confirm(dialog: QDialog) -> None:
        assert isinstance(dialog, FolderDialog)
        seen.append({str(item.found.path): item.slot for item in dialog.wanted.items})
        click(dialog.go)

    modals.then(confirm, lambda dialog: dialog.reject())
    drop_on(workspace, files_of([folder / name for name in chosen]))
    until(lambda: modals.done() and bool(names(draft)))
    assert seen[0].pop("P1.3 แผน.txt") == "p1.3/yes"
    assert set(seen[0].values()) <= {None}, "what has no code, or several places, is asked about"
    assert names(draft) == {"p1.3/yes": ["P1.3 แผน.txt"]}


def test_files_of_one_name_from_two_folders_stay_two(
    workspace: Workspace, draft: Draft, tmp_path: Path, modals: Modals, qtbot: QtBot
) -> None:
    workspace.bridge.answer_all(ANSWERS)
    for name in ("หนึ่ง", "สอง"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "P1.3 แผน.txt").write_text(name, encoding="utf-8")
    modals.then(lambda dialog: click(dialog.go), lambda dialog: dialog.reject())
    drop_on(workspace, files_of([tmp_path / name / "P1.3 แผน.txt" for name in ("หนึ่ง", "สอง")]))
    until(lambda: modals.done() and len(names(draft).get("p1.3/yes", ())) == 2)


def drop_on(workspace: Workspace, data: QMimeData) -> None:
    """Drop files on the window, beside every place for evidence."""
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(workspace, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(
        workspace, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    )


def test_a_box_for_an_answer_leaves_dropped_files_to_the_window(workspace: Workspace, folder: Path) -> None:
    boxes = [*workspace.findChildren(LineInput), *workspace.findChildren(LongInput)]
    assert boxes
    none = Qt.KeyboardModifier.NoModifier
    data = files_of([folder / "P1.3 แผน.txt"])
    for box in boxes:
        enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
        box.dragEnterEvent(enter)
        assert not enter.isAccepted()


def test_what_is_passed_over_is_listed_with_its_reason(workspace: Workspace, folder: Path) -> None:
    (folder / "P1.4 ลิงก์.txt").symlink_to(folder / "สแกน.txt")
    (folder / "~$แผน.docx").write_bytes(b"x")
    plan = plan_folder(workspace.bridge.session, folder)
    made = FolderDialog(workspace.bridge, workspace.services, folder.name, plan, workspace.window())
    made.show()
    QApplication.processEvents()
    told = [str(one.data(0, Qt.ItemDataRole.AccessibleTextRole)) for one in rows_of(made.tree)]
    assert any("P1.4 ลิงก์.txt" in one and "เป็นลิงก์" in one for one in told)
    assert any("~$แผน.docx" in one and "ไฟล์ชั่วคราว" in one for one in told)
    made.which.setCurrentIndex(made.which.count() - 1)
    assert made.which.currentText() == "ข้ามไป (2)"
    assert sum(not one.isHidden() for one in rows_of(made.tree)) == 2
    made.close()
    made.deleteLater()


def test_a_folder_dropped_on_a_place_opens_the_import_of_folders(
    workspace: Workspace, folder: Path, modals: Modals, qtbot: QtBot
) -> None:
    workspace.open_page(workspace.bridge.form.node("g1").page)
    found = place(workspace, "g1/yes")
    modals.then(lambda dialog: dialog.reject())
    assert drop(found, files_of([folder]))
    assert not found.held_over
    until(lambda: modals.seen == ["FolderDialog"] and modals.done())
    assert not found.attaching.at_work


def test_a_folder_that_is_gone_is_told(workspace: Workspace, tmp_path: Path, modals: Modals, qtbot: QtBot) -> None:
    said: list[str] = []

    def read(dialog: QDialog) -> None:
        assert isinstance(dialog, MessageDialog)
        said.append(dialog.label.plain_text())
        dialog.reject()

    modals.then(read)
    workspace.maintenance.import_folder(tmp_path / "ไม่มี")
    until(lambda: bool(said) and modals.done())
    assert "ไม่พบโฟลเดอร์ “ไม่มี”" in said[0]


def test_five_hundred_files_are_shown_and_turned(workspace: Workspace, tmp_path: Path) -> None:
    workspace.bridge.answer_all(ANSWERS)
    many = tmp_path / "มาก"
    many.mkdir()
    for number in range(500):
        (many / f"P1.3 เอกสาร {number:03}.txt").write_text(str(number), encoding="utf-8")
    bridge = workspace.bridge
    made = FolderDialog(bridge, workspace.services, many.name, plan_folder(bridge.session, many), workspace.window())
    made.show()
    QApplication.processEvents()
    made.tree.selectAll()
    press(made.tree, Qt.Key.Key_Space)
    assert not made.go.isEnabled()
    press(made.tree, Qt.Key.Key_Space)
    assert not any(item.whole for item in made.wanted.items), "never assumed"
    click(made.whole)
    assert all(item.whole for item in made.wanted.to_attach)
    assert len(made.wanted.to_attach) == 500 and made.go.text().startswith("แนบ 500 ไฟล์")
    made.close()
    made.deleteLater()


def test_all_evidence_is_saved_as_folders_and_the_folder_opened(
    workspace: Workspace,
    draft: Draft,
    folder: Path,
    tmp_path: Path,
    modals: Modals,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    target = tmp_path / "ที่วาง"
    target.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(target))
    modals.then(lambda dialog: dialog.reject())
    workspace.maintenance.save_folders()
    assert modals.done() and modals.seen == ["MessageDialog"]  # there is nothing yet
    draft.session.attach("p1.3/yes", folder / "P1.3 แผน.txt")
    for number in (1, 2):  # a second time beside the first
        modals.then(lambda dialog: click(dialog.buttons[0]))
        workspace.maintenance.save_folders()
        until(lambda number=number: len(opened) == number and modals.done())
    made = sorted(target.iterdir())
    assert [one.name for one in made] == sorted({f"หลักฐาน {draft.path.stem}", f"หลักฐาน {draft.path.stem} (2)"})
    assert {Path(one) for one in opened} == set(made)
    assert all((one / INDEX).is_file() and any(one.rglob("E0001*.txt")) for one in made)
