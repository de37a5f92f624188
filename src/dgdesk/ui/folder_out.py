"""Window, folder out: where all evidence is written as folders, and what came of it."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dgdesk.folders.export_folder import ExportedFolder
from dgdesk.folders.index import disk_name
from dgdesk.ui.widgets.report_dialog import report
from dgdesk.ui.widgets.services import Services


def free_folder(parent: Path, name: str) -> Path:
    """Return a new folder's path in ``parent``: ``name`` as disks take it, numbered where that is taken."""
    wanted = parent / disk_name(name)
    number = 1
    while os.path.lexists(wanted):
        number += 1
        wanted = parent / disk_name(f"{name} ({number})")
    return wanted


def tell_carried_out(services: Services, result: ExportedFolder, target: Path, owner: QWidget) -> None:
    """Say what was written, name what is damaged, and open the folder if wanted."""
    say = services.texts.say
    rows = [
        (say("ui.folder.damaged_file", name=row.name), say("ui.folder.at", place=row.label)) for row in result.damaged
    ]
    words = say("ui.folder.out_done", count=result.written, path=target)
    if rows:
        words += " " + say("ui.folder.out_damaged", count=len(rows))
    title = say("ui.folder.out_title")
    buttons = (say("ui.folder.open"), say("ui.close"))
    if report(services, title, words, rows, buttons, "ui.folder.what_out", owner)[0] == 0:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))
