"""Characters that are never seen: joiners, marks of a writing direction, soft hyphens, selectors of a variant.

They come along when text is copied from a web page or a chat ("✔️" is a check mark and U+FE0F), and mean nothing on
paper. What changes the order of the letters that follow (U+202A to U+202E, U+2066 to U+2069) is not among them: it is
printed as its code, so that nobody is misled.
"""

from __future__ import annotations

import re
from typing import Final

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)


def visible(text: str) -> str:
    """``text`` without the characters that are never seen."""
    return text if text.isascii() else _INVISIBLE.sub("", text)
