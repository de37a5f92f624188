"""The dialogs of this PC and of the help desk, with something in them: for the tests that look at every dialog."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QDialog

from dgdesk.support.gather import gather_support
from dgdesk.system.check.clock import CheckResult
from dgdesk.system.check.facts import FolderFacts, MachineFacts, Volume, judge
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.support.check_dialog import OfficeDialog
from dgdesk.ui.support.failures import FaultDialog
from dgdesk.ui.support.support_dialog import SupportDialog

LONG = Path("C:/Users/สมศรี ใจดี/OneDrive - สำนักงานจังหวัดน่าน/งานรัฐบาลดิจิทัล/แบบสำรวจ ๒๕๖๙/แบบสำรวจ น่าน.dgdesk")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def findings() -> tuple[CheckResult, ...]:
    """What a PC in great trouble shows: of every kind of finding some."""
    machine = MachineFacts(
        now=NOW,
        made=datetime(2027, 1, 1, tzinfo=UTC),
        missing=("Sarabun-Bold.ttf", "pypdfium2"),
        others=2,
        windows=True,
    )
    volume = Volume("removable", "FAT32", "", 900 << 20)
    place = FolderFacts(LONG.parent, True, volume, "OneDrive", LONG, 2 << 30, "temporary", True)
    return judge(machine, (place,))


def check_dialog(desk: MainController) -> QDialog:
    made = OfficeDialog(desk.services, lambda: findings, desk.window)
    made.show_findings(findings())
    return made


def support_dialog(desk: MainController) -> QDialog:
    return SupportDialog(gather_support(desk.services.profile, NOW, {}), desk.services, desk.window)


OFFICE_DIALOGS: dict[str, Callable[[MainController], QDialog]] = {
    "office": check_dialog,
    "support": support_dialog,
    "fault": lambda desk: FaultDialog(desk.texts, "KeyError", desk.window, has_draft=True),
}
