"""What a person does to attach, for tests: files that are what they say, drops, pastes, waiting until all is done."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.errors import UsageError
from dgdesk.evidence.limits import AttachmentRequest, AttachmentResult
from dgdesk.ui.evidence.attach_dialog import FindingsDialog, dialog_about
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.widgets.label import Texts
from ui.hands import settle


def pdf(words: str = "x") -> bytes:
    """A small PDF that opens."""
    import io

    import pikepdf

    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 200))
    made.docinfo["/Title"] = words
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def png(shade: int = 200) -> bytes:
    """A PNG of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes([0, shade])))
        + chunk(b"IEND", b"")
    )


def file(folder: Path, name: str, content: bytes | None = None) -> Path:
    """A file on disk; a PDF of its own unless told otherwise."""
    path = folder / name
    path.write_bytes(pdf(name) if content is None else content)
    return path


def files_of(paths: Iterable[Path]) -> QMimeData:
    """Files as they are dropped and copied."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(place: QWidget, mime: QMimeData) -> bool:
    """Hold over a place and let go; whether it was taken."""
    at = QPointF(place.rect().center())
    buttons, keys, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at.toPoint(), copy, mime, buttons, keys)
    enter.ignore()
    QApplication.sendEvent(place, enter)
    if not enter.isAccepted():
        QApplication.sendEvent(place, QDragLeaveEvent())
        return False
    event = QDropEvent(at, copy, mime, buttons, keys, QEvent.Type.Drop)
    QApplication.sendEvent(place, event)
    return event.isAccepted()


def finish(place: EvidenceSlot, answer: Callable[[QWidget], object] | None = None) -> list[str]:
    """Wait until nothing is attached any more. Dialogs are answered by ``answer`` (default: closed); what they say."""
    said: list[str] = []
    failure: list[BaseException] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.isVisible():
            return
        try:
            said.append(words_of(dialog))
            if answer is None:
                dialog.close()
            else:
                answer(dialog)
        except BaseException as error:
            failure.append(error)
            dialog.close()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(5)
    jobs = place._parts.bridge.jobs
    while place.attaching.at_work:
        jobs.wait()
        QApplication.processEvents()
    timer.stop()
    settle(QApplication.instance())
    if failure:
        raise failure[0]
    return said


def words_of(dialog: QWidget) -> str:
    """Everything a dialog says."""
    from dgdesk.ui.widgets.label import WrapLabel

    return "\n".join(label.plain_text() for label in dialog.findChildren(WrapLabel))


def findings_dialog(texts: Texts, parent: QWidget | None) -> FindingsDialog:
    """The dialog about files, with something of every sort to say."""
    name = "คำสั่งแต่งตั้งคณะทำงานพัฒนารัฐบาลดิจิทัลของจังหวัด พ.ศ. 2568 (ฉบับแก้ไข).pdf"
    request = AttachmentRequest(Path(name))
    results = [
        AttachmentResult(request, status, (UsageError(code, name=name, kind="PNG (.png)"),))
        for status, codes in (
            ("doubtful", ("incoming.wrong_ending", "incoming.damaged", "incoming.macros")),
            ("refused", ("evidence.empty", "incoming.program")),
        )
        for code in codes
    ]
    return dialog_about(texts, [AttachmentResult(request, "ready"), *results], parent)
