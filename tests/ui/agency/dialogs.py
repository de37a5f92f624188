"""The receiver's windows, each with something in it: for the tests that look at every dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QDialog

from dgdesk.system.progress import NO_PROGRESS
from dgdesk.ui.agency import jobs
from dgdesk.ui.agency.dialogs import DecryptDialog, KeyDialog, ReceiptsDialog
from dgdesk.ui.agency.trust import read_trust
from dgdesk.ui.agency.window import AgencyWindow
from dgdesk.ui.shell.controller import MainController
from ui.agency.parcels import make_parcels

_LONG = "scan_0001_final_v2_signed_copy_for_dga_2568_scan_0001_final_v2_signed_copy.zip.age"


def _window(desk: MainController) -> AgencyWindow:
    return AgencyWindow(desk.services, desk.window)


def _filled(desk: MainController) -> QDialog:
    parcels = make_parcels(desk.services.profile.root.parent / "parcels")
    window = _window(desk)
    window.inbox.trust_now(read_trust([parcels.certificates])[0])
    inbox = window.inbox
    inbox.add(sorted(parcels.inbox.rglob("*.zip")))
    inbox.take(jobs.check(inbox.waiting, (), inbox.trust.trusted, NO_PROGRESS))
    window.show_entries()
    return window


def _unseal(desk: MainController) -> QDialog:
    return DecryptDialog(desk.services, [Path("แบบสำรวจ น่าน.zip.age"), Path(_LONG)], desk.window)


def _receipts(desk: MainController) -> QDialog:
    return ReceiptsDialog(desk.services, [(Path("น่าน.zip"), "น่าน", "0" * 64)], 2, [], desk.window)


RECEIVING_DIALOGS: dict[str, Callable[[MainController], QDialog]] = {
    "receiving": _window,
    "receiving_filled": _filled,
    "receiving_unseal": _unseal,
    "receiving_key": lambda desk: KeyDialog(desk.services, desk.window),
    "receiving_receipts": _receipts,
}
