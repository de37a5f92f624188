"""Reads the text of other programs' files: UTF-8, UTF-16 as PowerShell and Notepad write it, the Thai code page.

A guess between UTF-8 and the code page is safe for Thai: no text of more than a few letters is both.
"""

from __future__ import annotations

import re
from typing import Final

from dgdesk.text.clusters import MARKS, SARA_AM

_MARKS_16: Final = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 200
_THAI = "cp874"
_BLOCK: Final = b"\x0e"
_LONE_MARK = re.compile(f"(^|[^\u0e01-\u0e5b])[{MARKS}{SARA_AM}]")
"""Without a letter under it: bytes of another code page, such as the é of a Western one."""


def decode_text(content: bytes) -> str:
    """Return the text of a file in UTF-8 or UTF-16, with or without a byte order mark, or in cp874.

    Raises:
        ValueError: it is in none of these, or no text.
    """
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not (encoding == _THAI and _LONE_MARK.search(text)):
            return text
    raise ValueError("not a text")


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith(_MARKS_16):
        return ("utf-16",)
    begin = content[:_LOOKED_AT]
    if b"\x00" in begin:
        # The zeros of ASCII letters and separators come second in one byte order, first in the other.
        little = begin[1::2].count(0) >= begin[0::2].count(0)
        return ("utf-16-le" if little else "utf-16-be",)
    # Thai letters in UTF-16 have no zero: every second byte is the number of their block.
    for encoding, high in (("utf-16-le", begin[1::2]), ("utf-16-be", begin[0::2])):
        if high and not high.strip(_BLOCK) and len(content) % 2 == 0:
            return (encoding,)
    return "utf-8-sig", _THAI
