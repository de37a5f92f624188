"""Tells whether a PDF ends within an update.

A program that changes a PDF may leave it as it is and append what is new, with a table and an end mark of its own (PDF
32000-1:2008, 7.5.6). If the transfer stops within that, readers use the end mark before it and show, without a word,
the document as it was before the update.
"""

from __future__ import annotations

import re
from typing import BinaryIO, Final

_MARK: Final = b"%%EOF"
_APPENDED: Final = re.compile(
    rb"(?:\A|[\s>])\d{1,10}\s+\d{1,5}\s+obj\b"  # an object
    rb"|(?:\A|[\r\n])\s*(?:xref|trailer|startxref)\b"
    rb"|\A\s*\d{1,10}\s+\d{1,5}(?:\s+o?b?)?\Z"  # the beginning of an object
)
_END: Final = re.compile(rb"(?:\A|\s)startxref\s+(\d{1,12})(\s*)%{0,2}E?O?\s*\Z")
_TABLE: Final = re.compile(rb"\s*(?:xref\b|\d{1,10}\s+\d{1,5}\s+obj\b)")
_HEAD: Final = 64
_PADDING: Final = b"\0"


def ends_in_an_update(stream: BinaryIO, tail: bytes) -> bool:
    """Tell whether objects or a table follow the last end mark without another; ``tail``: the last bytes of the file.

    Anything else after it (ends of lines, zeros, the footer of a mail) is no update. One whose end mark alone is
    incomplete is whole for every reader.
    """
    at = tail.rfind(_MARK)
    if at < 0:
        return False
    after = tail[at + len(_MARK) :].rstrip(_PADDING)
    if not _APPENDED.search(after):
        return False
    end = _END.search(after)
    if end is None:
        return True
    stream.seek(int(end[1]))
    return not _TABLE.match(stream.read(_HEAD))
