"""Copies of stored files where another program can read them, each checked to its last byte and named safely.

It is in a private folder, which is removed on closing; what a killed process left is removed later.

The ending decides which program opens it; so it is chosen by the kind of the file, never by its name alone.
"""

from __future__ import annotations

import re
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from dgdesk.errors import FileError
from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import content_fits, seen_name
from dgdesk.system.private import make_private_folder
from dgdesk.system.progress import Progress
from dgdesk.system.renaming import rename_new
from dgdesk.system.scratch import Scratch
from dgdesk.system.zone import Stamp, no_stamp

PREFIX: Final = "view-"
"""How the names of a shelf's folders begin."""
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u206f]')
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class Spooled:
    """A file's content in a private folder, at ``path``. Close it."""

    def __init__(self, scratch: Scratch, path: Path) -> None:
        self._scratch = scratch
        self.path = path

    def close(self) -> None:
        """Remove it; a file that another process holds open is removed with the next spool."""
        self._scratch.close()


def spool(pieces: Iterable[bytes], size: int, folder: Path, progress: Progress) -> Spooled:
    """Write a whole file where the document worker can read it.

    Raises:
        Cancelled: the person stopped it.
        FileError: ``package.evidence_damaged`` from the pieces; ``viewer.no_room`` if it cannot be written.
    """
    scratch: Scratch | None = None
    done = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = Scratch(folder, PREFIX)
        made = Spooled(scratch, scratch.path / "document")
        with made.path.open("xb") as stream:
            for piece in pieces:
                progress.check()
                stream.write(piece)
                done += len(piece)
                progress.report(done, max(size, done))
            return made
    except OSError as error:
        if scratch is not None:
            scratch.close()
        raise FileError("viewer.no_room", detail=error.strerror or "") from error
    except BaseException:
        if scratch is not None:
            scratch.close()
        raise


class SpoolFolder:
    """Read-only copies with names, for other programs, in a private folder below ``folder``. Close it.

    What a killed process left is removed when the next `SpoolFolder` is made below the same folder.
    """

    def __init__(self, folder: Path) -> None:
        """Remove what killed processes left, and make the private folder.

        Raises:
            FileError: ``viewer.no_room``.
        """
        try:
            make_private_folder(folder)
            self._scratch = Scratch(folder, PREFIX)
        except OSError as error:
            raise FileError("viewer.no_room", detail=error.strerror or "") from error

    def put(self, name: str, pieces: Iterable[bytes], progress: Progress, stamp: Stamp = no_stamp) -> Path:
        """Write a read-only copy. It gets its name only when it is complete.

        ``stamp`` marks it as coming from another computer.

        Raises:
            Cancelled: the person stopped it.
            FileError: ``package.evidence_damaged`` from the pieces; ``viewer.no_room``.
        """
        try:
            folder = Path(tempfile.mkdtemp(dir=self._scratch.path))
            part = folder / "half made"
            with part.open("xb") as stream:
                for piece in pieces:
                    progress.check()
                    stream.write(piece)
            stamp(part)  # a read-only file cannot be marked
            part.chmod(stat.S_IREAD)
            copy = folder / safe(name)
            rename_new(part, copy)
            return copy
        except OSError as error:
            raise FileError("viewer.no_room", detail=error.strerror or "") from error

    def close(self) -> None:
        """Remove the copies; one that another program holds open is removed with the next `SpoolFolder`."""
        self._scratch.close()


def safe(name: str) -> str:
    """Return a file name, with its ending, that every system accepts."""
    plain = _UNSAFE.sub("_", name).strip(" .") or "_"
    stem, dot, ending = plain.rpartition(".")
    plain = f"{(stem or ending)[:80]}{dot if stem else ''}{ending[:10] if stem else ''}"
    while len(plain.encode()) > 200:
        stem = stem[:-1]
        plain = f"{stem}{dot}{ending[:10]}"
    return f"_{plain}" if _RESERVED.match(plain) else plain


_ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    media.PDF: (".pdf",),
    media.JPEG: (".jpg", ".jpeg"),
    media.PNG: (".png",),
    media.TIFF: (".tif", ".tiff"),
    media.HEIC: (".heic", ".heif"),
    media.DOC: (".doc",),
    media.XLS: (".xls",),
    media.PPT: (".ppt",),
    media.DOCX: (".docx",),
    media.XLSX: (".xlsx",),
    media.PPTX: (".pptx",),
    media.ODT: (".odt",),
    media.ODS: (".ods",),
    media.ODP: (".odp",),
    media.TEXT: (".txt", ".csv"),
    media.CSV: (".csv",),
}
# The kinds of old office files are known by their names; other OLE files (installers) are not opened.
_BY_NAME: Final[dict[str, tuple[str, ...]]] = {media.OLE: (".doc", ".xls", ".ppt")}


def outside_name(name: str, kind: str, found: str | None = None) -> str | None:
    """Return the name for the copy of a file of media type ``kind``; None if it must not be opened.

    ``found`` is the kind by its first bytes (`media.media_type`), if they were read. If they say nothing, the other
    program gets the file and reports the damage.
    """
    if found not in (None, media.TEXT, media.OCTETS) and not content_fits(found, kind):
        return None
    name = seen_name(name)
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if kind in _BY_NAME:
        return name if ending in _BY_NAME[kind] else None
    endings = _ENDINGS.get(kind)
    if endings is None:
        return None
    return name if ending in endings else f"{name}{endings[0]}"
