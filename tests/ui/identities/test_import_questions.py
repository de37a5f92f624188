"""What a CA's file leaves open is asked in the window: which of several signers, and the CA's own certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QFileDialog

from bundle.authority import Authority, certify, make_authority, make_key
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
from ui.modals import Modals, until

AS_IS, ADD, CANCEL = range(3)
"""The buttons of the question about the CA's certificates."""


@pytest.fixture
def modals() -> Iterator[Modals]:
    made = Modals()
    yield made
    made.stop()
    assert made.done()


@pytest.fixture
def authority(desk: MainController) -> Authority:
    return make_authority("ec", desk.services.clock() - timedelta(days=1))


@pytest.fixture
def store(desk: MainController) -> IdentityStore:
    return store_of(desk.services)


def lone(authority: Authority) -> bytes:
    """A file with a person's pair alone."""
    key = make_key("ec")
    own = certify(key, "สมชาย ใจดี", authority.office_key, "office", authority.start, days=300)
    return serialize_key_and_certificates(None, key, own, None, BestAvailableEncryption(WORD.encode()))


def bring(desk: MainController, modals: Modals, file: Path, *acts: object) -> ImportDialog:
    """Import a file, answering what is asked by ``acts``; the dialog is closed at the end if it is still open."""
    form = ImportDialog("pkcs12", store_of(desk.services), desk.services, desk.window)

    def go(_: QDialog) -> None:
        form.file.setText(str(file))
        type_text(form.passphrase, WORD)
        QTimer.singleShot(0, form.go, form.go.click)

    modals.then(go, *acts)  # type: ignore[arg-type]
    QTimer.singleShot(0, form, form.exec)
    until(modals.done)
    return form


def pressing(number: int, told: list[str]) -> object:
    def act(message: MessageDialog) -> None:
        told.append(message.label.plain_text())
        click(message.buttons[number])

    return act


def leave(dialog: QDialog) -> None:
    dialog.reject()


def offer(monkeypatch: pytest.MonkeyPatch, *files: Path) -> None:
    """What the next file dialog returns."""
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(one) for one in files], ""))


def test_the_cas_certificates_are_taken_from_further_files(
    desk: MainController,
    modals: Modals,
    authority: Authority,
    store: IdentityStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a.p12").write_bytes(lone(authority))
    (tmp_path / "office.cer").write_bytes(authority.office.public_bytes(Encoding.DER))
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    offer(monkeypatch, tmp_path / "office.cer", tmp_path / "root.pem")
    told: list[str] = []
    form = bring(desk, modals, tmp_path / "a.p12", pressing(ADD, told))
    assert "ไฟล์ไม่มีใบรับรองของ office" in told[0]
    assert load_identity(store.first, WORD).chain == (authority.office, authority.root)
    assert form.made == "default" and not form.note


def test_what_is_imported_as_it_is_gets_its_chain_from_a_second_import(
    desk: MainController,
    modals: Modals,
    authority: Authority,
    store: IdentityStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "a.p12"
    file.write_bytes(lone(authority))
    told: list[str] = []
    form = bring(desk, modals, file, pressing(AS_IS, told))
    before = load_identity(store.first, WORD)
    assert before.chain == () and "office" in form.note

    bring(desk, modals, file, pressing(AS_IS, told), pressing(0, told), leave)
    assert "มีอยู่ในเครื่องนี้แล้ว" in told[-1]

    (tmp_path / "office.pem").write_bytes(authority.office.public_bytes(Encoding.PEM))
    offer(monkeypatch, tmp_path / "office.pem")
    form = bring(desk, modals, file, pressing(ADD, told))
    after = load_identity(store.first, WORD)
    assert after.chain == (authority.office,) and after.fingerprint == before.fingerprint
    assert [one.name for one in store.kept()] == ["default"] == [form.made] and "root" in form.note


@pytest.mark.parametrize("where", ["question", "files"])
def test_nothing_is_imported_if_the_person_stops(
    desk: MainController,
    modals: Modals,
    authority: Authority,
    store: IdentityStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    (tmp_path / "a.p12").write_bytes(lone(authority))
    offer(monkeypatch)
    form = bring(desk, modals, tmp_path / "a.p12", pressing(CANCEL if where == "question" else ADD, []), leave)
    assert form.made is None and not store.kept()


def test_a_file_that_is_no_certificate_is_named_and_the_dialog_stays(
    desk: MainController,
    modals: Modals,
    authority: Authority,
    store: IdentityStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a.p12").write_bytes(lone(authority))
    (tmp_path / "จดหมาย.txt").write_text("เรียน ผู้ดูแล", encoding="utf-8")
    offer(monkeypatch, tmp_path / "จดหมาย.txt")
    told: list[str] = []
    bring(desk, modals, tmp_path / "a.p12", pressing(ADD, told), pressing(0, told), leave)
    assert "จดหมาย.txt" in told[1] and not store.kept()


@pytest.mark.parametrize("chosen", [0, 1, None])
def test_one_of_several_signers_is_chosen(
    desk: MainController,
    modals: Modals,
    authority: Authority,
    store: IdentityStore,
    tmp_path: Path,
    chosen: int | None,
) -> None:
    keys = [make_key("ec"), make_key("ec")]
    names = ["สมชาย ใจดี", "ผู้ว่าราชการจังหวัด"]
    pairs = [
        (key, certify(key, name, authority.office_key, "office", authority.start, days=300))
        for key, name in zip(keys, names, strict=True)
    ]
    (tmp_path / "two.p12").write_bytes(packed(pairs, [authority.office, authority.root], WORD))
    seen: list[str] = []

    def choose(dialog: ReportDialog) -> None:
        items = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
        seen.extend(item.data(0, TEXT) for item in items if item is not None)
        wanted = next(item for item in items if item is not None and names[chosen or 0] in item.data(0, TEXT))
        dialog.tree.setCurrentItem(wanted)
        click(dialog.buttons[1 if chosen is None else 0])

    bring(desk, modals, tmp_path / "two.p12", choose, *([leave] if chosen is None else []))
    assert len(seen) == 2 and all("ออกโดย office" in one and "ใช้ได้ถึง" in one and "ลายนิ้วมือ" in one for one in seen)
    kept = [one.card.person for one in store.kept() if one.card is not None]
    assert kept == ([] if chosen is None else [names[chosen]])
