"""Who signs, chosen in the export: a new identity, one of several, one from a CA; nothing secret is left behind."""

from __future__ import annotations

import logging
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from bundle.authority import make_authority
from dgdesk.bundle.signing.identity import IdentityCard, create_identity, load_identity
from dgdesk.errors import UsageError
from dgdesk.ui.identities import picker as picker_module
from dgdesk.ui.identities.picker import LETTERS, IdentityPicker
from dgdesk.ui.identities.wording import elsewhere_words, usual
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.letters import letter_of
from dgdesk.ui.widgets.services import Services
from tools import needs
from ui.hands import click, press, settle, type_text
from ui.identity_dialogs import WORD, fill_store, store_of
from ui.modals import Modals
from ui.whole import broken_texts

pytestmark = pytest.mark.usefixtures("desk")


class Host:
    """A window that holds pickers."""

    def __init__(self, desk: MainController) -> None:
        self._desk = desk
        self._windows: list[QWidget] = []

    def show(self, services: Services, province: str = "น่าน") -> IdentityPicker:
        window = QWidget(self._desk.window, Qt.WindowType.Window)
        layout = QVBoxLayout(window)
        picker = IdentityPicker(services, province, window)
        layout.addWidget(picker)
        window.resize(600, 500)
        window.show()
        window.activateWindow()
        self._windows.append(window)
        settle(QApplication.instance())
        return picker

    def close(self) -> None:
        for window in self._windows:
            window.close()
            window.deleteLater()


@pytest.fixture
def host(desk: MainController) -> Iterator[Host]:
    made = Host(desk)
    yield made
    made.close()


def refused(picker: IdentityPicker) -> str:
    with pytest.raises(UsageError) as caught:
        picker.identity()
    return caught.value.code


def test_the_first_signer_is_made_where_there_is_none(host: Host, services: Services) -> None:
    picker = host.show(services)
    heard: list[bool] = []
    picker.changed.connect(lambda: heard.append(picker.ready()))
    assert picker.card is None and picker.certificate_path is None and not picker.ready()
    assert picker.person.text() == services.who and not picker.who.isVisible()
    assert refused(picker) == "ui.signer_no_passphrase"
    type_text(picker.new.first, WORD)
    type_text(picker.new.again, WORD + "x")
    assert heard[-1] and picker.new.differs.isVisible() and refused(picker) == "ui.signer_differs"
    assert not services.profile.identity.exists()
    press(picker.new.again, Qt.Key.Key_Backspace)
    assert not picker.new.differs.isVisible()
    made = picker.identity()
    assert made.person == services.who and made.province == "น่าน" and made.protected
    assert picker.card is not None and picker.card.fingerprint == made.fingerprint
    assert picker.certificate_path is not None and picker.certificate_path.read_bytes() == made.certificate_pem
    assert load_identity(services.profile.identity, WORD).fingerprint == made.fingerprint


def test_a_name_that_no_certificate_takes_is_said_at_its_box(host: Host, services: Services) -> None:
    picker = host.show(services)
    type_text(picker.new.first, WORD)
    type_text(picker.new.again, WORD)
    assert picker.ready() and picker.too_long.isHidden()
    for letters, fits in ((64, True), (65, False), (400, False)):
        picker.person.setText("ก" * letters)
        assert (picker.ready(), picker.too_long.isHidden(), not picker.name_fault) == (fits, fits, fits)
    assert "400" in picker.too_long.plain_text() and "64" in picker.person.accessibleDescription()
    picker.person.setText(f"  {'ก' * 32} \t {'ข' * 31}  ")  # blanks count as they are kept
    assert picker.ready() and picker.person.accessibleDescription() == ""
    assert picker.identity().person == f"{'ก' * 32} {'ข' * 31}"


def test_a_signer_of_another_province_is_said_before_anything_is_signed(host: Host, services: Services) -> None:
    create_identity(services.profile.identity, person="สมศรี", province="น่าน", passphrase=None, now=services.clock())
    at_home, away = host.show(services, "น่าน"), host.show(services, "เชียงใหม่")
    assert "ลงนามแทน" not in at_home.warning.plain_text().replace("ลงนามแทนท่าน", "")
    words = away.warning.plain_text()
    assert away.warning.isVisible() and "“น่าน”" in words and "“เชียงใหม่”" in words and "อาจไม่รับ" in words
    assert away.ready()  # a person may know better
    away.who.setCurrentIndex(away.who.count() - 1)
    assert away.card is None and away.warning.isHidden()


@pytest.mark.parametrize(
    ("organisation", "respondent", "is_said"),
    [
        ("จังหวัดน่าน", "น่าน", False),
        ("Nan Province", "น่าน", False),
        ("จังหวัดแพร่", "น่าน", True),
        ("Phrae", "น่าน", True),
        ("กรมทดสอบแห่งหนึ่ง", "น่าน", False),  # no respondent's name: nothing is known
        ("น่าน", "", False),
    ],
)
def test_only_the_name_of_another_respondent_is_doubted(
    services: Services, tmp_path: Path, organisation: str, respondent: str, is_said: bool
) -> None:
    made = create_identity(
        tmp_path / "one", person="สมศรี", province=organisation, passphrase=None, now=services.clock()
    )
    card = IdentityCard(made.certificate, protected=False)
    assert bool(elsewhere_words(services.texts, card, respondent)) is is_said


@needs("openssl")
def test_openssl_takes_what_the_window_made(host: Host, services: Services, tmp_path: Path) -> None:
    picker = host.show(services)
    type_text(picker.new.first, WORD)
    type_text(picker.new.again, WORD)
    made = picker.identity()
    word, folder = tmp_path / "word", services.profile.identity
    word.write_bytes(WORD.encode())

    def run(*arguments: object) -> str:
        command = ["openssl", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, check=True, timeout=60, text=True).stdout

    of_key = run("pkey", "-in", folder / "signer.key", "-passin", f"file:{word}", "-pubout")
    assert run("x509", "-in", folder / "signer.pem", "-pubkey", "-noout") == of_key
    shown = run(
        "x509", "-in", folder / "signer.pem", "-noout", "-fingerprint", "-sha256", "-subject", "-nameopt", "utf8"
    )
    assert shown.split("=")[1].split()[0].replace(":", "").lower() == made.fingerprint
    assert f"CN = {services.who}" in shown.replace("CN=", "CN = ") and "น่าน" in shown
    assert "sha256" in run("asn1parse", "-in", folder / "signer.key").lower()


def test_doing_without_a_passphrase_is_said_plainly(host: Host, services: Services) -> None:
    picker = host.show(services)
    assert "ทุกคนจะลงนามแทนท่านได้" in picker.new.without.accessibleName()
    click(picker.new.without)
    assert "ลงนามแทนท่านได้ทันที" in picker.new.hint.plain_text() and not picker.new.first.isEnabled()
    assert picker.ready()
    assert not picker.identity().protected
    # and it stays said, each time one signs with it
    assert "กุญแจไม่มีรหัสผ่าน" in picker.warning.plain_text() and not picker.passphrase.isVisible()


def test_the_hint_is_honest_while_one_types(host: Host, services: Services) -> None:
    picker = host.show(services)
    hint = picker.new.hint
    assert "คาดเดายาก" in hint.plain_text() and hint.objectName() == "hint"
    type_text(picker.new.first, "สมศรี2569")
    words = hint.plain_text()
    assert "คาดเดาได้ง่าย" in words and "มีชื่อผู้ลงนาม" in words and "มีตัวเลขหรือวันที่" in words
    assert hint.objectName() == "error"
    assert picker.new.first.accessibleDescription() == words
    picker.new.first.clear()
    type_text(picker.new.first, "ช้างสี่ตัวกินข้าวเย็นสามจานใต้ต้นมะขามเก่าริมน้ำน่าน")
    assert "เป็นไปตามเกณฑ์" in hint.plain_text() and hint.objectName() == "status"
    settle(QApplication.instance())
    assert list(broken_texts(picker.window())) == []


def test_letters_are_hidden_until_one_wants_to_see_them(host: Host, services: Services) -> None:
    picker = host.show(services)
    boxes = (picker.new.first, picker.new.again)
    assert all(box.echoMode() is QLineEdit.EchoMode.Password for box in boxes)
    click(picker.new.show_row)
    assert all(box.echoMode() is QLineEdit.EchoMode.Normal for box in boxes)
    type_text(picker.new.first, WORD)
    picker.new.clear()
    assert all(box.echoMode() is QLineEdit.EchoMode.Password and not box.text() for box in boxes)
    picker.new.first.undo()
    assert not picker.new.first.text() and not picker.new.first.isUndoAvailable()


def test_of_several_the_one_of_the_province_comes_first(host: Host, services: Services) -> None:
    store = fill_store(services)
    at_home = host.show(services, "เชียงใหม่")
    assert at_home.card is not None and at_home.card.person == "สมศรี ใจดี"
    names = [at_home.who.itemText(number) for number in range(at_home.who.count())]
    # one that is damaged is not offered, a new one always is
    assert names == ["สมศรี ใจดี (เชียงใหม่)", "สมชาย ใจดี (จังหวัดน่าน)", "ก้องเกียรติ (น่าน)", "สร้างผู้ลงนามใหม่"]
    elsewhere = host.show(services, "น่าน")
    # a CA writes the province in full
    assert elsewhere.card is not None and elsewhere.card.person == "สมชาย ใจดี"
    assert usual(store.kept(), "ภูเก็ต", services.clock()) == "default"
    later = services.clock() + timedelta(days=40)
    assert usual(store.kept(), "น่าน", later) == "default", "those of the province are over"
    assert usual((), "น่าน", later) is None


def test_an_old_one_and_its_successor_are_told_apart(host: Host, services: Services) -> None:
    store, now = store_of(services), services.clock()
    for name, days in (("default", 20), ("identity-2", 900)):
        create_identity(store.folder(name), person="สมศรี", province="น่าน", passphrase=None, now=now, valid_days=days)
    picker = host.show(services)
    assert picker.who.itemText(0) == "สมศรี (น่าน) ใช้ได้ถึง 10 ธ.ค. 2569"
    assert picker.who.itemText(1) == "สมศรี (น่าน) ใช้ได้ถึง 8 พ.ค. 2572"


def test_the_longest_names_need_no_wider_dialog(host: Host, services: Services) -> None:
    person, office = "ศรีสุดาวงศ์" * 5, "สำนักงานจังหวัด" * 4
    create_identity(services.profile.identity, person=person, province=office, passphrase=None, now=services.clock())
    picker = host.show(services)
    assert picker.minimumSizeHint().width() < 500
    assert picker.who.itemText(0).endswith("…")
    assert f"{person} ({office})" in picker.facts.plain_text()
    assert list(broken_texts(picker.window())) == []


def test_another_is_chosen_and_told_how_long_it_holds(host: Host, services: Services) -> None:
    fill_store(services)
    picker = host.show(services, "เชียงใหม่")
    assert "ใบรับรองใช้ได้ถึงวันที่ 24 พ.ย. 2574" in picker.facts.plain_text() and not picker.warning.isVisible()
    type_text(picker.passphrase, "typed for this one")
    picker.who.setFocus()
    press(picker.who, Qt.Key.Key_Down)
    assert "ออกโดย office" in picker.facts.plain_text() and not picker.passphrase.text()
    assert "จะหมดอายุวันที่ 19 ธ.ค. 2569" in picker.warning.plain_text()
    assert not picker.ready()
    type_text(picker.passphrase, WORD + "x")
    assert picker.ready() and refused(picker) == "identity.wrong_passphrase"
    assert picker.passphrase.text() == WORD + "x", "to be mended, not typed again"
    press(picker.passphrase, Qt.Key.Key_Backspace)
    opened = picker.identity()
    assert opened.person == "สมชาย ใจดี" and len(opened.chain) == 1
    assert not picker.passphrase.text()
    press(picker.who, Qt.Key.Key_End)
    assert picker.card is None and picker.new.first.isVisible()
    assert "ยังไม่มี" not in picker.facts.plain_text()


def test_one_that_is_over_does_not_sign(host: Host, services: Services) -> None:
    fill_store(services)
    later = services.clock() + timedelta(days=40)
    picker = host.show(replace(services, clock=lambda: later), "เชียงใหม่")
    picker.who.setCurrentIndex(1)
    assert "หมดอายุเมื่อวันที่ 19 ธ.ค. 2569" in picker.warning.plain_text()
    assert picker.warning.objectName() == "error"
    type_text(picker.passphrase, WORD)
    assert not picker.ready()


def test_a_cas_file_is_brought_in_from_here(host: Host, services: Services, tmp_path: Path) -> None:
    authority = make_authority("ec", services.clock() - timedelta(days=1))
    file = tmp_path / "สมชาย.p12"
    file.write_bytes(authority.pkcs12(WORD, with_root=True))
    picker = host.show(services)
    modals = Modals()

    def bring(dialog: QWidget) -> None:
        dialog.file.setText(str(file))
        type_text(dialog.passphrase, WORD)
        click(dialog.go)

    modals.then(bring)
    click(picker.bring)
    assert modals.done()
    modals.stop()
    assert picker.card is not None and picker.card.person == "สมชาย ใจดี" and picker.who.isVisible()
    assert picker.window().focusWidget() is picker.passphrase
    type_text(picker.passphrase, WORD)
    assert picker.identity().fingerprint == picker.card.fingerprint


def test_the_window_lives_on_while_a_key_is_derived(
    host: Host, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def watch(folder: Path, passphrase: str | None) -> object:
        threads.append(threading.current_thread())
        return load_identity(folder, passphrase)

    monkeypatch.setattr(picker_module, "load_identity", watch)
    create_identity(services.profile.identity, person="ก", province="น่าน", passphrase=WORD, now=services.clock())
    picker = host.show(services)
    type_text(picker.passphrase, WORD)
    picker.identity()
    assert threads and threads[0] is not threading.main_thread()


def test_the_passphrase_is_nowhere_afterwards(host: Host, services: Services, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    picker = host.show(services)
    type_text(picker.new.first, WORD)
    type_text(picker.new.again, WORD)
    made = picker.identity()
    assert WORD not in repr(made) and WORD not in caplog.text
    assert all(not box.text() for box in picker.findChildren(QLineEdit) if box is not picker.person)
    for folder, _, names in os.walk(services.profile.root):
        for name in names:
            assert WORD.encode() not in (Path(folder) / name).read_bytes()
    assert store_of(services).kept()


def test_its_letters_are_those_that_it_tells(host: Host, services: Services) -> None:
    from PySide6.QtWidgets import QLabel

    fill_store(services)
    picker = host.show(services)
    used = {letter_of(one) for one in picker.findChildren(QLabel) if letter_of(one)}
    assert used | {letter_of(picker.bring)} == LETTERS
