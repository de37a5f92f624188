"""Zip files: newer office files, OpenDocument, other archives.

Nothing is unpacked to disk. The parts are decoded and compared with their check sums up to a limit.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import BinaryIO, Final

from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import is_program_inside
from dgdesk.evidence.inspection.issue import Content
from dgdesk.evidence.inspection.ole_file import objects_in
from dgdesk.evidence.inspection.streams import has_hole

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
_WRITE_PASSWORDS: Final = {
    "word/settings.xml": re.compile(rb"<\w+:writeProtection\b[^>]*\b(?:hash|hashValue)=", re.DOTALL),
    "xl/workbook.xml": re.compile(rb"<(?:\w+:)?fileSharing\b[^>]*\b(?:reservationPassword|hashValue)=", re.DOTALL),
    "ppt/presentation.xml": re.compile(rb"<(?:\w+:)?modifyVerifier\b"),
}
"""The part that says it, and how: a password that is asked for on opening, but that reading does not need."""
_MOST_DECODED: Final = 24 << 20
_MOST_MEMBERS: Final = 10_000
_PIECE: Final = 256 << 10
_OBJECTS: Final = ("/embeddings/", "/activex/")
_LARGEST_OBJECT: Final = 4 << 20
_MACRO_FOLDERS = ("xl/macrosheets/", "basic/", "scripts/")


def inspect_zip(stream: BinaryIO, size: int, guess: str) -> Content:
    """Return what a zip file is; ``guess`` is the kind by its first bytes. All but office files are archives."""
    if not _is_bounded(stream, size):
        return Content(guess, ("incoming.damaged",) if guess != media.ZIP else ())
    try:
        with zipfile.ZipFile(stream) as archive:
            content = _office(archive)
            if content.media_type == media.ZIP:
                return content
            return content._replace(asks=tuple(sorted({*content.asks, *_of_parts(archive)})))
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
        for part, pattern in _WRITE_PASSWORDS.items():
            if part in names and pattern.search(_read(archive, names[part])):
                asks.append("incoming.write_password")
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


def _of_parts(archive: zipfile.ZipFile) -> set[str]:
    """Return what the parts show: whether they decode to their check sums, and which files are packed into them.

    Small parts come first: the text of a document is small, and its pictures may use up the limit. A part with a hole
    is decoded all the same.
    """
    found: set[str] = set()
    left = _MOST_DECODED
    parts = archive.infolist()
    if len(parts) > _MOST_MEMBERS:
        return found
    for part in sorted(parts, key=lambda one: one.file_size):
        name = part.filename.replace("\\", "/").lower()
        if not name.endswith("/") and is_program_inside(name):
            found.add("incoming.program_inside")
        if part.flag_bits & _ENCRYPTED:
            found.add("incoming.password")
            continue
        if name.endswith(".bin") and any(folder in f"/{name}" for folder in _OBJECTS):
            found |= _of_object(archive, part)
        try:
            left -= _decoded(archive, part, left)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):  # the last: an unknown compression
            found.add("incoming.damaged")
    return found


def _decoded(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Decode a part, and return how many bytes it made. zipfile compares the check sum at the end of a part."""
    most, made = left if part.file_size <= left else _hole_limit(archive, part), 0
    with archive.open(part) as content:  # the part's own header is compared with the directory
        while made < most and (piece := content.read(_PIECE)):
            made += len(piece)
        if most and not made and part.file_size:
            raise EOFError
    return made if part.file_size <= left else 0


def _hole_limit(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return how much of a part beyond the limit is decoded: nothing, unless there is a hole in its data."""
    stream = archive.fp
    if stream is None or part.compress_type == zipfile.ZIP_STORED or part.compress_size > _MOST_DECODED:
        return 0
    stream.seek(part.header_offset)
    return _MOST_DECODED if has_hole(stream.read(part.compress_size)) else 0


def _of_object(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> set[str]:
    import olefile

    if part.file_size > _LARGEST_OBJECT:
        return set()
    try:
        with archive.open(part) as content:
            return objects_in(olefile.OleFileIO(io.BytesIO(content.read(_LARGEST_OBJECT))))
    except MemoryError:  # not damage: the worker ends
        raise
    except Exception:  # olefile raises many kinds over hostile input
        return set()


_ENCRYPTED: Final = 1


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
