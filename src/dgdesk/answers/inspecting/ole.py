"""Inspecting, OLE containers: older office files, newer ones under a password, installers.

Sources: MS-DOC 2.5.1 (FibBase), MS-XLS 2.4 (FILEPASS, BoundSheet8), MS-PPT 2.3.2 (CurrentUserAtom) and 2.4.11
(VBAInfoAtom), MS-OFFCRYPTO 2.3.2 (EncryptedPackage), MS-OVBA 2.2.1.
"""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

from dgdesk.answers import media
from dgdesk.answers.inspecting.endings import open_xml_kind
from dgdesk.answers.inspecting.finding import Content

_MOST_READ = 1 << 20
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
        asks |= _word(_read(ole, "WordDocument", 64))
    elif ole.exists("Workbook") or ole.exists("Book"):
        kind = media.XLS
        asks |= _excel(_read(ole, "Workbook" if ole.exists("Workbook") else "Book", _MOST_READ))
    elif ole.exists("PowerPoint Document"):
        kind = media.PPT
        current = _read(ole, "Current User", 64) if ole.exists("Current User") else b""
        if len(current) >= 16 and struct.unpack_from("<I", current, 12)[0] == _ENCRYPTED_PPT:
            asks.add("incoming.password")
        elif _has_slide_macros(_read(ole, "PowerPoint Document", _MOST_SLIDES_READ)):
            asks.add("incoming.macros")
    else:
        kind = media.OLE
    return Content(kind, tuple(sorted(asks)))


def _read(ole: Any, name: str, most: int) -> bytes:
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
