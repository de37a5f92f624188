"""Window, viewer, outside: a file opened with a program of the PC, from a read-only copy."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dgdesk.answers.evidence import Attachment
from dgdesk.errors import FileError
from dgdesk.pages.outside import outside_name
from dgdesk.pages.spool import Shelf
from dgdesk.ui.background import run_job
from dgdesk.ui.text import Texts
from dgdesk.ui.viewer.worker import Read


def open_copy(texts: Texts, read: Read, shelf: Shelf, file: Attachment, owner: QWidget) -> bool:
    """Open a copy, made with progress; False when the person stopped it.

    Raises:
        FileError: ``viewer.not_outside``, ``viewer.not_opened``, or what is wrong with the file or the disk.
    """
    name = outside_name(file.name, file.media_type)
    if name is None:
        raise FileError("viewer.not_outside")
    path = run_job(
        texts,
        texts.say("ui.viewer.outside_copy", name=file.name),
        lambda progress, cancelled: shelf.put(name, read(file.sha256), cancelled),
        owner,
    )
    if path is None:
        return False
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        raise FileError("viewer.not_opened")
    return True
