"""A register with something of every sort in it, and its dialogs: for the tests that look at every dialog."""

from __future__ import annotations

import io
from collections.abc import Callable

from PySide6.QtWidgets import QDialog

from dgdesk.draft.file.model import StoredJson
from dgdesk.draft.file.register import RECEIPT, SCAN
from dgdesk.draft.file.store import DraftFile
from dgdesk.ui.register.dialog import RegisterDialog
from dgdesk.ui.register.entries import entries
from dgdesk.ui.register.receipt_dialog import ReceiptDialog
from dgdesk.ui.register.scans import AddendumDialog
from dgdesk.ui.shell.controller import MainController
from evidence.pages.pdfs import thai_pdf

OFFICE = "สำนักงานพัฒนารัฐบาลดิจิทัล (องค์การมหาชน)"


def fill_register(package: DraftFile) -> None:
    """Enter two exports, one of them a draft and encrypted, with a receipt and two scans; once only."""
    if any(one.scans for one in entries(package.register())):
        return
    exports: tuple[dict[str, StoredJson], ...] = (
        {"digest": "0a1b2c3d" * 8, "draft": False, "file": "แบบสำรวจ จังหวัดน่าน 2569.zip"},
        {"digest": "9f8e7d6c" * 8, "draft": True, "file": "scan_0001_final_v2_signed_copy_for_dga_2568.zip.age"},
    )
    for export in exports:
        claimed = {"claimed_time": "2026-11-20T09:30:00+07:00", "answers_digest": "12345678" * 8}
        package.register_export({**export, **claimed, "signer": "ab" * 32, "counter": package.state_counter})
    about = exports[0]["digest"]
    receipt: dict[str, StoredJson] = {"digest": about, "answers_digest": "12345678" * 8, "office": OFFICE, "file": "{}"}
    package.register_reply(RECEIPT, {**receipt, "received": "2026-11-21T03:00:00Z"})
    for name, code in (("ใบลงนาม ผู้ว่าราชการจังหวัดน่าน.pdf", "match"), ("scan_0001.pdf", "unreadable")):
        content = thai_pdf([name])
        stored = package.add_file(io.BytesIO(content))
        scan: dict[str, StoredJson] = {"digest": about, "sha256": stored.sha256, "size": stored.size, "name": name}
        package.register_reply(SCAN, {**scan, "media_type": "application/pdf", "code": code})


def register_dialog(desk: MainController) -> RegisterDialog:
    """The register with the export that has something chosen."""
    assert desk.workspace is not None
    bridge = desk.workspace.bridge
    fill_register(bridge.draft.package)
    bridge.registered.emit()
    dialog = RegisterDialog(bridge, desk.services, desk.settings, desk.window)
    dialog.tree.setCurrentItem(dialog.tree.rows()[-1])
    dialog.tell("warning", desk.texts.say("scan.kept_unreadable", name="scan_0001.pdf", digest="0a1b2c3d " * 8))
    return dialog


def _receipt(desk: MainController) -> QDialog:
    assert desk.workspace is not None
    dialog = ReceiptDialog(desk.workspace.bridge, desk.texts, desk.settings, None, desk.window)
    dialog.tell("error", desk.texts.say("receipt.untrusted"))
    dialog.receipt.setFocus()
    return dialog


def _addendum(desk: MainController) -> QDialog:
    assert desk.workspace is not None
    bridge = desk.workspace.bridge
    fill_register(bridge.draft.package)
    entry = next(one for one in entries(bridge.draft.package.register()) if one.scans)
    return AddendumDialog(bridge, desk.services, entry, desk.window)


REGISTER_DIALOGS: dict[str, Callable[[MainController], QDialog]] = {
    "register": register_dialog,
    "register_receipt": _receipt,
    "register_addendum": _addendum,
}
