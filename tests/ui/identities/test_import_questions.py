"""What a CA's file leaves open is asked in the window: which of several signers, and the CA's own certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QFileDialog

from bundle.authority import Authority, Key, certify, make_authority, make_key
from bundle.test_selection import packed
from dgdesk.bundle.signing.identity import load_identity
from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.ui.identities.import_dialog import ImportDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.report_dialog import ReportDialog
from dgdesk.ui.widgets.wrap_delegate import TEXT
from ui.hands import click, type_text
from ui.identity_dialogs import WORD, store_of
from ui.modals import Act, Modals, until

AS_IS, ADD, CANCEL = range(3)
"""The buttons of the question about the CA's certificates."""
NAMES = ("สมชาย ใจดี", "ผู้ว่าราชการจังหวัด")


@dataclass
class Clerk:
    """Who imports a file of a CA; ``file`` holds one person's pair alone. ``told`` is what messages said."""

    desk: MainController
    modals: Modals
    authority: Authority
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    told: list[str]

    @property
    def file(self) -> Path:
        return self.folder / "a.p12"

    @property
    def store(self) -> IdentityStore:
        return store_of(self.desk.services)

    def bring(self, *acts: Act) -> ImportDialog:
        """Import the file and act in the dialogs that follow."""
        form = ImportDialog("pkcs12", self.store, self.desk.services, self.desk.window)

        def go(_: QDialog) -> None:
            form.file.setText(str(self.file))
            type_text(form.passphrase, WORD)
            QTimer.singleShot(0, form.go, form.go.click)

        self.modals.then(go, *acts)
        QTimer.singleShot(0, form, form.exec)
        until(self.modals.done)
        return form

    def press(self, number: int) -> Act:
        """Press a button of a message."""

        def act(message: QDialog) -> None:
            assert isinstance(message, MessageDialog)
            self.told.append(message.label.plain_text())
            click(message.buttons[number])

        return act

    def offer(self, *certificates: x509.Certificate) -> None:
        """Choose files with these in the next file dialog; without any, leave it."""
        paths = [self.folder / f"{number}.cer" for number in range(len(certificates))]
        for path, one in zip(paths, certificates, strict=True):
            path.write_bytes(one.public_bytes(Encoding.DER))
        self.choose(*paths)

    def choose(self, *paths: Path) -> None:
        """Choose these in the next file dialog."""
        self.monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(one) for one in paths], ""))

    def chain(self) -> tuple[x509.Certificate, ...]:
        """The chain of the one identity that is stored."""
        assert [one.name for one in self.store.kept()] == ["default"]
        return load_identity(self.store.first, WORD).chain


def pair(authority: Authority, name: str) -> tuple[Key, x509.Certificate]:
    key = make_key("ec")
    return key, certify(key, name, authority.office_key, "office", authority.start, days=300)


@pytest.fixture
def clerk(desk: MainController, modals: Modals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clerk:
    made = make_authority("ec", desk.services.clock() - timedelta(days=1))
    key, own = pair(made, NAMES[0])
    lock = BestAvailableEncryption(WORD.encode())
    found = Clerk(desk, modals, made, tmp_path, monkeypatch, [])
    found.file.write_bytes(serialize_key_and_certificates(None, key, own, None, lock))
    return found


def leave(dialog: QDialog) -> None:
    dialog.reject()


def test_the_cas_certificates_are_taken_from_further_files(clerk: Clerk) -> None:
    clerk.offer(clerk.authority.office, clerk.authority.root)
    form = clerk.bring(clerk.press(ADD))
    assert "ไฟล์ไม่มีใบรับรองของ office" in clerk.told[0]
    assert clerk.chain() == (clerk.authority.office, clerk.authority.root)
    assert form.made == "default" and not form.note


def test_what_is_imported_as_it_is_gets_its_chain_from_a_second_import(clerk: Clerk) -> None:
    form = clerk.bring(clerk.press(AS_IS))
    assert clerk.chain() == () and "office" in form.note
    clerk.bring(clerk.press(AS_IS), clerk.press(0), leave)
    assert "มีอยู่ในเครื่องนี้แล้ว" in clerk.told[-1]
    clerk.offer(clerk.authority.office)
    form = clerk.bring(clerk.press(ADD))
    assert clerk.chain() == (clerk.authority.office,) and form.made == "default" and "root" in form.note


def test_another_chain_than_the_stored_one_replaces_nothing(clerk: Clerk) -> None:
    """The CA has a new certificate for the same key; what is stored verifies, and stays."""
    made = clerk.authority
    clerk.offer(made.office)
    clerk.bring(clerk.press(ADD))
    clerk.offer(certify(made.office_key, "office", made.root_key, "root", made.start, ca=True), made.root)
    clerk.bring(clerk.press(ADD), clerk.press(0), leave)
    assert "มีอยู่ในเครื่องนี้แล้ว" in clerk.told[-1] and clerk.chain() == (made.office,)


@pytest.mark.parametrize("button", [CANCEL, ADD], ids=["question", "files"])
def test_nothing_is_imported_if_the_person_stops(clerk: Clerk, button: int) -> None:
    clerk.offer()
    form = clerk.bring(clerk.press(button), leave)
    assert form.made is None and not clerk.store.kept()


def test_a_file_that_is_no_certificate_is_named_and_the_dialog_stays(clerk: Clerk) -> None:
    letter = clerk.folder / "จดหมาย.txt"
    letter.write_text("เรียน ผู้ดูแล", encoding="utf-8")
    clerk.choose(letter)
    clerk.bring(clerk.press(ADD), clerk.press(0), leave)
    assert "จดหมาย.txt" in clerk.told[1] and not clerk.store.kept()


@pytest.mark.parametrize("chosen", [0, 1, None])
def test_one_of_several_signers_is_chosen(clerk: Clerk, chosen: int | None) -> None:
    made = clerk.authority
    clerk.file.write_bytes(packed([pair(made, name) for name in NAMES], [made.office, made.root], WORD))
    seen: list[str] = []

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, ReportDialog)
        items = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
        seen.extend(item.data(0, TEXT) for item in items if item is not None)
        wanted = next(item for item in items if item is not None and NAMES[chosen or 0] in item.data(0, TEXT))
        dialog.tree.setCurrentItem(wanted)
        click(dialog.buttons[1 if chosen is None else 0])

    clerk.bring(choose, *([leave] if chosen is None else []))
    assert len(seen) == 2 and all("ออกโดย office" in one and "ใช้ได้ถึง" in one and "ลายนิ้วมือ" in one for one in seen)
    kept = [one.card.person for one in clerk.store.kept() if one.card is not None]
    assert kept == ([] if chosen is None else [NAMES[chosen]])
