"""The Thai letters by their function: the table that the grammar, the normalising and the line breaks share.

The classes follow WTT 2.0 (the input rules of the Thai API Consortium) as amended in practice: SARA AM is a class
of its own that needs a consonant, NIKHAHIT has the position of a vowel.
"""

from __future__ import annotations

import re
from typing import Final

CONSONANTS: Final = "".join(map(chr, range(0x0E01, 0x0E2F)))  # ก-ฮ with ฤ and ฦ
LEADING: Final = "เแโใไ"  # written before the consonant they belong to
VOWEL_SIGNS: Final = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e4d"  # above and below, one per base
TONES: Final = "\u0e48\u0e49\u0e4a\u0e4b"
FINAL_SIGNS: Final = TONES + "\u0e4c\u0e4e"  # after the vowel sign: tone, silencer or yamakkan, one per base
MARKS: Final = VOWEL_SIGNS + FINAL_SIGNS  # everything written above or below a consonant
FOLLOWING: Final = "ะาำๅ"  # written after the consonant, on the line

SARA_AA: Final = "า"
SARA_AM: Final = "ำ"
NIKHAHIT: Final = "\u0e4d"
MAITAIKHU: Final = "\u0e47"
THANTHAKHAT: Final = "\u0e4c"
SILENCED_VOWELS: Final = "\u0e34\u0e38"  # only these are silenced together with their consonant: สิทธิ์, พันธุ์

ZERO_WIDTH_SPACE: Final = "\u200b"

# A break before one of these, or after a leading vowel, would divide a cluster.
NEVER_FIRST: Final = MARKS + FOLLOWING + "ๆฯ"
THAI_RUN: Final = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")  # letters and marks; not digits, not ฿


def tears(text: str, at: int) -> bool:
    """Whether cutting ``text`` at ``at`` would divide a cluster, or separate ๆ or ฯ from its word."""
    return 0 < at < len(text) and (text[at] in NEVER_FIRST or text[at - 1] in LEADING)
