"""The dialogs about who signs, each with something in it: for the tests that look at every dialog."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtWidgets import QDialog

from bundle.authority import make_authority
from dgdesk.bundle.signing.identity import create_identity, read_card, write_identity
from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.bundle.signing.selection import SignerChoice
from dgdesk.ui.identities.dialog import IdentitiesDialog
from dgdesk.ui.identities.enrol_dialog import EnrolDialog
from dgdesk.ui.identities.import_dialog import ImportDialog
from dgdesk.ui.identities.import_questions import above_dialog, signers_dialog
from dgdesk.ui.identities.new_dialog import NewDialog
from dgdesk.ui.identities.passphrase_dialogs import BackupDialog, ChangeDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.services import Services

PROVINCE = "general.province"

WORD = "ช้างสี่ตัว กินข้าวเย็น 3 จาน"

SIGNERS = (
    SignerChoice("0123456789abcdef" * 4, "นางสาวสมศรี ใจดี", "Thai University Consortium CA", date(2027, 9, 30)),
    SignerChoice(
        "fedcba9876543210" * 4,
        "ว่าที่ร้อยตรีกิตติศักดิ์ เจริญวัฒนาพาณิชย์กุล หัวหน้าสำนักงานจังหวัด",
        "Thailand National Root Certification Authority - G1 (บริการออกใบรับรองอิเล็กทรอนิกส์ภาครัฐ)",
        date(2029, 2, 28),
    ),
)


def store_of(services: Services) -> IdentityStore:
    """The identities of the profile in use."""
    return IdentityStore(services.profile.identity, services.profile.identities)


def fill_store(services: Services) -> IdentityStore:
    """Make, once, one identity here, one that ends soon by a CA, one without a passphrase, and one that is damaged."""
    store, now = store_of(services), services.clock()
    if not store.kept():
        create_identity(store.first, person="สมศรี ใจดี", province="เชียงใหม่", passphrase=WORD, now=now)
        authority = make_authority("ec", now - timedelta(days=1))
        write_identity(store.folder("identity-2"), read_pkcs12(authority.pkcs12(WORD, days=30), WORD, now), WORD)
        create_identity(
            store.folder("identity-3"), person="ก้องเกียรติ", province="น่าน", passphrase=None, now=now, valid_days=1
        )
        create_identity(store.folder("old"), person="เก่า", province="น่าน", passphrase=None, now=now)
        (store.folder("old") / "signer.pem").write_bytes(b"-")
    return store


def _bring(desk: MainController) -> QDialog:
    made = ImportDialog("pkcs12", store_of(desk.services), desk.services, desk.window)
    made.other.setChecked(True)
    made.new.first.setText("สมศรี2569")
    return made


def _new(desk: MainController) -> QDialog:
    made = NewDialog(store_of(desk.services), desk.services, provinces(desk), desk.window)
    made.new.first.setText("สมศรี")
    made.new.again.setText("สมศร")
    return made


def _first(desk: MainController) -> Path:
    return fill_store(desk.services).first


def _enrol(desk: MainController) -> QDialog:
    folder = _first(desk)
    made = EnrolDialog(read_card(folder), desk.services, desk.window)
    made._copy()
    return made


def provinces(desk: MainController) -> list[str]:
    """The names that a new identity may be for."""
    return [option.label for option in desk.form.node(PROVINCE).field.options]


IDENTITY_DIALOGS: dict[str, Callable[[MainController], QDialog]] = {
    "identities_none": lambda desk: IdentitiesDialog(desk.services, provinces(desk), desk.window),
    "identities": lambda desk: (
        fill_store(desk.services),
        IdentitiesDialog(desk.services, provinces(desk), desk.window),
    )[1],
    "identity_new": _new,
    "identity_import": _bring,
    "identity_several": lambda desk: signers_dialog(desk.services, SIGNERS, desk.window),
    "identity_above": lambda desk: above_dialog(desk.texts, SIGNERS[1].issuer, desk.window),
    "identity_restore": lambda desk: ImportDialog("backup", store_of(desk.services), desk.services, desk.window),
    "identity_enrol": _enrol,
    "identity_change": lambda desk: ChangeDialog(_first(desk), read_card(_first(desk)), desk.services, desk.window),
    "identity_backup": lambda desk: BackupDialog(_first(desk), read_card(_first(desk)), desk.services, desk.window),
}
