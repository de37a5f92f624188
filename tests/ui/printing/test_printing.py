"""Printing in the window, driven as a person does: choose, look, search, stop, save, print, and the sheet to sign."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QDesktopServices, QPageLayout, QPageRanges, QPageSize
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

import dgdesk
from dgdesk.bundle.signing.identity import create_identity
from dgdesk.draft.drafts import open_draft
from dgdesk.errors import DgdeskError, FileError
from dgdesk.evidence.pages.geometry import Bitmap, PageSize
from dgdesk.evidence.pages.pdf import LOCK, PdfFile
from dgdesk.printing.document import Printed
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.submission.export import export_draft
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress
from dgdesk.ui.export import done_page
from dgdesk.ui.export.choices import Remembered
from dgdesk.ui.export.wizard import ExportWizard
from dgdesk.ui.printing import dialog as dialog_module
from dgdesk.ui.printing.choices_form import Material, suggested_name
from dgdesk.ui.printing.dialog import PrintDialog, make_safely, missing_words
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets import printer as printer_module
from dgdesk.ui.widgets import saving
from dgdesk.ui.widgets.printer import (
    STRIP_PIXELS,
    choose_printer,
    make_printer,
    piece_from,
    place,
    print_file,
    quiet_line,
    wanted_pages,
    with_copies,
)
from dgdesk.ui.widgets.services import Services
from evidence.pages.pdfs import thai_pdf
from ui.export.acts import export_to, sign_without
from ui.hands import click, editor, press, settle, type_text
from ui.whole import broken_texts

CTRL = Qt.KeyboardModifier.ControlModifier
A4 = PageSize(595.28, 841.89)
PATIENCE = 60_000
OFFICE = "general.address"


@pytest.fixture
def full(desk: MainController, full_draft: Path, thai_path: Path) -> Workspace:
    """A complete form in the window."""
    mine = thai_path / "ครบ.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    assert desk.workspace is not None
    return desk.workspace


class Place:
    """Opens the dialog on the draft in the window, and waits for what it shows."""

    def __init__(self, qtbot: QtBot, desk: MainController) -> None:
        self.qtbot, self.desk = qtbot, desk
        self.opened: list[PrintDialog] = []

    def open(self, *, ready: bool = True) -> PrintDialog:
        assert self.desk.draft is not None
        dialog = PrintDialog(self.desk.draft, self.desk.services, self.desk.window)
        self.opened.append(dialog)
        dialog.show()
        dialog.activateWindow()
        if ready:
            self.wait_for_page(dialog)
        return dialog

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=PATIENCE)

    def wait_for_page(self, dialog: PrintDialog) -> Printed:
        self.wait(lambda: dialog.printed is not None and dialog.preview.shows_page)
        assert dialog.printed is not None
        return dialog.printed


@pytest.fixture
def at(qtbot: QtBot, desk: MainController) -> Iterator[Place]:
    """The place where dialogs are opened."""
    made = Place(qtbot, desk)
    yield made
    for dialog in made.opened:
        dialog.done(0)
        made.wait(lambda dialog=dialog: not dialog.prints.running)
        dialog.deleteLater()
    settle(QApplication.instance())


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said in message boxes."""
    found: list[str] = []
    for module in (dialog_module, printer_module, done_page, saving):
        monkeypatch.setattr(module, "tell", lambda texts, message, *_: found.append(message))
    return found


def text_of(content: bytes, page: int) -> str:
    with LOCK:
        file = pypdfium2.PdfDocument(content)
        try:
            return str(file[page].get_textpage().get_text_range())
        finally:
            file.close()


def pages_of(path: Path) -> list[tuple[float, float]]:
    """The sizes of the pages of a PDF, in points."""
    with LOCK:
        file = pypdfium2.PdfDocument(path.read_bytes())
        try:
            return [file[number].get_size() for number in range(len(file))]
        finally:
            file.close()


def darkness(path: Path, page: int) -> tuple[float, tuple[int, int, int, int]]:
    """How much of a page is inked, and the box of the ink as thousandths of the page."""
    with LOCK:
        file = pypdfium2.PdfDocument(path.read_bytes())
        try:
            picture = file[page].render(scale=1).to_pil().convert("L").point(lambda grey: 255 if grey < 140 else 0)
        finally:
            file.close()
    box = picture.getbbox() or (0, 0, 0, 0)
    sides = (picture.width, picture.height) * 2
    return picture.histogram()[255], tuple(round(1000 * side / whole) for side, whole in zip(box, sides, strict=True))


def pdf_printer(target: Path, dots: int = 150) -> QPrinter:
    """A printer that prints into a file."""
    printer = make_printer("ทดสอบ")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    printer.setResolution(dots)
    return printer


def choose(monkeypatch: pytest.MonkeyPatch, target: Path, **wishes: Callable[[QPrinter], object]) -> list[int]:
    """Let the PC's dialog choose a PDF printer at once; return the numbers of pages it was offered."""
    offered: list[int] = []

    def answer(printer: QPrinter, count: int, parent: QWidget | None) -> bool:
        offered.append(count)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        printer.setResolution(100)
        for wish in wishes.values():
            wish(printer)
        return True

    monkeypatch.setattr(printer_module, "choose_printer", answer)
    return offered


# looking


def test_a_complete_form_is_shown_as_it_will_be_signed_and_can_be_turned_zoomed_and_searched(
    full: Workspace, at: Place
) -> None:
    dialog = at.open()
    assert dialog.printed is not None and dialog.printed.pages > 40
    preview = dialog.preview
    assert dialog.form.choices == PrintChoices("final") and preview.area.count == dialog.printed.pages
    assert "ฉบับสำหรับลงนาม" in text_of(dialog.printed.data, 0)
    assert preview.tools.box.maximum() == dialog.printed.pages and not dialog.making
    click(preview.tools.next)
    at.wait(lambda: preview.area.page == 1 and preview.shows_page)
    zoom = preview.area.zoom
    press(dialog, Qt.Key.Key_Plus, CTRL)
    at.wait(lambda: preview.area.zoom > zoom and preview.area.fit == "none")
    press(dialog, Qt.Key.Key_F, CTRL)
    at.wait(preview.finder.isVisible)
    type_text(preview.finder.box, "ข้อมูลทั่วไปเกี่ยวกับจังหวัด")
    at.wait(lambda: preview.finder.complete and bool(preview.finder.hits))
    at.wait(lambda: bool(preview.area.hit_now))
    found = preview.area.page
    for _ in range(4):  # the title of the section stands in running heads too
        hit = preview.area.page, preview.area.hit_now  # heads are at the same place on every page
        press(dialog, Qt.Key.Key_F3)
        at.wait(lambda hit=hit: (preview.area.page, preview.area.hit_now) != hit)
        if preview.area.page != found:
            break
    assert len(preview.finder.hits) > 1 and preview.area.page != found
    preview.area.set_fit("width")
    assert list(broken_texts(dialog)) == []
    press(preview.finder.box, Qt.Key.Key_Escape)
    assert preview.finder.isHidden() and dialog.isVisible()


def test_every_choice_makes_another_print_and_the_page_stays(full: Workspace, at: Place) -> None:
    dialog = at.open()
    form, preview = dialog.form, dialog.preview
    assert dialog.printed is not None
    final = dialog.printed
    click(preview.tools.next)
    at.wait(lambda: preview.area.page == 1 and preview.shows_page)

    def then(row: QWidget) -> Printed:
        click(row)
        assert dialog.printed is None and dialog.making and not dialog.save_button.isEnabled()
        return at.wait_for_page(dialog)

    draft = then(form.variants["draft"])
    assert "ร่าง" in text_of(draft.data, 0) and preview.area.page == 1
    assert draft.pages > final.pages, "nobody signs the estimated score"
    large = then(form.large)
    assert large.pages > draft.pages
    then(form.large)
    thai = then(form.thai_digits)
    assert "๒๕๖๙" in text_of(thai.data, 0) and "๒๕๖๙" not in text_of(draft.data, 0)
    then(form.thai_digits)
    blank = then(form.variants["blank"])
    assert "กรอกด้วยปากกา" in text_of(blank.data, 0) and not form.skipped.isEnabled()
    answers = then(form.variants["answers"])
    assert answers.pages < draft.pages and not form.notes.isEnabled()
    part = then(form.one_section)
    assert part.pages < answers.pages and form.sections["general"].isVisible()
    other = then(form.sections["p1"])
    assert "ส่วนที่ 1" in text_of(other.data, 0) and preview.area.page < other.pages
    then(form.one_section)
    compact = then(form.variants["compact"])
    assert compact.pages < answers.pages and not form.notes.isEnabled() and not form.skipped.isEnabled()
    then(form.one_section)
    problems = then(form.variants["problems"])
    assert "รายการที่ต้องแก้ไขและตรวจสอบ" in text_of(problems.data, 0)
    assert form.choices.section is None and not form.sections["p1"].isVisible()


def test_a_form_that_is_not_complete_is_a_draft_and_what_is_for_signature_says_why_not(
    workspace: Workspace, at: Place
) -> None:
    dialog = at.open()
    assert dialog.form.choices.variant == "draft"
    click(dialog.form.variants["final"])
    at.wait(lambda: not dialog.making)
    assert "ต้องแก้ไข" in dialog.preview.said.plain_text() and dialog.printed is None
    assert not dialog.print_button.isEnabled() and not dialog.save_button.isEnabled()
    click(dialog.form.variants["problems"])
    at.wait_for_page(dialog)


def test_the_menu_prints_what_was_typed_last(
    desk: MainController, workspace: Workspace, at: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = editor(workspace, OFFICE).input
    type_text(box, "ศาลากลางจังหวัดน่าน")
    shown: list[str] = []

    def wait_and_close(dialog: PrintDialog) -> int:
        at.opened.append(dialog)
        dialog.show()
        shown.append(text_of(at.wait_for_page(dialog).data, 1) + text_of(at.wait_for_page(dialog).data, 2))
        dialog.done(0)
        return 0

    monkeypatch.setattr(PrintDialog, "exec", wait_and_close)
    monkeypatch.setattr(PrintDialog, "deleteLater", lambda _: None)
    press(desk.window, Qt.Key.Key_P, CTRL)
    monkeypatch.undo()
    assert shown and "ศาลากลางจังหวัดน่าน" in shown[0].replace("\u200b", "")


def test_a_draft_that_may_only_be_read_prints_too(
    desk: MainController, full_draft: Path, at: Place, tmp_path: Path
) -> None:
    mine = tmp_path / "a.dgdesk"
    shutil.copy(full_draft, mine)
    desk.opening.take(lambda: open_draft(mine, clock=desk.services.clock, who="x", read_only=True))
    dialog = at.open()
    assert dialog.form.choices.variant == "final" and dialog.printed is not None and dialog.printed.pages > 40


@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_printed_for_signature_has_the_digest_of_what_is_exported(
    desk: MainController, full_draft: Path, at: Place, thai_path: Path, services: Services, read_only: bool
) -> None:
    mine, order = thai_path / "a.dgdesk", thai_path / "คำสั่ง.pdf"
    shutil.copy(full_draft, mine)
    order.write_bytes(thai_pdf(["คำสั่งแต่งตั้ง น้ำ"]))
    with open_draft(mine, clock=services.clock, who="x") as draft:
        slot = next(iter(draft.session.state.facts.evidence))
        draft.session.attach(slot, order, marks=(Mark(1, (Rect(0.1, 0.1, 0.5, 0.2),), "คำสั่ง"),))
        identity = create_identity(thai_path / "id", person="ก", province="น", passphrase=None, now=services.clock())
        report = export_draft(
            draft, thai_path / "b.zip", identity=identity, reason="แก้ไข", claimed_time=services.clock()
        )
    desk.opening.take(lambda: open_draft(mine, clock=services.clock, who="x", read_only=read_only))
    before = sorted(thai_path.iterdir())
    dialog = at.open()
    assert dialog.printed is not None
    assert report.answers_digest in "".join(text_of(dialog.printed.data, 0).split())
    assert sorted(thai_path.iterdir()) == before and not list(services.profile.root.rglob("*marking*"))


def test_after_a_change_since_the_last_export_it_is_said_that_the_pages_have_no_digest(
    desk: MainController, full_draft: Path, at: Place, thai_path: Path, services: Services
) -> None:
    mine = thai_path / "a.dgdesk"
    shutil.copy(full_draft, mine)
    with open_draft(mine, clock=services.clock, who="x") as draft:
        identity = create_identity(thai_path / "id", person="ก", province="น", passphrase=None, now=services.clock())
        export_draft(draft, thai_path / "b.zip", identity=identity, reason="แก้ไข", claimed_time=services.clock())
        draft.session.answer("general.first_name", "กาญจนา")
    desk.opening.take(lambda: open_draft(mine, clock=services.clock, who="x"))
    dialog = at.open()
    assert dialog.printed is not None and "ไม่มีรหัสตรวจสอบคำตอบ" in dialog.state.plain_text()
    assert list(broken_texts(dialog)) == []


# stopping


def test_making_is_stopped_and_begun_again(full: Workspace, at: Place) -> None:
    dialog = at.open(ready=False)
    assert dialog.making
    click(dialog.cancel)
    assert not dialog.making and dialog.printed is None and "หยุด" in dialog.preview.said.plain_text()
    assert dialog.preview.again.isVisible() and not dialog.print_button.isEnabled()
    assert list(broken_texts(dialog)) == []
    click(dialog.preview.again)
    at.wait_for_page(dialog)


def test_closing_at_once_leaves_nothing_running(full: Workspace, at: Place) -> None:
    dialog = at.open(ready=False)
    dialog.done(0)
    at.wait(lambda: not dialog.prints.running)
    assert dialog.preview.reading.worker is None and dialog.printed is None


def test_after_closing_nothing_reads_the_draft_any_more(
    full: Workspace, at: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended, rest = threading.Event(), threading.Event(), threading.Event()

    def endless(draft: object, scratch: Path, *, check: Callable[[], None]) -> str:
        begun.set()
        try:
            while not rest.wait(0.001):
                check()
        finally:
            ended.set()
        return ""

    monkeypatch.setattr("dgdesk.submission.export.digest_for_signature", endless)
    dialog = at.open(ready=False)
    at.wait(begun.is_set)
    assert not ended.is_set()
    dialog.done(0)
    assert ended.is_set()


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (MemoryError(), "ui.printing.too_large"),
        (ZeroDivisionError(), "ui.printing.failed"),
        (FileError("package.evidence_damaged", sha256=""), "package.evidence_damaged"),
    ],
)
def test_whatever_goes_wrong_is_told_in_words_of_the_program(raised: Exception, code: str) -> None:
    def make() -> Printed:
        raise raised

    with pytest.raises(DgdeskError) as caught:
        make_safely(make)
    assert caught.value.code == code


def test_after_a_print_that_fails_the_next_choice_is_made(
    full: Workspace, at: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Material.make

    def fails(material: Material, choices: PrintChoices, progress: Progress) -> Printed:
        if choices.variant == "blank":
            raise MemoryError
        return make(material, choices, progress)

    monkeypatch.setattr(Material, "make", fails)
    dialog = at.open()
    click(dialog.form.variants["blank"])
    at.wait(lambda: not dialog.making)
    assert dialog.printed is None and not dialog.save_button.isEnabled()
    click(dialog.form.variants["draft"])
    at.wait(lambda: dialog.printed is not None)
    assert dialog.save_button.isEnabled()


# saving


def test_a_print_is_saved_under_province_and_edition(
    full: Workspace, at: Place, thai_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    dialog = at.open()
    offered: list[str] = []
    target = thai_path / "พิมพ์ น้ำ"

    def answer(parent: QWidget, title: str, suggested: str, kinds: str, *_: object) -> tuple[str, str]:
        offered.append(suggested)
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    click(dialog.save_button)
    saved = target.with_suffix(".pdf")
    assert dialog.printed is not None and saved.read_bytes() == dialog.printed.data and said == []
    assert Path(offered[0]).name == "เชียงใหม่ ระดับจังหวัด พ.ศ. 2568 ฉบับสำหรับลงนาม.pdf"
    assert str(saved) in dialog.state.plain_text() and list(broken_texts(dialog)) == []
    assert not list(thai_path.glob("*.part"))
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) is None)
    click(dialog.open_file)
    assert opened == [str(saved)]
    saved.write_bytes(b"not a PDF")
    click(dialog.save_button)
    assert len(said) == 1 and saved.read_bytes() == b"not a PDF"


def test_a_saved_print_is_opened_by_one_click_and_entered_into_the_register(
    full: Workspace, at: Place, thai_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = at.open()
    assert dialog.open_file.isHidden() and dialog.open_folder.isHidden()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    click(dialog.save_button)  # cancelled
    assert dialog.open_file.isHidden() and full.bridge.draft.package.register() == ()
    target = thai_path / "พิมพ์.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    click(dialog.save_button)
    opened: list[Path] = []
    monkeypatch.setattr(
        dialog_module.QDesktopServices, "openUrl", lambda url: not opened.append(Path(url.toLocalFile()))
    )
    click(dialog.open_file)
    click(dialog.open_folder)
    assert opened == [target, thai_path]
    assert [line.record["kind"] for line in full.bridge.draft.package.register()] == ["print"]
    target.unlink()
    click(dialog.open_file)
    assert opened == [target, thai_path] and "เปิด" in dialog.state.plain_text()
    assert dialog.state.objectName() == "warning"


def test_a_name_for_saving_is_one_that_every_system_takes() -> None:
    assert suggested_name("น่าน", 'a/b:"c"', "ร่าง") == "น่าน a_b__c_ ร่าง.pdf"
    assert suggested_name("", "x", "") == "x.pdf"


def test_characters_without_a_glyph_are_told(workspace: Workspace, at: Place, services: Services) -> None:
    assert workspace.bridge.set_answer_from_text(OFFICE, "ศาลากลาง 😀 ⵣ")
    dialog = at.open()
    assert dialog.printed is not None and set(dialog.printed.missing) == {"😀", "ⵣ"}
    assert "U+1F600" in dialog.state.plain_text() and dialog.state.isVisible()
    many = missing_words(services.texts, {chr(0x2D30 + number): 1 for number in range(30)})
    assert "30" in many and "U+2D30" in many and "U+2D4D" not in many


# on paper


def test_a_printer_gets_every_page_on_a4_where_it_belongs(
    full: Workspace, at: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    dialog = at.open()
    assert dialog.printed is not None
    target = tmp_path / "out.pdf"
    offered = choose(monkeypatch, target)
    click(dialog.print_button)
    printed = pages_of(target)
    assert offered == [dialog.printed.pages] and len(printed) == dialog.printed.pages and said == []
    assert all(abs(width - A4.width) < 1 and abs(height - A4.height) < 1 for width, height in printed)
    assert "ส่ง" in dialog.state.plain_text()
    before = tmp_path / "before.pdf"
    before.write_bytes(dialog.printed.data)
    for page in (0, 6, dialog.printed.pages - 1):
        ink, box = darkness(target, page)
        wanted, around = darkness(before, page)
        assert ink == pytest.approx(wanted, rel=0.25)
        assert all(abs(one - other) <= 4 for one, other in zip(box, around, strict=True))


def test_only_the_pages_asked_for_are_printed_and_as_often(
    full: Workspace, at: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = at.open()
    target = tmp_path / "out.pdf"
    some = QPageRanges()
    some.addRange(2, 3)
    some.addPage(5)
    choose(monkeypatch, target, some=lambda printer: printer.setPageRanges(some), two=_twice)
    click(dialog.print_button)
    assert len(pages_of(target)) == 6


def _twice(printer: QPrinter) -> None:
    printer.setCopyCount(2)
    assert not printer.supportsMultipleCopies()


def test_paper_of_another_size_takes_the_page_smaller_and_in_the_middle(full_pdf: PdfFile, tmp_path: Path) -> None:
    printer = pdf_printer(tmp_path / "a5.pdf")
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A5), QPageLayout.Orientation.Portrait, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    printer.setPageLayout(layout)
    print_file(full_pdf, printer, NO_PROGRESS)
    (size,) = pages_of(tmp_path / "a5.pdf")
    assert size[0] == pytest.approx(420, abs=1)
    ink, box = darkness(tmp_path / "a5.pdf", 0)
    assert ink and box[0] > 80 and box[2] < 930


@pytest.fixture
def full_pdf() -> Iterator[PdfFile]:
    """One page of the print."""
    file = PdfFile(thai_pdf(["ที่นี่ น้ำ ปู่ ญี่ปุ่น"] * 20))
    yield file
    file.close()


def test_a_page_at_600_dots_never_needs_more_than_a_strip_of_memory(full_pdf: PdfFile, tmp_path: Path) -> None:
    printer = pdf_printer(tmp_path / "fine.pdf", 600)
    tracemalloc.start()
    try:
        print_file(full_pdf, printer, NO_PROGRESS)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # the whole page would be 139 MB
    assert 4 * STRIP_PIXELS * 0.5 < peak < 4 * STRIP_PIXELS * 2.5
    assert darkness(tmp_path / "fine.pdf", 0)[0] > 0


def test_printing_stops_when_told_and_the_printer_forgets(full_pdf: PdfFile, tmp_path: Path) -> None:
    printer = pdf_printer(tmp_path / "out.pdf")
    with pytest.raises(Cancelled):
        print_file(full_pdf, printer, Progress(is_cancelled=lambda: True))
    assert printer.printerState() in (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Idle)


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_is_said_in_words(full_pdf: PdfFile, tmp_path: Path) -> None:
    printer = pdf_printer(tmp_path / "not there" / "out.pdf")
    with pytest.raises(DgdeskError, match="no_printer"):
        print_file(full_pdf, printer, NO_PROGRESS)


def test_the_pcs_dialog_offers_the_pages_there_are_on_a4(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int, bool]] = []

    def answer(dialog: QPrintDialog) -> int:
        ranges = dialog.testOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
        seen.append((dialog.minPage(), dialog.maxPage(), ranges))
        return 0

    monkeypatch.setattr(QPrintDialog, "exec", answer)
    printer = make_printer("น้ำ")
    monkeypatch.setattr(printer_module, "has_printer", lambda: False)
    with pytest.raises(FileError) as refused:
        choose_printer(printer, 59, None)
    assert refused.value.code == "ui.printing.none_here" and seen == [], "an empty list of printers says nothing"
    monkeypatch.setattr(printer_module, "has_printer", lambda: True)
    assert choose_printer(printer, 59, None) is False and seen == [(1, 59, True)]
    assert printer.docName() == "น้ำ" and printer.pageLayout().pageSize().id() == QPageSize.PageSizeId.A4
    assert printer.fullPage()


def test_nothing_of_printing_is_loaded_before_somebody_prints() -> None:
    heavy = (
        "PySide6.QtPrintSupport",
        "uharfbuzz",
        "dgdesk.evidence.pages.pdf",
        "cryptography",
        "dgdesk.printing.document",
    )
    code = f"import sys, dgdesk.ui.printing.dialog; print([one for one in {heavy!r} if one in sys.modules])"
    variables = {**os.environ, "PYTHONPATH": str(Path(dgdesk.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=variables, check=False)
    assert done.stdout.strip() == "[]", done.stderr


def test_who_would_rather_not_print_is_asked_nothing_more(
    full: Workspace, at: Place, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    dialog = at.open()
    monkeypatch.setattr(printer_module, "choose_printer", lambda *_: False)
    click(dialog.print_button)
    assert said == [] and dialog.state.isHidden()


def test_pieces_cover_the_page_without_gap_or_overlap() -> None:
    for dots in (72, 300, 600, 1200, 2400):
        paper = (round(210 / 25.4 * dots), round(297 / 25.4 * dots))
        lying = place(A4, paper, dots)
        assert abs(lying.width - paper[0]) <= lying.times + 1 and abs(lying.left) <= lying.times
        height, top = lying.height // lying.times, 0
        while (piece := piece_from(3, lying, top)) is not None:
            assert piece.page == 3 and piece.top == top < piece.bottom <= height == piece.height
            assert (piece.right - piece.left) * (piece.bottom - piece.top) <= STRIP_PIXELS
            top = piece.bottom
        assert top == height and lying.width // lying.times <= 600 * 210 / 25.4 + 1


def test_no_line_of_text_is_parted_between_strips() -> None:
    white, ink, grey = b"\xff" * 8, b"\x00" * 4 + b"\xff" * 4, b"\xe6" * 8
    text = [ink, white, ink]
    lines = [white] * 4 + text + [white, grey, white] + text
    assert quiet_line(Bitmap(2, len(lines), bytearray(b"".join(lines)))) == 9
    solid = [ink, white] * 5
    assert quiet_line(Bitmap(2, len(solid), bytearray(b"".join(solid)))) == len(solid)


def test_pages_are_ordered_as_asked() -> None:
    assert wanted_pages([], 3) == [0, 1, 2] and wanted_pages([], 3, backwards=True) == [2, 1, 0]
    assert wanted_pages([(2, 3), (9, 12), (3, 3)], 10) == [1, 2, 8, 9] and wanted_pages([(11, 12)], 10) == []
    assert with_copies([0, 1], 2, together=True) == [0, 1, 0, 1]
    assert with_copies([0, 1], 2, together=False) == [0, 0, 1, 1]


# the sheet to sign


def test_after_an_export_the_sheet_to_sign_is_named_printed_and_opened(
    full: Workspace, services: Services, thai_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    target = thai_path / "ส่ง.zip"
    wizard = ExportWizard(full.bridge, services, Remembered(), full.window())
    wizard.show()
    sign_without(wizard)
    export_to(wizard, target)
    assert wizard.made is not None and wizard.made.report.signoff is not None
    sheet, dialog = wizard.made.report.signoff, wizard.done_page
    assert sheet.name in dialog.sheet.plain_text() and list(broken_texts(wizard)) == []
    paper = thai_path / "paper.pdf"
    offered = choose(monkeypatch, paper)
    click(dialog.sheet_print)
    assert offered == [len(pages_of(sheet))] == [len(pages_of(paper))] and said == []
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(opened.append(url.toLocalFile())) or True)
    click(dialog.sheet_open)
    assert [Path(one) for one in opened] == [sheet]
    sheet.unlink()
    click(dialog.sheet_open)
    click(dialog.sheet_print)
    assert len(said) == 2 and all(sheet.name in one for one in said)
    wizard.close()
