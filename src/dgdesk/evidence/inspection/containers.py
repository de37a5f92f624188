"""Containers: OLE (older office files, installers) and zip (newer office files, OpenDocument, other archives).

Sources: MS-DOC 2.5.1 (FibBase), MS-XLS 2.4 (FILEPASS, BoundSheet8), MS-PPT 2.3.2 (CurrentUserAtom) and 2.4.11
(VBAInfoAtom), MS-OFFCRYPTO 2.3.2 (EncryptedPackage), MS-OVBA 2.2.1.

Reads only the directory at the end and at most 1 MiB of two small entries; nothing is unpacked to disk.
"""

from __future__ import annotations

import struct
import zipfile
from typing import Any, BinaryIO

from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import open_xml_kind
from dgdesk.evidence.inspection.issue import Content

_MOST_OLE_READ = 1 << 20
_MOST_SLIDES_READ = 16 << 20
_MOST_RECORDS = 20_000
# Class ids of installer packages, patches and transforms.
_INSTALLERS = frozenset(f"000C108{digit}-0000-0000-C000-000000000046" for digit in "246")
_ENCRYPTED_DOC = 0x0100
_ENCRYPTED_PPT = 0xF3D1C4DF
_FILEPASS = 0x002F
_BOUND_SHEET = 0x0085
_END_OF_GLOBALS = 0x000A
_VBA_INFO = bytes.fromhex("020000040c000000")
_VBA_STREAMS = frozenset({"_vba_project", "_vba_project_cur", "vba", "macros"})


def inspect_ole(stream: BinaryIO, name: str) -> Content:
    """Return what an OLE file is; ``name`` is used only if a password hides the content."""
    try:
        import olefile

        # No close(): it closes only files that it opened itself, not a stream passed to it.
        return _content(olefile.OleFileIO(stream), name)
    except MemoryError:  # not damage: the worker ends
        raise
    except Exception:  # olefile raises many kinds over hostile input
        return Content(media.OLE, ("incoming.damaged",))


def _content(ole: Any, name: str) -> Content:
    if str(ole.root.clsid).upper() in _INSTALLERS:
        return Content(media.PROGRAM)
    if ole.exists("EncryptedPackage"):
        return Content(open_xml_kind(name) or media.OLE, ("incoming.password",))
    asks = set()
    if any(part.lower() in _VBA_STREAMS for path in ole.listdir(streams=True, storages=True) for part in path):
        asks.add("incoming.macros")
    if ole.exists("WordDocument"):
        kind = media.DOC
        asks |= _word(_read_ole(ole, "WordDocument", 64))
    elif ole.exists("Workbook") or ole.exists("Book"):
        kind = media.XLS
        asks |= _excel(_read_ole(ole, "Workbook" if ole.exists("Workbook") else "Book", _MOST_OLE_READ))
    elif ole.exists("PowerPoint Document"):
        kind = media.PPT
        current = _read_ole(ole, "Current User", 64) if ole.exists("Current User") else b""
        if len(current) >= 16 and struct.unpack_from("<I", current, 12)[0] == _ENCRYPTED_PPT:
            asks.add("incoming.password")
        elif _has_slide_macros(_read_ole(ole, "PowerPoint Document", _MOST_SLIDES_READ)):
            asks.add("incoming.macros")
    else:
        kind = media.OLE
    return Content(kind, tuple(sorted(asks)))


def _read_ole(ole: Any, name: str, most: int) -> bytes:
    with ole.openstream(name) as part:
        content: bytes = part.read(most)
        return content


def _word(head: bytes) -> set[str]:
    if len(head) < 12:
        return {"incoming.damaged"}
    return {"incoming.password"} if struct.unpack_from("<H", head, 10)[0] & _ENCRYPTED_DOC else set()


def _excel(book: bytes) -> set[str]:
    """Read the records before the first sheet: return codes for a password, or for sheets of Excel 4 macros."""
    found = set()
    at = 0
    for _ in range(_MOST_RECORDS):
        if at + 4 > len(book):
            break
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == _FILEPASS:
            found.add("incoming.password")
        if kind == _BOUND_SHEET and length > 5 and book[at + 9 : at + 10] == b"\x01":
            found.add("incoming.macros")
        if kind == _END_OF_GLOBALS:
            break
        at += 4 + length
    return found if book else {"incoming.damaged"}


def _has_slide_macros(slides: bytes) -> bool:
    """Tell whether a VBAInfoAtom reports macros; every saved state of the slides has its own."""
    return any(rest[4:8] == b"\x01\x00\x00\x00" for rest in slides.split(_VBA_INFO)[1:])


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
