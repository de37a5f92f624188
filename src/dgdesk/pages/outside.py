"""Pages, outside: whether a file may be opened in another program of the PC, and under which name.

The ending decides which program opens it; so it is chosen by the kind of the file, never by its name alone.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from dgdesk.answers import media
from dgdesk.answers.inspecting.leaving import content_fits, seen_name

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
