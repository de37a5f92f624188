"""Window, attaching, sources: what is dropped or pasted, told apart: files, folders, a picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from dgdesk.text.dates import THAILAND, time_text
from dgdesk.ui.widgets.label import Texts


@dataclass(frozen=True, slots=True)
class Offered:
    """What was dropped or pasted. ``elsewhere`` counts addresses of the web; ``picture`` only without files."""

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    elsewhere: int = 0
    picture: QImage | None = None

    def __bool__(self) -> bool:
        return bool(self.files or self.folders or self.elsewhere or self.picture is not None)


def offers(mime: QMimeData | None) -> bool:
    """Whether there is something in it that may be attached; quick, since it is asked while the mouse moves.

    An empty clipboard has no data at all (None), whatever Qt's types say.
    """
    return mime is not None and (mime.hasUrls() or mime.hasImage())


def offered(mime: QMimeData | None) -> Offered:
    """Return what is in it. A browser gives the address of a picture and the picture: then it is the picture."""
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


def folder_in(mime: QMimeData) -> Path | None:
    """Return the folder that is dragged, if it is one alone."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].is_dir() else None


def picture_name(texts: Texts, moment: datetime) -> str:
    """Return the name of a picture pasted at a moment; without signs that Windows refuses."""
    words = time_text(moment.astimezone(THAILAND), texts.catalogue.language).replace(" น.", "").replace(":", ".")
    return texts.say("ui.attaching.pasted", moment=words)
