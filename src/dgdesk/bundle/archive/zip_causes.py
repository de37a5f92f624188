"""Why a file is not the zip that dgdesk wrote: handled by another program, or damaged on the way, or tampered with.

The strict reader (`zip_read`) refuses all of them. This module only looks for the true cause, so that nobody is accused
for what a transfer did: bytes count as hidden, and a contradiction as made, only in a zip that is in order otherwise
(`zip_layout`).
"""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from dgdesk.bundle.archive.zip_layout import Layout, end_of_whole_zip, is_repeated, read_at, read_layout
from dgdesk.bundle.archive.zip_write import END, END_MAGIC, LOCAL_MAGIC, MAX16, MAX32
from dgdesk.bundle.report import printable
from dgdesk.errors import CheckFailed

FAT32_MOST: Final = (4 << 30) - 1
"""Bytes: the largest file of a FAT32 drive."""
_SAMPLE: Final = 4 << 20
_HEAD: Final = 64 << 10
_LEAST_LINES: Final = 8
_CHUNK: Final = 1 << 20

_NO_END: Final = frozenset(
    {"zip.not_zip", "zip.cut_short", "zip.trailing", "zip.comment", "zip.disks", "zip.large_lies"}
)
_HIDDEN: Final = frozenset({"zip.hidden", "zip.gap", "zip.leading"})
_REPACKED: Final = frozenset({"zip.extra", "zip.compressed", "zip.descriptor", "zip.foreign", "zip.comment"})
_AT_ODDS: Final = frozenset(
    {"zip.headers_differ", "zip.past_end", "zip.sizes_differ", "zip.link", "zip.encrypted", *_REPACKED}
)
_ACCUSING: Final = _AT_ODDS | _HIDDEN | {"zip.trailing", "zip.overlap", "zip.count", "zip.disks", "zip.large_lies"}
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
    if code == "zip.damaged":
        return CheckFailed("zip.changed")
    if code not in _ACCUSING:
        return error
    layout = read_layout(stream, length)
    if not _stands(stream, length, code, layout):
        return CheckFailed("zip.changed")
    return _handled_by_others(error, layout) if code in _REPACKED and layout is not None else error


def _stands(stream: BinaryIO, length: int, code: str, layout: Layout | None) -> bool:
    """Return whether somebody must have made what ``code`` says, since everything else in the zip is in order."""
    if code in ("zip.disks", "zip.count"):
        *_, here, count, _, _, _ = END.unpack(read_at(stream, length - END.size, END.size))
        return bool(here and count)
    if code == "zip.large_lies":
        return (
            length < MAX32
        )  # only a larger bundle has these records; in a smaller one nobody but a forger writes them
    if code == "zip.trailing":
        end = end_of_whole_zip(stream, length)
        return end is not None and not is_repeated(stream, end, length, 0, end)
    if code == "zip.leading" and read_at(stream, 0, 4) != LOCAL_MAGIC and (layout is None or layout.at_odds):
        return _really_in_front(stream, length)
    if layout is None or not layout.entries:
        return False
    if code == "zip.overlap":
        return len(layout.at_odds) != 1 or layout.at_odds[0].altered
    if code in _HIDDEN:
        return not layout.at_odds and not _doubled(stream, length, layout)
    odd = layout.at_odds
    return not odd or (len(odd) == 1 and odd[0].altered)


def _really_in_front(stream: BinaryIO, length: int) -> bool:
    *_, size, offset, _ = END.unpack(read_at(stream, length - END.size, END.size))
    before = length - END.size - size - offset
    moved = read_layout(stream, length, before) if before > 0 else None
    if moved is None or not moved.entries or moved.at_odds:
        return False
    return not is_repeated(stream, 0, before, before, length)


def _doubled(stream: BinaryIO, length: int, layout: Layout) -> bool:
    """Return whether the bytes between the directory and the last end record came from the zip itself."""
    last = length - END.size
    if layout.end >= last:
        return False  # the bytes stand elsewhere, and the directory was written with them
    own = layout.end
    if read_at(stream, own, END.size) == read_at(stream, last, END.size):
        own += END.size
        last = length
    return is_repeated(stream, own, last, 0, own)


def _handled_by_others(error: CheckFailed, layout: Layout) -> CheckFailed:
    entries = layout.entries
    files = [one for one in entries if not one.name.endswith("/") and not one.name.startswith("__MACOSX/")]
    inner = [one for one in files if one.name.lower().endswith((".zip", ".zip.age"))]
    if inner and not any(_is_bag(one.name) for one in files):
        return CheckFailed("zip.wrapped", name=printable(inner[0].name))
    if not any(_is_bag(one.name) for one in files):
        return CheckFailed("zip.no_bag")
    if error.code == "zip.extra" and all(one.foreign and one.extras <= _KNOWN_EXTRA for one in entries):
        return CheckFailed("zip.repacked")
    return error


def _is_bag(name: str) -> bool:
    return name.rpartition("/")[2] in ("bagit.txt", "tagmanifest-sha256.txt")


def _plain_cause(stream: BinaryIO, length: int, code: str) -> str | None:
    """Return what the bytes say themselves, without any directory."""
    if not length:
        return "zip.empty"
    head = read_at(stream, 0, _HEAD)
    if not head.strip(b"\0") and _is_zeros(stream, length):
        return "zip.zeros"
    if not head.strip(b"\xff"):
        return "zip.changed"  # as an erased flash drive reads
    begins = head.startswith(LOCAL_MAGIC)
    if begins and length == FAT32_MOST and code in ("zip.cut_short", "zip.trailing", "zip.not_zip"):
        return "zip.four_gib"
    if not begins and (kind := _kind(head)):
        return kind
    if begins and _lines_changed(stream, length):
        return "zip.line_ends"
    if code == "zip.trailing" and _is_padded(stream, length):
        return "zip.changed"
    if begins and code == "zip.cut_short" and not read_at(stream, max(0, length - 512), 512).strip(b"\0"):
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
    sample = read_at(stream, 0, min(length, _SAMPLE))
    lines = sample.count(b"\n")
    return lines >= _LEAST_LINES and sample.count(b"\r\n") == lines


def _is_padded(stream: BinaryIO, length: int) -> bool:
    """Return whether only blanks, line ends or zeros follow the zip."""
    start = max(0, length - MAX16 - END.size)
    tail = read_at(stream, start, length - start)
    at = tail.rfind(END_MAGIC)
    return at >= 0 and not tail[at + END.size :].strip(b"\0 \t\r\n\x1a")
