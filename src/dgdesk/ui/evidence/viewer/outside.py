"""Opens a file in another program of the PC, from a read-only copy."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dgdesk.errors import FileError
from dgdesk.evidence.inspection.endings import peeked
from dgdesk.evidence.media import media_type
from dgdesk.evidence.pages.spool import SpoolFolder, outside_name
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.system.zone import Stamp, no_stamp
from dgdesk.ui.evidence.viewer.worker import ReadStored
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.label import Texts


def open_copy(
    texts: Texts, read: ReadStored, shelf: SpoolFolder, file: Attachment, owner: QWidget, stamp: Stamp = no_stamp
) -> bool:
    """Make a copy with a progress dialog and open it; False if the user cancelled. ``stamp`` sets its zone identifier.

    Raises:
        FileError: ``viewer.not_outside``, ``viewer.not_opened``, or a problem of the file or the disk.
    """

    def copied(progress: Progress) -> Path:
        head, pieces = peeked(read(file.sha256))
        name = outside_name(file.name, file.media_type, media_type(head))
        if name is None:
            raise FileError("viewer.not_outside")
        return shelf.put(name, pieces, progress, stamp)

    if outside_name(file.name, file.media_type) is None:
        raise FileError("viewer.not_outside")
    try:
        path = run_modal(texts, texts.say("ui.viewer.outside_copy", name=file.name), copied, owner)
    except Cancelled:
        return False
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        raise FileError("viewer.not_opened")
    return True
