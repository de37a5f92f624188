"""What a file is by its bytes alone, when it is not the zip or the encrypted file that it should be.

Empty, zeros, a web page, a mail's text, another archive, a draft, a text; or a zip of which a transfer changed the line
ends, lost pieces or the end.
"""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from dgdesk.bundle.archive.zip_write import END, END_MAGIC, LOCAL_MAGIC, MAX16
from dgdesk.system.kinds import kind_of_head

FAT32_MOST: Final = (4 << 30) - 1
"""Bytes: the largest file of a FAT32 drive."""
_SAMPLE: Final = 4 << 20
_HEAD: Final = 64 << 10
_LEAST_LINES: Final = 8
_LEAST_SAMPLE: Final = 256 << 10
"""Bytes of a bundle in which a carriage return and a line feed meet by chance, so that none was taken out."""
_CHUNK: Final = 1 << 20
_PADDING: Final = b"\0\xff \t\r\n\x1a"
"""Bytes with which drives and transfers fill up: erased flash memory reads as FF."""

_HTML: Final = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_BASE64: Final = re.compile(rb"(?:\A|\n|;base64,)\s*(?:UEsDB[A-Za-z0-9+/_\r\n-]{11}|YWdlLWVuY3J5cHRpb24ub3Jn)")
_QUOTED: Final = re.compile(rb"(\A|\n)PK=03=04")
_ARCHIVES: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"(\xb5/\xfd", b"MSCF")
_UUENCODED: Final = re.compile(rb"(?:\A|\n)begin(?:-base64)? [0-7]{3,4} [^\r\n]+\r?\n(?:M4\$L#|UEsDB)")
AGE: Final = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_TAR: Final = slice(257, 262)


def cause_of_zip(stream: BinaryIO, length: int, code: str) -> str | None:
    """Return why a file has no sound end of a zip, or bytes that do not belong to it; None if its bytes do not say it.

    ``code`` is the reason for which the strict reader refused it.

    Raises:
        OSError: the file cannot be read.
    """
    if found := cause_of_other(stream, length):
        return found
    head = _read(stream, 0, _HEAD)
    begins = head.startswith(LOCAL_MAGIC)
    if LOCAL_MAGIC.startswith(head):
        return "zip.cut_short"
    if begins and length == FAT32_MOST and code in ("zip.cut_short", "zip.trailing", "zip.not_zip"):
        return "zip.four_gib"
    if begins and _lines_changed(stream, length):
        return "zip.line_ends"
    if code == "zip.trailing" and _is_padded(stream, length):
        return "zip.changed"
    if code != "zip.cut_short":
        return None
    if begins and not _read(stream, max(0, length - 512), 512).strip(b"\0"):
        return "zip.changed"
    if _read(stream, length - END.size, 4) == END_MAGIC:  # the end is there, so what is missing is before it
        return "zip.line_ends" if begins and _returns_lost(stream, length) else "zip.lost"
    return None


def cause_of_other(stream: BinaryIO, length: int) -> str | None:
    """Return what a file is that is neither a zip nor encrypted as it should be; None if that is not known.

    Raises:
        OSError: the file cannot be read.
    """
    if not length:
        return "zip.empty"
    head = _read(stream, 0, _HEAD)
    if not head.strip(b"\0") and _is_zeros(stream, length):
        return "zip.zeros"
    if not head.strip(b"\xff"):
        return "zip.changed"  # as an erased flash drive reads
    if head.startswith(LOCAL_MAGIC) or LOCAL_MAGIC.startswith(head):
        return None
    return _kind(head) or ("zip.is_text" if length <= _HEAD and _is_text(head) else None)


def _kind(head: bytes) -> str | None:
    text = head.decode("utf-16", "ignore").encode() if head.startswith(_UTF16) else head
    text = text.removeprefix(b"\xef\xbb\xbf")
    if text != head and text.startswith((LOCAL_MAGIC, *AGE)):
        return "zip.changed"  # an editor saved it as text
    if _HTML.match(text):
        return "zip.html"
    if text.lstrip().startswith(AGE):
        return "zip.sealed"
    if is_archive(head):
        return "zip.packed"
    if any(one.search(text) for one in (_BASE64, _QUOTED, _UUENCODED)) or AGE[1] in text:
        return "zip.mail_text"
    return "zip.is_draft" if kind_of_head(head) == "draft" else None


def is_archive(head: bytes) -> bool:
    """Return whether a file is an archive of another kind than zip."""
    return head.startswith(_ARCHIVES) or head[_TAR] == b"ustar"


def _is_text(content: bytes) -> bool:
    return bool(content.strip()) and kind_of_head(content) in ("text", "csv", "json")


def _is_zeros(stream: BinaryIO, length: int) -> bool:
    stream.seek(0)
    return all(not stream.read(_CHUNK).strip(b"\0") for _ in range(0, length, _CHUNK))


def _lines_changed(stream: BinaryIO, length: int) -> bool:
    """Return whether each line feed has a carriage return before it, as after a transfer in text mode.

    In a bundle's own bytes this cannot be: its lists have plain line feeds.
    """
    sample = _read(stream, 0, min(length, _SAMPLE))
    lines = sample.count(b"\n")
    return lines >= _LEAST_LINES and sample.count(b"\r\n") == lines


def _returns_lost(stream: BinaryIO, length: int) -> bool:
    """Return whether a transfer in text mode has taken the carriage returns before line feeds out of a large file."""
    if length < _LEAST_SAMPLE:
        return False
    return b"\r\n" not in _read(stream, 0, min(length, _SAMPLE))


def _is_padded(stream: BinaryIO, length: int) -> bool:
    """Return whether only what fills up follows the zip."""
    start = max(0, length - MAX16 - END.size)
    tail = _read(stream, start, length - start)
    at = tail.rfind(END_MAGIC)
    return at >= 0 and not tail[at + END.size :].strip(_PADDING)


def _read(stream: BinaryIO, offset: int, size: int) -> bytes:
    stream.seek(max(0, offset))
    return stream.read(size)
