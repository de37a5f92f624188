"""The viewer, driven as a person does: look, turn pages, zoom, search Thai, mark with mouse and keys, note, undo."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import new_draft, open_draft
from dgdesk.errors import FileError
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.media import DOCX, HEIC, JPEG, PDF, PNG, TIFF
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.marks import Mark, Rect, tidy_marks
from dgdesk.system.settings import Settings
from dgdesk.text.breaks import plain
from dgdesk.text.messages import load_catalogue
from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer
from dgdesk.ui.widgets.app_theme import apply_theme
from dgdesk.ui.widgets.services import Services
from evidence.inline import Inline
from evidence.pages.pdfs import bare_pdf, thai_pdf
from security.bombs import BOMBS
from ui.hands import click, press, settle, type_text
from ui.whole import broken_texts

LINES = [f"ข้อ {number} คำสั่งแต่งตั้งคณะกรรมการบริหารจัดการน้ำ" for number in range(1, 6)]
FRAME = Rect(0.1, 0.2, 0.5, 0.3)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def order() -> bytes:
    """Twelve pages of Thai."""
    return thai_pdf(*([f"หน้า {page}", *LINES] for page in range(1, 13)))


class Desk:
    """The files of a place, what was saved, and the viewer on them."""

    def __init__(self, qtbot: QtBot, services: Services, folder: Path) -> None:
        self.qtbot, self.services, self.folder = qtbot, services, folder
        self.contents: dict[str, bytes] = {}
        self.attachments: list[Attachment] = []
        self.saved: list[tuple[str, tuple[Mark, ...]]] = []
        self.undone: list[str] = []
        self.documents: Documents | None = None

    def attach(self, name: str, kind: str, content: bytes, *marks: Mark, damaged: bool = False) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.contents[sha256] = b"" if damaged else content
        self.attachments.append(Attachment(sha256, name, len(content), kind, marks=marks))
        return sha256

    def read(self, sha256: str) -> Iterator[bytes]:
        content = self.contents[sha256]
        if not content:
            raise FileError("package.evidence_damaged", sha256=sha256)
        yield content

    def open(self, *, read_only: bool = False, size: tuple[int, int] = (1366, 768), ready: bool = True):
        viewer = EvidenceViewer(
            self.services.texts,
            self.read,
            self.attachments,
            self.folder / "view",
            read_only=read_only,
            undo=lambda: self.undone.append("undo"),
            redo=lambda: self.undone.append("redo"),
            documents=self.documents,
        )
        self.qtbot.addWidget(viewer, before_close_func=lambda widget: widget.close())
        viewer.marks_changed.connect(lambda sha256, marks: self.saved.append((sha256, marks)))
        viewer.resize(*size)
        viewer.show()
        if ready:
            self.wait(lambda: viewer.area.placed is not None and viewer.area.cache.held > 0)
        return viewer

    def wait(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=20_000)
        settle(QApplication.instance())


@pytest.fixture
def place(qapp: QApplication, qtbot: QtBot, services: Services, tmp_path: Path) -> Desk:
    apply_theme(qapp)
    return Desk(qtbot, services, tmp_path)


def drag(viewer: EvidenceViewer, one: tuple[float, float], other: tuple[float, float], keys=NONE) -> None:
    """Drag between two points of the page (fractions)."""
    at, view = viewer.area.placed, viewer.area.viewport()
    assert at is not None
    start, end = (QPointF(*at.to_view(*point)).toPoint() for point in (one, other))
    QTest.mousePress(view, LEFT, keys, start)
    for step in (0.3, 0.7, 1):
        QTest.mouseMove(view, start + QPoint(round((end - start).x() * step), round((end - start).y() * step)))
    QTest.mouseRelease(view, LEFT, keys, end)


def near(one: Rect, other: Rect, by: float = 0.01) -> bool:
    return all(abs(a - b) < by for a, b in zip(one.corners, other.corners, strict=True))


def shown_text(widget: QWidget) -> str:
    return plain(widget.plain_text())


# looking


def test_the_first_page_is_painted(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    at = viewer.area.placed
    picture = viewer.area.viewport().grab().toImage()
    x, y = at.to_view(60 / 595, 70 / 842)
    row = [picture.pixelColor(px, round(y)).lightness() for px in range(round(x), round(x) + 60)]
    assert min(row) < 120 and picture.pixelColor(round(at.x) + 5, 40).lightness() > 250
    assert shown_text(viewer.tools.count) == "จาก 12 หน้า"
    assert "หน้า 1 จาก 12" in viewer.area.accessibleName()


def test_pages_turn_by_button_box_keys_and_wheel(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    area = viewer.area
    click(viewer.tools.next)
    assert area.page == 1
    viewer.tools.box.setValue(7)
    assert area.page == 6
    area.setFocus()
    press(area, Qt.Key.Key_Home, CTRL)
    place.wait(lambda: area.placed is not None)
    assert area.page == 0 and not viewer.tools.previous.isEnabled()
    bottom = 0
    while area.page == 0 and bottom < 20:  # page down goes through the page, then on
        press(area, Qt.Key.Key_PageDown)
        bottom += 1
    assert area.page == 1 and 1 < bottom < 6
    place.wait(lambda: area.placed is not None)
    turn_wheel(area, 120)
    place.wait(lambda: area.verticalScrollBar().value() == area.verticalScrollBar().maximum())
    assert area.page == 0  # from its end
    press(area, Qt.Key.Key_End, CTRL)
    assert area.page == 11 and not viewer.tools.next.isEnabled()


def turn_wheel(area: QWidget, steps: int, keys=NONE) -> None:
    view = area.viewport()
    middle = QPointF(view.rect().center())
    event = QWheelEvent(
        middle, view.mapToGlobal(middle), QPoint(), QPoint(0, steps), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def test_zoom_fits_steps_and_keeps_the_point_under_the_mouse(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    area = viewer.area
    assert area.fit == "width" and viewer.tools.fit_width.isChecked()
    click(viewer.tools.fit_page)
    assert area.placed.shown_height <= area.viewport().height()
    for _ in range(30):
        turn_wheel(area, 120, CTRL)
    assert area.zoom == 4.0 and area.fit == "none"
    middle = area.viewport().rect().center()
    before = area.placed.to_page(middle.x(), middle.y())
    turn_wheel(area, -120, CTRL)
    assert area.placed.to_page(middle.x(), middle.y()) == pytest.approx(before, abs=0.01)
    for _ in range(30):
        press(viewer, Qt.Key.Key_Minus, CTRL)
    assert area.zoom == 0.25 and viewer.tools.zoom.accessibleName().endswith("25%")
    press(viewer, Qt.Key.Key_0, CTRL)
    assert area.fit == "width"


def test_memory_of_renderings_is_bounded(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    area = viewer.area
    area.set_zoom(4.0)
    for page in range(6):
        area.go_to(page)
        for value in (0, 10_000):
            area.verticalScrollBar().setValue(value)
            place.wait(lambda: area.placed is not None and not missing(viewer))
            assert area.cache.held <= 60 << 20
    assert sum(image.sizeInBytes() for image in area.cache._images.values()) == area.cache.held


def missing(viewer: EvidenceViewer) -> list[object]:
    area = viewer.area
    return [piece for piece in area._needed(area.page) if piece not in area.cache._images]


def test_a_turned_view_shows_the_same_marks(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order, Mark(1, (FRAME,)))
    viewer = place.open()
    area = viewer.area
    area.set_fit("page")
    click(viewer.tools.rotate)
    at = area.placed
    assert at.shown_width > at.shown_height
    picture = area.viewport().grab().toImage()
    x, y = at.to_view(0.48, 0.22)
    assert picture.pixelColor(round(x), round(y)).blue() < 200  # a marker's yellow
    drag(viewer, (0.2, 0.6), (0.6, 0.7))
    assert near(place.saved[-1][1][1].rects[0], Rect(0.2, 0.6, 0.6, 0.7))
    assert viewer.area.placed.turn == 1


# finding


@pytest.mark.parametrize("typed", ["จัดการน้ำ", "จัดการน\u0e49\u0e4dา", " จัดการ น\u0e4d\u0e49า\u200b"])
def test_thai_is_found_and_all_hits_are_shown(place: Desk, order: bytes, typed: str) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    viewer.area.go_to(2)
    press(viewer, Qt.Key.Key_F, CTRL)
    assert viewer.finder.isVisible() and viewer.finder.box.hasFocus()
    type_text(viewer.finder.box, typed)
    place.wait(lambda: bool(viewer.finder.query) and viewer.finder.complete)
    assert len(viewer.finder.hits) == 12 * 5 and len(viewer.area.hits) == 5
    assert viewer.area.page == 2 and shown_text(viewer.finder.said) == "แห่งที่ 11 จาก 60"  # from the page on
    first = viewer.area.hit_now[0]
    assert first.top < 130 / 842 < first.bottom + 0.02
    for _ in range(5):
        press(viewer.finder.box, Qt.Key.Key_Return)
    assert viewer.area.page == 3 and viewer.area.hit_now in viewer.area.hits
    press(viewer.finder.box, Qt.Key.Key_Return, SHIFT)
    assert viewer.area.page == 2
    press(viewer.finder.box, Qt.Key.Key_Escape)
    assert viewer.isVisible() and not viewer.finder.isVisible() and not viewer.area.hits


def test_a_hit_is_marked_by_keys_alone(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    press(viewer, Qt.Key.Key_F, CTRL)
    type_text(viewer.finder.box, "หน้า 12")
    place.wait(lambda: viewer.finder.complete and bool(viewer.area.hit_now))
    press(viewer.finder.box, Qt.Key.Key_M, CTRL)
    (mark,) = place.saved[-1][1]
    assert (mark.page, mark.text, mark.rects) == (12, "หน้า 12", tidy_marks([Mark(12, viewer.area.hit_now)])[0].rects)


def test_what_is_not_there_is_said(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    press(viewer, Qt.Key.Key_F, CTRL)
    type_text(viewer.finder.box, "ไม่มีคำนี้")
    place.wait(lambda: shown_text(viewer.finder.said) == "ไม่พบ")


# marking


def test_a_rectangle_is_drawn_moved_resized_and_removed_with_the_mouse(place: Desk, order: bytes) -> None:
    sha256 = place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    drag(viewer, (0.5, 0.3), (0.1, 0.2))
    assert place.saved[-1][0] == sha256 and near(place.saved[-1][1][0].rects[0], FRAME)
    drag(viewer, (0.3, 0.25), (0.4, 0.28))
    assert near(place.saved[-1][1][0].rects[0], Rect(0.2, 0.23, 0.6, 0.33))
    drag(viewer, (0.6, 0.33), (0.8, 0.38))  # by its corner
    assert near(place.saved[-1][1][0].rects[0], Rect(0.2, 0.23, 0.8, 0.38))
    drag(viewer, (0.2, 0.4), (0.3, 0.45), SHIFT)
    assert len(place.saved[-1][1]) == 1 and len(place.saved[-1][1][0].rects) == 2
    assert len(place.saved) == 4  # once for each gesture
    press(viewer.area, Qt.Key.Key_Delete)
    assert len(place.saved[-1][1][0].rects) == 1
    click(viewer.panel.rows[0].remove)
    assert place.saved[-1] == (sha256, ()) and not viewer.panel.rows


def test_a_click_draws_nothing(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    drag(viewer, (0.3, 0.3), (0.301, 0.3))
    assert place.saved == [] and viewer.area.chosen is None


def test_keys_alone_make_and_change_a_mark(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    viewer.area.setFocus()
    press(viewer.area, Qt.Key.Key_Insert)
    first = place.saved[-1][1][0].rects[0]
    for _ in range(3):
        press(viewer.area, Qt.Key.Key_Right)
    press(viewer.area, Qt.Key.Key_Down, SHIFT)
    assert len(place.saved) == 1  # still moving
    place.wait(lambda: len(place.saved) == 2)
    after = place.saved[-1][1][0].rects[0]
    assert after.left > first.left and after.bottom - after.top > first.bottom - first.top
    assert after.right - after.left == pytest.approx(first.right - first.left, abs=1e-5)
    press(viewer.area, Qt.Key.Key_Insert)
    press(viewer.area, Qt.Key.Key_Space)
    assert viewer.area.chosen == (0, 0)
    press(viewer.area, Qt.Key.Key_Left)
    press(viewer.area, Qt.Key.Key_Escape)
    assert viewer.isVisible() and viewer.area.chosen is None and len(place.saved) == 4
    press(viewer.area, Qt.Key.Key_Space)
    press(viewer.area, Qt.Key.Key_Delete)
    assert len(place.saved[-1][1]) == 1


def test_selected_text_becomes_a_mark_with_a_rectangle_for_each_line(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    place.wait(lambda: bool(viewer.area.page_text.text))
    click(viewer.mark_tools.text)
    assert not viewer.mark_tools.mark.isEnabled()
    drag(viewer, (61 / 595, 118 / 842), (0.9, 158 / 842))
    assert viewer.area.selected_words == f"{LINES[0]} {LINES[1]}"
    click(viewer.mark_tools.mark)
    mark = place.saved[-1][1][0]
    assert len(mark.rects) == 2 and mark.text == f"{LINES[0]} {LINES[1]}" and mark.page == 1
    assert mark.rects[0].top < 120 / 842 < mark.rects[0].bottom <= mark.rects[1].bottom
    assert "คำสั่งแต่งตั้ง" in shown_text(viewer.panel.rows[0].excerpt)


def test_selected_text_can_be_copied_without_marking(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open(read_only=True)
    place.wait(lambda: bool(viewer.area.page_text.text))
    drag(viewer, (61 / 595, 118 / 842), (0.9, 118 / 842))
    press(viewer, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == LINES[0]
    assert place.saved == []


def test_a_note_is_saved_when_it_is_left(place: Desk, order: bytes) -> None:
    sha256 = place.attach("คำสั่ง.pdf", PDF, order, Mark(1, (FRAME,)), Mark(3, (FRAME,)))
    viewer = place.open()
    row = viewer.panel.rows[1]
    type_text(row.note, "ข้อ 2  คำสั่งแต่งตั้ง")
    assert place.saved == []
    press(row.note, Qt.Key.Key_Return)
    assert place.saved == [(sha256, (Mark(1, (FRAME,)), Mark(3, (FRAME,), "ข้อ 2 คำสั่งแต่งตั้ง")))]
    type_text(row.note, "ก")
    viewer.close()
    assert len(place.saved) == 2 and place.saved[1][1][1].note.endswith("ก")


def test_the_list_leads_to_the_mark(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order, Mark(9, (Rect(0.1, 0.9, 0.3, 0.95),)), Mark(2, (FRAME,)))
    viewer = place.open()
    place.wait(lambda: viewer.area.placed is not None)
    assert viewer.area.page == 8  # the first mark is what one comes to see
    click(viewer.panel.rows[1].jump)
    assert viewer.area.page == 1 and viewer.area.chosen == (1, 0)
    click(viewer.panel.rows[0].jump)
    place.wait(lambda: viewer.area.verticalScrollBar().value() > 0)
    assert viewer.area.page == 8


def test_undo_is_the_drafts(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open()
    drag(viewer, (0.5, 0.3), (0.1, 0.2))
    press(viewer, Qt.Key.Key_Z, CTRL)
    press(viewer, Qt.Key.Key_Y, CTRL)
    assert place.undone == ["undo", "redo"]
    viewer.set_attachments(place.attachments)  # as the caller does when the draft has changed
    assert viewer.area.marks == () and viewer.area.chosen is None and not viewer.panel.rows


def test_too_many_marks_are_refused_in_words(place: Desk, order: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("dgdesk.ui.evidence.viewer.file_frame.tell", lambda texts, words, *_: said.append(words))
    marks = tuple(Mark(1, (FRAME,)) for _ in range(200))
    place.attach("คำสั่ง.pdf", PDF, order, *marks)
    viewer = place.open()
    press(viewer.area, Qt.Key.Key_Insert)
    assert len(said) == 1 and place.saved == [] and viewer.area.marks == marks


def test_a_draft_that_is_only_read_is_not_marked(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order, Mark(1, (FRAME,), "ก"))
    viewer = place.open(read_only=True)
    assert not viewer.mark_tools.isVisible() and not viewer.panel.rows[0].remove.isVisible()
    drag(viewer, (0.5, 0.6), (0.1, 0.7))
    viewer.area.choose((0, 0))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Insert, Qt.Key.Key_Right):
        press(viewer.area, key)
    press(viewer, Qt.Key.Key_M, CTRL)
    press(viewer, Qt.Key.Key_Z, CTRL)
    type_text(viewer.panel.rows[0].note, "ข")
    viewer.close()
    assert place.saved == [] and place.undone == []


# files


def picture(kind: str, size: tuple[int, int] = (200, 100), **options: object) -> bytes:
    stream = io.BytesIO()
    made = Image.new("RGB", size, "white")
    made.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    made.save(stream, kind, **options)
    return stream.getvalue()


def colour_at(viewer: EvidenceViewer, across: float, down: float) -> str:
    x, y = viewer.area.placed.to_view(across, down)
    seen = viewer.area.viewport().grab().toImage().pixelColor(round(x), round(y))
    return "red" if seen.green() < 128 else "white"


@pytest.mark.parametrize(("kind", "name"), [(PNG, "PNG"), (JPEG, "JPEG"), (TIFF, "TIFF")])
def test_pictures_are_shown_and_marked(place: Desk, kind: str, name: str) -> None:
    place.attach("ภาพ", kind, picture(name))
    viewer = place.open()
    assert (colour_at(viewer, 0.2, 0.2), colour_at(viewer, 0.8, 0.8)) == ("red", "white")
    assert not viewer.tools.find_button.isEnabled() and not viewer.mark_tools.text.isVisible()
    drag(viewer, (0.1, 0.1), (0.4, 0.4))
    assert near(place.saved[-1][1][0].rects[0], Rect(0.1, 0.1, 0.4, 0.4))


def test_a_photo_stands_upright(place: Desk) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    place.attach("ภาพ.jpg", JPEG, picture("JPEG", exif=exif))
    viewer = place.open()
    assert viewer.area.placed.height > viewer.area.placed.width
    assert (colour_at(viewer, 0.8, 0.2), colour_at(viewer, 0.2, 0.2)) == ("red", "white")


def test_a_scan_of_several_pages_is_paged(place: Desk) -> None:
    stream = io.BytesIO()
    pages = [Image.new("1", (100, 140), 1), Image.new("1", (140, 100), 0)]
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    place.attach("scan.tif", TIFF, stream.getvalue())
    viewer = place.open()
    assert viewer.area.count == 2
    click(viewer.tools.next)
    place.wait(lambda: viewer.area.placed is not None and not missing(viewer))
    assert viewer.area.placed.width > viewer.area.placed.height
    drag(viewer, (0.1, 0.1), (0.4, 0.4))
    assert place.saved[-1][1][0].page == 2


@pytest.mark.qt_log_ignore("TIFF", "JPEG", "compression", extend=True)
@pytest.mark.parametrize("compression", ["jpeg", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L", "P"])
def test_scans_of_every_kind_are_shown(place: Desk, compression: str, mode: str) -> None:
    if (compression, mode) == ("jpeg", "P"):
        compression = "raw"
    stream = io.BytesIO()
    Image.open(io.BytesIO(picture("PNG"))).convert(mode).save(stream, "TIFF", compression=compression)
    place.attach("scan.tif", TIFF, stream.getvalue())
    viewer = place.open()
    assert (colour_at(viewer, 0.2, 0.2), colour_at(viewer, 0.8, 0.8)) == ("red", "white")


def test_a_huge_picture_is_held_small(place: Desk) -> None:
    place.attach("ภาพ.png", PNG, picture("PNG", (6000, 4000)))
    viewer = place.open()
    assert viewer.area.cache.limit <= 28 << 20 and colour_at(viewer, 0.2, 0.2) == "red"
    assert viewer.area.placed is not None and viewer.area._sizes[0].width == pytest.approx(6000 * 72 / 96)


# Qt's readers tell the log what they dislike about a file.
@pytest.mark.qt_log_ignore("JPEG", "TIFF", "directory", extend=True)
@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        (PDF, b"%PDF-1.7 nothing", "เสียหาย"),
        (PDF, BOMBS["ascii85.pdf"](), "ใหญ่เกินไป"),
        (JPEG, picture("JPEG")[:300], "เสียหาย"),
        (PNG, b"\x89PNG\r\n\x1a\n", "เสียหาย"),
        (TIFF, b"II*\0" + b"\xff" * 40, "เสียหาย"),
        (DOCX, b"PK", "โปรแกรมในเครื่อง"),
        ("application/x-executable", b"MZ", "เพื่อความปลอดภัย"),
    ],
)
def test_what_cannot_be_shown_is_said(place: Desk, kind: str, content: bytes, words: str) -> None:
    place.attach("ไฟล์", kind, content)
    viewer = place.open(ready=False)
    place.wait(lambda: words in shown_text(viewer.said))
    assert viewer.stack.currentWidget() is viewer.message and not viewer.side.isVisible()
    assert not list(broken_texts(viewer))


def test_a_damaged_file_is_said_and_not_shown_and_the_next_one_opens(place: Desk, order: bytes) -> None:
    place.attach("เสีย.pdf", PDF, order + b"\n", damaged=True)
    place.attach("ดี.pdf", PDF, order)
    viewer = place.open(ready=False)
    place.wait(lambda: viewer.stack.currentWidget() is viewer.message and "อ่าน…" not in shown_text(viewer.said))
    assert not viewer.outside.isVisible()
    click(viewer.file_next)
    place.wait(lambda: viewer.area.cache.held > 0)
    assert viewer.stack.currentWidget() is viewer.area and "ดี.pdf" in viewer.windowTitle()
    assert viewer.file_previous.isEnabled() and not viewer.file_next.isEnabled()


def test_a_mad_page_size_is_shown(place: Desk) -> None:
    place.attach("a.pdf", PDF, bare_pdf("/MediaBox[0 0 1000000 10]", "0 0 m 9 9 l S", count=3))
    viewer = place.open()
    viewer.area.set_zoom(4.0)
    place.wait(lambda: not missing(viewer))
    assert viewer.area.cache.held <= 60 << 20 and viewer.area.placed.width <= 32_001


def test_closing_while_reading_leaves_nothing(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order)
    viewer = place.open(ready=False)
    shut: list[int] = []
    viewer.closed.connect(lambda: shut.append(1))
    reading = viewer.reading
    viewer.close()
    viewer.close()
    place.wait(lambda: not reading.running)
    assert shut == [1] and not list(place.folder.rglob("*.*"))


def test_other_kinds_open_from_a_read_only_copy(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []

    def take(url) -> bool:
        opened.append(Path(url.toLocalFile()))
        return opened[-1].read_bytes() == b"PK words"

    monkeypatch.setattr("dgdesk.ui.evidence.viewer.viewer.QDesktopServices.openUrl", take)
    place.attach("แผน น้ำ.docx", DOCX, b"PK words")
    viewer = place.open(ready=False)
    click(viewer.outside)
    assert opened[0].name == "แผน น้ำ.docx" and not opened[0].stat().st_mode & 0o222
    assert "อ่านอย่างเดียว" in shown_text(viewer.state)
    viewer.close()
    assert not opened[0].exists()


# the window


@pytest.mark.parametrize("size", [(1366, 768), (1024, 700)])
def test_no_text_is_clipped_and_everything_has_a_name(place: Desk, order: bytes, size: tuple[int, int]) -> None:
    long = "คำสั่งแต่งตั้งคณะกรรมการบริหารจัดการข้อมูลภาครัฐของจังหวัดพระนครศรีอยุธยา_ฉบับลงนาม_2568 (แก้ไข).pdf"
    place.attach(long, PDF, order, Mark(3, (FRAME,), "", LINES[0] * 3), Mark(11, (FRAME,), "ก" * 200))
    place.attach("b.pdf", PDF, order + b"\n")
    viewer = place.open(size=size)
    press(viewer, Qt.Key.Key_F, CTRL)
    type_text(viewer.finder.box, "น้ำ")
    place.wait(lambda: bool(viewer.finder.hits))
    assert not list(broken_texts(viewer))
    for widget in viewer.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is viewer:
            name = widget.accessibleName() or getattr(widget, "text", lambda: "")()
            assert name or widget.objectName().startswith("qt_"), widget


def test_tab_reaches_the_page_and_the_marks(place: Desk, order: bytes) -> None:
    place.attach("คำสั่ง.pdf", PDF, order, Mark(1, (FRAME,)))
    viewer = place.open()
    viewer.activateWindow()
    seen = set()
    for _ in range(40):
        press(QApplication.focusWidget() or viewer, Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    row = viewer.panel.rows[0]
    assert {viewer.area, viewer.tools.box, viewer.mark_tools.add, row.jump, row.note, row.remove} <= seen


def test_a_scan_without_text_says_so(place: Desk) -> None:
    place.attach("scan.pdf", PDF, bare_pdf("/MediaBox[0 0 100 100]"))
    viewer = place.open()
    place.wait(lambda: viewer.area.text_known)
    click(viewer.mark_tools.text)
    assert "ภาพสแกน" in shown_text(viewer.state)


def test_that_heic_cannot_be_shown_is_said(place: Desk) -> None:
    place.documents = Documents(Inline())
    place.attach("ภาพ.heic", HEIC, picture("PNG"))
    viewer = place.open(ready=False)
    place.wait(lambda: "HEIC" in shown_text(viewer.said))
    assert viewer.outside.isVisible()


@pytest.mark.parametrize(("language", "theme", "percent"), [("en", "contrast", 150), ("th", "dark", 200)])
def test_other_languages_themes_and_text_sizes_fit(
    place: Desk, order: bytes, services: Services, language: str, theme: str, percent: int
) -> None:
    settings = Settings(language=language, theme=theme, text_percent=percent)
    app = QApplication.instance()
    apply_theme(app, settings)
    try:
        place.services = replace(services, texts=services.texts.speaking(load_catalogue(language)))
        place.attach("คำสั่งแต่งตั้ง.pdf", PDF, order, Mark(1, (FRAME,), "ก"))
        viewer = place.open(size=(1024, 700))
        assert not list(broken_texts(viewer))
        viewer.close()
    finally:
        apply_theme(app)


def test_a_draft_serves_the_viewer_and_keeps_its_marks(place: Desk, order: bytes, tmp_path: Path) -> None:
    slot, path = "p1.4/yes", tmp_path / "a.dgdesk"
    (tmp_path / "คำสั่ง.pdf").write_bytes(order)
    with new_draft(path, clock=place.services.clock, who="สมศรี", respondent="TH-55") as draft:
        draft.session.attach(slot, tmp_path / "คำสั่ง.pdf")
        sha256 = draft.session.state.facts.evidence[slot][0].sha256
        viewer = EvidenceViewer(
            place.services.texts, draft.package.read_file, draft.session.state.facts.evidence[slot], tmp_path / "view"
        )
        place.qtbot.addWidget(viewer, before_close_func=lambda widget: widget.close())
        viewer.marks_changed.connect(lambda sha256, marks: draft.session.mark(slot, sha256, marks=marks))
        viewer.show()
        place.wait(lambda: viewer.area.complete)
        drag(viewer, (0.1, 0.2), (0.5, 0.3))
        (stored,) = draft.session.state.facts.evidence[slot]
        assert stored.marks == viewer.area.marks and len(stored.marks) == 1
        draft.session.undo()
        viewer.set_attachments(draft.session.state.facts.evidence[slot])
        assert viewer.area.marks == ()
        viewer.close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE chunk SET data = zeroblob(length(data))")
    with open_draft(path, clock=place.services.clock, who="สมศรี") as draft:
        place.contents[sha256] = b"?"
        place.attachments = list(draft.session.state.facts.evidence[slot])
        place.read = draft.package.read_file
        viewer = place.open(ready=False)
        place.wait(lambda: "อ่าน" not in shown_text(viewer.said))
        assert viewer.stack.currentWidget() is viewer.message and viewer.area.count == 0
        assert not viewer.outside.isVisible()
        viewer.close()
