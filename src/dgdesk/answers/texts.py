"""Whether bytes are text: UTF-8, UTF-16 with its mark, or the old Thai code pages (TIS-620, Windows-874)."""

from __future__ import annotations

import codecs
from unicodedata import category

# Windows-874: TIS-620 with the euro sign, dots, quotes and dashes, and the no-break space.
_THAI_PAGE = frozenset({*range(0xA0, 0xDB), *range(0xDF, 0xFC), 0x80, 0x85, *range(0x91, 0x98)})
_LINES = frozenset(b"\t\n\r\f")
_ASCII = frozenset(range(0x20, 0x7F)) | _LINES
# Control characters of old programs: end of file (DOS), backspace, escape, vertical tab.
_TOLERATED = frozenset({0x08, 0x0B, 0x1A, 0x1B})
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def is_text(head: bytes, *, whole: bool) -> bool:
    """Tell whether ``head`` is the beginning of a text; ``whole``: nothing follows it."""
    if not head:
        return False
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _is_utf16(head[2:], encoding, whole)
    return _is_utf8(head, whole) or _is_thai_page(head)


def _is_utf16(body: bytes, encoding: str, whole: bool) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(body, final=whole)
    except UnicodeDecodeError:
        return False
    # Many other files begin with the two bytes of a byte-order mark; letters that nobody uses show that.
    return bool(text) and all(category(sign) not in ("Cn", "Co", "Cc") or ord(sign) in _LINES for sign in text)


def _is_utf8(head: bytes, whole: bool) -> bool:
    try:
        # The last character may be incomplete because the head ends there.
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return b"\x00" not in head


def _is_thai_page(head: bytes) -> bool:
    signs = set(head)
    return signs <= _THAI_PAGE | _ASCII | _TOLERATED and bool(signs & _ASCII or len(signs) > 1)
