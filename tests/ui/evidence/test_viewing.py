"""From the place to the viewer and back: marks are drawn, stored, undone, found again, and handed in."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.evidence.pages.spool import SpoolFolder
from dgdesk.submission.encrypted import encryption_folder
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.system.progress import NO_PROGRESS
from dgdesk.system.scratch import temporary
from dgdesk.ui.evidence.file_row import FileRow
from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer
from dgdesk.ui.evidence.viewers import open_viewer, viewer_folder, viewers_of
from dgdesk.ui.export.choices import Remembered
from dgdesk.ui.export.wizard import ExportWizard
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.services import Services
from evidence.highlights.signing import make_signer, signed
from evidence.pages.pdfs import thai_pdf
from ui.export.acts import export_to, sign_without
from ui.hands import click, editor, place, press, settle, type_text

SLOT = "p1.4/yes"
LINES = ["คำสั่งจังหวัด", "ข้อ ๒ แต่งตั้งคณะกรรมการบริหารจัดการน้ำ", "ลงนาม"]
CTRL = Qt.KeyboardModifier.ControlModifier
NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def proven(workspace: Workspace, draft: Draft, tmp_path: Path) -> Workspace:
    """P1.4 with a PDF of three pages and a picture."""
    click(editor(workspace, "p1.4").buttons["yes"])
    (tmp_path / "คำสั่ง.pdf").write_bytes(thai_pdf(LINES, LINES, LINES))
    Image.new("RGB", (400, 300), "white").save(tmp_path / "ป้าย.png")
    for name in ("คำสั่ง.pdf", "ป้าย.png"):
        workspace.bridge.publish(draft.session.attach(SLOT, tmp_path / name))
    settle(QApplication.instance())
    return workspace


def files(workspace: Workspace) -> tuple[Attachment, ...]:
    return workspace.bridge.state.facts.evidence[SLOT]


def opened(workspace: Workspace, qtbot: QtBot, number: int = 0) -> EvidenceViewer:
    """The viewer, from the button of a file's row."""
    row = list(place(workspace, SLOT).files.rows.values())[number]
    click(row.open)
    viewer = viewers_of(workspace.bridge, workspace.services).of(SLOT)
    assert viewer is not None
    ready(viewer, qtbot)
    return viewer


def ready(viewer: EvidenceViewer, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: viewer.area.placed is not None and viewer.area.complete, timeout=20_000)
    settle(QApplication.instance())


def drag(viewer: EvidenceViewer, one: tuple[float, float], other: tuple[float, float]) -> None:
    at, view = viewer.area.placed, viewer.area.viewport()
    assert at is not None
    start, end = (QPointF(*at.to_view(*point)).toPoint() for point in (one, other))
    QTest.mousePress(view, LEFT, NONE, start)
    QTest.mouseMove(view, start + QPoint((end - start).x() // 2, (end - start).y() // 2))
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, LEFT, NONE, end)


def test_marks_go_the_whole_way(
    proven: Workspace,
    desk: MainController,
    services: Services,
    qtbot: QtBot,
    tmp_path: Path,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    viewer = opened(proven, qtbot)
    viewer.area.set_fit("page")
    # by the mouse
    drag(viewer, (0.1, 0.05), (0.6, 0.12))
    assert len(files(proven)[0].marks) == 1
    # by keys: a frame in the middle of page 2, moved, with a note
    press(viewer.area, Qt.Key.Key_PageDown, CTRL)
    ready(viewer, qtbot)
    press(viewer.area, Qt.Key.Key_Insert)
    press(viewer.area, Qt.Key.Key_Down)
    viewer.flush()
    type_text(viewer.panel.rows[1].note, "หน้า 2 ข้อ 2")
    press(viewer.panel.rows[1].note, Qt.Key.Key_Return)
    # a Thai line of page 3 selected
    press(viewer, Qt.Key.Key_PageDown, CTRL)
    ready(viewer, qtbot)
    qtbot.waitUntil(lambda: viewer.area.text_known, timeout=20_000)
    click(viewer.mark_tools.text)
    drag(viewer, (61 / 595, 116 / 842), (480 / 595, 116 / 842))
    press(viewer, Qt.Key.Key_M, CTRL)
    marks = files(proven)[0].marks
    assert [mark.page for mark in marks] == [1, 2, 3]
    assert marks[1].note == "หน้า 2 ข้อ 2" and "คณะกรรมการบริหารจัดการน้ำ" in marks[2].text
    # the place shows the pages, and is no longer told to lack them
    settle(QApplication.instance())
    row = next(iter(place(proven, SLOT).files.rows.values()))
    assert "1-3" in row.pages.placeholderText().replace("–", "-")
    # undone in the main window, done again in the viewer
    desk.actions["undo"].trigger()
    assert len(viewer.area.marks) == len(files(proven)[0].marks) == 2
    assert viewer.mark_tools.redo.isEnabled()
    press(viewer, Qt.Key.Key_Y, CTRL)
    assert len(viewer.area.marks) == 3 and not viewer.mark_tools.redo.isEnabled()
    # the picture beside it
    click(viewer.file_next)
    ready(viewer, qtbot)
    drag(viewer, (0.25, 0.25), (0.75, 0.75))
    assert [len(one.marks) for one in files(proven)] == [3, 1]
    (state,) = [row.state for row in proven.bridge.place_rows if row.slot == SLOT]
    assert state == "complete"
    # closed with the draft, there when it is opened again
    desk.close_draft()
    settle(QApplication.instance())
    assert not desk.window.findChildren(EvidenceViewer)
    desk.open(path)
    assert desk.workspace is not None
    assert [len(one.marks) for one in files(desk.workspace)] == [3, 1]
    # handed in
    target = tmp_path / "ส่ง.zip"
    wizard = ExportWizard(desk.workspace.bridge, services, Remembered(), desk.window)
    wizard.show()
    wizard.ready_page.as_draft.setChecked(True)
    sign_without(wizard)
    export_to(wizard, target)
    assert wizard.made is not None and wizard.made.report.unmarked == ()
    wizard.close()
    with zipfile.ZipFile(target) as bundle:
        inside = {name.partition("/")[2]: name for name in bundle.namelist()}
        submission = json.loads(bundle.read(inside["data/submission.json"]))
        order, sign = submission["evidence"]
        copy = PdfReader(io.BytesIO(bundle.read(inside[f"data/{order['marked_file']}"])))
        picture = Image.open(io.BytesIO(bundle.read(inside[f"data/{sign['marked_file']}"]))).convert("RGB")
        assert bundle.read(inside[f"data/{order['file']}"]) == (tmp_path / "คำสั่ง.pdf").read_bytes()
    assert [mark["page"] for mark in order["marks"]] == [1, 2, 3] and order["marks"][1]["note"] == "หน้า 2 ข้อ 2"
    for page, mark in zip(copy.pages, order["marks"], strict=True):
        (highlight,) = [one.get_object() for one in page["/Annots"] if one.get_object()["/Subtype"] == "/Highlight"]
        left, bottom, right, top = (float(one) for one in highlight["/Rect"])
        wanted = (mark["rects"][0][0] * 595, 842 - mark["rects"][0][3] * 842)
        assert (left, bottom) == pytest.approx(wanted, abs=4) and right > left and top > bottom
    assert picture.getpixel((200, 150)) != (255, 255, 255) and picture.getpixel((20, 20)) == (255, 255, 255)


def test_a_place_has_one_viewer_and_another_place_its_own(proven: Workspace, services: Services, qtbot: QtBot) -> None:
    viewer = opened(proven, qtbot)
    assert open_viewer(proven.bridge, services, SLOT, files(proven)[1].sha256, proven) is viewer
    assert viewer.shown is not None and viewer.shown.name == "ป้าย.png"
    viewer.close()
    settle(QApplication.instance())
    again = open_viewer(proven.bridge, services, SLOT, files(proven)[0].sha256, proven)
    assert again is not viewer and len(proven.window().findChildren(EvidenceViewer)) == 1


def test_the_evidence_tab_opens_a_file_by_keys(proven: Workspace, qtbot: QtBot) -> None:
    proven.show_side(True)
    proven.side.setCurrentWidget(proven.evidence)
    tree = proven.evidence.tree
    qtbot.waitUntil(lambda: tree.topLevelItemCount() > 0, timeout=20_000)
    there = tree.topLevelItem(0).child(0)
    assert isinstance(there, QTreeWidgetItem) and there.childCount() == 2
    tree.setFocus()
    tree.setCurrentItem(there)
    press(tree, Qt.Key.Key_Right)
    press(tree, Qt.Key.Key_Down)
    press(tree, Qt.Key.Key_Down)
    press(tree, Qt.Key.Key_Return)
    viewer = viewers_of(proven.bridge, proven.services).of(SLOT)
    assert viewer is not None and viewer.shown is not None and viewer.shown.name == "ป้าย.png"


def test_undo_in_the_viewer_says_when_it_was_elsewhere(proven: Workspace, qtbot: QtBot) -> None:
    proven.bridge.set_answer_from_text("general.address", "ศาลากลาง")
    viewer = opened(proven, qtbot)
    press(viewer, Qt.Key.Key_Z, CTRL)
    assert proven.bridge.value("general.address") is None
    assert viewer.state.isVisible() and "ที่อื่น" in viewer.state.plain_text()


def test_a_file_that_is_taken_away_leaves_the_viewer(proven: Workspace, qtbot: QtBot) -> None:
    viewer = opened(proven, qtbot)
    proven.bridge.detach(SLOT, files(proven)[0].sha256)
    assert viewer.shown is not None and viewer.shown.name == "ป้าย.png"
    proven.bridge.detach(SLOT, files(proven)[0].sha256)
    settle(QApplication.instance())
    assert viewers_of(proven.bridge, proven.services).of(SLOT) is None


def test_marks_that_cannot_be_saved_are_not_shown_as_if_they_were(
    proven: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = opened(proven, qtbot)
    viewer.area.set_fit("page")
    monkeypatch.setattr(proven.bridge, "mark", lambda *_, **__: False)
    drag(viewer, (0.1, 0.1), (0.6, 0.2))
    assert viewer.area.marks == () == files(proven)[0].marks


def test_drawing_in_a_signed_file_says_what_becomes_of_the_signature(
    proven: Workspace, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "ลงนาม.pdf"
    path.write_bytes(signed(thai_pdf(LINES), make_signer(tmp_path), "one"))
    proven.bridge.publish(draft.session.attach(SLOT, path))
    settle(QApplication.instance())
    viewer = opened(proven, qtbot, 2)
    assert viewer.state.isHidden()
    viewer.marks_changed.emit(files(proven)[2].sha256, (Mark(1, (Rect(0.1, 0.1, 0.5, 0.2),)),))
    assert "ลายมือชื่อดิจิทัล" in viewer.state.plain_text() and not viewer.state.isHidden()
    assert "ลายมือชื่อดิจิทัล" in list(place(proven, SLOT).findChildren(FileRow))[2].facts()


def test_marks_drawn_while_files_are_attached_are_saved_after_it(
    proven: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    import threading

    viewer = opened(proven, qtbot)
    viewer.area.set_fit("page")
    hold = threading.Event()
    proven.bridge.jobs.run("งาน", lambda _: hold.wait(20), lambda _: None, lambda error: None)
    drag(viewer, (0.1, 0.1), (0.6, 0.2))
    assert len(viewer.area.marks) == 1
    hold.set()
    proven.bridge.jobs.wait()
    assert len(viewer.area.marks) == len(files(proven)[0].marks) == 1
    stored = proven.bridge.session.state.facts.evidence[SLOT]
    assert len(stored[0].marks) == 1


def test_a_note_being_typed_is_saved_when_the_draft_closes(
    proven: Workspace, desk: MainController, services: Services, qtbot: QtBot, path: Path
) -> None:
    proven.bridge.mark(SLOT, files(proven)[0].sha256, marks=[Mark(1, (Rect(0.1, 0.1, 0.5, 0.2),))])
    viewer = opened(proven, qtbot)
    type_text(viewer.panel.rows[0].note, "ข้อ 2")
    desk.close_draft()
    with open_draft(path, clock=services.clock, who="x", read_only=True) as draft:
        assert draft.session.state.facts.evidence[SLOT][0].marks[0].note == "ข้อ 2"


def test_another_language_closes_the_viewers(proven: Workspace, desk: MainController, qtbot: QtBot) -> None:
    opened(proven, qtbot)
    desk.actions["language"].trigger()
    settle(QApplication.instance())
    assert not desk.window.findChildren(EvidenceViewer)
    desk.actions["language"].trigger()


def test_a_draft_that_is_only_read_is_looked_at(
    proven: Workspace, desk: MainController, services: Services, path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    desk.close_draft()
    copy = tmp_path / "copy.dgdesk"
    shutil.copy(path, copy)
    desk.opening.take(lambda: open_draft(copy, clock=services.clock, who="x", read_only=True))
    assert desk.workspace is not None and desk.workspace.bridge.read_only
    workspace = desk.workspace
    viewer = open_viewer(workspace.bridge, services, SLOT, files(workspace)[0].sha256, workspace)
    ready(viewer, qtbot)
    drag(viewer, (0.1, 0.1), (0.6, 0.2))
    press(viewer.area, Qt.Key.Key_Insert)
    assert files(workspace)[0].marks == () == viewer.area.marks and not viewer.mark_tools.isVisible()


def test_other_kinds_open_outside_from_a_copy_that_cannot_be_changed(
    proven: Workspace, draft: Draft, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "บันทึก.txt").write_text("ข้อความ", encoding="utf-8")
    proven.bridge.publish(draft.session.attach(SLOT, tmp_path / "บันทึก.txt"))
    urls: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(Path(url.toLocalFile())) or True)
    viewer = open_viewer(proven.bridge, services, SLOT, files(proven)[2].sha256, proven)
    assert "โปรแกรมในเครื่อง" in viewer.said.plain_text()
    click(viewer.outside)
    (copy,) = urls
    assert copy.read_text(encoding="utf-8") == "ข้อความ" and not copy.stat().st_mode & 0o222
    assert viewer_folder(services.profile) in copy.parents and "สำเนา" in viewer.state.plain_text()
    viewer.close()
    assert not copy.exists()


def test_what_an_ended_process_left_is_swept_after_a_draft_was_opened(
    desk: MainController, path: Path, services: Services, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dgdesk.draft.drafts import new_draft

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    folder = viewer_folder(services.profile)
    left = SpoolFolder(folder)
    copy = left.put("a.txt", [b"x"], NO_PROGRESS)
    assert copy is not None
    picture, open_bundle = temporary(), encryption_folder(path)
    for one in (left._scratch, picture, open_bundle):
        one._held.close()  # as when its process was killed
    new_draft(path, clock=services.clock, who="x", respondent="TH-55").close()
    desk.open(path)
    for gone in (copy, picture.path, open_bundle.path):
        qtbot.waitUntil(lambda gone=gone: not gone.exists(), timeout=10_000)


def test_the_whole_file_is_said_in_the_viewer_and_follows_the_draft(proven: Workspace, qtbot: QtBot) -> None:
    viewer = opened(proven, qtbot)
    assert viewer.whole.isVisible() and not viewer.whole.isChecked()
    click(viewer.whole)
    assert [one.whole for one in files(proven)] == [True, False]
    viewer.undo()
    assert not files(proven)[0].whole and not viewer.whole.isChecked()
    viewer.redo()
    assert viewer.whole.isChecked()
    press(viewer, Qt.Key.Key_PageDown, Qt.KeyboardModifier.AltModifier)
    ready(viewer, qtbot)
    assert not viewer.whole.isChecked(), "the other file has its own"
    viewer.close()
