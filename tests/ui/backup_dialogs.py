"""The dialogs of backups, each with something in it: for the tests that look at every dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QDialog

from dgdesk.draft.backups.names import BackupCopy, folder_for
from dgdesk.ui.backups.dialogs import BackupChoiceDialog, RestoreDialog
from dgdesk.ui.shell.controller import MainController

_FOLDER = "D:/เอกสารสำนักงานจังหวัดน่าน กลุ่มงานยุทธศาสตร์/แบบสำรวจ 2569"


def _restore(desk: MainController) -> QDialog:
    draft = Path(_FOLDER) / "จังหวัดน่าน 2569.dgdesk"
    newest = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
    elsewhere = Path("E:/สำเนาสำรองของสำนักงานจังหวัด/จังหวัดน่าน 2569-1a2b3c4d.backups")
    copies = [
        BackupCopy(
            newest - timedelta(hours=7 * each), (elsewhere if each > 6 else folder_for(draft)) / f"{each}", 9_000_000
        )
        for each in range(9)
    ]
    kept = draft.with_name("จังหวัดน่าน 2569.before-restore-20261122-140501.dgdesk")
    return RestoreDialog(desk.services, copies, draft, kept, desk.window)


def _choice(desk: MainController) -> QDialog:
    return BackupChoiceDialog(replace(desk.settings.now, backup_folder=_FOLDER), desk.texts, desk.window)


BACKUP_DIALOGS: dict[str, Callable[[MainController], QDialog]] = {"backup_restore": _restore, "backup_choice": _choice}
