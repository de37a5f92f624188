"""Why a file is not the zip that dgdesk wrote: handled by another program, or damaged on the way, or tampered with.

The strict reader (`zip_read`) refuses all of them. This module only looks for the true cause, so that nobody is accused
for what a transfer did: bytes count as hidden only in a zip that is well-formed otherwise.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from dgdesk.bundle.archive.zip_write import (
    CENTRAL,
    CENTRAL_MAGIC,
    END,
    END_MAGIC,
    LOCAL,
    LOCAL_MAGIC,
    MAX16,
    MAX32,
)
from dgdesk.bundle.report import printable
from dgdesk.errors import CheckFailed

FAT32_MOST: Final = (4 << 30) - 1
"""Bytes: the largest file of a FAT32 drive."""
_SAMPLE: Final = 4 << 20
_HEAD: Final = 64 << 10
_LEAST_LINES: Final = 8
_CHUNK: Final = 1 << 20
_MOST_ENTRIES: Final = 20_000
_MOST_DIRECTORY: Final = 16 << 20

_NO_END: Final = frozenset(
    {"zip.not_zip", "zip.cut_short", "zip.trailing", "zip.comment", "zip.disks", "zip.large_lies"}
)
_HIDDEN: Final = frozenset({"zip.hidden", "zip.gap", "zip.leading"})
_REPACKED: Final = frozenset({"zip.extra", "zip.compressed", "zip.descriptor", "zip.foreign", "zip.comment"})
_KNOWN_EXTRA: Final = frozenset({0x0001, 0x000A, 0x000D, 0x5455, 0x5855, 0x7855, 0x7875, 0xCAFE, 0x9901})
"""Sizes, times and owners, as common programs write them; none of them gives a file another name or content."""
_HTML: Final = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_BASE64: Final = re.compile(rb"(\A|\n)\s*UEsDB[A-Za-z0-9+/\r\n]{11}")
_QUOTED: Final = re.compile(rb"(\A|\n)PK=03=04")
_ARCHIVES: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"(\xb5/\xfd", b"MSCF")
_AGE: Final = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")


def true_cause(stream: BinaryIO, length: int, error: CheckFailed) -> CheckFailed:
    """Return the reason to show for a file that the strict reader refused with ``error``.

    Raises:
        OSError: the file cannot be read.
    """
    code = error.code
    if code in _NO_END | _HIDDEN and (plain := _plain_cause(stream, length, code)):
        return CheckFailed(plain)
    if code not in _HIDDEN | _REPACKED:
        return error
    entries = _entries(stream, length)
    if code in _HIDDEN:
        if code == "zip.leading" and _read(stream, 0, 4) != LOCAL_MAGIC:
            return error  # something really stands before it, as in a self-extracting archive
        return error if entries is not None else CheckFailed("zip.changed")
    if entries is None:
        return error
    files = [one for one in entries if not one.name.endswith("/") and not one.name.startswith("__MACOSX/")]
    inner = [one for one in files if one.name.lower().endswith((".zip", ".zip.age"))]
    if inner and not any(_is_bag(one.name) for one in files):
        return CheckFailed("zip.wrapped", name=printable(inner[0].name))
    if not any(_is_bag(one.name) for one in files):
        return CheckFailed("zip.no_bag")
    if code == "zip.extra" and all(one.foreign and one.extras <= _KNOWN_EXTRA for one in entries):
        return CheckFailed("zip.repacked")
    return error


def _is_bag(name: str) -> bool:
    return name.rpartition("/")[2] in ("bagit.txt", "tagmanifest-sha256.txt")


def _plain_cause(stream: BinaryIO, length: int, code: str) -> str | None:
    """Return what the bytes say themselves, without any directory."""
    if not length:
        return "zip.empty"
    head = _read(stream, 0, _HEAD)
    if not head.strip(b"\0") and _is_zeros(stream, length):
        return "zip.zeros"
    begins = head.startswith(LOCAL_MAGIC)
    if begins and length == FAT32_MOST and code in ("zip.cut_short", "zip.trailing", "zip.not_zip"):
        return "zip.four_gib"
    if not begins and (kind := _kind(head)):
        return kind
    if begins and _lines_changed(stream, length):
        return "zip.line_ends"
    if code == "zip.trailing" and _is_padded(stream, length):
        return "zip.changed"
    if begins and code == "zip.cut_short" and not _read(stream, max(0, length - 512), 512).strip(b"\0"):
        return "zip.changed"
    return None


def _kind(head: bytes) -> str | None:
    text = head.decode("utf-16", "ignore").encode() if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    text = text.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(text):
        return "zip.html"
    if text.lstrip().startswith(_AGE):
        return "zip.sealed"
    if head.startswith(_ARCHIVES):
        return "zip.packed"
    return "zip.mail_text" if _BASE64.search(text) or _QUOTED.search(text) else None


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


def _is_padded(stream: BinaryIO, length: int) -> bool:
    """Return whether only blanks, line ends or zeros follow the zip."""
    start = max(0, length - MAX16 - END.size)
    tail = _read(stream, start, length - start)
    at = tail.rfind(END_MAGIC)
    return at >= 0 and not tail[at + END.size :].strip(b"\0 \t\r\n\x1a")


@dataclass(frozen=True)
class _Entry:
    """An entry as the directory names it; ``foreign``: its header is not as dgdesk writes it."""

    name: str
    foreign: bool
    extras: frozenset[int]


def _entries(stream: BinaryIO, length: int) -> tuple[_Entry, ...] | None:
    """Return the entries of a zip that is well-formed, in whatever form; None if it contradicts itself."""
    start = max(0, length - MAX16 - END.size)
    tail = _read(stream, start, length - start)
    at = tail.rfind(END_MAGIC)
    if at < 0 or at + END.size > len(tail):
        return None
    *_, count, size, offset, _ = END.unpack_from(tail, at)
    if count == MAX16 or MAX32 in (size, offset):
        return None  # ZIP64: only the strict reader reads it
    if count > _MOST_ENTRIES or size > _MOST_DIRECTORY or offset + size > length:
        return None
    directory = _read(stream, offset, size)
    found: list[_Entry] = []
    position = 0
    for _ in range(count):
        read = _entry(stream, directory, position)
        if read is None:
            return None
        one, position = read
        found.append(one)
    return tuple(found) if position == size else None


def _entry(stream: BinaryIO, directory: bytes, at: int) -> tuple[_Entry, int] | None:
    """Return the directory's entry at ``at`` and where the next begins; None if its local header is not there."""
    if at + CENTRAL.size > len(directory):
        return None
    facts: Sequence[int] = CENTRAL.unpack_from(directory, at)[1:]
    made, flags, method, time, date = facts[0], facts[2], facts[3], facts[4], facts[5]
    name_size, extra_size, note_size, mode, offset = facts[9], facts[10], facts[11], facts[14], facts[15]
    start = at + CENTRAL.size
    end = start + name_size + extra_size + note_size
    if directory[at : at + 4] != CENTRAL_MAGIC or end > len(directory):
        return None
    raw = directory[start : start + name_size]
    local = _read(stream, offset, LOCAL.size + name_size)
    if local[:4] != LOCAL_MAGIC or len(local) < LOCAL.size or local[LOCAL.size :] != raw:
        return None
    extras = _extra_ids(directory[start + name_size : start + name_size + extra_size])
    if extras is None:
        return None
    foreign = bool(extras - {1} or method or mode or time or date != (1 << 5) | 1 or flags & 8 or made >> 8)
    return _Entry(raw.decode("utf-8", "replace"), foreign, extras), end


def _extra_ids(extra: bytes) -> frozenset[int] | None:
    found = set()
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<2H", extra)
        if 4 + size > len(extra):
            return None
        found.add(kind)
        extra = extra[4 + size :]
    return frozenset(found)


def _read(stream: BinaryIO, offset: int, size: int) -> bytes:
    stream.seek(offset, os.SEEK_SET)
    return stream.read(size)
