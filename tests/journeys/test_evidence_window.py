"""A week with evidence in the window: dropped, pasted, used again, marked, by the folder, damaged, and a power cut."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.draft.drafts import Draft, new_draft, open_draft
from dgdesk.errors import FileError
from dgdesk.submission.export import export_draft
from dgdesk.ui.evidence.damage_check import DamageStrip
from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.services import Services
from evidence.pages.pdfs import thai_pdf
from ui.hands import click, editor, place, press, settle
from ui.modals import Modals, until

CHILD = Path(__file__).with_name("window_attach_child.py")


@pytest.fixture
def order(tmp_path: Path) -> Path:
    made = tmp_path / "คำสั่งแต่งตั้ง.pdf"
    made.write_bytes(thai_pdf(["คำสั่งแต่งตั้งผู้บริหารเทคโนโลยีสารสนเทศ"], ["ข้อ 2 ให้มีหน้าที่ดังต่อไปนี้"]))
    return made


@pytest.fixture
def at_work(workspace: Workspace) -> Workspace:
    """G1 and P1.3 are answered, so that both ask for evidence."""
    click(editor(workspace, "g1").buttons["yes"])
    workspace.bridge.answer("p1.3", "yes")
    return workspace


def attached(draft: Draft, slot: str = "g1/yes") -> list[str]:
    return [one.name for one in draft.session.state.facts.evidence.get(slot, ())]


def drop(workspace: Workspace, slot: str, *paths: Path) -> None:
    workspace.open_page(workspace.bridge.form.nodes[workspace.bridge.form.slots[slot].node].page)
    where = place(workspace, slot)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    QApplication.sendEvent(where, QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, left, none))
    QApplication.sendEvent(where, QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, left, none))


def content(draft: Draft, slot: str) -> bytes:
    (one,) = draft.session.state.facts.evidence[slot]
    return b"".join(draft.package.read_file(one.sha256))


def test_a_dropped_file_is_attached_byte_for_byte_and_undo_takes_it_away(
    at_work: Workspace, draft: Draft, order: Path, qtbot: QtBot
) -> None:
    drop(at_work, "g1/yes", order)
    # The draft has it a moment before the page shows it.
    until(lambda: attached(draft) == ["คำสั่งแต่งตั้ง.pdf"] and place(at_work, "g1/yes").files.rows)
    assert content(draft, "g1/yes") == order.read_bytes()
    settle(QApplication.instance())
    assert len(place(at_work, "g1/yes").files.rows) == 1
    at_work.undo()
    assert attached(draft) == [] and not place(at_work, "g1/yes").files.rows


def test_a_copied_picture_is_pasted_as_a_file(at_work: Workspace, draft: Draft, qtbot: QtBot) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("#2060a0"))
    QApplication.clipboard().setImage(picture)
    where = place(at_work, "g1/yes")
    where.button.setFocus()
    press(where, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    until(lambda: len(attached(draft)) == 1)
    assert attached(draft)[0].endswith(".png")
    back = QImage.fromData(content(draft, "g1/yes"))
    assert back.size().toTuple() == (40, 30) and back.pixelColor(5, 5) == QColor("#2060a0")
    QApplication.clipboard().clear()


def test_a_file_of_the_library_serves_a_second_question_and_is_stored_once(
    at_work: Workspace, draft: Draft, order: Path, modals: Modals, qtbot: QtBot
) -> None:
    drop(at_work, "g1/yes", order)
    # The draft has it a moment before the page shows it.
    until(lambda: attached(draft) == ["คำสั่งแต่งตั้ง.pdf"] and place(at_work, "g1/yes").files.rows)

    def choose(dialog: QDialog) -> None:
        until(lambda: len(dialog.rows()) == 1)
        dialog.tree.setCurrentItem(dialog.rows()[0])
        until(dialog.attach.isEnabled)
        click(dialog.attach)

    modals.then(choose)
    at_work.open_page(at_work.bridge.form.node("p1.3").page)
    click(place(at_work, "p1.3/yes").library)
    until(lambda: modals.done() and attached(draft, "p1.3/yes") == ["คำสั่งแต่งตั้ง.pdf"])
    assert len(draft.package.files()) == 1
    (row,) = place(at_work, "p1.3/yes").files.rows.values()
    assert "G1" in row.facts()


def test_the_key_passage_is_framed_in_the_viewer_and_stays(
    at_work: Workspace, draft: Draft, order: Path, desk: MainController, path: Path, qtbot: QtBot
) -> None:
    drop(at_work, "g1/yes", order)
    # The draft has it a moment before the page shows it.
    until(lambda: attached(draft) == ["คำสั่งแต่งตั้ง.pdf"] and place(at_work, "g1/yes").files.rows)
    settle(QApplication.instance())
    (row,) = place(at_work, "g1/yes").files.rows.values()
    click(row.open)
    viewer = at_work.window().findChild(EvidenceViewer)
    assert viewer is not None
    until(lambda: viewer.area.placed is not None and viewer.area.cache.held > 0)
    press(viewer.area, Qt.Key.Key_Insert)
    viewer.close()
    settle(QApplication.instance())
    (mark,) = draft.session.state.facts.evidence["g1/yes"][0].marks
    assert mark.page == 1 and len(mark.rects) == 1
    desk.close_draft()
    desk.open(path)
    assert desk.workspace is not None
    assert desk.workspace.bridge.state.facts.evidence["g1/yes"][0].marks == (mark,)


def test_a_folder_from_another_office_finds_its_places(
    at_work: Workspace, draft: Draft, order: Path, tmp_path: Path, modals: Modals, qtbot: QtBot
) -> None:
    office = tmp_path / "จากสำนักงานจังหวัด"
    office.mkdir()
    for name in ("G1 คำสั่ง.pdf", "P1.3 ระเบียบ.pdf", "ไม่มีรหัส.pdf"):
        (office / name).write_bytes(thai_pdf([name]))

    def confirm(dialog: QDialog) -> None:
        assert dialog.go.text().startswith("แนบ 2 ไฟล์")
        click(dialog.go)

    modals.then(confirm, lambda dialog: dialog.reject())
    at_work.maintenance.import_folder(office)
    until(lambda: len(modals.seen) == 2 and modals.done())
    assert attached(draft) == ["G1 คำสั่ง.pdf"] and attached(draft, "p1.3/yes") == ["P1.3 ระเบียบ.pdf"]
    at_work.open_page(at_work.bridge.form.node("g1").page)
    assert len(place(at_work, "g1/yes").files.rows) == 1


def test_a_damaged_file_is_told_stops_the_export_and_is_mended(
    desk: MainController,
    path: Path,
    services: Services,
    order: Path,
    tmp_path: Path,
    modals: Modals,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / "อื่น.txt"
    other.write_text("อื่น", encoding="utf-8")
    with new_draft(path, clock=services.clock, who="สมศรี", respondent="TH-55") as made:
        made.session.answer_all({"g1": "yes", "p1.3": "yes"})
        made.session.attach("g1/yes", order, passages="ข้อ 2")
        made.session.attach("p1.3/yes", other)
    with closing(sqlite3.connect(path)) as raw:
        row, data = raw.execute("SELECT rowid, data FROM chunk ORDER BY length(data) DESC").fetchone()
        raw.execute("UPDATE chunk SET data = ? WHERE rowid = ?", (data[:100] + b"?" + data[101:], row))
        raw.commit()
    desk.open(path)
    workspace = desk.workspace
    assert workspace is not None
    with qtbot.waitSignal(workspace.maintenance.watch.found):
        workspace.maintenance.watch.look()
    strip = workspace.bar.findChild(DamageStrip)
    assert strip is not None and strip.isVisible()
    draft = workspace.bridge.draft
    assert content(draft, "p1.3/yes") == other.read_bytes()  # the others stay usable
    signer = create_identity(
        services.profile.identity, person="สมศรี", province="น่าน", passphrase=None, now=services.clock()
    )
    with pytest.raises(FileError) as refused:
        export_draft(
            draft, tmp_path / "a.zip", identity=signer, reason="แก้ไข", claimed_time=services.clock(), as_draft=True
        )
    words = services.texts.error(refused.value)
    assert "คำสั่งแต่งตั้ง.pdf" in words and "G1" in words and not (tmp_path / "a.zip").exists()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(order), ""))
    modals.then(lambda dialog: click(dialog.buttons[0]), lambda dialog: dialog.reject())
    click(strip.button)
    until(lambda: len(modals.seen) == 2 and modals.done())
    assert strip.isHidden() and content(draft, "g1/yes") == order.read_bytes()
    assert draft.session.state.facts.evidence["g1/yes"][0].passages == "ข้อ 2"
    export_draft(
        draft, tmp_path / "a.zip", identity=signer, reason="แก้ไข", claimed_time=services.clock(), as_draft=True
    )
    assert (tmp_path / "a.zip").exists()


@pytest.mark.parametrize("percent", [0, 40, 70])
def test_a_window_killed_while_it_attaches_leaves_the_whole_file_or_nothing(
    percent: int, path: Path, services: Services, tmp_path: Path
) -> None:
    source = tmp_path / "บันทึกการประชุม.txt"
    source.write_bytes("บันทึกการประชุม\n".encode() * (2 << 20))
    new_draft(path, clock=services.clock, who="สมชาย", respondent="TH-55").close()
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, str(CHILD), str(path), str(source)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=variables,
        text=True,
    ) as child:
        assert child.stdout is not None
        seen = ""
        while not seen.strip() or int(seen) < percent:
            seen = child.stdout.readline()
            assert seen, "the window ended by itself"
        child.kill()
    with open_draft(path, clock=services.clock, who="สมศรี") as draft:
        assert draft.session.state.facts.answers["g1"] == "yes"
        assert draft.package.damaged_files() == () and draft.package.check() == ()
        files = draft.session.state.facts.evidence.get("g1/yes", ())
        kept = {one.sha256 for one in draft.package.files()}
        assert kept == {one.sha256 for one in files}
        whole = hashlib.sha256(source.read_bytes()).hexdigest()
        assert kept <= {whole}
