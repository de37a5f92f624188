"""Who signs on this PC, in a dialog of its own: made, brought in, enrolled, locked again, backed up; by keys alone."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import QBuffer, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget

from bundle.authority import make_authority
from dgdesk.bundle.signing.enrolment import fingerprint_qr, groups
from dgdesk.bundle.signing.identity import create_identity, load_identity, read_card
from dgdesk.bundle.signing.identity_store import read_backup
from dgdesk.errors import UsageError
from dgdesk.printing.enrolment import print_enrolment
from dgdesk.system.profile import Profile
from dgdesk.ui.identities.dialog import IdentitiesDialog
from dgdesk.ui.identities.enrol_dialog import EnrolDialog
from dgdesk.ui.identities.import_dialog import ImportDialog
from dgdesk.ui.identities.new_dialog import NewDialog
from dgdesk.ui.identities.passphrase_dialogs import BackupDialog, ChangeDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets import printer
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.wrap_delegate import MARK, TEXT
from ui.hands import click, press, settle, type_text
from ui.identity_dialogs import WORD, fill_store, provinces
from ui.modals import Modals, until

OTHER = "อีกคำหนึ่งที่ยาวพอสมควร"


@pytest.fixture
def signers(desk: MainController) -> Iterator[list[IdentitiesDialog]]:
    """The dialogs that a test opened, closed at its end."""
    made: list[IdentitiesDialog] = []
    yield made
    for dialog in made:
        dialog.close()
        dialog.deleteLater()
    settle(QApplication.instance())


def opened(desk: MainController, signers: list[IdentitiesDialog], services: Services | None = None) -> IdentitiesDialog:
    dialog = IdentitiesDialog(services or desk.services, provinces(desk), desk.window)
    dialog.show()
    dialog.activateWindow()
    settle(QApplication.instance())
    signers.append(dialog)
    return dialog


def rows(dialog: IdentitiesDialog) -> list[tuple[str, str]]:
    found = [dialog.tree.topLevelItem(number) for number in range(dialog.tree.topLevelItemCount())]
    return [(row.data(0, MARK), row.data(0, TEXT).replace("\u2028", "\n")) for row in found if row is not None]


def alt(widget: QWidget, key: Qt.Key, modals: Modals) -> None:
    """Press a button by its letter, and wait until what it opened is done."""
    widget.activateWindow()  # no window system here hands it back
    settle(QApplication.instance())
    press(widget, key, Qt.KeyboardModifier.AltModifier)
    until(modals.done)


def later(button: QPushButton) -> None:
    """Press a button once the act is over: what it opens is another act's dialog."""
    QTimer.singleShot(0, button, button.click)


def save_to(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> list[str]:
    """The next file dialog that saves; returns what was suggested."""
    seen: list[str] = []

    def ask(parent: QWidget, title: str, suggested: str, kinds: str, *_: object) -> tuple[str, str]:
        seen.append(suggested)
        return str(path) if path else "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return seen


def test_the_menu_opens_it(desk: MainController, modals: Modals) -> None:
    modals.then(lambda dialog: dialog.reject())
    desk.actions["identities"].trigger()
    assert modals.seen == ["IdentitiesDialog"]


def test_every_signer_is_listed_with_how_it_stands(desk: MainController, signers: list[IdentitiesDialog]) -> None:
    fill_store(desk.services)
    dialog = opened(desk, signers)
    marks, texts = zip(*rows(dialog), strict=True)
    assert marks == ("complete", "warning", "warning", "problems")
    assert "สมศรี ใจดี (เชียงใหม่)" in texts[0] and "สร้างด้วยโปรแกรมนี้ · กุญแจมีรหัสผ่าน" in texts[0]
    assert "24 พ.ย. 2574" in texts[0] and "2031" not in texts[0]
    assert "ออกโดย office" in texts[1] and "จะหมดอายุวันที่ 19 ธ.ค. 2569" in texts[1]
    assert "กุญแจไม่มีรหัสผ่าน" in texts[2] and "เสียหาย" in texts[3]
    selected = dialog.selected()
    assert selected is not None and selected.name == "default"
    dialog.tree.setFocus()
    press(dialog.tree, Qt.Key.Key_End)
    assert not any(dialog.buttons[name].isEnabled() for name in ("enrol", "change", "backup"))


def test_a_signer_is_made_by_keys_alone(desk: MainController, signers: list[IdentitiesDialog], modals: Modals) -> None:
    dialog = opened(desk, signers)
    assert "ยังไม่มีผู้ลงนาม" in dialog.said.plain_text() and dialog.buttons["new"].hasFocus()

    def make(form: NewDialog) -> None:
        assert form.focusWidget() is form.person and not form.go.isEnabled()
        form.person.selectAll()
        type_text(form.person, "มานี มีนา")
        press(form.person, Qt.Key.Key_Tab)
        assert form.focusWidget() in (form.province, form.province.box)
        type_text(form.province.box, "กรมตัวอย่าง")
        press(form.province.box, Qt.Key.Key_Tab)
        type_text(form.new.first, WORD)
        press(form.new.first, Qt.Key.Key_Tab)
        type_text(form.new.again, WORD)
        assert form.go.isEnabled()
        press(form.new.again, Qt.Key.Key_Return)

    modals.then(make)
    press(dialog.buttons["new"], Qt.Key.Key_Space)
    assert "มานี มีนา (กรมตัวอย่าง)" in rows(dialog)[0][1] and "ส่งใบรับรองให้หน่วยงานผู้รับ" in dialog.said.plain_text()
    made = load_identity(desk.services.profile.identity, WORD)
    assert (made.person, made.province) == ("มานี มีนา", "กรมตัวอย่าง")


def test_a_name_that_is_none_is_told_and_the_form_stays(
    desk: MainController, signers: list[IdentitiesDialog], modals: Modals
) -> None:
    dialog = opened(desk, signers)

    def make(form: NewDialog) -> None:
        form.province.box.setText("ก" * 65)
        form.new.without.setChecked(True)
        form.person.setText("ก" * 65)  # said at its box
        assert not form.go.isEnabled() and "65" in form.too_long.plain_text() and form.too_long.isVisible()
        form.person.setText("มานี")
        assert form.go.isEnabled() and form.too_long.isHidden()
        later(form.go)

    def stays(form: NewDialog) -> None:
        assert form.person.text() == "มานี"
        form.reject()

    modals.then(make, lambda message: message.accept(), stays)
    click(dialog.buttons["new"])
    assert modals.seen == ["NewDialog", "MessageDialog", "NewDialog"]
    assert not dialog.store.kept()


def test_the_receiver_gets_certificate_and_fingerprint(
    desk: MainController,
    signers: list[IdentitiesDialog],
    modals: Modals,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill_store(desk.services)
    dialog = opened(desk, signers)
    card = read_card(desk.services.profile.identity)
    target = tmp_path / "ใบรับรอง"
    suggested = save_to(monkeypatch, target)

    def look(enrol: EnrolDialog) -> None:
        assert enrol.fingerprint.plain_text().replace("\n", " ") == groups(card.fingerprint)
        assert len(enrol.fingerprint.plain_text().split("\n")) == 4
        click(enrol.copy)
        assert QGuiApplication.clipboard().text() == groups(card.fingerprint)
        assert scanned(enrol.qr) == fingerprint_qr(card.fingerprint)
        click(enrol.save)
        assert "บันทึกใบรับรองแล้ว" in enrol.outcome.plain_text() and enrol.outcome.isVisible()
        enrol.reject()

    modals.then(look)
    dialog.tree.setFocus()
    press(dialog.tree, Qt.Key.Key_Return)
    saved = tmp_path / "ใบรับรอง.pem"
    assert saved.read_bytes() == card.certificate_pem and Path(suggested[0]).name == "สมศรี ใจดี.pem"
    assert b"PRIVATE" not in saved.read_bytes() and not list(tmp_path.glob("*.part"))
    if sys.platform.startswith("linux"):
        command = ["openssl", "x509", "-in", str(saved), "-noout", "-fingerprint", "-sha256"]
        told = subprocess.run(command, capture_output=True, check=True, timeout=60, text=True).stdout
        assert told.strip().split("=")[1].replace(":", "").lower() == card.fingerprint


def scanned(widget: QWidget) -> str:
    """What a telephone reads on the screen."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(buffer.data().data())) as picture:
        return str(zxingcpp.read_barcodes(picture)[0].text)


def test_the_card_is_printed_with_the_same_fingerprint(
    desk: MainController, signers: list[IdentitiesDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dgdesk.evidence.pages.pdf import PdfFile

    fill_store(desk.services)
    card = read_card(desk.services.profile.identity)
    sent: list[bytes] = []

    def take(content: bytes, *_: object) -> bool:
        sent.append(content)
        return True

    monkeypatch.setattr(printer, "print_content", take)
    enrol = EnrolDialog(card, desk.services, desk.window)
    enrol.print_card()
    assert enrol.outcome.plain_text() == desk.texts.say("ui.printing.sent")
    catalogue = desk.texts.catalogue
    again = print_enrolment(enrol.paper(), replace(catalogue, language="en"), breaker=desk.texts.breaker)
    assert again.pages == 1 and again.data == sent[0], "Thai whatever the window speaks, and the same bytes"
    file = PdfFile(sent[0])
    words = "".join(file.letters(0).split())
    file.close()
    assert groups(card.fingerprint).replace(" ", "") in words and "สมศรีใจดี" in words
    enrol.deleteLater()


def test_a_place_that_cannot_be_written_is_told(
    desk: MainController, modals: Modals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_store(desk.services)
    save_to(monkeypatch, tmp_path / "none" / "a.pem")
    enrol = EnrolDialog(read_card(desk.services.profile.identity), desk.services, desk.window)
    told: list[str] = []
    modals.then(lambda message: (told.append(message.label.plain_text()), message.accept()))
    enrol.save_certificate()
    assert "ไม่มีโฟลเดอร์ที่จะเก็บไฟล์" in told[0] and not enrol.outcome.plain_text()
    enrol.deleteLater()


def test_the_passphrase_is_changed(desk: MainController, signers: list[IdentitiesDialog], modals: Modals) -> None:
    folder = fill_store(desk.services).first
    before = (folder / "signer.pem").read_bytes()
    dialog = opened(desk, signers)

    def change(form: ChangeDialog) -> None:
        type_text(form.old, WORD)
        type_text(form.new.first, OTHER)
        type_text(form.new.again, OTHER)
        click(form.go)

    modals.then(change)
    click(dialog.buttons["change"])
    assert "เปลี่ยนรหัสผ่านแล้ว" in dialog.said.plain_text()
    assert load_identity(folder, OTHER).person == "สมศรี ใจดี" and (folder / "signer.pem").read_bytes() == before
    with pytest.raises(UsageError):
        load_identity(folder, WORD)


def test_a_wrong_old_passphrase_changes_nothing(
    desk: MainController, signers: list[IdentitiesDialog], modals: Modals
) -> None:
    folder = fill_store(desk.services).first
    dialog = opened(desk, signers)
    told: list[str] = []

    def tell(message: MessageDialog) -> None:
        told.append(message.label.plain_text())
        message.accept()

    def change(form: ChangeDialog) -> None:
        type_text(form.old, OTHER)
        type_text(form.new.first, OTHER)
        type_text(form.new.again, OTHER)
        later(form.go)

    modals.then(change, tell, lambda same: same.reject())
    click(dialog.buttons["change"])
    assert len(told) == 1 and "รหัสผ่านไม่ถูกต้อง จึงไม่มีการเปลี่ยนแปลงใด" in told[0] and OTHER not in told[0]
    assert load_identity(folder, WORD).person == "สมศรี ใจดี"


def test_what_was_backed_up_comes_back_on_another_pc(
    desk: MainController,
    signers: list[IdentitiesDialog],
    modals: Modals,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill_store(desk.services)
    card = read_card(desk.services.profile.identity)
    dialog = opened(desk, signers)
    suggested = save_to(monkeypatch, tmp_path / "สำรอง")

    def back_up(form: BackupDialog) -> None:
        assert not form.go.isEnabled()
        type_text(form.passphrase, WORD)
        press(form.passphrase, Qt.Key.Key_Return)

    modals.then(back_up)
    alt(dialog, Qt.Key.Key_B, modals)
    copy = tmp_path / "สำรอง.dgdesk-identity.pem"
    assert Path(suggested[0]).name == "สมศรี ใจดี.dgdesk-identity.pem" and str(copy) in dialog.said.plain_text()
    assert read_backup(copy, WORD).fingerprint == card.fingerprint

    other = opened(desk, signers, replace(desk.services, profile=Profile(tmp_path / "another PC")))

    def restore(form: ImportDialog) -> None:
        assert not form.other.isVisible()
        form.file.setText(str(copy))
        type_text(form.passphrase, WORD)
        click(form.go)

    modals.then(restore)
    alt(other, Qt.Key.Key_R, modals)
    assert "สมศรี ใจดี (เชียงใหม่)" in rows(other)[0][1]
    assert load_identity(tmp_path / "another PC" / "identity", WORD).fingerprint == card.fingerprint


def test_no_place_chosen_writes_no_backup(
    desk: MainController,
    signers: list[IdentitiesDialog],
    modals: Modals,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill_store(desk.services)
    dialog = opened(desk, signers)
    save_to(monkeypatch, None)

    def back_up(form: BackupDialog) -> None:
        type_text(form.passphrase, WORD)
        click(form.go)
        assert form.isVisible() and form.written is None
        form.reject()
        assert not form.passphrase.text()

    modals.then(back_up)
    click(dialog.buttons["backup"])
    assert "สำรองข้อมูลผู้ลงนามแล้ว" not in dialog.said.plain_text()


def test_a_key_without_a_passphrase_gets_one_before_it_is_backed_up(
    desk: MainController, signers: list[IdentitiesDialog], modals: Modals
) -> None:
    folder = desk.services.profile.identity
    create_identity(folder, person="ก้อง", province="น่าน", passphrase=None, now=desk.services.clock())
    dialog = opened(desk, signers)

    def agree(message: MessageDialog) -> None:
        assert "กุญแจนี้ไม่มีรหัสผ่าน" in message.label.plain_text() and "dgdesk identity" not in message.label.plain_text()
        click(message.buttons[0])

    def set_one(form: ChangeDialog) -> None:
        assert not form.old.isVisible()
        type_text(form.new.first, WORD)
        type_text(form.new.again, WORD)
        click(form.go)

    modals.then(agree, set_one)
    click(dialog.buttons["backup"])
    assert modals.seen == ["MessageDialog", "ChangeDialog"]
    assert load_identity(folder, WORD).protected and "กุญแจมีรหัสผ่าน" in rows(dialog)[0][1]


@pytest.mark.parametrize("kind", ["rsa", "ec384"])
def test_a_cas_file_comes_in_with_its_chain_and_a_passphrase_of_ones_own(
    desk: MainController, signers: list[IdentitiesDialog], modals: Modals, tmp_path: Path, kind: str
) -> None:
    authority = make_authority(kind, desk.services.clock() - timedelta(days=1))
    file = tmp_path / "ca.p12"
    file.write_bytes(authority.pkcs12(unicodedata.normalize("NFD", "น้ำใจ")))
    dialog = opened(desk, signers)

    def bring(form: ImportDialog) -> None:
        form.file.setText(str(file))
        type_text(form.passphrase, "น้ำใจ")
        click(form.other)
        assert not form.go.isEnabled()
        type_text(form.new.first, OTHER)
        type_text(form.new.again, OTHER)
        later(form.go)

    def as_it_is(question: MessageDialog) -> None:
        click(question.buttons[0])

    modals.then(bring, as_it_is)
    alt(dialog, Qt.Key.Key_I, modals)
    opened_again = load_identity(desk.services.profile.identity, OTHER)
    assert opened_again.person == "สมชาย ใจดี" and opened_again.chain == (authority.office,)
    assert "ออกโดย office" in rows(dialog)[0][1] and "นำเข้าแล้ว" in dialog.said.plain_text()
    assert "ไฟล์ไม่มีใบรับรองของ root" in dialog.said.plain_text()

    told: list[str] = []

    def again(form: ImportDialog) -> None:
        form.file.setText(str(file))
        type_text(form.passphrase, "น้ำใจ")
        later(form.go)

    def tell(message: MessageDialog) -> None:
        told.append(message.label.plain_text())
        message.accept()

    modals.then(again, as_it_is, tell, lambda same: same.reject())
    alt(dialog, Qt.Key.Key_I, modals)
    assert "มีอยู่ในเครื่องนี้แล้ว" in told[0] and len(dialog.store.kept()) == 1


def test_a_file_that_is_none_is_told(
    desk: MainController, signers: list[IdentitiesDialog], modals: Modals, tmp_path: Path
) -> None:
    (tmp_path / "a.p12").write_bytes(b"none")
    dialog = opened(desk, signers)
    told: list[str] = []

    def tell(message: MessageDialog) -> None:
        told.append(message.label.plain_text())
        message.accept()

    def bring(form: ImportDialog, name: str) -> None:
        form.file.setText(str(tmp_path / name))
        form.passphrase.setText("x")
        later(form.go)

    def leave(form: ImportDialog) -> None:
        form.reject()
        assert all(not box.text() for box in form.findChildren(QLineEdit) if box is not form.file)

    first, second = (partial(bring, name=name) for name in ("a.p12", "absent.p12"))
    modals.then(first, tell, second, tell, leave)
    click(dialog.buttons["import"])
    assert "ไม่ใช่ไฟล์ใบรับรอง" in told[0] and re.search("absent.p12.* ไม่ได้", told[1])
    assert not dialog.store.kept()
