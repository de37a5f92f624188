"""The receiver's windows, each with something in it: for the tests that look at every dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from PySide6.QtWidgets import QDialog

from dgdesk.system.progress import NO_PROGRESS
from dgdesk.ui.agency.dialogs import Chosen, DecryptDialog, KeyDialog, ReceiptsDialog
from dgdesk.ui.agency.ledger_dialog import LedgerDialog
from dgdesk.ui.agency.trust import read_trust
from dgdesk.ui.agency.window import AgencyWindow
from dgdesk.ui.shell.controller import MainController
from ui.agency.parcels import bundle, make_parcels

_LONG = "scan_0001_final_v2_signed_copy_for_dga_2568_scan_0001_final_v2_signed_copy.zip.age"


def _window(desk: MainController) -> AgencyWindow:
    window = AgencyWindow(desk.services, desk.window)
    window.commands.read()
    return window


def _filled(desk: MainController) -> QDialog:
    parcels = make_parcels(Path(mkdtemp(dir=desk.services.profile.root.parent)))
    window = _window(desk)
    window.reception.trust = read_trust([parcels.certificates])[0]
    bundle(parcels.inbox / "น่าน แก้ไข.zip", parcels.nan_signer, "TH-55", answer="no")
    _, window.reception.view = window.reception.take_in([parcels.inbox], NO_PROGRESS)
    window.show_view()
    window.lines.controls.sort_by("state")
    window.lines.table.go_to_row(0)
    return window


def _files(desk: MainController) -> QDialog:
    window = _filled(desk)
    assert isinstance(window, AgencyWindow)
    window.show_attention()
    return window


def _unseal(desk: MainController) -> QDialog:
    return DecryptDialog(desk.services, [Path("แบบสำรวจ น่าน.zip.age"), Path(_LONG)], desk.window)


def _receipts(desk: MainController) -> QDialog:
    window = _window(desk)
    chosen = Chosen(desk.texts.say("ui.receiving.receipts_for", count=2), frozenset({"0" * 64}))
    return ReceiptsDialog(desk.services, window.reception, chosen, desk.window)


def _returns(desk: MainController) -> QDialog:
    window = _window(desk)
    chosen = Chosen(desk.texts.say("ui.receiving.return_for", count=2), files=(Path("น่าน.zip"),))
    return ReceiptsDialog(desk.services, window.reception, chosen, desk.window, returning=True)


def _ledger(desk: MainController) -> QDialog:
    return LedgerDialog(desk.services, _window(desk).reception, desk.window)


RECEIVING_DIALOGS: dict[str, Callable[[MainController], QDialog]] = {
    "receiving": _window,
    "receiving_filled": _filled,
    "receiving_files": _files,
    "receiving_unseal": _unseal,
    "receiving_key": lambda desk: KeyDialog(desk.services, desk.window),
    "receiving_receipts": _receipts,
    "receiving_returns": _returns,
    "receiving_ledger": _ledger,
}
