"""Thumbnails of attached documents and pictures, made by the document worker while nothing else is to do.

One thread makes them one after the other. Large files get none, a file that cannot be shown is not tried again, and
while a job uses the draft nothing is read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from shiboken6 import isValid

from dgdesk.evidence import media
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.pages.geometry import Piece
from dgdesk.evidence.pages.spool import spool
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.ui.evidence.file_face import PICTURE
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.latest import LatestWins, Task
from dgdesk.ui.widgets.services import Services

LARGEST: Final = 20 << 20
"""Bytes of the largest file that gets a thumbnail."""
KEPT: Final = 100
"""Thumbnails that are kept, about 20 KB each."""
_AFTER: Final = 700
"""Milliseconds after the last row was built: the page and the person go first."""
_SHOWN: Final = frozenset({media.PDF, media.JPEG, media.PNG, media.TIFF, media.HEIC})


class ShowsPicture(Protocol):
    """A widget, or another object of Qt, that shows the thumbnail of a file."""

    def show_picture(self, picture: QImage) -> None:
        """Show the thumbnail."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A thumbnail that is to be made, and the rows that wait for it.

    Rows are not kept alive: a row that was left before its thumbnail was made would keep its whole page.
    """

    sha256: str
    media_type: str
    size: int
    rows: WeakSet[ShowsPicture] = field(default_factory=WeakSet)


class Thumbnails(QObject):
    """The thumbnails of one draft; a child of the bridge. ``folder`` is private, for copies that the worker reads."""

    def __init__(self, bridge: Bridge, documents: Documents, folder: Path) -> None:
        super().__init__(bridge)
        self._bridge, self._documents, self._folder = bridge, documents, folder
        self._made: OrderedDict[str, QImage | None] = OrderedDict()
        self._wanted: dict[str, _Wanted] = {}
        self._latest = LatestWins("dgdesk thumbnails", self, may_hang=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER)
        self._timer.timeout.connect(self._next)

    def want(self, one: Attachment, row: ShowsPicture) -> None:
        """Let a row show the thumbnail of a file: at once, or when it is made if the row is still there."""
        if one.media_type not in _SHOWN or not 0 < one.size <= LARGEST:
            return
        if one.sha256 in self._made:
            self._made.move_to_end(one.sha256)
            _show(row, self._made[one.sha256])
            return
        self._wanted.setdefault(one.sha256, _Wanted(one.sha256, one.media_type, one.size)).rows.add(row)
        if not self._latest.running:
            self._timer.start()

    def stop(self) -> None:
        """Make no more: the draft is closed."""
        self._timer.stop()
        self._wanted.clear()
        self._latest.stop()

    def _next(self) -> None:
        self._wanted = {key: one for key, one in self._wanted.items() if any(map(isValid, one.rows))}
        if not self._wanted:
            return
        wanted = next(iter(self._wanted.values()))
        if self._bridge.jobs.busy:
            self._timer.start()
            return
        side = round(PICTURE * max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0))
        read, documents, folder = self._bridge.draft.package.read_file, self._documents, self._folder

        def work(task: Task) -> QImage | None:
            spooled = spool(read(wanted.sha256), wanted.size, folder, task.progress())
            try:
                return first_page(documents, spooled.path, wanted.media_type, side, lambda: task.cancelled)
            except MemoryError:
                return None
            finally:
                spooled.close()

        self._latest.request(
            work, lambda picture: self._take(wanted.sha256, picture), lambda _: self._take(wanted.sha256, None)
        )

    def _take(self, sha256: str, picture: QImage | None) -> None:
        self._made[sha256] = picture
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        if (wanted := self._wanted.pop(sha256, None)) is not None:
            for row in wanted.rows:
                _show(row, picture)
        self._next()


def _show(row: ShowsPicture, picture: QImage | None) -> None:
    if picture is not None and isValid(row):
        row.show_picture(picture)


def first_page(
    documents: Documents, path: Path, media_type: str, side: int, cancelled: Callable[[], bool]
) -> QImage | None:
    """Return the first page of a document, as large as fits into a square of ``side`` pixels; None if cancelled.

    Raises:
        FileError: it cannot be shown.
    """
    document = documents.open(path, media_type)
    try:
        size = document.size(0)
        scale = side / max(size.width, size.height)
        width, height = max(1, round(size.width * scale)), max(1, round(size.height * scale))
        image = QImage(width, height, QImage.Format.Format_RGB32)
        if image.isNull():
            raise MemoryError
        piece = Piece(0, width, height, 0, 0, width, height)
        return image if document.render(piece, memoryview(image.bits()).cast("B"), cancelled) else None
    finally:
        document.close()


def thumbnails_of(bridge: Bridge, services: Services) -> Thumbnails:
    """Return the thumbnails of a draft."""
    from dgdesk.ui.evidence.viewers import viewer_folder  # which closes the thumbnails together with the viewers

    return bridge.findChild(Thumbnails) or Thumbnails(bridge, services.documents, viewer_folder(services.profile))
