"""Reads what was dropped or pasted (files, folders, pictures), and asks about findings before files are attached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dgdesk.errors import DgdeskError, UsageError
from dgdesk.evidence.limits import AttachmentRequest, AttachmentResult, AttachmentStatus
from dgdesk.text.dates import time_text
from dgdesk.ui.widgets.buttons import what_this_is
from dgdesk.ui.widgets.dialogs import fill_row
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE


@dataclass(frozen=True, slots=True)
class Offered:
    """What was dropped or pasted. ``elsewhere`` counts web addresses; ``picture`` is set only if there are no files."""

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    elsewhere: int = 0
    picture: QImage | None = None

    def __bool__(self) -> bool:
        return bool(self.files or self.folders or self.elsewhere or self.picture is not None)


def offers(mime: QMimeData | None) -> bool:
    """Return whether the data holds something that may be attached; fast, since it is called while the mouse moves.

    An empty clipboard has no data at all (None), whatever Qt's types say.
    """
    return mime is not None and (mime.hasUrls() or mime.hasImage())


def offered(mime: QMimeData | None) -> Offered:
    """Return the content of the data. A browser gives the address of a picture and the picture: the picture is used."""
    if mime is None:
        return Offered()
    urls = mime.urls() if mime.hasUrls() else []
    paths = tuple(dict.fromkeys(Path(url.toLocalFile()) for url in urls if url.isLocalFile()))
    folders = tuple(path for path in paths if path.is_dir())
    files = tuple(path for path in paths if path not in folders)
    if not paths and mime.hasImage():
        picture = QImage(mime.imageData())
        if not picture.isNull():
            return Offered(picture=picture)
    return Offered(files, folders, sum(not url.isLocalFile() for url in urls))


def files_in(mime: QMimeData) -> tuple[Path, ...]:
    """Return the files and folders of this PC that are dragged."""
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())


def folder_in(mime: QMimeData) -> Path | None:
    """Return the dragged folder, if exactly one folder is dragged."""
    paths = files_in(mime)
    return paths[0] if len(paths) == 1 and paths[0].is_dir() else None


def picture_name(texts: Texts, moment: datetime) -> str:
    """Return the name of a picture pasted at ``moment``, without characters that Windows forbids."""
    words = time_text(moment, texts.catalogue.language).replace(" น.", "").replace(":", ".")
    return texts.say("ui.attaching.pasted", moment=words)


_WIDTH = 560
_MOST_HIGH = 380
_Part: TypeAlias = tuple[str, str, Sequence[DgdeskError]]
"""Role and text of a heading, and the lines below it."""


class FindingsDialog(FittedDialog):
    """Shows the findings about files. ``chosen`` is the number of the button; closing the dialog means the last one."""

    def __init__(
        self,
        texts: Texts,
        parts: Sequence[_Part],
        buttons: Sequence[str],
        what: str,
        parent: QWidget | None,
    ) -> None:
        """``what`` is the code of the text behind the "?"."""
        super().__init__(parent)
        self.setWindowTitle(texts.say("ui.attaching.title"))
        self.setStyleSheet(sheet())
        self.chosen = len(buttons) - 1
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5 * SPACE // 2, 2 * SPACE, 5 * SPACE // 2, 2 * SPACE)
        layout.setSpacing(3 * SPACE // 2)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, SPACE, 0)
        column.setSpacing(SPACE)
        for role, heading, errors in parts:
            column.addWidget(WrapLabel(texts, heading, role, body))
            for error in errors:
                column.addWidget(WrapLabel(texts, f"• {texts.error(error)}", "text", body))
        column.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setAccessibleName(texts.say("ui.attaching.title"))
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(body)
        width = max(_WIDTH, body.minimumSizeHint().width() + 30)
        self.area.setMinimumWidth(width)
        high = column.totalHeightForWidth(width - 30) if column.hasHeightForWidth() else body.sizeHint().height()
        self.area.setMinimumHeight(min(high + 8, _MOST_HIGH))
        layout.addWidget(self.area, 1)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, texts, what))
        row.addStretch(1)
        self.buttons = fill_row(row, texts, buttons, self._choose, self)
        self.buttons[0].setDefault(True)
        layout.addLayout(row)
        self.buttons[0].setFocus()

    def _choose(self, number: int) -> None:
        self.chosen = number
        self.accept()


def choose_requests(
    texts: Texts, results: Sequence[AttachmentResult], parent: QWidget | None
) -> tuple[AttachmentRequest, ...]:
    """Return the requests to carry out, in their order; asks the user if not every file is ready."""
    wanted: set[AttachmentStatus] = {"ready"}
    found = {one.status for one in results}
    if found - wanted:
        dialog = dialog_about(texts, results, parent)
        dialog.exec()
        if dialog.chosen == 0:
            wanted.add("doubtful")
        elif dialog.chosen == len(dialog.buttons) - 1:
            wanted.clear()
        dialog.deleteLater()
    return tuple(one.request for one in results if one.status in wanted)


def dialog_about(texts: Texts, results: Sequence[AttachmentResult], parent: QWidget | None) -> FindingsDialog:
    """Return the dialog with the findings. Its first button attaches every possible file, its last one none."""
    say = texts.say
    doubtful, refused, ready = (
        [one for one in results if one.status == status] for status in ("doubtful", "refused", "ready")
    )
    parts: list[_Part] = []
    if doubtful:
        parts.append(("warning", say("ui.attaching.asks", count=len(doubtful)), _errors(doubtful)))
    if refused:
        parts.append(("error", say("ui.attaching.refused", count=len(refused)), [*map(_with_free, _errors(refused))]))
    if ready:
        parts.append(("status", say("ui.attaching.fine", count=len(ready)), ()))
    if doubtful and ready:
        buttons = [say("ui.attaching.all_the_same"), say("ui.attaching.leave_out"), say("ui.cancel")]
    elif doubtful:
        buttons = [say("ui.attaching.all_the_same"), say("ui.attaching.attach_none")]
    elif ready:
        buttons = [say("ui.attaching.the_others"), say("ui.cancel")]
    else:
        buttons = [say("ui.ok")]
    return FindingsDialog(texts, parts, buttons, "ui.attaching.what", parent)


def say_left_out(texts: Texts, left_out: Sequence[AttachmentResult], attached: int, parent: QWidget | None) -> None:
    """Show which files were not attached, and why."""
    say = texts.say
    parts: list[_Part] = [("error", say("ui.attaching.left_out", count=len(left_out)), _errors(left_out))]
    if attached:
        parts.append(("status", say("ui.attaching.attached", count=attached), ()))
    dialog = FindingsDialog(texts, parts, [say("ui.ok")], "ui.attaching.what", parent)
    dialog.exec()
    dialog.deleteLater()


def _errors(results: Sequence[AttachmentResult]) -> list[DgdeskError]:
    return [error for one in results for error in one.errors]


def _with_free(error: DgdeskError) -> DgdeskError:
    """Add the free space to an error, while the user can still choose other files."""
    return UsageError("ui.attaching.over_total", **error.values) if error.code == "incoming.total_too_large" else error
