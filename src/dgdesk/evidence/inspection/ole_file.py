"""OLE files: older office files, installers, encrypted packages.

Sources: MS-DOC 2.5.1 (FibBase), MS-XLS 2.4 (FILEPASS, FileSharing, BoundSheet8), MS-PPT 2.3.2 (CurrentUserAtom) and
2.4.11 (VBAInfoAtom), MS-OFFCRYPTO 2.3.2 (EncryptedPackage), MS-OVBA 2.2.1, MS-CFB 2.3 (sectors), MS-OLEDS 2.3.6
(OLENativeStream).

Nothing is unpacked to disk. An OLE file has no check sums; its chains of sectors are followed.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import is_program_inside, open_xml_kind
from dgdesk.evidence.inspection.issue import Content

_MOST_OLE_READ = 1 << 20
_MOST_SLIDES_READ = 16 << 20
_MOST_RECORDS = 20_000
# Class ids of installer packages, patches and transforms.
_INSTALLERS = frozenset(f"000C108{digit}-0000-0000-C000-000000000046" for digit in "246")
_ENCRYPTED_DOC = 0x0100
_ENCRYPTED_PPT = 0xF3D1C4DF
_FILEPASS = 0x002F
_FILE_SHARING = 0x005B
_BOUND_SHEET = 0x0085
_END_OF_GLOBALS = 0x000A
_VBA_INFO = bytes.fromhex("020000040c000000")
_VBA_STREAMS = frozenset({"_vba_project", "_vba_project_cur", "vba", "macros"})


def inspect_ole(stream: BinaryIO, name: str) -> Content:
    """Return what an OLE file is; ``name`` is used only if a password hides the content."""
    try:
        import olefile

        # No close(): it closes only files that it opened itself, not a stream passed to it.
        ole = olefile.OleFileIO(stream)
        content = _content(ole, name)
        if not _is_whole(ole, stream):
            return content._replace(asks=tuple(sorted({*content.asks, "incoming.damaged"})))
        return content
    except MemoryError:  # not damage: the worker ends
        raise
    except Exception:  # olefile raises many kinds over hostile input
        return Content(media.OLE, ("incoming.damaged",))


_FREE: Final = 0xFFFFFFFF
_LAST: Final = 0xFFFFFFFA
"""From here on the values of a chain are no sectors."""
_TABLE: Final = 0xFFFFFFFD
_TABLES_AT: Final = 76
_TABLES: Final = 109
_STREAM_ENTRY: Final = 2
_MOST_SECTORS: Final = 1 << 20


def _tables(stream: BinaryIO) -> list[int]:
    """Return the first sectors that hold the table of sectors; each of them is entered in the table itself."""
    stream.seek(_TABLES_AT)
    head = stream.read(4 * _TABLES)
    return [one for (one,) in struct.iter_unpack("<I", head[: len(head) // 4 * 4]) if one < _LAST]


def _is_whole(ole: Any, stream: BinaryIO) -> bool:
    """Tell whether the file has its last sector, and the chain of every large stream the length that is stated.

    Some programs write only the used part of the last sector.
    """
    size = stream.seek(0, 2)
    for sector in _tables(stream):
        if (sector + 2) * ole.sector_size > size or sector >= len(ole.fat) or ole.fat[sector] != _TABLE:
            return False
    if any(len(ole.fat) <= following < _LAST for following in ole.fat):
        return False
    last = next((at for at in range(len(ole.fat) - 1, -1, -1) if ole.fat[at] != _FREE), 0)
    if size <= (last + 1) * ole.sector_size:
        return False
    left = _MOST_SECTORS
    for entry in ole.direntries:
        if entry is None or entry.entry_type != _STREAM_ENTRY or entry.size < ole.minisectorcutoff:
            continue
        wanted, at, count = -(-entry.size // ole.sector_size), entry.isectStart, 0
        while at < _LAST and at < len(ole.fat) and count <= wanted and left > 0:
            at, count, left = ole.fat[at], count + 1, left - 1
        if left > 0 and count < wanted:
            return False
    return True


def _content(ole: Any, name: str) -> Content:
    if str(ole.root.clsid).upper() in _INSTALLERS:
        return Content(media.PROGRAM)
    if ole.exists("EncryptedPackage"):
        kind = open_xml_kind(name) or media.OLE
        return Content(kind, (_package_password(ole, kind),))
    asks = objects_in(ole)
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


def _package_password(ole: Any, kind: str) -> str:
    from dgdesk.evidence.inspection.standard_password import opens_package

    info = _read_ole(ole, "EncryptionInfo", _MOST_OLE_READ) if ole.exists("EncryptionInfo") else b""
    return "incoming.standard_password" if opens_package(info, kind) else "incoming.password"


_PACKAGE: Final = "\x01Ole10Native"
_MOST_LABEL: Final = 1 << 10


def objects_in(ole: Any) -> set[str]:
    """Return the codes for files that are packed into the document as objects: a program, or any other file."""
    asks = set()
    for path in ole.listdir(streams=True, storages=False):
        if path[-1] == _PACKAGE:
            asks.add("incoming.program_inside" if _is_program(_read_ole(ole, path, media.HEAD)) else _FILES)
    return asks


_FILES: Final = "incoming.files_inside"


def _is_program(package: bytes) -> bool:
    """Tell it by the name and the first bytes: length and flags, then label and path, each with a zero at its end."""
    label, _, rest = package[6 : 6 + _MOST_LABEL].partition(b"\0")
    path = rest.partition(b"\0")[0]
    return any(is_program_inside(one.decode("cp874", "replace")) for one in (label, path)) or b"\0MZ" in package


def _read_ole(ole: Any, name: str | Sequence[str], most: int) -> bytes:
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
            from dgdesk.evidence.inspection.standard_password import opens_book

            opens = opens_book(book[at + 4 : at + 4 + length])
            found.add("incoming.standard_password" if opens else "incoming.password")
        if kind == _FILE_SHARING and length > 4 and book[at + 6 : at + 8] != b"\0\0":
            found.add("incoming.write_password")
        if kind == _BOUND_SHEET and length > 5 and book[at + 9 : at + 10] == b"\x01":
            found.add("incoming.macros")
        if kind == _END_OF_GLOBALS:
            break
        at += 4 + length
    return found if book else {"incoming.damaged"}


def _has_slide_macros(slides: bytes) -> bool:
    """Tell whether a VBAInfoAtom reports macros; every saved state of the slides has its own."""
    return any(rest[4:8] == b"\x01\x00\x00\x00" for rest in slides.split(_VBA_INFO)[1:])
