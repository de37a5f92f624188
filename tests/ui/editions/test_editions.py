"""Editions in the window: installing, choosing, removing; what is refused says why and changes nothing."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from dgdesk.bundle.signing.identity import Identity
from dgdesk.editions import shelf
from dgdesk.system.settings import Recent
from dgdesk.text.editions import edition_heads, read_editions_again
from dgdesk.ui.editions.dialog import EditionsDialog
from dgdesk.ui.editions.wording import edition_rows
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from editions.making import DEPARTMENT_EDITION, DEPARTMENTS, copy_of, forged, members, pack_of, payload_of
from ui.hands import click, settle, type_text
from ui.modals import Modals, until
from ui.whole import broken_texts


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that the person chooses in the file dialogs, one after the other."""
    wanted: list[Path] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(wanted.pop(0)) if wanted else "", ""))
    return wanted


@pytest.fixture
def installed(departments: Path, signer: Identity, services: Services) -> None:
    """The departments' survey, installed before the window opens."""
    shelf.install(departments, services.profile, [signer.certificate])


def start_page(desk: MainController) -> StartPage:
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage)
    return page


def answered(said: list[str], *numbers: int) -> list[Callable[[QDialog], None]]:
    """Read the message of each dialog that opens, and press the button of this number."""

    def act(dialog: QDialog, number: int) -> None:
        assert isinstance(dialog, MessageDialog)
        said.append(dialog.label.plain_text())
        click(dialog.buttons[number])

    return [lambda dialog, number=number: act(dialog, number) for number in numbers]


def state_of(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "settings.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def texts_of(page: StartPage) -> str:
    labels = [one.plain_text() for one in page.findChildren(WrapLabel) if one.isVisibleTo(page)]
    return "\n".join([*labels, page.respondent.accessibleName()])


def test_with_one_edition_nothing_is_to_be_chosen(desk: MainController) -> None:
    page = start_page(desk)
    assert not page.choice.isVisible() and page.respondent.accessibleName() == "จังหวัด"
    assert page.respondent.count() == 76 and page.address.isVisible()


def test_a_pack_of_an_unknown_signer_is_installed_once_its_certificate_was_compared(
    desk: MainController, departments: Path, certificate: Path, signer: Identity, chosen: list[Path], modals: Modals
) -> None:
    said: list[str] = []
    chosen.append(certificate)
    modals.then(*answered(said, 0, 0, 0))
    desk.open_files([departments])
    until(modals.done)
    assert "ยังไม่อยู่ในรายชื่อที่ท่านเชื่อถือ" in said[0] and "ลายนิ้วมือ" in said[1] and "วิภา" in said[1]
    assert "ติดตั้ง ระดับกรม พ.ศ. 2569 ฉบับที่ 1 แล้ว" in said[2]
    assert shelf.signers(desk.services.profile) == (signer.certificate,)
    page = start_page(desk)
    assert page.choice.isVisible() and page.choice.edition == DEPARTMENT_EDITION
    assert "ส่วนราชการระดับกรม" in page.choice.title.plain_text()


@pytest.mark.usefixtures("installed")
def test_a_departments_survey_is_begun_in_its_own_words(
    desk: MainController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = start_page(desk)
    page.choice.combo.setCurrentIndex(page.choice.combo.findData(DEPARTMENT_EDITION))
    assert "เหลืออีก 131 วัน (ส่งได้ถึง 31 มี.ค. 2570)" in page.choice.days.plain_text()
    assert "จังหวัด" not in texts_of(page) and "กรม" in texts_of(page)
    assert not page.address.isVisible() and page.first_name.isVisible() and not page.last_name.isVisible()
    click(page.new_button)
    assert "กรมจากรายชื่อ 3 รายการ" in page.wrong.plain_text()
    page.respondent.setCurrentText("กรมที่ดิน")
    type_text(page.first_name, "สมชาย")
    assert not list(broken_texts(desk.window))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "กรมที่ดิน"), ""))
    click(page.new_button)
    assert desk.draft is not None and desk.workspace is not None
    assert desk.draft.respondent_name == "กรมที่ดิน" and "จังหวัด" not in desk.window.windowTitle()
    assert desk.workspace.bridge.value("office.person") == "สมชาย"
    desk.close_draft()
    assert start_page(desk).choice.edition == DEPARTMENT_EDITION, "the next one is begun with the same edition"


@pytest.mark.usefixtures("installed")
def test_going_back_to_the_provinces_offers_provinces(desk: MainController) -> None:
    page = start_page(desk)
    type_text(page.who, "x")
    for edition in (DEPARTMENT_EDITION, "th-province-2568"):
        page.choice.combo.setCurrentIndex(page.choice.combo.findData(edition))
    assert page.respondent.count() == 76 and page.address.isVisible() and "จังหวัด" in texts_of(page)
    type_text(page.respondent.box, "น่าน")
    assert page.respondent.searched.completionCount() == 1


def _changed(payload: dict[str, bytes]) -> dict[str, bytes]:
    return {**payload, "d1.yaml": payload["d1.yaml"] + b"#"}


def bad_packs(departments: Path, signer: Identity, stranger: Identity, folder: Path) -> dict[str, Path]:
    """Packs that are refused, by a part of the sentence that says why."""
    plain, half, other = folder / "plain.dgedition", folder / "half.dgedition", folder / "letter.dgedition"
    with zipfile.ZipFile(plain, "w") as archive:
        for name, content in payload_of(departments).items():
            archive.writestr(name, content)
    unsigned = folder / "unsigned.dgedition"
    with zipfile.ZipFile(unsigned, "w") as archive:
        for name, content in members(departments).items():
            if not name.endswith(".p7s"):
                archive.writestr(name, content)
    half.write_bytes(departments.read_bytes()[:900])
    other.write_bytes(b"%PDF-1.7 a letter")
    newer = payload_of(departments)
    newer["edition.json"] = newer["edition.json"].replace(b'"format": 1', b'"format": 2')
    return {
        "ยังไม่อยู่ในรายชื่อที่ท่านเชื่อถือ": forged(folder / "s.dgedition", payload_of(departments), stranger),
        "ถูกแก้ไขหลังลงนาม": forged(folder / "c.dgedition", _changed(payload_of(departments)), signer),
        "รุ่นใหม่กว่า": forged(folder / "n.dgedition", newer, signer),
        "ไม่ครบถ้วนหรือถูกแก้ไข": half,
        "ไม่ใช่ชุดแบบสำรวจ": other,
        "ไม่พบไฟล์": folder / "gone.dgedition",
        "ไม่มีสิ่งใดเปลี่ยนแปลง": plain,
        "ไม่มีสิ่งใดเปลี่ยนแปลง เพราะ": unsigned,
        "เก่ากว่าฉบับที่ 3": pack_of(DEPARTMENTS, folder / "v2.dgedition", signer, 2),
        "เนื้อหาต่างกัน": pack_of(
            copy_of(DEPARTMENTS, folder / "other", d1=("กรมมีแผนดิจิทัลหรือไม่", "กรมมีแผนหรือไม่")),
            folder / "v3.dgedition",
            signer,
            3,
        ),
    }


def test_each_refusal_is_one_sentence_and_changes_nothing(
    desk: MainController, departments: Path, signer: Identity, stranger: Identity, tmp_path: Path, modals: Modals
) -> None:
    profile = desk.services.profile
    shelf.install(pack_of(DEPARTMENTS, tmp_path / "first.dgedition", signer, 3), profile, [signer.certificate])
    before = state_of(profile.root)
    for why, pack in bad_packs(departments, signer, stranger, tmp_path).items():
        said: list[str] = []
        modals.then(*answered(said, -1))  # the last button: "ok", or "cancel" before a certificate is chosen
        assert not desk.editions.install(pack, desk.window)
        until(modals.done)
        assert why in said[0] and "\n" not in said[0], (pack.name, said)
        assert state_of(profile.root) == before, pack.name


def test_the_wrong_certificate_enrols_nobody(
    desk: MainController, departments: Path, stranger: Identity, tmp_path: Path, chosen: list[Path], modals: Modals
) -> None:
    path = tmp_path / "other.pem"
    path.write_bytes(stranger.certificate_pem)
    said: list[str] = []
    chosen.append(path)
    modals.then(*answered(said, 0, 0, 0))
    assert not desk.editions.install(departments, desk.window)
    until(modals.done)
    assert "ใบรับรองที่เลือกไม่ใช่ของผู้ที่ลงนาม" in said[-1] and not shelf.signers(desk.services.profile)


@pytest.mark.parametrize("step", ["ask", "file", "compare", "no certificate"])
def test_whoever_turns_back_changes_nothing(
    desk: MainController, departments: Path, certificate: Path, chosen: list[Path], modals: Modals, step: str
) -> None:
    said: list[str] = []
    if step != "file":
        chosen.append(departments if step == "no certificate" else certificate)
    numbers = {"ask": (-1,), "file": (0,), "compare": (0, -1), "no certificate": (0, 0)}[step]
    modals.then(*answered(said, *numbers))
    assert not desk.editions.install(departments, desk.window)
    until(modals.done)
    assert DEPARTMENT_EDITION not in edition_heads() and state_of(desk.services.profile.root) == {}


def test_a_signer_is_enrolled_beforehand_and_the_pack_dropped_on_the_list(
    desk: MainController, departments: Path, certificate: Path, chosen: list[Path], modals: Modals
) -> None:
    said: list[str] = []
    chosen.append(certificate)
    dialog = EditionsDialog(desk.services, desk.editions, desk.window)
    dialog.show()
    modals.then(*answered(said, 0, 0, 0))
    click(dialog.buttons["enrol"])
    drop(dialog, departments)
    until(modals.done)
    assert [DEPARTMENT_EDITION in words or "ระดับกรม" in words for words in said] == [False, False, True]
    rows = edition_rows(desk.texts, date(2027, 3, 31))
    assert rows[0].edition == DEPARTMENT_EDITION and rows[0].removable
    assert "วันนี้เป็นวันสุดท้ายที่ส่งได้ (31 มี.ค. 2570)" in rows[0].lines[2]
    assert dialog.tree.topLevelItemCount() == 2
    dialog.close()
    dialog.deleteLater()


def drop(widget: EditionsDialog | StartPage, path: Path) -> None:
    """Drop a file."""
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    widget.dropEvent(event)
    assert event.isAccepted() == (path.suffix == ".dgedition")


@pytest.mark.usefixtures("installed")
def test_a_pack_dropped_on_the_start_page_is_installed_and_a_letter_is_not(
    desk: MainController, departments: Path, tmp_path: Path, modals: Modals
) -> None:
    said: list[str] = []
    drop(start_page(desk), tmp_path / "letter.pdf")
    modals.then(*answered(said, 0))
    drop(start_page(desk), departments)
    until(modals.done)
    assert "ติดตั้งอยู่แล้ว ไม่มีสิ่งใดเปลี่ยนแปลง" in said[0]


@pytest.mark.usefixtures("installed")
def test_an_edition_is_removed_after_a_question_but_not_below_its_open_draft(
    desk: MainController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modals: Modals
) -> None:
    said: list[str] = []
    path = begin_department(desk, tmp_path, monkeypatch)
    modals.then(*answered(said, 0))
    assert not desk.editions.remove(DEPARTMENT_EDITION, desk.window) and DEPARTMENT_EDITION in edition_heads()
    assert "โปรดปิดแบบสำรวจนั้นก่อน" in said[0]
    desk.close_draft()
    modals.then(*answered(said, 1, 0))
    assert not desk.editions.remove(DEPARTMENT_EDITION, desk.window) and DEPARTMENT_EDITION in edition_heads()
    assert desk.editions.remove(DEPARTMENT_EDITION, desk.window) and DEPARTMENT_EDITION not in edition_heads()
    assert not start_page(desk).choice.isVisible() and "จังหวัด" in texts_of(start_page(desk))
    modals.then(*answered(said, 0))
    desk.open(path)
    until(modals.done)
    assert "โปรดติดตั้งชุดแบบสำรวจ (.dgedition)" in said[-1] and path.exists()


def begin_department(desk: MainController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Begin a draft of the departments' survey."""
    page = start_page(desk)
    page.choice.combo.setCurrentIndex(page.choice.combo.findData(DEPARTMENT_EDITION))
    page.respondent.setCurrentText("กรมที่ดิน")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "กรมที่ดิน"), ""))
    click(page.new_button)
    assert desk.draft is not None
    return desk.draft.path


@pytest.mark.usefixtures("installed")
def test_a_draft_goes_on_while_a_command_removes_its_edition(
    desk: MainController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modals: Modals
) -> None:
    begin_department(desk, tmp_path, monkeypatch)
    shelf.remove(DEPARTMENT_EDITION, desk.services.profile)
    workspace = desk.workspace
    assert workspace is not None
    workspace.bridge.answer("d1.1", "no")
    workspace.top.finder.begin()
    workspace.top.finder.setText("แผน")
    workspace.top.finder.leave()
    workspace.open_review()
    workspace.undo()
    modals.then(
        lambda dialog: dialog.close(),
        lambda dialog: dialog.close(),
    )
    desk.actions["print"].trigger()
    desk.actions["export"].trigger()
    until(modals.done)
    desk.rebuild()
    assert desk.draft is not None and desk.workspace is not None
    desk.close_draft()
    assert start_page(desk).hero is not None


@pytest.mark.parametrize("litter", ["a file", "a pipe", "no json", "damaged", "other name"])
@pytest.mark.usefixtures("installed")
def test_litter_among_the_editions_is_said_quietly_and_stops_nothing(
    desk: MainController, litter: str, tmp_path: Path
) -> None:
    folder = desk.services.profile.editions
    one = folder / "litter" / "1"
    one.mkdir(parents=True)
    if litter == "a file":
        (folder / "notes.txt").write_text("x")
    elif litter == "a pipe":
        os.mkfifo(one / "edition.json")
    elif litter == "no json":
        (one / "edition.json").write_bytes(b"\xff" * 99)
    elif litter == "damaged":
        (folder / DEPARTMENT_EDITION / "1" / "edition.yaml").write_bytes(b"[")
    else:
        (one / "edition.json").write_bytes((folder / DEPARTMENT_EDITION / "1" / "edition.json").read_bytes())
    read_editions_again()
    desk.show_start()
    page = start_page(desk)
    until(lambda: page.notice.isVisible())
    assert "รายการที่ใช้ไม่ได้" in page.notice.plain_text() and not list(broken_texts(desk.window))
    page.choice.combo.setCurrentIndex(page.choice.combo.findData("th-province-2568"))
    click(page.new_button)
    settle(QApplication.instance())
    assert page.wrong.isVisible()


def test_a_file_in_place_of_the_folder_of_editions_stops_nothing(
    desk: MainController, departments: Path, signer: Identity, modals: Modals
) -> None:
    desk.services.profile.root.mkdir(parents=True, exist_ok=True)
    desk.services.profile.editions.write_bytes(b"")
    desk.show_start()
    until(lambda: start_page(desk).notice.isVisible())
    shelf.enrol(desk.services.profile, [signer.certificate])
    said: list[str] = []
    modals.then(*answered(said, 0))
    assert not desk.editions.install(departments, desk.window)
    until(modals.done)
    assert said and desk.services.profile.editions.read_bytes() == b""


@pytest.mark.usefixtures("installed")
def test_a_damaged_edition_is_marked_in_the_list_and_not_begun(desk: MainController, modals: Modals) -> None:
    (desk.services.profile.editions / DEPARTMENT_EDITION / "1" / "rubric.yaml").write_bytes(b"id: x\n")
    dialog = EditionsDialog(desk.services, desk.editions, desk.window)
    dialog.show()
    until(lambda: dialog.wrong.isVisible())
    assert DEPARTMENT_EDITION in dialog.wrong.plain_text()
    rows = {row.edition: row for row in edition_rows(desk.texts, date(2027, 4, 1), dialog.damaged)}
    assert rows[DEPARTMENT_EDITION].mark == "problems" and "เลยกำหนดส่งแล้ว 1 วัน" in rows[DEPARTMENT_EDITION].lines[2]
    assert rows["th-province-2568"].mark == "complete" and not rows["th-province-2568"].removable
    dialog.close()
    dialog.deleteLater()
    page = start_page(desk)
    page.choice.combo.setCurrentIndex(page.choice.combo.findData(DEPARTMENT_EDITION))
    page.respondent.setCurrentText("กรมที่ดิน")
    said: list[str] = []
    modals.then(*answered(said, 0))
    click(page.new_button)
    until(modals.done)
    assert "ถูกแก้ไขหรือเสียหาย" in said[0] and desk.draft is None
    assert desk.form.definition.edition == "th-province-2568", "what needs a form has the sound one"


def test_a_newer_version_says_until_when_an_older_draft_can_be_submitted(
    desk: MainController, signer: Identity, tmp_path: Path
) -> None:
    later = copy_of(DEPARTMENTS, tmp_path / "later", edition=("2027-03-31", "2026-11-21"))
    shelf.install(pack_of(later, tmp_path / "2.dgedition", signer, 2), desk.services.profile, [signer.certificate])
    path = tmp_path / "กรมที่ดิน.dgdesk"
    path.write_bytes(b"")
    known = Recent(str(path), edition=DEPARTMENT_EDITION, closes="2027-03-31", percent=10)
    desk.settings.change(desk.settings.now.with_recent(known))
    desk.show_start()
    hero = start_page(desk).hero
    assert hero is not None and "เหลืออีก 1 วัน (ส่งได้ถึง 21 พ.ย. 2569)" in hero.deadline.plain_text()
    assert "ระดับกรม พ.ศ. 2569" in hero.line.plain_text()
