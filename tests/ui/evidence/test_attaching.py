"""Files come to a place by dropping, pasting, several at once and from the library; what is wrong is said in words."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft, new_draft
from dgdesk.draft.session import FormSession
from dgdesk.errors import FileError
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.system.progress import Progress
from dgdesk.text.dates import THAILAND
from dgdesk.ui.evidence.attach_dialog import FindingsDialog
from dgdesk.ui.evidence.quota_bar import GaugeBar
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.services import Services
from ui.attach import drop, file, files_of, finish, pdf, png
from ui.hands import click, editor, press, settle
from ui.hands import place as on_page


@pytest.fixture
def place(workspace: Workspace) -> EvidenceSlot:
    click(editor(workspace, "g1").buttons["yes"])
    found = workspace.page_view.parts.places["g1/yes"]
    assert isinstance(found, EvidenceSlot)
    return found


@pytest.fixture
def clipboard() -> Iterator[None]:
    yield
    QApplication.clipboard().clear()


def there(draft: Draft, slot: str = "g1/yes") -> tuple[Attachment, ...]:
    return draft.session.state.facts.evidence.get(slot, ())


def names(draft: Draft) -> list[str]:
    return [one.name for one in there(draft)]


def content(draft: Draft, number: int = 0) -> bytes:
    return b"".join(draft.package.read_file(there(draft)[number].sha256))


def press_button(number: int):
    def answer(dialog: object) -> None:
        assert isinstance(dialog, FindingsDialog)
        dialog.buttons[number].click()

    return answer


# -- dropping --------------------------------------------------------------------------------------------------------


def test_files_dropped_anywhere_on_the_place_are_attached(place: EvidenceSlot, draft: Draft, tmp_path: Path) -> None:
    nfd = "แผนน้ำ e\u0301.pdf"
    wanted = [file(tmp_path, "คำสั่ง ที่ 12_2568.pdf"), file(tmp_path, nfd)]
    assert drop(place, files_of(wanted)) and not place.held_over
    assert finish(place) == []
    assert names(draft) == ["คำสั่ง ที่ 12_2568.pdf", nfd]
    assert content(draft) == wanted[0].read_bytes()
    assert [row.isVisible() for row in place.files.rows.values()] == [True, True]
    assert "แนบแล้ว 2 ไฟล์" in place._hint.plain_text()


def test_a_place_shows_that_it_can_be_dropped_there(place: EvidenceSlot, tmp_path: Path) -> None:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent

    before = place.grab().toImage()
    mime = files_of([file(tmp_path, "a.pdf")])
    args = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(place, QDragEnterEvent(place.rect().center(), *args))
    assert place.held_over and place.grab().toImage() != before
    assert place._hint.plain_text() == "ปล่อยเพื่อแนบที่นี่"
    QApplication.sendEvent(place, QDragLeaveEvent())
    assert not place.held_over and place.grab().toImage() == before


def test_the_boxes_of_a_row_leave_dropped_files_to_the_place(place: EvidenceSlot, tmp_path: Path) -> None:
    place.attach(file(tmp_path, "a.pdf"))
    finish(place)
    row = next(iter(place.files.rows.values()))
    assert not row.pages.acceptDrops() and not row.passages.acceptDrops() and place.acceptDrops()


def test_a_folder_and_a_web_address_are_refused_with_a_hint(place: EvidenceSlot, draft: Draft, tmp_path: Path) -> None:
    folder = tmp_path / "หลักฐาน"
    folder.mkdir()
    mime = files_of([folder, file(tmp_path, "a.pdf")])
    mime.setUrls([*mime.urls(), QUrl("https://example.org/x.pdf")])
    assert drop(place, mime)
    said = "\n".join(finish(place))
    assert names(draft) == ["a.pdf"]
    assert "“หลักฐาน” เป็นโฟลเดอร์" in said and "แนบทั้งโฟลเดอร์" in said and "ที่อยู่เว็บ" in said


def test_text_is_not_taken(place: EvidenceSlot) -> None:
    mime = QMimeData()
    mime.setText("คำสั่ง")
    assert not drop(place, mime)


# -- pasting ---------------------------------------------------------------------------------------------------------


def test_files_are_pasted_by_ctrl_v(place: EvidenceSlot, draft: Draft, tmp_path: Path, clipboard: None) -> None:
    QApplication.clipboard().setMimeData(files_of([file(tmp_path, "a.pdf"), file(tmp_path, "b.pdf")]))
    place.button.setFocus()
    press(place.button, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    finish(place)
    assert names(draft) == ["a.pdf", "b.pdf"]
    row = next(iter(place.files.rows.values()))
    QApplication.clipboard().setMimeData(files_of([file(tmp_path, "c.pdf")]))
    row.pages.setFocus()
    press(row.pages, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    finish(place)
    assert names(draft)[2:] == ["c.pdf"] and row.pages.text() == ""
    QApplication.clipboard().setText("5")
    press(row.pages, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert row.pages.text() == "5" and len(names(draft)) == 3


def test_a_pasted_picture_becomes_a_png_named_by_the_clock(
    place: EvidenceSlot, draft: Draft, services: Services, clipboard: None
) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    QApplication.clipboard().setImage(picture)
    place.paste()
    assert finish(place) == []
    (name,) = names(draft)
    now = services.clock().astimezone(THAILAND)
    assert name.startswith("ภาพที่วาง ") and name.endswith(f"{now.year + 543} {now:%H.%M}.png")
    back = QImage.fromData(content(draft), "PNG")
    assert back.size() == picture.size() and back.pixelColor(5, 5) == QColor("#336699")
    assert there(draft)[0].media_type == "image/png"
    assert not place.attaching._scratches


def test_nothing_to_paste_is_said(place: EvidenceSlot, draft: Draft, clipboard: None) -> None:
    QApplication.clipboard().setText("คำสั่ง")
    place.paste()
    assert "ไม่มีไฟล์หรือภาพ" in place._hint.plain_text() and names(draft) == []


def test_the_menu_offers_the_ways_to_attach(place: EvidenceSlot, tmp_path: Path, clipboard: None) -> None:
    QApplication.clipboard().clear()
    menu = QMenu(place)
    place.add_actions(menu, place.button)
    texts = {action.text(): action for action in menu.actions()}
    assert not texts["วางไฟล์หรือภาพ"].isEnabled() and "แนบไฟล์…" in texts and "เลือกจากคลังหลักฐาน…" in texts
    menu.deleteLater()
    QApplication.clipboard().setMimeData(files_of([file(tmp_path, "a.pdf")]))
    menu = QMenu(place)
    place.add_actions(menu, place.button)
    assert next(one for one in menu.actions() if one.text() == "วางไฟล์หรือภาพ").isEnabled()
    menu.deleteLater()


# -- looked at before ------------------------------------------------------------------------------------------------


def test_a_bad_file_does_not_lose_the_others(place: EvidenceSlot, draft: Draft, tmp_path: Path) -> None:
    good, empty = file(tmp_path, "a.pdf"), file(tmp_path, "ว่าง.pdf", b"")
    program = file(tmp_path, "รายงาน.pdf", b"MZ" + bytes(200))
    place.attach(empty, good, program)
    said = finish(place, press_button(0))
    assert names(draft) == ["a.pdf"] and len(said) == 1
    assert "ว่าง.pdf" in said[0] and "อีก 1 ไฟล์แนบได้ตามปกติ" in said[0] and "ไม่ได้ (" in said[0]


@pytest.mark.parametrize(("button", "expected"), [(0, ["แผน.pdf", "b.pdf"]), (1, ["b.pdf"]), (2, [])])
def test_doubts_are_asked_about(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, button: int, expected: list[str]
) -> None:
    wrong, good = file(tmp_path, "แผน.pdf", png()), file(tmp_path, "b.pdf")
    place.attach(wrong, good)
    said = finish(place, press_button(button))
    assert names(draft) == expected
    assert len(said) == 1 and "ไม่ตรงกับนามสกุล" in said[0]


def test_a_damaged_pdf_is_asked_about_and_closing_the_dialog_attaches_nothing(
    place: EvidenceSlot, draft: Draft, tmp_path: Path
) -> None:
    place.attach(file(tmp_path, "ขาด.pdf", pdf()[:120]))
    assert "เสียหายหรือไม่ครบ" in finish(place)[0] and names(draft) == []
    assert draft.package.files() == ()


def test_over_the_total_it_says_what_is_free(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = EvidenceLimits(file=5000, total=6000)
    form = workspace.bridge.form
    small = replace(form, definition=form.definition.model_copy(update={"evidence_limits": limits}))
    monkeypatch.setattr(FormSession, "form", property(lambda self: small))
    place.attach(file(tmp_path, "a.txt", b"a" * 4000), file(tmp_path, "b.txt", b"b" * 3000))
    said = finish(place, press_button(0))
    assert names(draft) == ["a.txt"]
    assert "เหลือพื้นที่ว่างสำหรับหลักฐานเพียง 2 KB จากทั้งหมด 6 KB" in said[0]


def test_gauge_shows_what_is_used(place: EvidenceSlot, workspace: Workspace, tmp_path: Path) -> None:
    bar = GaugeBar(workspace.bridge, workspace.services.texts, workspace)
    assert "0 B จากที่แนบได้ 8.0 GB" in bar.accessibleName()
    place.attach(file(tmp_path, "a.txt", b"a" * 4096))
    finish(place)
    assert "4 KB จากที่แนบได้ 8.0 GB" in bar.words.plain_text() == bar.accessibleName()


# -- what can go wrong -----------------------------------------------------------------------------------------------


def test_cancel_in_the_middle_leaves_no_trace(
    place: EvidenceSlot,
    draft: Draft,
    tmp_path: Path,
    workspace: Workspace,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = file(tmp_path, "ใหญ่.txt", b"0123456789abcde\n" * (1 << 20))
    bridge = workspace.bridge
    changes = len(list(draft.package.history()))
    real = draft.session.attach_files

    def slowed(slot, sources, *, progress):
        def tell(done: int, total: int) -> None:
            progress.report(done, total)
            if done > total // 3:
                bridge.jobs.cancel()

        return real(slot, sources, progress=Progress(tell, lambda: progress.cancelled))

    monkeypatch.setattr(draft.session, "attach_files", slowed)
    place.attach(large, file(tmp_path, "b.pdf"))
    assert finish(place) == []
    assert names(draft) == [] and draft.package.files() == () and len(list(draft.package.history())) == changes
    assert "ยกเลิกการแนบแล้ว" in place._hint.plain_text()
    with closing(sqlite3.connect(path)) as raw, raw:
        assert raw.execute("SELECT count(*) FROM chunk").fetchone() == (0,)
    raw.close()


def test_a_full_disk_is_said_in_words_and_nothing_is_attached(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise FileError("package.disk_full", name=draft.path.name)

    monkeypatch.setattr(draft.package, "attach_files", refuse)
    place.attach(file(tmp_path, "a.pdf"))
    assert "พื้นที่ว่างไม่พอ" in finish(place)[0]
    assert names(draft) == [] and not place.files.rows


def test_after_a_mistake_while_files_are_looked_at_more_can_be_attached(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    with monkeypatch.context() as patch, qtbot.capture_exceptions() as seen:
        patch.setattr(draft.session, "look", lambda _: 1 // 0)
        place.attach(file(tmp_path, "a.pdf"))
        assert finish(place) == []
    assert [one[0] for one in seen] == [ZeroDivisionError] and place.attaching.at_work == 0
    place.attach(file(tmp_path, "a.pdf"))
    assert finish(place) == [] and names(draft) == ["a.pdf"]


def test_progress_stands_in_the_bar_and_esc_there_stops_it(
    place: EvidenceSlot,
    draft: Draft,
    tmp_path: Path,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    def wait_for_cancel(slot, sources, *, progress):
        progress.report(1, 4)
        while True:
            progress.check()
            time.sleep(0.005)

    monkeypatch.setattr(draft.session, "attach_files", wait_for_cancel)
    place.attach(file(tmp_path, "คำสั่ง.pdf"))
    strip = workspace.bar.strip
    assert strip is not None and strip.isHidden()
    told = "กำลังแนบไฟล์ “คำสั่ง.pdf” ร้อยละ 25"
    qtbot.waitUntil(lambda: strip.isVisible() and told in strip.title.plain_text())
    assert strip.progress.value() == 250
    strip.cancel.setFocus()
    press(strip.cancel, Qt.Key.Key_Escape)
    assert "กำลังยกเลิก" in strip.title.plain_text()
    assert finish(place) == [] and strip.isHidden() and names(draft) == []


def test_a_damaged_file_is_said_and_attached_again_it_is_mended(
    place: EvidenceSlot, desk: MainController, tmp_path: Path, path: Path
) -> None:
    order = file(tmp_path, "คำสั่ง.pdf")
    place.attach(order)
    finish(place)
    sha256 = hashlib.sha256(order.read_bytes()).hexdigest()
    desk.close_draft()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE chunk SET data = zeroblob(length(data))")
    raw.close()
    desk.open(path)
    workspace = desk.workspace
    assert workspace is not None
    draft, place = workspace.bridge.draft, on_page(workspace, "g1/yes")
    damaged = draft.package.damaged_files()
    assert damaged == (sha256,)
    workspace.bridge.set_damaged(frozenset(damaged))
    row = place.files.rows[sha256]
    assert "เสียหาย" in row.facts() and "แนบไฟล์เดิมอีกครั้ง" in row.facts()
    place.attach(order)
    assert finish(place) == []
    assert "เรียบร้อยแล้ว" in place._hint.plain_text() and "เสียหาย" not in row.facts()
    assert names(draft) == ["คำสั่ง.pdf"] and content(draft) == order.read_bytes()
    assert draft.package.damaged_files() == () and workspace.bridge.damaged == frozenset()


# -- from the library, and in a draft that is only read --------------------------------------------------------------


def test_a_file_of_the_library_is_attached_without_a_copy(
    place: EvidenceSlot, draft: Draft, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = file(tmp_path, "แผน.pdf")
    other = next(slot for slot in workspace.bridge.form.slots if slot.startswith("p1.4"))
    draft.session.attach(other, source, pages="3")
    chosen = there(draft, other)
    monkeypatch.setattr("dgdesk.ui.evidence.library_dialog.choose", lambda *_: chosen)
    click(place.library)
    assert [one.sha256 for one in there(draft)] == [chosen[0].sha256] and there(draft)[0].pages == ""
    assert len(draft.package.files()) == 1
    click(place.library)
    assert "อยู่แล้ว" in place._hint.plain_text()
    workspace.undo()
    assert there(draft) == ()


def test_a_draft_that_is_only_read_takes_nothing(
    desk: MainController, path: Path, services: Services, tmp_path: Path
) -> None:
    with new_draft(path, clock=services.clock, who="x", respondent="TH-55") as made:
        made.session.answer("g1", "yes")
        made.session.attach("g1/yes", file(tmp_path, "a.pdf"))
    from dgdesk.draft.drafts import open_draft

    desk.opening.take(lambda: open_draft(path, clock=services.clock, who="x", read_only=True))
    assert desk.workspace is not None
    settle(QApplication.instance())
    desk.workspace.open_page("g.page1")
    desk.workspace.page_view.finish()
    place = desk.workspace.page_view.parts.places["g1/yes"]
    assert isinstance(place, EvidenceSlot)
    assert not place.acceptDrops() and place.button.isHidden() and place.library.isHidden()
    row = next(iter(place.files.rows.values()))
    assert row.remove.isHidden() and row.open.isVisible() and row.open.toolTip() == "เปิดดู"
    menu = QMenu(place)
    place.add_actions(menu, place)
    assert "แนบไฟล์…" not in [one.text() for one in menu.actions()]
    menu.deleteLater()
    place.paste()
    assert not place.attaching.at_work
