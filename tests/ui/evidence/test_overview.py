"""The evidence overview: a window beside the work that lists, follows, leads, and prints."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.errors import FileError
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.rules.evidence_overview import LEFT
from dgdesk.ui.evidence.overview.printing import pdf_of, save_pdf
from dgdesk.ui.evidence.overview.window import OverviewWindow
from dgdesk.ui.evidence.overview.wording import LEVELS, SHARES
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.row_model import share_out
from dgdesk.ui.widgets.services import Services
from tools import needs
from ui.hands import click, place, press, settle, type_text
from ui.whole import broken_texts

MARK = Mark(2, (Rect(0.1, 0.1, 0.5, 0.5),))


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "แผนจัดการน้ำ 2568.pdf"
    path.write_bytes(b"%PDF-1.7 x")
    return path


@pytest.fixture
def asked(workspace: Workspace) -> Workspace:
    workspace.bridge.answer("p1.3", "yes")
    workspace.bridge.answer("p1.4", "yes")
    return workspace


@pytest.fixture
def overview(asked: Workspace, desk: MainController) -> OverviewWindow:
    desk.actions["overview"].trigger()
    window = asked.overview.window
    assert window is not None
    settle(QApplication.instance())
    return window


def slots(window: OverviewWindow) -> list[str]:
    return [row.slot for row in window.rows]


def is_at(workspace: Workspace, slot: str) -> bool:
    """Whether the focus is at a place of the page; windows change places a moment later."""
    settle(QApplication.instance())
    return QApplication.focusWidget() is place(workspace, slot).button


def cells(window: OverviewWindow, at: int) -> list[str]:
    model = window.table.listed
    return [str(model.index(at, column).data()) for column in range(model.columnCount())]


def test_it_stands_beside_the_window_and_follows_the_work(
    overview: OverviewWindow, asked: Workspace, draft: Draft, proof: Path, qtbot: QtBot
) -> None:
    assert not overview.isModal() and overview.parentWidget() is None
    assert slots(overview) == ["p1.3/yes", "p1.4/yes"]
    assert cells(overview, 1)[0] == "P1.4" and cells(overview, 1)[3:7] == ["", "", "", "ยังขาด"]
    assert cells(overview, 1)[7].startswith("+")
    asked.bridge.publish(draft.session.attach("p1.4/yes", proof))
    qtbot.waitUntil(lambda: cells(overview, 1)[6] == "แนบแล้ว ยังไม่ระบุใจความ", timeout=20_000)
    assert cells(overview, 1)[3:6] == ["แผนจัดการน้ำ 2568.pdf (ควรตรวจสอบ)", "10 B", "ยังไม่ระบุ"]
    (there,) = draft.session.state.facts.evidence["p1.4/yes"]
    asked.bridge.publish(draft.session.mark("p1.4/yes", there.sha256, marks=(MARK,)))
    qtbot.waitUntil(lambda: cells(overview, 1)[5:] == ["หน้า 2", "ครบแล้ว", ""], timeout=20_000)
    asked.bridge.damaged = frozenset({there.sha256})
    asked.bridge.damage_changed.emit()
    qtbot.waitUntil(lambda: "เสียหาย" in cells(overview, 1)[6], timeout=20_000)
    assert "(เสียหาย)" in cells(overview, 1)[3]
    asked.undo()
    asked.undo()
    qtbot.waitUntil(lambda: cells(overview, 1)[6] == "ยังขาด", timeout=20_000)
    asked.bridge.answer("p1.3", "no")
    qtbot.waitUntil(lambda: slots(overview) == ["p1.4/yes"], timeout=20_000)
    assert "1 รายการ" in overview.counts.plain_text() and "8.0 GB" in overview.counts.plain_text()


def test_enter_and_a_double_click_lead_to_the_place(overview: OverviewWindow, asked: Workspace) -> None:
    asked.open_page("p2.page1")
    press(overview.table, Qt.Key.Key_Down)
    assert overview.row is not None and overview.row.slot == "p1.4/yes"
    press(overview.table, Qt.Key.Key_Return)
    assert asked.page == asked.bridge.form.node("p1.4").page
    assert is_at(asked, "p1.4/yes")
    assert overview.isVisible(), "it stays open beside the work"
    asked.open_page("p2.page1")
    where = overview.table.visualRect(overview.table.listed.index(0, 1)).center()
    QTest.mouseClick(overview.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    QTest.mouseDClick(overview.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert is_at(asked, "p1.3/yes")


def test_boxes_choose_find_and_order(
    overview: OverviewWindow, asked: Workspace, draft: Draft, proof: Path, qtbot: QtBot
) -> None:
    asked.bridge.publish(draft.session.attach("p1.3/yes", proof, pages="1"))
    qtbot.waitUntil(lambda: overview.rows[0].state == "complete", timeout=20_000)
    controls = overview.controls
    controls.states.setCurrentIndex(controls.states.findData("missing"))
    assert slots(overview) == ["p1.4/yes"]
    controls.states.setCurrentIndex(controls.states.findData("all"))
    assert slots(overview) == [row.slot for row in asked.bridge.place_rows], "of items that are not there, none"
    controls.sections.setCurrentIndex(controls.sections.findData("p1"))
    assert all(slot.startswith("p1.") for slot in slots(overview)) and len(slots(overview)) > 12
    type_text(controls.search, "จัดการน้ํา")
    qtbot.waitUntil(lambda: slots(overview) == ["p1.3/yes"], timeout=20_000)
    controls.search.clear()
    type_text(controls.search, "ข้อ ๑.๔")
    qtbot.waitUntil(lambda: slots(overview) == ["p1.4/yes"], timeout=20_000)
    type_text(controls.search, "ฮฮฮ")
    qtbot.waitUntil(lambda: slots(overview) == [], timeout=20_000)
    assert overview.said.isVisible() and overview.said.plain_text().startswith("ไม่มีรายการ")
    assert not overview.go_button.isEnabled()
    controls.show_left()
    assert slots(overview) == ["p1.3/yes", "p1.4/yes"] and not overview.said.isVisible()
    head = overview.table.head
    state = next(at for at, column in enumerate(overview.table.listed.columns) if column == ("state",))
    where = QPoint(head.sectionViewportPosition(state) + 20, 10)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert (slots(overview), controls.sorted_by) == (["p1.4/yes", "p1.3/yes"], ("state", False))
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert (slots(overview), controls.sorted_by) == (["p1.3/yes", "p1.4/yes"], ("state", True))


def test_the_chosen_row_stays_chosen_in_another_order(overview: OverviewWindow) -> None:
    overview.table.go_to_row(1)
    overview.controls.descending.setChecked(True)
    assert slots(overview) == ["p1.4/yes", "p1.3/yes"]
    assert overview.row is not None and overview.row.slot == "p1.4/yes"


def test_next_missing_in_the_overview(
    overview: OverviewWindow, asked: Workspace, draft: Draft, proof: Path, qtbot: QtBot
) -> None:
    asked.bridge.answer("p1.1", "yes")
    asked.bridge.answer("p1.1a2", ["1", "2"])
    asked.bridge.publish(draft.session.attach("p1.1a2/2", proof))
    qtbot.waitUntil(lambda: len(slots(overview)) == 4 and overview.rows[1].state == "unmarked", timeout=20_000)
    overview.table.go_to_row(0)
    went = []
    for _ in range(4):
        press(overview.table, Qt.Key.Key_F7)
        assert overview.row is not None
        went.append(overview.row.slot)
    assert went == ["p1.1a2/2", "p1.3/yes", "p1.4/yes", "p1.1a2/1"], "an unmarked file is not complete"
    press(overview.table, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert overview.row.slot == "p1.4/yes"
    assert [row.slot for row in overview.table.chosen] == ["p1.4/yes"], "Shift goes back, and selects nothing more"
    overview.controls.states.setCurrentIndex(overview.controls.states.findData("optional"))
    click(overview.next_button)
    assert overview.row is not None and overview.row.state in LEFT, "the filter gives way"


def test_all_chosen_files_are_said_to_be_the_passage_as_a_whole_in_one_step(
    overview: OverviewWindow, asked: Workspace, draft: Draft, proof: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "ภาคผนวก.pdf"
    other.write_bytes(b"%PDF-1.7 y")
    asked.bridge.publish(draft.session.attach("p1.3/yes", proof))
    asked.bridge.publish(draft.session.attach("p1.3/yes", other, pages="2"))
    asked.bridge.publish(draft.session.attach("p1.4/yes", proof))
    qtbot.waitUntil(lambda: cells(overview, 1)[6] == "แนบแล้ว ยังไม่ระบุใจความ", timeout=20_000)
    overview.table.setFocus()
    overview.table.go_to_row(0)
    assert overview.whole.isEnabled() and overview.whole.accessibleName() == "ใจความสำคัญคือทั้งไฟล์"
    press(overview.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [row.slot for row in overview.table.chosen] == ["p1.3/yes", "p1.4/yes"]
    press(overview.whole, Qt.Key.Key_Space)
    said = {
        slot: [(one.pages, one.whole) for one in files] for slot, files in asked.bridge.state.facts.evidence.items()
    }
    assert said == {"p1.3/yes": [("", True), ("2", False)], "p1.4/yes": [("", True)]}, "what is marked stays as it is"
    assert overview.said.plain_text() == "บันทึกว่าใจความสำคัญคือทั้งไฟล์แล้ว 2 ไฟล์"
    assert cells(overview, 1)[5:7] == ["ทั้งไฟล์", "ครบแล้ว"] and not overview.whole.isEnabled()
    asked.undo()
    assert not any(one.whole for files in asked.bridge.state.facts.evidence.values() for one in files)


def test_next_missing_from_the_main_window(
    asked: Workspace, desk: MainController, draft: Draft, proof: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.open_page("p2.page1")
    assert desk.actions["next_missing"].shortcut().toString() == "F7"
    desk.actions["next_missing"].trigger()
    assert is_at(asked, "p1.3/yes")
    desk.actions["next_missing"].trigger()
    assert is_at(asked, "p1.4/yes")
    desk.actions["previous_missing"].trigger()
    assert is_at(asked, "p1.3/yes")
    for slot in ("p1.3/yes", "p1.4/yes"):
        asked.bridge.publish(draft.session.attach(slot, proof, whole=True))
    said: list[str] = []
    monkeypatch.setattr("dgdesk.ui.evidence.overview.controller.tell", lambda texts, words, parent: said.append(words))
    desk.actions["next_missing"].trigger()
    assert len(said) == 1 and said[0].startswith("หลักฐานครบแล้ว")


def test_files_open_in_the_viewer(
    overview: OverviewWindow,
    asked: Workspace,
    draft: Draft,
    proof: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "dgdesk.ui.evidence.viewers.open_viewer",
        lambda bridge, services, slot, sha256, parent: shown.append((slot, sha256)),
    )
    assert not overview.look.isEnabled()
    other = tmp_path / "ข & ค.pdf"
    other.write_bytes(b"%PDF-1.7 y")
    asked.bridge.publish(draft.session.attach("p1.3/yes", proof))
    qtbot.waitUntil(overview.look.isEnabled, timeout=20_000)
    click(overview.look)
    first, second = "", ""
    first = draft.session.state.facts.evidence["p1.3/yes"][0].sha256
    assert shown == [("p1.3/yes", first)]
    asked.bridge.publish(draft.session.attach("p1.3/yes", other))
    qtbot.waitUntil(lambda: len(overview.rows[0].files) == 2, timeout=20_000)
    assert cells(overview, 0)[3].replace("\u2028", "|") == (
        "1. แผนจัดการน้ำ 2568.pdf (ควรตรวจสอบ)|2. ข & ค.pdf (ควรตรวจสอบ)"
    )
    click(overview.look)
    (menu,) = [one for one in overview.findChildren(QMenu) if one.isVisible()]
    menu.actions()[1].trigger()
    menu.close()
    second = draft.session.state.facts.evidence["p1.3/yes"][1].sha256
    assert shown[1:] == [("p1.3/yes", second)]


def test_attaching_begins_at_the_place_on_the_form(
    overview: OverviewWindow, asked: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[str] = []
    monkeypatch.setattr("dgdesk.ui.evidence.slot.EvidenceSlot.choose_files", lambda self: chosen.append(self.slot))
    overview.table.go_to_row(1)
    click(overview.attach)
    assert chosen == ["p1.4/yes"] and asked.page == asked.bridge.form.node("p1.4").page


def test_its_size_is_remembered_and_it_goes_with_the_draft(
    overview: OverviewWindow, desk: MainController, path: Path
) -> None:
    overview.resize(790, 610)
    desk.close_draft()
    settle(QApplication.instance())
    assert not any(isinstance(one, OverviewWindow) for one in QApplication.topLevelWidgets())
    assert desk.settings.now.splitters["overview"] == (790, 610)
    desk.open(path)
    desk.actions["overview"].trigger()
    assert desk.workspace is not None and desk.workspace.overview.window is not None
    assert desk.workspace.overview.window.width() == 790


def test_opening_it_again_brings_the_same_window(
    overview: OverviewWindow, asked: Workspace, desk: MainController
) -> None:
    desk.actions["overview"].trigger()
    assert asked.overview.window is overview
    overview.close()
    asked.bridge.answer("p1.3", "no")
    desk.actions["overview"].trigger()
    assert overview.isVisible()
    settle(QApplication.instance())
    assert not desk.actions["overview"].shortcut().isEmpty()


@pytest.mark.parametrize(("width", "height"), [(1366, 700), (1024, 632), (760, 600)])
def test_nothing_is_cut_off(desk: MainController, full_draft: Path, tmp_path: Path, width: int, height: int) -> None:
    mine = tmp_path / "เต็ม.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    assert desk.workspace is not None
    desk.workspace.overview.begin_with((width, height))
    desk.workspace.overview.show()
    window = desk.workspace.overview.window
    assert window is not None
    window.resize(width, height)
    settle(QApplication.instance())
    window.table.finish()
    assert list(broken_texts(window)) == []
    table = window.table
    for at in range(len(window.rows)):
        for column, what in enumerate(table.listed.columns):
            need = table.cells.height(table.listed.words(at, column), table.columnWidth(column), "state" in what)
            assert need <= table.rowHeight(at)
    assert sum(table.columnWidth(at) for at in range(table.listed.columnCount())) == table.viewport().width()


def test_columns_give_way_one_after_the_other() -> None:
    for columns in LEVELS:
        assert sorted(key for column in columns for key in column) == sorted(LEVELS[-1][0])
        widths = share_out([50] * len(columns), [sum(SHARES[key] for key in column) for column in columns], 1000)
        assert sum(widths) == 1000 and min(widths) >= 50


def test_a_screen_reader_hears_the_whole_row(overview: OverviewWindow) -> None:
    model = overview.table.listed
    said = str(model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert said.startswith("ข้อ P1.4 · คำถาม ") and "สถานะ ยังขาด" in said and "\u2028" not in said


def test_the_pdf_has_every_row_heads_on_every_page_and_the_buddhist_date(
    overview: OverviewWindow, services: Services, tmp_path: Path
) -> None:
    overview.controls.states.setCurrentIndex(overview.controls.states.findData("all"))
    path = tmp_path / "ภาพรวม.pdf"
    save_pdf(path, pdf_of(services, overview.rows, "จังหวัดน่าน", "ต้องแนบหลักฐาน 2 รายการ"))
    assert [one.name for one in tmp_path.glob("*.part")] == []
    reader = PdfReader(path)
    texts = ["".join(page.extract_text().split()) for page in reader.pages]
    assert len(texts) > 5
    for number, text in enumerate(texts, start=1):
        assert "สถานะ" in text and f"{number}จาก{len(texts)}" in text and "จังหวัดน่าน" in text
        assert "\u200b" not in text
    assert "2569" in texts[0] and "P1.4" in "".join(texts)
    assert sum(text.count("แนบเอกสาร") for text in texts) > 150
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)


@needs("pdftoppm")
def test_paper_is_black_on_white(overview: OverviewWindow, services: Services, tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "a.pdf"
    save_pdf(path, pdf_of(services, overview.rows, "จังหวัดน่าน", "ต้องแนบหลักฐาน 2 รายการ"))
    subprocess.run(["pdftoppm", "-r", "40", "-png", str(path), str(tmp_path / "p")], check=True)
    (picture,) = tmp_path.glob("p*.png")
    pixels = Image.open(picture).convert("RGB")
    colours = {colour for _, colour in pixels.getcolors(100_000) or ()}
    assert all(max(each) - min(each) <= 2 for each in colours) and len(colours) > 1


def test_a_place_that_cannot_be_written_leaves_nothing(
    overview: OverviewWindow, services: Services, tmp_path: Path
) -> None:
    with pytest.raises(FileError) as failed:
        save_pdf(tmp_path / "ไม่มี" / "a.pdf", pdf_of(services, overview.rows, "จังหวัดน่าน", "ต้องแนบหลักฐาน 2 รายการ"))
    assert failed.value.code == "target.no_folder"
    assert services.texts.error(failed.value).startswith("ไม่มีโฟลเดอร์ที่จะเก็บไฟล์")


def test_saving_says_what_was_saved(overview: OverviewWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "ออก"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    click(overview.pdf_button)
    assert target.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")
    assert overview.said.plain_text() == "บันทึก “ออก.pdf” แล้ว"


def test_printing_goes_through_the_dialog_of_the_pc(
    overview: OverviewWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    target = tmp_path / "พิมพ์.pdf"

    def accept(dialog: QPrintDialog) -> int:
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(target))
        return 1

    monkeypatch.setattr("dgdesk.ui.widgets.printer.has_printer", lambda: True)
    monkeypatch.setattr(QPrintDialog, "exec", accept)
    click(overview.print_button)
    assert overview.said.plain_text() == "ส่งไปพิมพ์แล้ว"
    assert len(PdfReader(target).pages) == 1
    monkeypatch.setattr(QPrintDialog, "exec", lambda dialog: 0)
    overview.said.set_text("")
    click(overview.print_button)
    assert overview.said.plain_text() == ""
