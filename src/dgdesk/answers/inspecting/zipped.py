"""Inspecting, zip containers: newer office files and OpenDocument, distinguished from other archives.

Reads only the directory at the end and at most 1 MiB of two small entries; nothing is unpacked to disk.
"""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from dgdesk.answers import media
from dgdesk.answers.inspecting.finding import Content

_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 0xFFFF
# A document of 10,000 parts has a directory of about 1 MB; the whole directory is read into memory.
_LARGEST_DIRECTORY = 8 << 20
_MOST_READ = 1 << 20
_PARTS = (("word/", media.DOCX), ("xl/", media.XLSX), ("ppt/", media.PPTX))
_OPEN_DOCUMENTS = {
    media.ODT: media.ODT,
    media.ODS: media.ODS,
    media.ODP: media.ODP,
    **{f"{kind}-template": kind for kind in (media.ODT, media.ODS, media.ODP)},
}
_MACRO_ENDS = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = ("xl/macrosheets/", "basic/", "scripts/")


def inspect_zip(stream: BinaryIO, size: int, guess: str) -> Content:
    """Return what a zip file is; ``guess`` is the kind by its first bytes. All but office files are archives."""
    if not _is_bounded(stream, size):
        return Content(guess, ("incoming.damaged",) if guess != media.ZIP else ())
    try:
        with zipfile.ZipFile(stream) as archive:
            return _office(archive)
    except MemoryError:  # not damage: the worker ends
        raise
    except Exception:  # zipfile raises many kinds over hostile input
        return Content(guess, ("incoming.damaged",) if guess != media.ZIP else ())


def _office(archive: zipfile.ZipFile) -> Content:
    names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    asks = []
    if "[content_types].xml" in names:
        kind = next((kind for folder, kind in _PARTS if any(name.startswith(folder) for name in names)), None)
        if kind is None:
            return Content(media.ZIP)
        types = _read(archive, names["[content_types].xml"])
        if b"macroenabled" in types.lower() or _has_macros(names):
            asks.append("incoming.macros")
        if b"<" not in types and b"\x00" not in types:
            asks.append("incoming.damaged")
        return Content(kind, tuple(asks))
    declared = _read(archive, names["mimetype"]).strip().decode("ascii", "replace") if "mimetype" in names else ""
    if declared not in _OPEN_DOCUMENTS:
        return Content(media.ZIP)
    manifest = _read(archive, names["meta-inf/manifest.xml"]) if "meta-inf/manifest.xml" in names else b""
    if b"encryption-data" in manifest or "encrypted-package" in names:
        asks.append("incoming.password")
    elif "content.xml" not in names:
        asks.append("incoming.damaged")
    if _has_macros(names):
        asks.append("incoming.macros")
    return Content(_OPEN_DOCUMENTS[declared], tuple(asks))


def _has_macros(names: dict[str, str]) -> bool:
    return any(name.endswith(_MACRO_ENDS) or name.startswith(_MACRO_FOLDERS) for name in names)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_MOST_READ)


def _is_bounded(stream: BinaryIO, size: int) -> bool:
    """Tell whether the directory exists and is small enough to be read. Documents are too small for Zip64."""
    length = min(size, _END_BYTES + _LONGEST_COMMENT)
    stream.seek(size - length)
    tail = stream.read(length)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        return False
    return int.from_bytes(tail[at + 12 : at + 16], "little") <= _LARGEST_DIRECTORY
