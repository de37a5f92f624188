"""Normalises what a person typed or pasted, to be stored and to be searched.

No typing order is refused: Thai looks the same in several typing orders, so the order is made canonical, and no visible
character is lost.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dgdesk.system.patterns import late
from dgdesk.text.clusters import CONSONANTS, FINAL_SIGNS, MARKS, NIKHAHIT, SARA_AA, SARA_AM, TONES

_CLUSTER: Final = late(f"([{CONSONANTS}])([{MARKS}]*)([ะาำ]?)([{MARKS}]*)")
_ODD: Final = late("[^\n -~\u0e01-\u0e3a\u0e3f-\u0e5b]")
_LINE_END: Final = late("\r\n|[\r\v\f\x85\u2028\u2029]")
_ARABIC: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

# Old Thai fonts, and PDF files made with them, have shifted shapes of the same letters in the private use area
# (the table of Windows fonts, as HarfBuzz documents it): ฐ and ญ without foot, marks moved left, tones lowered.
_SHIFTED: Final[dict[int, str]] = dict(
    zip(
        (*range(0xF700, 0xF71B),),
        "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e0d"
        "\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)


def tidy(text: str) -> str:
    """``text`` as it is stored: NFC, Thai in canonical order, only visible characters, spaces and line feeds.

    Sara am typed in parts is joined, two เ become แ, marks are ordered vowel, tone; invisible and control characters
    are removed, every kind of space becomes U+0020, spaces at the ends of lines and of the text are removed. A lone
    surrogate, which no file can hold, becomes U+FFFD. ``tidy(tidy(x)) == tidy(x)``; no visible character is lost.
    """
    text = _LINE_END.sub("\n", text)
    text = _ODD.sub(_character, text)
    text = unicodedata.normalize("NFC", text).replace("เเ", "แ")
    text = unicodedata.normalize("NFC", _CLUSTER.sub(_cluster, text))
    return "\n".join(line.rstrip(" ") for line in text.split("\n")).strip(" \n")


def fold(text: str) -> str:
    """``text`` as it is searched: tidied, without case and without white space, its digits Arabic."""
    if text.isascii() and text.isprintable():  # nothing of it to be tidied
        return "".join(text.casefold().split())
    bare = "".join(tidy(text).translate(_ARABIC).casefold().split())
    return tidy(bare)


def _character(match: re.Match[str]) -> str:
    char: str = match.group()
    category = unicodedata.category(char)
    if category == "Zs" or char == "\t":
        return " "
    if category in ("Cf", "Cc") or char == "\u034f":
        return ""
    if category == "Cs":
        return "\ufffd"
    return _SHIFTED.get(ord(char), char)


def _cluster(match: re.Match[str]) -> str:
    base, marks, vowel, late = match.groups()
    if vowel and late and not late.strip(TONES) and (vowel == SARA_AM or not _toned(marks)):
        marks, late = marks + late, ""  # the tone was typed after the vowel on the line
    if vowel == SARA_AA and marks.count(NIKHAHIT) == 1 and not marks.replace(NIKHAHIT, "").strip(TONES):
        marks, vowel = marks.replace(NIKHAHIT, ""), SARA_AM
    return f"{base}{_ordered(marks)}{vowel}{_ordered(late)}"


def _toned(marks: str) -> bool:
    return any(mark in TONES for mark in marks)


def _ordered(marks: str) -> str:
    """Vowel signs before tones and silencers; otherwise as typed."""
    return "".join(sorted(marks, key=lambda mark: mark in FINAL_SIGNS))
